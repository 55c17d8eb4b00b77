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

namespace objects_that_hold_a_reference_register {
struct hub {
  std::function<void(int)> next;
  void publish(int v) {
    if (auto f = std::exchange(next, nullptr))
      f(v);
  }
};
class reader {
  hub &from;

public:
  explicit reader(hub &h) : from(h) {}
  void on_next(std::function<void(int)> f) { from.next = std::move(f); }
  // CHECK: :[[@LINE-1]]:51: warning: {{.*}}'next'{{.*}}is lost{{.*}} [threadhop-overwritten-waker]
};
void connect(hub &h) {
  reader one(h), two(h);
  one.on_next(use);
  // CHECK: :[[@LINE-1]]:7: note: one waiter registers here
  two.on_next(use);
  // CHECK: :[[@LINE-1]]:7: note: the other waiter registers here
}
} // namespace objects_that_hold_a_reference_register

namespace a_setter_in_a_base_class {
struct source {
  std::coroutine_handle<> waiter;
  void set(std::coroutine_handle<> h) { waiter = h; }
  // CHECK: :[[@LINE-1]]:41: warning: {{.*}}'waiter'{{.*}}if a second{{.*}} [threadhop-overwritten-waker]
};
struct timer : source {
  void tick() {
    if (auto h = std::exchange(waiter, {}))
      h.resume();
  }
};
struct wait_for {
  source &s;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { s.set(h); }
  void await_resume() {}
};
fire_and_forget first(timer &t) { co_await wait_for{t}; }
fire_and_forget second(timer &t) { co_await wait_for{t}; }
} // namespace a_setter_in_a_base_class

namespace a_function_that_returns_a_class_of_its_own {
struct line {
  std::coroutine_handle<> waiter;
  void raise() {
    if (auto h = std::exchange(waiter, {}))
      h.resume();
  }
};
auto raised(line &l) {
  struct awaiter {
    line &l;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> h) { l.waiter = h; }
    // CHECK: :[[@LINE-1]]:55: warning: {{.*}}'waiter'{{.*}}if a second{{.*}} [threadhop-overwritten-waker]
    void await_resume() {}
  };
  return awaiter{l};
}
fire_and_forget task(line &l) { co_await raised(l); }
} // namespace a_function_that_returns_a_class_of_its_own

namespace a_task_with_several_owners {
class shared_task {
public:
  struct promise_type {
    std::coroutine_handle<> waiter;
    shared_task get_return_object() {
      return std::coroutine_handle<promise_type>::from_promise(*this);
    }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept {
      if (waiter)
        waiter.resume();
      return {};
    }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() const { return coro.done(); }
  void await_suspend(std::coroutine_handle<> h) {
    coro.promise().waiter = h;
    // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'waiter'{{.*}}is lost{{.*}} [threadhop-overwritten-waker]
    // CHECK: note: 'shared_task' can be copied, and each copy registers in the same 'promise_type'
  }
  void await_resume() const {}

private:
  shared_task(std::coroutine_handle<promise_type> h);
  std::coroutine_handle<promise_type> coro;
  std::shared_ptr<void> owner;
};
shared_task twice(shared_task t) { co_await t; }
} // namespace a_task_with_several_owners

namespace an_initiation_that_keeps_the_handler {
template <class Token, class Signature, class Initiation>
void async_initiate(Initiation &&initiation, Token &token) {
  initiation(std::move(token));
}
class link {
  std::function<void()> handler;

public:
  template <class Token> auto async_wait_up(Token &&token) {
    return async_initiate<Token, void()>(
        [this](auto h) { handler = std::move(h); }, token);
    // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'handler' for a handler of 'link'{{.*}}if a second{{.*}} [threadhop-overwritten-waker]
  }
  void up() {
    if (auto h = std::exchange(handler, nullptr))
      h();
  }
};
void send(link &l) { l.async_wait_up([] {}); }
} // namespace an_initiation_that_keeps_the_handler

namespace contract_broken {
struct [[clang::annotate("threadhop::single_waiter")]] done_event {
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() {}
  void fire() { std::exchange(waiter, {}).resume(); }
};
void by_the_same_coroutine_started_twice() {
  done_event e;
  auto waits = [](done_event &d) -> fire_and_forget { co_await d; };
  // CHECK: :[[@LINE-1]]:55: warning: the only slot 'waiter' for a waiter of 'done_event' has one waiter by contract, and a second one comes before the first is woken; the earlier waiter is lost: it is never resumed [threadhop-overwritten-waker]
  // CHECK: note: one waiter is started here
  // CHECK: note: the other waiter is started here
  waits(e);
  waits(e);
}
} // namespace contract_broken
