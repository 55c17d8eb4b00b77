// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Local variables that hold nothing at any suspension, or are no guards.

#include "coro.h"
#include "scopes.h"
#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>

std::mutex m, other;
std::shared_mutex rw;
int n;

void use(int);
lazy<> child();

lazy<> scope_closed_before() {
  {
    std::lock_guard g(m);
    ++n;
  }
  co_await tick();
}

lazy<> context_closed_before() {
  {
    trace_scope scope("request");
    ++n;
  }
  co_await tick();
}

lazy<> scope_opened_after() {
  co_await tick();
  std::lock_guard g(m);
  ++n;
}

lazy<> value_taken_out_of_the_scope() {
  int copy;
  {
    std::shared_lock reading(rw);
    copy = n;
  }
  use(copy + co_await tick());
}

lazy<> scopes_before_and_after() {
  {
    std::lock_guard g(m);
    ++n;
  }
  co_await tick();
  {
    std::lock_guard g(m);
    --n;
  }
}

lazy<int> returns_under_the_lock() {
  co_await tick();
  std::lock_guard g(m);
  co_return n;
}

lazy<> returns_nothing_under_the_lock() {
  std::lock_guard g(m);
  ++n;
  co_return;
}

lazy<> falls_off_the_end_under_the_lock() {
  co_await tick();
  trace_scope scope("end");
  ++n;
}

lazy<int> initialised_by_the_await_itself() {
  int x = co_await tick();
  std::lock_guard g(m);
  co_return x + n;
}

lazy<> scoped_lock_of_nothing() {
  std::scoped_lock<> none;
  co_await tick();
}

lazy<> default_constructed_locks() {
  std::unique_lock<std::mutex> a;
  std::shared_lock<std::shared_mutex> b;
  co_await tick();
}

lazy<> locks_that_were_deferred() {
  std::unique_lock a(m, std::defer_lock);
  std::shared_lock b(rw, std::defer_lock);
  co_await tick();
}

lazy<> locked_after_the_last_suspension() {
  std::unique_lock lk(m, std::defer_lock);
  co_await tick();
  lk.lock();
  ++n;
}

lazy<> guard_type_only_named() {
  using guard = std::lock_guard<std::mutex>;
  use(sizeof(guard));
  use(sizeof(std::unique_lock(m)));
  decltype(std::unique_lock(m)) empty;
  use(noexcept(std::unique_lock(m)));
  co_await tick();
}

lazy<> guard_of_a_local_class() {
  struct counter {
    void bump() {
      std::lock_guard g(m);
      ++n;
    }
  };
  counter c;
  c.bump();
  co_await tick();
}

lazy<> mutex_that_nobody_locks() {
  std::mutex local;
  auto shared = std::make_shared<std::mutex>();
  std::mutex *pointer = &m;
  co_await tick();
  std::lock_guard g(*pointer);
}

lazy<> waiting_tools_are_no_guards() {
  std::condition_variable ready;
  std::once_flag once;
  std::atomic<int> count;
  std::promise<int> promise;
  co_await tick();
}

lazy<> semaphore_has_no_owner_thread(std::counting_semaphore<8> &free) {
  free.acquire();
  co_await tick();
  free.release();
}

struct trace_span {
  const char *name;
  void enter() { trace_scope scope(name); }
};
lazy<> span_held_without_its_scope() {
  trace_span span{"request"};
  span.enter();
  co_await tick();
  span.enter();
}

void no_coroutine_at_all() {
  std::lock_guard g(m);
  (void)tick();
  (void)child();
}

lazy<> starts_a_child_under_the_lock_and_awaits_it_later() {
  auto started = [] {
    std::lock_guard g(m);
    return child();
  }();
  co_await started;
}
