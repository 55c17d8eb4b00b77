// RUN: %check_threadhop %s threadhop-late-waker -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

struct never_looks_again {
  std::atomic<bool> set{false};
  std::atomic<void *> waiter{nullptr};
  bool await_ready() const { return set.load(); }
  void await_suspend(std::coroutine_handle<> h) { waiter.store(h.address()); }
  // CHECK: :[[@LINE-1]]:58: warning: the waiter registers in 'waiter'{{.*}} [threadhop-late-waker]
  // CHECK: :[[@LINE-3]]:37: note: 'set' is looked at here
  void await_resume() {}
  void fire() {
    set.store(true);
    // CHECK: :[[@LINE-1]]:5: note: 'fire' changes 'set' here
    if (void *p = waiter.exchange(nullptr))
      // CHECK: :[[@LINE-1]]:19: note: and takes the waiter
      std::coroutine_handle<>::from_address(p).resume();
  }
};

struct looks_in_another_section {
  std::mutex m;
  bool set = false;
  std::vector<std::coroutine_handle<>> waiters;
  bool await_ready() {
    std::lock_guard lock(m);
    return set;
  }
  void await_suspend(std::coroutine_handle<> h) {
    std::lock_guard lock(m);
    waiters.push_back(h);
    // CHECK: :[[@LINE-1]]:13: warning: {{.*}}'waiters'{{.*}} [threadhop-late-waker]
  }
  void await_resume() {}
  void fire() {
    std::vector<std::coroutine_handle<>> woken;
    {
      std::lock_guard lock(m);
      set = true;
      woken.swap(waiters);
    }
    for (auto h : woken)
      h.resume();
  }
};

struct both_can_miss {
  std::atomic<bool> set{false};
  std::atomic<void *> waiter{nullptr};
  struct awaiter {
    both_can_miss &e;
    bool await_ready() { return e.set.load(std::memory_order_acquire); }
    bool await_suspend(std::coroutine_handle<> h) {
      both_can_miss &event = e;
      event.waiter.store(h.address(), std::memory_order_release);
      // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}not all of these accesses are sequentially consistent{{.*}} [threadhop-late-waker]
      if (event.set.load(std::memory_order_acquire))
        // CHECK: :[[@LINE-1]]:11: note: 'set' is looked at again
        return event.waiter.exchange(nullptr) == nullptr;
      return true;
    }
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
  void fire() {
    set.store(true, std::memory_order_release);
    if (waiter.load(std::memory_order_acquire))
      if (void *p = waiter.exchange(nullptr))
        std::coroutine_handle<>::from_address(p).resume();
  }
};

enum class poll { ready, pending };
struct waker {
  std::function<void()> wake;
};
struct a_poll_function {
  std::atomic<unsigned> room{0};
  std::mutex m;
  std::vector<waker> waiting;
  poll poll_room(const waker &w) {
    if (room.load() != 0)
      return poll::ready;
    {
      std::lock_guard lock(m);
      waiting.push_back(w);
      // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'waiting'{{.*}} [threadhop-late-waker]
    }
    return poll::pending;
    // CHECK: :[[@LINE-1]]:5: note: it waits from here
  }
  void freed() {
    room.fetch_add(1);
    std::vector<waker> woken;
    {
      std::lock_guard lock(m);
      woken.swap(waiting);
    }
    for (waker &w : woken)
      w.wake();
  }
};

struct wakes_first {
  std::atomic<bool> set{false};
  std::atomic<void *> waiter{nullptr};
  bool await_ready() { return set.load(); }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter.store(h.address());
    if (set.load())
      return waiter.exchange(nullptr) == nullptr;
    return true;
  }
  void await_resume() {}
  void fire() {
    if (void *p = waiter.exchange(nullptr))
      // CHECK: :[[@LINE+2]]:48: warning: {{.*}}is woken by 'fire' before it sets 'set'{{.*}} [threadhop-late-waker]
      // CHECK: :[[@LINE-2]]:19: note: 'fire' takes the waiter
      std::coroutine_handle<>::from_address(p).resume();
    set.store(true);
    // CHECK: :[[@LINE-1]]:5: note: and changes 'set' only here
  }
};
fire_and_forget loops(wakes_first &e) {
  while (!e.set)
    co_await e;
}

class wakes_a_list_first {
  std::mutex m;
  std::vector<std::coroutine_handle<>> waiters;
  bool done = false;

public:
  struct awaiter {
    wakes_a_list_first &t;
    bool await_ready() { return false; }
    bool await_suspend(std::coroutine_handle<> h) {
      std::lock_guard lock(t.m);
      if (t.done)
        return false;
      t.waiters.push_back(h);
      return true;
    }
    void await_resume() {}
  };
  awaiter change() { return {*this}; }
  bool is_done() {
    std::lock_guard lock(m);
    return done;
  }
  void finish() {
    std::vector<std::coroutine_handle<>> woken;
    {
      std::lock_guard lock(m);
      woken.swap(waiters);
    }
    for (auto h : woken)
      h.resume();
    // CHECK: :[[@LINE-1]]:9: warning: {{.*}}is woken by 'finish' before it sets 'done'{{.*}} [threadhop-late-waker]
    std::lock_guard lock(m);
    done = true;
    // CHECK: :[[@LINE-1]]:5: note: and changes 'done' only here
  }
};
fire_and_forget loops(wakes_a_list_first &t) {
  while (!t.is_done())
    co_await t.change();
}

class hands_over_or_counts {
  std::mutex m;
  int left = 1;
  std::list<std::coroutine_handle<>> waiters;

public:
  struct awaiter {
    hands_over_or_counts &t;
    bool await_ready() { return false; }
    bool await_suspend(std::coroutine_handle<> h) {
      {
        std::lock_guard lock(t.m);
        if (t.left != 0) {
          --t.left;
          return false;
        }
      }
      std::list<std::coroutine_handle<>> one{h};
      std::lock_guard lock(t.m);
      t.waiters.splice(t.waiters.end(), one);
      // CHECK: :[[@LINE-1]]:17: warning: the waiter registers in 'waiters'{{.*}} [threadhop-late-waker]
      return true;
    }
    void await_resume() {}
  };
  awaiter take() { return {*this}; }
  void put() {
    std::coroutine_handle<> next;
    {
      std::lock_guard lock(m);
      if (waiters.empty()) {
        left++;
        return;
      }
      next = waiters.front();
      waiters.pop_front();
    }
    next.resume();
  }
};
