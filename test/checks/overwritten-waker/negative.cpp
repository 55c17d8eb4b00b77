// RUN: %check_threadhop %s threadhop-overwritten-waker -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <atomic>
#include <cassert>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

void use(int);

namespace the_awaiter_has_the_slot {
struct operation {
  int *result;
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() {}
  void complete() { waiter.resume(); }
};
operation read(int &into) { return {&into, {}}; }
} // namespace the_awaiter_has_the_slot

namespace a_list {
struct event_list {
  struct awaiter {
    event_list &e;
    awaiter *next = nullptr;
    std::coroutine_handle<> waiter;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      waiter = h;
      next = e.head;
      e.head = this;
    }
    void await_resume() {}
  };
  awaiter *head = nullptr;
  awaiter operator co_await() { return {*this}; }
};
// The first of a list goes where the tail says that there is none.
struct fifo {
  struct awaiter {
    fifo &q;
    awaiter *next = nullptr;
    std::coroutine_handle<> waiter;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      waiter = h;
      auto *last = q.tail.load();
      if (last == nullptr) {
        q.head = this;
        q.tail = this;
      } else {
        last->next = this;
        q.tail = this;
      }
    }
    void await_resume() {}
  };
  awaiter *head = nullptr;
  std::atomic<awaiter *> tail{nullptr};
  awaiter lock() { return {*this}; }
};
fire_and_forget one(fifo &q) { co_await q.lock(); }
fire_and_forget two(fifo &q) { co_await q.lock(); }
} // namespace a_list

namespace checked {
struct base {
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_resume() {}
  void fire() {
    if (auto h = std::exchange(waiter, {}))
      h.resume();
  }
};
struct throws : base {
  void await_suspend(std::coroutine_handle<> h) {
    if (waiter)
      throw std::logic_error("awaited twice");
    waiter = h;
  }
};
struct asserts : base {
  void await_suspend(std::coroutine_handle<> h) {
    assert(!waiter && "awaited twice");
    waiter = h;
  }
};
struct resumes_the_old_one : base {
  void await_suspend(std::coroutine_handle<> h) {
    if (auto old = std::exchange(waiter, h))
      old.resume();
  }
};
struct asks_a_helper : base {
  bool has_waiter() const { return static_cast<bool>(waiter); }
  bool await_suspend(std::coroutine_handle<> h) {
    if (has_waiter())
      return false;
    waiter = h;
    return true;
  }
};
struct queues_the_old_one : base {
  std::vector<std::coroutine_handle<>> others;
  void await_suspend(std::coroutine_handle<> h) {
    if (waiter)
      others.push_back(waiter);
    waiter = h;
  }
};
struct another_member_keeps_a_second_out : base {
  bool busy = false;
  bool await_suspend(std::coroutine_handle<> h) {
    if (std::exchange(busy, true))
      return false;
    waiter = h;
    return true;
  }
};
struct compares_and_exchanges {
  std::atomic<void *> waiter{nullptr};
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    void *none = nullptr;
    return waiter.compare_exchange_strong(none, h.address());
  }
  void await_resume() {}
  void fire() {
    std::coroutine_handle<>::from_address(waiter.exchange(nullptr)).resume();
  }
};
} // namespace checked

namespace a_task_has_one_awaiter {
template <class T> struct task {
  struct promise_type {
    std::coroutine_handle<> continuation;
    task get_return_object();
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void unhandled_exception() {}
    void return_value(T);
  };
  struct awaiter {
    std::coroutine_handle<promise_type> callee;
    bool await_ready() { return false; }
    auto await_suspend(std::coroutine_handle<> h) {
      callee.promise().continuation = h;
      return callee;
    }
    T await_resume();
  };
  awaiter operator co_await() { return {callee}; }
  std::coroutine_handle<promise_type> callee;
};
task<int> answer() { co_return 42; }
fire_and_forget ask() { use(co_await answer()); }
} // namespace a_task_has_one_awaiter

namespace by_contract {
struct single_consumer_event {
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() {}
  void fire() { std::exchange(waiter, {}).resume(); }
};
/// Only one coroutine may wait at a time.
struct commented {
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() {}
  void fire() { std::exchange(waiter, {}).resume(); }
};
struct [[clang::annotate("threadhop::single_waiter")]] annotated {
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() {}
  void fire() { std::exchange(waiter, {}).resume(); }
};
} // namespace by_contract

