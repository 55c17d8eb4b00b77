// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Guards inside the vocabulary types: optional, smart pointers, variant, pair,
// tuple, arrays, containers, and plain owning pointers.

#include "coro.h"
#include "scopes.h"
#include <array>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

std::mutex m, other;
bool ready;
int n;

void use(int);
std::optional<std::unique_lock<std::mutex>> try_hold();
std::unique_ptr<trace_scope> enter(const char *);

using lock = std::unique_lock<std::mutex>;

lazy<> optional_emplaced() {
  std::optional<trace_scope> scope;
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  scope.emplace("request");
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> optional_constructed_in_place() {
  std::optional<std::lock_guard<std::mutex>> g(std::in_place, m);
  // CHECK: :[[@LINE-1]]:46: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> optional_constructed_from_a_guard() {
  std::optional lk = lock(m);
  // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> optional_assigned() {
  std::optional<lock> lk;
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  lk = lock(m);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> optional_from_a_function() {
  auto lk = try_hold();
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> optional_engaged_on_one_path() {
  std::optional<trace_scope> scope;
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  if (ready)
    scope.emplace("ready");
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> optional_reset_too_late() {
  std::optional<lock> lk(m);
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
  lk.reset();
}

lazy<> made_unique() {
  auto scope = std::make_unique<trace_scope>("request");
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> unique_pointer_to_a_new_guard() {
  std::unique_ptr<std::lock_guard<std::mutex>> g(
      // CHECK: :[[@LINE-1]]:48: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
      new std::lock_guard<std::mutex>(m));
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> unique_pointer_assigned() {
  std::unique_ptr<trace_scope> scope;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  scope = std::make_unique<trace_scope>("request");
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> unique_pointer_reset_to_a_new_guard() {
  std::unique_ptr<trace_scope> scope;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  scope.reset(new trace_scope("request"));
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> unique_pointer_from_a_function() {
  auto scope = enter("request");
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> made_shared() {
  auto scope = std::make_shared<trace_scope>("request");
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> variant_emplaced() {
  std::variant<std::monostate, lock> v;
  // CHECK: :[[@LINE-1]]:38: warning: {{.*}}'v'{{.*}} [threadhop-guard-across-suspension]
  v.emplace<lock>(m);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'v'
}

lazy<> variant_constructed() {
  std::variant<std::monostate, lock> v(std::in_place_type<lock>, m);
  // CHECK: :[[@LINE-1]]:38: warning: {{.*}}'v'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'v'
}

lazy<> variant_assigned() {
  std::variant<std::monostate, lock> v;
  // CHECK: :[[@LINE-1]]:38: warning: {{.*}}'v'{{.*}} [threadhop-guard-across-suspension]
  v = lock(m);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'v'
}

lazy<> pair_with_a_guard() {
  std::pair<lock, int> held(m, 1);
  // CHECK: :[[@LINE-1]]:24: warning: {{.*}}'held{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held
}

lazy<> deduced_pair_with_a_guard() {
  auto held = std::make_pair(lock(m), 1);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'held{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held
}

lazy<> tuple_with_a_guard() {
  std::tuple<int, lock, int> held(1, m, 2);
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'held{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held
}

lazy<> array_with_guards() {
  std::array<lock, 2> locks{lock(m), lock(other)};
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'locks'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'locks'
}

lazy<> array_with_one_locked() {
  std::array<lock, 2> locks;
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'locks'{{.*}} [threadhop-guard-across-suspension]
  locks[1] = lock(m);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'locks'
}

lazy<> vector_emplaced() {
  std::vector<lock> locks;
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'locks'{{.*}} [threadhop-guard-across-suspension]
  locks.emplace_back(m);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'locks'
}

lazy<> vector_pushed() {
  std::vector<lock> locks;
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'locks'{{.*}} [threadhop-guard-across-suspension]
  locks.push_back(lock(m));
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'locks'
}

lazy<> vector_filled_by_a_loop(std::vector<std::mutex> &stripes) {
  std::vector<lock> all;
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'all'{{.*}} [threadhop-guard-across-suspension]
  for (auto &stripe : stripes)
    all.emplace_back(stripe);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'all'
}

lazy<> deque_of_context_guards() {
  std::deque<trace_scope> scopes;
  // CHECK: :[[@LINE-1]]:27: warning: {{.*}}'scopes'{{.*}} [threadhop-guard-across-suspension]
  scopes.emplace_back("request");
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scopes'
}

lazy<> list_of_context_guards() {
  std::list<trace_scope> scopes;
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'scopes'{{.*}} [threadhop-guard-across-suspension]
  scopes.emplace_front("request");
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scopes'
}

lazy<> map_to_guards() {
  std::map<int, lock> held;
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'held'{{.*}} [threadhop-guard-across-suspension]
  held.emplace(1, lock(m));
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'held'
}

lazy<> vector_of_owned_guards() {
  std::vector<std::unique_ptr<trace_scope>> scopes;
  // CHECK: :[[@LINE-1]]:45: warning: {{.*}}'scopes'{{.*}} [threadhop-guard-across-suspension]
  scopes.push_back(enter("request"));
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scopes'
}

struct request {
  int id = 0;
  trace_scope scope{"request"};
};

lazy<> owned_aggregate_with_a_guard() {
  auto r = std::make_unique<request>();
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'r
}

lazy<> optional_aggregate_with_a_guard() {
  std::optional<request> r;
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'r{{.*}} [threadhop-guard-across-suspension]
  r.emplace();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'r
}

struct session {
  std::optional<trace_scope> scope;
  int id = 0;
};

lazy<> optional_member_emplaced() {
  session s;
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'s{{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  s.scope.emplace("session");
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'s
}

lazy<> new_guard_deleted_later() {
  auto *g = new std::lock_guard<std::mutex>(m);
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
  delete g;
}

lazy<> new_context_guard_deleted_later() {
  trace_scope *scope = new trace_scope("request");
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
  delete scope;
}
