// RUN: %check_threadhop %s threadhop-error-views-dead-storage -- -std=c++20

// Handlers that do not help.

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

struct parse_error {
  std::string_view where;
  int line = 0;
};
struct other_error {};

std::string load();
void log(const parse_error &);
void log(std::string_view);

[[noreturn]] void fail(std::string_view where) { throw parse_error{where}; }

void another_type() {
  std::string text = load();
  try {
    fail(text);
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
    // CHECK: :[[@LINE-8]]:50: note: 'parse_error' is thrown
  } catch (const other_error &) {
  }
}
void thrown_on() {
  std::string text = load();
  try {
    fail(text);
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
    // CHECK: :[[@LINE-18]]:50: note: 'parse_error' is thrown
  } catch (const parse_error &) {
    throw;
  }
}
void thrown_again_by_name() {
  std::string text = load();
  try {
    fail(text);
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
    // CHECK: :[[@LINE-29]]:50: note: 'parse_error' is thrown
  } catch (const parse_error &error) {
    throw error;
  }
}
void thrown_on_by_a_function();
void rethrow() { throw; }
void thrown_on_in_a_callee() {
  std::string text = load();
  try {
    fail(text);
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
    // CHECK: :[[@LINE-42]]:50: note: 'parse_error' is thrown
  } catch (...) {
    rethrow();
  }
}
void nested() {
  std::string text = load();
  try {
    fail(text);
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
    // CHECK: :[[@LINE-53]]:50: note: 'parse_error' is thrown
  } catch (...) {
    std::throw_with_nested(std::runtime_error("nested"));
  }
}
void handler_reads_what_died() {
  try {
    std::string text = load();
    throw parse_error{text};
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-3]]:17: note: variable 'text' is declared
    // CHECK: :[[@LINE+1]]:5: note: the handler
  } catch (const parse_error &error) {
    log(error.where);
  }
}
void handler_passes_on_what_died() {
  try {
    std::string text = load();
    throw parse_error{text};
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-3]]:17: note: variable 'text' is declared
    // CHECK: :[[@LINE+1]]:5: note: the handler
  } catch (const parse_error &error) {
    log(error);
  }
}
void function_try_block() try {
  std::string text = load();
  throw parse_error{text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE+1]]:3: note: the handler
} catch (const parse_error &error) {
  log(error);
}
void inner_handler_outer_local() {
  std::string text = load();
  try {
    try {
      fail(text);
      // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
      // CHECK: :[[@LINE-5]]:15: note: variable 'text' is declared
      // CHECK: :[[@LINE-96]]:50: note: 'parse_error' is thrown
    } catch (const other_error &) {
    }
  } catch (const std::exception &) {
  }
}
