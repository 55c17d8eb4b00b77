//===- napi.h - The names of node-addon-api that tasks meet ---------------===//

#ifndef THREADHOP_TEST_STUBS_NAPI_H
#define THREADHOP_TEST_STUBS_NAPI_H

#include <cstddef>
#include <string>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_ref__ *napi_ref;

namespace Napi {

class Env {
public:
  Env(napi_env env);
  operator napi_env() const;

private:
  napi_env _env;
};

class Value {
public:
  operator napi_value() const;

protected:
  napi_env _env;
  napi_value _value;
};

class Number : public Value {
public:
  double DoubleValue() const;
};

class Object : public Value {};

class Function : public Object {
public:
  Value Call() const;
};

template <class T> class Reference {
public:
  Reference(Reference &&other);
  Reference(const Reference &) = delete;
  virtual ~Reference();
  T Value() const;

private:
  napi_env _env;
  napi_ref _ref;
};

class ObjectReference : public Reference<Object> {
public:
  ObjectReference(const ObjectReference &other);
};

class FunctionReference : public Reference<Function> {
public:
  FunctionReference(FunctionReference &&other);
  Napi::Value Call() const;
};

class Error : public ObjectReference {
public:
  Error(const Error &other);
  static Error New(napi_env env, const char *message);
  const std::string &Message() const noexcept;
};

class ThreadSafeFunction {
public:
  ThreadSafeFunction(const ThreadSafeFunction &other);
  template <class Callback> int BlockingCall(Callback callback) const {
    return 0;
  }
  template <class Callback> int NonBlockingCall(Callback callback) const {
    return 0;
  }
  int Release() const;

private:
  napi_value _value;
};

class AsyncWorker {
public:
  virtual ~AsyncWorker();
  void Queue();

protected:
  explicit AsyncWorker(const Function &callback);
  virtual void Execute() = 0;
  virtual void OnOK();

private:
  FunctionReference _callback;
};

} // namespace Napi

#endif // THREADHOP_TEST_STUBS_NAPI_H
