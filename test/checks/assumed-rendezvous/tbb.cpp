// REQUIRES: tbb
// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20
// oneTBB's own headers.
#include <oneapi/tbb/concurrent_queue.h>
#include <string>
#include <string_view>

struct logger {
  tbb::concurrent_bounded_queue<std::string_view> Lines;
  logger() { Lines.set_capacity(1); }
  void line(int Number) {
    std::string Text = std::to_string(Number);
    Lines.push(Text);
// CHECK: :[[@LINE-1]]:11: warning: 'Lines' holds 1 message{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-5]]:33: note: the capacity is set here
// CHECK: :[[@LINE-4]]:17: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:3: note: 'Text' ends here
  }
  void literal() { Lines.push("a line"); }
};

void unbounded(tbb::concurrent_queue<int *> &Numbers) {
  int Number = 1;
  Numbers.push(&Number);
// CHECK: :[[@LINE-1]]:11: warning: 'Numbers' is unbounded{{.*}}points to 'Number'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-4]]:46: note: it has no capacity to be told: it is always unbounded
// CHECK: :[[@LINE-4]]:7: note: 'Number' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Number' ends here
}

void takenBack(tbb::concurrent_bounded_queue<int *> &Numbers) {
  int Number = 1;
  Numbers.push(&Number);
  int *Back;
  Numbers.pop(Back);
}
