// REQUIRES: pybind11, cpython
// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -isystem %cpython_include

// pybind11's own headers: references belong to whoever holds the interpreter.

#include <pybind11/embed.h>
#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <thread>
#include <vector>

namespace py = pybind11;

void a_callback_copied_into_a_thread(const py::object &callback) {
  std::thread([callback] { callback(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'callback'{{.*}} [threadhop-confined-value-crosses-thread]
}

void a_class_that_derives_from_object(const py::dict &settings) {
  std::thread([settings] { py::len(settings); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'settings'{{.*}} [threadhop-confined-value-crosses-thread]
}

struct job {
  py::function done;
  int number;
};

void inside_a_struct(const job &j) {
  std::thread([j] { j.done(j.number); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'j'{{.*}}member 'done'{{.*}} [threadhop-confined-value-crosses-thread]
}

void inside_a_vector(const std::vector<py::object> &all) {
  std::thread([all] { all.front()(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'all'{{.*}} [threadhop-confined-value-crosses-thread]
}

void a_bare_reference(PyObject *object) {
  std::thread([object] { Py_DECREF(object); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'object'{{.*}} [threadhop-confined-value-crosses-thread]
  Py_INCREF(object);
}

// The lock is taken for the call alone; the copy ends without it.
class listener {
public:
  void start() {
    std::thread([callback = callback] {
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'callback'{{.*}} [threadhop-confined-value-crosses-thread]
      py::gil_scoped_acquire gil;
      callback();
    }).detach();
  }

private:
  py::object callback;
};

void silent_made_in_the_task() {
  std::thread([] {
    py::gil_scoped_acquire gil;
    py::dict own;
    own["a"] = 1;
  }).detach();
}

void silent_a_plain_value_taken_before(const py::object &object) {
  std::thread([number = object.cast<int>()] { (void)number; }).detach();
}
