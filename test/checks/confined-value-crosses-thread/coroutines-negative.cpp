// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "coro.h"
#include "threads.h"

struct schedule_on {
  workers *w;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { w->submit(h); }
  void await_resume() {}
};
struct back_on {
  own_loop *l;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { l->post(h); }
  void await_resume() {}
};
struct owner {
  engine_ptr vm;
};

lazy<> stays_on_its_loop(own_loop &l, engine_ptr vm) {
  co_await back_on{&l};
  vm->run();
}

lazy<> made_by_the_coroutine(workers &w) {
  engine_ptr mine = make_engine();
  co_await schedule_on{&w};
  mine->run();
}

lazy<> ended_before(workers &w, owner &o) {
  {
    engine_ptr mine = o.vm;
    mine->run();
  }
  co_await schedule_on{&w};
}

lazy<> touched_only_back_at_home(workers &w, own_loop &l,
                                 const engine_ptr &vm) {
  co_await schedule_on{&w};
  use(1);
  co_await back_on{&l};
  vm->run();
}
