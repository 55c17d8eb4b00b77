// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -I%stubs

// sol2: its error is text; a result that did not succeed is not.

#include "sol.h"
#include <exception>
#include <future>
#include <stdexcept>

int call();

struct call_error : std::runtime_error {
  call_error(const sol::object &value)
      : std::runtime_error("call failed"), value(value) {}
  sol::object value;
};

void an_error_that_keeps_an_object(std::promise<int> &answer,
                                   const sol::object &value) {
  answer.set_exception(std::make_exception_ptr(call_error(value)));
  // CHECK: :[[@LINE-1]]:48: warning: {{.*}}'call_error'{{.*}}value{{.*}} [threadhop-nonsendable-error-payload]
}

void silent_sols_own_error(std::promise<int> &answer) {
  try {
    answer.set_value(call());
  } catch (const sol::error &) {
    answer.set_exception(std::current_exception());
  }
}
