// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Annotations: what is bound to a thread, and where an await comes back.

#include "coro.h"
#include <memory>
#include <optional>

class [[clang::annotate("threadhop::thread_bound")]] gl_scope {
public:
  gl_scope();
  gl_scope(const gl_scope &) = delete;
  ~gl_scope();
};

class [[clang::annotate("threadhop::thread_bound",
                        "the frame belongs to the render thread")]] frame {
public:
  explicit frame(int number);
  ~frame();
};

template <class T>
class [[clang::annotate("threadhop::thread_bound")]] scoped_value {
public:
  explicit scoped_value(T value);
  ~scoped_value();
};

class derived_scope : public gl_scope {
  int extra_ = 0;
};

lazy<> annotated_class() {
  gl_scope scope;
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> reason_of_the_annotation() {
  frame f(1);
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'f'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
}

lazy<> annotated_class_template() {
  scoped_value<int> value(1);
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'value'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'value'
}

lazy<> derived_from_an_annotated_class() {
  derived_scope scope;
  // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

lazy<> annotated_class_in_an_optional() {
  std::optional<gl_scope> scope;
  // CHECK: :[[@LINE-1]]:27: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  scope.emplace();
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

struct window {
  gl_scope scope;
};

lazy<> annotated_member() {
  window w;
  // CHECK: :[[@LINE-1]]:10: warning: {{.*}}'w{{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'w
}

struct [[clang::annotate("threadhop::resumes_elsewhere",
                         "the pool resumes it")]] pool_turn {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

[[clang::annotate("threadhop::resumes_elsewhere")]] event on_the_pool();

lazy<> awaitable_type_that_resumes_elsewhere() {
  gl_scope scope;
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await pool_turn{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}{{another thread|resumes_elsewhere}}
}

lazy<> function_whose_result_resumes_elsewhere() {
  gl_scope scope;
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await on_the_pool();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}{{another thread|resumes_elsewhere}}
}

lazy<> silent_closed_scope() {
  {
    gl_scope scope;
  }
  co_await tick();
}

lazy<> silent_empty_optional() {
  std::optional<gl_scope> scope;
  co_await tick();
}

lazy<> silent_reference(gl_scope &theirs) { co_await tick(); }

lazy<> silent_await_that_never_suspends() {
  gl_scope scope;
  co_await std::suspend_never{};
}

class [[clang::annotate("another_tool::thread_bound")]] other_scope {
public:
  ~other_scope();
};

lazy<> silent_annotation_of_another_tool() {
  other_scope scope;
  co_await tick();
}
