// RUN: %check_threadhop %s threadhop-error-views-dead-storage -- -std=c++20

// Views of what lives, and errors that own what they say.

#include <array>
#include <exception>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

struct parse_error {
  std::string_view where;
  int line = 0;
};
struct owned_error : std::exception {
  explicit owned_error(std::string_view t) : text(t) {}
  std::string text;
  std::string_view where() const { return text; }
};
struct self_error {
  explicit self_error(std::string_view t) : text(t), where(text) {}
  std::string text;
  std::string_view where;
};
struct shared_error {
  std::shared_ptr<std::string> text;
};
struct opaque_error {
  explicit opaque_error(std::string_view);
  std::string_view where;
};

std::string load();
const std::string &name();
std::string_view intern(std::string_view);
extern const std::string table[3];

void literal() { throw parse_error{"line 7"}; }
void literal_in_a_variable() {
  const char *text = "line 7";
  throw parse_error{text};
}
void literal_in_an_array() {
  const char *texts[] = {"a", "b"};
  throw parse_error{texts[1]};
}
void literal_in_a_vector() {
  std::vector<std::string_view> texts = {"a", "b"};
  for (auto text : texts)
    throw parse_error{text};
}
void static_string() {
  static std::string text = load();
  throw parse_error{text};
}
void static_array() {
  static const char text[] = "line 7";
  throw parse_error{text};
}
void thread_local_string() {
  thread_local std::string text;
  throw parse_error{text};
}
void constant() {
  constexpr std::string_view text = "line 7";
  throw parse_error{text};
}
void global_table() {
  for (const auto &text : table)
    throw parse_error{text};
}
void caller_s_string(const std::string &text) { throw parse_error{text}; }
void caller_s_view(std::string_view text) { throw parse_error{text.substr(1)}; }
void caller_s_views(const std::vector<std::string_view> &texts) {
  for (auto text : texts)
    throw parse_error{text};
}
void caller_s_strings(std::span<const std::string> texts) {
  for (auto &text : texts)
    throw parse_error{text};
}
void caller_s_map(const std::map<std::string, int> &rows) {
  for (auto &[text, n] : rows)
    throw parse_error{text};
}
void caller_s_optional(const std::optional<std::string> &text) {
  throw parse_error{*text};
}
void copied_into_a_local_vector(std::string_view text) {
  std::vector<std::string_view> parts;
  parts.push_back(text);
  throw parse_error{parts[0]};
}
void what_a_pointer_points_to(std::string *text) { throw parse_error{*text}; }
void object_of_a_shared_ptr(std::shared_ptr<std::string> text) {
  throw parse_error{*text};
}
void leaked_object() {
  auto *text = new std::string(load());
  throw parse_error{*text};
}
void released_object() {
  auto text = std::make_unique<std::string>(load());
  std::string *raw = text.release();
  throw parse_error{*raw};
}
void result_of_a_function() { throw parse_error{name()}; }
void interned() {
  std::string text = load();
  throw parse_error{intern(text)};
}
void owned_copy() {
  std::string text = load();
  throw owned_error(text);
}
void own_member() {
  std::string text = load();
  throw self_error(text);
}
void standard_errors() {
  std::string text = load();
  throw std::runtime_error(text);
}
void system_error(std::error_code code) {
  throw std::system_error(code, load());
}
void shared_text() {
  throw shared_error{std::make_shared<std::string>(load())};
}
void constructor_out_of_sight() {
  std::string text = load();
  throw opaque_error(text);
}
void plain_value_of_a_local() {
  std::string text = load();
  throw parse_error{"x", int(text.size())};
}
void a_string_made_of_a_view() {
  std::string text = load();
  throw std::string(std::string_view(text));
}
void assigned_again() {
  std::string text = load();
  std::string_view where = text;
  where = "x";
  throw parse_error{where};
}
void member_assigned_again() {
  std::string text = load();
  parse_error error;
  error.where = text;
  error.where = "x";
  throw error;
}
void nobody_can_see_it() noexcept {
  std::string text = load();
  throw parse_error{text};
}

class document {
public:
  void check() {
    if (text_.empty())
      throw parse_error{text_};
  }
  void check_all() { check(); }

private:
  std::string text_;
};
void member_of_the_object(document &d) { d.check_all(); }

[[noreturn]] void fail(std::string_view where) { throw parse_error{where}; }
void helper_gets_a_literal() { fail("line 7"); }
void helper_gets_the_caller_s(const std::string &text) { fail(text); }

std::future<int> task_with_an_owned_error() {
  return std::async(std::launch::async, []() -> int {
    throw std::runtime_error("line " + std::to_string(7));
  });
}
void kept_by_nobody() {
  std::string text = load();
  auto error = std::make_exception_ptr(parse_error{text});
  (void)error;
}
void what_of_another(const std::exception &error) {
  throw parse_error{error.what()};
}
