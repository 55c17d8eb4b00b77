// RUN: %check_threadhop %s threadhop-thread-local-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Values, other storage, and addresses that are taken again or used no more.

#include "coro.h"
#include <string>
#include <utility>
#include <vector>

struct counters {
  int started = 0;
  int finished = 0;
};
struct context {
  int id = 0;
};

thread_local int level;
thread_local counters stats;
thread_local context *current;
int global_level;
bool ready;

void use(int);
counters &stats_of_this_thread() { return stats; }
int &level_of_the_process() {
  static int value;
  return value;
}
int level_by_value() { return level; }
int &somewhere();

struct [[clang::annotate("threadhop::resumes_here")]] next_turn {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct resumes_at_once {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { h.resume(); }
  void await_resume() {}
};

lazy<> used_only_before() {
  auto &r = stats;
  ++r.started;
  co_await tick();
}

lazy<> taken_after() {
  co_await tick();
  auto &r = stats;
  ++r.finished;
}

lazy<> taken_again_in_another_variable() {
  auto &before = stats;
  ++before.started;
  co_await tick();
  auto &after = stats;
  ++after.finished;
}

lazy<> pointer_taken_again() {
  int *p = &level;
  *p = 1;
  co_await tick();
  p = &level;
  *p = 2;
}

lazy<> pointer_taken_again_on_every_branch() {
  int *p = &level;
  co_await tick();
  if (ready)
    p = &level;
  else
    p = &global_level;
  *p = 2;
}

lazy<> pointer_set_to_something_else() {
  int *p = &level;
  *p = 1;
  p = &global_level;
  co_await tick();
  *p = 2;
}

lazy<> pointer_cleared() {
  int *p = &level;
  *p = 1;
  co_await tick();
  p = nullptr;
}

lazy<> taken_again_by_every_iteration() {
  while (ready) {
    int &r = level;
    ++r;
    co_await tick();
  }
}

lazy<> accessor_called_again() {
  ++stats_of_this_thread().started;
  co_await tick();
  ++stats_of_this_thread().finished;
}

lazy<> named_directly() {
  ++level;
  co_await tick();
  --level;
}

lazy<> value_copied_out() {
  int copy = level;
  counters all = stats;
  auto by_value = stats_of_this_thread();
  int returned = level_by_value();
  co_await tick();
  use(copy + all.started + by_value.started + returned);
}

lazy<> value_of_a_pointer_copied_out() {
  context *c = current;
  co_await tick();
  c->id = 1;
}

lazy<> object_that_a_thread_local_points_to() {
  context &c = *current;
  co_await tick();
  c.id = 1;
}

lazy<> process_wide_variables() {
  int &a = global_level;
  int &b = level_of_the_process();
  static int counter;
  int *c = &counter;
  co_await tick();
  use(a + b + *c);
}

lazy<> local_variables() {
  int local = level;
  int &r = local;
  co_await tick();
  ++r;
}

lazy<> reference_from_a_function_that_is_not_visible() {
  int &r = somewhere();
  co_await tick();
  ++r;
}

lazy<> parameter(int &theirs) {
  co_await tick();
  ++theirs;
}

lazy<> used_as_an_operand_of_the_await() {
  int &r = level;
  co_await tick(r);
}

lazy<> resumes_on_this_thread() {
  int &r = level;
  co_await next_turn{};
  ++r;
}

lazy<> resumed_at_once() {
  int &r = level;
  co_await resumes_at_once{};
  ++r;
}

lazy<> never_suspends() {
  int &r = level;
  co_await std::suspend_never{};
  ++r;
}

lazy<> used_on_the_branch_that_does_not_suspend() {
  int &r = level;
  if (ready)
    co_await tick();
  else
    ++r;
}

lazy<> unreachable_use() {
  int &r = level;
  co_await tick();
  co_return;
  ++r;
}

lazy<> unevaluated_use() {
  int &r = level;
  co_await tick();
  use(sizeof(r));
  decltype(r) other = global_level;
  ++other;
}

lazy<> within_a_plain_lambda() {
  auto bump = [] {
    int &r = level;
    ++r;
  };
  bump();
  co_await tick();
  bump();
}

lazy<> closed_scope() {
  {
    auto *p = &stats;
    ++p->started;
  }
  co_await tick();
}

void plain_function() {
  int &r = level;
  (void)tick();
  ++r;
}

lazy<> silenced() {
  int &r = level; // NOLINT(threadhop-thread-local-across-suspension)
  co_await tick();
  ++r;
}
