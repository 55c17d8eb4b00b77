// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20
// The send of a buffered channel in a race, with Boost.Asio's own headers.
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <memory>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::awaitable;
using asio::use_awaitable;
using error = boost::system::error_code;
using signal_channel = asio::experimental::channel<void(error)>;
using ack = std::shared_ptr<signal_channel>;
using ack_channel = asio::experimental::channel<void(error, ack)>;

struct literal {
  asio::any_io_executor Executor;
  ack_channel Out{Executor, 1};
  signal_channel Done{Executor, 1};
  awaitable<void> offer() {
    auto Ack = std::make_shared<signal_channel>(Executor, 1);
    auto Result = co_await (Out.async_send(error{}, Ack, use_awaitable) ||
// CHECK: :[[@LINE-1]]:33: warning: 'Out' holds 1 message{{.*}}race against 'Done'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-6]]:29: note: the capacity 1 is given here
// CHECK: :[[@LINE-3]]:73: note: raced here
// CHECK: :[[@LINE+3]]:7: note: after the send has won, the answer is waited for{{.*}}
                            Done.async_receive(use_awaitable));
    if (Result.index() == 0)
      co_await Ack->async_receive(use_awaitable);
  }
};

struct loop {
  asio::any_io_executor Executor;
  ack_channel Out;
  signal_channel Done;
  static constexpr std::size_t Depth = 4;
  explicit loop(asio::any_io_executor Executor)
      : Executor(Executor), Out(Executor, Depth), Done(Executor) {}
  awaitable<void> offer(ack Ack) {
    for (;;) {
      auto Result = co_await (Out.async_send(error{}, Ack, use_awaitable) ||
// CHECK: :[[@LINE-1]]:35: warning: 'Out' holds 4 messages{{.*}}race against 'Done'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-5]]:43: note: the capacity 4 is given here by the constant 'Depth'
// CHECK: :[[@LINE-3]]:75: note: raced here
// CHECK: :[[@LINE-4]]:75: note: after the send has won, the loop comes back here{{.*}}
                              Done.async_receive(use_awaitable));
      if (Result.index() == 1)
        co_return;
    }
  }
};

struct by_switch {
  asio::any_io_executor Executor;
  std::unique_ptr<ack_channel> Out =
      std::make_unique<ack_channel>(Executor, 2);
  signal_channel Finished{Executor};
  awaitable<void> offer(ack Ack) {
    auto Result = co_await (Finished.async_receive(use_awaitable) ||
                            Out->async_send(error{}, Ack, use_awaitable));
// CHECK: :[[@LINE-1]]:34: warning: 'Out' holds 2 messages{{.*}}race against 'Finished'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-6]]:47: note: the capacity 2 is given here
// CHECK: :[[@LINE-4]]:67: note: raced here
// CHECK: :[[@LINE+5]]:7: note: after the send has won, the answer is waited for{{.*}}
    switch (Result.index()) {
    case 0:
      co_return;
    case 1:
      co_await Ack->async_receive(use_awaitable);
    }
  }
};


struct parallel_group {
  asio::any_io_executor Executor;
  asio::experimental::concurrent_channel<void(error, ack)> Out{Executor, 1};
  signal_channel Done{Executor};
  awaitable<void> offer(ack Ack) {
    auto [Order, SendError, DoneError] =
        co_await asio::experimental::make_parallel_group(
            Out.async_send(error{}, Ack, asio::deferred),
// CHECK: :[[@LINE-1]]:17: warning: 'Out' holds 1 message{{.*}}race against 'Done'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-7]]:74: note: the capacity 1 is given here
// CHECK: :[[@LINE-4]]:18: note: raced here
// CHECK: :[[@LINE+4]]:7: note: after the send has won, the answer is waited for{{.*}}
            Done.async_receive(asio::deferred))
            .async_wait(asio::experimental::wait_for_one(), use_awaitable);
    if (Order[0] == 0)
      co_await Ack->async_receive(use_awaitable);
  }
};

struct derived_channel : ack_channel {
  explicit derived_channel(asio::any_io_executor Executor)
      : ack_channel(Executor, 1) {}
};
awaitable<void> derived(asio::any_io_executor Executor, ack Ack,
                        signal_channel &Stop) {
  derived_channel Out(Executor);
  auto Result = co_await (Out.async_send(error{}, Ack, use_awaitable) ||
// CHECK: :[[@LINE-1]]:31: warning: 'Out' holds 1 message{{.*}}race against 'Stop'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-7]]:31: note: the capacity 1 is given here
// CHECK: :[[@LINE-3]]:71: note: raced here
// CHECK: :[[@LINE+3]]:5: note: after the send has won, the answer is waited for{{.*}}
                          Stop.async_receive(use_awaitable));
  if (!Result.index())
    co_await Ack->async_receive(use_awaitable);
}

std::shared_ptr<ack_channel> makeChannel(asio::any_io_executor Executor) {
  return std::make_shared<ack_channel>(Executor, 8);
}
awaitable<void> factory(asio::any_io_executor Executor, ack Ack,
                        signal_channel &Stop) {
  auto Out = makeChannel(Executor);
  auto Result = co_await (Out->async_send(error{}, Ack, use_awaitable) ||
// CHECK: :[[@LINE-1]]:32: warning: 'Out' holds 8 messages{{.*}}race against 'Stop'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-7]]:50: note: the capacity 8 is given here
// CHECK: :[[@LINE-3]]:72: note: raced here
// CHECK: :[[@LINE+4]]:3: note: after the send has won, the answer is waited for{{.*}}
                          Stop.async_receive(use_awaitable));
  if (Result.index() == 1)
    co_return;
  co_await Ack->async_receive(use_awaitable);
}
