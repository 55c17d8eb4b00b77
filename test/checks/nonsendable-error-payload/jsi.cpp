// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -I%stubs

// jsi: JSError refers to a value of its runtime, native exceptions are text.

#include "jsi.h"
#include <exception>
#include <future>
#include <stdexcept>

namespace jsi = facebook::jsi;

void call();

void handed_to_another_thread(std::promise<void> &answer) {
  try {
    call();
  } catch (const jsi::JSError &) {
    answer.set_exception(std::current_exception());
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'facebook::jsi::JSError'{{.*}} [threadhop-nonsendable-error-payload]
  }
}

std::future<void> thrown_by_a_task(jsi::Runtime &runtime) {
  return std::async(std::launch::async, [&runtime] {
    throw jsi::JSError(runtime, "failed");
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'facebook::jsi::JSError'{{.*}} [threadhop-nonsendable-error-payload]
  });
}

void silent_text_only(std::promise<void> &answer) {
  try {
    call();
  } catch (const jsi::JSINativeException &) {
    answer.set_exception(std::current_exception());
  }
}

void silent_converted(std::promise<void> &answer) {
  try {
    call();
  } catch (const jsi::JSError &e) {
    answer.set_exception(
        std::make_exception_ptr(std::runtime_error(e.getMessage())));
  }
}
