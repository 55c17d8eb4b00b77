// RUN: %check_threadhop %s threadhop-overwritten-waker -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

void use(int);

namespace two_coroutines_await_one_global {
struct signal {
  std::coroutine_handle<> waiter;
  bool on = false;
  bool await_ready() const { return on; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  // CHECK: :[[@LINE-1]]:51: warning: {{.*}}'waiter'{{.*}}is lost{{.*}} [threadhop-overwritten-waker]
  // CHECK: note: 'waiter' keeps one waiter
  // CHECK: note: one waiter waits here
  // CHECK: note: the other waiter waits here
  void await_resume() {}
  void raise() {
    on = true;
    if (auto h = std::exchange(waiter, {}))
      h.resume();
  }
};
signal ready;
fire_and_forget first() { co_await ready; }
fire_and_forget second() { co_await ready; }
} // namespace two_coroutines_await_one_global

namespace a_loop_starts_waiters {
class gate {
public:
  struct awaiter {
    gate &g;
    bool await_ready() const { return g.open; }
    void await_suspend(std::coroutine_handle<> h) { g.keep(h); }
    // CHECK-DAG: :[[@LINE-1]]:{{[0-9]+}}: note: stored there from here
    void await_resume() {}
  };
  awaiter pass() { return {*this}; }
  void let_through() {
    if (auto h = std::exchange(kept, nullptr))
      h.resume();
  }

private:
  void keep(std::coroutine_handle<> h) { kept = h; }
  // CHECK-DAG: :[[@LINE-1]]:42: warning: {{.*}}'kept'{{.*}}is lost{{.*}} [threadhop-overwritten-waker]
  bool open = false;
  std::coroutine_handle<> kept;
};
fire_and_forget car(gate &g) { co_await g.pass(); }
void queue_up(gate &g) {
  for (int i = 0; i < 3; ++i)
    car(g);
    // CHECK-DAG: :[[@LINE-1]]:5: note: waiters of the same object are started here in a loop
}
} // namespace a_loop_starts_waiters

namespace a_mutex_does_not_help {
struct channel {
  std::mutex m;
  bool closed = false;
  std::coroutine_handle<> reader;
  struct awaiter {
    channel &c;
    bool await_ready() { return false; }
    bool await_suspend(std::coroutine_handle<> h) {
      std::lock_guard lock(c.m);
      if (c.closed) // Not about the slot.
        return false;
      c.reader = h;
      // CHECK-DAG: :[[@LINE-1]]:9: warning: {{.*}}'reader'{{.*}}if a second waiter comes{{.*}} [threadhop-overwritten-waker]
      return true;
    }
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
};
} // namespace a_mutex_does_not_help

namespace a_check_that_only_logs {
struct event_once {
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    if (waiter)
      use(1);
    waiter = h;
    // CHECK-DAG: :[[@LINE-1]]:5: warning: {{.*}}'waiter'{{.*}} [threadhop-overwritten-waker]
  }
  void await_resume() {}
  void fire() { waiter.resume(); }
};
} // namespace a_check_that_only_logs

namespace every_copy_shares_the_slot {
enum class poll { ready, pending };
struct waker {
  std::function<void()> wake;
};
struct state {
  std::mutex m;
  unsigned room = 0;
  std::optional<waker> parked;
};
class sender {
  std::shared_ptr<state> s;

public:
  poll poll_send(const waker &w) const {
    std::lock_guard lock(s->m);
    if (s->room)
      return poll::ready;
    s->parked = w;
    // CHECK-DAG: :[[@LINE-1]]:8: warning: {{.*}}'parked'{{.*}}waker is lost{{.*}} [threadhop-overwritten-waker]
    return poll::pending;
  }
};
// CHECK-DAG: note: 'sender' can be copied, and each copy registers in the same 'state'
} // namespace every_copy_shares_the_slot

namespace const_method_and_mutable_slot {
enum class poll { ready, pending };
struct waker {
  std::function<void()> wake;
};
class relay {
  mutable std::optional<waker> parked;
  unsigned room = 0;

public:
  poll poll_send(const waker &w) const {
    if (room)
      return poll::ready;
    parked = w;
    // CHECK-DAG: :[[@LINE-1]]:5: warning: {{.*}}'parked'{{.*}}if a second waker comes{{.*}} [threadhop-overwritten-waker]
    return poll::pending;
  }
};
} // namespace const_method_and_mutable_slot

namespace two_objects_register {
class socket {
  std::function<void()> writable;

public:
  void wait_writable(std::function<void()> f) { writable = std::move(f); }
  // CHECK-DAG: :[[@LINE-1]]:49: warning: {{.*}}'writable'{{.*}}handler is lost{{.*}} [threadhop-overwritten-waker]
  void drained() {
    if (auto f = std::exchange(writable, nullptr))
      f();
  }
};
struct connection {
  socket &s;
  void pump() {
    s.wait_writable([this] { pump(); });
  }
};
void both() {
  socket s;
  connection a{s}, b{s};
  a.pump();
  b.pump();
  s.drained();
}
} // namespace two_objects_register

namespace an_atomic_slot {
struct flag {
  std::atomic<void *> waiter{nullptr};
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    (void)waiter.exchange(h.address());
    // CHECK-DAG: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'waiter'{{.*}} [threadhop-overwritten-waker]
  }
  void await_resume() {}
  void set() {
    if (void *p = waiter.exchange(nullptr))
      std::coroutine_handle<>::from_address(p).resume();
  }
};
} // namespace an_atomic_slot

