// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20
// Races that a buffer does not decide, with Boost.Asio's own headers.
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <chrono>
#include <memory>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::awaitable;
using asio::use_awaitable;
using error = boost::system::error_code;
using signal_channel = asio::experimental::channel<void(error)>;
using ack = std::shared_ptr<signal_channel>;
using ack_channel = asio::experimental::channel<void(error, ack)>;

struct rendezvous {
  asio::any_io_executor Executor;
  ack_channel Out{Executor};
  ack_channel Zero{Executor, 0};
  signal_channel Done{Executor, 1};
  awaitable<void> byDefault(ack Ack) {
    auto Result = co_await (Out.async_send(error{}, Ack, use_awaitable) ||
                            Done.async_receive(use_awaitable));
    if (Result.index() == 0)
      co_await Ack->async_receive(use_awaitable);
  }
  awaitable<void> literal(ack Ack) {
    for (;;) {
      auto Result = co_await (Zero.async_send(error{}, Ack, use_awaitable) ||
                              Done.async_receive(use_awaitable));
      if (Result.index() == 1)
        co_return;
      co_await Ack->async_receive(use_awaitable);
    }
  }
};

struct buffered {
  asio::any_io_executor Executor;
  ack_channel Out{Executor, 1};
  signal_channel Done{Executor, 1};
  asio::steady_timer Timer{Executor};

  awaitable<void> racesAgain(ack Ack) {
    for (;;) {
      auto Result = co_await (Out.async_send(error{}, Ack, use_awaitable) ||
                              Done.async_receive(use_awaitable));
      if (Result.index() == 1)
        co_return;
      auto Answer = co_await (Ack->async_receive(use_awaitable) ||
                              Done.async_receive(use_awaitable));
      if (Answer.index() == 1)
        co_return;
    }
  }

  // The send and its answer are one operand.
  awaitable<void> exchange(ack Ack) {
    co_await Out.async_send(error{}, Ack, use_awaitable);
    co_await Ack->async_receive(use_awaitable);
  }
  awaitable<void> oneOperand(ack Ack) {
    for (;;) {
      auto Result =
          co_await (exchange(Ack) || Done.async_receive(use_awaitable));
      if (Result.index() == 1)
        co_return;
    }
  }

  awaitable<void> checksFirst(ack Ack) {
    for (;;) {
      if (Done.try_receive([](error) {}))
        co_return;
      auto Result = co_await (Out.async_send(error{}, Ack, use_awaitable) ||
                              Done.async_receive(use_awaitable));
      if (Result.index() == 1)
        co_return;
    }
  }

  awaitable<void> timer(ack Ack) {
    for (;;) {
      Timer.expires_after(std::chrono::seconds(1));
      auto Result = co_await (Out.async_send(error{}, Ack, use_awaitable) ||
                              Timer.async_wait(use_awaitable));
      if (Result.index() == 1)
        co_return;
    }
  }

  awaitable<void> onceWithoutAnAnswer(ack Ack) {
    co_await (Out.async_send(error{}, Ack, use_awaitable) ||
              Done.async_receive(use_awaitable));
  }

  awaitable<void> both(ack Ack) {
    for (;;) {
      co_await (Out.async_send(error{}, Ack, use_awaitable) &&
                Done.async_receive(use_awaitable));
      co_await Ack->async_receive(use_awaitable);
    }
  }

  // The signal comes first: of two that are ready it wins.
  awaitable<void> signalFirst(ack Ack) {
    for (;;) {
      auto Result = co_await (Done.async_receive(use_awaitable) ||
                              Out.async_send(error{}, Ack, use_awaitable));
      if (Result.index() == 0)
        co_return;
    }
  }
};

awaitable<void> capacityUnknown(ack_channel &Out, signal_channel &Done,
                                ack Ack) {
  auto Result = co_await (Out.async_send(error{}, Ack, use_awaitable) ||
                          Done.async_receive(use_awaitable));
  if (Result.index() == 0)
    co_await Ack->async_receive(use_awaitable);
}
