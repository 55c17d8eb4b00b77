// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Boost.Thread, its own headers.

// REQUIRES: boost

#include "coro.h"
#include <boost/thread/lock_guard.hpp>
#include <boost/thread/locks.hpp>
#include <boost/thread/mutex.hpp>
#include <boost/thread/shared_mutex.hpp>

boost::mutex m;
boost::shared_mutex rw;

lazy<> boost_lock_guard() {
  boost::lock_guard<boost::mutex> g(m);
  // CHECK: :[[@LINE-1]]:35: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> boost_unique_lock() {
  boost::unique_lock<boost::mutex> lk(m);
  // CHECK: :[[@LINE-1]]:36: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> boost_scoped_lock() {
  boost::mutex::scoped_lock lk(m);
  // CHECK: :[[@LINE-1]]:29: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> boost_shared_lock() {
  boost::shared_lock<boost::shared_mutex> reading(rw);
  // CHECK: :[[@LINE-1]]:43: warning: {{.*}}'reading'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'reading'
}

lazy<> boost_mutex_by_hand() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
  m.unlock();
}

lazy<> silent_unlocked() {
  boost::unique_lock<boost::mutex> lk(m);
  lk.unlock();
  co_await tick();
}

lazy<> silent_deferred() {
  boost::unique_lock<boost::mutex> lk(m, boost::defer_lock);
  co_await tick();
}

lazy<> silent_coroutine_mutex(coro_mutex &mutex) {
  co_await mutex.lock();
  boost::unique_lock<coro_mutex> lk(mutex, boost::adopt_lock);
  co_await tick();
}
