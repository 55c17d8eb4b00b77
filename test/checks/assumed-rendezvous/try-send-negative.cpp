// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// A message that does not fit is nobody's loss, or somebody notices.
#include "channels.h"

void use(int);

struct noticed {
  bounded<int> Flights{1};
  bool onFlight(int Number) { return Flights.try_push(Number); }
  void retry(int Number) {
    while (!Flights.try_push(Number))
      ;
  }
  void stored(int Number) {
    bool Sent = Flights.try_push(Number);
    if (!Sent)
      use(Number);
  }
  void run() {
    while (auto Flight = Flights.pop())
      if (*Flight == 6)
        return;
  }
};

// The latest value, and no matter which.
struct latest {
  bounded<int> Box{1};
  void publish(int Value) { Box.try_push(Value); }
  void show() {
    while (auto Value = Box.pop())
      use(*Value);
  }
};

// The oldest makes room.
struct ring {
  bounded<int> Values{1};
  void publish(int Value) {
    if (!Values.try_push(Value)) {
      (void)Values.pop();
      (void)Values.try_push(Value);
    }
  }
  void run() {
    while (auto Value = Values.pop())
      if (*Value == 6)
        return;
  }
};

// Room enough for all that there will be.
struct large {
  bounded<int> Values{1024};
  void publish(int Value) { Values.try_push(Value); }
  void run() {
    while (auto Value = Values.pop())
      if (*Value == 6)
        return;
  }
};

// Nobody to be seen at the other end.
struct alone {
  bounded<int> Values{1};
  void publish(int Value) { Values.try_push(Value); }
};

enum class step { hello, data, bye };

// The message that the receiver waits for is another one, and it waits for
// room.
struct other_constant {
  bounded<step> Steps{1};
  void hello() { Steps.try_push(step::hello); }
  void leave() { Steps.push(step::bye); }
  void run() {
    while (auto Step = Steps.pop())
      if (*Step == step::bye)
        return;
  }
};
struct sent_safely {
  bounded<int> Values{1};
  void publish(int Value) { Values.try_push(Value); }
  void leave() { Values.push(-1); }
  void run() {
    while (auto Value = Values.pop())
      if (*Value == -1)
        return;
  }
};

// A case that ends the switch, not the loop; one that may go on.
struct goes_on {
  bounded<step> Steps{1};
  bool ready();
  void publish() { Steps.try_push(step::hello); }
  void more() { Steps.try_push(step::data); }
  void run() {
    while (auto Step = Steps.pop()) {
      switch (*Step) {
      case step::hello:
        break;
      case step::data:
        if (ready())
          return;
        break;
      case step::bye:
        return;
      }
    }
  }
};
