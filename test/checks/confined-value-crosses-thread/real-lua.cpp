// REQUIRES: lua
// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -isystem %lua_include

// Lua's own headers: a virtual machine has one user at a time.

extern "C" {
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
}
#include <future>
#include <memory>
#include <mutex>
#include <thread>

void a_handle_used_on_both_sides(lua_State *L) {
  std::thread([L] { lua_pushinteger(L, 1); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'L'{{.*}} [threadhop-confined-value-crosses-thread]
  lua_pop(L, 1);
}

struct script {
  lua_State *vm;
  int calls;
};

void a_struct_that_holds_the_handle(const script &s) {
  auto answer = std::async(std::launch::async, [s] {
  // CHECK: :[[@LINE-1]]:49: warning: {{.*}}'s'{{.*}}member 'vm'{{.*}} [threadhop-confined-value-crosses-thread]
    return lua_gettop(s.vm);
  });
  lua_settop(s.vm, 0);
  answer.get();
}

// A coroutine of the machine is the same machine.
void a_lua_thread_is_the_same_machine(lua_State *L) {
  lua_State *co = lua_newthread(L);
  std::thread worker([co] { lua_gettop(co); });
  // CHECK: :[[@LINE-1]]:23: warning: {{.*}}'co'{{.*}} [threadhop-confined-value-crosses-thread]
  lua_gettop(L);
  worker.join();
}

class engine {
public:
  void run() {
    worker = std::thread([this] { luaL_dostring(vm, "work()"); });
  // CHECK: :[[@LINE-1]]:27: warning: {{.*}}'vm'{{.*}} [threadhop-confined-value-crosses-thread]
  }
  void stop() { lua_gc(vm, LUA_GCCOLLECT); }

private:
  lua_State *vm = luaL_newstate();
  std::thread worker;
};

void a_machine_in_a_shared_pointer(const std::shared_ptr<lua_State> &vm) {
  std::thread([vm] { lua_gettop(vm.get()); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'vm'{{.*}} [threadhop-confined-value-crosses-thread]
}

void silent_made_in_the_task() {
  std::thread([] {
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    lua_close(L);
  }).detach();
}

void silent_given_away() {
  lua_State *L = luaL_newstate();
  std::thread([L] {
    luaL_openlibs(L);
    lua_close(L);
  }).detach();
}

void silent_a_number_taken_out(lua_State *L) {
  lua_Integer number = lua_tointeger(L, 1);
  std::thread([number] { (void)number; }).detach();
  lua_pop(L, 1);
}

int silent_joined_before(lua_State *L) {
  std::thread worker([L] { lua_pushinteger(L, 1); });
  worker.join();
  return lua_gettop(L);
}

class silent_under_one_mutex {
public:
  void run() {
    worker = std::thread([this] {
      std::lock_guard lock(m);
      lua_gettop(vm);
    });
  }
  int depth() {
    std::lock_guard lock(m);
    return lua_gettop(vm);
  }

private:
  std::mutex m;
  lua_State *vm = luaL_newstate();
  std::thread worker;
};
