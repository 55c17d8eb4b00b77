// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Local objects that hold no guard, an empty one, or somebody else's.

#include "coro.h"
#include "scopes.h"
#include <functional>
#include <mutex>
#include <tuple>
#include <utility>

std::mutex m;
int n;

void use(int);
void finish(std::unique_lock<std::mutex>);

struct held_row {
  std::unique_lock<std::mutex> lock;
  int row = 0;
};
held_row hold();
void keep(held_row);
std::pair<std::unique_lock<std::mutex>, int> lock_row();

lazy<> member_left_empty() {
  held_row held;
  co_await tick();
}

lazy<> member_deferred() {
  held_row held{std::unique_lock(m, std::defer_lock), 1};
  co_await tick();
}

lazy<> member_unlocked() {
  held_row held{std::unique_lock(m), 1};
  held.lock.unlock();
  co_await tick();
}

lazy<> member_moved_away() {
  held_row held{std::unique_lock(m), 1};
  finish(std::move(held.lock));
  co_await tick();
}

lazy<> whole_moved_away() {
  held_row held{std::unique_lock(m), 1};
  keep(std::move(held));
  co_await tick();
}

lazy<> whole_assigned_empty() {
  held_row held{std::unique_lock(m), 1};
  held = held_row{};
  co_await tick();
}

lazy<> whole_in_a_closed_scope() {
  {
    auto held = hold();
    use(held.row);
  }
  co_await tick();
}

lazy<> member_taken_out_of_a_temporary() {
  int row = hold().row;
  use(row + co_await tick());
}

struct borrowed {
  std::unique_lock<std::mutex> &lock;
  trace_scope *scope;
  std::reference_wrapper<std::unique_lock<std::mutex>> wrapped;
};

lazy<> members_that_refer(std::unique_lock<std::mutex> &lk,
                          trace_scope &scope) {
  borrowed b{lk, &scope, lk};
  co_await tick();
}

struct monitor {
  std::mutex mutex;
  static inline std::mutex shared;
  int value = 0;
  void bump() {
    std::lock_guard g(mutex);
    ++value;
  }
};

lazy<> member_mutex_is_no_guard() {
  monitor local;
  local.bump();
  co_await tick();
}

struct async_row {
  coro_mutex::hold hold;
  std::unique_lock<coro_mutex> lock;
};

lazy<> members_of_a_coroutine_mutex(coro_mutex &a, coro_mutex &b) {
  async_row row{co_await a.scoped_lock(), std::unique_lock(b, std::defer_lock)};
  co_await tick();
}

struct async_lock : std::unique_lock<coro_mutex> {
  using std::unique_lock<coro_mutex>::unique_lock;
};

lazy<> derived_from_a_lock_of_a_coroutine_mutex(coro_mutex &mutex) {
  co_await mutex.lock();
  async_lock lk(mutex, std::adopt_lock);
  co_await tick();
}

lazy<> binding_unlocked() {
  auto [lk, row] = lock_row();
  lk.unlock();
  use(row + co_await tick());
}

lazy<> binding_moved_away() {
  auto [lk, row] = lock_row();
  finish(std::move(lk));
  use(row + co_await tick());
}

lazy<> binding_by_reference_to_a_parameter(
    std::pair<std::unique_lock<std::mutex>, int> &pair) {
  auto &[lk, row] = pair;
  use(row + co_await tick());
}

lazy<> binding_without_a_guard() {
  auto [a, b] = std::pair(1, 2);
  use(a + b + co_await tick());
}

lazy<> guard_captured_by_reference(std::unique_lock<std::mutex> &lk) {
  auto held = [&lk] { return lk.owns_lock(); };
  use(held() + co_await tick());
}

lazy<> lambda_with_the_guard_moved_away() {
  auto bump = [lk = std::unique_lock(m)] { ++n; };
  {
    auto gone = std::move(bump);
    gone();
  }
  co_await tick();
}

struct row_with_a_guard_type {
  using guard = std::lock_guard<std::mutex>;
  int row = 0;
  void bump() { guard g(m); }
};

lazy<> nested_type_is_no_member() {
  row_with_a_guard_type row;
  row.bump();
  co_await tick();
}
