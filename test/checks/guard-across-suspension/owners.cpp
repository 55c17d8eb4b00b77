// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%stubs -I%S/../../Inputs

// The state of an interpreter belongs to a thread: it may live over an await
// that is known to come back to the same thread, and over no other. Locks and
// contexts may not even then.

#include "cobalt.h"
#include "coro.h"
#include "pybind11.h"
#include "tracy.h"
#include <mutex>
#include <thread>

std::mutex m;

struct [[clang::annotate("threadhop::resumes_here")]] next_turn {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

struct [[clang::annotate("threadhop::resumes_elsewhere")]] worker {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

// As can be seen, it resumes before anybody else can run.
struct resumes_at_once {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { h.resume(); }
  void await_resume() {}
};

// As can be seen, it resumes on a thread of its own.
struct new_thread {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::thread([h] { h.resume(); }).detach();
  }
  void await_resume() {}
};

lazy<> acquired_over_an_unknown_await() {
  pybind11::gil_scoped_acquire gil;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'gil'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'gil'
}

lazy<> released_over_an_unknown_await() {
  pybind11::gil_scoped_release nogil;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'nogil'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'nogil'
}

lazy<> acquired_over_a_change_of_thread() {
  pybind11::gil_scoped_acquire gil;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'gil'{{.*}} [threadhop-guard-across-suspension]
  co_await worker{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}{{another thread|resumes_elsewhere}}
}

lazy<> acquired_over_a_new_thread() {
  pybind11::gil_scoped_acquire gil;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'gil'{{.*}} [threadhop-guard-across-suspension]
  co_await new_thread{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}another thread
}

lazy<> only_the_await_that_may_leave_the_thread_is_noted() {
  pybind11::gil_scoped_acquire gil;
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'gil'{{.*}} [threadhop-guard-across-suspension]
  co_await next_turn{};
  // CHECK-NOT: :[[@LINE-1]]:{{[0-9]+}}: note: suspended here
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'gil'
}

lazy<> lock_over_an_await_that_comes_back() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await next_turn{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> lock_over_a_change_of_thread() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await worker{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}{{another thread|resumes_elsewhere}}
}

lazy<> lock_over_a_new_thread() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await new_thread{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}another thread
}

lazy<> context_over_an_await_that_comes_back() {
  ZoneScoped;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'ZoneScoped'{{.*}} [threadhop-guard-across-suspension]
  co_await next_turn{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

boost::cobalt::task<void> lock_in_a_task_of_one_thread() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

boost::cobalt::task<void> context_in_a_task_of_one_thread() {
  ZoneScoped;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'ZoneScoped'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> silent_acquired_over_an_await_that_comes_back() {
  pybind11::gil_scoped_acquire gil;
  co_await next_turn{};
}

lazy<> silent_acquired_over_an_await_resumed_at_once() {
  pybind11::gil_scoped_acquire gil;
  co_await resumes_at_once{};
}

boost::cobalt::task<void> silent_acquired_in_a_task_of_one_thread() {
  pybind11::gil_scoped_acquire gil;
  co_await tick();
}

lazy<> silent_acquired_over_no_suspension() {
  pybind11::gil_scoped_acquire gil;
  co_await std::suspend_never{};
}

lazy<> silent_acquired_in_a_closed_scope() {
  {
    pybind11::gil_scoped_acquire gil;
  }
  co_await tick();
}
