// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/Inputs -I%S/../../Inputs

// Macros whose guards have ended, or that make none.

#include "coro.h"
#include "guard-macros.h"
#include "scopes.h"

std::mutex m;
int n;

#define LOCK_STATS(mutex)
#define NEVER_AWAIT(operand) (co_await std::suspend_never{}, 0)

lazy<> closed_scope() {
  {
    LOCKED(m);
    ++n;
  }
  co_await tick();
}

lazy<> closed_block_of_the_macro() {
  LOCKED_BLOCK(m) { ++n; }
  co_await tick();
}

lazy<> named_and_unlocked() {
  NAMED_LOCK(lk, m);
  lk.unlock();
  co_await tick();
}

lazy<> own_macro_that_expands_to_nothing() {
  LOCK_STATS(m);
  co_await tick();
}

lazy<> await_that_never_suspends() {
  LOCKED(m);
  n = NEVER_AWAIT(tick());
}

void no_coroutine() {
  LOCKED(m);
  TRACED("plain");
}

#if 0
lazy<> not_compiled() {
  LOCKED(m);
  co_await tick();
}
#endif
