// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// An object that goes to a task of another thread in a capture, while another
// owner stays.
#include "threads.h"

void captured_by_copy(workers &w, const engine_ptr &e) {
  w.submit([e] { e->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}

void copied_into_an_init_capture(workers &w) {
  engine_ptr e = make_engine();
  w.submit([mine = e] { mine->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE+1]]:3: note: 'e' is used here, with nothing that waits for
  e->run();
}

void moved_while_a_copy_stays(workers &w) {
  engine_ptr e = make_engine();
  engine_ptr stays = e;
  w.submit([e = std::move(e)] { e->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-4]]:14: note: 'stays' keeps an owner on this thread
  stays->run();
}

void moved_after_it_was_kept(workers &w, std::vector<engine_ptr> &keep) {
  engine_ptr e = make_engine();
  keep.push_back(e);
  w.submit([e = std::move(e)] { e->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-4]]:3: note: the caller of this function has it as well
}

void captured_by_reference(workers &w) {
  engine_ptr e = make_engine();
  w.submit([&e] {
  // CHECK: :[[@LINE-1]]:14: warning: 'e' ('counted<engine>') is used on another thread by reference{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE+2]]:23: note: 'e' is touched here, by the task
  // CHECK: :[[@LINE+4]]:22: note: 'e' is used here, with nothing that waits for
    engine_ptr mine = e;
    mine->run();
  });
  engine_ptr again = e;
}

void captured_by_default_reference(workers &w, engine_ptr &e) {
  w.submit([&] {
    engine_ptr mine = e;
    // CHECK: :[[@LINE-1]]:23: warning: 'e' ('counted<engine>') is used on another thread by reference{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-3]]:5: note: handed over here: 'submit' puts it into 'Queue',
    // CHECK: :[[@LINE-3]]:23: note: 'e' is touched here, by the task
    // CHECK: :[[@LINE-5]]:13: note: the caller of this function has it as well
  });
}

void through_an_alias(workers &w, std::vector<engine_ptr> &all) {
  engine_ptr &first = all.front();
  w.submit([first] { first->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'first' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}

void through_a_pointer_to_a_local(workers &w) {
  engine_ptr e = make_engine();
  engine_ptr *where = &e;
  w.submit([where] { engine_ptr mine = *where; });
  // CHECK: :[[@LINE-1]]:13: warning: 'where' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:40: note: 'where' is touched here, by the task
  // CHECK: :[[@LINE+1]]:22: note: 'e' is used here, with nothing that waits for
  engine_ptr again = e;
}

void a_task_for_each_round(workers &w) {
  engine_ptr e = make_engine();
  for (int i = 0; i != 3; ++i)
    w.submit([e] { e->run(); });
    // CHECK: :[[@LINE-1]]:15: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:7: note: handed over here: 'submit' puts it into 'Queue',
    // CHECK: :[[@LINE-3]]:15: note: 'e' is used here, with nothing that waits for
}

void in_a_lambda_within_the_task(workers &w, const engine_ptr &e) {
  auto inner = [e] { e->run(); };
  w.submit([inner] { inner(); });
  // CHECK: :[[@LINE-1]]:12: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-3]]:17: note: captured here
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-5]]:17: note: the caller of this function has it as well
}

engine_ptr shared_engine = make_engine();
void a_global_used_on_both_sides(workers &w) {
  w.submit([] { engine_ptr mine = shared_engine; });
  // CHECK: :[[@LINE-1]]:35: warning: 'shared_engine' ('counted<engine>') is used on another thread by reference{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:35: note: 'shared_engine' is touched here, by the task
  // CHECK: :[[@LINE+1]]:22: note: 'shared_engine' is used here, with nothing that
  engine_ptr again = shared_engine;
}
