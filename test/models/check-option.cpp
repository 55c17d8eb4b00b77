// RUN: %check_threadhop %s threadhop-guard-across-suspension \
// RUN:   -config='{CheckOptions: {threadhop-guard-across-suspension.ModelFiles: "%S/Inputs/acme.json"}}' \
// RUN:   -- -std=c++20 -I%inputs -I%S/Inputs

// The option of the check itself.

#include "acme.h"

lazy<> guard() {
  acme::request_scope scope;
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
}
