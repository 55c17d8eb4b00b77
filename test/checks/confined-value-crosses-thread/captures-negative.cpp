// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"

void only_owner_moved(workers &w) {
  engine_ptr e = make_engine();
  w.submit([e = std::move(e)] { e->run(); });
}

void made_for_the_task(workers &w) {
  w.submit([e = make_engine()] { e->run(); });
}

void made_in_the_task(workers &w) {
  w.submit([] {
    engine_ptr e = make_engine();
    e->run();
  });
}

void only_a_value_is_taken(workers &w, const engine_ptr &e) {
  w.submit([id = e->id] { use(id); });
}

void container_of_only_owners_moved(workers &w) {
  std::vector<engine_ptr> all;
  all.push_back(make_engine());
  w.submit([all = std::move(all)] { all[0]->run(); });
}

void handle_given_away(workers &w) {
  lua_State *state = luaL_newstate();
  w.submit([state] {
    lua_run(state);
    lua_close(state);
  });
}

void atomic_count(workers &w, std::shared_ptr<engine> e) {
  w.submit([e] { e->run(); });
  e.reset();
}

void plain_pointer(workers &w, int *x) {
  w.submit([x] { use(*x); });
}

// A copy counter is no reference count.
struct counts_copies {
  int copies = 0;
  counts_copies() = default;
  counts_copies(const counts_copies &other) : copies(other.copies + 1) {}
};
void counts_its_copies(workers &w, const counts_copies &c) {
  w.submit([c] { use(c.copies); });
}

engine_ptr &engine_of_this_thread() {
  thread_local engine_ptr own = make_engine();
  return own;
}
void each_thread_its_own(workers &w) {
  w.submit([] { engine_ptr e = engine_of_this_thread(); });
  engine_ptr e = engine_of_this_thread();
}
