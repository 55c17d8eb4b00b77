// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"

struct touches_no_confined_member {
  engine_ptr vm = make_engine();
  int count = 0;
  void tick(workers &w) {
    w.submit([this] { ++count; });
    engine_ptr mine = vm;
  }
};

struct on_its_own_loop {
  own_loop loop;
  engine_ptr vm = make_engine();
  void tick() {
    loop.post([this] { engine_ptr mine = vm; });
    loop.run();
  }
};

// The thread is the only one that uses the member.
struct thread_of_its_own {
  lua_State *state = luaL_newstate();
  std::jthread thread{[this] { lua_run(state); }};
};
