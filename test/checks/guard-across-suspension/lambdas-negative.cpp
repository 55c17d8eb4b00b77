// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// A lambda has its own scopes and its own suspensions.

#include "coro.h"
#include "scopes.h"
#include <algorithm>
#include <functional>
#include <mutex>
#include <vector>

std::mutex m;
int n;

lazy<> plain_lambda_that_locks() {
  auto bump = [] {
    std::lock_guard g(m);
    ++n;
  };
  bump();
  co_await tick();
  bump();
}

lazy<> plain_lambda_called_in_place() {
  int copy = [] {
    std::lock_guard g(m);
    return n;
  }();
  co_await tick(copy);
}

lazy<> plain_lambda_in_an_argument() {
  co_await tick([] {
    std::lock_guard g(m);
    return n;
  }());
}

lazy<> plain_lambda_given_to_an_algorithm(std::vector<int> &v) {
  std::for_each(v.begin(), v.end(), [](int &x) {
    trace_scope scope("each");
    ++x;
  });
  co_await tick();
}

lazy<> plain_lambda_in_a_function_object() {
  std::function<void()> bump = [] {
    std::lock_guard g(m);
    ++n;
  };
  co_await tick();
  bump();
}

void coroutine_lambda_made_under_a_lock() {
  std::lock_guard g(m);
  auto later = []() -> lazy<> { co_await tick(); };
  (void)later;
}

lazy<> lambda_awaits_under_no_lock_of_its_own() {
  auto child = []() -> lazy<> { co_await tick(); };
  {
    std::lock_guard g(m);
    ++n;
  }
  co_await child();
}

void generic_lambda_of_a_coroutine_mutex(coro_mutex &mutex) {
  auto later = [](auto &mutex) -> lazy<> {
    co_await mutex.lock();
    std::lock_guard g(mutex, std::adopt_lock);
    co_await tick();
  };
  (void)later(mutex);
}

void generic_lambda_never_called() {
  auto later = [](auto &mutex) -> lazy<> {
    std::lock_guard g(mutex);
    co_await tick();
  };
  (void)later;
}

void lambda_closes_its_scope() {
  auto later = []() -> lazy<> {
    {
      std::lock_guard g(m);
      ++n;
    }
    co_await tick();
  };
  (void)later();
}
