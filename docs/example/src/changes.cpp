#include "changes.h"
#include "log.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>
#include <utility>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::use_awaitable;
using boost::system::error_code;

namespace quotes {

// RIGHT: a list of waiters, and the lock that guards it.
void price_change::awaiter::await_suspend(std::coroutine_handle<> waiter) {
  std::lock_guard lock(change.mutex);
  change.waiters.push_back(waiter);
}

void price_change::tell() {
  std::vector<std::coroutine_handle<>> woken;
  {
    std::lock_guard lock(mutex);
    woken.swap(waiters);
  }
  for (auto waiter : woken)
    waiter.resume();
}

// WRONG: overwritten-waker. A second client that waits takes the only place;
// the first is never told. The lock changes nothing about that.
void last_waiter_wins::awaiter::await_suspend(std::coroutine_handle<> waiter) {
  std::lock_guard lock(change.mutex);
  change.waiter = waiter;
}

void last_waiter_wins::tell() {
  std::coroutine_handle<> woken;
  {
    std::lock_guard lock(mutex);
    woken = std::exchange(waiter, nullptr);
  }
  if (woken)
    woken.resume();
}

// WRONG: lost-waker. 'true' leaves the coroutine suspended, but after the
// dismissal nobody knows it.
bool closing_time::awaiter::await_suspend(std::coroutine_handle<> waiter) {
  std::lock_guard lock(time.mutex);
  if (time.dismissed)
    return true;
  time.waiters.push_back(waiter);
  return true;
}

void closing_time::close() {
  std::vector<std::coroutine_handle<>> woken;
  {
    std::lock_guard lock(mutex);
    woken.swap(waiters);
  }
  for (auto waiter : woken)
    waiter.resume();
}

bool opening::awaiter::await_ready() const { return bell.rung.load(); }

// WRONG: late-waker. The bell may ring between the look at it and this store:
// it finds nobody to wake, and the waiter waits for a bell that has rung.
void opening::awaiter::await_suspend(std::coroutine_handle<> waiter) {
  void *nobody = nullptr;
  [[maybe_unused]] bool alone =
      bell.waiter.compare_exchange_strong(nobody, waiter.address());
  assert(alone && "one waits for the bell");
}

void opening::ring() {
  rung.store(true);
  if (void *woken = waiter.exchange(nullptr))
    std::coroutine_handle<>::from_address(woken).resume();
}

// WRONG: touch-after-publish. The thread may have resumed the coroutine, and
// with it ended this awaiter, before 'started' is set.
void on_a_thread_of_its_own::await_suspend(std::coroutine_handle<> waiter) {
  std::thread([waiter] { waiter.resume(); }).detach();
  started = true;
}

// WRONG: resumed-twice. Not suspended after all, says 'false'; but the handle
// stays where finish() will find and resume it.
bool settlement::awaiter::await_suspend(std::coroutine_handle<> waiter) {
  if (trade.waiter)
    return false;
  trade.waiter = waiter;
  if (trade.done)
    return false;
  return true;
}

void settlement::finish() {
  done = true;
  if (auto woken = std::exchange(waiter, nullptr))
    woken.resume();
}

// WRONG: assumed-rendezvous. There is room for one quote, so the send wins even
// when the client has gone; its receipt is then waited for, for ever.
asio::awaitable<void> client::deliver() {
  for (;;) {
    auto read = std::make_shared<stop_channel>(executor, 1);
    auto sent =
        co_await (quotes.async_send(error_code{}, read, use_awaitable) ||
                  gone.async_receive(use_awaitable));
    if (sent.index() == 1)
      co_return;
    co_await read->async_receive(use_awaitable);
  }
}

asio::awaitable<void> client::exchange(receipt read) {
  co_await quotes.async_send(error_code{}, read, use_awaitable);
  co_await read->async_receive(use_awaitable);
}

// RIGHT: sending and the receipt are raced as one.
asio::awaitable<void> client::deliver_whole() {
  for (;;) {
    auto read = std::make_shared<stop_channel>(executor, 1);
    auto sent = co_await (exchange(read) || gone.async_receive(use_awaitable));
    if (sent.index() == 1)
      co_return;
  }
}

// WRONG: race-drops-message. Both receives may be done when the first has won:
// the line that was received then is thrown away.
asio::awaitable<void> print_until_stopped(text_channel &lines,
                                          stop_channel &stop) {
  for (;;) {
    auto either = co_await (stop.async_receive(use_awaitable) ||
                            lines.async_receive(use_awaitable));
    if (either.index() == 0)
      co_return;
    log(std::get<1>(either));
  }
}

// RIGHT: the stop closes the channel of the lines, which is read to its end.
asio::awaitable<void> print_all_until_stopped(text_channel &lines,
                                              stop_channel &stop) {
  auto closing = [](text_channel &lines,
                    stop_channel &stop) -> asio::awaitable<void> {
    co_await stop.async_receive(use_awaitable);
    lines.close();
  };
  auto printing = [](text_channel &lines) -> asio::awaitable<void> {
    for (;;)
      log(co_await lines.async_receive(use_awaitable));
  };
  co_await (closing(lines, stop) && printing(lines));
}

} // namespace quotes
