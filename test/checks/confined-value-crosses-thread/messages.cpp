// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// Values that a channel or promise gives to another thread.
#include "threads.h"

struct sender {
  engine_ptr vm;
  mailbox<engine_ptr> &out;
  void copy_sent() {
    out.send(vm);
    // CHECK: :[[@LINE-1]]:14: warning: 'vm' ('counted<engine>') is sent to another thread{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:9: note: handed over here: 'send' puts it into 'Items',
    // CHECK: :[[@LINE+1]]:5: note: 'vm' is used here, with nothing that waits for
    vm->run();
  }
};

void copy_promised(std::promise<engine_ptr> &p, const engine_ptr &vm) {
  p.set_value(vm);
  // CHECK: :[[@LINE-1]]:15: warning: 'vm' ('counted<engine>') is sent to another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'std::promise::set_value' gives
  // CHECK: :[[@LINE-3]]:15: note: the caller of this function has it as well
}
