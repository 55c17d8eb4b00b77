// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20

// A callable that a task makes: it touches what it captured where it is run,
// which is in the task only if the task, or what it calls, runs it.

#include <algorithm>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

struct [[clang::annotate("threadhop::thread_confined")]] vm {
  void step();
};

template <class F> void twice(F f) {
  f();
  f();
}
void with_std_function(const std::function<void()> &f) { f(); }
template <class F> void forwarded(F &&f) { twice(f); }
void unknown(std::function<void()> f);

template <class F> struct at_end {
  F f;
  ~at_end() { f(); }
};
template <class F> at_end(F) -> at_end<F>;

struct main_loop {
  std::mutex m;
  std::deque<std::function<void()>> queue;
  void post(std::function<void()> f) {
    std::lock_guard lock(m);
    queue.push_back(std::move(f));
  }
};

class engine {
public:
  void called_at_once() {
    std::thread([this] { [this] { machine.step(); }(); }).detach();
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'machine'{{.*}} [threadhop-confined-value-crosses-thread]
  }
  void called_by_name() {
    std::thread([this] {
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'machine'{{.*}} [threadhop-confined-value-crosses-thread]
      auto step = [this] { machine.step(); };
      step();
    }).detach();
  }
  void called_by_what_it_is_given_to() {
    std::thread([this] { twice([this] { machine.step(); }); }).detach();
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'machine'{{.*}} [threadhop-confined-value-crosses-thread]
    std::thread([this] {
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'machine'{{.*}} [threadhop-confined-value-crosses-thread]
      with_std_function([this] { machine.step(); });
    }).detach();
    std::thread([this] {
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'machine'{{.*}} [threadhop-confined-value-crosses-thread]
      forwarded([this] { machine.step(); });
    }).detach();
  }
  void called_by_an_algorithm(const std::vector<int> &all) {
    std::thread([this, all] {
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'machine'{{.*}} [threadhop-confined-value-crosses-thread]
      std::for_each(all.begin(), all.end(), [this](int) { machine.step(); });
    }).detach();
  }
  void called_by_a_local_object() {
    std::thread([this] {
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'machine'{{.*}} [threadhop-confined-value-crosses-thread]
      at_end guard{[this] { machine.step(); }};
    }).detach();
  }
  void silent_posted_back(int number) {
    std::thread([this, number] {
      loop.post([this, number] {
        if (number)
          machine.step();
      });
    }).detach();
  }
  void silent_posted_back_by_name() {
    std::thread([this] {
      auto done = [this] { machine.step(); };
      loop.post(done);
    }).detach();
  }
  void silent_given_to_what_is_not_seen() {
    std::thread([this] { unknown([this] { machine.step(); }); }).detach();
  }
  void silent_kept_for_later() {
    std::thread([this] { later = [this] { machine.step(); }; }).detach();
  }

private:
  vm machine;
  main_loop loop;
  std::function<void()> later;
};
