// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Guards that are plain local variables, and the places where a co_await can
// stand.

#include "coro.h"
#include "scopes.h"
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

std::mutex m, other;
std::recursive_mutex recursive;
std::timed_mutex timed;
std::shared_mutex rw;
int n;

void use(int);
int add(int, int);
std::unique_lock<std::mutex> grab();
lazy<> child();
lazy<std::mutex *> find();
lazy<int &> slot();

lazy<> lock_guard_variable() {
  std::lock_guard<std::mutex> g(m);
  // CHECK: :[[@LINE-1]]:31: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> unique_lock_variable() {
  std::unique_lock<std::mutex> lk(m);
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> scoped_lock_variable() {
  std::scoped_lock<std::mutex> g(m);
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> scoped_lock_of_two_mutexes() {
  std::scoped_lock g(m, other);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> shared_lock_variable() {
  std::shared_lock<std::shared_mutex> reading(rw);
  // CHECK: :[[@LINE-1]]:39: warning: {{.*}}'reading'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'reading'
}

lazy<> writer_of_a_shared_mutex() {
  std::unique_lock writing(rw);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'writing'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'writing'
}

lazy<> recursive_and_timed_mutexes() {
  std::lock_guard a(recursive);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'a'{{.*}} [threadhop-guard-across-suspension]
  std::lock_guard b(timed);
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'a'
  // CHECK: :[[@LINE-3]]:19: warning: {{.*}}'b'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-3]]:3: note: suspended here{{.*}}'b'
}

lazy<> context_guard_variable() {
  trace_scope scope("request");
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> deduced_lock_guard() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> deduced_scoped_lock() {
  std::scoped_lock g{m};
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> auto_variable() {
  auto lk = std::unique_lock(m);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> auto_variable_from_a_function() {
  auto lk = grab();
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> const_guard() {
  const std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:25: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> guard_marked_unused() {
  [[maybe_unused]] std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:36: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> adopted_mutex() {
  m.lock();
  std::lock_guard g(m, std::adopt_lock);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

using lock_alias = std::unique_lock<std::mutex>;
lazy<> alias_of_a_guard_type() {
  lock_alias lk(m);
  // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

typedef std::lock_guard<std::mutex> lock_typedef;
lazy<> typedef_of_a_guard_type() {
  lock_typedef g(m);
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

template <class M> using guard_of = std::lock_guard<M>;
lazy<> alias_template_of_a_guard_type() {
  guard_of<std::mutex> g(m);
  // CHECK: :[[@LINE-1]]:24: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> using_declared_guard_type() {
  using std::scoped_lock;
  scoped_lock g(m);
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> guard_named_by_decltype() {
  decltype(grab()) lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

lazy<> two_guards_of_one_declaration() {
  std::unique_lock<std::mutex> a(m), b(other);
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'a'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'a'
  // CHECK: :[[@LINE-4]]:38: warning: {{.*}}'b'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-3]]:3: note: suspended here{{.*}}'b'
}

lazy<> earlier_declarator_of_the_same_declaration() {
  std::unique_lock<std::mutex> first(m), second(*co_await find());
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'first'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-2]]:50: note: suspended here{{.*}}'first'
}

lazy<> every_suspension_is_noted() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
  co_await tock();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
  co_await child();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> each_guard_has_its_own_suspensions() {
  std::lock_guard outer(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'outer'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'outer'
  std::lock_guard inner(other);
  co_await tock();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'outer'
  // CHECK: :[[@LINE-3]]:19: warning: {{.*}}'inner'{{.*}} [threadhop-guard-across-suspension]
  // CHECK-NOT: :[[@LINE-6]]:{{[0-9]+}}: note: suspended here
  // CHECK: :[[@LINE-4]]:3: note: suspended here{{.*}}'inner'
}

lazy<> suspension_in_a_nested_block() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  {
    {
      co_await tick();
      // CHECK: :[[@LINE-1]]:7: note: suspended here{{.*}}'g'
    }
  }
}

lazy<> guard_in_a_nested_block() {
  co_await tick();
  {
    std::lock_guard g(m);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  }
  co_await tock();
  // CHECK-NOT: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here
}

lazy<> awaits_a_coroutine() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await child();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> await_in_an_initialiser() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  int x = co_await tick();
  // CHECK: :[[@LINE-1]]:11: note: suspended here{{.*}}'g'
  use(x);
}

lazy<> await_in_an_auto_initialiser() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  auto x = co_await tick();
  // CHECK: :[[@LINE-1]]:12: note: suspended here{{.*}}'g'
  use(x);
}

lazy<> await_in_a_reference_initialiser() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  auto &x = co_await slot();
  // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'g'
  use(x);
}

lazy<> await_in_a_braced_initialiser() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  std::pair<int, int> p{0, co_await tick()};
  // CHECK: :[[@LINE-1]]:28: note: suspended here{{.*}}'g'
  use(p.second);
}

lazy<> await_in_an_argument() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  use(co_await tick());
  // CHECK: :[[@LINE-1]]:7: note: suspended here{{.*}}'g'
}

lazy<> await_in_the_second_argument() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  use(add(n, co_await tick()));
  // CHECK: :[[@LINE-1]]:14: note: suspended here{{.*}}'g'
}

lazy<> await_in_an_assignment() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  n += co_await tick();
  // CHECK: :[[@LINE-1]]:8: note: suspended here{{.*}}'g'
}

lazy<> await_in_a_subscript(std::vector<int> &table) {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  use(table[co_await tick()]);
  // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'g'
}

lazy<> await_whose_value_is_dropped() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  (void)co_await tick();
  // CHECK: :[[@LINE-1]]:9: note: suspended here{{.*}}'g'
}

lazy<> await_within_an_await() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick(co_await tock());
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
  // CHECK: :[[@LINE-2]]:17: note: suspended here{{.*}}'g'
}

lazy<> await_in_an_init_capture() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  auto later = [x = co_await tick()] { use(x); };
  // CHECK: :[[@LINE-1]]:21: note: suspended here{{.*}}'g'
  later();
}

lazy<int> await_in_the_returned_value() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_return co_await tick();
  // CHECK: :[[@LINE-1]]:13: note: suspended here{{.*}}'g'
}

lazy<> await_in_a_new_expression() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  delete new int(co_await tick());
  // CHECK: :[[@LINE-1]]:18: note: suspended here{{.*}}'g'
}

class account {
public:
  lazy<> member_mutex_through_this() {
    std::lock_guard g(mutex_);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
    ++balance_;
  }

  lazy<> defined_out_of_line();

  static lazy<> static_member(account &a) {
    std::scoped_lock g(a.mutex_);
    // CHECK: :[[@LINE-1]]:22: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  }

private:
  std::mutex mutex_;
  int balance_ = 0;
};

lazy<> account::defined_out_of_line() {
  std::unique_lock lk(this->mutex_);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}

hot<> coroutine_that_runs_at_once() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

fire_and_forget detached_coroutine() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

namespace {
lazy<> coroutine_in_an_unnamed_namespace() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}
} // namespace
