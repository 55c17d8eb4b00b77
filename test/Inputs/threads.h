// A project's own primitives, as the tests of hazards between threads use
// them: nothing here is annotated, the bodies say it all.
#ifndef THREADHOP_TEST_THREADS_H
#define THREADHOP_TEST_THREADS_H

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

/// A counted pointer whose count is a plain integer.
template <typename T> class counted {
public:
  counted() = default;
  explicit counted(T *Object) : Object(Object), Count(new int(1)) {}
  counted(const counted &Other) : Object(Other.Object), Count(Other.Count) {
    if (Count)
      ++*Count;
  }
  counted(counted &&Other) noexcept
      : Object(std::exchange(Other.Object, nullptr)),
        Count(std::exchange(Other.Count, nullptr)) {}
  counted &operator=(counted Other) noexcept {
    std::swap(Object, Other.Object);
    std::swap(Count, Other.Count);
    return *this;
  }
  ~counted() {
    if (Count && --*Count == 0) {
      delete Object;
      delete Count;
    }
  }
  T *operator->() const { return Object; }
  T &operator*() const { return *Object; }

private:
  T *Object = nullptr;
  int *Count = nullptr;
};

struct engine {
  int id = 0;
  void run() {}
};
using engine_ptr = counted<engine>;
inline engine_ptr make_engine() { return engine_ptr(new engine); }

/// A single-threaded virtual machine behind a handle, as C libraries have them.
extern "C" {
struct lua_State;
lua_State *luaL_newstate(void);
void lua_close(lua_State *);
void lua_run(lua_State *);
}

/// Threads that take what 'submit' put into the queue.
class workers {
public:
  workers() {
    for (int I = 0; I != 2; ++I)
      Threads.emplace_back([this] { work(); });
  }
  template <typename F> void submit(F &&Task) {
    {
      std::lock_guard Lock(Mutex);
      Queue.push_back(std::function<void()>(std::forward<F>(Task)));
    }
    Ready.notify_one();
  }

private:
  void work() {
    while (true) {
      std::function<void()> Task;
      {
        std::unique_lock Lock(Mutex);
        Ready.wait(Lock, [this] { return !Queue.empty(); });
        Task = std::move(Queue.front());
        Queue.pop_front();
      }
      Task();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<std::function<void()>> Queue;
  std::vector<std::thread> Threads;
};

/// A loop that its caller runs: no other thread.
class own_loop {
public:
  template <typename F> void post(F &&Task) {
    Queue.push_back(std::function<void()>(std::forward<F>(Task)));
  }
  void run() {
    while (!Queue.empty()) {
      auto Task = std::move(Queue.front());
      Queue.pop_front();
      Task();
    }
  }

private:
  std::deque<std::function<void()>> Queue;
};

/// A channel: whoever calls receive() gets what send() was given.
template <typename T> class mailbox {
public:
  void send(T Value) {
    std::lock_guard Lock(Mutex);
    Items.push_back(std::move(Value));
    Ready.notify_one();
  }
  T receive() {
    std::unique_lock Lock(Mutex);
    Ready.wait(Lock, [this] { return !Items.empty(); });
    T Value = std::move(Items.front());
    Items.pop_front();
    return Value;
  }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<T> Items;
};

void use(int);

#endif
