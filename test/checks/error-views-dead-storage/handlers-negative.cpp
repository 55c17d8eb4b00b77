// RUN: %check_threadhop %s threadhop-error-views-dead-storage -- -std=c++20

// Handlers that end the error while the storage lives, or do not look.

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

struct parse_error {
  std::string_view where;
  int line = 0;
};
struct base_error {};
struct derived_error : base_error {
  std::string_view where;
  explicit derived_error(std::string_view w) : where(w) {}
};

std::string load();
void use(int);
void log(const parse_error &);

[[noreturn]] void fail(std::string_view where) { throw parse_error{where}; }
[[noreturn]] void fail_derived(std::string_view where) {
  throw derived_error{where};
}

void caught_by_its_type() {
  std::string text = load();
  try {
    throw parse_error{text};
  } catch (const parse_error &error) {
    log(error);
  }
}
void caught_by_value() {
  std::string text = load();
  try {
    fail(text);
  } catch (parse_error error) {
    log(error);
  }
}
void caught_by_a_base() {
  std::string text = load();
  try {
    fail_derived(text);
  } catch (const base_error &) {
  }
}
void caught_by_all() {
  std::string text = load();
  try {
    fail(text);
  } catch (...) {
  }
}
void caught_outside_of_a_try() {
  std::string text = load();
  try {
    try {
      fail(text);
    } catch (const base_error &) {
    }
  } catch (const parse_error &) {
  }
}
void converted() {
  std::string text = load();
  try {
    fail(text);
  } catch (const parse_error &error) {
    throw std::runtime_error(std::string(error.where));
  }
}
void parameter_of_a_function_try_block(std::string text) try {
  fail(text);
} catch (const parse_error &error) {
  log(error);
}
void handler_does_not_look() {
  try {
    std::string text = load();
    throw parse_error{text};
  } catch (const parse_error &) {
  }
}
void handler_reads_another_member() {
  try {
    std::string text = load();
    throw parse_error{text, 3};
  } catch (const parse_error &error) {
    use(error.line);
  }
}
void kept_and_caught_here() {
  std::string text = load();
  auto kept = std::make_exception_ptr(parse_error{text});
  try {
    std::rethrow_exception(kept);
  } catch (const parse_error &error) {
    log(error);
  }
}
void kept_and_forgotten() {
  std::string text = load();
  std::exception_ptr kept;
  try {
    fail(text);
  } catch (...) {
    kept = std::current_exception();
  }
  use(kept != nullptr);
}
void lambda_in_a_try() {
  std::string text = load();
  auto give_up = [&] { throw parse_error{text}; };
  try {
    give_up();
  } catch (const parse_error &error) {
    log(error);
  }
}
template <typename F> void guarded(F f) {
  try {
    f();
  } catch (const parse_error &error) {
    log(error);
  }
}
void lambda_in_a_guard() {
  std::string text = load();
  guarded([&] { fail(text); });
}
