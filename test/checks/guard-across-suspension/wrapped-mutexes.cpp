// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// Mutex classes of a project whose functions have names of its own.
#include "coro.h"
#include <mutex>
#include <pthread.h>

class section {
  std::mutex inner;

public:
  void Enter() { inner.lock(); }
  void Leave() { inner.unlock(); }
};
class posix_mutex {
  pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;

public:
  void acquire() { pthread_mutex_lock(&inner); }
  void release() { pthread_mutex_unlock(&inner); }
};
template <class M> class holder {
  M &held;

public:
  explicit holder(M &m) : held(m) { held.acquire(); }
  ~holder() { held.release(); }
};

section Section;
posix_mutex Posix;

lazy<> by_hand() {
  Section.Enter();
  // CHECK: :[[@LINE-1]]:11: warning: mutex 'Section', locked here by hand, is alive over a suspension{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE+1]]:3: note: suspended here while 'Section' is alive
  co_await tick();
  Section.Leave();
}
lazy<> by_a_guard() {
  holder<posix_mutex> here(Posix);
  // CHECK: :[[@LINE-1]]:23: warning: lock 'here' ('holder<posix_mutex>') is alive over a suspension{{.*}} [threadhop-guard-across-suspension]
  // CHECK: :[[@LINE+2]]:3: note: suspended here while 'here' is alive
  // CHECK: :[[@LINE-17]]:20: note: destructor unlocks the mutex here
  co_await tick();
}
lazy<> left_before() {
  Section.Enter();
  Section.Leave();
  co_await tick();
}

// Locks and unlocks for itself: holds nothing afterwards.
class counter {
  std::mutex inner;
  int value = 0;

public:
  void enter() {
    inner.lock();
    ++value;
    inner.unlock();
  }
  void leave() {
    inner.lock();
    --value;
    inner.unlock();
  }
};
counter Counter;
lazy<> counted() {
  Counter.enter();
  co_await tick();
  Counter.leave();
}
