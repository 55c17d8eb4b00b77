// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// NOLINT comments of clang-tidy.

#include "coro.h"
#include <mutex>

std::mutex m, other;

lazy<> silent_on_the_line() {
  std::lock_guard g(m); // NOLINT(threadhop-guard-across-suspension)
  co_await tick();
}

lazy<> silent_without_a_name() {
  std::lock_guard g(m); // NOLINT
  co_await tick();
}

lazy<> silent_by_a_pattern() {
  std::lock_guard g(m); // NOLINT(threadhop-*)
  co_await tick();
}

lazy<> silent_on_the_next_line() {
  // NOLINTNEXTLINE(threadhop-guard-across-suspension)
  std::lock_guard g(m);
  co_await tick();
}

// NOLINTBEGIN(threadhop-guard-across-suspension)
lazy<> silent_in_a_region() {
  std::lock_guard g(m);
  co_await tick();
}
// NOLINTEND(threadhop-guard-across-suspension)

lazy<> another_check_is_named() {
  std::lock_guard g(m); // NOLINT(misc-coroutine-hostile-raii)
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> only_one_of_two_guards() {
  std::lock_guard a(m); // NOLINT(threadhop-guard-across-suspension)
  std::lock_guard b(other);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'b'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'b'
}
