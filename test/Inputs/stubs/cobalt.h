//===- cobalt.h - The coroutine types of Boost.Cobalt ---------------------===//

#ifndef THREADHOP_TEST_STUBS_COBALT_H
#define THREADHOP_TEST_STUBS_COBALT_H

#include <coroutine>

namespace boost {
namespace cobalt {

template <class T> struct [[nodiscard]] task {
  struct promise_type {
    task get_return_object();
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void();
    void unhandled_exception();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};

} // namespace cobalt
} // namespace boost

#endif // THREADHOP_TEST_STUBS_COBALT_H
