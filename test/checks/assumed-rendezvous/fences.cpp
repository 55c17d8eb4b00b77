// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// A second send proves nothing about the first message.
#include "channels.h"
#include <thread>
#include <vector>

struct sink {
  std::vector<int> Out;
  bounded<int> Channel{16};
  std::jthread Worker{[this] {
    while (auto Value = Channel.pop())
      if (*Value >= 0)
        Out.push_back(*Value);
  }};
  std::size_t addAndCount(int Value) {
    Channel.push(Value);
    Channel.push(-1);
// CHECK: :[[@LINE-1]]:13: warning: 'Channel' holds 16 messages{{.*}}second send{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-10]]:24: note: the capacity 16 is given here
// CHECK: :[[@LINE-4]]:13: note: the first message is sent here
// CHECK: :[[@LINE+2]]:12: note: 'Out' is used here
// CHECK: :[[@LINE-9]]:9: note: the receiver writes it here
    return Out.size();
  }
  ~sink() { Channel.close(); }
};

struct total {
  long Sum = 0;
  unbounded<int> Channel;
  void run() {
    for (;;) {
      int Value = Channel.receive();
      Sum += Value;
    }
  }
  long sum() {
    for (int I = 0; I != 4; ++I)
      Channel.send(I);
    Channel.send(0);
// CHECK: :[[@LINE-1]]:13: warning: 'Channel' is unbounded{{.*}}second send{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:15: note: the first message is sent here
// CHECK: :[[@LINE+2]]:12: note: 'Sum' is used here
// CHECK: :[[@LINE-11]]:7: note: the receiver writes it here
    return Sum;
  }
};
