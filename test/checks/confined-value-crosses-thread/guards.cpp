// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// Live guards that another thread would end.
#include "threads.h"

thread_local std::vector<const char *> spans;
struct scope {
  bool open = true;
  explicit scope(const char *name) { spans.push_back(name); }
  scope(scope &&other) noexcept : open(std::exchange(other.open, false)) {}
  ~scope() {
    if (open)
      spans.pop_back();
  }
};
struct span {
  const char *name = "";
  scope enter() const { return scope(name); }
};

void lock_moved_into_a_thread(std::mutex &m) {
  std::unique_lock lock(m);
  std::thread([lock = std::move(lock)] {}).detach();
  // CHECK: :[[@LINE-1]]:16: warning: live guard 'lock' ('std::unique_lock<std::mutex>') goes to another thread and ends there{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: a new 'std::thread' runs it
}

void entered_scope_in_a_shared_pointer(workers &w) {
  auto entered = std::make_shared<scope>("resolve");
  w.submit([entered] {});
  // CHECK: :[[@LINE-1]]:13: warning: live guard 'entered' ('std::shared_ptr<scope>') goes to another thread and ends there{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
}

void scope_made_for_the_task(workers &w, span s) {
  std::thread([entered = s.enter()] {}).detach();
  // CHECK: :[[@LINE-1]]:16: warning: live guard 'entered' ('scope') goes to another thread and ends there{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: a new 'std::thread' runs it
}

void lock_in_a_unique_pointer(std::mutex &m) {
  auto lock = std::make_unique<std::lock_guard<std::mutex>>(m);
  std::thread([lock = std::move(lock)] {}).detach();
  // CHECK: :[[@LINE-1]]:16: warning: live guard 'lock' ('std::unique_ptr<std::lock_guard<std::mutex>>') goes to another thread and ends there{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: a new 'std::thread' runs it
}

void unlocked_by_the_task(workers &w, std::mutex &m) {
  std::unique_lock lock(m);
  w.submit([&lock] { lock.unlock(); });
  // CHECK: :[[@LINE-1]]:14: warning: 'lock' ('std::unique_lock<std::mutex>') is used on another thread by reference{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:27: note: 'lock' is touched here, by the task
}
