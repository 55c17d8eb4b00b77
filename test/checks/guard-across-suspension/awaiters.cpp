// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Awaits that can suspend, however little it looks like it, and awaiters that
// do not keep the guard that they are given.

#include "coro.h"
#include "scopes.h"
#include <mutex>

std::mutex m, other;

using lock = std::unique_lock<std::mutex>;

template <bool Ready> struct ready_if {
  bool await_ready() const noexcept { return Ready; }
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};

struct sometimes_ready {
  bool ready;
  bool await_ready() const { return ready; }
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct sometimes_suspends {
  bool done;
  bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<>) {
    if (done)
      return false;
    return true;
  }
  void await_resume();
};

struct transfers {
  std::coroutine_handle<> next;
  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>) {
    return next;
  }
  void await_resume();
};

struct has_member_operator {
  event operator co_await() const;
};
struct has_free_operator {};
event operator co_await(const has_free_operator &);

struct gives_suspend_always {
  std::suspend_always operator co_await() const { return {}; }
};

lazy<> standard_suspend_always() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await std::suspend_always{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> never_ready() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await ready_if<false>{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> ready_at_run_time() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await sometimes_ready{true};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> suspends_at_run_time() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await sometimes_suspends{false};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> transfers_to_another_coroutine(std::coroutine_handle<> next) {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await transfers{next};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> member_operator_co_await() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await has_member_operator{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> free_operator_co_await() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await has_free_operator{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> operator_that_gives_suspend_always() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await gives_suspend_always{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

template <class Awaiter> struct transforming {
  struct promise_type {
    transforming get_return_object();
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
    template <class T> Awaiter await_transform(T &&) { return {}; }
  };
};

transforming<event> transformed_to_an_event() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await std::suspend_never{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

// Takes a const reference: it cannot unlock.
struct reads_lock {
  const lock &held;
  explicit reads_lock(const lock &lk) : held(lk) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

// Looks at the lock and forgets it.
struct checks_lock {
  bool held;
  explicit checks_lock(lock &lk) : held(lk.owns_lock()) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct keeps_mutex {
  std::mutex &mutex;
  explicit keeps_mutex(lock &lk) : mutex(*lk.mutex()) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct keeps_lock {
  lock &held;
  explicit keeps_lock(lock &lk) : held(lk) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

lazy<> awaiter_keeps_a_const_reference() {
  lock lk(m);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await reads_lock(lk);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> awaiter_does_not_keep_the_lock() {
  lock lk(m);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await checks_lock(lk);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> awaiter_keeps_the_mutex_and_not_the_lock() {
  lock lk(m);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await keeps_mutex(lk);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> awaiter_keeps_another_lock() {
  lock a(m), b(other);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'a'{{.*}} [threadhop-guard-across-suspension]
  co_await keeps_lock(b);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'a'
}
