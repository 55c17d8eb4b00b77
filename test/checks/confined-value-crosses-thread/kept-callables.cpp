// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// Callables that an object keeps in a member, for a thread to run.
#include "threads.h"
#include <map>
#include <string>

class ticker {
  std::function<void()> on_tick;
  std::thread beat;

public:
  void set(std::function<void()> f) { on_tick = std::move(f); }
  void start() {
    beat = std::thread([this] { on_tick(); });
  }
};
void assigned(ticker &t, const engine_ptr &vm) {
  t.set([vm] { vm->run(); });
  // CHECK: :[[@LINE-1]]:10: warning: 'vm' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'set' puts it into 'on_tick',
  // CHECK: :[[@LINE-7]]:12: note: this is what takes it to another thread
  // CHECK: :[[@LINE-4]]:10: note: the caller of this function has it as well
}

class named_jobs {
  std::map<std::string, std::function<void()>> jobs;
  workers &pool;

public:
  explicit named_jobs(workers &pool) : pool(pool) {}
  void define(const std::string &name, std::function<void()> f) {
    jobs[name] = std::move(f);
  }
  void fire(const std::string &name) {
    auto job = jobs[name];
    pool.submit([job] { job(); });
  }
};
void in_a_map(named_jobs &jobs, const engine_ptr &vm) {
  jobs.define("run", [vm] { vm->run(); });
  // CHECK: :[[@LINE-1]]:23: warning: 'vm' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:8: note: handed over here: 'define' puts it into 'jobs',
  // CHECK: :[[@LINE-7]]:10: note: this is what takes it to another thread
  // CHECK: :[[@LINE-4]]:23: note: the caller of this function has it as well
}

void evaluate(engine_ptr vm, int times);
void bound_to_a_name(const engine_ptr &vm) {
  auto job = std::bind(&evaluate, vm, 3);
  std::thread(std::move(job)).detach();
  // CHECK: :[[@LINE-1]]:15: warning: 'vm' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-3]]:35: note: put into what is handed over here
  // CHECK: :[[@LINE-3]]:3: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE-5]]:35: note: the caller of this function has it as well
}

struct weakly_held : std::enable_shared_from_this<weakly_held> {
  engine_ptr vm = make_engine();
  void later(workers &w) {
    w.submit([self = weak_from_this()] {
    // CHECK: :[[@LINE-1]]:15: warning: 'vm' ('counted<engine>') is used on another thread through weak pointer 'self'{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:7: note: handed over here: 'submit' puts it into 'Queue',
    // CHECK: :[[@LINE+2]]:35: note: 'vm' is touched here, by the task
      if (auto locked = self.lock())
        engine_ptr copy = locked->vm;
    });
  }
  engine_ptr get() const { return vm; }
};
