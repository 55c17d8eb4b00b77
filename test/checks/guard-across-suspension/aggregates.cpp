// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Guards inside local objects: members, bases, arrays, captures, bindings. The
// warning stands at the local object and names the way to the guard.

#include "coro.h"
#include "scopes.h"
#include <mutex>
#include <tuple>
#include <utility>

std::mutex m, other;
int n;

void use(int);
std::pair<std::unique_lock<std::mutex>, int> lock_row();

struct held_row {
  std::unique_lock<std::mutex> lock;
  int row = 0;
};
held_row hold();

lazy<> member_set_by_aggregate_initialisation() {
  held_row held{std::unique_lock(m), 1};
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'held{{.*}}'lock'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held
}

lazy<> member_set_by_designated_initialisation() {
  held_row held{.lock = std::unique_lock(m), .row = 1};
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'held{{.*}}'lock'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held
}

lazy<> member_assigned_later() {
  held_row held;
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'held{{.*}}'lock'{{.*}} [threadhop-guard-across-suspension]
  held.lock = std::unique_lock(m);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held
}

lazy<> member_locked_later() {
  held_row held{std::unique_lock(m, std::defer_lock), 1};
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'held{{.*}}'lock'{{.*}} [threadhop-guard-across-suspension]
  held.lock.lock();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held
}

lazy<> aggregate_from_a_function() {
  auto held = hold();
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'held{{.*}}'lock'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held
}

class session {
public:
  session() : guard_(m) {}
  int id() const;

private:
  std::lock_guard<std::mutex> guard_;
};

lazy<> private_member_set_by_a_constructor() {
  session s;
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'s{{.*}}'guard_'{{.*}} [threadhop-guard-across-suspension]
  use(s.id() + co_await tick());
  // CHECK: :[[@LINE-1]]:16: note: suspended here{{.*}}'s
}

struct request {
  trace_scope scope{"request"};
  int id = 0;
};

lazy<> member_with_a_default_initialiser() {
  request r;
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'r{{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'r
}

struct connection {
  int id = 0;
  request current;
};

lazy<> member_of_a_member() {
  connection c;
  // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'c{{.*}}'current'{{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'c
}

struct named_lock : std::unique_lock<std::mutex> {
  using std::unique_lock<std::mutex>::unique_lock;
};

lazy<> derived_from_a_guard() {
  named_lock lk(m);
  // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

struct derived_request : request {
  int depth = 0;
};

lazy<> member_of_a_base() {
  derived_request r;
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'r{{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'r
}

struct log_scope : private trace_scope {
  log_scope() : trace_scope("log") {}
};

lazy<> private_base() {
  log_scope scope;
  // CHECK: :[[@LINE-1]]:13: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

template <class T> struct with_lock {
  std::lock_guard<std::mutex> guard{m};
  T value{};
};

lazy<> member_of_a_class_template() {
  with_lock<int> w;
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'w{{.*}}'guard'{{.*}} [threadhop-guard-across-suspension]
  use(w.value + co_await tick());
  // CHECK: :[[@LINE-1]]:17: note: suspended here{{.*}}'w
}

struct striped {
  std::unique_lock<std::mutex> locks[2];
};

lazy<> array_member() {
  striped s{{std::unique_lock(m), std::unique_lock(other)}};
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'s{{.*}}'locks'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'s
}

lazy<> array_of_guards() {
  std::unique_lock<std::mutex> locks[] = {std::unique_lock(m),
                                          std::unique_lock(other)};
  // CHECK: :[[@LINE-2]]:32: warning: {{.*}}'locks'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'locks'
}

lazy<> guard_captured_by_a_local_lambda() {
  auto bump = [lk = std::unique_lock(m)] { ++n; };
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'bump'{{.*}} [threadhop-guard-across-suspension]
  bump();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'bump'
}

lazy<> binding_of_a_pair() {
  auto [lk, row] = lock_row();
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  use(row + co_await tick());
  // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'lk'
}

lazy<> binding_of_an_aggregate() {
  auto [lk, row] = hold();
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  use(row + co_await tick());
  // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'lk'
}

lazy<> binding_of_a_tuple() {
  auto [row, lk] = std::tuple<int, std::unique_lock<std::mutex>>(n, m);
  // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  use(row + co_await tick());
  // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'lk'
}

lazy<> binding_by_an_extending_reference() {
  auto &&[lk, row] = lock_row();
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  use(row + co_await tick());
  // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'lk'
}

lazy<> binding_by_reference_to_a_local() {
  auto pair = lock_row();
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'pair'{{.*}} [threadhop-guard-across-suspension]
  auto &[lk, row] = pair;
  use(row + co_await tick());
  // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'pair'
}

lazy<> local_class_with_a_guard() {
  struct scoped {
    std::lock_guard<std::mutex> guard;
  };
  scoped s{std::lock_guard<std::mutex>(m)};
  // CHECK: :[[@LINE-1]]:10: warning: {{.*}}'s{{.*}}'guard'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'s
}
