// RUN: %check_threadhop %s threadhop-error-views-dead-storage -- -std=c++20

// How a view gets into an error.

#include <algorithm>
#include <any>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

std::string load();

struct parse_error {
  std::string_view where;
};
struct outer_error {
  int line;
  parse_error inner;
};
struct derived_error : parse_error {
  int line;
};
struct reference_error {
  const std::string &text;
};
struct wrapper_error {
  std::reference_wrapper<std::string> text;
};
struct span_error {
  std::span<const int> values;
};
struct iterator_error {
  std::vector<int>::iterator at;
};
struct closure_error {
  std::function<std::string()> describe;
};
struct frames_error {
  std::vector<std::string_view> frames;
};
struct fields_error {
  std::map<std::string, std::string_view> fields;
};
struct optional_error {
  std::optional<std::string_view> where;
};
struct tuple_error {
  std::tuple<int, std::string_view> context;
};
struct variant_error {
  std::variant<int, std::string_view> context;
};
struct any_error {
  std::any context;
};
struct constructed_error : std::exception {
  explicit constructed_error(std::string_view w) : where(w) {}
  std::string_view where;
};
struct inheriting_error : constructed_error {
  using constructed_error::constructed_error;
};
struct assigning_error {
  explicit assigning_error(std::string_view w) { where = w; }
  std::string_view where;
};
struct delegating_error {
  delegating_error(std::string_view w, int) : where(w) {}
  explicit delegating_error(std::string_view w) : delegating_error(w, 0) {}
  std::string_view where;
};
struct careless_error {
  explicit careless_error(std::string w) : where(w) {}
  std::string_view where;
};
template <typename T> struct value_error {
  explicit value_error(T v) : value(v) {}
  T value;
};

void nested_member() {
  std::string text = load();
  throw outer_error{1, {text}};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void base() {
  std::string text = load();
  throw derived_error{{text}, 1};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void reference_member() {
  std::string text = load();
  throw reference_error{text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void reference_wrapper() {
  std::string text = load();
  throw wrapper_error{text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void span() {
  std::vector<int> values{1, 2};
  throw span_error{values};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'values'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:20: note: variable 'values' is declared
}
void iterator() {
  std::vector<int> values{1, 2};
  throw iterator_error{values.begin()};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'values'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:20: note: variable 'values' is declared
}
void iterator_of_an_algorithm() {
  std::vector<int> values{1, 2};
  throw iterator_error{std::find(values.begin(), values.end(), 2)};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'values'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:20: note: variable 'values' is declared
}
void capture_by_reference() {
  std::string text = load();
  throw closure_error{[&] { return text; }};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void pushed_to_a_vector() {
  std::string text = load();
  frames_error error;
  error.frames.push_back(text);
  throw error;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-5]]:15: note: variable 'text' is declared
}
void initialiser_list() {
  std::string text = load();
  throw frames_error{{text, "main"}};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void element_of_a_map() {
  std::string text = load();
  fields_error error;
  error.fields["file"] = text;
  throw error;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-5]]:15: note: variable 'text' is declared
}
void optional() {
  std::string text = load();
  throw optional_error{text};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void tuple() {
  std::string text = load();
  throw tuple_error{{1, text}};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void variant() {
  std::string text = load();
  throw variant_error{std::string_view(text)};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void any() {
  std::string text = load();
  throw any_error{std::string_view(text)};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void constructor() {
  std::string text = load();
  throw constructed_error(text);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void inherited_constructor() {
  std::string text = load();
  throw inheriting_error(text);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void assigned_in_the_constructor() {
  std::string text = load();
  throw assigning_error(text);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void delegating_constructor() {
  std::string text = load();
  throw delegating_error(text);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void by_value_parameter_of_the_constructor() {
  throw careless_error(load());
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'w'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-129]]:39: note: parameter 'w' is declared
}
void template_argument() {
  std::string text = load();
  throw value_error<std::string_view>(text);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void deduced_argument() {
  std::string text = load();
  throw value_error(text.c_str());
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void field_set_in_a_step() {
  std::string text = load();
  parse_error error;
  error.where = text;
  throw error;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-5]]:15: note: variable 'text' is declared
}
void part_of_the_text() {
  std::string text = load();
  auto part = std::string_view(text).substr(1);
  throw parse_error{part};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-4]]:15: note: variable 'text' is declared
}
void assigned_before() {
  std::string text = load();
  std::string_view where;
  where = text;
  throw parse_error{where};
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-5]]:15: note: variable 'text' is declared
}
