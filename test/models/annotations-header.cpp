// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%inputs -I%source/lib/include

// The macros of <threadhop/annotations.h> say what the attributes say.

#include "coro.h"
#include <threadhop/annotations.h>

class THREADHOP_THREAD_BOUND gl_scope {
public:
  gl_scope();
  ~gl_scope();
};

class THREADHOP_THREAD_BOUND_BECAUSE("the frame is the renderer's") frame {
public:
  frame();
  ~frame();
};

template <class T> class THREADHOP_THREAD_BOUND scoped_value {
public:
  explicit scoped_value(T);
  ~scoped_value();
};

namespace vendor {
class scope {
public:
  scope();
  ~scope();
};
} // namespace vendor
using vendor_scope THREADHOP_THREAD_BOUND = vendor::scope;

THREADHOP_RESUMES_ELSEWHERE event on_the_pool();
THREADHOP_RESUMES_ELSEWHERE_BECAUSE("the pool has four threads")
event on_a_big_pool();
THREADHOP_RESUMES_HERE event next_turn();

lazy<> thread_bound() {
  gl_scope scope;
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> thread_bound_because() {
  frame f;
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'f'{{.*}}the frame is the renderer's{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
}

lazy<> thread_bound_template() {
  scoped_value<int> value(1);
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'value'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
}

lazy<> thread_bound_by_a_typedef() {
  vendor_scope scope;
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
}

lazy<> silent_without_the_typedef() {
  vendor::scope scope;
  co_await tick();
}

lazy<> resumes_elsewhere() {
  gl_scope scope;
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await on_the_pool();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}resumes_elsewhere
}

lazy<> resumes_elsewhere_because() {
  gl_scope scope;
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await on_a_big_pool();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}resumes_elsewhere: the pool has four threads
}

lazy<> resumes_here() {
  gl_scope scope;
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await next_turn();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}resumes_here
}

thread_local int depth;
class THREADHOP_SENDABLE counted {
public:
  counted() { ++depth; }
  ~counted() { --depth; }
};

lazy<> silent_sendable() {
  counted c;
  co_await tick();
}
