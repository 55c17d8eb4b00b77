// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"

void only_owner_sent(mailbox<engine_ptr> &out) {
  engine_ptr vm = make_engine();
  out.send(std::move(vm));
}

void value_sent(mailbox<int> &out, const engine_ptr &vm) { out.send(vm->id); }

void promise_asked_here(const engine_ptr &vm) {
  std::promise<engine_ptr> p;
  auto f = p.get_future();
  p.set_value(vm);
  f.get();
}
