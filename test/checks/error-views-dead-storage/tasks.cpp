// RUN: %check_threadhop %s threadhop-error-views-dead-storage -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Errors that are kept for later: tasks, coroutines, promises.

#include "coro.h"
#include <exception>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct parse_error {
  std::string_view where;
};

std::string load();
bool bad();

std::future<int> async_task(int row) {
  return std::async(std::launch::async, [row] {
    std::string text = std::to_string(row);
    if (row < 0)
      throw parse_error{text};
      // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
      // CHECK: :[[@LINE-4]]:17: note: variable 'text' is declared
      // CHECK: :[[@LINE-6]]:10: note: the function is run as a task by 'std
    return row;
  });
}
std::future<int> packaged_task(int row) {
  std::packaged_task<int()> job([row] {
    std::string text = std::to_string(row);
    if (row < 0)
      throw parse_error{text};
      // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
      // CHECK: :[[@LINE-4]]:17: note: variable 'text' is declared
      // CHECK: :[[@LINE-6]]:29: note: the function is run as a task by 'std
    return row;
  });
  auto result = job.get_future();
  std::thread(std::move(job)).detach();
  return result;
}
lazy<int> coroutine() {
  std::string text = load();
  if (text.empty())
    throw parse_error{text};
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
  co_return 1;
}
lazy<int> parameter_of_a_coroutine(std::string text) {
  if (text.empty())
    throw parse_error{text};
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-4]]:48: note: parameter 'text' is declared
  co_return 1;
}
lazy<int> fails(std::string_view text) {
  if (text.empty())
    throw parse_error{text};
  co_return 1;
}
lazy<int> awaits_what_fails() {
  std::string text = load();
  co_return co_await fails(text);
  // CHECK: :[[@LINE-1]]:22: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-8]]:5: note: 'parse_error' is thrown
}
void into_a_promise(std::promise<int> &result) {
  std::string text = load();
  result.set_exception(std::make_exception_ptr(parse_error{text}));
  // CHECK: :[[@LINE-1]]:24: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-3]]:10: note: the exception is kept
}
std::future<int> into_a_local_promise() {
  std::string text = load();
  std::promise<int> result;
  result.set_exception(std::make_exception_ptr(parse_error{text}));
  // CHECK: :[[@LINE-1]]:24: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-3]]:10: note: the exception is kept
  return result.get_future();
}
void in_two_steps(std::promise<int> &result) {
  std::string text = load();
  auto error = std::make_exception_ptr(parse_error{text});
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE+1]]:10: note: the exception is kept
  result.set_exception(error);
}
std::exception_ptr returned() {
  std::string text = load();
  return std::make_exception_ptr(parse_error{text});
  // CHECK: :[[@LINE-1]]:10: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-3]]:10: note: the exception is kept
}
void pushed(std::vector<std::exception_ptr> &errors) {
  std::string text = load();
  errors.push_back(std::make_exception_ptr(parse_error{text}));
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-3]]:10: note: the exception is kept
}
struct batch {
  std::exception_ptr first;
  void run() {
    std::string text = load();
    first = std::make_exception_ptr(parse_error{text});
    // CHECK: :[[@LINE-1]]:13: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-3]]:17: note: variable 'text' is declared
    // CHECK: :[[@LINE-3]]:11: note: the exception is kept
  }
};
void current_exception_is_kept(std::promise<int> &result) {
  std::string text = load();
  try {
    throw parse_error{text};
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
  } catch (...) {
    result.set_exception(std::current_exception());
  }
}
