// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%inputs

// Boost.Asio, its own headers: the completion token says where an await comes
// back, not the executor that the operation is given.

// REQUIRES: boost

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>

namespace asio = boost::asio;
std::mutex m;

asio::awaitable<void> post_to_a_pool(asio::thread_pool &pool) {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await asio::post(pool, asio::use_awaitable);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}resumes on its executor
}

asio::awaitable<void> token_bound_to_a_pool(asio::thread_pool &pool) {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await asio::post(asio::bind_executor(pool, asio::use_awaitable));
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}resumes on another thread
}

asio::awaitable<void> token_of_a_timer(asio::thread_pool &pool,
                                       asio::steady_timer &timer) {
  boost::system::error_code error;
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await timer.async_wait(asio::redirect_error(
      asio::bind_executor(pool, asio::use_awaitable), error));
  // CHECK: :[[@LINE-2]]:3: note: suspended here{{.*}}resumes on another thread
}

asio::awaitable<void> token_in_a_variable(asio::thread_pool &pool) {
  auto token = asio::bind_executor(pool, asio::use_awaitable);
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await asio::post(token);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}resumes on another thread
}
