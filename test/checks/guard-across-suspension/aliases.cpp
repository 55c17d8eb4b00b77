// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// References and pointers to guards of the same coroutine: one warning, at the
// guard itself.

#include "coro.h"
#include "scopes.h"
#include <functional>
#include <memory>
#include <mutex>
#include <tuple>

std::mutex m, other;
bool ready;

using lock = std::unique_lock<std::mutex>;

lazy<> reference_to_an_own_guard() {
  lock lk(m);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  auto &same = lk;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> const_reference_to_an_own_guard() {
  lock lk(m);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  const auto &same = lk;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> pointer_to_an_own_guard() {
  lock lk(m);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  auto *same = &lk;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> reference_to_an_element() {
  std::tuple<lock, int> held{lock(m), 7};
  // CHECK: :[[@LINE-1]]:25: warning: {{.*}}'held{{.*}} [threadhop-guard-across-suspension]
  decltype(auto) same = std::get<0>(held);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held
}

lazy<> reference_wrapper_to_an_own_guard() {
  lock lk(m);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  auto same = std::ref(lk);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> unlocked_through_a_reference_to_another() {
  lock a(m), b(other);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'a'{{.*}} [threadhop-guard-across-suspension]
  auto &alias = b;
  alias.unlock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'a'
}

lazy<> unlocked_through_a_reference_on_one_branch() {
  lock lk(m);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  auto &same = lk;
  if (ready)
    same.unlock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> locked_through_a_reference() {
  lock lk(m, std::defer_lock);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  auto &same = lk;
  same.lock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> locked_through_a_pointer() {
  lock lk(m, std::defer_lock);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  auto *same = &lk;
  same->lock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> reference_to_what_an_own_pointer_holds() {
  auto scope = std::make_unique<trace_scope>("request");
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  trace_scope &same = *scope;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}
