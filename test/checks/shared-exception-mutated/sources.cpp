// RUN: %check_threadhop %s threadhop-shared-exception-mutated -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Where a shared exception comes from.

#include "coro.h"
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

struct load_error : std::exception {
  int attempts = 0;
};

bool failed();
void work();
void post(std::function<void()>);

int shared_future_parameter(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:53: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
    // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}
int function_try_block(std::shared_future<int> f) try {
  return f.get();
} catch (load_error &e) {
  e.attempts = 1;
  // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
  // CHECK: :[[@LINE-4]]:12: note: the shared exception is thrown again
  // CHECK: :[[@LINE-6]]:48: note: every copy of shared future 'f' rethrows it
  // CHECK: :[[@LINE-5]]:3: note: the handler has the object itself
  // CHECK: :[[@LINE-5]]:14: note: changed
  // CHECK: :[[@LINE+1]]:3: note: and thrown on
  throw;
}
void each_of_several(const std::vector<std::shared_future<int>> &all) {
  for (auto &f : all)
    try {
      f.get();
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:9: note: the shared exception is thrown again
      // CHECK: :[[@LINE-7]]:14: note: every copy of shared future 'f' rethrows it
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
}
template <typename E> int in_a_template(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (E &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:65: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
    // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}
template int in_a_template<load_error>(std::shared_future<int>);
int value_of(const std::shared_future<int> &f) { return f.get(); }
int through_a_function(std::shared_future<int> f) {
  try {
    return value_of(f);
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:12: note: the shared exception comes out of this call
    // CHECK: :[[@LINE-8]]:59: note: it is thrown again
    // CHECK: :[[@LINE-8]]:48: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-6]]:16: note: changed
    // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}
lazy<int> in_a_coroutine(std::shared_future<int> f) {
  try {
    co_return f.get();
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:17: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:50: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
    // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}
void captured_by_copy(std::shared_future<int> f) {
  post([f] {
    try {
      f.get();
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:9: note: the shared exception is thrown again
      // CHECK: :[[@LINE-8]]:47: note: every copy of shared future 'f' rethrows it
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  });
}
int past_an_inner_handler(std::shared_future<int> f) {
  try {
    try {
      return f.get();
    } catch (int) {
      return 1;
    }
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-7]]:16: note: the shared exception is thrown again
    // CHECK: :[[@LINE-11]]:51: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
  }
  return 0;
}

std::exception_ptr last_failure;
void global_pointer() {
  try {
    std::rethrow_exception(last_failure);
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:5: note: the shared exception is thrown again
    // CHECK: :[[@LINE-8]]:20: note: global 'last_failure' keeps the exception
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
  }
}
void copy_of_a_global_pointer() {
  std::exception_ptr p = last_failure;
  if (p)
    try {
      std::rethrow_exception(p);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:7: note: the shared exception is thrown again
      // CHECK: :[[@LINE-22]]:20: note: global 'last_failure' keeps the exception
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
}

class loader {
public:
  int member_future() {
    try {
      return future_.get();
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:22: note: the shared exception is thrown again
      // CHECK: :[[@LINE+70]]:27: note: every copy of shared future 'future_' rethrows it
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
      // CHECK: :[[@LINE+1]]:7: note: and thrown on
      throw;
    }
  }
  void member_pointer() {
    try {
      std::rethrow_exception(failure_);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:7: note: the shared exception is thrown again
      // CHECK: :[[@LINE+57]]:22: note: member 'failure_' keeps the exception
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  }
  void copy_of_a_member_pointer() {
    std::exception_ptr p;
    {
      std::lock_guard lock(mutex_);
      p = failure_;
    }
    try {
      std::rethrow_exception(p);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:7: note: the shared exception is thrown again
      // CHECK: :[[@LINE+40]]:22: note: member 'failure_' keeps the exception
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
      // CHECK: :[[@LINE+1]]:7: note: and thrown on
      throw;
    }
  }
  std::exception_ptr failure() const { return failure_; }
  void wait() const {
    if (failure_)
      std::rethrow_exception(failure_);
  }
  void result_of_an_accessor() {
    auto p = failure();
    try {
      std::rethrow_exception(p);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:7: note: the shared exception is thrown again
      // CHECK: :[[@LINE+20]]:22: note: member 'failure_' keeps the exception
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  }
  void static_member() {
    try {
      std::rethrow_exception(first_);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:7: note: the shared exception is thrown again
      // CHECK: :[[@LINE+10]]:29: note: static 'first_' keeps the exception
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  }

private:
  std::shared_future<int> future_;
  std::exception_ptr failure_;
  std::mutex mutex_;
  static std::exception_ptr first_;
};
void thrown_by_a_member_function(loader &l) {
  try {
    l.wait();
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:7: note: the shared exception comes out of this call
    // CHECK: :[[@LINE-41]]:7: note: it is thrown again
    // CHECK: :[[@LINE-12]]:22: note: member 'failure_' keeps the exception
    // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-6]]:16: note: changed
  }
}

struct state {
  std::exception_ptr failure;
};
void member_of_a_shared_state(std::shared_ptr<state> s) {
  try {
    std::rethrow_exception(s->failure);
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:5: note: the shared exception is thrown again
    // CHECK: :[[@LINE-9]]:22: note: member 'failure' keeps the exception
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
  }
}
void member_of_the_caller_s(const state &s) {
  try {
    std::rethrow_exception(s.failure);
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:5: note: the shared exception is thrown again
    // CHECK: :[[@LINE-21]]:22: note: member 'failure' keeps the exception
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
  }
}

class table {
public:
  void found_in_a_map(int key) {
    auto it = states_.find(key);
    if (it == states_.end())
      return;
    try {
      std::rethrow_exception(it->second.failure);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:7: note: the shared exception is thrown again
      // CHECK: :[[@LINE-39]]:22: note: member 'failure' keeps the exception
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  }
  void element_of_a_map(int key) {
    try {
      std::rethrow_exception(states_[key].failure);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:7: note: the shared exception is thrown again
      // CHECK: :[[@LINE-51]]:22: note: member 'failure' keeps the exception
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  }
  void copy_of_an_element(int key) {
    auto copy = states_.at(key);
    try {
      std::rethrow_exception(copy.failure);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:7: note: the shared exception is thrown again
      // CHECK: :[[@LINE-64]]:22: note: member 'failure' keeps the exception
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  }
  void each_failure() {
    for (auto p : failures_)
      try {
        std::rethrow_exception(p);
      } catch (load_error &e) {
        e.attempts = 1;
        // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
        // CHECK: :[[@LINE-4]]:9: note: the shared exception is thrown again
        // CHECK: :[[@LINE+24]]:35: note: member 'failures_' keeps the exception
        // CHECK: :[[@LINE-5]]:9: note: the handler has the object itself
        // CHECK: :[[@LINE-5]]:20: note: changed
      }
  }
  void given_to_a_function() {
    for (auto &p : failures_)
      handle(p);
  }

private:
  void handle(std::exception_ptr p) {
    try {
      std::rethrow_exception(p);
    } catch (load_error &e) {
      e.attempts = 1;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-4]]:7: note: the shared exception is thrown again
      // CHECK: :[[@LINE+6]]:35: note: member 'failures_' keeps the exception
      // CHECK: :[[@LINE-5]]:7: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    }
  }
  std::map<int, state> states_;
  std::vector<std::exception_ptr> failures_;
};

void captured_in_a_loop() {
  std::exception_ptr p;
  try {
    work();
  } catch (...) {
    p = std::current_exception();
  }
  for (int i = 0; i < 3; ++i)
    post([p] {
      try {
        std::rethrow_exception(p);
      } catch (load_error &e) {
        e.attempts = 1;
        // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
        // CHECK: :[[@LINE-4]]:9: note: the shared exception is thrown again
        // CHECK: :[[@LINE-14]]:22: note: captured 'p' keeps the exception
        // CHECK: :[[@LINE-5]]:9: note: the handler has the object itself
        // CHECK: :[[@LINE-5]]:20: note: changed
      }
    });
}
void given_to_a_promise_too(std::promise<int> &result) {
  std::exception_ptr p;
  try {
    work();
  } catch (...) {
    p = std::current_exception();
  }
  result.set_exception(p);
  try {
    std::rethrow_exception(p);
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:5: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:10: note: a stored copy of 'p' keeps the exception
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
  }
}

// Copies of the handle share the state.
struct job_state {
  void get() {
    std::lock_guard lock(mutex);
    if (failure)
      std::rethrow_exception(failure);
  }
  std::mutex mutex;
  std::exception_ptr failure;
};
struct job {
  void get() { state->get(); }
  std::shared_ptr<job_state> state;
};
void handle_of_a_shared_state(job j) {
  try {
    j.get();
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:7: note: the shared exception comes out of this call
    // CHECK: :[[@LINE-16]]:7: note: it is thrown again
    // CHECK: :[[@LINE-14]]:22: note: member 'failure' keeps the exception
    // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-6]]:16: note: changed
  }
}
void given_to_others_first(std::promise<int> &result) {
  try {
    work();
  } catch (load_error &e) {
    result.set_exception(std::current_exception());
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-3]]:12: note: given to others
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-4]]:16: note: changed
  }
}
template <typename F> void counted(F f) {
  try {
    f();
  } catch (load_error &e) {
    ++e.attempts;
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:5: note: the shared exception comes out of this call
    // CHECK: :[[@LINE+9]]:19: note: it is thrown again
    // CHECK: :[[@LINE+7]]:48: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-6]]:5: note: changed
    // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}
void run_by_a_template(std::shared_future<int> f) {
  counted([&] { f.get(); });
}
std::exception_ptr &first_failure() {
  static std::exception_ptr first;
  return first;
}
void static_of_a_function() {
  try {
    std::rethrow_exception(first_failure());
  } catch (load_error &e) {
    e.attempts = 1;
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:5: note: the shared exception is thrown again
    // CHECK: :[[@LINE-10]]:29: note: static 'first' keeps the exception
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
  }
}
