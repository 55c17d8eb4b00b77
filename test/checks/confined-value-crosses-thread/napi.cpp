// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%stubs

// node-addon-api: values and references belong to the JavaScript thread;
// ThreadSafeFunction is the way back to it.

#include "napi.h"
#include <thread>
#include <utility>

double compute();

void a_value_in_a_thread(Napi::Function callback) {
  std::thread([callback] { callback.Call(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'callback'{{.*}} [threadhop-confined-value-crosses-thread]
}

void a_reference_moved_into_a_thread(Napi::FunctionReference callback) {
  std::thread([callback = std::move(callback)] {
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'callback'{{.*}} [threadhop-confined-value-crosses-thread]
    callback.Call();
  }).detach();
}

void the_environment_in_a_thread(Napi::Env env) {
  std::thread([env] { Napi::Error::New(env, "failed"); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'env'{{.*}} [threadhop-confined-value-crosses-thread]
}

class worker {
public:
  explicit worker(Napi::FunctionReference callback)
      : callback(std::move(callback)) {}
  void start() {
    std::thread([this] { callback.Call(); }).detach();
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'callback'{{.*}} [threadhop-confined-value-crosses-thread]
  }
  void cancel() { callback.Call(); }

private:
  Napi::FunctionReference callback;
};

void silent_the_thread_safe_function(Napi::ThreadSafeFunction call) {
  std::thread([call] {
    double result = compute();
    call.BlockingCall([result](Napi::Env, Napi::Function callback) {
      if (result > 0)
        callback.Call();
    });
    call.Release();
  }).detach();
}

void silent_a_number(Napi::Number value) {
  double number = value.DoubleValue();
  std::thread([number] { (void)number; }).detach();
}

// The base class keeps the callback for its own thread.
class silent_worker : public Napi::AsyncWorker {
public:
  explicit silent_worker(const Napi::Function &callback)
      : Napi::AsyncWorker(callback) {}
  void Execute() override { result = compute(); }

private:
  double result = 0;
};
