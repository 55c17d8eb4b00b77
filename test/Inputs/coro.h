//===- coro.h - Coroutine types that the tests of the checks share --------===//
//
// Nothing here tells where a coroutine is resumed: the awaiters are declared
// and not defined. A test that needs to know writes its own awaiter.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_TEST_INPUTS_CORO_H
#define THREADHOP_TEST_INPUTS_CORO_H

#include <coroutine>

/// Suspends, and resumes nobody knows where.
struct event {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
event tick();
event tick(int);
event tock();

namespace detail {
template <class T> struct returns {
  void return_value(T);
};
template <> struct returns<void> {
  void return_void() {}
};
template <class Coroutine, class T, class Initial, class Final>
struct promise : returns<T> {
  Coroutine get_return_object();
  Initial initial_suspend() noexcept { return {}; }
  Final final_suspend() noexcept { return {}; }
  void unhandled_exception() {}
};
} // namespace detail

/// Runs when it is awaited; at its end it waits to be destroyed.
template <class T = void> struct [[nodiscard]] lazy {
  using promise_type =
      detail::promise<lazy, T, std::suspend_always, std::suspend_always>;
  bool await_ready() const;
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>);
  T await_resume();
};

/// Runs at once; at its end it waits to be destroyed.
template <class T = void> struct hot {
  using promise_type =
      detail::promise<hot, T, std::suspend_never, std::suspend_always>;
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};

/// Runs at once and destroys itself.
struct fire_and_forget {
  using promise_type = detail::promise<fire_and_forget, void,
                                       std::suspend_never, std::suspend_never>;
};

template <class T> struct generator {
  struct promise_type {
    generator get_return_object();
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(T);
    void return_void() {}
    void unhandled_exception() {}
  };
};

/// Held by a coroutine, whatever thread runs it: waiting for it suspends.
class coro_mutex {
public:
  class hold {
  public:
    hold(hold &&) noexcept;
    ~hold();
  };
  struct scoped_wait {
    bool await_ready();
    void await_suspend(std::coroutine_handle<>);
    hold await_resume();
  };
  struct wait {
    bool await_ready();
    void await_suspend(std::coroutine_handle<>);
    void await_resume();
  };
  scoped_wait scoped_lock();
  wait lock();
  bool try_lock();
  void unlock();
};

#endif // THREADHOP_TEST_INPUTS_CORO_H
