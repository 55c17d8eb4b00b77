// Counters, one set for each thread so that counting costs no lock.
#pragma once

#include "price_cache.h"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace quotes {

struct counters {
  unsigned long asked = 0;
  unsigned long answered = 0;
};

/// Those of the calling thread.
counters &counters_of_this_thread();

// Right.
boost::asio::awaitable<double> counted_price(price_cache &cache,
                                             std::string symbol);

// Wrong.
boost::asio::awaitable<double> counted_price_by_reference(price_cache &cache,
                                                          std::string symbol);
boost::asio::awaitable<void> extend_last_field(price_cache &cache,
                                               std::string symbol);

} // namespace quotes
