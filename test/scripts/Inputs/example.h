// What the examples of docs/checks/*.md take for granted.
#include <coroutine>
#include <map>
#include <mutex>
#include <string>
#include <utility>

template <typename T> struct task_result {
  void return_value(T) {}
};
template <> struct task_result<void> {
  void return_void() {}
};
template <typename T> struct [[nodiscard]] task {
  struct promise_type : task_result<T> {
    task get_return_object() { return {}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void unhandled_exception() {}
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};

inline std::mutex mutex;
inline std::map<std::string, double> prices;
task<double> fetch(std::string symbol);

struct request {
  std::string name;
};
struct user {};
task<user> find_user(const request &);
task<void> reply(const request &, const user &);
task<void> write_all();
void log(const char *, const user &);
void log(const std::string &, double, unsigned long);

struct span {
  explicit span(std::string);
};
inline thread_local const span *current_span;
struct span_scope {
  explicit span_scope(const span &entered) : previous(current_span) {
    current_span = &entered;
  }
  ~span_scope() { current_span = previous; }
  const span *previous;
};
inline const span startup("startup");

struct async_mutex {
  struct lock {
    ~lock() { owner->unlock(); }
    async_mutex *owner;
  };
  task<lock> scoped_lock();
  void unlock();
};

struct counters {
  unsigned long asked = 0;
  unsigned long answered = 0;
};
inline counters &counters_of_this_thread() {
  thread_local counters own;
  return own;
}

// Last, so that the lines above keep their numbers.
#include <exception>
#include <future>
#include <stdexcept>
#include <string_view>
#include <vector>

std::string read_text();
