// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// co_yield suspends too: the caller runs while the guard lives.

#include "coro.h"
#include "scopes.h"
#include <mutex>
#include <vector>

std::mutex m;
std::vector<int> table;

generator<int> lock_over_a_yield() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_yield 1;
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

generator<int> lock_over_a_loop_of_yields() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  for (int x : table)
    co_yield x;
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
}

generator<int> context_guard_over_a_yield() {
  trace_scope scope("walk");
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_yield 1;
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

generator<int> every_yield_is_noted() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_yield 1;
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
  co_yield 2;
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
  lk.unlock();
  co_yield 3;
  // CHECK-NOT: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here
}

generator<int> lock_in_an_init_statement() {
  if (std::scoped_lock g(m); !table.empty())
    // CHECK: :[[@LINE-1]]:24: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_yield table.front();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
}

generator<std::unique_lock<std::mutex>> guard_next_to_the_yielded_one() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_yield std::unique_lock<std::mutex>();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

// A generator that awaits.
template <class T> struct stream {
  struct promise_type {
    stream get_return_object();
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    event yield_value(T);
    void return_void() {}
    void unhandled_exception() {}
  };
};

stream<int> lock_over_a_yield_and_an_await() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_yield 1;
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

stream<int> await_in_the_yielded_value() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_yield co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
  // CHECK: :[[@LINE-2]]:12: note: suspended here{{.*}}'g'
}
