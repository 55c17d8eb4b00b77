// REQUIRES: node
// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -isystem %node_include

// V8's own headers: handles belong to their isolate.

#include <memory>
#include <thread>
#include <v8.h>

void a_local_handle(v8::Local<v8::Value> value) {
  std::thread([value] { (void)value->IsString(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
}

void the_isolate_used_on_both_sides(v8::Isolate *isolate) {
  std::thread([isolate] { isolate->LowMemoryNotification(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'isolate'{{.*}} [threadhop-confined-value-crosses-thread]
  isolate->PerformMicrotaskCheckpoint();
}

void an_owning_handle_moved_away(v8::Global<v8::Function> callback) {
  std::thread([callback = std::move(callback)] {
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'callback'{{.*}} [threadhop-confined-value-crosses-thread]
    (void)callback.IsEmpty();
  }).detach();
}

class plugin {
public:
  explicit plugin(v8::Isolate *isolate) : isolate(isolate) {}
  void start() {
    std::thread([this] { (void)context.Get(isolate); }).detach();
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'context'{{.*}} [threadhop-confined-value-crosses-thread]
  }
  void stop() { context.Reset(); }

private:
  v8::Isolate *isolate;
  v8::Global<v8::Context> context;
};

void silent_made_in_the_task(v8::ArrayBuffer::Allocator *allocator) {
  std::thread([allocator] {
    v8::Isolate::CreateParams parameters;
    parameters.array_buffer_allocator = allocator;
    v8::Isolate *own = v8::Isolate::New(parameters);
    own->Dispose();
  }).detach();
}

void silent_a_number_taken_before(v8::Local<v8::Number> value) {
  double number = value->Value();
  std::thread([number] { (void)number; }).detach();
}
