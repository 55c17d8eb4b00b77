// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// Who takes the task to another thread: known functions, and the project's own.
#include "threads.h"
#include <algorithm>
#include <execution>

void library_thread(const engine_ptr &e) {
  std::thread([e] { e->run(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE-3]]:16: note: the caller of this function has it as well
}

void launch_policy(const engine_ptr &e) {
  auto f = std::async(std::launch::async, [e] { return e->id; });
  // CHECK: :[[@LINE-1]]:44: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:12: note: handed over here: 'std::async' runs it on another
  // CHECK: :[[@LINE+1]]:22: note: 'e' is used here, with nothing that waits for
  engine_ptr again = e;
}

void parallel_algorithm(std::vector<int> &all, const engine_ptr &e) {
  std::for_each(std::execution::par, all.begin(), all.end(),
                [e](int) { engine_ptr mine = e; });
                // CHECK: :[[@LINE-1]]:18: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
                // CHECK: :[[@LINE-3]]:3: note: handed over here: 'std::for_each' runs it on
                // CHECK: :[[@LINE-3]]:18: note: the caller of this function has it as well
}

void queue_that_threads_drain(workers &w, const engine_ptr &e) {
  w.submit([e] { e->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}

struct starts_a_thread {
  std::vector<std::thread> threads;
  void go(std::function<void()> task) { threads.emplace_back(std::move(task)); }
};
void erased_first(starts_a_thread &s, const engine_ptr &e) {
  std::function<void()> task = [e] { e->run(); };
  s.go(task);
  // CHECK: :[[@LINE-1]]:8: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-3]]:33: note: captured here
  // CHECK: :[[@LINE-3]]:5: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE-8]]:49: note: this is what takes it to another thread
  // CHECK: :[[@LINE-6]]:33: note: the caller of this function has it as well
}

template <typename F> void once(workers &w, F &&f) {
  w.submit(std::forward<F>(f));
}
template <typename F> void twice(workers &w, F &&f) {
  once(w, std::forward<F>(f));
}
void wrapped_twice(workers &w, const engine_ptr &e) {
  twice(w, [e] { e->run(); });
  // CHECK: :[[@LINE-1]]:13: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:13: note: the caller of this function has it as well
}

template <typename Executor, typename F, typename... Args>
void spawn(Executor &on, F f, Args &&...args) {
  on.submit([f, all = std::tuple<std::decay_t<Args>...>(
                    std::forward<Args>(args)...)] { std::apply(f, all); });
}
void argument_of_a_wrapper(workers &w, const engine_ptr &e) {
  spawn(w, [](const engine_ptr &mine) { mine->run(); }, e);
  // CHECK: :[[@LINE-1]]:57: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:57: note: the caller of this function has it as well
}

template <typename F> auto run_with_future(workers &w, F f) {
  auto task = std::make_shared<std::packaged_task<int()>>(std::move(f));
  auto result = task->get_future();
  w.submit([task] { (*task)(); });
  return result;
}
void packaged(workers &w, const engine_ptr &e) {
  auto f = run_with_future(w, [e] { return e->id; });
  // CHECK: :[[@LINE-1]]:32: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:12: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE+1]]:22: note: 'e' is used here, with nothing that waits for
  engine_ptr again = e;
  f.get();
}

auto make_job(engine_ptr e) {
  return [e] { e->run(); };
}
void made_by_a_factory(const engine_ptr &e) {
  std::thread(make_job(e)).detach();
  // CHECK: :[[@LINE-1]]:24: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE-3]]:24: note: the caller of this function has it as well
}

void call(const engine_ptr &e, int) { e->run(); }
void bound(const engine_ptr &e) {
  std::thread(std::bind(call, e, 3)).detach();
  // CHECK: :[[@LINE-1]]:31: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE-3]]:31: note: the caller of this function has it as well
}
void extra_argument(const engine_ptr &e) {
  std::thread(call, e, 4).detach();
  // CHECK: :[[@LINE-1]]:21: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: a new 'std::thread' runs it
  // CHECK: :[[@LINE-3]]:21: note: the caller of this function has it as well
}

void by_a_generic_lambda(workers &w, const engine_ptr &e) {
  auto go = [&](auto f) { w.submit(std::move(f)); };
  go([e] { e->run(); });
  // CHECK: :[[@LINE-1]]:7: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:7: note: the caller of this function has it as well
}

void moves_its_parameter(workers &w, engine_ptr e) {
  w.submit([e = std::move(e)] { e->run(); });
}
void the_caller_keeps_a_copy(workers &w, const engine_ptr &e) {
  moves_its_parameter(w, e);
  // CHECK: :[[@LINE-1]]:26: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:3: note: handed over here: 'submit' puts it into 'Queue',
  // CHECK: :[[@LINE-3]]:26: note: the caller of this function has it as well
}

struct annotated {
  [[clang::annotate("threadhop::hops")]] void run(std::function<void()>);
};
void by_annotation(annotated &a, const engine_ptr &e) {
  a.run([e] { e->run(); });
  // CHECK: :[[@LINE-1]]:10: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'run' is annotated hops
  // CHECK: :[[@LINE-6]]:5: note: this is what takes it to another thread
  // CHECK: :[[@LINE-4]]:10: note: the caller of this function has it as well
}

// A thread that a member's initialiser starts.
struct background {
  void add(std::function<void()> task) {
    std::lock_guard lock(mutex);
    queue.push_back(std::move(task));
  }
  std::mutex mutex;
  std::deque<std::function<void()>> queue;
  std::thread thread{[this] {
    for (;;) {
      std::unique_lock lock(mutex);
      if (queue.empty())
        continue;
      auto task = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      task();
    }
  }};
};
void queue_of_a_member_thread(background &b, const engine_ptr &e) {
  b.add([e] { e->run(); });
  // CHECK: :[[@LINE-1]]:10: warning: 'e' ('counted<engine>') reaches a task on another thread{{.*}} [threadhop-confined-value-crosses-thread]
  // CHECK: :[[@LINE-2]]:5: note: handed over here: 'add' puts it into 'queue',
  // CHECK: :[[@LINE-16]]:21: note: this is what takes it to another thread
  // CHECK: :[[@LINE-4]]:10: note: the caller of this function has it as well
}
