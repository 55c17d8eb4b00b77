// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// The mutex decides, not the name of the guard: mutexes of a project that are
// owned by a thread, as their bodies show.

#include "coro.h"
#include <atomic>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <thread>

class spinlock {
public:
  void lock() {
    while (busy_.test_and_set(std::memory_order_acquire))
      std::this_thread::yield();
  }
  void unlock() { busy_.clear(std::memory_order_release); }

private:
  std::atomic_flag busy_;
};

class counted_mutex {
public:
  void lock() {
    inner_.lock();
    ++count_;
  }
  void unlock() { inner_.unlock(); }
  bool try_lock() { return inner_.try_lock(); }

private:
  std::mutex inner_;
  int count_ = 0;
};

class posix_mutex {
public:
  void lock() { pthread_mutex_lock(&handle_); }
  void unlock() { pthread_mutex_unlock(&handle_); }

private:
  pthread_mutex_t handle_ = PTHREAD_MUTEX_INITIALIZER;
};

struct named_mutex : std::mutex {
  const char *name = "";
};

using alias_mutex = std::recursive_timed_mutex;

spinlock spin;
counted_mutex counted;
posix_mutex posix;
named_mutex named;
alias_mutex aliased;
std::shared_timed_mutex shared;

lazy<> lock_guard_of_a_spinlock() {
  std::lock_guard g(spin);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> unique_lock_of_a_spinlock() {
  std::unique_lock<spinlock> lk(spin);
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> spinlock_locked_by_hand() {
  spin.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'spin'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'spin'
  spin.unlock();
}

lazy<> wrapped_mutex() {
  std::lock_guard<counted_mutex> g(counted);
  // CHECK: :[[@LINE-1]]:34: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> wrapped_mutex_locked_by_hand() {
  counted.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'counted'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'counted'
  counted.unlock();
}

lazy<> wrapped_posix_mutex() {
  std::scoped_lock g(posix);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> derived_from_a_mutex() {
  std::lock_guard g(named);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> alias_of_a_mutex() {
  std::lock_guard<alias_mutex> g(aliased);
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> shared_timed_mutex() {
  std::shared_lock reading(shared);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'reading'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'reading'
}

lazy<> one_thread_mutex_among_two(coro_mutex &tasks) {
  co_await tasks.lock();
  spin.lock();
  std::scoped_lock both(std::adopt_lock, tasks, spin);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'both'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'both'
}
