// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"

void joined_before_it_is_touched() {
  engine_ptr e = make_engine();
  std::thread t([e] { e->run(); });
  t.join();
  engine_ptr again = e;
}

void scope_of_a_jthread() {
  engine_ptr e = make_engine();
  {
    std::jthread t([&e] { engine_ptr mine = e; });
  }
  engine_ptr again = e;
}

void joined_on_both_paths(bool early) {
  engine_ptr e = make_engine();
  std::thread t([e] { e->run(); });
  if (early) {
    t.join();
    return;
  }
  t.join();
  engine_ptr again = e;
}

void future_asked(const engine_ptr &e) {
  auto f = std::async(std::launch::async, [e] { return e->id; });
  f.get();
}

int future_asked_at_once(const engine_ptr &e) {
  return std::async(std::launch::async, [&] { return e->id; }).get();
}

// The future of std::async waits in its destructor.
void future_of_async_ends(const engine_ptr &e) {
  auto f = std::async(std::launch::async, [e] { e->run(); });
}

void all_threads_joined(const engine_ptr &e) {
  std::vector<std::thread> all;
  all.emplace_back([e] { e->run(); });
  for (std::thread &t : all)
    t.join();
}

void latch_waited_for(workers &w, const engine_ptr &e) {
  std::latch done(1);
  w.submit([&] {
    engine_ptr mine = e;
    done.count_down();
  });
  done.wait();
}

void promise_of_the_task_waited_for(workers &w, const engine_ptr &e) {
  std::promise<void> done;
  auto f = done.get_future();
  w.submit([&] {
    engine_ptr mine = e;
    done.set_value();
  });
  f.get();
}

void reference_wrapper_joined(engine_ptr &e) {
  std::thread t([](engine_ptr &mine) { engine_ptr copy = mine; }, std::ref(e));
  t.join();
}

class both_sides_locked {
public:
  void background(workers &w) {
    w.submit([this] {
      std::lock_guard lock(mutex);
      engine_ptr mine = e;
    });
    std::lock_guard lock(mutex);
    engine_ptr mine = e;
  }

private:
  std::mutex mutex;
  engine_ptr e = make_engine();
};
