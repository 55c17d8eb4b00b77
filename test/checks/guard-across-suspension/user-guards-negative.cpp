// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Classes with a destructor that look like guards and hold no thread's lock,
// and guards of a project that were ended in time.

#include "coro.h"
#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <utility>

std::mutex m;
std::atomic<int> active;
int n;

class pointer_guard {
public:
  explicit pointer_guard(std::mutex *mutex) : mutex_(mutex) { mutex_->lock(); }
  pointer_guard(pointer_guard &&other) noexcept
      : mutex_(std::exchange(other.mutex_, nullptr)) {}
  ~pointer_guard() {
    if (mutex_)
      mutex_->unlock();
  }
  void finish() {
    mutex_->unlock();
    mutex_ = nullptr;
  }

private:
  std::mutex *mutex_;
};
void take(pointer_guard);

lazy<> ended_in_a_closed_scope() {
  {
    pointer_guard g(&m);
    ++n;
  }
  co_await tick();
}

lazy<> ended_by_its_own_member_function() {
  pointer_guard g(&m);
  g.finish();
  co_await tick();
}

lazy<> moved_away() {
  pointer_guard g(&m);
  take(std::move(g));
  co_await tick();
}

template <class M> class template_guard {
public:
  explicit template_guard(M &mutex) : mutex_(mutex) { mutex_.lock(); }
  template_guard(M &mutex, std::adopt_lock_t) : mutex_(mutex) {}
  ~template_guard() { mutex_.unlock(); }

private:
  M &mutex_;
};

lazy<> guard_template_of_a_coroutine_mutex(coro_mutex &mutex) {
  co_await mutex.lock();
  template_guard<coro_mutex> g(mutex, std::adopt_lock);
  co_await tick();
}

class coroutine_guard {
public:
  explicit coroutine_guard(coro_mutex &mutex) : mutex_(&mutex) {}
  coroutine_guard(coroutine_guard &&other) noexcept
      : mutex_(std::exchange(other.mutex_, nullptr)) {}
  ~coroutine_guard() {
    if (mutex_)
      mutex_->unlock();
  }

private:
  coro_mutex *mutex_;
};

lazy<> destructor_unlocks_a_coroutine_mutex(coro_mutex &mutex) {
  co_await mutex.lock();
  coroutine_guard g(mutex);
  co_await tick();
}

class activity {
public:
  activity() { active.fetch_add(1); }
  ~activity() { active.fetch_sub(1); }
};

lazy<> counts_in_an_atomic() {
  activity counted;
  co_await tick();
}

class file {
public:
  explicit file(const char *path) : handle_(std::fopen(path, "r")) {}
  ~file() { std::fclose(handle_); }

private:
  std::FILE *handle_;
};

lazy<> closes_a_file() {
  file log("log");
  co_await tick();
}

class transaction {
public:
  ~transaction() {
    if (!committed_)
      rollback();
  }
  void commit() { committed_ = true; }

private:
  void rollback();
  bool committed_ = false;
};

lazy<> rolls_back() {
  transaction t;
  co_await tick();
  t.commit();
}

// Locks only inside of its constructor and destructor.
class registration {
public:
  explicit registration(int id) : id_(id) {
    std::lock_guard g(m);
    n += id_;
  }
  ~registration() {
    std::lock_guard g(m);
    n -= id_;
  }

private:
  int id_;
};

lazy<> locks_within_its_own_functions() {
  registration r(1);
  co_await tick();
}

class hand_locking_registration {
public:
  hand_locking_registration() {
    m.lock();
    ++n;
    m.unlock();
  }
  ~hand_locking_registration() {
    m.lock();
    --n;
    m.unlock();
  }
};

lazy<> locks_by_hand_within_its_own_functions() {
  hand_locking_registration r;
  co_await tick();
}

template <class F> class finally {
public:
  explicit finally(F f) : f_(std::move(f)) {}
  finally(const finally &) = delete;
  ~finally() { f_(); }

private:
  F f_;
};

lazy<> scope_guard_that_unlocks_nothing() {
  finally reset([] { n = 0; });
  co_await tick();
}

lazy<> scope_guard_unlocked_in_a_closed_scope() {
  {
    m.lock();
    finally unlock([] { m.unlock(); });
    ++n;
  }
  co_await tick();
}

lazy<> scope_guard_unlocked_in_a_closed_scope_by_reference(std::mutex &mutex) {
  {
    mutex.lock();
    finally unlock([&] { mutex.unlock(); });
    ++n;
  }
  co_await tick();
}
