// RUN: %check_threadhop %s threadhop-error-views-dead-storage -- -std=c++20

// What is dead when the handler runs: locals, by-value parameters, temporaries.

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct parse_error {
  std::string_view where;
};
struct text_error {
  const char *text;
};
struct number_error {
  const int *number;
};

std::string load();

void local_string() {
  std::string text = load();
  throw parse_error{text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void local_array() {
  char text[8] = "line 7";
  throw text_error{text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:8: note: variable 'text' is declared
}
void local_number() {
  int number = 7;
  throw number_error{&number};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'number'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:7: note: variable 'number' is declared
}
void pointer_to_a_local() {
  int number = 7;
  throw &number;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'number'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:7: note: variable 'number' is declared
}
void by_value_parameter(std::string text) {
  throw parse_error{text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:37: note: parameter 'text' is declared
}
void temporary() {
  throw parse_error{load()};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'std::basic_string<char>'{{.*}} [threadhop-error-views-dead-storage]
}
void temporary_of_an_expression(const std::string &name) {
  throw parse_error{name + ":"};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'std::basic_string<char>'{{.*}} [threadhop-error-views-dead-storage]
}
void through_a_reference() {
  std::string text = load();
  const std::string &alias = text;
  throw parse_error{alias};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
}
void lifetime_extended() {
  const std::string &text = load();
  throw parse_error{text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:22: note: variable 'text' is declared
}
void element_of_a_loop() {
  std::vector<std::string> rows;
  for (const auto &row : rows)
    if (row.empty())
      throw parse_error{row};
      // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'rows'{{.*}} [threadhop-error-views-dead-storage]
      // CHECK: :[[@LINE-5]]:28: note: variable 'rows' is declared
}
void binding_of_a_loop() {
  std::map<std::string, int> rows;
  for (auto &[name, count] : rows)
    if (!count)
      throw parse_error{name};
      // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'rows'{{.*}} [threadhop-error-views-dead-storage]
      // CHECK: :[[@LINE-5]]:30: note: variable 'rows' is declared
}
void binding_of_a_pair() {
  auto [name, count] = std::pair<std::string, int>(load(), 1);
  throw parse_error{name};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'parse_error'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:8: note: variable '' is declared
}
void value_of_an_optional() {
  std::optional<std::string> text = load();
  throw parse_error{*text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:30: note: variable 'text' is declared
}
void object_of_a_unique_ptr() {
  auto text = std::make_unique<std::string>(load());
  throw parse_error{*text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:8: note: variable 'text' is declared
}
void element_of_an_array() {
  std::array<std::string, 2> texts;
  throw parse_error{texts[1]};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'texts'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:30: note: variable 'texts' is declared
}
void buffer_of_a_stream() {
  std::ostringstream out;
  throw parse_error{out.view()};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'out'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:22: note: variable 'out' is declared
}
void variable_of_an_if() {
  if (std::string text = load(); text.empty())
    throw parse_error{text};
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
    // CHECK: :[[@LINE-3]]:19: note: variable 'text' is declared
}
void one_of_two(bool known) {
  std::string text = load();
  throw parse_error{known ? std::string_view("known") : text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
