// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Mutexes that no thread owns, in the very guards that would be wrong for a
// thread's mutex.

#include "coro.h"
#include <mutex>
#include <optional>
#include <shared_mutex>

int n;

lazy<> result_of_awaiting_a_coroutine_mutex(coro_mutex &mutex) {
  auto hold = co_await mutex.scoped_lock();
  co_await tick();
  ++n;
}

lazy<> const_result_of_awaiting_a_coroutine_mutex(coro_mutex &mutex) {
  const coro_mutex::hold hold = co_await mutex.scoped_lock();
  co_await tick();
}

lazy<> reference_to_the_awaited_result(coro_mutex &mutex) {
  auto &&hold = co_await mutex.scoped_lock();
  co_await tick();
}

lazy<> awaited_result_in_an_optional(coro_mutex &mutex) {
  std::optional<coro_mutex::hold> hold(co_await mutex.scoped_lock());
  co_await tick();
}

lazy<> awaited_in_an_init_statement(coro_mutex &mutex) {
  if (auto hold = co_await mutex.scoped_lock(); n > 0)
    co_await tick();
}

lazy<> lock_guard_of_a_coroutine_mutex(coro_mutex &mutex) {
  co_await mutex.lock();
  std::lock_guard<coro_mutex> g(mutex, std::adopt_lock);
  co_await tick();
}

lazy<> unique_lock_of_a_coroutine_mutex(coro_mutex &mutex) {
  co_await mutex.lock();
  std::unique_lock lk(mutex, std::adopt_lock);
  co_await tick();
}

lazy<> tried_unique_lock_of_a_coroutine_mutex(coro_mutex &mutex) {
  std::unique_lock lk(mutex, std::try_to_lock);
  co_await tick();
}

lazy<> scoped_lock_of_coroutine_mutexes(coro_mutex &a, coro_mutex &b) {
  co_await a.lock();
  co_await b.lock();
  std::scoped_lock both(std::adopt_lock, a, b);
  co_await tick();
}

lazy<> coroutine_mutex_by_hand(coro_mutex &mutex) {
  co_await mutex.lock();
  co_await tick();
  mutex.unlock();
}

// Its plain lock() blocks, for callers that are no coroutines; who holds it is
// not a thread either way.
class task_mutex {
public:
  void lock();
  void unlock();
  bool try_lock();
  coro_mutex::wait async_lock();
};

lazy<> mutex_that_can_also_be_awaited(task_mutex &mutex) {
  std::lock_guard g(mutex);
  co_await tick();
}

// For builds with one thread: there is nothing to own.
struct null_mutex {
  void lock() {}
  void unlock() {}
  void lock_shared() {}
  void unlock_shared() {}
};

lazy<> guard_of_a_null_mutex(null_mutex &mutex) {
  std::lock_guard g(mutex);
  co_await tick();
}

lazy<> shared_lock_of_a_null_mutex(null_mutex &mutex) {
  std::shared_lock reading(mutex);
  co_await tick();
}

lazy<> null_mutex_by_hand(null_mutex &mutex) {
  mutex.lock();
  co_await tick();
  mutex.unlock();
}
