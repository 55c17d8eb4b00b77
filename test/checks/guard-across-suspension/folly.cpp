// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%stubs -I%S/../../Inputs

// folly: its own task saves and restores the request context around every
// suspension, other tasks do not; its coroutine mutex has no owner thread.

#include "folly.h"
#include "coro.h"
#include <mutex>

std::mutex m;

lazy<> request_context_in_another_task() {
  folly::RequestContextScopeGuard guard;
  // CHECK: :[[@LINE-1]]:35: warning: {{.*}}'guard'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'guard'
}

folly::coro::Task<> thread_mutex_in_follys_task() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

folly::coro::Task<> silent_request_context_in_follys_task() {
  folly::RequestContextScopeGuard guard;
  co_await tick();
}

folly::coro::Task<int> silent_request_context_in_follys_task_with_a_value() {
  folly::RequestContextScopeGuard guard;
  co_return co_await tick();
}

lazy<> silent_request_context_closed() {
  {
    folly::RequestContextScopeGuard guard;
  }
  co_await tick();
}

folly::coro::Task<> silent_coroutine_mutex(folly::coro::Mutex &mutex) {
  auto lk = co_await mutex.co_scoped_lock();
  co_await tick();
}

lazy<> silent_adopted_coroutine_mutex(folly::coro::Mutex &mutex) {
  co_await mutex.co_lock();
  std::unique_lock lk(mutex, std::adopt_lock);
  co_await tick();
}

lazy<> silent_coroutine_mutex_by_hand(folly::coro::Mutex &mutex) {
  co_await mutex.co_lock();
  co_await tick();
  mutex.unlock();
}
