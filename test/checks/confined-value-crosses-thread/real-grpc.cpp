// REQUIRES: grpc, lua
// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -isystem %lua_include

// gRPC's own headers: reactions run on threads of the library.

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>
#include <memory>
#include <thread>

extern "C" {
#include <lua.h>
}

void an_alarm_goes_off_on_another_thread(grpc::Alarm &alarm, lua_State *L) {
  alarm.Set(std::chrono::system_clock::now(), [L](bool) {
  // CHECK: :[[@LINE-1]]:48: warning: {{.*}}'L'{{.*}} [threadhop-confined-value-crosses-thread]
    lua_settop(L, 0);
  });
  lua_gettop(L);
}

void silent_a_plain_value(grpc::Alarm &alarm, lua_State *L) {
  int depth = lua_gettop(L);
  alarm.Set(std::chrono::system_clock::now(), [depth](bool) { (void)depth; });
  lua_settop(L, 0);
}

void silent_shared_channels(const std::shared_ptr<grpc::Channel> &channel) {
  std::thread([channel] { (void)channel->GetState(true); }).detach();
}
