// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Lock guards of a project, understood from their bodies: the destructor
// unlocks a mutex of a thread.

#include "coro.h"
#include <memory>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <utility>

std::mutex m;
std::shared_mutex rw;
pthread_mutex_t posix = PTHREAD_MUTEX_INITIALIZER;
int n;

class reference_guard {
public:
  explicit reference_guard(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  reference_guard(const reference_guard &) = delete;
  ~reference_guard() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};

lazy<> destructor_unlocks_a_reference() {
  reference_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

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

lazy<> destructor_unlocks_a_pointer() {
  pointer_guard g(&m);
  // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> finished_too_late() {
  pointer_guard g(&m);
  // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
  g.finish();
}

pointer_guard hold() { return pointer_guard(&m); }

lazy<> guard_from_a_factory() {
  auto g = hold();
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

template <class M> class template_guard {
public:
  explicit template_guard(M &mutex) : mutex_(mutex) { mutex_.lock(); }
  template_guard(const template_guard &) = delete;
  ~template_guard() { mutex_.unlock(); }

private:
  M &mutex_;
};

lazy<> guard_template_of_a_thread_mutex() {
  template_guard<std::mutex> g(m);
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

lazy<> deduced_guard_template() {
  template_guard g(m);
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

class out_of_line_guard {
public:
  explicit out_of_line_guard(std::mutex &mutex);
  ~out_of_line_guard();

private:
  void close();
  std::mutex &mutex_;
};
out_of_line_guard::out_of_line_guard(std::mutex &mutex) : mutex_(mutex) {
  mutex_.lock();
}
out_of_line_guard::~out_of_line_guard() { close(); }
void out_of_line_guard::close() { mutex_.unlock(); }

lazy<> destructor_unlocks_through_a_member_function() {
  out_of_line_guard g(m);
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

class reader_guard {
public:
  explicit reader_guard(std::shared_mutex &mutex) : mutex_(mutex) {
    mutex_.lock_shared();
  }
  ~reader_guard() { mutex_.unlock_shared(); }

private:
  std::shared_mutex &mutex_;
};

lazy<> destructor_ends_a_shared_lock() {
  reader_guard g(rw);
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

class posix_guard {
public:
  explicit posix_guard(pthread_mutex_t &mutex) : mutex_(&mutex) {
    pthread_mutex_lock(mutex_);
  }
  ~posix_guard() { pthread_mutex_unlock(mutex_); }

private:
  pthread_mutex_t *mutex_;
};

lazy<> destructor_unlocks_a_posix_mutex() {
  posix_guard g(posix);
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

class monitor {
public:
  class scope {
  public:
    explicit scope(monitor &owner) : owner_(owner) { owner_.mutex_.lock(); }
    ~scope() { owner_.mutex_.unlock(); }

  private:
    monitor &owner_;
  };

private:
  std::mutex mutex_;
};

lazy<> destructor_unlocks_the_mutex_of_its_owner(monitor &mon) {
  monitor::scope scope(mon);
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class wrapping_guard {
public:
  explicit wrapping_guard(std::mutex &mutex) : lock_(mutex) {}

private:
  std::unique_lock<std::mutex> lock_;
};

lazy<> wrapper_of_a_standard_guard() {
  wrapping_guard g(m);
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'g{{.*}}'lock_'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

inline namespace v2 {
namespace sync {
struct guard : reference_guard {
  using reference_guard::reference_guard;
};
} // namespace sync
} // namespace v2

lazy<> derived_guard_in_an_inline_namespace() {
  sync::guard g(m);
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

// Its bodies are elsewhere; the attribute says what it is.
class [[clang::scoped_lockable]] attributed_guard {
public:
  explicit attributed_guard(std::mutex &mutex);
  ~attributed_guard();
};

lazy<> scoped_lockable_attribute() {
  attributed_guard g(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}

template <class F> class finally {
public:
  explicit finally(F f) : f_(std::move(f)) {}
  finally(const finally &) = delete;
  ~finally() { f_(); }

private:
  F f_;
};

lazy<> unlocked_by_a_scope_guard_at_the_end() {
  m.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'m'{{.*}} [threadhop-guard-across-suspension]
  finally unlock([] { m.unlock(); });
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'m'
}
