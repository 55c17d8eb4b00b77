// One client's connection: reads lines, answers each.
#pragma once

#include "price_cache.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace quotes {

class session {
public:
  session(boost::asio::ip::tcp::socket socket, price_cache &cache)
      : socket(std::move(socket)), cache(cache) {}

  // Right.
  boost::asio::awaitable<void> run();

  // Wrong.
  boost::asio::awaitable<void> run_with_field();

private:
  boost::asio::awaitable<std::string> read_line();
  boost::asio::awaitable<std::string> answer(std::string request);

  // Right.
  boost::asio::awaitable<std::string> quote(std::string symbol);

  // Wrong.
  boost::asio::awaitable<std::string> quote_in_scope(std::string symbol);

  boost::asio::ip::tcp::socket socket;
  price_cache &cache;
  std::string received;
};

} // namespace quotes
