// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"
#include <stdexcept>
#include <system_error>

struct vm_error : std::runtime_error {
  engine_ptr vm;
  explicit vm_error(engine_ptr e)
      : std::runtime_error("script"), vm(std::move(e)) {}
};

struct keeps {
  engine_ptr vm;
  std::shared_ptr<const int> line;

  std::future<int> caught_inside_the_task() {
    return std::async(std::launch::async, [] {
      try {
        throw vm_error(make_engine());
      } catch (const vm_error &) {
        return 1;
      }
    });
  }

  void converted_before_it_crosses(std::promise<int> &p) {
    try {
      throw vm_error(vm);
    } catch (const vm_error &e) {
      p.set_exception(std::make_exception_ptr(std::runtime_error(e.what())));
    }
  }

  void rethrown_on_the_same_thread() {
    auto e = std::make_exception_ptr(vm_error(vm));
    try {
      std::rethrow_exception(e);
    } catch (const vm_error &) {
    }
  }

  void future_asked_by_the_same_function() {
    std::promise<int> p;
    auto f = p.get_future();
    p.set_exception(std::make_exception_ptr(vm_error(vm)));
    f.wait();
  }
};

std::future<int> made_and_thrown_by_the_task() {
  return std::async(std::launch::async, []() -> int {
    engine_ptr vm = make_engine();
    throw vm_error(vm);
  });
}

void only_owner_moved_in(std::promise<int> &p) {
  engine_ptr vm = make_engine();
  auto e = std::make_exception_ptr(vm_error(std::move(vm)));
  p.set_exception(std::move(e));
}

template <typename E, typename... Args>
void reject(std::promise<int> &p, Args &&...args) {
  p.set_exception(std::make_exception_ptr(E(std::forward<Args>(args)...)));
}
void only_owner_forwarded(std::promise<int> &p, engine_ptr vm) {
  reject<vm_error>(p, std::move(vm));
}

void exception_pointer_as_such(std::promise<int> &p, std::exception_ptr e) {
  p.set_exception(e);
}

void standard_exception(std::promise<int> &p) {
  p.set_exception(std::make_exception_ptr(std::system_error(
      std::make_error_code(std::errc::timed_out), "late")));
}

struct counted_atomically : std::runtime_error {
  std::shared_ptr<const int> line;
  explicit counted_atomically(std::shared_ptr<const int> l)
      : std::runtime_error("x"), line(std::move(l)) {}
};
void atomic_count(keeps &k, std::promise<int> &p) {
  p.set_exception(std::make_exception_ptr(counted_atomically(k.line)));
}

struct [[clang::annotate("threadhop::sendable")]] trusted_error : std::exception {
  engine_ptr vm;
  explicit trusted_error(engine_ptr e) : vm(std::move(e)) {}
};
void annotated_sendable(keeps &k, std::promise<int> &p) {
  p.set_exception(std::make_exception_ptr(trusted_error(k.vm)));
}

// Without the options, neither definitions nor erased members count.
struct boxed_error : std::exception {
  std::unique_ptr<std::exception> inner;
};
void erased_member(std::promise<int> &p) {
  p.set_exception(std::make_exception_ptr(std::make_shared<boxed_error>()));
}
