// REQUIRES: boost, clang, llvm-22
// The handshake of webrtc-rs #628 with Boost.Asio's channels: the read loop
// hands each flight to the state machine and waits until it is done with it.
// The state machine has gone after its last flight; what is retransmitted then
// must find 'done' and not the state machine.
//
// It runs, and the wrong branch is taken:
// RUN: clang++ -std=c++20 -O0 %s -o %t.buffer -pthread
// RUN: %t.buffer | FileCheck %s --check-prefix=BUFFER
// BUFFER: the read loop hangs: the flight is in the buffer, the answer awaited
//
// Each repair lets it end:
// RUN: clang++ -std=c++20 -O0 %s -o %t.zero -pthread -DREPAIR=1
// RUN: %t.zero | FileCheck %s --check-prefix=REPAIRED
// RUN: clang++ -std=c++20 -O0 %s -o %t.again -pthread -DREPAIR=2
// RUN: %t.again | FileCheck %s --check-prefix=REPAIRED
// RUN: clang++ -std=c++20 -O0 %s -o %t.exchange -pthread -DREPAIR=3
// RUN: %t.exchange | FileCheck %s --check-prefix=REPAIRED
// RUN: clang++ -std=c++20 -O0 %s -o %t.first -pthread -DREPAIR=4
// RUN: %t.first | FileCheck %s --check-prefix=REPAIRED
// REPAIRED: the read loop has seen 'done'
//
// It is reported, and no repair is:
// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20
// RUN: not %check_threadhop %S/Inputs/handshake-repaired.cpp threadhop-assumed-rendezvous -header-filter=.* -- -std=c++20 -DREPAIR=0
// RUN: %check_threadhop %S/Inputs/handshake-repaired.cpp threadhop-assumed-rendezvous -header-filter=.* -- -std=c++20 -DREPAIR=1
// RUN: %check_threadhop %S/Inputs/handshake-repaired.cpp threadhop-assumed-rendezvous -header-filter=.* -- -std=c++20 -DREPAIR=2
// RUN: %check_threadhop %S/Inputs/handshake-repaired.cpp threadhop-assumed-rendezvous -header-filter=.* -- -std=c++20 -DREPAIR=3
// RUN: %check_threadhop %S/Inputs/handshake-repaired.cpp threadhop-assumed-rendezvous -header-filter=.* -- -std=c++20 -DREPAIR=4
#include <boost/asio.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <cstdio>
#include <memory>

#ifndef REPAIR
#define REPAIR 0
#endif

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::awaitable;
using asio::use_awaitable;
using error = boost::system::error_code;
using signal_channel = asio::experimental::channel<void(error)>;
using reply = std::shared_ptr<signal_channel>;
using flight_channel = asio::experimental::channel<void(error, reply)>;

// A closed channel is no error here: it is what the read loop waits for.
constexpr auto Closed = asio::experimental::as_tuple(use_awaitable);

constexpr std::size_t Room = REPAIR == 1 ? 0 : 1;

struct connection {
  asio::any_io_executor Executor;
  flight_channel Flights{Executor, Room};
  signal_channel Done{Executor};
  bool SawDone = false;

  // One flight completes the handshake; then nobody receives any more.
  awaitable<void> stateMachine() {
    reply Reply = co_await Flights.async_receive(use_awaitable);
    co_await Reply->async_send(error{}, use_awaitable);
    Done.close();
  }

  // The send and the receipt of its answer, to be raced as one.
  awaitable<void> exchange(reply Reply) {
    co_await Flights.async_send(error{}, Reply, use_awaitable);
    co_await Reply->async_receive(use_awaitable);
  }

  awaitable<void> readLoop() {
    for (;;) {
      auto Reply = std::make_shared<signal_channel>(Executor, 1);
#if REPAIR == 3
      auto Sent = co_await (exchange(Reply) || Done.async_receive(Closed));
#else
#if REPAIR == 4
      // Gone already? Then there is nobody to send to.
      if (!Done.is_open()) {
        SawDone = true;
        co_return;
      }
#endif
      auto Sent = co_await (
          Flights.async_send(error{}, Reply, use_awaitable) ||
          // CHECK: :[[@LINE-1]]:19: warning: 'Flights' holds 1 message{{.*}}'Done'{{.*}}[threadhop-assumed-rendezvous]
          // CHECK: note: the capacity 1 is given here by the constant 'Room'
          // CHECK: :[[@LINE-3]]:61: note: raced here
          // CHECK: note: after the send has won, the answer is waited for here without 'Done'
          Done.async_receive(Closed));
#endif
      if (Sent.index() == 1) {
        SawDone = true;
        co_return;
      }
#if REPAIR == 2 || REPAIR == 4
      auto Answer = co_await (Reply->async_receive(use_awaitable) ||
                              Done.async_receive(Closed));
      if (Answer.index() == 1) {
        SawDone = true;
        co_return;
      }
#elif REPAIR != 3
      co_await Reply->async_receive(use_awaitable);
#endif
    }
  }
};

int main() {
  asio::io_context Context;
  connection Connection{Context.get_executor()};
  asio::co_spawn(Context, Connection.stateMachine(), asio::detached);
  asio::co_spawn(Context, Connection.readLoop(), asio::detached);
  // The loop is over when nothing is left to do; so many steps are plenty.
  for (int Step = 0; Step != 10000 && Context.poll_one(); ++Step)
    ;
  std::puts(Connection.SawDone
                ? "the read loop has seen 'done'"
                : "the read loop hangs: the flight is in the buffer, the "
                  "answer awaited");
}
