// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// What looks like a release and is none, comes too late, or happens on some
// paths only.

#include "coro.h"
#include "scopes.h"
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

std::mutex m, other;
std::condition_variable changed;
bool ready;
int n;

bool more();
void finish(std::unique_lock<std::mutex>);

void unlock_if(std::unique_lock<std::mutex> &lk, bool quick) {
  if (quick)
    lk.unlock();
}
void check_held(std::unique_lock<std::mutex> &lk) {
  if (!lk.owns_lock())
    throw n;
}
void take_again(std::unique_lock<std::mutex> &lk) { lk.lock(); }
bool is_held(const std::unique_lock<std::mutex> &lk) { return lk.owns_lock(); }

lazy<> unlocked_on_one_branch() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (ready)
    lk.unlock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> unlocked_in_a_loop_that_may_not_run() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  while (more())
    if (lk)
      lk.unlock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> unlocked_after_the_await() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
  lk.unlock();
}

lazy<> unlocked_between_two_awaits() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
  lk.unlock();
  co_await tock();
  // CHECK-NOT: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here
}

lazy<> locked_again_before_the_await() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  lk.unlock();
  lk.lock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> second_of_two_awaits() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  lk.unlock();
  co_await tick();
  // CHECK-NOT: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here
  lk.lock();
  co_await tock();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> deferred_and_locked() {
  std::unique_lock lk(m, std::defer_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  lk.lock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> the_other_lock_is_unlocked() {
  std::unique_lock a(m), b(other);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'a'{{.*}} [threadhop-guard-across-suspension]
  b.unlock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'a'
}

lazy<> moved_there_and_back() {
  std::unique_lock a(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'a'{{.*}} [threadhop-guard-across-suspension]
  auto b = std::move(a);
  a = std::move(b);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'a'
}

lazy<> moved_to_another_local() {
  std::unique_lock a(m);
  auto b = std::move(a);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'b'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'b'
}

lazy<> assigned_a_held_lock() {
  std::unique_lock<std::mutex> lk;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  lk = std::unique_lock(m);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> moved_away_on_one_branch() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (ready)
    finish(std::move(lk));
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> cast_to_an_rvalue_and_not_moved() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  (void)std::move(lk);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> bound_to_an_rvalue_reference_and_not_moved() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  auto &&same = std::move(lk);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> swapped_with_an_empty_lock() {
  std::unique_lock a(m);
  std::unique_lock<std::mutex> b;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'b'{{.*}} [threadhop-guard-across-suspension]
  a.swap(b);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'b'
}

lazy<> swapped_by_the_free_function() {
  std::unique_lock a(m);
  std::unique_lock<std::mutex> b;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'b'{{.*}} [threadhop-guard-across-suspension]
  std::swap(a, b);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'b'
}

lazy<> helper_unlocks_sometimes() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  unlock_if(lk, ready);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> helper_only_looks() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  check_held(lk);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> helper_takes_a_const_reference() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (is_held(lk))
    ++n;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> helper_locks_again() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  lk.unlock();
  take_again(lk);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> condition_variable_returns_with_the_lock_held() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  changed.wait(lk);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> lambda_that_unlocks_is_called_too_late() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  auto done = [&] { lk.unlock(); };
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
  done();
}

lazy<> lambda_that_unlocks_is_never_called() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  auto done = [&lk] { lk.unlock(); };
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> branch_that_owns_the_lock() {
  std::unique_lock lk(m, std::try_to_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (lk.owns_lock())
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
}

lazy<> branch_that_owns_the_lock_by_its_conversion() {
  std::unique_lock lk(m, std::try_to_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (lk)
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
}

lazy<> past_the_branch_that_does_not_own_the_lock() {
  std::unique_lock lk(m, std::try_to_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (!lk.owns_lock())
    co_return;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> tried_and_not_looked_at() {
  std::unique_lock lk(m, std::try_to_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> tried_later() {
  std::unique_lock lk(m, std::defer_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (lk.try_lock())
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
}

lazy<> owner_reset_on_one_branch() {
  auto scope = std::make_unique<trace_scope>("request");
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  if (ready)
    scope.reset();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}
