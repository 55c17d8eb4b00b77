// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"
#include <algorithm>
#include <execution>

void loop_of_this_thread(own_loop &l, const engine_ptr &e) {
  l.post([e] { e->run(); });
  l.run();
}

void deferred(const engine_ptr &e) {
  auto f = std::async(std::launch::deferred, [e] { return e->id; });
  engine_ptr again = e;
  f.get();
}

// Which of the two it is, the library chooses.
void no_launch_policy(const engine_ptr &e) {
  auto f = std::async([e] { return e->id; });
  engine_ptr again = e;
}

void called_at_once(const engine_ptr &e) {
  auto f = [e] { e->run(); };
  f();
  std::invoke(f);
}

void erased_and_called_at_once(const engine_ptr &e) {
  std::function<void()> f = [e] { e->run(); };
  f();
}

void algorithm(std::vector<int> &all, const engine_ptr &e) {
  std::for_each(all.begin(), all.end(), [e](int i) { use(i + e->id); });
  std::for_each(std::execution::seq, all.begin(), all.end(),
                [e](int i) { use(i + e->id); });
}

struct unknown_executor {
  virtual void execute(std::function<void()>) = 0;
};
void executor_that_nobody_knows(unknown_executor &x, const engine_ptr &e) {
  x.execute([e] { e->run(); });
}

struct annotated {
  [[clang::annotate("threadhop::stays")]] void run(std::function<void()>);
};
void by_annotation(annotated &a, const engine_ptr &e) {
  a.run([e] { e->run(); });
}

template <typename Executor, typename F, typename... Args>
void spawn(Executor &on, F f, Args &&...args) {
  on.post([f, all = std::tuple<std::decay_t<Args>...>(
                  std::forward<Args>(args)...)] { std::apply(f, all); });
}
void wrapper_used_with_the_own_loop(own_loop &l, const engine_ptr &e) {
  spawn(l, [](const engine_ptr &mine) { mine->run(); }, e);
  l.run();
}

struct keeps_a_callback {
  std::function<void()> callback;
  void set(std::function<void()> f) { callback = std::move(f); }
};
void kept_and_called_here(keeps_a_callback &k, const engine_ptr &e) {
  k.set([e] { e->run(); });
  k.callback();
}
