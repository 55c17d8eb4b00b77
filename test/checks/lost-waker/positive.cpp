// RUN: %check_threadhop %s threadhop-lost-waker -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>

struct queue {
  std::deque<std::coroutine_handle<>> waiting;
  bool closed = false;
  bool is_closed() const;
};

struct returns_true {
  queue &q;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    if (q.closed)
      return true;
    // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'h' was not kept{{.*}} [threadhop-lost-waker]
    // CHECK: :[[@LINE-3]]:9: note: when this is true
    q.waiting.push_back(h);
    // CHECK: :[[@LINE-1]]:{{[0-9]+}}: note: another path keeps it here
    return true;
  }
  void await_resume() {}
};

struct returns_nothing {
  queue &q;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    if (!q.is_closed())
      // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'h' was not kept{{.*}} [threadhop-lost-waker]
      q.waiting.push_back(h);
  }
  void await_resume() {}
};

struct goes_on_with_somebody_else {
  queue &q;
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) {
    if (q.waiting.empty())
      return std::noop_coroutine();
    // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'h' was not kept{{.*}} [threadhop-lost-waker]
    auto next = q.waiting.front();
    q.waiting.pop_front();
    q.waiting.push_back(h);
    return next;
  }
  void await_resume() {}
};

struct only_looked_at {
  queue &q;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) {
    if (q.closed || !h || h.done())
      return true;
    // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'h' was not kept{{.*}} [threadhop-lost-waker]
    q.waiting.push_back(h);
    return true;
  }
  void await_resume() {}
};

enum class poll { ready, pending };
struct waker {
  std::function<void()> wake;
  bool will_wake(const waker &) const;
};

struct source {
  std::optional<waker> parked;
  unsigned items = 0;
  bool paused = false;

  poll pending_for_nothing(const waker &w) {
    if (items)
      return poll::ready;
    if (paused)
      return poll::pending;
    // CHECK: :[[@LINE-1]]:7: warning: {{.*}}waker 'w' was not kept{{.*}} [threadhop-lost-waker]
    parked = w;
    return poll::pending;
  }
  poll keeps_the_oldest(const waker &w) {
    if (!parked)
      parked = w;
    return poll::pending;
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}waker 'w' was not kept{{.*}} [threadhop-lost-waker]
  }
  poll inner(const waker &w);
  poll falls_through(const waker &w) {
    if (inner(w) == poll::pending)
      ++items;
    return poll::ready;
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}said pending{{.*}} [threadhop-lost-waker]
    // CHECK: :[[@LINE-4]]:9: note: pending comes from here
  }
};

class replies {
  std::map<int, std::function<void(int)>> waiting;

public:
  void await_reply(int id, std::function<void(int)> done) {
    waiting.try_emplace(id, std::move(done));
    // CHECK: :[[@LINE-1]]:13: warning: {{.*}}'done' is lost if the key is there already{{.*}} [threadhop-lost-waker]
  }
  void reply(int id, int value) {
    auto it = waiting.find(id);
    if (it == waiting.end())
      return;
    auto done = std::move(it->second);
    waiting.erase(it);
    done(value);
  }
};
