// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Ways through a function on which no guard reaches a suspension.

#include "coro.h"
#include "scopes.h"
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

std::mutex m;
bool ready;
int n;
std::deque<int> queue;

void use(int);
bool more();
void might_throw();
[[noreturn]] void fail();
std::vector<int> items();

lazy<> after_the_if_statement() {
  if (std::lock_guard g(m); ready)
    use(n);
  co_await tick();
}

lazy<> after_the_switch_statement() {
  switch (std::lock_guard g(m); n) {
  case 1:
    use(n);
  }
  co_await tick();
}

lazy<> after_the_for_statement() {
  for (std::lock_guard g(m); more();)
    use(n);
  co_await tick();
}

lazy<> after_the_range_for_statement() {
  for (std::lock_guard g(m); int x : items())
    use(x);
  co_await tick();
}

lazy<> after_the_while_statement() {
  while (std::unique_lock<std::mutex> lk{m, std::try_to_lock})
    use(n);
  co_await tick();
}

lazy<> after_the_do_statement() {
  do {
    std::lock_guard g(m);
    use(n);
  } while (co_await tick());
}

lazy<> branch_leaves_before_the_await() {
  if (ready) {
    std::lock_guard g(m);
    use(n);
    co_return;
  }
  co_await tick();
}

lazy<> branch_throws_before_the_await() {
  if (ready) {
    std::lock_guard g(m);
    throw n;
  }
  co_await tick();
}

lazy<> branch_never_returns() {
  std::lock_guard g(m);
  if (ready)
    fail();
  std::abort();
  co_await tick();
}

lazy<> unreachable_after_return() {
  std::lock_guard g(m);
  co_return;
  co_await tick();
}

lazy<> unreachable_after_an_endless_loop() {
  std::lock_guard g(m);
  for (;;)
    use(n);
  co_await tick();
}

lazy<> branch_that_is_never_taken() {
  std::lock_guard g(m);
  if (false)
    co_await tick();
}

lazy<> loop_that_is_never_entered() {
  std::lock_guard g(m);
  while (false)
    co_await tick();
  use(n);
}

lazy<> logical_and_that_is_never_reached() {
  std::lock_guard g(m);
  use(false && co_await tick());
}

lazy<> arm_that_is_never_taken() {
  std::lock_guard g(m);
  use(true ? n : co_await tick());
}

constexpr bool single_threaded = true;
lazy<> discarded_statement() {
  std::lock_guard g(m);
  if constexpr (!single_threaded)
    co_await tick();
  use(n);
}

lazy<> guard_in_a_discarded_statement() {
  if constexpr (!single_threaded) {
    std::lock_guard g(m);
    use(n);
  }
  co_await tick();
}

lazy<> iteration_ends_the_guard() {
  for (;;) {
    std::optional<int> next;
    {
      std::lock_guard g(m);
      if (queue.empty())
        break;
      next = queue.front();
      queue.pop_front();
    }
    use(*next + co_await tick());
  }
}

lazy<> continue_ends_the_guard() {
  while (more()) {
    if (ready) {
      std::lock_guard g(m);
      use(n);
      continue;
    }
    co_await tick();
  }
}

lazy<> break_ends_the_guard() {
  while (more()) {
    std::lock_guard g(m);
    if (ready)
      break;
  }
  co_await tick();
}

lazy<> goto_ends_the_guard() {
  {
    std::lock_guard g(m);
    if (ready)
      goto wait;
    use(n);
  }
wait:
  co_await tick();
}

lazy<> backward_goto_ends_the_guard() {
again:
  co_await tick();
  std::lock_guard g(m);
  if (more())
    goto again;
}

lazy<> each_case_has_its_own_scope() {
  switch (n) {
  case 1: {
    std::lock_guard g(m);
    use(n);
    break;
  }
  case 2: {
    std::lock_guard g(m);
    use(n + 1);
    [[fallthrough]];
  }
  default:
    co_await tick();
  }
}

lazy<> unlocked_in_every_case() {
  std::unique_lock lk(m);
  switch (n) {
  case 1:
    use(n);
    lk.unlock();
    break;
  default:
    lk.unlock();
  }
  co_await tick();
}

lazy<> locked_and_unlocked_by_every_iteration() {
  std::unique_lock lk(m, std::defer_lock);
  while (more()) {
    co_await tick();
    lk.lock();
    use(n);
    lk.unlock();
  }
}

lazy<> try_block_ends_the_guard() {
  try {
    std::lock_guard g(m);
    might_throw();
  } catch (...) {
  }
  co_await tick();
}

lazy<> handler_ends_the_guard() {
  bool failed = false;
  try {
    co_await tick();
  } catch (...) {
    std::lock_guard g(m);
    failed = true;
  }
  if (failed)
    co_await tock();
}

lazy<> unlocked_where_it_awaits(bool need) {
  std::unique_lock lk(m);
  if (need)
    lk.unlock();
  if (need)
    co_await tick();
}

lazy<> unlocked_where_it_awaits_with_a_negated_condition(bool quick) {
  std::unique_lock lk(m);
  if (!quick)
    lk.unlock();
  use(n);
  if (quick)
    use(n);
  else
    co_await tick();
}

lazy<> unlocked_where_it_awaits_with_a_local_condition() {
  std::unique_lock lk(m);
  const bool empty = queue.empty();
  if (empty)
    lk.unlock();
  if (empty)
    co_await tick();
  else
    use(queue.front());
}

lazy<> locked_where_it_does_not_await(bool wait) {
  std::unique_lock lk(m, std::defer_lock);
  if (!wait)
    lk.lock();
  if (wait)
    co_await tick();
}

lazy<> context_closed_by_every_branch() {
  if (ready) {
    trace_scope scope("ready");
    use(n);
  } else {
    trace_scope scope("waiting");
    use(-n);
  }
  co_await tick();
}
