// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"
#include <exception>
#include <stdexcept>

struct engine_error : std::runtime_error {
  engine_ptr vm;
  engine_error(const char *what, engine_ptr vm)
      : std::runtime_error(what), vm(std::move(vm)) {}
};
extern engine_ptr Shared;
void check_shared() {
  if (!Shared->id)
    throw engine_error("no id", Shared);
}
void note_failure(const char *);

// The task catches what its callee throws.
std::future<void> caught_in_the_task() {
  return std::async(std::launch::async, [] {
    try {
      check_shared();
    } catch (const engine_error &e) {
      note_failure(e.what());
    }
  });
}

// The callee catches it itself.
void checked() {
  try {
    check_shared();
  } catch (const std::runtime_error &e) {
    note_failure(e.what());
  }
}
std::future<void> caught_in_the_callee() {
  return std::async(std::launch::async, [] { checked(); });
}

// It stays with the task.
void kept_in_the_task(workers &w) {
  w.submit([] {
    std::exception_ptr here;
    try {
      check_shared();
    } catch (const engine_error &) {
      here = std::current_exception();
    }
    if (here)
      note_failure("failed");
  });
}

// The handler turns it into text.
struct answer {
  std::exception_ptr failed;
};
void converted(workers &w, answer &to) {
  w.submit([&to] {
    try {
      check_shared();
    } catch (const engine_error &e) {
      to.failed = std::make_exception_ptr(std::runtime_error(e.what()));
    }
  });
}
