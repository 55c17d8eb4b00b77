// RUN: %check_threadhop %s threadhop-touch-after-publish -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

struct runs_on_a_thread {
  bool started = false;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::thread([h] { h.resume(); }).detach();
    // CHECK: :[[@LINE+1]]:5: warning: member 'started' of the awaiter is used after{{.*}} [threadhop-touch-after-publish]
    started = true;
  }
  void await_resume() {}
};

void enqueue(std::coroutine_handle<>);
struct given_to_an_unknown_function {
  int tries = 0;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    enqueue(h);
    // CHECK: :[[@LINE+1]]:12: warning: member 'tries'{{.*}} [threadhop-touch-after-publish]
    return tries != 0;
  }
  void await_resume() {}
};

struct queue {
  std::mutex m;
  std::deque<std::coroutine_handle<>> waiting;
  std::atomic<void *> slot{nullptr};
};

struct after_the_unlock {
  queue &q;
  int count = 0;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    {
      std::lock_guard lock(q.m);
      q.waiting.push_back(h);
    }
    // CHECK: :[[@LINE+1]]:7: warning: member 'count'{{.*}} [threadhop-touch-after-publish]
    ++count;
  }
  void await_resume() {}
};

struct after_an_atomic_store {
  queue &q;
  bool stored = false;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    q.slot.store(h.address());
    // CHECK: :[[@LINE+1]]:5: warning: member 'stored'{{.*}} [threadhop-touch-after-publish]
    stored = true;
  }
  void await_resume() {}
};

struct after_a_successful_exchange {
  queue &q;
  bool stored = false;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    void *none = nullptr;
    if (!q.slot.compare_exchange_strong(none, h.address()))
      return false;
    // CHECK: :[[@LINE+1]]:5: warning: member 'stored'{{.*}} [threadhop-touch-after-publish]
    stored = true;
    return true;
  }
  void await_resume() {}
};
