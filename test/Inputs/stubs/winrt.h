//===- winrt.h - COM pointers and errors of Windows -----------------------===//

#ifndef THREADHOP_TEST_STUBS_WINRT_H
#define THREADHOP_TEST_STUBS_WINRT_H

struct IUnknown {
  virtual unsigned long AddRef() = 0;
  virtual unsigned long Release() = 0;
};
struct IAgileObject : IUnknown {};
struct IErrorInfo : IUnknown {};

class _com_error {
public:
  _com_error(long hr, IErrorInfo *info = nullptr);
  _com_error(const _com_error &that);
  virtual ~_com_error();
  long Error() const noexcept;

private:
  long m_hresult;
  IErrorInfo *m_perrinfo;
};

namespace winrt {

template <class T> struct com_ptr {
  com_ptr() noexcept;
  com_ptr(const com_ptr &) noexcept;
  com_ptr(com_ptr &&) noexcept;
  ~com_ptr();
  T *operator->() const noexcept;
  T *get() const noexcept;

private:
  T *m_ptr;
};

template <class T> struct agile_ref {
  agile_ref(const com_ptr<T> &object);
  agile_ref(const agile_ref &);
  com_ptr<T> get() const noexcept;

private:
  com_ptr<IUnknown> m_ref;
};

template <class T> agile_ref<T> make_agile(const com_ptr<T> &object) {
  return agile_ref<T>(object);
}

struct hresult_error {
  explicit hresult_error(int code) noexcept;
  hresult_error(const hresult_error &) noexcept;
  int code() const noexcept;
};

} // namespace winrt

#endif // THREADHOP_TEST_STUBS_WINRT_H
