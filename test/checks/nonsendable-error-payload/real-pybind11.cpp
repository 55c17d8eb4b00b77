// REQUIRES: pybind11, cpython
// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -isystem %cpython_include

// pybind11's own headers: error_already_set needs the interpreter lock, the
// errors made from text do not.

#include <exception>
#include <future>
#include <pybind11/pybind11.h>
#include <stdexcept>
#include <string>

namespace py = pybind11;

void caught_and_handed_over(std::promise<int> &answer, py::object &function) {
  try {
    answer.set_value(function().cast<int>());
  } catch (py::error_already_set &) {
    answer.set_exception(std::current_exception());
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'pybind11::error_already_set'{{.*}}2.10{{.*}} [threadhop-nonsendable-error-payload]
  }
}

std::future<void> leaves_a_task(py::function &function) {
  return std::async(std::launch::async, [&function] {
    try {
      function();
    } catch (const py::error_already_set &) {
      throw;
  // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'pybind11::error_already_set'{{.*}} [threadhop-nonsendable-error-payload]
    }
  });
}

void silent_text_only(std::promise<int> &answer, py::object &function) {
  try {
    answer.set_value(function().cast<int>());
  } catch (py::cast_error &) {
    answer.set_exception(std::current_exception());
  }
  answer.set_exception(std::make_exception_ptr(py::value_error("empty")));
}

void silent_converted(std::promise<int> &answer, py::object &function) {
  try {
    answer.set_value(function().cast<int>());
  } catch (py::error_already_set &e) {
    std::string text = e.what();
    answer.set_exception(std::make_exception_ptr(std::runtime_error(text)));
  }
}
