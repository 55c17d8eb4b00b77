//===- qt.h - The locks of Qt 6 -------------------------------------------===//

#ifndef THREADHOP_TEST_STUBS_QT_H
#define THREADHOP_TEST_STUBS_QT_H

class QMutex {
public:
  void lock();
  bool tryLock(int timeout = 0);
  void unlock() noexcept;
};

template <class Mutex> class QMutexLocker {
public:
  explicit QMutexLocker(Mutex *mutex);
  QMutexLocker(const QMutexLocker &) = delete;
  ~QMutexLocker();
  void unlock() noexcept;
  void relock();
};

class QReadWriteLock {};

class QReadLocker {
public:
  explicit QReadLocker(QReadWriteLock *lock);
  ~QReadLocker();
  void unlock();
  void relock();
};

#endif // THREADHOP_TEST_STUBS_QT_H
