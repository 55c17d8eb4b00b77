// RUN: %check_threadhop %s threadhop-overwritten-waker -- -std=c++20
// The fix: an assertion that one waiter at a time is all there can be, where
// the macro is there and the store is a statement of its own.
// RUN: rm -rf %t && mkdir %t && cp %s %t/fix.cpp
// RUN: not %threadhop --fix --quiet --checks=-*,threadhop-overwritten-waker %t/fix.cpp -- -std=c++20
// RUN: FileCheck %s --check-prefix=FIXED --input-file=%t/fix.cpp
// It answers the finding:
// RUN: %threadhop --quiet --checks=-*,threadhop-overwritten-waker %t/fix.cpp -- -std=c++20
#include <cassert>
#include <coroutine>

class event {
public:
  struct awaiter {
    event &of;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      of.waiter = h;
      // CHECK: :[[@LINE-1]]:10: warning: the only slot 'waiter'{{.*}} [threadhop-overwritten-waker]
      // FIXED: {{^}}      assert(!of.waiter && "one waiter at a time");
      // FIXED-NEXT: {{^}}      of.waiter = h;
    }
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
  void set() {
    if (auto h = waiter) {
      waiter = nullptr;
      h.resume();
    }
  }

private:
  std::coroutine_handle<> waiter;
};
