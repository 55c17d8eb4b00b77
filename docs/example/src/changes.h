// News of prices: who waits for the next change, and what is told to clients.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/channel.hpp>

#include <atomic>
#include <coroutine>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace quotes {

// Right: any number of waiters.
class price_change {
public:
  struct awaiter {
    price_change &change;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiter);
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
  void tell();

private:
  std::mutex mutex;
  std::vector<std::coroutine_handle<>> waiters;
};

// Wrong: see changes.cpp.
class last_waiter_wins {
public:
  struct awaiter {
    last_waiter_wins &change;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiter);
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
  void tell();

private:
  std::mutex mutex;
  std::coroutine_handle<> waiter;
};

class closing_time {
public:
  struct awaiter {
    closing_time &time;
    bool await_ready() const { return false; }
    bool await_suspend(std::coroutine_handle<> waiter);
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
  void close();
  bool dismissed = false;

private:
  std::mutex mutex;
  std::vector<std::coroutine_handle<>> waiters;
};

class opening {
public:
  struct awaiter {
    opening &bell;
    bool await_ready() const;
    void await_suspend(std::coroutine_handle<> waiter);
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
  void ring();

private:
  std::atomic<bool> rung{false};
  std::atomic<void *> waiter{nullptr};
};

struct on_a_thread_of_its_own {
  bool started = false;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiter);
  void await_resume() {}
};

class settlement {
public:
  struct awaiter {
    settlement &trade;
    bool await_ready() const { return false; }
    bool await_suspend(std::coroutine_handle<> waiter);
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
  void finish();

private:
  std::coroutine_handle<> waiter;
  bool done = false;
};

using stop_channel =
    boost::asio::experimental::channel<void(boost::system::error_code)>;
using receipt = std::shared_ptr<stop_channel>;
using quote_channel = boost::asio::experimental::channel<void(
    boost::system::error_code, receipt)>;
using text_channel = boost::asio::experimental::channel<void(
    boost::system::error_code, std::string)>;

/// The way to one client. Each message carries where its receipt is wanted.
struct client {
  boost::asio::any_io_executor executor;
  quote_channel quotes{executor, 1};
  stop_channel gone{executor};

  boost::asio::awaitable<void> deliver();       // Wrong.
  boost::asio::awaitable<void> deliver_whole(); // Right.

private:
  boost::asio::awaitable<void> exchange(receipt read);
};

// Wrong.
boost::asio::awaitable<void> print_until_stopped(text_channel &lines,
                                                 stop_channel &stop);
// Right.
boost::asio::awaitable<void> print_all_until_stopped(text_channel &lines,
                                                     stop_channel &stop);

} // namespace quotes
