// RUN: %check_threadhop %s threadhop-nonsendable-error-payload \
// RUN:   -config='{CheckOptions: {threadhop-nonsendable-error-payload.CheckDefinitions: true}}' -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"
#include <stdexcept>

struct vm_error : std::runtime_error {
// CHECK: :[[@LINE-1]]:8: warning: exception class 'vm_error' must not change threads, as exceptions do{{.*}} [threadhop-nonsendable-error-payload]
// CHECK: :[[@LINE+2]]:14: note: member 'vm' is declared here
  using std::runtime_error::runtime_error;
  engine_ptr vm;
};

struct handle_error : std::exception {
// CHECK: :[[@LINE-1]]:8: warning: exception class 'handle_error' must not change threads, as exceptions do{{.*}} [threadhop-nonsendable-error-payload]
// CHECK: :[[@LINE+1]]:14: note: member 'state' is declared here
  lua_State *state;
};

struct plain_error : std::runtime_error {
  using std::runtime_error::runtime_error;
  int line;
};

struct not_an_exception {
  engine_ptr vm;
};
