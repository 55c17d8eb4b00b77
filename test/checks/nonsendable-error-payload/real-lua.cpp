// REQUIRES: lua
// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -isystem %lua_include

// Lua's own headers: an error that keeps the handle of the machine.

extern "C" {
#include <lua.h>
}
#include <exception>
#include <future>
#include <stdexcept>
#include <string>

struct script_error : std::runtime_error {
  script_error(lua_State *vm)
      : std::runtime_error("script failed"), vm(vm) {}
  lua_State *vm;
};

class script {
public:
  void fail(std::promise<int> &answer) {
    answer.set_exception(std::make_exception_ptr(script_error(vm)));
  // CHECK: :[[@LINE-1]]:50: warning: {{.*}}'script_error'{{.*}}vm{{.*}} [threadhop-nonsendable-error-payload]
  }
  void silent_text_only(std::promise<int> &answer) {
    std::string text = lua_tostring(vm, -1);
    answer.set_exception(std::make_exception_ptr(std::runtime_error(text)));
  }
  void silent_thrown_to_the_caller() { throw script_error(vm); }

private:
  lua_State *vm = nullptr;
};
