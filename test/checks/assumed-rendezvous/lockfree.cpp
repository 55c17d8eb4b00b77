// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20
// The queues of Boost.Lockfree, with its own headers.
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>

namespace lockfree = boost::lockfree;

struct block {
  float Samples[4];
};

struct by_option {
  lockfree::spsc_queue<const block *, lockfree::capacity<16>> Blocks;
  void add() {
    block One{};
    Blocks.push(&One);
// CHECK: :[[@LINE-1]]:12: warning: 'Blocks' holds 16 messages{{.*}}points to 'One'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-5]]:63: note: the template argument 'capacity' of its type gives it the capacity 16
// CHECK: :[[@LINE-4]]:11: note: 'One' is declared here
// CHECK: :[[@LINE+1]]:3: note: 'One' ends here
  }
};

void ofSomeSize(lockfree::spsc_queue<const block *> &Blocks) {
  block One{};
  Blocks.push(&One);
// CHECK: :[[@LINE-1]]:10: warning: 'Blocks' is buffered{{.*}}points to 'One'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-4]]:54: note: it buffers, whatever capacity it is made with
// CHECK: :[[@LINE-4]]:9: note: 'One' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'One' ends here
}

void ofManyWriters(lockfree::queue<const block *> &Blocks) {
  block One{};
  while (!Blocks.push(&One))
    ;
// CHECK: :[[@LINE-2]]:18: warning: 'Blocks' is unbounded{{.*}}points to 'One'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-5]]:52: note: it has no capacity to be told{{.*}}
// CHECK: :[[@LINE-5]]:9: note: 'One' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'One' ends here
}

void values(lockfree::spsc_queue<block> &Blocks) {
  block One{};
  Blocks.push(One);
}

// Several messages at once: the array itself is none of them.
void several(lockfree::spsc_queue<const block *> &Blocks, const block *First,
             const block *Second) {
  const block *Both[] = {First, Second};
  Blocks.push(Both, 2);
}
