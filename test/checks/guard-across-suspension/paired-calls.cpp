// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%stubs -I%S/../../Inputs

// Scopes of a thread that are opened and closed by calls.

#include "coro.h"
#include "pybind11.h"

struct [[clang::annotate("threadhop::resumes_here")]] next_turn {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

int n;

lazy<> interpreter_held_by_hand() {
  PyGILState_STATE gil = PyGILState_Ensure();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}PyGILState_Ensure{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  PyGILState_Release(gil);
}

lazy<> interpreter_released_on_one_branch() {
  PyGILState_STATE gil = PyGILState_Ensure();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}PyGILState_Ensure{{.*}} [threadhop-guard-across-suspension]
  if (n > 0) {
    PyGILState_Release(gil);
    co_return;
  }
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  PyGILState_Release(gil);
}

lazy<> silent_interpreter_released_before() {
  PyGILState_STATE gil = PyGILState_Ensure();
  ++n;
  PyGILState_Release(gil);
  co_await tick();
}

lazy<> silent_interpreter_released_on_every_branch() {
  PyGILState_STATE gil = PyGILState_Ensure();
  if (n > 0) {
    PyGILState_Release(gil);
  } else {
    ++n;
    PyGILState_Release(gil);
  }
  co_await tick();
}

lazy<> silent_interpreter_over_an_await_that_comes_back() {
  PyGILState_STATE gil = PyGILState_Ensure();
  co_await next_turn{};
  PyGILState_Release(gil);
}

void silent_plain_function() {
  PyGILState_STATE gil = PyGILState_Ensure();
  (void)tick();
  PyGILState_Release(gil);
}

// As spdlog has it: what one call puts, either of two others takes away.
namespace spdlog {
struct mdc {
  static void put(const char *key, const char *value);
  static void remove(const char *key);
  static void clear();
};
} // namespace spdlog

lazy<> context_until_the_end() {
  spdlog::mdc::put("request", "7");
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}put{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  spdlog::mdc::clear();
}

lazy<> silent_context_removed_before() {
  spdlog::mdc::put("request", "7");
  spdlog::mdc::remove("request");
  co_await tick();
}

lazy<> silent_context_cleared_before() {
  spdlog::mdc::put("request", "7");
  spdlog::mdc::clear();
  co_await tick();
}
