//===- tbb.h - The locks of oneTBB ----------------------------------------===//
//
// As in the original, the public names are using-declarations for those of a
// versioned inner namespace.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_TEST_STUBS_TBB_H
#define THREADHOP_TEST_STUBS_TBB_H

namespace tbb {
namespace detail {
namespace d1 {

template <class Mutex> class unique_scoped_lock {
public:
  unique_scoped_lock();
  explicit unique_scoped_lock(Mutex &m);
  unique_scoped_lock(const unique_scoped_lock &) = delete;
  ~unique_scoped_lock();
  void acquire(Mutex &m);
  bool try_acquire(Mutex &m);
  void release();
};

class spin_mutex {
public:
  using scoped_lock = unique_scoped_lock<spin_mutex>;
  void lock();
  bool try_lock();
  void unlock();
};

} // namespace d1
} // namespace detail

inline namespace v1 {
using detail::d1::spin_mutex;
} // namespace v1
} // namespace tbb

#endif // THREADHOP_TEST_STUBS_TBB_H
