// RUN: %check_threadhop %s threadhop-guard-across-suspension \
// RUN:   -config='{CheckOptions: {ModelFiles: "%S/Inputs/acme.json"}}' -- \
// RUN:   -std=c++20 -I%inputs -I%S/Inputs

// Each section of a model file of the user's own, given by the option.

#include "acme.h"
#include <mutex>

lazy<> guard() {
  acme::request_scope scope;
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'scope'{{.*}}it clears the request of the thread it ends on{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> silent_guard_that_was_ended() {
  acme::request_scope scope;
  scope.complete();
  co_await tick();
}

lazy<> function_that_resumes_elsewhere(acme::pool &pool) {
  acme::vm_lock vm;
  // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'vm'{{.*}} [threadhop-guard-across-suspension]
  co_await pool.schedule();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}resumes on another thread (model 'acme')
}

lazy<> silent_owner_over_a_type_that_stays() {
  acme::vm_lock vm;
  co_await acme::loop_turn();
}

lazy<> silent_function_that_never_suspends() {
  acme::request_scope scope;
  co_await acme::checkpoint();
}

lazy<> silent_owner_by_the_executor(acme::inline_executor &executor) {
  acme::vm_lock vm;
  co_await acme::resume_on(executor);
}

lazy<> macro() {
  ACME_TRACE("macro");
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}ACME_TRACE{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> paired_calls() {
  acme::enter();
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'enter'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  acme::leave();
}

lazy<> silent_mutex_that_no_thread_owns(acme::fiber_mutex &m) {
  std::unique_lock lock(m);
  co_await tick();
}

void suspending_call() {
  acme::request_scope scope;
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  acme::fiber_yield();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

void suspending_argument(acme::yield_context yield) {
  acme::request_scope scope;
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  acme::read(yield);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

acme::task silent_context_that_the_coroutine_saves() {
  acme::request_scope scope;
  co_await tick();
}

acme::task silent_owner_in_a_coroutine_that_stays() {
  acme::vm_lock vm;
  co_await tick();
}
