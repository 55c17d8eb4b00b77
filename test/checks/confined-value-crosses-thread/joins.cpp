// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// The sender touches the object before it has waited for the task.
#include "threads.h"

void used_before_the_join() {
  engine_ptr e = make_engine();
  std::thread t([e] { e->run(); });
  // CHECK: :[[@LINE-1]]:18: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:15: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE+1]]:22: note: 'e' is used here, with nothing that waits for
  engine_ptr again = e;
  t.join();
}

void joined_on_one_path_only(bool wait) {
  engine_ptr e = make_engine();
  std::thread t([e] { e->run(); });
  // CHECK: :[[@LINE-1]]:18: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:15: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE+5]]:22: note: 'e' is used here, with nothing that waits for
  if (wait)
    t.join();
  else
    t.detach();
  engine_ptr again = e;
}

void wait_with_a_time_limit(std::future<int> &pending, const engine_ptr &e) {
  pending = std::async(std::launch::async, [e] { return e->id; });
  // CHECK: :[[@LINE-1]]:45: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:13: note: handed over here: 'std::async' runs it on another
  // CHECK: :[[@LINE+2]]:22: note: 'e' is used here, with nothing that waits for
  pending.wait_for(std::chrono::seconds(1));
  engine_ptr again = e;
}

void two_threads_at_once(const engine_ptr &e) {
  std::thread a([e] { e->run(); });
  // CHECK: :[[@LINE-1]]:18: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:15: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE+1]]:18: note: 'e' is used here, with nothing that waits for
  std::thread b([e] { e->run(); });
  a.join();
  b.join();
}

void detached(const engine_ptr &e) {
  std::thread([e] { e->run(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE-3]]:16: note: the caller of this function has it as well
}

// A lock belongs to its thread, whoever waits.
void joined_but_thread_bound(std::mutex &m) {
  std::unique_lock lock(m);
  std::thread t([lock = std::move(lock)] {});
  // CHECK: :[[@LINE-1]]:18: warning: live guard 'lock' ('std::unique_lock<std::mutex>') goes to another thread and ends there{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:15: note: handed over here: a new 'std::thread' runs it
  t.join();
}
