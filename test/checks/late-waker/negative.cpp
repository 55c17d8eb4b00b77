// RUN: %check_threadhop %s threadhop-late-waker -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

struct one_thread {
  bool set = false;
  std::coroutine_handle<> waiter;
  bool await_ready() { return set; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() {}
  void fire() {
    set = true;
    std::exchange(waiter, {}).resume();
  }
};

struct one_critical_section {
  std::mutex m;
  bool set = false;
  std::vector<std::coroutine_handle<>> waiters;
  bool await_ready() {
    std::lock_guard lock(m);
    return set;
  }
  bool await_suspend(std::coroutine_handle<> h) {
    std::lock_guard lock(m);
    if (set)
      return false;
    waiters.push_back(h);
    return true;
  }
  void await_resume() {}
  void fire() {
    std::vector<std::coroutine_handle<>> woken;
    std::unique_lock lock(m);
    set = true;
    woken.swap(waiters);
    lock.unlock();
    for (auto h : woken)
      h.resume();
  }
};

struct looks_again_in_order {
  std::atomic<bool> set{false};
  std::atomic<void *> waiter{nullptr};
  bool await_ready() { return set; }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter = h.address();
    if (set)
      return waiter.exchange(nullptr) == nullptr;
    return true;
  }
  void await_resume() {}
  void fire() {
    set = true;
    if (void *p = waiter.exchange(nullptr))
      std::coroutine_handle<>::from_address(p).resume();
  }
};

struct exchanges_on_both_sides {
  std::atomic<bool> set{false};
  std::atomic<void *> waiter{nullptr};
  bool await_ready() { return set.load(std::memory_order_acquire); }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter.exchange(h.address(), std::memory_order_acq_rel);
    if (set.load(std::memory_order_acquire))
      return waiter.exchange(nullptr, std::memory_order_acq_rel) == nullptr;
    return true;
  }
  void await_resume() {}
  void fire() {
    set.store(true, std::memory_order_release);
    if (void *p = waiter.exchange(nullptr, std::memory_order_acq_rel))
      std::coroutine_handle<>::from_address(p).resume();
  }
};

struct with_fences {
  std::atomic<bool> set{false};
  std::atomic<void *> waiter{nullptr};
  bool await_ready() { return set.load(std::memory_order_acquire); }
  bool await_suspend(std::coroutine_handle<> h) {
    waiter.store(h.address(), std::memory_order_release);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (set.load(std::memory_order_acquire))
      return waiter.exchange(nullptr) == nullptr;
    return true;
  }
  void await_resume() {}
  void fire() {
    set.store(true, std::memory_order_release);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (waiter.load(std::memory_order_acquire))
      if (void *p = waiter.exchange(nullptr))
        std::coroutine_handle<>::from_address(p).resume();
  }
};

struct one_word {
  std::atomic<void *> state{nullptr};
  bool await_ready() { return state.load() == this; }
  bool await_suspend(std::coroutine_handle<> h) {
    void *none = nullptr;
    return state.compare_exchange_strong(none, h.address());
  }
  void await_resume() {}
  void fire() {
    void *p = state.exchange(this);
    if (p && p != this)
      std::coroutine_handle<>::from_address(p).resume();
  }
};

enum class poll { ready, pending };
struct waker {
  std::function<void()> wake;
};
struct registers_then_looks {
  std::atomic<unsigned> room{0};
  std::mutex m;
  std::vector<waker> waiting;
  poll poll_room(const waker &w) {
    if (room.load() != 0)
      return poll::ready;
    {
      std::lock_guard lock(m);
      waiting.push_back(w);
    }
    return room.load(std::memory_order_acquire) != 0 ? poll::ready
                                                     : poll::pending;
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

// await_ready leaves the mutex locked when it returns false, and await_suspend
// unlocks it.
struct lock {
  bool try_lock();
  void unlock();
};
struct locked_from_look_to_registration {
  lock m;
  std::atomic<bool> stopped{false};
  std::atomic<void *> waiter{nullptr};
  struct awaiter {
    locked_from_look_to_registration &q;
    bool await_ready() {
      if (q.stopped.load()) {
        q.m.unlock();
        return true;
      }
      return false;
    }
    bool await_suspend(std::coroutine_handle<> h) {
      q.waiter.store(h.address());
      q.m.unlock();
      return true;
    }
    void await_resume() {}
  };
  awaiter pop() { return {*this}; }
  void stop() {
    stopped.store(true);
    if (void *p = waiter.exchange(nullptr))
      std::coroutine_handle<>::from_address(p).resume();
  }
};

struct taken_back_by_compare_exchange {
  std::atomic<int> turns{0};
  std::atomic<void *> waiter{nullptr};
  bool await_ready() const { return turns.load() > 0; }
  bool await_suspend(std::coroutine_handle<> h) {
    void *empty = nullptr;
    if (!waiter.compare_exchange_strong(empty, h.address()))
      throw empty;
    if (turns.load() > 0) {
      void *own = h.address();
      if (waiter.compare_exchange_strong(own, nullptr))
        return false;
    }
    return true;
  }
  void await_resume() {}
  void turn() {
    turns.store(1);
    if (void *p = waiter.exchange(nullptr))
      std::coroutine_handle<>::from_address(p).resume();
  }
};

class hands_over_or_counts_in_one_section {
  std::mutex m;
  int left = 1;
  std::list<std::coroutine_handle<>> waiters;

public:
  struct awaiter {
    hands_over_or_counts_in_one_section &t;
    bool await_ready() { return false; }
    bool await_suspend(std::coroutine_handle<> h) {
      std::list<std::coroutine_handle<>> one{h};
      std::lock_guard lock(t.m);
      if (t.left != 0) {
        --t.left;
        return false;
      }
      t.waiters.splice(t.waiters.end(), one);
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

class taken_before_and_woken_after {
  std::mutex m;
  std::vector<std::coroutine_handle<>> waiters;
  bool done = false;

public:
  struct awaiter {
    taken_before_and_woken_after &t;
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
      done = true;
    }
    for (auto h : woken)
      h.resume();
  }
};
fire_and_forget loops(taken_before_and_woken_after &t) {
  while (!t.is_done())
    co_await t.change();
}
