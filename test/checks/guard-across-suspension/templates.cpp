// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Templates are judged by their instantiations and reported once.

#include "coro.h"
#include "scopes.h"
#include <mutex>
#include <shared_mutex>
#include <utility>

std::mutex m, other;
std::recursive_mutex recursive;
std::shared_mutex rw;
int n;

template <class M> lazy<> wrong_for_one_of_two(M &mutex) {
  std::unique_lock<M> lk(mutex, std::adopt_lock);
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'lk'{{.*}}std::mutex{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}
template lazy<> wrong_for_one_of_two(std::mutex &);
template lazy<> wrong_for_one_of_two(coro_mutex &);

template <class M> lazy<> wrong_for_two(M &mutex) {
  std::lock_guard<M> g(mutex);
  // CHECK: :[[@LINE-1]]:22: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}
template lazy<> wrong_for_two(std::mutex &);
template lazy<> wrong_for_two(std::recursive_mutex &);

template <class M> lazy<> deduced_guard(M &mutex) {
  std::lock_guard g(mutex);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}
void calls_deduced_guard() { (void)deduced_guard(m); }

template <class T> lazy<T> guard_that_does_not_depend(T value) {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
  co_return value;
}
void calls_guard_that_does_not_depend() { (void)guard_that_does_not_depend(1); }

template <class Guard> lazy<> guard_is_the_parameter() {
  Guard g(m);
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}
template lazy<> guard_is_the_parameter<std::lock_guard<std::mutex>>();

template <template <class> class Lock> lazy<> template_template_parameter() {
  Lock<std::mutex> lk(m);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'lk'
}
template lazy<> template_template_parameter<std::unique_lock>();

template <class... M> lazy<> pack_of_mutexes(M &...mutexes) {
  std::scoped_lock g(mutexes...);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}
void calls_pack_of_mutexes() { (void)pack_of_mutexes(m, other); }

template <class Traits> lazy<> guard_named_by_a_trait() {
  typename Traits::guard g(m);
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}
struct thread_traits {
  using guard = std::lock_guard<std::mutex>;
};
template lazy<> guard_named_by_a_trait<thread_traits>();

template <bool Threads> lazy<> branch_chosen_by_a_parameter() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  if constexpr (Threads)
    co_await tick();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
}
template lazy<> branch_chosen_by_a_parameter<true>();
template lazy<> branch_chosen_by_a_parameter<false>();

template <class Awaitable> lazy<> await_chosen_by_a_parameter() {
  std::lock_guard g(m);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await Awaitable{};
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}
template lazy<> await_chosen_by_a_parameter<event>();
template lazy<> await_chosen_by_a_parameter<std::suspend_never>();

template <class T> class queue {
public:
  lazy<T> pop() {
    std::unique_lock lk(mutex_);
    // CHECK: :[[@LINE-1]]:22: warning: {{.*}}'lk'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'lk'
    co_return T{};
  }

  template <class U> lazy<> push(U value) {
    std::lock_guard<std::mutex> g(mutex_);
    // CHECK: :[[@LINE-1]]:33: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  }

  static lazy<> defined_outside();

private:
  std::mutex mutex_;
};

template <class T> lazy<> queue<T>::defined_outside() {
  trace_scope scope("queue");
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

void uses_queue(queue<int> &q) {
  (void)q.pop();
  (void)q.push(1L);
  (void)queue<int>::defined_outside();
}

template <class M> struct holder {
  std::lock_guard<M> guard;
};
template <class M> lazy<> member_that_depends(M &mutex) {
  holder<M> h{std::lock_guard<M>(mutex)};
  // CHECK: :[[@LINE-1]]:13: warning: {{.*}}'h{{.*}}'guard'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'h
}
void calls_member_that_depends() { (void)member_that_depends(m); }

template <class M> lazy<> locked_by_hand(M &mutex) {
  mutex.lock();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'mutex'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'mutex'
  mutex.unlock();
}
void calls_locked_by_hand() { (void)locked_by_hand(m); }

template <class Derived> class base_of {
public:
  lazy<> run() {
    std::lock_guard g(static_cast<Derived *>(this)->mutex);
    // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
    co_await tick();
    // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'g'
  }
};
class derived : public base_of<derived> {
public:
  std::mutex mutex;
};
void calls_the_base(derived &d) { (void)d.run(); }

template <class T>
  requires requires(T &t) { t.lock_shared(); }
lazy<> constrained(T &mutex) {
  std::shared_lock reading(mutex);
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'reading'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'reading'
}
void calls_constrained() { (void)constrained(rw); }

lazy<> abbreviated(auto &mutex) {
  std::lock_guard g(mutex);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'g'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'g'
}
void calls_abbreviated() { (void)abbreviated(m); }
