//===- seastar.h - The shard-local types of Seastar -----------------------===//

#ifndef THREADHOP_TEST_STUBS_SEASTAR_H
#define THREADHOP_TEST_STUBS_SEASTAR_H

#include <utility>

namespace seastar {

template <class T = void> class [[nodiscard]] future {
public:
  future(future &&) noexcept;
  ~future();
  template <class F> future<> then(F &&f);
};

future<> make_ready_future();

template <class T> class lw_shared_ptr {
public:
  lw_shared_ptr() noexcept;
  lw_shared_ptr(const lw_shared_ptr &) noexcept;
  lw_shared_ptr(lw_shared_ptr &&) noexcept;
  lw_shared_ptr &operator=(const lw_shared_ptr &) noexcept;
  ~lw_shared_ptr();
  T &operator*() const noexcept;
  T *operator->() const noexcept;
};

template <class T, class... A> lw_shared_ptr<T> make_lw_shared(A &&...a);

template <class PtrType> class foreign_ptr {
public:
  foreign_ptr(PtrType value);
  foreign_ptr(const foreign_ptr &) = delete;
  foreign_ptr(foreign_ptr &&) noexcept;
  ~foreign_ptr();
  auto &operator*() const noexcept { return *_value; }
  auto *operator->() const noexcept { return _value.operator->(); }

private:
  PtrType _value;
  unsigned _cpu;
};

template <class T> foreign_ptr<T> make_foreign(T ptr) {
  return foreign_ptr<T>(std::move(ptr));
}

class smp {
public:
  template <class Func> static future<> submit_to(unsigned t, Func &&func) {
    return make_ready_future();
  }
  template <class Func> static future<> invoke_on_all(Func &&func) {
    return make_ready_future();
  }
};

template <class Service> class sharded {
public:
  template <class Func> future<> invoke_on(unsigned id, Func &&func) {
    return make_ready_future();
  }
  template <class Func> future<> invoke_on_all(Func func) {
    return make_ready_future();
  }
  Service &local();
};

template <class Func> future<> async(Func &&func) {
  return make_ready_future();
}

} // namespace seastar

#endif // THREADHOP_TEST_STUBS_SEASTAR_H
