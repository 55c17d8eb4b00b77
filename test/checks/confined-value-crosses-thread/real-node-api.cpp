// REQUIRES: node
// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -isystem %node_include

// Node's C interface from its own header: typedefs of pointers.

#include <node_api.h>
#include <thread>

void a_value(napi_value value, napi_env env) {
  std::thread([value, env] {
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:23: warning: {{.*}}'env'{{.*}} [threadhop-confined-value-crosses-thread]
    double number;
    napi_get_value_double(env, value, &number);
  }).detach();
}

struct request {
  napi_env env;
  napi_deferred deferred;
  napi_async_work work;
  int answer;
};

void a_struct_with_handles(const request &r) {
  std::thread([r] {
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'r'{{.*}} [threadhop-confined-value-crosses-thread]
    napi_value nothing;
    napi_get_undefined(r.env, &nothing);
    napi_resolve_deferred(r.env, r.deferred, nothing);
  }).detach();
}

void silent_the_threadsafe_function(napi_threadsafe_function call) {
  std::thread([call] {
    napi_call_threadsafe_function(call, nullptr, napi_tsfn_blocking);
    napi_release_threadsafe_function(call, napi_tsfn_release);
  }).detach();
  napi_acquire_threadsafe_function(call);
}

void silent_a_number_taken_before(napi_env env, napi_value value) {
  double number = 0;
  napi_get_value_double(env, value, &number);
  std::thread([number] { (void)number; }).detach();
}
