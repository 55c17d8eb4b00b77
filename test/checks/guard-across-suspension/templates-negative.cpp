// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Templates all of whose instantiations are fine.

#include "coro.h"
#include "scopes.h"
#include <mutex>
#include <optional>
#include <type_traits>

std::mutex m;
int n;

template <class M> lazy<> used_with_coroutine_mutexes_only(M &mutex) {
  std::unique_lock<M> lk(mutex, std::adopt_lock);
  co_await tick();
}
template lazy<> used_with_coroutine_mutexes_only(coro_mutex &);

template <class M> lazy<> never_instantiated(M &mutex) {
  std::lock_guard<M> g(mutex);
  co_await tick();
}

struct null_mutex {
  void lock() {}
  void unlock() {}
};
template <class M> lazy<> used_with_a_null_mutex(M &mutex) {
  std::lock_guard g(mutex);
  co_await tick();
}
void calls_used_with_a_null_mutex(null_mutex &none) {
  (void)used_with_a_null_mutex(none);
}

template <bool Threads> lazy<> awaits_only_without_the_lock() {
  if constexpr (Threads) {
    std::lock_guard g(m);
    ++n;
  } else {
    co_await tick();
  }
  co_return;
}
template lazy<> awaits_only_without_the_lock<true>();
template lazy<> awaits_only_without_the_lock<false>();

template <bool Async> lazy<> discarded_await() {
  std::lock_guard g(m);
  if constexpr (Async)
    co_await tick();
  ++n;
}
template lazy<> discarded_await<false>();

template <bool Async> lazy<> unlocked_in_the_branch_that_awaits() {
  std::unique_lock lk(m);
  if constexpr (Async) {
    lk.unlock();
    co_await tick();
  }
}
template lazy<> unlocked_in_the_branch_that_awaits<true>();
template lazy<> unlocked_in_the_branch_that_awaits<false>();

template <class Awaitable> lazy<> never_suspending_argument() {
  std::lock_guard g(m);
  co_await Awaitable{};
}
template lazy<> never_suspending_argument<std::suspend_never>();

template <class Guard, class M> lazy<> guard_by_traits(M &mutex) {
  Guard g(mutex, std::adopt_lock);
  co_await tick();
}
template lazy<> guard_by_traits<std::lock_guard<coro_mutex>>(coro_mutex &);

template <class T> struct maybe_locked {
  std::conditional_t<std::is_same_v<T, int>, std::unique_lock<std::mutex>, int>
      lock{};
  T value{};
};
template <class T> lazy<> member_that_is_no_guard_here(T value) {
  maybe_locked<T> held{{}, value};
  co_await tick();
}
template lazy<> member_that_is_no_guard_here(long);

template <class T> class store {
public:
  lazy<T> get() {
    std::optional<T> copy;
    {
      std::lock_guard g(mutex_);
      copy = value_;
    }
    co_await tick();
    co_return *copy;
  }

private:
  std::mutex mutex_;
  T value_{};
};
void uses_store(store<int> &s) { (void)s.get(); }
