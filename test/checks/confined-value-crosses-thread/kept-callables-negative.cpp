// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"

// Whoever calls fire() runs it.
class button {
  std::function<void()> on_click;

public:
  void set(std::function<void()> f) { on_click = std::move(f); }
  void fire() { on_click(); }
};
void kept_and_called_here(button &b, const engine_ptr &vm) {
  b.set([vm] { vm->run(); });
}

// Carried, and looked at on another thread only for whether it is alive.
struct weakly_carried : std::enable_shared_from_this<weakly_carried> {
  engine_ptr vm = make_engine();
  int answers = 0;
  void later(workers &w) {
    w.submit([self = weak_from_this()] {
      if (auto locked = self.lock())
        ++locked->answers;
    });
  }
};

// The pool's task takes the object along for a task of its own loop.
struct loop {
  std::deque<std::function<void()>> queue;
  void post(std::function<void()> f) { queue.push_back(std::move(f)); }
  void run() {
    while (!queue.empty()) {
      auto f = std::move(queue.front());
      queue.pop_front();
      f();
    }
  }
};
struct delivers : std::enable_shared_from_this<delivers> {
  engine_ptr vm = make_engine();
  loop *home = nullptr;
  int answer = 0;
  void ask(workers &w) {
    w.submit([self = shared_from_this()] {
      int found = 42;
      self->home->post([self, found] { self->answer = found; });
    });
  }
};

// A count that its own lock guards.
class guarded_handle {
  struct block {
    std::mutex lock;
    int uses = 1;
  };
  block *of;
  void use() {
    std::lock_guard held(of->lock);
    ++of->uses;
  }
  void drop() {
    bool last;
    {
      std::lock_guard held(of->lock);
      last = --of->uses == 0;
    }
    if (last)
      delete of;
  }

public:
  guarded_handle() : of(new block) {}
  guarded_handle(const guarded_handle &other) : of(other.of) { use(); }
  ~guarded_handle() { drop(); }
};
void copied_under_its_lock(workers &w, const guarded_handle &h) {
  w.submit([h] { guarded_handle again = h; });
}
