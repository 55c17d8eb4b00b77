//===- opentelemetry.h - The names of opentelemetry-cpp that guards use ---===//

#ifndef THREADHOP_TEST_STUBS_OPENTELEMETRY_H
#define THREADHOP_TEST_STUBS_OPENTELEMETRY_H

namespace opentelemetry {
inline namespace v1 {

namespace nostd {
template <class T> class shared_ptr {
public:
  T *operator->() const noexcept;
};
template <class T> class unique_ptr {
public:
  unique_ptr() noexcept;
  unique_ptr(unique_ptr &&other) noexcept;
  unique_ptr &operator=(unique_ptr &&other) noexcept;
  ~unique_ptr();
  void reset(T *p = nullptr) noexcept;
  T *release() noexcept;
};
} // namespace nostd

namespace context {
class Context {};
class Token {
public:
  ~Token() noexcept;
};
class RuntimeContext {
public:
  static nostd::unique_ptr<Token> Attach(const Context &context) noexcept;
  static Context GetCurrent() noexcept;
};
} // namespace context

namespace trace {
class Span {
public:
  void AddEvent(const char *name) noexcept;
  void End() noexcept;
};
class Scope final {
public:
  explicit Scope(const nostd::shared_ptr<Span> &span) noexcept;

private:
  nostd::unique_ptr<context::Token> token_;
};
class Tracer {
public:
  nostd::shared_ptr<Span> StartSpan(const char *name) noexcept;
  static Scope WithActiveSpan(nostd::shared_ptr<Span> &span) noexcept;
};
} // namespace trace

} // namespace v1
} // namespace opentelemetry

#endif // THREADHOP_TEST_STUBS_OPENTELEMETRY_H
