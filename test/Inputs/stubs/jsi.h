//===- jsi.h - The values of the JavaScript interface of React Native -----===//

#ifndef THREADHOP_TEST_STUBS_JSI_H
#define THREADHOP_TEST_STUBS_JSI_H

#include <exception>
#include <memory>
#include <string>

namespace facebook {
namespace jsi {

class Runtime {
public:
  virtual ~Runtime();
  void drain();
};

class Pointer {
protected:
  Pointer(Pointer &&other);
  ~Pointer();
  void *ptr_;
};

class Value {
public:
  Value(Runtime &runtime, const Value &value);
  Value(Value &&other);
  ~Value();
  double asNumber() const;
};

class Object : public Pointer {
public:
  Object(Object &&other);
};

class Function : public Object {
public:
  Function(Function &&other);
  Value call(Runtime &runtime) const;
};

class JSIException : public std::exception {
protected:
  std::string what_;
};

class JSINativeException : public JSIException {
public:
  JSINativeException(std::string what);
};

class JSError : public JSIException {
public:
  JSError(Runtime &runtime, std::string message);
  const std::string &getMessage() const;

private:
  std::shared_ptr<Value> value_;
};

} // namespace jsi
} // namespace facebook

#endif // THREADHOP_TEST_STUBS_JSI_H
