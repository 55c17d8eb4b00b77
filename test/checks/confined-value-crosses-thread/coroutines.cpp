// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// A coroutine that goes on on another thread takes its frame there.
#include "coro.h"
#include "threads.h"

struct schedule_on {
  workers *w;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { w->submit(h); }
  void await_resume() {}
};

lazy<> render(workers &w, engine_ptr vm) {
// CHECK: :[[@LINE-1]]:38: warning: 'vm' ('counted<engine>') goes to another thread with its coroutine{{.*}} [threadhop-confined-value-crosses-thread]
// CHECK: :[[@LINE+3]]:3: note: the coroutine goes on on another thread after
// CHECK: :[[@LINE+3]]:3: note: 'vm' is touched here
// CHECK: :[[@LINE+6]]:48: note: member 'vm' keeps an owner
  co_await schedule_on{&w};
  vm->run();
}
struct page {
  engine_ptr vm = make_engine();
  lazy<> show(workers &w) { co_await render(w, vm); }
};

struct owner {
  engine_ptr vm;
};
lazy<> copied_into_a_local(workers &w, owner &o) {
  engine_ptr mine = o.vm;
  // CHECK: :[[@LINE-1]]:14: warning: 'mine' ('counted<engine>') goes to another thread with its coroutine{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE+3]]:3: note: the coroutine goes on on another thread after
  // CHECK: :[[@LINE+3]]:3: note: 'mine' is touched here
  // CHECK: :[[@LINE-4]]:23: note: the caller of this function has it as well
  co_await schedule_on{&w};
  mine->run();
}

lazy<> used_through_a_reference(workers &w, const engine_ptr &vm) {
// CHECK: :[[@LINE-1]]:63: warning: 'vm' ('counted<engine>') goes to another thread with its coroutine{{.*}} [threadhop-confined-value-crosses-thread]
// CHECK: :[[@LINE+3]]:3: note: the coroutine goes on on another thread after
// CHECK: :[[@LINE+3]]:21: note: 'vm' is touched here
// CHECK: :[[@LINE-4]]:63: note: the caller of this function has it as well
  co_await schedule_on{&w};
  engine_ptr mine = vm;
}
