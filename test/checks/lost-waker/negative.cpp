// RUN: %check_threadhop %s threadhop-lost-waker -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

struct queue {
  std::deque<std::coroutine_handle<>> waiting;
  bool closed = false;
  int fd = 0;
};
bool add_to_reactor(int, std::coroutine_handle<>);

struct base {
  queue &q;
  bool await_ready() { return false; }
  void await_resume() {}
};
struct does_not_suspend : base {
  bool await_suspend(std::coroutine_handle<> h) {
    if (q.closed)
      return false;
    q.waiting.push_back(h);
    return true;
  }
};
struct throws : base {
  void await_suspend(std::coroutine_handle<> h) {
    if (q.closed)
      throw std::runtime_error("closed");
    q.waiting.push_back(h);
  }
};
struct returns_the_handle : base {
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) {
    if (q.closed)
      return h;
    q.waiting.push_back(h);
    return std::noop_coroutine();
  }
};
struct resumes_it : base {
  void await_suspend(std::coroutine_handle<> h) {
    if (q.closed)
      h.resume();
    else
      q.waiting.push_back(h);
  }
};
struct says_whether_it_was_taken : base {
  bool await_suspend(std::coroutine_handle<> h) {
    return add_to_reactor(q.fd, h);
  }
};
struct captured : base {
  std::function<void()> *later;
  void await_suspend(std::coroutine_handle<> h) {
    if (q.closed)
      *later = [h] { h.resume(); };
    else
      q.waiting.push_back(h);
  }
};
struct keeps_it_in_the_awaiter : base {
  std::coroutine_handle<> own;
  void await_suspend(std::coroutine_handle<> h) {
    own = h;
    if (!q.closed)
      q.waiting.push_back(own);
  }
};
struct the_same_condition_twice : base {
  void await_suspend(std::coroutine_handle<> h) {
    const bool direct = q.closed;
    if (direct)
      add_to_reactor(q.fd, h);
    if (!direct)
      q.waiting.push_back(h);
  }
};

// Whoever owns the coroutine resumes it.
struct nobody_keeps_it : base {
  int *count;
  void await_suspend(std::coroutine_handle<> h) { ++*count; }
};
struct never {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() {}
};

// At its end the coroutine stays suspended, with or without one to go on with.
struct ends {
  struct promise_type {
    std::coroutine_handle<> next;
    struct last {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<>
      await_suspend(std::coroutine_handle<promise_type> h) noexcept {
        if (finished)
          return std::noop_coroutine();
        return h.promise().next;
      }
      void await_resume() noexcept {}
      bool finished = false;
    };
    ends get_return_object();
    std::suspend_never initial_suspend() { return {}; }
    last final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
ends runs() { co_return; }

enum class poll { ready, pending };
struct waker {
  std::function<void()> wake;
  bool will_wake(const waker &) const;
};
struct source {
  std::optional<waker> parked;
  bool full = false;
  poll one(const waker &w);
  poll other(const waker &w);

  poll replaces_another_tasks(const waker &w) {
    if (!parked || !parked->will_wake(w))
      parked = w;
    return poll::pending;
  }
  poll the_callee_keeps_it(const waker &w) {
    if (one(w) == poll::pending)
      return poll::pending;
    return poll::ready;
  }
  poll either(const waker &w) {
    if (one(w) == poll::pending)
      return other(w);
    return poll::ready;
  }
  poll ready_for_another_reason(const waker &w) {
    if (one(w) == poll::pending) {
      if (full)
        return poll::pending;
    }
    return poll::ready;
  }
};

class replies {
  std::map<int, std::function<void(int)>> waiting;
  int next = 0;

public:
  bool looks_at_the_result(int id, std::function<void(int)> done) {
    return waiting.try_emplace(id, std::move(done)).second;
  }
  void looked_before(int id, std::function<void(int)> done) {
    if (waiting.contains(id))
      throw std::runtime_error("twice");
    waiting.emplace(id, std::move(done));
  }
  void a_new_key(std::function<void(int)> done) {
    waiting.emplace(next++, std::move(done));
  }
  void reply(int id) { waiting.erase(id); }
};
class commands { // Called again and again: no waiters.
  std::map<std::string, std::function<void()>> known;

public:
  void add(std::string name, std::function<void()> run) {
    known.emplace(std::move(name), std::move(run));
  }
  void run(const std::string &name) { known.at(name)(); }
};

// The loop runs: what it goes over was seen not to be empty.
struct starts_all : base {
  std::vector<int> jobs;
  void await_suspend(std::coroutine_handle<> h) {
    if (jobs.empty()) {
      h.resume();
      return;
    }
    const std::size_t count = jobs.size();
    for (std::size_t i = 0; i < count; ++i)
      q.waiting.push_back(h);
  }
};
