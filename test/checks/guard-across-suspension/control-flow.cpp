// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Init-statements, conditions, loops, jumps: every place where a guard can be
// declared and every way on which it reaches a suspension.

#include "coro.h"
#include "scopes.h"
#include <mutex>
#include <vector>

std::mutex m;
bool ready;
int n;

void use(int);
bool more();
void might_throw();
std::vector<int> items();
lazy<std::vector<int>> list();

lazy<> init_statement_of_if() {
  if (std::scoped_lock g(m); ready)
    // CHECK: :[[@LINE-1]]:24: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
}

lazy<> init_statement_of_if_alive_in_else() {
  if (std::lock_guard<std::mutex> g(m); ready) {
    // CHECK: :[[@LINE-1]]:35: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    use(n);
  } else {
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  }
}

lazy<> init_statement_alive_in_else_if() {
  if (std::lock_guard g(m); ready)
    // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    use(n);
  else if (more())
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
}

lazy<> init_statement_of_if_constexpr() {
  if constexpr (std::lock_guard g(m); true)
    // CHECK: :[[@LINE-1]]:33: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
}

lazy<> condition_variable_of_if() {
  if (std::unique_lock<std::mutex> lk{m, std::try_to_lock})
    // CHECK: :[[@LINE-1]]:36: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
}

lazy<> init_statement_of_switch() {
  switch (std::lock_guard g(m); n) {
    // CHECK: :[[@LINE-1]]:27: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  case 1:
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
    break;
  default:
    break;
  }
}

lazy<> init_statement_of_for() {
  for (std::lock_guard g(m); more();)
    // CHECK: :[[@LINE-1]]:24: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
}

lazy<> init_statement_of_range_for() {
  for (std::lock_guard g(m); int x : items())
    // CHECK: :[[@LINE-1]]:24: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    use(x + co_await tick());
  // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'g'
}

lazy<> condition_variable_of_while() {
  while (std::unique_lock<std::mutex> lk{m, std::try_to_lock})
    // CHECK: :[[@LINE-1]]:39: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
}

lazy<> context_guard_in_an_init_statement() {
  if (trace_scope scope("flush"); ready)
    // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'scope'
}

lazy<> await_in_an_init_statement() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  if (int x = co_await tick(); x > n)
    // CHECK: :[[@LINE-1]]:15: note: suspended here{{.*}}'g'
    use(x);
}

lazy<> await_in_the_condition_of_if() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  if (co_await tick())
    // CHECK: :[[@LINE-1]]:7: note: suspended here{{.*}}'g'
    use(n);
}

lazy<> await_in_the_condition_after_the_init_statement() {
  if (std::lock_guard g(m); co_await tick())
    // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    // CHECK: :[[@LINE-2]]:29: note: suspended here{{.*}}'g'
    use(n);
}

lazy<> await_in_the_condition_of_while() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  while (co_await tick())
    // CHECK: :[[@LINE-1]]:10: note: suspended here{{.*}}'g'
    use(n);
}

lazy<> await_in_the_condition_of_do() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  do
    use(n);
  while (co_await tick());
  // CHECK: :[[@LINE-1]]:10: note: suspended here{{.*}}'g'
}

lazy<> await_in_the_condition_of_switch() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  switch (co_await tick()) {
    // CHECK: :[[@LINE-1]]:11: note: suspended here{{.*}}'g'
  case 1:
    use(n);
  }
}

lazy<> await_in_the_increment_of_for() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  for (int i = 0; i < n; i += co_await tick())
    // CHECK: :[[@LINE-1]]:31: note: suspended here{{.*}}'g'
    use(i);
}

lazy<> await_in_the_range_of_range_for() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  for (int x : co_await list())
    // CHECK: :[[@LINE-1]]:16: note: suspended here{{.*}}'g'
    use(x);
}

lazy<> await_in_one_arm_of_a_conditional() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  use(ready ? n : co_await tick());
  // CHECK: :[[@LINE-1]]:19: note: suspended here{{.*}}'g'
}

lazy<> await_in_both_arms_of_a_conditional() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  use(ready ? co_await tick() : co_await tock());
  // CHECK: :[[@LINE-1]]:15: note: suspended here{{.*}}'g'
  // CHECK: :[[@LINE-2]]:33: note: suspended here{{.*}}'g'
}

lazy<> await_after_a_logical_and() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  if (ready && co_await tick())
    // CHECK: :[[@LINE-1]]:16: note: suspended here{{.*}}'g'
    use(n);
}

lazy<> await_after_a_logical_or() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  use(ready || co_await tick());
  // CHECK: :[[@LINE-1]]:16: note: suspended here{{.*}}'g'
}

lazy<> guard_of_a_loop_body() {
  for (int x : items()) {
    std::lock_guard g(m);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    use(x + co_await tick());
    // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'g'
  }
}

lazy<> guard_around_a_loop() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  while (more()) {
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  }
}

lazy<> locked_by_the_iteration_before() {
  std::unique_lock lk(m, std::defer_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  while (more()) {
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
    if (!lk.owns_lock())
      lk.lock();
  }
}

lazy<> left_the_loop_while_locked() {
  std::unique_lock lk(m, std::defer_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  for (;;) {
    lk.lock();
    if (ready)
      break;
    lk.unlock();
  }
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> continued_while_locked() {
  std::unique_lock lk(m, std::defer_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  while (more()) {
    if (lk.owns_lock())
      co_await tick();
    // CHECK: :[[@LINE-1]]:7: note: suspended here{{.*}}'lk'
    if (!lk.owns_lock())
      lk.lock();
    if (ready)
      continue;
    lk.unlock();
  }
}

lazy<> one_branch_leaves_and_the_other_awaits() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  if (ready)
    co_return;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> locked_in_one_branch_only() {
  std::unique_lock lk(m, std::defer_lock);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (ready)
    lk.lock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> backward_goto() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
again:
  use(n);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
  if (more())
    goto again;
}

lazy<> forward_goto_within_the_scope() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  if (ready)
    goto wait;
  use(n);
wait:
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> case_that_falls_through() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  switch (n) {
  case 1:
    lk.unlock();
    break;
  case 2:
    use(n);
    [[fallthrough]];
  case 3:
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
  }
}

lazy<> guard_and_await_in_a_try_block() {
  try {
    std::lock_guard g(m);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  } catch (...) {
  }
}

lazy<> guard_around_a_try_block() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  try {
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  } catch (int) {
  }
}

lazy<> await_after_a_try_block() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  try {
    might_throw();
  } catch (...) {
  }
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> await_after_a_return_that_may_not_happen() {
  trace_scope scope("all");
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  for (int x : items())
    if (x > n)
      co_return;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> other_branch_of_the_same_condition(bool need) {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (need)
    lk.unlock();
  if (!need)
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
}

lazy<> condition_changed_in_between(bool need) {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (need)
    lk.unlock();
  need = more();
  if (need)
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
}

lazy<> same_looking_call_is_not_the_same_condition() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (more())
    lk.unlock();
  if (more())
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
}
