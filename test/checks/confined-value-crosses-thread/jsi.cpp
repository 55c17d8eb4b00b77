// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%stubs

// jsi: a runtime and its values have one thread.

#include "jsi.h"
#include <memory>
#include <thread>

namespace jsi = facebook::jsi;

void the_runtime_on_two_threads(jsi::Runtime &runtime) {
  std::thread([&runtime] { runtime.drain(); }).detach();
  // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'runtime'{{.*}} [threadhop-confined-value-crosses-thread]
  runtime.drain();
}

void a_shared_callback(jsi::Runtime *runtime,
                       std::shared_ptr<jsi::Function> callback) {
  std::thread([runtime, callback] {
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'runtime'{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:25: warning: {{.*}}'callback'{{.*}} [threadhop-confined-value-crosses-thread]
    callback->call(*runtime);
  }).detach();
}

void a_moved_value(jsi::Value value) {
  std::thread([value = std::move(value)] { (void)value.asNumber(); })
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
      .detach();
}

void silent_a_number(const jsi::Value &value) {
  double number = value.asNumber();
  std::thread([number] { (void)number; }).detach();
}
