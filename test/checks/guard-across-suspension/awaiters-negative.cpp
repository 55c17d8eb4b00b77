// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Awaits that never suspend, and awaiters that keep the guard, so that they
// can release it.

#include "coro.h"
#include "scopes.h"
#include <mutex>

std::mutex m;
int n;

using lock = std::unique_lock<std::mutex>;

struct always_ready {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  int await_resume() const noexcept { return 1; }
};

struct constexpr_ready {
  static constexpr bool ready = sizeof(int) >= 4;
  constexpr bool await_ready() const { return ready; }
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct ready_on_every_path {
  bool traced;
  bool await_ready() const {
    if (traced)
      return true;
    return true;
  }
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct never_stays_suspended {
  bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<>) { return false; }
  void await_resume();
};

template <bool Ready> struct ready_if {
  bool await_ready() const noexcept { return Ready; }
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};

struct has_member_operator {
  std::suspend_never operator co_await() const { return {}; }
};
struct has_free_operator {};
std::suspend_never operator co_await(const has_free_operator &);

lazy<> standard_suspend_never() {
  std::lock_guard g(m);
  co_await std::suspend_never{};
}

lazy<> context_guard_over_suspend_never() {
  trace_scope scope("request");
  co_await std::suspend_never{};
}

lazy<> await_ready_is_always_true() {
  std::lock_guard g(m);
  n += co_await always_ready{};
}

lazy<> await_ready_is_a_true_constant() {
  std::lock_guard g(m);
  co_await constexpr_ready{};
}

lazy<> await_ready_is_true_on_every_path() {
  std::lock_guard g(m);
  co_await ready_on_every_path{true};
}

lazy<> await_suspend_is_always_false() {
  std::lock_guard g(m);
  co_await never_stays_suspended{};
}

lazy<> template_argument_makes_it_ready() {
  std::lock_guard g(m);
  co_await ready_if<true>{};
}

lazy<> member_operator_gives_suspend_never() {
  std::lock_guard g(m);
  co_await has_member_operator{};
}

lazy<> free_operator_gives_suspend_never() {
  std::lock_guard g(m);
  co_await has_free_operator{};
}

lazy<> by_hand_over_suspend_never() {
  m.lock();
  co_await std::suspend_never{};
  m.unlock();
}

struct get_name {};
struct annotated {
  struct promise_type {
    annotated get_return_object();
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
    std::suspend_never await_transform(get_name) { return {}; }
    // A plain function, though it belongs to a coroutine.
    event await_transform(event e) {
      std::lock_guard g(m);
      trace_scope scope("transform");
      return e;
    }
  };
};

annotated transformed_to_suspend_never() {
  std::lock_guard g(m);
  co_await get_name{};
}

annotated guards_of_the_promise_are_not_ours() { co_await tick(); }

// The awaiter's own functions are no coroutines either.
struct locking_awaiter {
  bool await_ready() {
    std::lock_guard g(m);
    return n > 0;
  }
  void await_suspend(std::coroutine_handle<>) {
    std::lock_guard g(m);
    ++n;
  }
  void await_resume() {}
};

lazy<> guards_of_the_awaiter_are_not_ours() { co_await locking_awaiter{}; }

struct keeps_reference {
  lock &held;
  explicit keeps_reference(lock &lk) : held(lk) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct keeps_pointer {
  lock *held;
  explicit keeps_pointer(lock *lk) : held(lk) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct keeps_in_its_base : keeps_reference {
  keeps_in_its_base(int, lock &lk) : keeps_reference(lk) {}
};

struct keeps_as_aggregate {
  int ticket;
  lock &held;
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct opaque {
  explicit opaque(lock &lk);
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

class condition {
public:
  event wait(lock &lk);
  keeps_reference wait_on(lock &lk) { return keeps_reference(lk); }
};

lazy<> awaiter_keeps_a_reference() {
  lock lk(m);
  co_await keeps_reference(lk);
}

lazy<> awaiter_keeps_a_pointer() {
  lock lk(m);
  co_await keeps_pointer(&lk);
}

lazy<> base_of_the_awaiter_keeps_a_reference() {
  lock lk(m);
  co_await keeps_in_its_base(1, lk);
}

lazy<> aggregate_awaiter_keeps_a_reference() {
  lock lk(m);
  co_await keeps_as_aggregate{1, lk};
}

lazy<> awaiter_with_a_hidden_constructor() {
  lock lk(m);
  co_await opaque(lk);
}

lazy<> condition_that_unlocks_while_it_waits(condition &changed) {
  lock lk(m);
  while (n == 0)
    co_await changed.wait(lk);
}

lazy<> function_that_makes_the_awaiter(condition &changed) {
  lock lk(m);
  co_await changed.wait_on(lk);
}
