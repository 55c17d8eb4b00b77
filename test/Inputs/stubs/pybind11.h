//===- pybind11.h - The names of pybind11 and CPython that guards use -----===//

#ifndef THREADHOP_TEST_STUBS_PYBIND11_H
#define THREADHOP_TEST_STUBS_PYBIND11_H

extern "C" {
typedef enum { PyGILState_LOCKED, PyGILState_UNLOCKED } PyGILState_STATE;
PyGILState_STATE PyGILState_Ensure(void);
void PyGILState_Release(PyGILState_STATE);
typedef struct _ts PyThreadState;
PyThreadState *PyEval_SaveThread(void);
void PyEval_RestoreThread(PyThreadState *);
}

namespace pybind11 {

class gil_scoped_acquire {
public:
  gil_scoped_acquire();
  gil_scoped_acquire(const gil_scoped_acquire &) = delete;
  ~gil_scoped_acquire();
  void disarm();
};

class gil_scoped_release {
public:
  explicit gil_scoped_release(bool disassoc = false);
  gil_scoped_release(const gil_scoped_release &) = delete;
  ~gil_scoped_release();
  void disarm();
};

class object {
public:
  ~object();
};

} // namespace pybind11

#endif // THREADHOP_TEST_STUBS_PYBIND11_H
