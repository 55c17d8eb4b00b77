// RUN: %check_threadhop %s threadhop-shared-exception-mutated -- -std=c++20

// Functions that throw the current exception again to sort it, and exceptions
// that are nested in a shared one.

#include <exception>
#include <future>

struct load_error : std::exception {
  int attempts = 0;
};

void sort_failure() {
  try {
    throw;
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE+10]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE+7]]:46: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE+10]]:5: note: the handler
    // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-6]]:16: note: changed
  } catch (...) {
  }
}
int handler_calls_it(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (...) {
    sort_failure();
    throw;
  }
}
int in_the_handler(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (...) {
    try {
      throw;
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-7]]:14: note: the shared exception is thrown again
      // CHECK: :[[@LINE-10]]:44: note: every copy of shared future 'f' rethrows it
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  }
  return 0;
}
int nested_exception(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (const std::exception &outer) {
    try {
      std::rethrow_if_nested(outer);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-7]]:14: note: the shared exception is thrown again
      // CHECK: :[[@LINE-10]]:46: note: every copy of shared future 'f' rethrows it
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  }
  return 0;
}

// Called from handlers of its own function's exceptions only.
void work();
void sort_own() {
  try {
    throw;
  } catch (load_error &e) {
    e.attempts = 1;
  } catch (...) {
  }
}
void own_exception() {
  try {
    work();
  } catch (...) {
    sort_own();
  }
}
