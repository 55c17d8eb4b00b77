// REQUIRES: boost-python, cpython
// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -isystem %cpython_include

// Boost.Python's own headers: the error itself stays in the interpreter.

#include <boost/python.hpp>
#include <exception>
#include <future>
#include <stdexcept>

namespace py = boost::python;

void caught_and_handed_over(std::promise<int> &answer, py::object &function) {
  try {
    answer.set_value(py::extract<int>(function()));
  } catch (const py::error_already_set &) {
    answer.set_exception(std::current_exception());
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'boost::python::error_already_set'{{.*}} [threadhop-nonsendable-error-payload]
  }
}

std::future<int> thrown_by_a_task() {
  return std::async(std::launch::async, []() -> int {
    py::throw_error_already_set();
    throw py::error_already_set();
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'boost::python::error_already_set'{{.*}} [threadhop-nonsendable-error-payload]
  });
}

void silent_converted(std::promise<int> &answer, py::object &function) {
  try {
    answer.set_value(py::extract<int>(function()));
  } catch (const py::error_already_set &) {
    PyErr_Clear();
    answer.set_exception(
        std::make_exception_ptr(std::runtime_error("the script failed")));
  }
}

int silent_rethrown_here(py::object &function) {
  try {
    return py::extract<int>(function());
  } catch (const py::error_already_set &) {
    throw;
  }
}
