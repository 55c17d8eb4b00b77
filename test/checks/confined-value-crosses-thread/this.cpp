// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// A task that works on its sender's members.
#include "threads.h"

struct on_the_pool {
  engine_ptr vm = make_engine();
  void tick(workers &w) {
    w.submit([this] { engine_ptr mine = vm; });
    // CHECK: :[[@LINE-1]]:15: warning: 'vm' ('counted<engine>') is used on another thread through 'this'{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:7: note: handed over here: 'submit' puts it into 'Queue',
    // CHECK: :[[@LINE-3]]:41: note: 'vm' is touched here, by the task
    // CHECK: :[[@LINE+1]]:23: note: 'vm' is used here, with nothing that waits for
    engine_ptr mine = vm;
  }
};

struct through_a_member_function {
  engine_ptr vm = make_engine();
  void work() { engine_ptr mine = vm; }
  void start(workers &w) {
    w.submit([this] { work(); });
    // CHECK: :[[@LINE-1]]:15: warning: 'vm' ('counted<engine>') is used on another thread through 'this'{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:7: note: handed over here: 'submit' puts it into 'Queue',
    // CHECK: :[[@LINE-5]]:35: note: 'vm' is touched here, by the task
    // CHECK: :[[@LINE-4]]:15: note: member 'vm' keeps an owner
  }
};

struct bound_member_function {
  engine_ptr vm = make_engine();
  void work() { engine_ptr mine = vm; }
  void start() {
    std::thread(&bound_member_function::work, this).detach();
    // CHECK: :[[@LINE-1]]:47: warning: 'vm' ('counted<engine>') is used on another thread through 'this'{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:5: note: handed over here: a new 'std::thread' runs it
    // CHECK: :[[@LINE-5]]:35: note: 'vm' is touched here, by the task
    // CHECK: :[[@LINE+1]]:5: note: 'vm' is used here, with nothing that waits for
    vm->run();
  }
};

void bound_with_an_object(workers &w, through_a_member_function &x) {
  w.submit(std::bind(&through_a_member_function::work, &x));
  // CHECK: :[[@LINE-1]]:57: warning: 'vm' ('counted<engine>') is used on another thread by reference{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-27]]:35: note: 'vm' is touched here, by the task
  // CHECK: :[[@LINE-4]]:57: note: the caller of this function has it as well
}

struct handle {
  lua_State *state;
  void captured_this(workers &w) {
    w.submit([this] { lua_run(state); });
    // CHECK: :[[@LINE-1]]:15: warning: 'state' ('lua_State *') is used on another thread through 'this'{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:7: note: handed over here: 'submit' puts it into 'Queue',
    // CHECK: :[[@LINE-3]]:31: note: 'state' is touched here, by the task
    // CHECK: :[[@LINE-4]]:15: note: member 'state' keeps an owner
  }
  void captured_the_handle(workers &w) {
    w.submit([state = state] { lua_run(state); });
    // CHECK: :[[@LINE-1]]:15: warning: 'state' ('lua_State *') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:7: note: handed over here: 'submit' puts it into 'Queue',
    // CHECK: :[[@LINE-3]]:23: note: member 'state' keeps an owner
  }
  void captured_a_copy_of_the_handle(workers &w) {
    lua_State *copy = state;
    w.submit([copy] { lua_run(copy); });
    // CHECK: :[[@LINE-1]]:15: warning: 'copy' ('lua_State *') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:7: note: handed over here: 'submit' puts it into 'Queue',
  }
};

// The thread is not the only one that uses the member.
struct own_thread_and_others {
  lua_State *state = luaL_newstate();
  std::jthread thread;
  own_thread_and_others() : thread([this] { lua_run(state); }) {}
  // CHECK: :[[@LINE-1]]:37: warning: 'state' ('lua_State *') is used on another thread through 'this'{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:29: note: handed over here: a new 'std::jthread' runs it
  // CHECK: :[[@LINE-3]]:53: note: 'state' is touched here, by the task
  // CHECK: :[[@LINE+1]]:25: note: 'state' is used here, with nothing that waits
  void also() { lua_run(state); }
};
