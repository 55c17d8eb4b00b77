// REQUIRES: node
// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -isystem %node_include

// V8's own headers: an error that keeps a handle of its isolate.

#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <v8.h>

struct script_error : std::runtime_error {
  script_error(v8::Local<v8::Value> value)
      : std::runtime_error("script failed"), value(value) {}
  v8::Local<v8::Value> value;
};

void an_error_with_a_handle(std::promise<int> &answer,
                            const v8::Local<v8::Value> &value) {
  answer.set_exception(std::make_exception_ptr(script_error(value)));
  // CHECK: :[[@LINE-1]]:48: warning: {{.*}}'script_error'{{.*}}v8::Local{{.*}} [threadhop-nonsendable-error-payload]
}

void silent_text_only(std::promise<int> &answer, v8::Isolate *isolate,
                      v8::Local<v8::Value> value) {
  v8::String::Utf8Value text(isolate, value);
  answer.set_exception(
      std::make_exception_ptr(std::runtime_error(std::string(*text))));
}
