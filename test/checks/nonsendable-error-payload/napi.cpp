// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -I%stubs

// node-addon-api: an error is a reference to a JavaScript object.

#include "napi.h"
#include <exception>
#include <future>
#include <stdexcept>

void handed_to_another_thread(std::promise<void> &answer,
                              const Napi::Function &callback) {
  try {
    callback.Call();
  } catch (const Napi::Error &) {
    answer.set_exception(std::current_exception());
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'Napi::Error'{{.*}} [threadhop-nonsendable-error-payload]
  }
}

std::future<void> thrown_by_a_task(napi_env env) {
  return std::async(std::launch::async, [env] {
    throw Napi::Error::New(env, "failed");
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'Napi::Error'{{.*}} [threadhop-nonsendable-error-payload]
  });
}

void silent_converted(std::promise<void> &answer,
                      const Napi::Function &callback) {
  try {
    callback.Call();
  } catch (const Napi::Error &e) {
    answer.set_exception(
        std::make_exception_ptr(std::runtime_error(e.Message())));
  }
}

void silent_thrown_to_javascript(napi_env env) {
  throw Napi::Error::New(env, "failed");
}
