// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%stubs -I%S/../../Inputs

// Locks of Abseil, Qt and oneTBB, whose bodies are not visible.

#include "absl.h"
#include "coro.h"
#include "qt.h"
#include "tbb.h"

absl::Mutex absl_mutex;
QMutex qt_mutex;
QReadWriteLock qt_rw;
tbb::spin_mutex tbb_mutex;
int n;

lazy<> absl_mutex_lock() {
  absl::MutexLock lock(&absl_mutex);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'lock'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lock'
}

lazy<> absl_reader_lock() {
  absl::ReaderMutexLock lock(&absl_mutex);
  // CHECK: :[[@LINE-1]]:25: warning: {{.*}}'lock'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lock'
}

lazy<> absl_mutex_by_hand() {
  absl_mutex.Lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'absl_mutex'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'absl_mutex'
  absl_mutex.Unlock();
}

lazy<> qt_locker() {
  QMutexLocker locker(&qt_mutex);
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'locker'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'locker'
}

lazy<> qt_locker_locked_again() {
  QMutexLocker<QMutex> locker(&qt_mutex);
  // CHECK: :[[@LINE-1]]:24: warning: {{.*}}'locker'{{.*}} [threadhop-guard-across-suspension]
  locker.unlock();
  locker.relock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'locker'
}

lazy<> qt_read_locker() {
  QReadLocker locker(&qt_rw);
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'locker'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'locker'
}

lazy<> qt_mutex_by_hand() {
  qt_mutex.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'qt_mutex'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'qt_mutex'
  qt_mutex.unlock();
}

lazy<> tbb_scoped_lock() {
  tbb::spin_mutex::scoped_lock lock(tbb_mutex);
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'lock'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lock'
}

lazy<> silent_absl_scope_closed() {
  {
    absl::MutexLock lock(&absl_mutex);
    ++n;
  }
  co_await tick();
}

lazy<> silent_absl_mutex_unlocked() {
  absl_mutex.Lock();
  absl_mutex.Unlock();
  co_await tick();
}

lazy<> silent_qt_locker_unlocked() {
  QMutexLocker locker(&qt_mutex);
  locker.unlock();
  co_await tick();
  locker.relock();
}

lazy<> silent_tbb_lock_released() {
  tbb::spin_mutex::scoped_lock lock(tbb_mutex);
  lock.release();
  co_await tick();
}