namespace one_waiter_to_be_seen {
struct done_event {
  std::coroutine_handle<> waiter;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() {}
  void fire() { std::exchange(waiter, {}).resume(); }
};
void run() {
  done_event e;
  [](done_event &d) -> fire_and_forget { co_await d; }(e);
  e.fire();
}
// Each wakes its waiter before the next one comes.
void one_after_the_other() {
  done_event e;
  auto waits = [](done_event &d) -> fire_and_forget { co_await d; };
  waits(e);
  e.fire();
  waits(e);
  e.fire();
}
} // namespace one_waiter_to_be_seen

namespace a_callback_that_stays {
class widget {
  std::function<void()> changed;

public:
  void wait_for_changes(std::function<void()> f) { changed = std::move(f); }
  void change() {
    if (changed)
      changed();
  }
};
} // namespace a_callback_that_stays

namespace one_owner_polls {
enum class poll { ready, pending };
struct waker {
  std::function<void()> wake;
};
class stream {
  std::optional<waker> parked;

public:
  stream(stream &&) = default;
  poll poll_next(const waker &w) {
    parked = w; // The newest waker is the one to wake.
    return poll::pending;
  }
};
} // namespace one_owner_polls

namespace lib {
namespace detail {
// Used by the library's own awaiters, each with an object of its own.
struct latch {
  std::coroutine_handle<> waiter;
  struct awaiter {
    latch &l;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> h) { l.waiter = h; }
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
};
} // namespace detail
// Serves an awaiter that another file has.
class counter {
  std::coroutine_handle<> waiter;
  std::atomic<int> left{2};

public:
  bool try_wait(std::coroutine_handle<> h) {
    waiter = h;
    return left.fetch_sub(1) > 1;
  }
};
} // namespace lib

namespace a_local_for_each_operation {
template <class Start> lazy<int> call_back(Start start) {
  struct bridge {
    std::coroutine_handle<> waiter;
    int result = 0;
    struct awaiter {
      bridge &b;
      Start &start;
      bool await_ready() { return false; }
      void await_suspend(std::coroutine_handle<> h) {
        b.waiter = h;
        start(&b);
      }
      int await_resume() { return b.result; }
    };
    awaiter wait(Start &s) { return {*this, s}; }
  } b;
  co_return co_await b.wait(start);
}
lazy<int> ask() {
  return call_back([](auto *b) { b->waiter.resume(); });
}
} // namespace a_local_for_each_operation

namespace a_variable_that_is_looked_at {
static std::coroutine_handle<> waiter;
struct next_turn {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) const {
    if (waiter)
      std::terminate();
    waiter = h;
  }
  void await_resume() const {}
};
void turn() { std::exchange(waiter, {}).resume(); }
fire_and_forget first() { co_await next_turn{}; }
fire_and_forget second() { co_await next_turn{}; }
} // namespace a_variable_that_is_looked_at

namespace a_variable_beside_it_keeps_others_out {
static std::coroutine_handle<> waiter;
static bool taken;
struct next_turn {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) const {
    if (taken)
      std::terminate();
    taken = true;
    waiter = h;
  }
  void await_resume() const {}
};
void turn() {
  taken = false;
  std::exchange(waiter, {}).resume();
}
fire_and_forget first() { co_await next_turn{}; }
fire_and_forget second() { co_await next_turn{}; }
} // namespace a_variable_beside_it_keeps_others_out

namespace a_variable_that_one_coroutine_uses {
static std::coroutine_handle<> waiter;
struct next_turn {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) const { waiter = h; }
  void await_resume() const {}
};
void turn() { std::exchange(waiter, {}).resume(); }
static fire_and_forget only() {
  for (;;)
    co_await next_turn{};
}
void start() { only(); }
} // namespace a_variable_that_one_coroutine_uses

namespace a_variable_whose_comment_says_so {
// At most one handler waits for the turn.
static std::function<void()> handler;
void async_wait_turn(std::function<void()> f) { handler = std::move(f); }
void turn() {
  if (auto f = std::exchange(handler, nullptr))
    f();
}
} // namespace a_variable_whose_comment_says_so

