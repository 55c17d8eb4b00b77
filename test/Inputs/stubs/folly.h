//===- folly.h - The names of folly that guards and tasks use -------------===//

#ifndef THREADHOP_TEST_STUBS_FOLLY_H
#define THREADHOP_TEST_STUBS_FOLLY_H

#include <coroutine>
#include <memory>
#include <mutex>

namespace folly {

class RequestContext {};

class RequestContextScopeGuard {
public:
  RequestContextScopeGuard();
  explicit RequestContextScopeGuard(std::shared_ptr<RequestContext> const &ctx);
  RequestContextScopeGuard(RequestContextScopeGuard const &) = delete;
  ~RequestContextScopeGuard();
};

namespace coro {

template <class T = void> class [[nodiscard]] Task;

namespace detail {
struct TaskPromiseBase {
  std::suspend_always initial_suspend() noexcept { return {}; }
  std::suspend_always final_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept;
};
template <class T> struct TaskPromise : TaskPromiseBase {
  Task<T> get_return_object() noexcept;
  void return_value(T value);
};
template <> struct TaskPromise<void> : TaskPromiseBase {
  Task<void> get_return_object() noexcept;
  void return_void() noexcept {}
};
} // namespace detail

template <class T> class [[nodiscard]] Task {
public:
  using promise_type = detail::TaskPromise<T>;
  bool await_ready();
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>);
  T await_resume();
};

class Mutex {
public:
  bool try_lock() noexcept;
  void unlock() noexcept;
  [[nodiscard]] Task<std::unique_lock<Mutex>> co_scoped_lock() noexcept;
  [[nodiscard]] Task<void> co_lock() noexcept;
};

} // namespace coro
} // namespace folly

#endif // THREADHOP_TEST_STUBS_FOLLY_H
