// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/Inputs -I%S/../../Inputs

// Guards and awaits that come out of macros are reported where the macro is
// used.

#include "coro.h"
#include "guard-macros.h"
#include "scopes.h"

std::mutex m;
int n;

lazy<> guard_made_by_a_macro() {
  LOCKED(m);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'locked_{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> name_given_to_the_macro() {
  NAMED_LOCK(lk, m);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> context_guard_made_by_a_macro() {
  TRACED("request");
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'traced_scope_'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> await_made_by_a_macro() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  n = AWAIT(tick());
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'g'
}

lazy<> both_made_by_macros() {
  LOCKED(m);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'locked_{{.*}} [threadhop-guard-across-suspension]
  n = AWAIT(tick());
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here
}

lazy<> init_statement_made_by_a_macro() {
  LOCKED_BLOCK(m) {
    // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'g{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here
  }
}

#define COROUTINE(name, body)                                                  \
  lazy<> name() { body }
COROUTINE(whole_body_in_an_argument, std::lock_guard g(m); co_await tick();)
// CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
// CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: suspended here{{.*}}'g'