namespace in_a_template {
template <class T> struct mailbox {
  std::optional<T> item;
  std::coroutine_handle<> waiter;
  auto next() {
    struct awaiter {
      mailbox &m;
      bool await_ready() { return m.item.has_value(); }
      void await_suspend(std::coroutine_handle<> h) { m.waiter = h; }
      // CHECK-DAG: :[[@LINE-1]]:57: warning: {{.*}}'waiter'{{.*}} [threadhop-overwritten-waker]
      T await_resume() { return *m.item; }
    };
    return awaiter{*this};
  }
};
fire_and_forget left(mailbox<int> &m) { use(co_await m.next()); }
fire_and_forget right(mailbox<int> &m) { use(co_await m.next()); }
void both(mailbox<int> &m) {
  left(m);
  right(m);
}
} // namespace in_a_template

namespace the_slot_is_a_variable {
static std::coroutine_handle<> waiter;
struct next_turn {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) const { waiter = h; }
  // CHECK: :[[@LINE-1]]:57: warning: the only slot 'waiter' for a waiter is overwritten{{.*}}is lost{{.*}} [threadhop-overwritten-waker]
  // CHECK: note: 'waiter' keeps one waiter
  // CHECK: note: one waiter waits here
  // CHECK: note: the other waiter waits here
  void await_resume() const {}
};
void turn() {
  if (auto h = std::exchange(waiter, {}))
    h.resume();
}
fire_and_forget first() { co_await next_turn{}; }
fire_and_forget second() { co_await next_turn{}; }
} // namespace the_slot_is_a_variable

namespace the_slot_is_a_static_member {
struct next_turn {
  static inline std::atomic<void *> waiter{nullptr};
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter.store(h.address()); }
  // CHECK: :[[@LINE-1]]:58: warning: {{.*}}'waiter'{{.*}}is lost{{.*}} [threadhop-overwritten-waker]
  void await_resume() const {}
  static void turn() {
    if (void *p = waiter.exchange(nullptr))
      std::coroutine_handle<>::from_address(p).resume();
  }
};
static fire_and_forget task() { co_await next_turn{}; }
void start() {
  for (int i = 0; i != 3; ++i)
    task();
}
} // namespace the_slot_is_a_static_member

namespace a_variable_for_whoever_calls {
static std::function<void()> handler;
void async_wait_turn(std::function<void()> f) { handler = std::move(f); }
// CHECK: :[[@LINE-1]]:49: warning: {{.*}}'handler'{{.*}}if a second{{.*}} [threadhop-overwritten-waker]
void turn() {
  if (auto f = std::exchange(handler, nullptr))
    f();
}
} // namespace a_variable_for_whoever_calls
