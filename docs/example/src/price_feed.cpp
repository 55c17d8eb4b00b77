#include "price_feed.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <numeric>

namespace asio = boost::asio;

namespace quotes {

asio::awaitable<double> price_feed::latest(std::string symbol) {
  asio::steady_timer answer(executor, std::chrono::milliseconds(2));
  co_await answer.async_wait(asio::use_awaitable);
  co_return std::accumulate(symbol.begin(), symbol.end(), 0) / 4.0;
}

} // namespace quotes
