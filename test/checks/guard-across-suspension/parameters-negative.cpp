// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Parameters that hold nothing, are somebody else's, or are never suspended
// over.

#include "coro.h"
#include "scopes.h"
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

std::mutex m;
int n;

void finish(std::unique_lock<std::mutex>);

fire_and_forget never_suspended(std::unique_lock<std::mutex> lk) {
  ++n;
  co_return;
}

fire_and_forget released_before_the_await(std::unique_lock<std::mutex> lk) {
  ++n;
  lk.unlock();
  co_await tick();
}

fire_and_forget moved_away_before_the_await(std::unique_lock<std::mutex> lk) {
  finish(std::move(lk));
  co_await tick();
}

hot<> released_before_the_end(std::unique_lock<std::mutex> lk) {
  ++n;
  lk.unlock();
  co_return;
}

hot<> moved_to_a_local_that_ends(std::unique_lock<std::mutex> lk) {
  auto own = std::move(lk);
  ++n;
  co_return;
}

hot<> reset_before_the_await(std::unique_ptr<trace_scope> scope) {
  scope.reset();
  co_await tick();
}

lazy<> reference_parameter(std::unique_lock<std::mutex> &lk) {
  co_await tick();
}

lazy<> const_reference_parameter(const std::unique_lock<std::mutex> &lk) {
  co_await tick();
}

lazy<> rvalue_reference_parameter(std::unique_lock<std::mutex> &&lk) {
  co_await tick();
}

lazy<> pointer_parameter(std::unique_lock<std::mutex> *lk) { co_await tick(); }

lazy<> context_guard_by_reference(const trace_scope &scope) { co_await tick(); }

lazy<>
wrapped_reference(std::reference_wrapper<std::unique_lock<std::mutex>> lk) {
  co_await tick();
}

lazy<> lock_of_a_coroutine_mutex(std::unique_lock<coro_mutex> lk) {
  co_await tick();
}

lazy<> guard_of_a_coroutine_mutex(coro_mutex::hold hold) { co_await tick(); }

lazy<> mutex_by_pointer(std::mutex *mutex) {
  co_await tick();
  std::lock_guard g(*mutex);
}

int plain_function(std::unique_lock<std::mutex> lk) { return n; }

lazy<> parameter_of_a_plain_lambda() {
  auto bump = [](std::unique_lock<std::mutex> lk) { ++n; };
  bump(std::unique_lock(m));
  co_await tick();
}

lazy<> declared_only(std::unique_lock<std::mutex> lk);

lazy<> hands_its_lock_to_another_coroutine() {
  std::unique_lock lk(m);
  co_await declared_only(std::move(lk));
}

// Starts at once although its promise has an initial awaiter.
struct ready_awaiter {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
struct immediate {
  using promise_type =
      detail::promise<immediate, void, ready_awaiter, ready_awaiter>;
};

immediate
initial_awaiter_that_is_always_ready(std::unique_lock<std::mutex> lk) {
  ++n;
  co_return;
}
