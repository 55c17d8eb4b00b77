// What the examples of docs/checks/*.md take for granted.
#include <condition_variable>
#include <coroutine>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

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

template <typename T> class counted {
public:
  explicit counted(T *object) : object(object), count(new int(1)) {}
  counted(const counted &other) : object(other.object), count(other.count) {
    ++*count;
  }
  counted(counted &&other)
      : object(std::exchange(other.object, nullptr)),
        count(std::exchange(other.count, nullptr)) {}
  ~counted() {
    if (count && --*count == 0) {
      delete object;
      delete count;
    }
  }
  T *operator->() const { return object; }

private:
  T *object;
  int *count;
};
struct engine {
  int id = 0;
  void run();
};
extern "C" {
struct lua_State;
lua_State *luaL_newstate(void);
void lua_close(lua_State *);
void lua_run(lua_State *);
}
void show_id(int);
void blocking_lookup();
namespace boost::python {
struct error_already_set {};
void import_everything();
} // namespace boost::python

class pool {
public:
  pool() : thread([this] { work(); }) {}
  void post(std::function<void()> job) {
    std::lock_guard lock(mutex);
    jobs.push_back(std::move(job));
    ready.notify_one();
  }
  struct awaiter {
    pool *on;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> h) { on->post(h); }
    void await_resume() {}
  };
  awaiter schedule() { return {this}; }

private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex);
      ready.wait(lock, [this] { return !jobs.empty(); });
      auto job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job();
    }
  }
  std::mutex mutex;
  std::condition_variable ready;
  std::deque<std::function<void()>> jobs;
  std::thread thread;
};

std::string read_text();
// A project's own channel: push() returns as soon as there is room.
template <typename T> class mailbox {
public:
  explicit mailbox(std::size_t room) : room(room) {}
  bool push(T value) {
    std::unique_lock lock(guard);
    changed.wait(lock, [this] { return closed || items.size() < room; });
    if (closed)
      return false;
    items.push_back(std::move(value));
    changed.notify_all();
    return true;
  }
  std::optional<T> pop() {
    std::unique_lock lock(guard);
    changed.wait(lock, [this] { return closed || !items.empty(); });
    if (items.empty())
      return std::nullopt;
    std::optional<T> value(std::move(items.front()));
    items.pop_front();
    changed.notify_all();
    return value;
  }
  void close() {
    std::lock_guard lock(guard);
    closed = true;
    changed.notify_all();
  }
  void clear() {
    std::lock_guard lock(guard);
    items.clear();
  }

private:
  std::mutex guard;
  std::condition_variable changed;
  std::deque<T> items;
  std::size_t room;
  bool closed = false;
};
bool is_last_flight();

// The names of folly that the examples of races use.
namespace folly::coro {
template <typename T> struct [[nodiscard]] Task {
  struct promise_type : task_result<T> {
    Task get_return_object() { return {}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void unhandled_exception() {}
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
template <typename T> struct UnboundedQueue {
  void enqueue(T value);
  Task<T> dequeue();
};
struct Baton {
  Task<void> wait();
};
template <typename... Awaitables>
Task<std::pair<std::size_t, int>> collectAny(Awaitables &&...awaitables);
} // namespace folly::coro
struct order {
  std::string name;
};
void handle(const order &);
