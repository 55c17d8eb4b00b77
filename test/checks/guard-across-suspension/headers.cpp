// RUN: %check_threadhop %s threadhop-guard-across-suspension --header-filter='.*' -- \
// RUN:   -std=c++20 -I%S/Inputs -I%S/../../Inputs

// Guards in headers: inline functions, and templates instantiated here.

#include "guarded.h"

// CHECK: guarded.h:10:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
// CHECK: guarded.h:11:3: note: suspended here{{.*}}'g'
// CHECK: guarded.h:15:19: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
// CHECK: guarded.h:16:3: note: suspended here{{.*}}'lk'

void instantiates(std::mutex &m, std::recursive_mutex &r) {
  (void)template_in_a_header(m);
  (void)template_in_a_header(r);
}
