// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%stubs -I%S/../../Inputs

// opentelemetry-cpp: the scope and the token detach on the thread that ends
// them. A span alone is bound to no thread.

#include "opentelemetry.h"
#include "coro.h"

namespace trace = opentelemetry::trace;
namespace context = opentelemetry::context;

using span_ptr = opentelemetry::nostd::shared_ptr<trace::Span>;

lazy<> scope_of_a_span(span_ptr &span) {
  trace::Scope scope(span);
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> scope_named_with_its_inline_namespace(span_ptr &span) {
  opentelemetry::v1::trace::Scope scope(span);
  // CHECK: :[[@LINE-1]]:35: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> scope_from_the_tracer(span_ptr &span) {
  auto scope = trace::Tracer::WithActiveSpan(span);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> token_of_an_attached_context() {
  auto token = context::RuntimeContext::Attach(context::Context{});
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'token'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'token'
}

struct request {
  explicit request(span_ptr &span) : scope(span) {}
  trace::Scope scope;
};

lazy<> scope_as_a_member(span_ptr &span) {
  request r(span);
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'r{{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'r
}

lazy<> silent_span_without_a_scope(trace::Tracer &tracer) {
  auto span = tracer.StartSpan("request");
  co_await tick();
  span->End();
}

lazy<> silent_scope_closed(trace::Tracer &tracer) {
  auto span = tracer.StartSpan("request");
  {
    trace::Scope scope(span);
    span->AddEvent("begin");
  }
  co_await tick();
  {
    trace::Scope scope(span);
    span->AddEvent("end");
  }
}

lazy<> silent_token_reset() {
  auto token = context::RuntimeContext::Attach(context::Context{});
  token.reset();
  co_await tick();
}

lazy<> silent_context_value() {
  context::Context current = context::RuntimeContext::GetCurrent();
  co_await tick();
  auto token = context::RuntimeContext::Attach(current);
}
