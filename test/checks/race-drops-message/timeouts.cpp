// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-race-drops-message \
// RUN:   -config='{CheckOptions: {threadhop-race-drops-message.ReportTimeouts: true}}' \
// RUN:   -- -std=c++20
// With ReportTimeouts a receive that races a timer is reported too.
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <string>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::use_awaitable;
using error = boost::system::error_code;
using data_channel = asio::experimental::channel<void(error, std::string)>;

asio::awaitable<bool> timer(data_channel &Data, asio::steady_timer &Timer) {
  auto Result = co_await (Data.async_receive(use_awaitable) ||
                          Timer.async_wait(use_awaitable));
  // CHECK: :[[@LINE-2]]:32: warning: {{.*}}'Data'{{.*}}[threadhop-race-drops-message]
  // CHECK: :[[@LINE-3]]:61: note: raced here
  co_return Result.index() == 0;
}
