// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -I%stubs

// COM: an error that holds an interface pointer is of its apartment.

#include "winrt.h"
#include <exception>
#include <future>
#include <stdexcept>

void work();

void a_com_error(std::promise<void> &answer) {
  try {
    work();
  } catch (const _com_error &) {
    answer.set_exception(std::current_exception());
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'_com_error'{{.*}} [threadhop-nonsendable-error-payload]
  }
}

void a_winrt_error(std::promise<void> &answer) {
  try {
    work();
  } catch (const winrt::hresult_error &) {
    answer.set_exception(std::current_exception());
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'winrt::hresult_error'{{.*}} [threadhop-nonsendable-error-payload]
  }
}

void silent_the_code_alone(std::promise<void> &answer) {
  try {
    work();
  } catch (const winrt::hresult_error &e) {
    answer.set_exception(std::make_exception_ptr(
        std::runtime_error("code " + std::to_string(e.code()))));
  }
}

void silent_rethrown() {
  try {
    work();
  } catch (const _com_error &) {
    throw;
  }
}
