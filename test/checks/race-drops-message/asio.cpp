// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-race-drops-message -- -std=c++20
// Receives that lose a race, with Boost.Asio's own headers.
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <string>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::awaitable;
using asio::use_awaitable;
using error = boost::system::error_code;
using data_channel = asio::experimental::channel<void(error, std::string)>;
using signal_channel = asio::experimental::channel<void(error)>;

void use(const std::string &);

awaitable<void> againstAStop(data_channel &Data, signal_channel &Stop) {
  for (;;) {
    auto Result = co_await (Stop.async_receive(use_awaitable) ||
                            Data.async_receive(use_awaitable));
// CHECK: :[[@LINE-1]]:34: warning: {{.*}}received from 'Data'{{.*}}[threadhop-race-drops-message]
// CHECK: :[[@LINE-3]]:63: note: raced here
// CHECK: :[[@LINE-4]]:29: note: this one can win
    if (Result.index() == 0)
      co_return;
    use(std::get<1>(Result));
  }
}

awaitable<void> twoChannels(data_channel &One, data_channel &Other) {
  auto Result = co_await (One.async_receive(use_awaitable) ||
// CHECK: :[[@LINE-1]]:31: warning: {{.*}}received from 'One'{{.*}}[threadhop-race-drops-message]
// CHECK: :[[@LINE-2]]:60: note: raced here
// CHECK: :[[@LINE+1]]:27: note: this one can win
                          Other.async_receive(use_awaitable));
// CHECK: :[[@LINE-1]]:33: warning: {{.*}}received from 'Other'{{.*}}[threadhop-race-drops-message]
// CHECK: :[[@LINE-6]]:60: note: raced here
// CHECK: :[[@LINE-7]]:27: note: this one can win
  use(Result.index() ? std::get<1>(Result) : std::get<0>(Result));
}

awaitable<std::string> next(data_channel &Data) {
  co_return co_await Data.async_receive(use_awaitable);
// CHECK: :[[@LINE-1]]:27: warning: {{.*}}received from 'Data'{{.*}}[threadhop-race-drops-message]
// CHECK: :[[@LINE+5]]:28: note: raced here
// CHECK: :[[@LINE+4]]:31: note: this one can win
}
awaitable<void> throughACoroutine(data_channel &Data, signal_channel &Stop) {
  auto Result =
      co_await (next(Data) || Stop.async_receive(use_awaitable));
  if (Result.index() == 0)
    use(std::get<0>(Result));
}

awaitable<void> overlooked(data_channel &Data, signal_channel &Stop) {
  auto [Order, StopError, DataError, Text] =
      co_await asio::experimental::make_parallel_group(
          Stop.async_receive(asio::deferred),
          Data.async_receive(asio::deferred))
// CHECK: :[[@LINE-1]]:16: warning: {{.*}}received from 'Data'{{.*}}[threadhop-race-drops-message]
// CHECK: :[[@LINE-4]]:16: note: raced here
// CHECK: :[[@LINE-4]]:16: note: this one can win
          .async_wait(asio::experimental::wait_for_one(), use_awaitable);
  if (Order[0] == 0)
    co_return;
  use("received");
}

awaitable<void> ofTwo(data_channel &One, data_channel &Other) {
  auto [Order, OneError, Text, OtherError, OtherText] =
      co_await asio::experimental::make_parallel_group(
          One.async_receive(asio::deferred),
          Other.async_receive(asio::deferred))
// CHECK: :[[@LINE-1]]:17: warning: {{.*}}received from 'Other'{{.*}}[threadhop-race-drops-message]
// CHECK: :[[@LINE-4]]:16: note: raced here
// CHECK: :[[@LINE-4]]:15: note: this one can win
          .async_wait(asio::experimental::wait_for_one(), use_awaitable);
  if (!OneError)
    use(Text);
}
