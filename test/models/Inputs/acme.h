//===- acme.h - a library that only its model explains --------------------===//
#ifndef ACME_H
#define ACME_H

#include "coro.h"

namespace acme {
struct request_scope {
  request_scope();
  ~request_scope();
  void complete();
};
struct vm_lock {
  vm_lock();
  ~vm_lock();
};
struct fiber_mutex {
  void lock();
  void unlock();
};
struct pool {
  event schedule();
};
struct loop_turn {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
struct inline_executor {};
struct yield_context {};
event checkpoint();
template <class E> event resume_on(E &);
void enter();
void leave();
void fiber_yield();
void read(yield_context);

struct task {
  using promise_type =
      detail::promise<task, void, std::suspend_never, std::suspend_never>;
};
} // namespace acme

#define ACME_TRACE(name)

#endif // ACME_H
