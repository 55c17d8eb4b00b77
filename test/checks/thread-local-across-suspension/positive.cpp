// RUN: %check_threadhop %s threadhop-thread-local-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// The address of a thread_local is that of one thread's variable: after a
// suspension it may belong to another thread than the one that runs.

#include "coro.h"
#include <mutex>
#include <string>
#include <thread>
#include <utility>

struct counters {
  int started = 0;
  int finished = 0;
  int slots[4] = {};
};

thread_local int level;
thread_local counters stats;
thread_local int table[8];
thread_local std::pair<int, std::string> named;
__thread int gnu_level;
bool ready;

void use(int);
void use(const int *);

counters &stats_of_this_thread() { return stats; }
int *level_of_this_thread() { return &level; }
int &slot_of_this_thread(int i) { return stats_of_this_thread().slots[i]; }
std::string &buffer() {
  thread_local std::string text;
  return text;
}

class worker {
public:
  static worker &current() { return self_; }
  int jobs = 0;
  static thread_local worker self_;
};
thread_local worker worker::self_;

lazy<> reference() {
  int &r = level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  r = 1;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> pointer() {
  int *p = &level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  *p = 1;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> deduced_reference() {
  auto &r = stats;
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r.finished;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> const_reference() {
  const auto &r = stats;
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  use(r.started);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> forwarding_reference() {
  auto &&r = level;
  // CHECK: :[[@LINE-1]]:10: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  use(r);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> reference_to_a_member() {
  int &r = stats.started;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> pointer_to_an_element() {
  int *p = &table[3];
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  use(*p);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> loop_over_an_array() {
  for (int each : table) {
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: the loop over thread_local 'table'{{.*}} [threadhop-thread-local-across-suspension]
    use(each);
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here
    // CHECK: :[[@LINE-5]]:{{[0-9]+}}: note: the iterators are used here
  }
}

lazy<> array_that_decays() {
  int *p = table;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  use(p[1]);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> pointer_given_on() {
  const int *p = &level;
  // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  use(p);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> accessor_that_returns_a_reference() {
  auto &r = stats_of_this_thread();
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r.finished;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> accessor_that_returns_a_pointer() {
  int *p = level_of_this_thread();
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++*p;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> accessor_that_calls_an_accessor() {
  int &r = slot_of_this_thread(2);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> accessor_with_a_local_variable() {
  std::string &text = buffer();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'text'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  text.clear();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> static_member() {
  worker &w = worker::current();
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'w'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++w.jobs;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> thread_local_of_the_coroutine_itself() {
  static thread_local int calls;
  int &r = calls;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> gnu_thread_variable() {
  int *p = &gnu_level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  *p = 0;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> used_before_and_after() {
  auto &r = stats;
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  ++r.started;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r.finished;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> first_use_after_is_the_one_that_counts() {
  int *p = &level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  *p = 1;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
  *p = 2;
}

lazy<> used_on_one_branch() {
  int &r = level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  if (ready)
    use(r);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> suspended_on_one_branch() {
  int &r = level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  if (ready)
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here
  use(r);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> used_by_the_next_iteration() {
  int &r = level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  while (r > 0) {
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here
    // CHECK: :[[@LINE-3]]:{{[0-9]+}}: note: {{.*}}used here
  }
}

lazy<> used_in_the_same_expression() {
  int *p = &level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  use(co_await tick() + *p);
  // CHECK: :[[@LINE-1]]:7: note: suspended here
  // CHECK: :[[@LINE-2]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> assigned_later() {
  int *p = nullptr;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  p = &level;
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  *p = 1;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> taken_again_on_one_branch() {
  int *p = &level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  if (ready)
    p = &level;
  *p = 1;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> one_of_two(bool first) {
  int &r = first ? level : stats.started;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> structured_binding() {
  auto &[number, text] = named;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'{{number|text}}'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  text.clear();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

lazy<> init_statement() {
  if (int &r = level; r > 0) {
    // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here
    --r;
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
  }
}

struct new_thread {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::thread([h] { h.resume(); }).detach();
  }
  void await_resume() {}
};

lazy<> resumes_on_a_new_thread() {
  int &r = level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await new_thread{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

generator<int> over_a_yield() {
  int &r = level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_yield r;
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}

auto lambda = []() -> lazy<> {
  int &r = level;
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  ++r;
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
};

template <class T> thread_local T slot_of{};

template <class T> lazy<> variable_template() {
  T &r = slot_of<T>;
  // CHECK: :[[@LINE-1]]:6: warning: {{.*}}'r'{{.*}} [threadhop-thread-local-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
  r = T{};
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
}
template lazy<> variable_template<int>();
template lazy<> variable_template<long>();

class session {
public:
  lazy<> member_function() {
    auto *p = &stats;
    // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'p'{{.*}} [threadhop-thread-local-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here
    ++p->finished;
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: {{.*}}used here
  }
};
