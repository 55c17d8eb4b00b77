// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// The ways by which an error leaves for another thread.
#include "coro.h"
#include "threads.h"
#include <stdexcept>
#include <variant>

struct vm_error : std::runtime_error {
  engine_ptr vm;
  explicit vm_error(engine_ptr e)
      : std::runtime_error("script"), vm(std::move(e)) {}
};
struct script_error {
  lua_State *state;
};
template <typename T, typename E> struct result {
  std::variant<T, E> either;
  result(T t) : either(std::move(t)) {}
  result(E e) : either(std::move(e)) {}
};

struct schedule_on {
  workers *w;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { w->submit(h); }
  void await_resume() {}
};

struct source {
  engine_ptr vm;
  lua_State *state;
  std::exception_ptr last;

  void exception_of_a_promise(std::promise<int> &p) {
    p.set_exception(std::make_exception_ptr(vm_error(vm)));
    // CHECK: :[[@LINE-1]]:45: warning: error 'vm_error' goes to whoever waits for the promise while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
    // CHECK: :[[@LINE-2]]:54: note: copied into the error here
    // CHECK: :[[@LINE-3]]:7: note: handed over here: 'set_exception' (model 'std')
  }

  void value_of_a_promise(std::promise<result<int, script_error>> &p) {
    p.set_value(result<int, script_error>(script_error{state}));
    // CHECK: :[[@LINE-1]]:17: warning: error 'script_error' goes to whoever waits for the promise while member 'state' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
    // CHECK: :[[@LINE-2]]:56: note: copied into the error here
    // CHECK: :[[@LINE-3]]:7: note: handed over here: 'set_value' (model 'std')
  }

  void alternative_of_a_variant(
      std::promise<std::variant<int, script_error>> &p) {
    p.set_value(script_error{state});
    // CHECK: :[[@LINE-1]]:17: warning: error 'script_error' goes to whoever waits for the promise while member 'state' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
    // CHECK: :[[@LINE-2]]:30: note: copied into the error here
    // CHECK: :[[@LINE-3]]:7: note: handed over here: 'set_value' (model 'std')
  }

  std::future<int> thrown_by_a_task() {
    return std::async(std::launch::async,
                      [this]() -> int { throw vm_error(vm); });
                      // CHECK: :[[@LINE-1]]:47: warning: error 'vm_error' goes to whoever waits for the task while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
                      // CHECK: :[[@LINE-2]]:56: note: copied into the error here
                      // CHECK: :[[@LINE-4]]:12: note: handed over here: 'std::async' runs it on another
  }

  std::future<result<int, vm_error>> returned_by_a_task() {
    return std::async(std::launch::async, [this]() -> result<int, vm_error> {
      return vm_error(vm);
      // CHECK: :[[@LINE-1]]:14: warning: error 'vm_error' goes to whoever waits for the task while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
      // CHECK: :[[@LINE-2]]:23: note: copied into the error here
      // CHECK: :[[@LINE-4]]:12: note: handed over here: 'std::async' runs it on another
    });
  }

  void message(mailbox<result<int, vm_error>> &m) { m.send(vm_error(vm)); }
  // CHECK: :[[@LINE-1]]:60: warning: error 'vm_error' goes to the receiver while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-2]]:69: note: copied into the error here
  // CHECK: :[[@LINE-3]]:55: note: handed over here: 'send' puts it into 'Items',

  void captured_by_a_task(workers &w) {
    auto e = std::make_exception_ptr(vm_error(vm));
    // CHECK: :[[@LINE-1]]:38: warning: error 'vm_error' goes to another thread while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
    // CHECK: :[[@LINE-2]]:47: note: copied into the error here
    // CHECK: :[[@LINE+1]]:7: note: handed over here: 'submit' puts it into 'Queue',
    w.submit([e] {
      try {
        std::rethrow_exception(e);
      } catch (...) {
      }
    });
  }

  void left_by_a_task() {
    auto f = std::async(std::launch::async, [this] {
      last = std::make_exception_ptr(vm_error(vm));
      // CHECK: :[[@LINE-1]]:38: warning: error 'vm_error' goes to another thread while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
      // CHECK: :[[@LINE-2]]:47: note: copied into the error here
      // CHECK: :[[@LINE-3]]:12: note: handed over here: 'std::async' runs it on another
    });
  }

  lazy<int> thrown_after_a_hop(workers &w) {
    co_await schedule_on{&w};
    throw vm_error(vm);
    // CHECK: :[[@LINE-1]]:11: warning: error 'vm_error' goes to whoever awaits the coroutine while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
    // CHECK: :[[@LINE-2]]:20: note: copied into the error here
    // CHECK: :[[@LINE-3]]:5: note: handed over here: the coroutine was resumed on
  }

  void current_exception(std::promise<int> &p) {
    try {
      throw vm_error(vm);
      // CHECK: :[[@LINE-1]]:13: warning: error 'vm_error' goes to whoever waits for the promise while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
      // CHECK: :[[@LINE-2]]:22: note: copied into the error here
      // CHECK: :[[@LINE+2]]:9: note: handed over here: 'set_exception' (model 'std')
    } catch (const vm_error &e) {
      p.set_exception(std::current_exception());
    }
  }
};

int named_task(source *s) { throw vm_error(s->vm); }
// CHECK: :[[@LINE-1]]:35: warning: error 'vm_error' goes to whoever waits for the task while the caller keeps 'vm' as well{{.*}} [threadhop-nonsendable-error-payload]
// CHECK: :[[@LINE-2]]:47: note: copied into the error here
// CHECK: :[[@LINE+2]]:10: note: handed over here: 'std::async' runs it on another
std::future<int> thrown_by_a_named_task(source &s) {
  return std::async(std::launch::async, named_task, &s);
}
