// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"

struct [[clang::annotate("threadhop::sendable")]] trusted {
  engine_ptr vm;
};
void annotated_sendable(workers &w, const trusted &x) {
  w.submit([x] { x.vm->run(); });
}

class locks_for_itself {
public:
  void put(int);

private:
  std::mutex mutex;
  engine_ptr vm;
};
void with_a_mutex_of_its_own(workers &w, locks_for_itself &x) {
  w.submit([&x] { x.put(1); });
}

struct [[clang::annotate("threadhop::sequence_confined")]] statistics {
  int count;
};
void sequence_confined_to_the_own_loop(own_loop &l, statistics &s) {
  l.post([&s] { ++s.count; });
  l.run();
}

class atomically_counted {
public:
  atomically_counted() : Box(new box) {}
  atomically_counted(const atomically_counted &o) : Box(o.Box) {
    Box->count.fetch_add(1);
  }
  ~atomically_counted() {
    if (Box->count.fetch_sub(1) == 1)
      delete Box;
  }

private:
  struct box {
    std::atomic<int> count{1};
  };
  box *Box;
};
void atomic_count_of_the_project(workers &w, const atomically_counted &x) {
  w.submit([x] {});
}

void erased_type(workers &w, const std::function<void()> &f) {
  w.submit(f);
}

struct session : std::enable_shared_from_this<session> {
  engine_ptr vm;
  int id = 0;
  void only_carried(workers &w) {
    w.submit([self = shared_from_this()] { use(self->id); });
  }
};
