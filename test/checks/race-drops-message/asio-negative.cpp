// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-race-drops-message -- -std=c++20
// Races in which no message is lost, with Boost.Asio's own headers.
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <chrono>
#include <string>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::awaitable;
using asio::use_awaitable;
using error = boost::system::error_code;
using data_channel = asio::experimental::channel<void(error, std::string)>;
using signal_channel = asio::experimental::channel<void(error)>;

void use(const std::string &);

awaitable<void> bareSignals(signal_channel &One, signal_channel &Other) {
  co_await (One.async_receive(use_awaitable) ||
            Other.async_receive(use_awaitable));
}

awaitable<void> timer(data_channel &Data, asio::steady_timer &Timer) {
  Timer.expires_after(std::chrono::seconds(1));
  auto Result = co_await (Data.async_receive(use_awaitable) ||
                          Timer.async_wait(use_awaitable));
  if (Result.index() == 0)
    use(std::get<0>(Result));
}

awaitable<void> everySlot(data_channel &Data, signal_channel &Stop) {
  auto [Order, StopError, DataError, Text] =
      co_await asio::experimental::make_parallel_group(
          Stop.async_receive(asio::deferred),
          Data.async_receive(asio::deferred))
          .async_wait(asio::experimental::wait_for_one(), use_awaitable);
  if (!DataError)
    use(Text);
}

awaitable<void> all(data_channel &Data, signal_channel &Stop) {
  auto [Order, StopError, DataError, Text] =
      co_await asio::experimental::make_parallel_group(
          Stop.async_receive(asio::deferred),
          Data.async_receive(asio::deferred))
          .async_wait(asio::experimental::wait_for_all(), use_awaitable);
  if (Order[0] == 0)
    co_return;
}

awaitable<void> both(data_channel &Data, signal_channel &Stop) {
  co_await (Data.async_receive(use_awaitable) &&
            Stop.async_receive(use_awaitable));
}

awaitable<void> noRace(data_channel &Data) {
  use(co_await Data.async_receive(use_awaitable));
}

awaitable<void> everySlotOfTwo(data_channel &One, data_channel &Other) {
  auto [Order, OneError, Text, OtherError, OtherText] =
      co_await asio::experimental::make_parallel_group(
          One.async_receive(asio::deferred),
          Other.async_receive(asio::deferred))
          .async_wait(asio::experimental::wait_for_one(), use_awaitable);
  if (!OneError)
    use(Text);
  if (!OtherError)
    use(OtherText);
}

// The helper asks for its executor, and then waits for nothing but the time.
awaitable<void> after(std::chrono::milliseconds Time) {
  asio::steady_timer Timer(co_await asio::this_coro::executor);
  Timer.expires_after(Time);
  co_await Timer.async_wait(use_awaitable);
}
awaitable<std::string> timerInAFunction(data_channel &Data) {
  auto Result = co_await (Data.async_receive(use_awaitable) ||
                          after(std::chrono::seconds(1)));
  if (Result.index() == 1)
    co_return "";
  co_return std::get<0>(Result);
}
