// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// A by-value parameter lives in the frame from before the initial suspension
// until the frame is destroyed, after the final one.

#include "coro.h"
#include "scopes.h"
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

std::mutex m;
int n;

void finish(std::unique_lock<std::mutex>);

lazy<> lazily_started(std::unique_lock<std::mutex> lk) {
  // CHECK: :[[@LINE-1]]:52: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  ++n;
  co_return;
}

lazy<> suspended_at_both_ends(std::unique_lock<std::mutex> lk) {
  // CHECK: :[[@LINE-1]]:60: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  // CHECK: :[[@LINE-3]]:{{[0-9]+}}: note: {{.*}}final suspension
  ++n;
  co_return;
}

hot<> suspended_at_its_end_only(std::unique_lock<std::mutex> lk) {
  // CHECK: :[[@LINE-1]]:62: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK-NOT: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  // CHECK: :[[@LINE-3]]:{{[0-9]+}}: note: {{.*}}final suspension
  ++n;
  co_return;
}

fire_and_forget detached_with_an_await(std::unique_lock<std::mutex> lk) {
  // CHECK: :[[@LINE-1]]:69: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> released_after_the_initial_suspension(std::unique_lock<std::mutex> lk) {
  // CHECK: :[[@LINE-1]]:75: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  // CHECK-NOT: :[[@LINE-3]]:{{[0-9]+}}: note: {{.*}}final suspension
  lk.unlock();
  co_await tick();
  // CHECK-NOT: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here
}

hot<> released_on_one_path(std::unique_lock<std::mutex> lk, bool quick) {
  // CHECK: :[[@LINE-1]]:57: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}final suspension
  if (quick)
    lk.unlock();
  co_return;
}

lazy<> moved_to_a_local_that_stays(std::unique_lock<std::mutex> lk) {
  // CHECK: :[[@LINE-1]]:65: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  auto own = std::move(lk);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'own'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'own'
}

lazy<> parameter_without_a_name(std::unique_lock<std::mutex>) {
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}unique_lock{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  co_return;
}

using lock_alias = std::unique_lock<std::mutex>;
lazy<> parameter_of_an_alias(int, lock_alias lk) {
  // CHECK: :[[@LINE-1]]:46: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  co_return;
}

lazy<> parameter_with_a_default(
    std::unique_lock<std::mutex> lk = std::unique_lock(m)) {
  // CHECK: :[[@LINE-1]]:34: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-3]]:{{[0-9]+}}: note: {{.*}}initial suspension
  co_return;
}

struct held_row {
  std::unique_lock<std::mutex> lock;
  int row;
};
lazy<> aggregate_parameter(held_row held) {
  // CHECK: :[[@LINE-1]]:37: warning: {{.*}}'held{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  n = held.row;
  co_return;
}

lazy<> pair_parameter(std::pair<std::unique_lock<std::mutex>, int> held) {
  // CHECK: :[[@LINE-1]]:68: warning: {{.*}}'held{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  co_return;
}

lazy<> owned_context_guard(std::unique_ptr<trace_scope> scope) {
  // CHECK: :[[@LINE-1]]:57: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  co_return;
}

class counter {
public:
  lazy<> parameter_of_a_member(std::unique_lock<std::mutex> lk) {
    // CHECK: :[[@LINE-1]]:61: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
    // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
    ++value_;
    co_return;
  }

private:
  int value_ = 0;
};

template <class Guard> lazy<> parameter_of_a_template(Guard guard) {
  // CHECK: :[[@LINE-1]]:61: warning: {{.*}}'guard'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  co_return;
}
void instantiate() {
  (void)parameter_of_a_template(std::unique_lock(m));
  (void)parameter_of_a_template(1);
}

auto parameter_of_a_lambda = [](std::unique_lock<std::mutex> lk) -> lazy<> {
  // CHECK: :[[@LINE-1]]:62: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  co_return;
};

generator<int> parameter_of_a_generator(std::unique_lock<std::mutex> lk) {
  // CHECK: :[[@LINE-1]]:70: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}initial suspension
  co_yield n;
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}
