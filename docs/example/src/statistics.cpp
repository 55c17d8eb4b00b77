#include "statistics.h"
#include "log.h"

namespace asio = boost::asio;

namespace quotes {

counters &counters_of_this_thread() {
  thread_local counters own;
  return own;
}

// WRONG: thread-local-across-suspension. After the await the coroutine may run
// on another thread, and 'mine' still names the counters of the first: two
// threads change them at once, or that thread has ended and they are gone.
asio::awaitable<double> counted_price_by_reference(price_cache &cache,
                                                   std::string symbol) {
  counters &mine = counters_of_this_thread();
  ++mine.asked;
  double price = co_await cache.price(symbol);
  ++mine.answered;
  co_return price;
}

// RIGHT: each side of the await asks for the counters of the thread it is on.
asio::awaitable<double> counted_price(price_cache &cache, std::string symbol) {
  ++counters_of_this_thread().asked;
  double price = co_await cache.price(symbol);
  ++counters_of_this_thread().answered;
  co_return price;
}

// WRONG: thread-local-across-suspension. An element of a thread_local container
// is no better, and other work on that thread may have popped it meanwhile.
asio::awaitable<void> extend_last_field(price_cache &cache,
                                        std::string symbol) {
  std::string *last = &log_fields.back();
  double price = co_await cache.price(symbol);
  *last += "=" + std::to_string(price);
}

} // namespace quotes
