// RUN: %check_threadhop %s threadhop-touch-after-publish -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

void enqueue(std::coroutine_handle<>);
void use(int);

struct publishes_last {
  bool started = false;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    started = true;
    enqueue(h);
  }
  void await_resume() {}
};

struct copies_before {
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    int mine = count;
    enqueue(h);
    use(mine);
  }
  void await_resume() {}
};

struct queue {
  std::mutex m;
  std::deque<std::coroutine_handle<>> waiting;
  std::coroutine_handle<> plain;
  std::atomic<void *> slot{nullptr};
};

struct under_the_mutex {
  queue &q;
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::lock_guard lock(q.m);
    q.waiting.push_back(h);
    ++count;
  }
  void await_resume() {}
};

// No other thread sees a plain member that no mutex guards.
struct a_plain_store {
  queue &q;
  bool stored = false;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    q.plain = h;
    stored = true;
  }
  void await_resume() {}
};

struct the_exchange_failed {
  queue &q;
  bool refused = false;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    void *none = nullptr;
    if (q.slot.compare_exchange_strong(none, h.address()))
      return true;
    refused = true;
    return false;
  }
  void await_resume() {}
};

// What is awaited is not in the coroutine's frame.
struct event_of_all {
  bool started = false;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    enqueue(h);
    started = true;
  }
  void await_resume() {}
};
fire_and_forget waits(event_of_all &e) { co_await e; }

// Nobody resumes before both have counted down.
struct both_count {
  std::atomic<int> sides{2};
  int result = 0;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    enqueue(h);
    result = 1;
    return sides.fetch_sub(1) != 1;
  }
  void await_resume() {}
};

// The mutex was locked by await_ready, and is unlocked at the end.
struct coroutine_mutex {
  void unlock();
};
struct guarded {
  coroutine_mutex m;
  std::atomic<void *> head{nullptr};
};
struct locked_before {
  guarded &g;
  void *next = nullptr;
  std::coroutine_handle<> own;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    own = h;
    next = g.head.exchange(this);
    g.m.unlock();
  }
  void await_resume() {}
};

struct runs_here {
  bool done = false;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    auto run = [](std::coroutine_handle<> c) { c.resume(); };
    run(h);
    done = true;
  }
  void await_resume() {}
};

// The call knows the member, and says by it that it was done at once.
void start(std::coroutine_handle<>, bool *completed);
struct told_by_the_call {
  bool completed = false;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    start(h, &completed);
    return !completed;
  }
  void await_resume() {}
};
