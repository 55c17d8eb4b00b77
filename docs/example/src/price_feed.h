// Where prices come from: a service that takes a while to answer.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace quotes {

class price_feed {
public:
  explicit price_feed(boost::asio::any_io_executor executor)
      : executor(std::move(executor)) {}

  boost::asio::awaitable<double> latest(std::string symbol);

private:
  boost::asio::any_io_executor executor;
};

} // namespace quotes
