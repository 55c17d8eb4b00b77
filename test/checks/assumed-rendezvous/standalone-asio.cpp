// REQUIRES: asio
// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 \
// RUN:   -DASIO_STANDALONE -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
// The channels of Asio without Boost.
#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/channel.hpp>
#include <memory>

using namespace asio::experimental::awaitable_operators;
using asio::use_awaitable;
using error = std::error_code;
// Asio 1.22 has no channel whose signature is the error alone.
using signal_channel = asio::experimental::channel<void(error, bool)>;
using ack = std::shared_ptr<signal_channel>;
using ack_channel = asio::experimental::channel<void(error, ack)>;

struct connection {
  asio::any_io_executor Executor;
  ack_channel Out{Executor, 1};
  ack_channel Meets{Executor};
  signal_channel Done{Executor};
  asio::awaitable<void> buffered(ack Ack) {
    auto Result = co_await (Out.async_send(error{}, Ack, use_awaitable) ||
// CHECK: :[[@LINE-1]]:33: warning: 'Out' holds 1 message{{.*}}race against 'Done'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-6]]:29: note: the capacity 1 is given here
// CHECK: :[[@LINE-3]]:73: note: raced here
// CHECK: :[[@LINE+3]]:7: note: after the send has won, the answer is waited for{{.*}}
                            Done.async_receive(use_awaitable));
    if (Result.index() == 0)
      co_await Ack->async_receive(use_awaitable);
  }
  asio::awaitable<void> rendezvous(ack Ack) {
    auto Result = co_await (Meets.async_send(error{}, Ack, use_awaitable) ||
                            Done.async_receive(use_awaitable));
    if (Result.index() == 0)
      co_await Ack->async_receive(use_awaitable);
  }
};
