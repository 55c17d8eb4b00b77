// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Generators that hold nothing while they are suspended.

#include "coro.h"
#include "scopes.h"
#include <mutex>
#include <vector>

std::mutex m;
std::vector<int> table;

int read(const std::unique_lock<std::mutex> &);

generator<int> copies_first() {
  std::vector<int> copy;
  {
    std::lock_guard g(m);
    copy = table;
  }
  for (int x : copy)
    co_yield x;
}

generator<int> locks_for_each_element() {
  for (std::size_t i = 0;; ++i) {
    int x;
    {
      std::lock_guard g(m);
      if (i == table.size())
        co_return;
      x = table[i];
    }
    co_yield x;
  }
}

generator<int> unlocks_for_each_yield() {
  std::unique_lock lk(m);
  for (std::size_t i = 0; i < table.size(); ++i) {
    int x = table[i];
    lk.unlock();
    co_yield x;
    lk.lock();
  }
}

generator<int> yields_before_it_locks() {
  co_yield 0;
  std::lock_guard g(m);
  table.clear();
}

generator<std::unique_lock<std::mutex>> yields_the_guard_itself() {
  std::unique_lock lk(m);
  co_yield std::move(lk);
}

generator<int> context_of_each_step() {
  int x;
  {
    trace_scope scope("step");
    x = static_cast<int>(table.size());
  }
  co_yield x;
}

// Its yield_value never suspends.
struct collector {
  struct promise_type {
    collector get_return_object();
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    std::suspend_never yield_value(int) { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

collector yields_without_suspending() {
  std::lock_guard g(m);
  for (int x : table)
    co_yield x;
}
