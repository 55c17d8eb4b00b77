// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Boost.Asio, its own headers: in a stackful coroutine a call that takes the
// yield_context suspends.

// REQUIRES: boost

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>

namespace asio = boost::asio;

std::mutex m;
int n;

void read_some(asio::yield_context yield);
int read_number(const asio::yield_context &yield);

void lock_over_a_timer(asio::steady_timer &timer, asio::yield_context yield) {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  timer.async_wait(yield);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'g'
}

void lock_in_a_spawned_lambda(asio::io_context &io) {
  asio::spawn(io, [&io](asio::yield_context yield) {
    std::lock_guard g(m);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    asio::steady_timer timer(io);
    timer.async_wait(yield);
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'g'
  });
}

void lock_over_a_timer_with_an_error_code(asio::steady_timer &timer,
                                          asio::yield_context yield) {
  boost::system::error_code error;
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  timer.async_wait(yield[error]);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'lk'
}

void lock_over_a_post(asio::io_context &io, asio::yield_context yield) {
  std::scoped_lock g(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  asio::post(io, yield);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'g'
}

void lock_over_a_function_that_takes_the_context(asio::yield_context yield) {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  read_some(yield);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'g'
  n += read_number(yield);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'g'
}

void locked_by_hand(asio::yield_context yield) {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  read_some(yield);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here{{.*}}'m'
  m.unlock();
}
