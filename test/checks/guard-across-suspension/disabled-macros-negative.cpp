// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%stubs -I%S/../../Inputs

// Guard macros that expand to nothing and that no suspension comes after in
// their scope.

#include "coro.h"
#include "profilers.h"
#include "tracy.h"

int n;

lazy<> closed_block() {
  {
    ZoneScoped;
    ++n;
  }
  co_await tick();
}

lazy<> closed_branch() {
  if (n > 0) {
    ZoneScopedN("branch");
    ++n;
  }
  co_await tick();
}

lazy<> after_the_last_await() {
  co_await tick();
  ZoneScoped;
  ++n;
}

lazy<> leaves_before_the_await() {
  if (n > 0) {
    ZoneScoped;
    co_return;
  }
  co_await tick();
}

lazy<> in_a_plain_lambda() {
  auto bump = [] {
    ZoneScoped;
    ++n;
  };
  bump();
  co_await tick();
}

lazy<> in_a_local_class() {
  struct counter {
    void bump() {
      TRACE_EVENT("net", "bump");
      ++n;
    }
  };
  counter().bump();
  co_await tick();
}

lazy<> over_an_await_that_never_suspends() {
  ZoneScoped;
  co_await std::suspend_never{};
}

lazy<> macro_that_marks_a_point_in_time() {
  FrameMark;
  co_await tick();
}

void plain_function() {
  ZoneScoped;
  EASY_FUNCTION();
  (void)tick();
}

#ifdef ZoneScoped
lazy<> name_only_asked_for() { co_await tick(); }
#endif
