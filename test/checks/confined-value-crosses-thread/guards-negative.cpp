// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"

thread_local std::vector<const char *> spans;
struct scope {
  explicit scope(const char *name) { spans.push_back(name); }
  ~scope() { spans.pop_back(); }
};
struct span {
  const char *name = "";
  scope enter() const { return scope(name); }
};

void only_the_handle_goes(workers &w, span s) {
  w.submit([s] { scope entered = s.enter(); });
}

void lock_not_taken_yet(std::mutex &m) {
  std::unique_lock lock(m, std::defer_lock);
  std::thread([lock = std::move(lock)]() mutable { lock.lock(); }).detach();
}

void unlocked_before(std::mutex &m) {
  std::unique_lock lock(m);
  lock.unlock();
  std::thread([lock = std::move(lock)]() mutable { lock.lock(); }).detach();
}

void entered_in_the_task(workers &w) {
  w.submit([] { scope entered("resolve"); });
}
