// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-error-views-dead-storage -- -std=c++20

#include <boost/exception/all.hpp>
#include <boost/throw_exception.hpp>
#include <exception>
#include <string>
#include <string_view>

struct parse_error : std::exception {
  explicit parse_error(std::string_view w) : where(w) {}
  std::string_view where;
};

std::string load();

void throw_exception() {
  std::string text = load();
  boost::throw_exception(parse_error(text));
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void throw_exception_macro() {
  std::string text = load();
  BOOST_THROW_EXCEPTION(parse_error(text));
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'text'{{.*}} [threadhop-error-views-dead-storage]
  // CHECK: :[[@LINE-3]]:15: note: variable 'text' is declared
}
void literal() { boost::throw_exception(parse_error("line 7")); }
