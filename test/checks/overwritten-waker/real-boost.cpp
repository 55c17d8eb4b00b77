// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-overwritten-waker -- -std=c++20

// Operations that are bound to one cancellation slot, with Boost.Asio itself.

#include <boost/asio.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <list>
#include <vector>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::bind_cancellation_slot;
using asio::use_awaitable;
using signal_t = asio::cancellation_signal;
using timer = asio::steady_timer;

void done(boost::system::error_code);
asio::awaitable<void> work();

void two_timers(timer &a, timer &b, signal_t &stop) {
  a.async_wait(bind_cancellation_slot(stop.slot(), done));
  b.async_wait(bind_cancellation_slot(stop.slot(), done));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: 'boost::asio::cancellation_slot' keeps one handler, and a second operation is bound to it while the first may be running; the earlier handler is lost: the first can no longer be cancelled through it [threadhop-overwritten-waker]
  // CHECK: note: the earlier operation is bound to it here
}
void two_signals(timer &a, timer &b, signal_t &s, signal_t &t) {
  a.async_wait(bind_cancellation_slot(s.slot(), done));
  b.async_wait(bind_cancellation_slot(t.slot(), done));
}
void one_token(timer &a, timer &b, signal_t &stop) {
  auto token = bind_cancellation_slot(stop.slot(), done);
  a.async_wait(token);
  b.async_wait(token);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: 'boost::asio::cancellation_slot' keeps one handler, and a second operation is bound to it while the first may be running; the earlier handler is lost: the first can no longer be cancelled through it [threadhop-overwritten-waker]
  // CHECK: note: the earlier operation is bound to it here
}
asio::awaitable<void> one_after_the_other(timer &a, timer &b, signal_t &stop) {
  co_await a.async_wait(bind_cancellation_slot(stop.slot(), use_awaitable));
  co_await b.async_wait(bind_cancellation_slot(stop.slot(), use_awaitable));
}
asio::awaitable<void> both(timer &a, timer &b, signal_t &stop) {
  co_await (a.async_wait(bind_cancellation_slot(stop.slot(), use_awaitable)) &&
            b.async_wait(bind_cancellation_slot(stop.slot(), use_awaitable)));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: 'boost::asio::cancellation_slot' keeps one handler, and a second operation is bound to it while the first may be running; the earlier handler is lost: the first can no longer be cancelled through it [threadhop-overwritten-waker]
  // CHECK: note: the earlier operation is bound to it here
}
asio::awaitable<void> mixed(timer &a, timer &b, signal_t &stop) {
  a.async_wait(bind_cancellation_slot(stop.slot(), done));
  co_await b.async_wait(bind_cancellation_slot(stop.slot(), use_awaitable));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: 'boost::asio::cancellation_slot' keeps one handler, and a second operation is bound to it while the first may be running; the earlier handler is lost: the first can no longer be cancelled through it [threadhop-overwritten-waker]
  // CHECK: note: the earlier operation is bound to it here
}
void loop(std::list<timer> &ts, signal_t &stop) {
  for (auto &t : ts)
    t.async_wait(bind_cancellation_slot(stop.slot(), done));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: 'boost::asio::cancellation_slot' keeps one handler, and a second operation is bound to it while the first may be running; the earlier handler is lost: the first can no longer be cancelled through it [threadhop-overwritten-waker]
  // CHECK: note: each round of the loop replaces the handler of the one before
}
void loop_own(std::list<timer> &ts, std::list<signal_t> &signals) {
  for (auto &t : ts) {
    auto &stop = signals.emplace_back();
    t.async_wait(bind_cancellation_slot(stop.slot(), done));
  }
}
void spawn(asio::io_context &c, signal_t &stop) {
  asio::co_spawn(c, work(), bind_cancellation_slot(stop.slot(), asio::detached));
  asio::co_spawn(c, work(), bind_cancellation_slot(stop.slot(), asio::detached));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: 'boost::asio::cancellation_slot' keeps one handler, and a second operation is bound to it while the first may be running; the earlier handler is lost: the first can no longer be cancelled through it [threadhop-overwritten-waker]
  // CHECK: note: the earlier operation is bound to it here
}
void wrapped(asio::io_context &c, timer &a, timer &b, signal_t &stop) {
  a.async_wait(asio::bind_executor(c, bind_cancellation_slot(stop.slot(), done)));
  b.async_wait(asio::bind_executor(c, bind_cancellation_slot(stop.slot(), done)));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: 'boost::asio::cancellation_slot' keeps one handler, and a second operation is bound to it while the first may be running; the earlier handler is lost: the first can no longer be cancelled through it [threadhop-overwritten-waker]
  // CHECK: note: the earlier operation is bound to it here
}
void assigned(timer &a, signal_t &stop) {
  stop.slot().assign([](asio::cancellation_type) {});
  a.async_wait(bind_cancellation_slot(stop.slot(), done));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: 'boost::asio::cancellation_slot' keeps one handler, and a second operation is bound to it while a handler is in it; the earlier handler is lost: it is never called [threadhop-overwritten-waker]
  // CHECK: note: the earlier handler is put in here
}
void either(bool w, timer &a, timer &b, signal_t &stop) {
  if (w) a.async_wait(bind_cancellation_slot(stop.slot(), done));
  else b.async_wait(bind_cancellation_slot(stop.slot(), done));
}
void run_between(asio::io_context &c, timer &a, timer &b, signal_t &stop) {
  a.async_wait(bind_cancellation_slot(stop.slot(), done));
  c.run();
  b.async_wait(bind_cancellation_slot(stop.slot(), done));
}
void emitted(timer &a, timer &b, signal_t &stop) {
  a.async_wait(bind_cancellation_slot(stop.slot(), done));
  stop.emit(asio::cancellation_type::all);
  b.async_wait(bind_cancellation_slot(stop.slot(), done));
}
asio::awaitable<void> deferred_seq(timer &a, timer &b, signal_t &stop) {
  auto x = a.async_wait(bind_cancellation_slot(stop.slot(), use_awaitable));
  auto y = b.async_wait(bind_cancellation_slot(stop.slot(), use_awaitable));
  co_await std::move(x);
  co_await std::move(y);
}
asio::awaitable<void> in_turn(std::list<timer> &ts, signal_t &stop) {
  for (auto &t : ts)
    co_await t.async_wait(bind_cancellation_slot(stop.slot(), use_awaitable));
}
void elements(std::vector<timer> &ts, std::vector<signal_t> &signals) {
  ts[0].async_wait(bind_cancellation_slot(signals[0].slot(), done));
  ts[1].async_wait(bind_cancellation_slot(signals[1].slot(), done));
}
void a_signal_of_its_own(timer &a, timer &b) {
  {
    signal_t stop;
    a.async_wait(bind_cancellation_slot(stop.slot(), done));
  }
  signal_t stop;
  b.async_wait(bind_cancellation_slot(stop.slot(), done));
}
void until_one_is_ready(std::list<timer> &ts, signal_t &stop) {
  for (auto &t : ts)
    if (t.expiry() > timer::clock_type::now()) {
      t.async_wait(bind_cancellation_slot(stop.slot(), done));
      break;
    }
}
