// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Temporaries that are gone, moved on, or not yet made when the coroutine is
// suspended.

#include "coro.h"
#include "scopes.h"
#include <mutex>
#include <utility>
#include <vector>

std::mutex m;
bool ready;
int n;

void use(int);
int read(const std::unique_lock<std::mutex> &);
const std::unique_lock<std::mutex> &current();
std::unique_lock<std::mutex> grab();
void finish(std::unique_lock<std::mutex>);

struct held_row {
  std::unique_lock<std::mutex> lock;
  int row;
};
held_row hold();

struct locked_table {
  std::unique_lock<std::mutex> lock;
  std::vector<int> *operator->() const;
};
locked_table open_table();

lazy<> dead_at_the_end_of_its_statement() {
  std::lock_guard(m), ++n;
  co_await tick();
}

lazy<> dead_after_its_initialiser() {
  int row = hold().row;
  use(row + co_await tick());
}

lazy<> proxy_that_is_dead() {
  open_table()->push_back(n);
  co_await tick();
}

lazy<> dead_after_the_condition_of_if() {
  if (read(std::unique_lock(m)))
    co_await tick();
}

lazy<> dead_after_the_condition_of_while() {
  while (read(std::unique_lock(m)))
    co_await tick();
}

lazy<> dead_after_the_condition_of_switch() {
  switch (read(std::unique_lock(m))) {
  case 1:
    co_await tick();
  }
}

lazy<> dead_after_the_condition_of_for() {
  for (; read(std::unique_lock(m));)
    co_await tick();
}

lazy<> dead_before_the_returned_value() {
  int row = read(grab());
  co_await tick();
  use(row);
}

lazy<> made_after_the_await() { co_await tick(), read(std::unique_lock(m)); }

lazy<> right_of_a_logical_and() {
  use(co_await tick() && read(std::unique_lock(m)));
}

lazy<> right_of_a_logical_or() {
  use(co_await tick() || read(std::unique_lock(m)));
}

lazy<> in_the_other_arm() {
  use(ready ? read(std::unique_lock(m)) : co_await tick());
}

lazy<> moved_into_the_callee() {
  finish(std::unique_lock(m));
  co_await tick();
}

lazy<> in_a_lambda_body() {
  auto row = [] { return hold().row; };
  use(row() + co_await tick());
}

lazy<> never_evaluated() { use(sizeof(std::unique_lock(m)) + co_await tick()); }

lazy<> reference_to_a_guard_that_is_not_ours() {
  const auto &lk = current();
  use(co_await tick());
}

lazy<> copy_of_a_member_is_no_extension() {
  const int &row = std::move(hold()).row + 0;
  use(row + co_await tick());
}

lazy<> extended_within_a_closed_scope() {
  {
    auto &&lk = grab();
    ++n;
  }
  co_await tick();
}

lazy<> temporary_of_a_coroutine_mutex(coro_mutex &mutex) {
  use((co_await mutex.scoped_lock(), n) + co_await tick());
}

lazy<> empty_temporary() {
  use(read(std::unique_lock<std::mutex>()) + co_await tick());
}

lazy<> deferred_temporary() {
  use(read(std::unique_lock(m, std::defer_lock)) + co_await tick());
}

struct view {
  int *begin() const;
  int *end() const;
};
view rows_of(const held_row &);

// Before C++23 only the range itself lives as long as the loop.
lazy<> temporary_within_the_range_of_a_loop() {
  for (int row : rows_of(hold()))
    use(row + co_await tick());
}
