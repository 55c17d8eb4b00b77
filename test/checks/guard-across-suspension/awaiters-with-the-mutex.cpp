// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// A condition variable for coroutines is given the mutex: its awaiter unlocks
// it for as long as the coroutine is suspended.

#include "coro.h"
#include <mutex>
#include <optional>
#include <utility>

struct waits_unlocked {
  std::mutex &mutex;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) noexcept {
    waiter = h;
    mutex.unlock();
  }
  void await_resume() noexcept { mutex.lock(); }
  std::coroutine_handle<> waiter;
};

struct looks_only {
  const std::mutex &mutex;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) noexcept {}
  void await_resume() noexcept {}
};

struct signal {
  waits_unlocked wait(std::mutex &m) { return {m}; }
};

class takes_the_lock {
public:
  explicit takes_the_lock(std::unique_lock<std::mutex> &lk)
      : lock_(std::move(lk)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) noexcept {
    auto gone = std::move(lock_);
  }
  void await_resume() const noexcept {}

private:
  std::unique_lock<std::mutex> lock_;
};

class keeps_the_lock {
public:
  explicit keeps_the_lock(std::unique_lock<std::mutex> &lk)
      : lock_(std::move(lk)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) noexcept { waiter_ = h; }
  void await_resume() const noexcept {}

private:
  std::unique_lock<std::mutex> lock_;
  std::coroutine_handle<> waiter_;
};

std::mutex m, other;

lazy<> silent_unlock_by_the_awaiter(signal &filled) {
  std::unique_lock lk(m);
  co_await filled.wait(m);
}

lazy<> silent_for_a_lock_guard_too(signal &filled) {
  std::lock_guard g(m);
  co_await filled.wait(m);
}

lazy<> silent_when_locked_by_hand(signal &filled) {
  m.lock();
  co_await filled.wait(m);
  m.unlock();
}

lazy<> silent_through_the_lock(signal &filled) {
  std::unique_lock lk(m);
  co_await filled.wait(*lk.mutex());
}

lazy<> silent_when_the_awaiter_takes_the_lock_and_lets_it_go() {
  std::unique_lock lk(m);
  co_await takes_the_lock(lk);
}

lazy<> next_await_is_not_that_awaiter(signal &filled) {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await filled.wait(m);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> awaiter_that_only_looks() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await looks_only{m};
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> awaiter_of_another_mutex(signal &filled) {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await filled.wait(other);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> awaiter_that_takes_the_lock_and_keeps_it() {
  std::unique_lock lk(m);
  co_await keeps_the_lock(lk);
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}temporary 'keeps_the_lock'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:3: note: suspended here
}

lazy<> silent_swapped_into_an_empty_temporary() {
  std::unique_lock lk(m);
  std::unique_lock<std::mutex>().swap(lk);
  co_await tick();
}

lazy<> silent_optional_swapped_into_an_empty_temporary() {
  std::optional<std::unique_lock<std::mutex>> lk(std::in_place, m);
  std::optional<std::unique_lock<std::mutex>>().swap(lk);
  co_await tick();
}

lazy<> swapped_with_a_temporary_that_holds() {
  std::unique_lock<std::mutex> lk;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  std::unique_lock<std::mutex>(m).swap(lk);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}
