// RUN: %check_threadhop %s threadhop-resumed-twice -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <atomic>
#include <deque>
#include <thread>
#include <utility>

struct source {
  std::coroutine_handle<> waiter;
  std::deque<std::coroutine_handle<>> all;
  bool ready = false;
  void finish() {
    // CHECK-DAG: :[[@LINE-1]]:8: note: 'finish' resumes whom it finds there
    if (waiter)
      waiter.resume();
    for (auto h : all)
      h.resume();
  }
};
struct base {
  source &s;
  bool await_ready() { return false; }
  void await_resume() {}
};

struct stays_in_the_slot : base {
  bool await_suspend(std::coroutine_handle<> h) {
    s.waiter = h;
    // CHECK-DAG: :[[@LINE-1]]:{{[0-9]+}}: note: the handle is given away here
    if (s.ready)
      return false;
    // CHECK-DAG: :[[@LINE-1]]:7: warning: the coroutine is not suspended{{.*}} [threadhop-resumed-twice]
    return true;
  }
};
struct a_value_that_the_resumer_does_not_know : base {
  bool await_suspend(std::coroutine_handle<> h) {
    s.waiter = h;
    return !std::exchange(s.ready, true);
    // CHECK-DAG: :[[@LINE-1]]:5: warning: when this is false, the coroutine is not suspended{{.*}} [threadhop-resumed-twice]
  }
};
struct stays_in_the_list : base {
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) {
    s.all.push_back(h);
    if (s.ready)
      return h;
    // CHECK-DAG: :[[@LINE-1]]:7: warning: this resumes the coroutine at once{{.*}} [threadhop-resumed-twice]
    return std::noop_coroutine();
  }
};
struct runs_on_a_thread : base {
  bool await_suspend(std::coroutine_handle<> h) {
    std::thread([h] { h.resume(); }).detach();
    return false;
    // CHECK-DAG: :[[@LINE-1]]:5: warning: the coroutine is not suspended{{.*}} [threadhop-resumed-twice]
  }
};

struct both_atomic {
  std::atomic<bool> done{false};
  std::atomic<void *> waiter{nullptr};
  void finish() {
    done.store(true);
    if (void *p = waiter.exchange(nullptr))
      std::coroutine_handle<>::from_address(p).resume();
  }
};
struct of_both {
  both_atomic &b;
  bool await_ready() const { return b.done.load(); }
  void await_resume() {}
};
struct made_by_compare_exchange_and_not_taken_back : of_both {
  bool await_suspend(std::coroutine_handle<> h) {
    void *empty = nullptr;
    if (!b.waiter.compare_exchange_strong(empty, h.address()))
      throw empty;
    if (b.done.load())
      return false;
    // CHECK-DAG: :[[@LINE-1]]:7: warning: the coroutine is not suspended{{.*}} [threadhop-resumed-twice]
    return true;
  }
};
struct a_flag_that_the_resumer_only_sets : of_both {
  bool await_suspend(std::coroutine_handle<> h) {
    b.waiter.store(h.address());
    return !b.done.load();
    // CHECK-DAG: :[[@LINE-1]]:5: warning: when this is false, the coroutine is not suspended{{.*}} [threadhop-resumed-twice]
  }
};
struct a_flag_read_into_a_variable : of_both {
  bool await_suspend(std::coroutine_handle<> h) {
    both_atomic &shared = b;
    void *empty = nullptr;
    const bool kept = shared.waiter.compare_exchange_strong(empty, h.address());
    if (!kept)
      return false;
    const bool done = shared.done.load();
    return !done;
    // CHECK-DAG: :[[@LINE-1]]:5: warning: when this is false, the coroutine is not suspended{{.*}} [threadhop-resumed-twice]
  }
};
