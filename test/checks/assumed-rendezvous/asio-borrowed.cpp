// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20
// Messages that point into a coroutine's frame, with Boost.Asio's own headers.
#include <boost/asio.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <string>
#include <string_view>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using error = boost::system::error_code;

struct sample {
  long Count = 0;
};
using samples = asio::experimental::channel<void(error, const sample *)>;
using signals = asio::experimental::channel<void(error)>;

struct buffered {
  samples Samples;
  signals Seen;
  explicit buffered(asio::any_io_executor Executor)
      : Samples(Executor, 32), Seen(Executor) {}
  awaitable<void> gone(long Count) {
    sample One{Count};
    co_await Samples.async_send(error{}, &One, use_awaitable);
// CHECK: :[[@LINE-1]]:22: warning: 'Samples' holds 32 messages{{.*}}points to 'One'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-5]]:27: note: the capacity 32 is given here
// CHECK: :[[@LINE-4]]:12: note: 'One' is declared here
// CHECK: :[[@LINE+1]]:3: note: 'One' ends here
  }
  awaitable<void> answered(long Count) {
    sample One{Count};
    co_await Samples.async_send(error{}, &One, use_awaitable);
    co_await Seen.async_receive(use_awaitable);
  }
};

struct unbuffered {
  samples Samples;
  explicit unbuffered(asio::any_io_executor Executor) : Samples(Executor) {}
  awaitable<void> taken(long Count) {
    sample One{Count};
    co_await Samples.async_send(error{}, &One, use_awaitable);
  }
};

// Of what capacity is not known: 0 would be a rendezvous.
awaitable<void> anyCapacity(samples &Samples) {
  sample One{1};
  co_await Samples.async_send(error{}, &One, use_awaitable);
}

// The string becomes a view inside the channel.
struct texts {
  asio::experimental::channel<void(error, std::string_view)> Texts;
  asio::experimental::channel<void(error, std::string)> Owned;
  explicit texts(asio::any_io_executor Executor)
      : Texts(Executor, 4), Owned(Executor, 4) {}
  bool viewed(int Number) {
    std::string Text = std::to_string(Number);
    return Texts.try_send(error{}, Text);
// CHECK: :[[@LINE-1]]:18: warning: 'Texts' holds 4 messages{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-5]]:25: note: the capacity 4 is given here
// CHECK: :[[@LINE-4]]:17: note: 'Text' is declared here
// CHECK: :[[@LINE-4]]:5: note: 'Text' ends here
  }
  bool copied(int Number) {
    std::string Text = std::to_string(Number);
    return Owned.try_send(error{}, Text);
  }
};
