// The prices that were asked for lately. All sessions share it.
#pragma once

#include "price_feed.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace quotes {

class price_cache {
public:
  explicit price_cache(price_feed &feed) : feed(feed) {}

  // Right.
  boost::asio::awaitable<double> price(std::string symbol);
  boost::asio::awaitable<double> refresh(std::string symbol);
  boost::asio::awaitable<void> forget(std::string symbol);
  boost::asio::awaitable<void> describe();

  // Wrong, each in its own way.
  boost::asio::awaitable<double> price_under_lock(std::string symbol);
  boost::asio::awaitable<double> refresh_locked_by_hand(std::string symbol);
  boost::asio::awaitable<void> adjust(std::string symbol);
  boost::asio::awaitable<void> forget_locked(std::unique_lock<std::mutex> lock,
                                             std::string symbol);

private:
  /// A price, and the lock that keeps others away from it.
  struct locked_price {
    std::unique_lock<std::mutex> lock;
    double &value;
  };

  locked_price lock_price(const std::string &symbol);
  std::optional<double> find(const std::string &symbol);

  price_feed &feed;
  std::mutex mutex;
  std::map<std::string, double> prices;
};

} // namespace quotes
