// Accepts connections and starts a session for each.
#pragma once

#include "price_cache.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace quotes {

boost::asio::awaitable<void> serve(boost::asio::ip::tcp::acceptor &acceptor,
                                   price_cache &cache);

/// Asks a running server for a few prices, and returns how many it gave.
boost::asio::awaitable<int> ask(boost::asio::ip::tcp::endpoint server);

} // namespace quotes
