// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++23 -I%S/../../Inputs

// From C++23 on every temporary in the range of a loop lives as long as the
// loop.

#include "coro.h"
#include <mutex>

std::mutex m;

void use(int);

struct held_rows {
  std::unique_lock<std::mutex> lock;
};
held_rows hold();

struct view {
  int *begin() const;
  int *end() const;
};
view rows_of(const held_rows &);

lazy<> temporary_within_the_range_of_a_loop() {
  for (int row : rows_of(hold()))
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'held_rows'{{.*}} [threadhop-guard-across-suspension]
    use(row + co_await tick());
  // CHECK: :[[@LINE-1]]:15: note: suspended here
}
