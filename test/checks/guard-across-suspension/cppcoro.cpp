// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%stubs -I%S/../../Inputs

// cppcoro: a mutex for coroutines, and a pool whose threads resume.

#include "cppcoro.h"
#include "coro.h"
#include <mutex>

std::mutex m;

lazy<> thread_mutex_over_a_change_of_thread(cppcoro::static_thread_pool &pool) {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await pool.schedule();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}another thread
}

lazy<> silent_scoped_lock(cppcoro::async_mutex &mutex) {
  auto lk = co_await mutex.scoped_lock_async();
  co_await tick();
}

lazy<> silent_adopted_lock(cppcoro::async_mutex &mutex) {
  co_await mutex.lock_async();
  cppcoro::async_mutex_lock lk(mutex);
  co_await tick();
}

lazy<> silent_standard_lock(cppcoro::async_mutex &mutex) {
  co_await mutex.lock_async();
  std::unique_lock lk(mutex, std::adopt_lock);
  co_await tick();
}
