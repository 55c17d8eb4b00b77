// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// A message that did not fit, and a receiver that waits for it.
#include "channels.h"

struct handshake {
  bounded<int> Flights{1};
  void onFlight(int Number) { Flights.try_push(Number); }
// CHECK: :[[@LINE-1]]:39: warning: 'Flights' holds 1 message{{.*}}waits for a certain one{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-3]]:24: note: the capacity 1 is given here
// CHECK: :[[@LINE+3]]:34: note: received here
// CHECK: :[[@LINE+3]]:11: note: the receiver depends on it here
  void run() {
    while (auto Flight = Flights.pop())
      if (*Flight == 6)
        return;
  }
};

struct counted {
  bounded<int> Done{2};
  void finish(int Worker) { (void)Done.try_push(Worker); }
// CHECK: :[[@LINE-1]]:40: warning: 'Done' holds 2 messages{{.*}}counts the messages{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-3]]:21: note: the capacity 2 is given here
// CHECK: :[[@LINE+4]]:17: note: received here
// CHECK: :[[@LINE+4]]:11: note: the receiver depends on it here
  void all() {
    int Count = 0;
    while (Done.pop())
      if (++Count == 8)
        break;
  }
};

enum class step { hello, bye };
struct session {
  bounded<step> Steps{1};
  void leave() {
    if (true)
      Steps.try_push(step::bye);
// CHECK: :[[@LINE-1]]:13: warning: 'Steps' holds 1 message{{.*}}waits for a certain one{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-5]]:23: note: the capacity 1 is given here
// CHECK: :[[@LINE+5]]:25: note: received here
// CHECK: :[[@LINE+5]]:20: note: the receiver depends on it here
  }
  void run() {
    for (;;) {
      auto Step = Steps.pop();
      if (!Step || *Step == step::bye)
        break;
    }
  }
};

struct by_switch {
  bounded<step> Steps{1};
  void leave() { Steps.try_push(step::bye); }
// CHECK: :[[@LINE-1]]:24: warning: 'Steps' holds 1 message{{.*}}waits for a certain one{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-3]]:23: note: the capacity 1 is given here
// CHECK: :[[@LINE+3]]:30: note: received here
// CHECK: :[[@LINE+6]]:7: note: the receiver depends on it here
  void run() {
    while (auto Step = Steps.pop()) {
      switch (*Step) {
      case step::hello:
        break;
      case step::bye: {
        return;
      }
      }
    }
  }
};

struct by_flag {
  bounded<step> Steps{1};
  void leave() { Steps.try_push(step::bye); }
// CHECK: :[[@LINE-1]]:24: warning: 'Steps' holds 1 message{{.*}}waits for a certain one{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-3]]:23: note: the capacity 1 is given here
// CHECK: :[[@LINE+5]]:25: note: received here
// CHECK: :[[@LINE+5]]:11: note: the receiver depends on it here
  void run() {
    bool Running = true;
    while (Running) {
      auto Step = Steps.pop();
      if (*Step == step::bye)
        Running = false;
    }
  }
};

struct by_null {
  bounded<int *> Values{2};
  void leave() { Values.try_push(nullptr); }
// CHECK: :[[@LINE-1]]:25: warning: 'Values' holds 2 messages{{.*}}waits for a certain one{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-3]]:25: note: the capacity 2 is given here
// CHECK: :[[@LINE+3]]:32: note: received here
// CHECK: :[[@LINE+3]]:11: note: the receiver depends on it here
  void run() {
    while (auto Value = Values.pop())
      if (*Value == nullptr)
        return;
  }
};
