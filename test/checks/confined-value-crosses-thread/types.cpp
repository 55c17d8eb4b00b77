// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// What makes a type confined, and the path to it.
#include "threads.h"
#include <array>

struct in_a_member {
  engine_ptr vm;
  std::shared_ptr<int> state;
};
void member(workers &w, const in_a_member &x) {
  w.submit([x] { x.vm->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'x' ('in_a_member') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}

struct in_a_base : in_a_member {
  int more;
};
void base(workers &w, const in_a_base &x) {
  w.submit([x] { use(x.more); });
  // CHECK: :[[@LINE-1]]:13: warning: 'x' ('in_a_base') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}

void element(workers &w, const std::vector<engine_ptr> &x) {
  w.submit([x] { x[0]->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'x' ('std::vector<counted<engine>>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}
void array(workers &w, const std::array<engine_ptr, 2> &x) {
  w.submit([x] { x[0]->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'x' ('std::array<counted<engine>, 2>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}
void in_an_optional(workers &w, const std::optional<engine_ptr> &x) {
  w.submit([x] { (*x)->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'x' ('std::optional<counted<engine>>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}
void in_a_pair(workers &w, const std::pair<int, engine_ptr> &x) {
  w.submit([x] { x.second->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'x' ('std::pair<int, counted<engine>>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}

struct recursive {
  std::vector<recursive> below;
  engine_ptr vm;
};
void recursive_type(workers &w, const recursive &x) {
  w.submit([x] { use(int(x.below.size())); });
  // CHECK: :[[@LINE-1]]:13: warning: 'x' ('recursive') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}

void pointee(workers &w, const std::shared_ptr<in_a_member> &x) {
  w.submit([x] { engine_ptr mine = x->vm; });
  // CHECK: :[[@LINE-1]]:13: warning: 'x' ('std::shared_ptr<in_a_member>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:39: note: 'vm' is touched here, by the task
  // CHECK: :[[@LINE-4]]:13: note: the caller of this function has it as well
}

void raw_handle(workers &w, lua_State *state) {
  w.submit([state] { lua_run(state); });
  // CHECK: :[[@LINE-1]]:13: warning: 'state' ('lua_State *') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE+1]]:11: note: 'state' is used here, with nothing that waits
  lua_run(state);
}

void handle_in_a_smart_pointer(workers &w, std::shared_ptr<lua_State> state) {
  w.submit([state] { lua_run(state.get()); });
  // CHECK: :[[@LINE-1]]:13: warning: 'state' ('std::shared_ptr<lua_State>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE+1]]:11: note: 'state' is used here, with nothing that waits
  lua_run(state.get());
}

struct [[clang::annotate("threadhop::thread_confined",
                         "it belongs to the user interface")]] widget {
  void paint();
};
void annotated_type(workers &w, widget *shown) {
  w.submit([shown] { shown->paint(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'shown' ('widget *') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-7]]:10: note: confined by this
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-4]]:22: note: 'shown' is touched here, by the task
  // CHECK: :[[@LINE-5]]:13: note: the caller of this function has it as well
}

struct [[clang::annotate("threadhop::sequence_confined")]] statistics {
  int count;
};
void annotated_for_a_sequence(workers &w, statistics &s) {
  w.submit([&s] { ++s.count; });
  // CHECK: :[[@LINE-1]]:14: warning: 's' ('statistics') is used on another thread by reference{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-6]]:10: note: confined by this
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-4]]:21: note: 's' is touched here, by the task
  // CHECK: :[[@LINE+1]]:7: note: 's' is used here, with nothing that waits for
  ++s.count;
}

template <typename T> using handle_of = counted<T>;
void alias_template(workers &w, const handle_of<engine> &e) {
  w.submit([e] { e->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}
