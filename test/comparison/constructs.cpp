// The constructs that tools/compare-upstream.py compares checks over.
//
// A construct begins with a comment that gives its title, followed by one that
// says whether a guard is alive over a suspension ('want: report') or not
// ('want: silent'), and reaches to the next such comment. A tool reports it
// when one of its warnings stands on a line of the construct.
//
// Upstream's checks know guards by name; they are given these:
// guard-types: std::lock_guard std::unique_lock std::scoped_lock
// guard-types: std::shared_lock trace_scope project_guard

#include "coro.h"
#include "scopes.h"
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

std::mutex m, other;
std::shared_mutex rw;
bool ready;
int n;

void use(int);
int read(const std::unique_lock<std::mutex> &);
void finish(std::unique_lock<std::mutex>);
lazy<> child();
std::unique_lock<std::mutex> grab();
std::pair<std::unique_lock<std::mutex>, int> lock_row();

struct held_row {
  std::unique_lock<std::mutex> lock;
  int row = 0;
};
held_row hold();

struct named_lock : std::unique_lock<std::mutex> {
  using std::unique_lock<std::mutex>::unique_lock;
};

class project_guard {
public:
  explicit project_guard(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  project_guard(const project_guard &) = delete;
  ~project_guard() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};

struct always_ready {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};

// construct: `std::lock_guard<std::mutex>` variable
// want: report
lazy<> lock_guard_variable() {
  std::lock_guard<std::mutex> g(m);
  co_await tick();
}

// construct: `std::unique_lock<std::mutex>` variable
// want: report
lazy<> unique_lock_variable() {
  std::unique_lock<std::mutex> lk(m);
  co_await tick();
}

// construct: `std::shared_lock` variable
// want: report
lazy<> shared_lock_variable() {
  std::shared_lock<std::shared_mutex> reading(rw);
  co_await tick();
}

// construct: tracing scope of a project
// want: report
lazy<> context_guard_variable() {
  trace_scope scope("request");
  co_await tick();
}

// construct: lock guard of a project
// want: report
lazy<> project_guard_variable() {
  project_guard g(m);
  co_await tick();
}

// construct: class template argument deduction
// want: report
lazy<> deduced_arguments() {
  std::lock_guard g(m);
  co_await tick();
}

// construct: `auto` from a function
// want: report
lazy<> auto_from_a_function() {
  auto lk = grab();
  co_await tick();
}

// construct: type alias
// want: report
using lock_alias = std::unique_lock<std::mutex>;
lazy<> alias_of_the_type() {
  lock_alias lk(m);
  co_await tick();
}

// construct: await in an initialiser, `auto x = co_await f()`
// want: report
lazy<> await_in_an_initialiser() {
  std::lock_guard<std::mutex> g(m);
  auto x = co_await tick();
  use(x);
}

// construct: await in an argument
// want: report
lazy<> await_in_an_argument() {
  std::lock_guard<std::mutex> g(m);
  use(co_await tick());
}

// construct: await in a condition
// want: report
lazy<> await_in_a_condition() {
  std::lock_guard<std::mutex> g(m);
  if (co_await tick())
    use(n);
}

// construct: await in a later declarator
// want: report
lazy<> await_in_a_later_declarator() {
  std::unique_lock<std::mutex> a(m), b((co_await tick(), other));
}

// construct: `co_yield`
// want: report
generator<int> over_a_yield() {
  std::lock_guard<std::mutex> g(m);
  co_yield n;
}

// construct: init-statement of `if`
// want: report
lazy<> init_statement_of_if() {
  if (std::lock_guard<std::mutex> g(m); ready)
    co_await tick();
}

// construct: init-statement of `switch`
// want: report
lazy<> init_statement_of_switch() {
  switch (std::lock_guard<std::mutex> g(m); n) {
  case 1:
    co_await tick();
  }
}

// construct: init-statement of `for`
// want: report
lazy<> init_statement_of_for() {
  for (std::lock_guard<std::mutex> g(m); ready;)
    co_await tick();
}

// construct: init-statement of range-`for`
// want: report
lazy<> init_statement_of_range_for(std::vector<int> &v) {
  for (std::lock_guard<std::mutex> g(m); int x : v)
    co_await tick(x);
}

// construct: condition variable of `while`
// want: report
lazy<> declared_in_a_while_condition() {
  while (std::unique_lock<std::mutex> lk{m, std::try_to_lock})
    co_await tick();
}

// construct: locked by the iteration before
// want: report
lazy<> locked_by_the_iteration_before() {
  std::unique_lock<std::mutex> lk(m, std::defer_lock);
  while (ready) {
    co_await tick();
    lk.lock();
  }
}

// construct: unlocked on one branch only
// want: report
lazy<> unlocked_on_one_branch() {
  std::unique_lock<std::mutex> lk(m);
  if (ready)
    lk.unlock();
  co_await tick();
}

// construct: unlocked and locked again
// want: report
lazy<> locked_again() {
  std::unique_lock<std::mutex> lk(m);
  lk.unlock();
  lk.lock();
  co_await tick();
}

// construct: parameter by value, initial suspension
// want: report
lazy<> parameter_by_value(std::unique_lock<std::mutex> lk) {
  ++n;
  co_return;
}

// construct: parameter by value, final suspension
// want: report
hot<> parameter_alive_at_the_end(std::unique_lock<std::mutex> lk) {
  ++n;
  co_return;
}

// construct: member of a local aggregate
// want: report
lazy<> member_of_an_aggregate() {
  held_row held{std::unique_lock(m), 1};
  co_await tick();
}

// construct: base of a local object
// want: report
lazy<> base_of_an_object() {
  named_lock lk(m);
  co_await tick();
}

// construct: structured binding
// want: report
lazy<> structured_binding() {
  auto [lk, row] = lock_row();
  co_await tick(row);
}

// construct: capture of a local lambda
// want: report
lazy<> captured_by_a_lambda() {
  auto bump = [lk = std::unique_lock(m)] { ++n; };
  co_await tick();
  bump();
}

// construct: `std::optional`
// want: report
lazy<> in_an_optional() {
  std::optional<trace_scope> scope;
  scope.emplace("request");
  co_await tick();
}

// construct: `std::unique_ptr`
// want: report
lazy<> in_a_unique_pointer() {
  auto scope = std::make_unique<trace_scope>("request");
  co_await tick();
}

// construct: `std::shared_ptr`
// want: report
lazy<> in_a_shared_pointer() {
  auto scope = std::make_shared<trace_scope>("request");
  co_await tick();
}

// construct: plain `new` and `delete`
// want: report
lazy<> made_by_new() {
  auto *g = new std::lock_guard<std::mutex>(m);
  co_await tick();
  delete g;
}

// construct: `std::variant`
// want: report
lazy<> in_a_variant() {
  std::variant<std::monostate, std::unique_lock<std::mutex>> v;
  v.emplace<1>(m);
  co_await tick();
}

// construct: `std::tuple`
// want: report
lazy<> in_a_tuple() {
  std::tuple<int, std::unique_lock<std::mutex>> held(1, m);
  co_await tick();
}

// construct: array
// want: report
lazy<> in_an_array() {
  std::unique_lock<std::mutex> locks[] = {std::unique_lock(m),
                                          std::unique_lock(other)};
  co_await tick();
}

// construct: `std::array`
// want: report
lazy<> in_a_standard_array() {
  std::array<std::unique_lock<std::mutex>, 2> locks{std::unique_lock(m)};
  co_await tick();
}

// construct: `std::vector`
// want: report
lazy<> in_a_vector() {
  std::vector<std::unique_lock<std::mutex>> locks;
  locks.emplace_back(m);
  co_await tick();
}

// construct: temporary in the full expression
// want: report
lazy<> temporary() { use(read(std::unique_lock(m)) + co_await tick()); }

// construct: temporary whose member is used
// want: report
lazy<> temporary_aggregate() { use(hold().row + co_await tick()); }

// construct: temporary extended by a reference
// want: report
lazy<> extended_temporary() {
  const auto &lk = grab();
  co_await tick();
}

// construct: mutex locked by hand
// want: report
lazy<> locked_by_hand() {
  m.lock();
  co_await tick();
  m.unlock();
}

// construct: lambda coroutine
// want: report
auto lambda_coroutine = []() -> lazy<> {
  std::lock_guard<std::mutex> g(m);
  co_await tick();
};

// construct: template, wrong for one of two mutexes
// want: report
template <class M> lazy<> template_of_a_mutex(M &mutex) {
  std::unique_lock<M> lk(mutex, std::adopt_lock);
  co_await tick();
}
template lazy<> template_of_a_mutex(std::mutex &);
template lazy<> template_of_a_mutex(coro_mutex &);

// construct: scope closed before
// want: silent
lazy<> scope_closed() {
  {
    std::lock_guard<std::mutex> g(m);
    ++n;
  }
  co_await tick();
}

// construct: unlocked before
// want: silent
lazy<> unlocked() {
  std::unique_lock<std::mutex> lk(m);
  lk.unlock();
  co_await tick();
}

// construct: unlocked on every branch
// want: silent
lazy<> unlocked_on_every_branch() {
  std::unique_lock<std::mutex> lk(m);
  if (ready)
    lk.unlock();
  else
    lk.unlock();
  co_await tick();
}

// construct: unlocked before, locked again after
// want: silent
lazy<> locked_again_after() {
  std::unique_lock<std::mutex> lk(m);
  lk.unlock();
  co_await tick();
  lk.lock();
}

// construct: unlocked through a reference
// want: silent
lazy<> unlocked_through_a_reference() {
  std::unique_lock<std::mutex> lk(m);
  auto &same = lk;
  same.unlock();
  co_await tick();
}

// construct: unlocked by a helper function
// want: silent
void done_with(std::unique_lock<std::mutex> &lk) { lk.unlock(); }
lazy<> unlocked_by_a_helper() {
  std::unique_lock<std::mutex> lk(m);
  done_with(lk);
  co_await tick();
}

// construct: moved away
// want: silent
lazy<> moved_away() {
  std::unique_lock<std::mutex> lk(m);
  finish(std::move(lk));
  co_await tick();
}

// construct: assigned empty
// want: silent
lazy<> assigned_empty() {
  std::unique_lock<std::mutex> lk(m);
  lk = {};
  co_await tick();
}

// construct: deferred
// want: silent
lazy<> deferred() {
  std::unique_lock<std::mutex> lk(m, std::defer_lock);
  co_await tick();
}

// construct: tried, and not owned where it awaits
// want: silent
lazy<> tried_and_not_owned() {
  std::unique_lock<std::mutex> lk(m, std::try_to_lock);
  if (!lk.owns_lock())
    co_await tick();
}

// construct: `std::optional` reset
// want: silent
lazy<> optional_reset() {
  std::optional<trace_scope> scope;
  scope.emplace("request");
  scope.reset();
  co_await tick();
}

// construct: `co_await std::suspend_never{}`
// want: silent
lazy<> over_suspend_never() {
  std::lock_guard<std::mutex> g(m);
  co_await std::suspend_never{};
}

// construct: awaiter that is always ready
// want: silent
lazy<> over_an_awaiter_that_is_always_ready() {
  std::lock_guard<std::mutex> g(m);
  co_await always_ready{};
}

// construct: branch leaves before the await
// want: silent
lazy<> branch_leaves() {
  if (ready) {
    std::lock_guard<std::mutex> g(m);
    co_return;
  }
  co_await tick();
}

// construct: unreachable await
// want: silent
lazy<> unreachable_await() {
  std::lock_guard<std::mutex> g(m);
  co_return;
  co_await tick();
}

// construct: `co_return` under the lock
// want: silent
lazy<int> returns_under_the_lock() {
  co_await tick();
  std::lock_guard<std::mutex> g(m);
  co_return n;
}

// construct: `std::unique_lock` of a coroutine mutex
// want: silent
lazy<> lock_of_a_coroutine_mutex(coro_mutex &mutex) {
  co_await mutex.lock();
  std::unique_lock<coro_mutex> lk(mutex, std::adopt_lock);
  co_await tick();
}

// construct: result of awaiting a coroutine mutex
// want: silent
lazy<> hold_of_a_coroutine_mutex(coro_mutex &mutex) {
  auto hold = co_await mutex.scoped_lock();
  co_await tick();
}

// construct: reference to somebody else's guard
// want: silent
lazy<> reference_parameter(std::unique_lock<std::mutex> &lk) {
  co_await tick();
}

// construct: guard of a plain lambda
// want: silent
lazy<> plain_lambda() {
  auto bump = [] {
    std::lock_guard<std::mutex> g(m);
    ++n;
  };
  bump();
  co_await tick();
}
