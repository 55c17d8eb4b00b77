// RUN: %check_threadhop %s threadhop-overwritten-waker \
// RUN:   -config='{CheckOptions: {threadhop-overwritten-waker.RequireEvidence: true}}' \
// RUN:   -- -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <utility>

struct event_base {
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_resume() {}
  void fire() { std::exchange(waiter, {}).resume(); }
};
struct without_a_second_waiter : event_base {
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
};
struct with_one : event_base {
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  // CHECK: :[[@LINE-1]]:51: warning: {{.*}}'waiter'{{.*}} [threadhop-overwritten-waker]
};
fire_and_forget waits(with_one &e) { co_await e; }
void both(with_one &e) {
  waits(e);
  waits(e);
}
