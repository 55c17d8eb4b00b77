// RUN: %check_threadhop %s threadhop-error-views-dead-storage -- -std=c++20

// The helper that throws is right; its caller gives it what dies.

#include <string>
#include <string_view>
#include <utility>

std::string load();
bool bad();

struct parse_error {
  std::string_view where;
};

[[noreturn]] void fail(std::string_view where) { throw parse_error{where}; }
void check(const std::string &text) {
  if (text.empty())
    fail(text);
}
template <typename E, typename... A> [[noreturn]] void raise(A &&...a) {
  throw E{std::forward<A>(a)...};
}
parse_error at(std::string_view where) {
  parse_error error;
  error.where = where;
  return error;
}

class report {
public:
  report &where(std::string_view w) {
    error_.where = w;
    return *this;
  }
  parse_error build() const { return error_; }
  [[noreturn]] void raise() const { throw error_; }

private:
  parse_error error_;
};

struct parser {
  std::string text;
  void run() {
    if (text.empty())
      throw parse_error{text};
  }
};
struct lexer {
  std::string_view source;
  std::string_view next() const { return source.substr(0, 1); }
};
struct checked {
  explicit checked(std::string_view text) {
    if (text.empty())
      throw parse_error{text};
  }
};

void noreturn_helper() {
  std::string text = load();
  if (bad())
    fail(text);
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
    // CHECK: :[[@LINE-51]]:50: note: 'parse_error' is thrown
}
void two_helpers() {
  std::string text = load();
  check(text);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-55]]:5: note: the view is handed on
  // CHECK: :[[@LINE-59]]:50: note: 'parse_error' is thrown
}
void temporary_argument() {
  fail(load());
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'std::basic_string<char>'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-64]]:50: note: 'parse_error' is thrown
}
void converted_literal() {
  check("a string is made of this");
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'std::basic_string<char>'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-66]]:5: note: the view is handed on
  // CHECK: :[[@LINE-70]]:50: note: 'parse_error' is thrown
}
void forwarding_helper() {
  std::string text = load();
  raise<parse_error>(text);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-71]]:3: note: 'parse_error' is thrown
}
void factory() {
  std::string text = load();
  throw at(text);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void builder() {
  std::string text = load();
  throw report().where(text).build();
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void builder_that_throws() {
  std::string text = load();
  report r;
  r.where(text);
  r.raise();
  // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-5]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-77]]:37: note: 'parse_error' is thrown
}
void member_of_a_local_object() {
  parser p{load()};
  p.run();
  // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'p'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:10: note: variable 'p' is declared
  // CHECK: :[[@LINE-74]]:7: note: 'parse_error' is thrown
}
void view_from_a_function() {
  std::string text = load();
  lexer source{text};
  auto token = source.next();
  throw parse_error{token};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-5]]:15: note: variable 'text' is declared
}
void constructor_that_throws() {
  std::string text = load();
  checked c(text);
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-79]]:7: note: 'parse_error' is thrown
}
void local_lambda() {
  std::string text = load();
  auto give_up = [&] { throw parse_error{text}; };
  if (bad())
    give_up();
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-5]]:15: note: variable 'text' is declared
    // CHECK: :[[@LINE-5]]:24: note: 'parse_error' is thrown
}
template <typename F> void run(F f) { f(); }
void lambda_run_by_a_template() {
  std::string text = load();
  run([&] { fail(text); });
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
  // CHECK: :[[@LINE-6]]:39: note: the view is handed on
  // CHECK: :[[@LINE-4]]:13: note: the view is handed on
  // CHECK: :[[@LINE-139]]:50: note: 'parse_error' is thrown
}
