//===- chromium.h - The task runners and pointers of Chromium's base ------===//

#ifndef THREADHOP_TEST_STUBS_CHROMIUM_H
#define THREADHOP_TEST_STUBS_CHROMIUM_H

template <class T> class scoped_refptr {
public:
  scoped_refptr(T *p = nullptr);
  scoped_refptr(const scoped_refptr &r);
  scoped_refptr(scoped_refptr &&r) noexcept;
  ~scoped_refptr();
  T &operator*() const;
  T *operator->() const;
  T *get() const;

private:
  T *ptr_;
};

namespace base {

template <class T> class RefCounted {
public:
  void AddRef() const;
  void Release() const;
};

template <class T> class RefCountedThreadSafe {
public:
  void AddRef() const;
  void Release() const;
};

template <class T, class... A> scoped_refptr<T> MakeRefCounted(A &&...a);

template <class T> class WeakPtr {
public:
  WeakPtr();
  WeakPtr(const WeakPtr &other);
  ~WeakPtr();
  T *operator->() const;
  T *get() const;
  explicit operator bool() const;

private:
  T *ptr_;
};

template <class T> class WeakPtrFactory {
public:
  explicit WeakPtrFactory(T *ptr);
  WeakPtr<T> GetWeakPtr();
};

class Location {
public:
  static Location Current();
};
#define FROM_HERE ::base::Location::Current()

template <class Signature> class OnceCallback;
template <class R, class... A> class OnceCallback<R(A...)> {
public:
  OnceCallback();
  R Run(A... a) &&;
};
using OnceClosure = OnceCallback<void()>;
template <class F, class... A> OnceClosure BindOnce(F &&f, A &&...a) {
  return {};
}

class TaskRunner {
public:
  bool PostTask(const Location &from_here, OnceClosure task);
};
class SequencedTaskRunner : public TaskRunner {
public:
  static const scoped_refptr<SequencedTaskRunner> &GetCurrentDefault();
};
class SingleThreadTaskRunner : public SequencedTaskRunner {};

class ThreadPool {
public:
  static bool PostTask(const Location &from_here, OnceClosure task);
  static scoped_refptr<TaskRunner> CreateTaskRunner();
};

} // namespace base

#endif // THREADHOP_TEST_STUBS_CHROMIUM_H
