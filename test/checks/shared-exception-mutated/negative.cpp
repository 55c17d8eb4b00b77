// RUN: %check_threadhop %s threadhop-shared-exception-mutated -- \
// RUN:   -std=c++20 -I%S/../../Inputs

#include "coro.h"
#include <atomic>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

struct load_error : std::exception {
  int count() { return attempts; }
  const std::vector<std::string> &all() const { return notes; }
  std::vector<std::string> notes;
  std::atomic<int> *hits = nullptr;
  int attempts = 0;
};
struct counted_error : std::exception {
  counted_error() = default;
  counted_error(const counted_error &);
  std::atomic<int> seen = 0;
};
struct locked_error : std::exception {
  locked_error() = default;
  locked_error(const locked_error &);
  std::mutex mutex;
  int attempts = 0;
};

void use(int);
void use(const std::string &);
void look(load_error &e) { use(e.attempts); }
void out_of_sight(load_error &);
void post(std::function<void()>);
void work();
lazy<int> child();

int only_reads(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    use(e.attempts);
    use(e.count());
    use(e.what());
    for (auto &text : e.notes)
      use(text);
    use(e.notes[0]);
    use(int(e.all().size()));
    look(e);
    return 1;
  }
}
int const_reference(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (const load_error &e) {
    return e.attempts;
  }
}
int copies_first(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (const load_error &e) {
    load_error mine = e;
    mine.attempts = 1;
    throw mine;
  }
}
int by_value(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error e) {
    e.attempts = 1;
    throw e;
  }
}
int nested_into_a_new_one(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (std::exception &e) {
    std::throw_with_nested(std::runtime_error("x"));
  }
}
int function_out_of_sight(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    out_of_sight(e);
    return 1;
  }
}
int atomic_member(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (counted_error &e) {
    ++e.seen;
    return 1;
  }
}
int under_its_own_lock(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (locked_error &e) {
    std::lock_guard lock(e.mutex);
    ++e.attempts;
    throw;
  }
}
std::mutex all_of_it;
int under_a_lock(std::shared_future<int> f) {
  std::lock_guard lock(all_of_it);
  try {
    return f.get();
  } catch (load_error &e) {
    ++e.attempts;
    return 1;
  }
}
int one_consumer(std::future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    e.attempts = 1;
    throw;
  }
}
int shared_with_nobody() {
  auto f = std::async([] { return 1; }).share();
  try {
    return f.get();
  } catch (load_error &e) {
    e.attempts = 1;
    return 1;
  }
}
int ended_by_an_inner_handler(std::shared_future<int> f) {
  try {
    try {
      return f.get();
    } catch (const std::exception &) {
      return 1;
    }
  } catch (load_error &e) {
    e.attempts = 1;
    return 2;
  }
}
int of_another_try(std::shared_future<int> f) {
  f.get();
  try {
    work();
  } catch (load_error &e) {
    e.attempts = 1;
  }
  return 1;
}
lazy<int> awaited_task() {
  try {
    co_return co_await child();
  } catch (load_error &e) {
    e.attempts = 1;
    throw;
  }
}
void never_left_the_function() {
  std::exception_ptr p;
  try {
    work();
  } catch (...) {
    p = std::current_exception();
  }
  try {
    std::rethrow_exception(p);
  } catch (load_error &e) {
    e.attempts = 1;
  }
}
void parameter_of_unknown_callers(std::exception_ptr p) {
  try {
    std::rethrow_exception(p);
  } catch (load_error &e) {
    e.attempts = 1;
  }
}
void moved_into_a_lambda(std::exception_ptr p) {
  post([p = std::move(p)] {
    try {
      std::rethrow_exception(p);
    } catch (load_error &e) {
      e.attempts = 1;
    }
  });
}
void local_state() {
  struct {
    std::exception_ptr failure;
  } state;
  try {
    work();
  } catch (...) {
    state.failure = std::current_exception();
  }
  try {
    std::rethrow_exception(state.failure);
  } catch (load_error &e) {
    e.attempts = 1;
  }
}
thread_local std::exception_ptr of_this_thread;
void thread_s_own() {
  try {
    std::rethrow_exception(of_this_thread);
  } catch (load_error &e) {
    e.attempts = 1;
  }
}

class loader {
public:
  void exchanged() {
    auto p = std::exchange(failure_, nullptr);
    try {
      std::rethrow_exception(p);
    } catch (load_error &e) {
      e.attempts = 1;
    }
  }
  void moved_out() {
    auto p = std::move(failure_);
    try {
      std::rethrow_exception(p);
    } catch (load_error &e) {
      e.attempts = 1;
    }
  }
  void set_to_null() {
    auto p = failure_;
    failure_ = nullptr;
    try {
      std::rethrow_exception(p);
    } catch (load_error &e) {
      e.attempts = 1;
    }
  }
  void swapped() {
    std::exception_ptr p;
    std::swap(p, failure_);
    try {
      std::rethrow_exception(p);
    } catch (load_error &e) {
      e.attempts = 1;
    }
  }

private:
  std::exception_ptr failure_;
};

// A future of the project's own, with one consumer.
class result {
public:
  int get() {
    if (failure_)
      std::rethrow_exception(failure_);
    return value_;
  }

private:
  std::exception_ptr failure_;
  int value_ = 0;
};
int own_future(result r) {
  try {
    return r.get();
  } catch (load_error &e) {
    e.attempts = 1;
    return 1;
  }
}
int own_future_by_reference(result &r) {
  try {
    return r.get();
  } catch (load_error &e) {
    e.attempts = 1;
    return 1;
  }
}

void changed_before_it_is_given_away(std::promise<int> &r) {
  try {
    work();
  } catch (load_error &e) {
    e.attempts = 1;
    r.set_exception(std::current_exception());
  }
}
struct state {
  void get() {
    std::lock_guard lock(mutex);
    if (failure)
      std::rethrow_exception(failure);
  }
  std::mutex mutex;
  std::exception_ptr failure;
};
struct only_handle {
  only_handle(only_handle &&);
  void get() { s->get(); }
  std::shared_ptr<state> s;
};
void handle_with_one_owner(only_handle h) {
  try {
    h.get();
  } catch (load_error &e) {
    e.attempts = 1;
  }
}
