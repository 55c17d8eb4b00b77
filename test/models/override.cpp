// RUN: %check_threadhop %s threadhop-guard-across-suspension \
// RUN:   -config='{CheckOptions: {ModelFiles: "%S/Inputs/acme.json;%S/Inputs/override.json"}}' \
// RUN:   -- -std=c++20 -I%inputs -I%S/Inputs

// A later file replaces rows of the built-in models and of earlier files.

#include "acme.h"
#include <mutex>
#include <shared_mutex>

std::mutex m;
std::shared_mutex shared;

lazy<> silent_built_in_guard_made_safe() {
  std::lock_guard<std::mutex> g(m);
  co_await tick();
}

lazy<> other_built_in_rows_stay() {
  std::unique_lock<std::mutex> lock(m);
  // CHECK: :[[@LINE-1]]:32: warning: {{.*}}'lock'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lock'
}

lazy<> silent_built_in_mutex_made_nobodys() {
  std::unique_lock<std::shared_mutex> lock(shared);
  co_await tick();
}

lazy<> silent_guard_of_the_earlier_file() {
  acme::request_scope scope;
  co_await tick();
}

lazy<> other_rows_of_the_earlier_file_stay() {
  acme::vm_lock vm;
  // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'vm'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
}
