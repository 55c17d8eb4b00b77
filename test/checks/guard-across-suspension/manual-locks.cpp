// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Mutexes that are locked by hand. The warning stands at the call that locks.

#include "coro.h"
#include <mutex>
#include <pthread.h>
#include <shared_mutex>

std::mutex m, other;
std::shared_mutex rw;
std::timed_mutex timed;
pthread_mutex_t posix = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t posix_rw = PTHREAD_RWLOCK_INITIALIZER;
bool ready;
int n;

bool more();
void might_throw();

lazy<> locked_around_an_await() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
  ++n;
  m.unlock();
}

lazy<> every_suspension_is_noted() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
  int x = co_await tock();
  // CHECK: :[[@LINE-1]]:11: note: suspended here{{.*}}'m'
  n += x;
  m.unlock();
}

lazy<> never_unlocked() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
}

lazy<> unlocked_on_one_branch() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  if (ready)
    m.unlock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
}

lazy<> other_mutex_unlocked() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  other.lock();
  other.unlock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
  m.unlock();
}

lazy<> locked_on_one_branch() {
  if (ready)
    m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
  if (ready)
    m.unlock();
}

lazy<> locked_by_the_iteration_before() {
  while (more()) {
    co_await tick();
    m.lock();
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
    // CHECK: :[[@LINE-3]]:5: note: suspended here{{.*}}'m'
  }
}

lazy<> locked_again() {
  m.lock();
  m.unlock();
  co_await tick();
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  co_await tock();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
  m.unlock();
}

lazy<> shared_for_reading() {
  rw.lock_shared();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'rw'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'rw'
  rw.unlock_shared();
}

lazy<> tried_in_a_condition() {
  if (m.try_lock()) {
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'m'
    m.unlock();
  }
}

lazy<> past_a_failed_try() {
  if (!m.try_lock())
    co_return;
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
  m.unlock();
}

lazy<> tried_for_a_while() {
  if (timed.try_lock_for(std::chrono::seconds(1))) {
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'timed'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'timed'
    timed.unlock();
  }
}

lazy<> result_of_the_try_in_a_variable() {
  bool locked = m.try_lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  if (locked)
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'m'
  if (locked)
    m.unlock();
}

lazy<> one_of_two_locked_together() {
  std::lock(m, other);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'other'{{.*}} [threadhop-guard-across-suspension]
  m.unlock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'other'
  other.unlock();
}

lazy<> locked_together_and_adopted() {
  std::lock(m, other);
  std::lock_guard a(m, std::adopt_lock);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'a'{{.*}} [threadhop-guard-across-suspension]
  std::lock_guard b(other, std::adopt_lock);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'a'
  // CHECK: :[[@LINE-3]]:19: warning: {{.*}}'b'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-3]]:3: note: suspended here{{.*}}'b'
}

lazy<> posix_mutex() {
  pthread_mutex_lock(&posix);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'{{posix|pthread_mutex_lock}}'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'{{posix|pthread_mutex_lock}}'
  pthread_mutex_unlock(&posix);
}

lazy<> posix_reader() {
  pthread_rwlock_rdlock(&posix_rw);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'{{posix_rw|pthread_rwlock_rdlock}}'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'{{posix_rw|pthread_rwlock_rdlock}}'
  pthread_rwlock_unlock(&posix_rw);
}

class account {
public:
  lazy<> member_of_this() {
    mutex_.lock();
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}mutex_'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}mutex_'
    mutex_.unlock();
  }

  lazy<> member_of_this_written_out() {
    this->mutex_.lock();
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}mutex_'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}mutex_'
    this->mutex_.unlock();
  }

  std::mutex mutex_;
};

lazy<> mutex_of_another_object(account &a) {
  a.mutex_.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}mutex_'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  a.mutex_.unlock();
}

lazy<> same_member_of_another_object_unlocked(account &a, account &b) {
  a.mutex_.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}mutex_'{{.*}} [threadhop-guard-across-suspension]
  b.mutex_.lock();
  b.mutex_.unlock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  a.mutex_.unlock();
}

lazy<> mutex_by_reference(std::mutex &mutex) {
  mutex.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'mutex'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'mutex'
  mutex.unlock();
}

lazy<> mutex_by_pointer(std::mutex *mutex) {
  mutex->lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}mutex'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  mutex->unlock();
}

lazy<> handler_is_the_only_one_to_unlock() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  try {
    might_throw();
  } catch (...) {
    m.unlock();
    throw;
  }
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
  m.unlock();
}

generator<int> locked_around_a_yield() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  co_yield n;
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
  m.unlock();
}
