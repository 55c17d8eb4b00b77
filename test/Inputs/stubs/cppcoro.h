//===- cppcoro.h - The mutex and the scheduler of cppcoro -----------------===//

#ifndef THREADHOP_TEST_STUBS_CPPCORO_H
#define THREADHOP_TEST_STUBS_CPPCORO_H

#include <coroutine>

namespace cppcoro {

class async_mutex;

class async_mutex_lock {
public:
  explicit async_mutex_lock(async_mutex &mutex) noexcept;
  async_mutex_lock(async_mutex_lock &&other) noexcept;
  ~async_mutex_lock();
};

class async_mutex_lock_operation {
public:
  bool await_ready() const noexcept;
  bool await_suspend(std::coroutine_handle<> awaiter) noexcept;
  void await_resume() const noexcept;
};

class async_mutex_scoped_lock_operation : public async_mutex_lock_operation {
public:
  async_mutex_lock await_resume() const noexcept;
};

class async_mutex {
public:
  bool try_lock() noexcept;
  async_mutex_lock_operation lock_async() noexcept;
  async_mutex_scoped_lock_operation scoped_lock_async() noexcept;
  void unlock();
};

class static_thread_pool {
public:
  class schedule_operation {
  public:
    bool await_ready() noexcept;
    void await_suspend(std::coroutine_handle<> awaiter) noexcept;
    void await_resume() noexcept;
  };
  schedule_operation schedule() noexcept;
};

} // namespace cppcoro

#endif // THREADHOP_TEST_STUBS_CPPCORO_H
