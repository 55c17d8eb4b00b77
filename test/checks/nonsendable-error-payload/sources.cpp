// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// What the error holds is also held by its source.
#include "threads.h"
#include <stdexcept>

struct vm_error : std::runtime_error {
  engine_ptr vm;
  vm_error() : std::runtime_error("script") {}
  explicit vm_error(engine_ptr e)
      : std::runtime_error("script"), vm(std::move(e)) {}
};

struct keeps {
  engine_ptr vm;

  void in_a_variable_first(std::promise<int> &p) {
    auto e = std::make_exception_ptr(vm_error(vm));
    // CHECK: :[[@LINE-1]]:38: warning: error 'vm_error' goes to whoever waits for the promise while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
    // CHECK: :[[@LINE-2]]:47: note: copied into the error here
    // CHECK: :[[@LINE+1]]:7: note: handed over here: 'set_exception' (model 'std')
    p.set_exception(e);
  }

  void built_in_steps(std::promise<int> &p) {
    auto &mine = vm;
    vm_error e;
    e.vm = mine;
    p.set_exception(std::make_exception_ptr(std::move(e)));
    // CHECK: :[[@LINE-1]]:45: warning: error 'vm_error' goes to whoever waits for the promise while member 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
    // CHECK: :[[@LINE-3]]:12: note: copied into the error here
    // CHECK: :[[@LINE-3]]:7: note: handed over here: 'set_exception' (model 'std')
  }
};

void a_parameter(std::promise<int> &p, const engine_ptr &vm) {
  p.set_exception(std::make_exception_ptr(vm_error(vm)));
  // CHECK: :[[@LINE-1]]:43: warning: error 'vm_error' goes to whoever waits for the promise while the caller keeps 'vm' as well{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-2]]:52: note: copied into the error here
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'set_exception' (model 'std')
}

void a_local_that_ends_later(std::promise<int> &p) {
  engine_ptr vm = make_engine();
  p.set_exception(std::make_exception_ptr(vm_error(vm)));
  // CHECK: :[[@LINE-1]]:43: warning: error 'vm_error' goes to whoever waits for the promise while 'vm' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-2]]:52: note: copied into the error here
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'set_exception' (model 'std')
  // CHECK: :[[@LINE-5]]:14: note: 'vm' is destroyed at the end of its scope
}

void the_error_itself_is_copied(std::promise<int> &p) {
  vm_error e(make_engine());
  p.set_exception(std::make_exception_ptr(e));
  // CHECK: :[[@LINE-1]]:43: warning: error 'vm_error' goes to whoever waits for the promise while 'e' keeps it as well{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'set_exception' (model 'std')
  // CHECK: :[[@LINE-4]]:12: note: 'e' is destroyed at the end of its scope
}

template <typename E, typename... Args>
void reject(std::promise<int> &p, Args &&...args) {
  p.set_exception(std::make_exception_ptr(E(std::forward<Args>(args)...)));
}
template <typename E, typename... Args>
void reject_later(std::promise<int> &p, Args &&...args) {
  reject<E>(p, std::forward<Args>(args)...);
}
void through_forwarding_functions(std::promise<int> &p, const engine_ptr &vm) {
  reject_later<vm_error>(p, vm);
  // CHECK: :[[@LINE-1]]:29: warning: error 'vm_error' goes to whoever waits for the promise while the caller keeps 'vm' as well{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-9]]:64: note: copied into the error here
  // CHECK: :[[@LINE-10]]:5: note: handed over here: 'set_exception' (model 'std')
}

struct error_base {
  virtual ~error_base() = default;
};
struct derived_error : error_base {
  engine_ptr vm;
  explicit derived_error(engine_ptr e) : vm(std::move(e)) {}
};
void behind_a_base(mailbox<std::unique_ptr<error_base>> &m,
                   const engine_ptr &vm) {
  m.send(std::make_unique<derived_error>(vm));
  // CHECK: :[[@LINE-1]]:10: warning: error 'derived_error' goes to the receiver while the caller keeps 'vm' as well{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-2]]:42: note: copied into the error here
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'send' puts it into 'Items',
}

struct script_error {
  lua_State *state;
};
void handle_still_used(std::promise<script_error> p, lua_State *state) {
  p.set_value(script_error{state});
  // CHECK: :[[@LINE-1]]:27: warning: error 'script_error' goes to whoever waits for the promise while the caller keeps 'state' as well{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-2]]:28: note: copied into the error here
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'set_value' (model 'std')
  // CHECK: :[[@LINE+1]]:11: note: 'state' is used here afterwards
  lua_run(state);
}
