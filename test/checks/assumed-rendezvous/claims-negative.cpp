// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// What says rendezvous is one, or nothing says so.
#include "channels.h"

#define RENDEZVOUS [[clang::annotate("threadhop::rendezvous")]]

struct connection {
  RENDEZVOUS meeting<int> Member;
  bounded<int> NoClaim{1};
  RENDEZVOUS int NoChannel = 1;
};

using rendezvous_channel = meeting<int>;
rendezvous_channel ByItsAlias;

template <typename T> struct rendezvous_slot {
  T Value;
};
rendezvous_slot<int> Unrelated;
