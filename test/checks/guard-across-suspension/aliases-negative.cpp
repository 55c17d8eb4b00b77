// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Somebody else's guard, and guards that are released through an alias.

#include "coro.h"
#include "scopes.h"
#include <functional>
#include <memory>
#include <mutex>
#include <tuple>
#include <vector>

std::mutex m;
int n;

void use(int);

using lock = std::unique_lock<std::mutex>;
lock &lock_of_the_caller();
trace_scope *scope_of_the_thread();

struct session {
  lock held;
  std::unique_ptr<trace_scope> scope;
};

lazy<> unlocked_through_a_reference() {
  lock lk(m);
  auto &same = lk;
  same.unlock();
  co_await tick();
}

lazy<> unlocked_through_a_reference_to_a_reference() {
  lock lk(m);
  auto &same = lk;
  auto &&again = same;
  again.unlock();
  co_await tick();
}

lazy<> unlocked_through_a_pointer() {
  lock lk(m);
  auto *same = &lk;
  same->unlock();
  co_await tick();
}

lazy<> unlocked_through_a_reference_to_an_element() {
  std::tuple<lock, int> held{lock(m), 7};
  auto &same = std::get<0>(held);
  same.unlock();
  co_await tick();
}

lazy<> unlocked_through_a_reference_to_a_member() {
  session s{lock(m), nullptr};
  auto &same = s.held;
  same.unlock();
  co_await tick();
}

lazy<> unlocked_through_a_reference_wrapper() {
  lock lk(m);
  auto same = std::ref(lk);
  same.get().unlock();
  co_await tick();
}

lazy<> unlocked_through_one_of_two_references_and_locked_after() {
  lock lk(m);
  auto &a = lk;
  auto &b = lk;
  a.unlock();
  co_await tick();
  b.lock();
}

lazy<> reset_through_a_reference() {
  auto scope = std::make_unique<trace_scope>("request");
  auto &same = scope;
  same.reset();
  co_await tick();
}

lazy<> guard_of_a_parameter_object(session &s) {
  auto &held = s.held;
  co_await tick();
  use(held.owns_lock());
}

lazy<> guard_returned_by_reference() {
  auto &held = lock_of_the_caller();
  const auto &same = lock_of_the_caller();
  co_await tick();
}

lazy<> guard_returned_by_pointer() {
  auto *scope = scope_of_the_thread();
  co_await tick();
}

lazy<> null_pointer_to_a_guard() {
  lock *held = nullptr;
  co_await tick();
}

lazy<> guards_of_a_parameter_in_a_loop(std::vector<lock> &locks) {
  for (auto &held : locks)
    use(held.owns_lock() + co_await tick());
}

lazy<> owner_by_const_reference(const std::unique_ptr<trace_scope> &scope) {
  co_await tick();
}

class connection {
public:
  lazy<> guard_that_belongs_to_the_object() {
    auto &same = held_;
    use(same.owns_lock());
    co_await tick();
  }

private:
  lock held_{m};
};

void captured_by_reference() {
  lock lk(m);
  auto started = [&lk]() -> lazy<> { co_await tick(); };
  (void)started;
}
