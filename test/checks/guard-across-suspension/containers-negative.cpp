// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Wrappers that are empty, emptied, or hold what is no guard of a thread.

#include "coro.h"
#include "scopes.h"
#include <array>
#include <functional>
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
void keep(std::unique_ptr<trace_scope>);
std::unique_ptr<trace_scope> enter(const char *);

using lock = std::unique_lock<std::mutex>;

lazy<> optional_never_engaged() {
  std::optional<std::lock_guard<std::mutex>> g;
  co_await tick();
}

lazy<> optional_set_to_nothing() {
  std::optional<lock> lk = std::nullopt;
  co_await tick();
}

lazy<> optional_reset() {
  std::optional<trace_scope> scope;
  scope.emplace("request");
  scope.reset();
  co_await tick();
}

lazy<> optional_assigned_nothing() {
  std::optional<lock> lk(m);
  lk = std::nullopt;
  co_await tick();
}

lazy<> optional_emplaced_after() {
  std::optional<trace_scope> scope;
  co_await tick();
  scope.emplace("request");
}

lazy<> optional_in_a_closed_scope() {
  {
    std::optional<trace_scope> scope;
    scope.emplace("request");
  }
  co_await tick();
}

lazy<> optional_content_unlocked() {
  std::optional<lock> lk(m);
  lk->unlock();
  co_await tick();
}

lazy<> optional_reset_on_the_path_that_awaits() {
  std::optional<trace_scope> scope;
  if (ready) {
    scope.emplace("ready");
    scope.reset();
  }
  co_await tick();
}

lazy<> optional_of_a_coroutine_mutex(coro_mutex &mutex) {
  std::optional<coro_mutex::hold> hold;
  hold.emplace(co_await mutex.scoped_lock());
  co_await tick();
}

lazy<> null_unique_pointer() {
  std::unique_ptr<trace_scope> a;
  std::unique_ptr<trace_scope> b = nullptr;
  co_await tick();
}

lazy<> unique_pointer_reset() {
  auto scope = std::make_unique<trace_scope>("request");
  scope.reset();
  co_await tick();
}

lazy<> unique_pointer_assigned_null() {
  auto scope = enter("request");
  scope = nullptr;
  co_await tick();
}

lazy<> unique_pointer_moved_away() {
  auto scope = enter("request");
  keep(std::move(scope));
  co_await tick();
}

lazy<> unique_pointer_released_and_deleted() {
  auto scope = enter("request");
  delete scope.release();
  co_await tick();
}

lazy<> shared_pointer_reset() {
  auto scope = std::make_shared<trace_scope>("request");
  scope.reset();
  co_await tick();
}

lazy<> weak_pointer(const std::shared_ptr<trace_scope> &theirs) {
  std::weak_ptr<trace_scope> scope = theirs;
  co_await tick();
}

lazy<> variant_with_another_alternative() {
  std::variant<std::monostate, lock> v;
  co_await tick();
}

lazy<> variant_assigned_another_alternative() {
  std::variant<std::monostate, lock> v(std::in_place_type<lock>, m);
  v = std::monostate{};
  co_await tick();
}

lazy<> pair_deferred() {
  std::pair<lock, int> held(lock(m, std::defer_lock), 1);
  co_await tick();
}

lazy<> pair_unlocked() {
  std::pair<lock, int> held(m, 1);
  held.first.unlock();
  co_await tick();
}

lazy<> tuple_unlocked() {
  std::tuple<int, lock> held(1, m);
  std::get<1>(held).unlock();
  co_await tick();
}

lazy<> array_of_empty_locks() {
  std::array<lock, 2> locks;
  lock more[2];
  co_await tick();
}

lazy<> array_all_deferred() {
  std::array<lock, 2> locks{lock(m, std::defer_lock),
                            lock(other, std::defer_lock)};
  co_await tick();
}

lazy<> empty_vector() {
  std::vector<lock> locks;
  locks.reserve(8);
  co_await tick();
}

lazy<> vector_filled_after() {
  std::vector<lock> locks;
  co_await tick();
  locks.emplace_back(m);
}

lazy<> vector_cleared() {
  std::vector<lock> locks;
  locks.emplace_back(m);
  locks.clear();
  co_await tick();
}

lazy<> vector_of_pointers_to_their_guards(std::vector<lock> &theirs) {
  std::vector<lock *> refs;
  std::vector<std::reference_wrapper<lock>> wrapped;
  for (auto &lk : theirs) {
    refs.push_back(&lk);
    wrapped.push_back(lk);
  }
  co_await tick();
}

lazy<> vector_of_mutexes() {
  std::vector<std::mutex> stripes(8);
  std::vector<std::unique_ptr<std::mutex>> owned;
  owned.push_back(std::make_unique<std::mutex>());
  co_await tick();
}

lazy<> new_guard_deleted_before() {
  auto *g = new std::lock_guard<std::mutex>(m);
  ++n;
  delete g;
  co_await tick();
}

lazy<> function_that_makes_guards() {
  std::function<lock()> hold = [] { return lock(m); };
  hold().unlock();
  co_await tick();
}
