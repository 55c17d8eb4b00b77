// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// Errors that are made in a function which the task or handler calls, and those
// that a task leaves where others find them.
#include "threads.h"
#include <exception>
#include <stdexcept>

struct engine_error : std::runtime_error {
  engine_ptr vm;
  engine_error(const char *what, engine_ptr vm)
      : std::runtime_error(what), vm(std::move(vm)) {}
};

class host {
  engine_ptr vm = make_engine();
  std::exception_ptr failed;
  std::thread worker;

  void check() {
    if (!vm->id)
      throw engine_error("no id", vm);
  }

public:
  void thrown_by_a_callee(std::promise<void> &answer) {
    try {
      check();
      answer.set_value();
    } catch (const engine_error &) {
      answer.set_exception(std::current_exception());
      // CHECK: :[[@LINE-1]]:14: warning: error 'engine_error' goes to whoever waits for the promise while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
      // CHECK: :[[@LINE-11]]:35: note: copied into the error here
      // CHECK: :[[@LINE-3]]:14: note: handed over here: 'set_exception' (model 'std')
    }
  }
  void left_in_a_member() {
    worker = std::thread([this] {
      try {
        if (!vm->id)
          throw engine_error("no id", vm);
          // CHECK: :[[@LINE-1]]:17: warning: error 'engine_error' goes to another thread while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
          // CHECK: :[[@LINE-2]]:39: note: copied into the error here
          // CHECK: :[[@LINE+2]]:16: note: handed over here: a new 'std::thread' runs it
      } catch (const engine_error &) {
        failed = std::current_exception();
      }
    });
  }
  engine_ptr get() const { return vm; }
};

extern engine_ptr Shared;
void check_shared() {
  if (!Shared->id)
    throw engine_error("no id", Shared);
    // CHECK: :[[@LINE-1]]:11: warning: error 'engine_error' goes to whoever waits for the task while 'Shared' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
    // CHECK: :[[@LINE-2]]:33: note: copied into the error here
    // CHECK: :[[@LINE+3]]:10: note: handed over here: 'std::async' runs it on another
}
std::future<void> thrown_by_what_the_task_calls() {
  return std::async(std::launch::async, [] { check_shared(); });
}
void packaged(workers &w) {
  auto job = std::make_shared<std::packaged_task<void()>>([] {
    throw engine_error("no id", Shared);
    // CHECK: :[[@LINE-1]]:11: warning: error 'engine_error' goes to whoever waits for the task while 'Shared' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
    // CHECK: :[[@LINE-2]]:33: note: copied into the error here
    // CHECK: :[[@LINE+2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  });
  w.submit([job] { (*job)(); });
}

template <class T, class E> struct expected {
  std::optional<T> value;
  std::optional<E> error;
  expected(T t) : value(std::move(t)) {}
  expected(std::nullptr_t, E e) : error(std::move(e)) {}
};
struct denied {
  int code;
  engine_ptr by;
};
void second_argument_of_expected(std::promise<expected<int, denied>> &p,
                                 const engine_ptr &vm) {
  p.set_value(expected<int, denied>(nullptr, denied{1, vm}));
  // CHECK: :[[@LINE-1]]:15: warning: error 'denied' goes to whoever waits for the promise while the caller keeps 'vm' as well{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-2]]:56: note: copied into the error here
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'set_value' (model 'std')
}
