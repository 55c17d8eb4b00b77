// RUN: %check_threadhop %s threadhop-overwritten-waker -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Objects of libraries that have room for one waiter.

#include "coro.h"

namespace cppcoro {
struct operation {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
class single_consumer_event {
public:
  void set();
  void reset();
  bool is_set() const;
  operation operator co_await() const noexcept;
};
class async_scope {
public:
  operation join();
};
} // namespace cppcoro
namespace seastar {
template <class T> struct queue {
  hot<T> pop_eventually();
  hot<> not_empty();
  hot<> not_full();
  void push(T);
};
} // namespace seastar
namespace userver::utils {
template <class F> int Async(const char *, F) { return 0; }
}
namespace userver::engine {
class SingleConsumerEvent {
public:
  bool WaitForEvent();
  void Send();
};
} // namespace userver::engine
using ready = cppcoro::single_consumer_event;
template <class... T> lazy<> when_all(T &&...) { co_return; }

namespace one_coroutine_started_twice {
fire_and_forget waits(ready &e) { co_await e; }
// CHECK: :[[@LINE-1]]:35: warning: 'cppcoro::single_consumer_event' has room for one waiter, and a second one waits on the same object before the first is woken: its handle overwrites the first one's, which is never resumed [threadhop-overwritten-waker]
// CHECK: :[[@LINE+5]]:3: note: one waiter is started here
// CHECK: :[[@LINE-3]]:35: note: one waiter waits here
// CHECK: :[[@LINE+4]]:3: note: the other waiter is started here
void f() {
  ready e;
  waits(e);
  waits(e);
}
} // namespace one_coroutine_started_twice

namespace two_coroutines_at_once {
lazy<> reads(ready &e) { co_await e; }
lazy<> writes(ready &e) { co_await e; }
// CHECK: :[[@LINE-1]]:27: warning: {{.*}}'cppcoro::single_consumer_event' has room for one waiter{{.*}} [threadhop-overwritten-waker]
// CHECK: :[[@LINE+4]]:21: note: one waiter is started here
// CHECK: :[[@LINE+3]]:31: note: the other waiter is started here
lazy<> f() {
  ready e;
  co_await when_all(reads(e), writes(e));
}
} // namespace two_coroutines_at_once

namespace started_in_a_loop {
struct server {
  cppcoro::async_scope work;
  fire_and_forget closes() { co_await work.join(); }
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'cppcoro::async_scope' has room for one waiter{{.*}} [threadhop-overwritten-waker]
  // CHECK: :[[@LINE+4]]:7: note: waiters of the same object are started here in a loop
  // CHECK: :[[@LINE-3]]:30: note: each waits here
  void close() {
    for (int i = 0; i != 3; ++i)
      closes();
  }
};
} // namespace started_in_a_loop

namespace who_starts_one_and_waits_too {
fire_and_forget waits(ready &e) { co_await e; }
lazy<> f() {
  ready e;
  waits(e);
  co_await e;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}has room for one waiter{{.*}} [threadhop-overwritten-waker]
}
} // namespace who_starts_one_and_waits_too

namespace two_consumers_of_a_queue {
void f(seastar::queue<int> &q) {
  auto a = [&q]() -> fire_and_forget { co_await q.pop_eventually(); };
  auto b = [&q]() -> fire_and_forget { co_await q.not_empty(); };
  // CHECK: :[[@LINE-1]]:40: warning: 'seastar::queue' has room for one waiter{{.*}}its promise replaces the first one's{{.*}} [threadhop-overwritten-waker]
  a();
  b();
}
} // namespace two_consumers_of_a_queue

namespace two_tasks_that_block {
void f() {
  userver::engine::SingleConsumerEvent e;
  auto a = userver::utils::Async("a", [&e] { (void)e.WaitForEvent(); });
  auto b = userver::utils::Async("b", [&e] { (void)e.WaitForEvent(); });
  // CHECK: :[[@LINE-1]]:54: warning: 'userver::engine::SingleConsumerEvent' has room for one waiter{{.*}} [threadhop-overwritten-waker]
}
} // namespace two_tasks_that_block

namespace silent {
fire_and_forget waits(ready &e) { co_await e; }
lazy<> later(ready &e) { co_await e; }
void woken_between() {
  ready e;
  waits(e);
  e.set();
  e.reset();
  waits(e);
}
lazy<> one_after_the_other() {
  ready e;
  co_await later(e);
  e.reset();
  co_await later(e);
}
lazy<> started_after_its_own_wait() {
  ready e;
  co_await e;
  waits(e);
}
lazy<> a_lambda_awaited_twice() {
  ready e;
  auto w = [&]() -> lazy<> { co_await e; };
  co_await w();
  co_await w();
}
void either(bool first) {
  ready e;
  if (first)
    waits(e);
  else
    waits(e);
}
void one_each() {
  ready a, b;
  waits(a);
  waits(b);
}
void an_event_for_each_round() {
  for (int i = 0; i != 3; ++i) {
    ready e;
    waits(e);
  }
}
struct two_steps {
  ready e;
  fire_and_forget opening() { co_await e; }
  fire_and_forget closing() { co_await e; }
  void open() { opening(); }
  void close() { closing(); }
};
void consumer_and_producer(seastar::queue<int> &q) {
  auto a = [&q]() -> fire_and_forget { co_await q.not_empty(); };
  auto b = [&q]() -> fire_and_forget { co_await q.not_full(); };
  a();
  b();
}
void wait_once(userver::engine::SingleConsumerEvent &e) {
  (void)e.WaitForEvent();
}
void blocks_twice_in_turn(userver::engine::SingleConsumerEvent &e) {
  wait_once(e);
  wait_once(e);
}
} // namespace silent
