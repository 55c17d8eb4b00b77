// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// A guard that was inferred says why: the notes lead to both changes of the
// thread_local, and the message names it.

#include "coro.h"
#include <vector>

thread_local std::vector<int> ids;

class id_scope {
public:
  explicit id_scope(int id) { ids.push_back(id); }
  ~id_scope() { ids.pop_back(); }
};

lazy<> names_the_thread_local() {
  id_scope scope(7);
  // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'scope'{{.*}}'ids'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-7]]:{{[0-9]+}}: note: {{.*}}constructor{{.*}}'ids'
  // CHECK: :[[@LINE-7]]:{{[0-9]+}}: note: {{.*}}destructor
  co_await tick();
}

thread_local int verbosity;

class verbosity_scope {
public:
  explicit verbosity_scope(int v) : before_(verbosity) { verbosity = v; }
  ~verbosity_scope() { verbosity = before_; }

private:
  int before_;
};

lazy<> names_the_restored_variable() {
  verbosity_scope scope(2);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'scope'{{.*}}'verbosity'{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE-10]]:{{[0-9]+}}: note: {{.*}}constructor{{.*}}'verbosity'
  // CHECK: :[[@LINE-10]]:{{[0-9]+}}: note: {{.*}}destructor
  co_await tick();
}
