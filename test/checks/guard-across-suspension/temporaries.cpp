// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Temporaries die at the end of the full expression, after every suspension in
// it; a reference keeps them longer.

#include "coro.h"
#include "scopes.h"
#include <memory>
#include <mutex>
#include <vector>

std::mutex m;
bool ready;
int n;

void use(int);
int read(const std::unique_lock<std::mutex> &);
int read(const trace_scope &);
std::unique_lock<std::mutex> grab();

struct held_row {
  std::unique_lock<std::mutex> lock;
  int row;
};
held_row hold();

// What a synchronised value gives out: the lock lives as long as the proxy.
struct locked_table {
  std::unique_lock<std::mutex> lock;
  std::vector<int> *rows;
  std::vector<int> *operator->() const;
  event flush() const;
  const int *begin() const;
  const int *end() const;
};
locked_table open_table();

// Copies the row and forgets the lock.
struct fetch {
  int row;
  explicit fetch(const held_row &h) : row(h.row) {}
  explicit fetch(int r) : row(r) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};

lazy<> left_of_a_comma() {
  std::lock_guard(m), co_await tick();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary '{{.*}}lock_guard{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:23: note: suspended here
}

lazy<> call_left_of_a_comma() {
  grab(), co_await tick();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary '{{.*}}unique_lock{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:11: note: suspended here
}

lazy<> argument_of_the_awaiter() {
  co_await fetch(held_row{std::unique_lock(m), n});
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary 'held_row'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:3: note: suspended here
}

lazy<int> argument_of_the_awaiter_in_a_return() {
  co_return co_await fetch(hold());
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary 'held_row'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:13: note: suspended here
}

lazy<> left_operand() {
  use(read(std::unique_lock(m)) + co_await tick());
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary '{{.*}}unique_lock{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:35: note: suspended here
}

lazy<> left_operand_of_an_initialiser() {
  int sum = read(std::unique_lock(m)) + co_await tick();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary '{{.*}}unique_lock{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:41: note: suspended here
  use(sum);
}

lazy<int> left_operand_of_a_returned_value() {
  co_return read(std::unique_lock(m)) + co_await tick();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary '{{.*}}unique_lock{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:41: note: suspended here
}

lazy<> left_of_a_logical_and() {
  if (read(std::unique_lock(m)) && co_await tick())
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary '{{.*}}unique_lock{{.*}} [threadhop-guard-across-suspension]
    // CHECK: :[[@LINE-2]]:36: note: suspended here
    use(n);
}

lazy<> member_of_a_temporary() {
  use(hold().row + co_await tick());
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary 'held_row'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:20: note: suspended here
}

lazy<> proxy_that_is_awaited() {
  co_await open_table().flush();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary 'locked_table'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:3: note: suspended here
}

lazy<> proxy_with_an_awaited_argument() {
  open_table()->push_back(co_await tick());
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary 'locked_table'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:27: note: suspended here
}

lazy<> context_guard_temporary() {
  use(read(trace_scope("read")) + co_await tick());
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary 'trace_scope'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:35: note: suspended here
}

lazy<> owner_of_a_guard() {
  co_await fetch(*std::make_unique<held_row>(grab(), n));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary '{{.*}}unique_ptr{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:3: note: suspended here
}

lazy<> temporary_in_the_arm_that_awaits() {
  use(ready ? read(std::unique_lock(m)) + co_await tick() : n);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary '{{.*}}unique_lock{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:43: note: suspended here
}

lazy<> temporary_in_one_arm_of_the_operand() {
  co_await (ready ? fetch(hold()) : fetch(n));
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary 'held_row'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:3: note: suspended here
}

generator<int> temporary_in_a_yielded_value() {
  co_yield hold().row;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}temporary 'held_row'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:3: note: suspended here
}

lazy<> extended_by_a_const_reference() {
  const auto &lk = grab();
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> extended_by_an_rvalue_reference() {
  std::unique_lock<std::mutex> &&lk = grab();
  // CHECK: :[[@LINE-1]]:34: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> extended_by_a_forwarding_reference() {
  auto &&lk = std::unique_lock(m);
  // CHECK: :[[@LINE-1]]:10: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> extended_context_guard() {
  const trace_scope &scope = trace_scope("request");
  // CHECK: :[[@LINE-1]]:22: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> extended_through_a_member() {
  const int &row = held_row{std::unique_lock(m), n}.row;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'{{row|held_row}}'{{.*}} [threadhop-guard-across-suspension]
  use(row + co_await tick());
  // CHECK: :[[@LINE-1]]:13: note: suspended here
}

lazy<> extended_by_a_range_for() {
  for (int row : open_table())
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'locked_table'{{.*}} [threadhop-guard-across-suspension]
    use(row + co_await tick());
  // CHECK: :[[@LINE-1]]:15: note: suspended here
}

lazy<> extended_in_an_init_statement() {
  if (auto &&lk = grab(); ready)
    // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
}
