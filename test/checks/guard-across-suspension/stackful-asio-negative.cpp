// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Boost.Asio, its own headers: what does not suspend a stackful coroutine, and
// what holds nothing when it does.

// REQUIRES: boost

#include <boost/asio/io_context.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <utility>

namespace asio = boost::asio;

std::mutex m;
int n;

void read_some(asio::yield_context yield);

void scope_closed(asio::steady_timer &timer, asio::yield_context yield) {
  {
    std::lock_guard g(m);
    ++n;
  }
  timer.async_wait(yield);
}

void unlocked_before(asio::yield_context yield) {
  std::unique_lock lk(m);
  ++n;
  lk.unlock();
  read_some(yield);
}

void locked_after(asio::yield_context yield) {
  read_some(yield);
  std::lock_guard g(m);
  ++n;
}

void copy_of_the_context_is_no_call(asio::yield_context yield) {
  asio::yield_context copy = yield;
  {
    std::lock_guard g(m);
    asio::yield_context another(copy);
    boost::system::error_code error;
    auto with_error = yield[error];
    (void)with_error;
    (void)another;
  }
  read_some(std::move(copy));
}

void executor_of_the_context(asio::yield_context yield) {
  std::lock_guard g(m);
  auto executor = yield.get_executor();
  (void)executor;
}

void callback_is_no_suspension(asio::steady_timer &timer,
                               asio::yield_context yield) {
  std::lock_guard g(m);
  timer.async_wait([](boost::system::error_code) {});
}

void lambda_that_has_not_run(asio::yield_context yield) {
  std::lock_guard g(m);
  auto later = [yield] { read_some(yield); };
  (void)later;
}

void lock_around_spawn(asio::io_context &io) {
  std::lock_guard g(m);
  asio::spawn(io, [](asio::yield_context yield) { read_some(yield); });
}

void child_spawned_with_the_context(asio::yield_context yield) {
  std::lock_guard g(m);
  asio::spawn(yield, [](asio::yield_context child) { read_some(child); });
}
