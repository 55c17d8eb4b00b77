// RUN: %check_threadhop %s threadhop-overwritten-waker -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"

namespace asio {
enum class cancellation_type { all };
class cancellation_slot {
public:
  template <class Handler> Handler &assign(Handler &&h);
  template <class Handler, class... Args> Handler &emplace(Args &&...args);
  void clear();
  bool has_handler() const;
  bool is_connected() const;
};
class cancellation_signal {
public:
  cancellation_slot slot();
  void emit(cancellation_type);
};
struct io_context {
  void run();
};
} // namespace asio

struct stop {
  int *what;
  void operator()(asio::cancellation_type);
};
void start(int &);

struct download {
  asio::cancellation_signal signal, other;
  asio::io_context context;
  int head = 0, body = 0;

  void through_one_copy_of_the_slot() {
    auto slot = signal.slot();
    slot.assign(stop{&head});
    // CHECK: :[[@LINE+2]]:10: warning: 'asio::cancellation_slot' keeps one handler{{.*}}is lost{{.*}} [threadhop-overwritten-waker]
    // CHECK: :[[@LINE-2]]:10: note: the earlier handler is put in here
    slot.assign(stop{&body});
  }
  void through_the_signal() {
    signal.slot().assign(stop{&head});
    start(head);
    signal.slot().emplace<stop>(&body);
    // CHECK: :[[@LINE-1]]:19: warning: {{.*}}keeps one handler{{.*}} [threadhop-overwritten-waker]
  }
  void on_one_path(bool both) {
    asio::cancellation_slot slot(signal.slot());
    if (both)
      slot.assign(stop{&head});
    if (slot.is_connected())
      slot.assign(stop{&body});
    // CHECK: :[[@LINE-1]]:12: warning: {{.*}}keeps one handler{{.*}} [threadhop-overwritten-waker]
  }

  void of_two_signals() {
    signal.slot().assign(stop{&head});
    other.slot().assign(stop{&body});
  }
  void cleared_between() {
    auto slot = signal.slot();
    slot.assign(stop{&head});
    slot.clear();
    slot.assign(stop{&body});
  }
  void asked_between() {
    auto slot = signal.slot();
    slot.assign(stop{&head});
    if (!slot.has_handler())
      slot.assign(stop{&body});
  }
  void called_between() {
    signal.slot().assign(stop{&head});
    signal.emit(asio::cancellation_type::all);
    signal.slot().assign(stop{&body});
  }
  void over_between() {
    signal.slot().assign(stop{&head});
    context.run();
    signal.slot().assign(stop{&body});
  }
  void either(bool which) {
    if (which)
      signal.slot().assign(stop{&head});
    else
      signal.slot().assign(stop{&body});
  }
  fire_and_forget awaited_between() {
    signal.slot().assign(stop{&head});
    co_await std::suspend_always();
    signal.slot().assign(stop{&body});
  }
};
