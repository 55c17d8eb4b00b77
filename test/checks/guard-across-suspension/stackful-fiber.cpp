// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Boost.Fiber, its own headers: an ordinary call gives the thread to another
// fiber.

// REQUIRES: boost

#include <boost/fiber/condition_variable.hpp>
#include <boost/fiber/mutex.hpp>
#include <boost/fiber/operations.hpp>
#include <chrono>
#include <mutex>

std::mutex m;
boost::fibers::mutex fiber_mutex;
bool ready;
int n;

void lock_over_a_yield() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  boost::this_fiber::yield();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'g'
}

void lock_over_a_sleep() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  boost::this_fiber::sleep_for(std::chrono::milliseconds(1));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'lk'
}

void unlocked_on_one_branch() {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  if (ready)
    lk.unlock();
  boost::this_fiber::yield();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'lk'
}

void lock_over_the_lock_of_a_fiber_mutex() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  fiber_mutex.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'g'
  fiber_mutex.unlock();
}

void locked_by_hand() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  boost::this_fiber::yield();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'m'
  m.unlock();
}

void silent_scope_closed() {
  {
    std::lock_guard g(m);
    ++n;
  }
  boost::this_fiber::yield();
}

void silent_fiber_mutex() {
  std::unique_lock<boost::fibers::mutex> lk(fiber_mutex);
  boost::this_fiber::yield();
}

void silent_fiber_mutex_by_hand() {
  fiber_mutex.lock();
  boost::this_fiber::yield();
  fiber_mutex.unlock();
}

void silent_condition_variable_of_fibers(
    boost::fibers::condition_variable &changed) {
  std::unique_lock<boost::fibers::mutex> lk(fiber_mutex);
  changed.wait(lk, [] { return ready; });
}

void silent_fiber_id() {
  std::lock_guard g(m);
  (void)boost::this_fiber::get_id();
}
