// RUN: %check_threadhop %s threadhop-resumed-twice -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <atomic>
#include <deque>
#include <utility>

struct source {
  std::coroutine_handle<> waiter;
  std::deque<std::coroutine_handle<>> all;
  bool ready = false;
  bool armed = false;
  std::atomic<int> steps{2};
  bool enqueue(std::coroutine_handle<> h);
  void finish() {
    if (armed && waiter)
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
struct suspends : base {
  bool await_suspend(std::coroutine_handle<> h) {
    if (s.ready)
      return false;
    s.waiter = h;
    return true;
  }
};
struct takes_it_back : base {
  bool await_suspend(std::coroutine_handle<> h) {
    s.waiter = h;
    if (s.ready) {
      s.waiter = nullptr;
      return false;
    }
    return true;
  }
};
struct took_it_back : base {
  bool await_suspend(std::coroutine_handle<> h) {
    s.waiter = h;
    return !s.ready || !std::exchange(s.waiter, nullptr);
  }
};
struct says_whether_it_was_taken : base {
  bool await_suspend(std::coroutine_handle<> h) { return s.enqueue(h); }
};
struct the_resumer_looks_at_it : base {
  bool await_suspend(std::coroutine_handle<> h) {
    s.waiter = h;
    return s.armed;
  }
};
struct both_count : base {
  bool await_suspend(std::coroutine_handle<> h) {
    s.waiter = h;
    return s.steps.fetch_sub(1) > 1;
  }
};
struct in_the_awaiter : base {
  std::coroutine_handle<> own;
  bool start();
  bool await_suspend(std::coroutine_handle<> h) {
    own = h;
    return start();
  }
};
struct out_of_the_list : base {
  bool await_suspend(std::coroutine_handle<> h) {
    s.all.push_back(h);
    if (s.ready) {
      s.all.pop_back();
      return false;
    }
    return true;
  }
};

struct both_atomic {
  std::atomic<bool> done{false};
  std::atomic<bool> decided{false};
  std::atomic<void *> waiter{nullptr};
  void finish() {
    done.store(true);
    void *p = waiter.exchange(nullptr);
    if (p && !decided.load())
      std::coroutine_handle<>::from_address(p).resume();
  }
};
struct of_both {
  both_atomic &b;
  bool await_ready() const { return b.done.load(); }
  void await_resume() {}
};
struct the_compare_exchange_failed : of_both {
  bool await_suspend(std::coroutine_handle<> h) {
    void *empty = nullptr;
    if (!b.waiter.compare_exchange_strong(empty, h.address()))
      return false;
    return true;
  }
};
struct taken_back_by_compare_exchange : of_both {
  bool await_suspend(std::coroutine_handle<> h) {
    void *empty = nullptr;
    if (!b.waiter.compare_exchange_strong(empty, h.address()))
      throw empty;
    if (b.done.load()) {
      void *own = h.address();
      if (b.waiter.compare_exchange_strong(own, nullptr))
        return false;
    }
    return true;
  }
};
struct a_flag_that_the_resumer_looks_at : of_both {
  bool await_suspend(std::coroutine_handle<> h) {
    b.waiter.store(h.address());
    return !b.decided.load();
  }
};
struct a_flag_read_before : of_both {
  bool await_suspend(std::coroutine_handle<> h) {
    const bool done = b.done.load();
    if (!done)
      b.waiter.store(h.address());
    return !done;
  }
};

// The handle is kept in the awaiter, which is taken back as a whole.
struct cell {
  struct parked {
    std::coroutine_handle<> waiter;
  };
  std::atomic<parked *> waiting{nullptr};
  std::atomic<bool> full{false};
  struct awaiter {
    cell &of;
    parked here;
    bool await_ready() { return false; }
    bool await_suspend(std::coroutine_handle<> h) {
      parked *const self = &here;
      self->waiter = h;
      of.waiting.store(self);
      if (of.full.load()) {
        parked *expected = self;
        if (of.waiting.compare_exchange_strong(expected, nullptr))
          return false;
      }
      return true;
    }
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this, {}}; }
  void fill() {
    full.store(true);
    if (parked *p = waiting.exchange(nullptr))
      p->waiter.resume();
  }
};