namespace objects_that_hold_references {
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
};
void to_two_objects(hub &a, hub &b) {
  reader one(a), two(b);
  one.on_next({});
  two.on_next({});
}
void one_after_the_other(hub &h) {
  reader one(h), two(h);
  one.on_next({});
  h.publish(1);
  two.on_next({});
}
void only_one_of_them(hub &h, bool which) {
  reader one(h), two(h);
  if (which)
    one.on_next({});
  else
    two.on_next({});
}
} // namespace objects_that_hold_references

namespace a_setter_in_a_base_class_that_looks {
struct source {
  std::coroutine_handle<> waiter;
  void set(std::coroutine_handle<> h) {
    if (waiter)
      throw std::logic_error("one waiter");
    waiter = h;
  }
};
struct timer : source {
  void tick() { std::exchange(waiter, {}).resume(); }
};
struct wait_for {
  source &s;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { s.set(h); }
  void await_resume() {}
};
fire_and_forget first(timer &t) { co_await wait_for{t}; }
fire_and_forget second(timer &t) { co_await wait_for{t}; }
} // namespace a_setter_in_a_base_class_that_looks

namespace tasks_with_a_waiter_in_the_promise {
template <class Task> struct promise_of {
  std::coroutine_handle<> waiter;
  std::suspend_never initial_suspend() { return {}; }
  std::suspend_always final_suspend() noexcept {
    if (waiter)
      waiter.resume();
    return {};
  }
  void return_void() {}
  void unhandled_exception() {}
};
class one_owner {
public:
  struct promise_type : promise_of<one_owner> {
    one_owner get_return_object();
  };
  one_owner(one_owner &&);
  bool await_ready() const { return coro.done(); }
  void await_suspend(std::coroutine_handle<> h) { coro.promise().waiter = h; }
  void await_resume() const {}

private:
  std::coroutine_handle<promise_type> coro;
};
class several_owners_that_look {
public:
  struct promise_type : promise_of<several_owners_that_look> {
    several_owners_that_look get_return_object();
  };
  bool await_ready() const { return coro.done(); }
  void await_suspend(std::coroutine_handle<> h) {
    if (coro.promise().waiter)
      std::terminate();
    coro.promise().waiter = h;
  }
  void await_resume() const {}

private:
  std::coroutine_handle<promise_type> coro;
  std::shared_ptr<void> owner;
};
one_owner once(one_owner t) { co_await t; }
several_owners_that_look once(several_owners_that_look t) { co_await t; }
} // namespace tasks_with_a_waiter_in_the_promise

namespace an_initiation_that_looks {
template <class Token, class Signature, class Initiation>
void async_initiate(Initiation &&initiation, Token &token) {
  initiation(std::move(token));
}
class link {
  std::function<void()> handler;

public:
  template <class Token> auto async_wait_up(Token &&token) {
    return async_initiate<Token, void()>(
        [this](auto h) {
          if (handler)
            throw std::logic_error("one waiter");
          handler = std::move(h);
        },
        token);
  }
  void up() {
    if (auto h = std::exchange(handler, nullptr))
      h();
  }
};
void send(link &l) { l.async_wait_up([] {}); }
} // namespace an_initiation_that_looks

// Each await makes the object that it waits for.
struct one_operation {
  std::coroutine_handle<> waiter;
  struct awaiter {
    one_operation &of;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> h) { of.waiter = h; }
    void await_resume() {}
  };
  awaiter operator co_await() && { return awaiter{*this}; }
};
one_operation start_operation();
lazy<> first_operation() { co_await start_operation(); }
lazy<> second_operation() { co_await start_operation(); }

namespace an_operation_for_one_await {
// Each is awaited as an rvalue, if need be through a traits class.
struct operation {
  void *continuation = nullptr;
  struct awaiter {
    operation &handle;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      handle.continuation = h.address();
      handle.start();
    }
    void await_resume() {}
  };
  awaiter operator co_await() && { return {*this}; }
  void start();
  void done() {
    std::coroutine_handle<>::from_address(std::exchange(continuation, nullptr))
        .resume();
  }
};
struct traits {
  static operation::awaiter get_awaiter(operation &&o) {
    return static_cast<operation &&>(o).operator co_await();
  }
};
operation read();
fire_and_forget both_by_turns() {
  co_await read();
  co_await traits::get_awaiter(read());
}
fire_and_forget another() { co_await read(); }
} // namespace an_operation_for_one_await
