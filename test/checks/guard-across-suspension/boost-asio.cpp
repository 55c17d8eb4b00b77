// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Boost.Asio, its own headers: C++20 coroutines.

// REQUIRES: boost

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>

namespace asio = boost::asio;

std::mutex m;
int n;

asio::awaitable<void> child();
asio::awaitable<int> answer();

asio::awaitable<void> lock_over_a_timer(asio::steady_timer &timer) {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await timer.async_wait(asio::use_awaitable);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

asio::awaitable<void> lock_over_a_child() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  n = co_await answer();
  // CHECK: :[[@LINE-1]]:7: note: suspended here{{.*}}'g'
}

asio::awaitable<void> lock_over_a_post(asio::io_context &io) {
  std::unique_lock lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await asio::post(io, asio::use_awaitable);
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

asio::awaitable<void> silent_own_executor_is_no_suspension() {
  std::lock_guard g(m);
  auto executor = co_await asio::this_coro::executor;
  (void)executor;
}

asio::awaitable<void> silent_scope_closed(asio::steady_timer &timer) {
  {
    std::lock_guard g(m);
    ++n;
  }
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<int> silent_return_under_the_lock() {
  co_await child();
  std::lock_guard g(m);
  co_return n;
}
