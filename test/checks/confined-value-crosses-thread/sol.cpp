// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%stubs

// sol2: references into a virtual machine, and the machine itself.

#include "sol.h"
#include <thread>
#include <utility>

void a_function_of_the_machine(const sol::protected_function &f) {
  std::thread([f] { f(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'f'{{.*}} [threadhop-confined-value-crosses-thread]
}

void an_object_moved_away(sol::object value) {
  std::thread([value = std::move(value)] { value.as<int>(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
}

class engine {
public:
  void collect() {
    std::thread([this] { lua.collect_garbage(); }).detach();
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'lua'{{.*}} [threadhop-confined-value-crosses-thread]
  }
  void step() { lua.collect_garbage(); }

private:
  sol::state lua;
};

void silent_the_whole_machine_moved_away(sol::state lua) {
  std::thread([lua = std::move(lua)]() mutable {
    lua.collect_garbage();
  }).detach();
}

void silent_a_plain_value(const sol::object &value) {
  std::thread([number = value.as<int>()] { (void)number; }).detach();
}

void silent_made_in_the_task() {
  std::thread([] {
    sol::state own;
    own.collect_garbage();
  }).detach();
}
