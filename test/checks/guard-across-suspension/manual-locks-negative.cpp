// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Locked by hand and unlocked in time; and calls of that name that lock
// nothing of a thread.

#include "coro.h"
#include <memory>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>

std::mutex m, other;
std::shared_mutex rw;
pthread_mutex_t posix = PTHREAD_MUTEX_INITIALIZER;
bool ready;
int n;

bool more();

lazy<> unlocked_before() {
  m.lock();
  ++n;
  m.unlock();
  co_await tick();
}

lazy<> unlocked_before_and_locked_after() {
  m.lock();
  m.unlock();
  co_await tick();
  m.lock();
  ++n;
  m.unlock();
}

lazy<> unlocked_on_every_branch() {
  m.lock();
  if (ready) {
    m.unlock();
  } else {
    ++n;
    m.unlock();
  }
  co_await tick();
}

lazy<> unlocked_by_every_iteration() {
  while (more()) {
    m.lock();
    ++n;
    m.unlock();
    co_await tick();
  }
}

lazy<> reader_unlocked_before() {
  rw.lock_shared();
  int copy = n;
  rw.unlock_shared();
  co_await tick(copy);
}

lazy<> branch_that_failed_to_lock() {
  if (!m.try_lock()) {
    co_await tick();
    co_return;
  }
  ++n;
  m.unlock();
}

lazy<> waits_until_it_locks() {
  while (!m.try_lock())
    co_await tick();
  ++n;
  m.unlock();
}

lazy<> failed_try_in_a_variable() {
  const bool locked = m.try_lock();
  if (locked)
    m.unlock();
  else
    co_await tick();
}

lazy<> locked_and_unlocked_together() {
  std::lock(m, other);
  other.unlock();
  m.unlock();
  co_await tick();
}

lazy<> locked_together_and_adopted_by_a_scope() {
  {
    std::lock(m, other);
    std::scoped_lock g(std::adopt_lock, m, other);
    ++n;
  }
  co_await tick();
}

lazy<> posix_mutex_unlocked_before() {
  pthread_mutex_lock(&posix);
  ++n;
  pthread_mutex_unlock(&posix);
  co_await tick();
}

lazy<> unlocked_by_a_guard_that_adopts_it() {
  m.lock();
  {
    std::lock_guard g(m, std::adopt_lock);
    ++n;
  }
  co_await tick();
}

void unlock(std::mutex &mutex) { mutex.unlock(); }
lazy<> unlocked_by_a_helper() {
  m.lock();
  ++n;
  unlock(m);
  co_await tick();
}

class account {
public:
  lazy<> member_unlocked_before() {
    mutex_.lock();
    ++balance_;
    mutex_.unlock();
    co_await tick();
  }

private:
  std::mutex mutex_;
  int balance_ = 0;
};

lazy<> coroutine_mutex(coro_mutex &mutex) {
  co_await mutex.lock();
  co_await tick();
  mutex.unlock();
}

lazy<> coroutine_mutex_tried(coro_mutex &mutex) {
  if (mutex.try_lock()) {
    co_await tick();
    mutex.unlock();
  }
}

lazy<> weak_pointer(std::weak_ptr<int> weak) {
  auto shared = weak.lock();
  n = *shared + co_await tick();
}

lazy<> callers_lock_is_not_ours(std::mutex &held_by_the_caller) {
  held_by_the_caller.unlock();
  co_await tick();
  held_by_the_caller.lock();
}

void locks_in_a_plain_lambda() {
  auto bump = [] {
    m.lock();
    ++n;
    m.unlock();
  };
  auto later = [bump]() -> lazy<> {
    bump();
    co_await tick();
  };
  (void)later;
}
