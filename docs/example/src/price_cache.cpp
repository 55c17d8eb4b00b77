#include "price_cache.h"
#include "log.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;

namespace quotes {

// WRONG: guard-across-suspension. The mutex stays locked until the feed
// answers. Every other thread that wants a price blocks, and with it the event
// loop that would resume this coroutine; and whichever thread does resume it
// unlocks a mutex that another one locked.
asio::awaitable<double> price_cache::price_under_lock(std::string symbol) {
  std::lock_guard lock(mutex);
  auto known = prices.find(symbol);
  if (known != prices.end())
    co_return known->second;
  double fresh = co_await feed.latest(symbol);
  prices[symbol] = fresh;
  co_return fresh;
}

// RIGHT: the lock ends before the await and is taken again after it.
asio::awaitable<double> price_cache::price(std::string symbol) {
  if (std::optional<double> known = find(symbol))
    co_return *known;
  double fresh = co_await feed.latest(symbol);
  std::lock_guard lock(mutex);
  co_return prices.try_emplace(symbol, fresh).first->second;
}

// WRONG: guard-across-suspension. The same without a guard object: between
// lock() and unlock() the coroutine is suspended.
asio::awaitable<double>
price_cache::refresh_locked_by_hand(std::string symbol) {
  mutex.lock();
  double &slot = prices[symbol];
  slot = co_await feed.latest(symbol);
  double fresh = slot;
  mutex.unlock();
  co_return fresh;
}

// RIGHT: unlocked for as long as the coroutine is suspended.
asio::awaitable<double> price_cache::refresh(std::string symbol) {
  std::unique_lock lock(mutex);
  prices.erase(symbol);
  lock.unlock();
  double fresh = co_await feed.latest(symbol);
  lock.lock();
  prices[symbol] = fresh;
  co_return fresh;
}

price_cache::locked_price price_cache::lock_price(const std::string &symbol) {
  std::unique_lock lock(mutex);
  double &value = prices[symbol];
  return {std::move(lock), value};
}

// WRONG: guard-across-suspension. No lock is to be seen here: it is a member of
// what lock_price returns.
asio::awaitable<void> price_cache::adjust(std::string symbol) {
  locked_price price = lock_price(symbol);
  price.value = co_await feed.latest(symbol);
}

// WRONG: guard-across-suspension. There is no await in it, but an awaitable
// starts suspended and the parameters live in its frame: the mutex is locked
// from the call until the frame is destroyed, whenever somebody awaits it.
asio::awaitable<void>
price_cache::forget_locked(std::unique_lock<std::mutex> lock,
                           std::string symbol) {
  if (lock.owns_lock())
    prices.erase(symbol);
  co_return;
}

// RIGHT: a lock that is made in the body ends with the body.
asio::awaitable<void> price_cache::forget(std::string symbol) {
  std::lock_guard lock(mutex);
  prices.erase(symbol);
  co_return;
}

// RIGHT: asking for the executor is spelled co_await but never suspends.
asio::awaitable<void> price_cache::describe() {
  std::unique_lock lock(mutex);
  auto executor = co_await asio::this_coro::executor;
  std::string text = std::to_string(prices.size()) + " prices";
  lock.unlock();
  co_await asio::post(executor, asio::use_awaitable);
  log(text);
}

std::optional<double> price_cache::find(const std::string &symbol) {
  std::lock_guard lock(mutex);
  auto known = prices.find(symbol);
  if (known == prices.end())
    return std::nullopt;
  return known->second;
}

} // namespace quotes
