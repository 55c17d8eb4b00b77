// RUN: %check_threadhop %s threadhop-nonsendable-error-payload \
// RUN:   -config='{CheckOptions: {threadhop-nonsendable-error-payload.StrictErasedPayload: true}}' -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// Payloads whose type is erased, in errors that travel: a boxed error in the
// error type of a whole library makes all its futures unsendable.
#include "threads.h"
#include <any>
#include <stdexcept>
#include <variant>

struct erased_error {
  virtual ~erased_error() = default;
};
struct channel_closed {};
struct request_error {
  std::variant<channel_closed, std::shared_ptr<erased_error>> reason;
  std::shared_ptr<erased_error> parse;
};
struct create_error {
  request_error request;
};

void boxed_in_an_embedded_error(std::promise<int> &p) {
  p.set_exception(std::make_exception_ptr(create_error{}));
  // CHECK: :[[@LINE-1]]:55: warning: error 'create_error' goes to whoever waits for the promise with a payload whose type is erased{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-9]]:33: note: the type is erased here
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'set_exception' (model 'std')
}

struct any_error : std::exception {
  std::any payload;
};
std::future<int> thrown_by_a_task() {
  return std::async(std::launch::async, []() -> int { throw any_error(); });
  // CHECK: :[[@LINE-1]]:61: warning: error 'any_error' goes to whoever waits for the task with a payload whose type is erased{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-5]]:12: note: the type is erased here
  // CHECK: :[[@LINE-3]]:10: note: handed over here: 'std::async' runs it on another
}

struct opaque_error : std::exception {
  void *context = nullptr;
};
void opaque(std::promise<int> &p) {
  p.set_exception(std::make_exception_ptr(opaque_error()));
  // CHECK: :[[@LINE-1]]:43: warning: error 'opaque_error' goes to whoever waits for the promise with a payload whose type is erased{{.*}} [threadhop-nonsendable-error-payload]
  // CHECK: :[[@LINE-5]]:9: note: the type is erased here
  // CHECK: :[[@LINE-3]]:5: note: handed over here: 'set_exception' (model 'std')
}

// Not these.
struct final_detail final : erased_error {};
struct known_error : std::exception {
  std::shared_ptr<final_detail> detail;
};
void type_is_known(std::promise<int> &p) {
  p.set_exception(std::make_exception_ptr(known_error()));
}

struct [[clang::annotate("threadhop::sendable")]] vouched_error {
  virtual ~vouched_error() = default;
};
struct holds_vouched_error : std::exception {
  std::shared_ptr<vouched_error> inner;
};
void annotated(std::promise<int> &p) {
  p.set_exception(std::make_exception_ptr(holds_vouched_error()));
}

void caught_here() {
  try {
    throw any_error();
  } catch (const any_error &) {
  }
}
