// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Lambdas that are coroutines, and lambdas within coroutines.

#include "coro.h"
#include "scopes.h"
#include <memory>
#include <mutex>
#include <utility>

std::mutex m, other;
int n;

auto lambda_at_namespace_scope = []() -> lazy<> {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
};

void lambda_in_a_plain_function() {
  auto later = []() -> lazy<> {
    std::lock_guard g(m);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  };
  (void)later();
}

lazy<> lambda_in_a_coroutine() {
  auto child = []() -> lazy<> {
    std::lock_guard g(m);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  };
  co_await child();
}

void lambda_called_in_place() {
  (void)[&]()->lazy<> {
    trace_scope scope("in place");
    // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'scope'
  }
  ();
}

void lambda_with_captures(std::mutex &theirs, int by) {
  auto later = [&theirs, by]() -> lazy<> {
    std::scoped_lock g(theirs);
    // CHECK: :[[@LINE-1]]:22: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    n += by + co_await tick();
    // CHECK: :[[@LINE-1]]:15: note: suspended here{{.*}}'g'
  };
  (void)later();
}

void lambda_in_a_lambda() {
  auto outer = [] {
    auto inner = []() -> lazy<> {
      std::lock_guard g(m);
      // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
      co_await tick();
      // CHECK: :[[@LINE-1]]:7: note: suspended here{{.*}}'g'
    };
    (void)inner();
  };
  outer();
}

void mutable_lambda() {
  auto later = [lk = std::unique_lock(m, std::defer_lock)]() mutable -> lazy<> {
    std::lock_guard g(other);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  };
  (void)later();
}

void generic_lambda() {
  auto later = [](auto &mutex) -> lazy<> {
    std::lock_guard g(mutex);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  };
  (void)later(m);
}

void lambda_with_template_parameters() {
  auto later = []<class M>(M &mutex) -> lazy<> {
    std::unique_lock<M> lk(mutex);
    // CHECK: :[[@LINE-1]]:25: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
  };
  (void)later(m);
}

lazy<> outer_and_inner_have_their_own_guards() {
  std::lock_guard a(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'a'{{.*}} [threadhop-guard-across-suspension]
  auto child = []() -> lazy<> {
    std::lock_guard b(other);
    co_await tick();
  };
  co_await child();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'a'
  // CHECK: :[[@LINE-5]]:21: warning: {{.*}}'b'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-5]]:5: note: suspended here{{.*}}'b'
}

class server {
public:
  void captures_this() {
    auto later = [this]() -> lazy<> {
      std::lock_guard g(mutex_);
      // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
      co_await tick();
      // CHECK: :[[@LINE-1]]:7: note: suspended here{{.*}}'g'
    };
    (void)later();
  }

private:
  std::mutex mutex_;
};
