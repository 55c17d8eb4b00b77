//===- absl.h - The locks of Abseil ---------------------------------------===//

#ifndef THREADHOP_TEST_STUBS_ABSL_H
#define THREADHOP_TEST_STUBS_ABSL_H

namespace absl {
inline namespace lts_20220623 {

class __attribute__((capability("mutex"))) Mutex {
public:
  void Lock() __attribute__((acquire_capability()));
  void Unlock() __attribute__((release_capability()));
  bool TryLock() __attribute__((try_acquire_capability(true)));
  void ReaderLock();
  void ReaderUnlock();
};

class __attribute__((scoped_lockable)) MutexLock {
public:
  explicit MutexLock(Mutex *mu);
  MutexLock(const MutexLock &) = delete;
  ~MutexLock();
};

class __attribute__((scoped_lockable)) ReaderMutexLock {
public:
  explicit ReaderMutexLock(Mutex *mu);
  ReaderMutexLock(const ReaderMutexLock &) = delete;
  ~ReaderMutexLock();
};

} // namespace lts_20220623
} // namespace absl

#endif // THREADHOP_TEST_STUBS_ABSL_H
