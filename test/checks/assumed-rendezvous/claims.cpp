// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// Something says rendezvous, and there is a buffer.
#include "channels.h"
#include <memory>

#define RENDEZVOUS [[clang::annotate("threadhop::rendezvous")]]

struct connection {
  RENDEZVOUS bounded<int> Member{1};
// CHECK: :[[@LINE-1]]:27: warning: 'Member' holds 1 message{{.*}}rendezvous{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-2]]:34: note: the capacity 1 is given here
  RENDEZVOUS bounded<int> ByDefault;
// CHECK: :[[@LINE-1]]:27: warning: 'ByDefault' is buffered{{.*}}rendezvous{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
  RENDEZVOUS unbounded<int> Unbounded;
// CHECK: :[[@LINE-1]]:29: warning: 'Unbounded' is unbounded{{.*}}rendezvous{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
  [[clang::annotate("threadhop::rendezvous", "the peer must have it")]]
  bounded<int> WithAReason{2};
// CHECK: :[[@LINE-1]]:16: warning: 'WithAReason' holds 2 messages{{.*}}rendezvous{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-2]]:28: note: the capacity 2 is given here
};

RENDEZVOUS bounded<int> Variable(8);
// CHECK: :[[@LINE-1]]:25: warning: 'Variable' holds 8 messages{{.*}}rendezvous{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-2]]:34: note: the capacity 8 is given here

void local() { RENDEZVOUS bounded<int> Local(3); }
// CHECK: :[[@LINE-1]]:40: warning: 'Local' holds 3 messages{{.*}}rendezvous{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-2]]:46: note: the capacity 3 is given here

template <typename T> using unbuffered_channel = bounded<T>;
unbuffered_channel<int> ByItsAlias(1);
// CHECK: :[[@LINE-1]]:25: warning: 'ByItsAlias' holds 1 message{{.*}}rendezvous{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-2]]:36: note: the capacity 1 is given here
// CHECK: :[[@LINE-4]]:23: note: said here

struct RENDEZVOUS handoff : bounded<int> {
  handoff() : bounded<int>(1) {}
};
handoff ByItsType;
// CHECK: :[[@LINE-1]]:9: warning: 'ByItsType' holds 1 message{{.*}}rendezvous{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-4]]:28: note: the capacity 1 is given here
// CHECK: :[[@LINE-6]]:8: note: said here
