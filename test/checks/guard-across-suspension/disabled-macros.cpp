// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%stubs -I%S/../../Inputs

// In this configuration the guard macros expand to nothing, in the one that
// ships they do not: they are found by their names.

#include "coro.h"
#include "profilers.h"
#include "tracy.h"

int n;

lazy<> tracy_zone() {
  ZoneScoped;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'ZoneScoped'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'ZoneScoped'
}

lazy<> tracy_zone_with_a_name() {
  ZoneScopedN("request");
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'ZoneScopedN'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'ZoneScopedN'
}

lazy<> tracy_zone_with_a_variable() {
  ZoneNamed(zone, true);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'ZoneNamed'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'ZoneNamed'
}

lazy<> perfetto_event() {
  TRACE_EVENT("net", "request", "id", n);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'TRACE_EVENT'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'TRACE_EVENT'
}

lazy<> optick_event() {
  OPTICK_EVENT();
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'OPTICK_EVENT'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'OPTICK_EVENT'
}

lazy<> easy_profiler_block() {
  EASY_BLOCK("request");
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'EASY_BLOCK'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'EASY_BLOCK'
}

lazy<> nvtx_range() {
  NVTX3_FUNC_RANGE();
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'NVTX3_FUNC_RANGE'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'NVTX3_FUNC_RANGE'
}

lazy<> every_suspension_is_noted() {
  ZoneScoped;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'ZoneScoped'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'ZoneScoped'
  if (n > 0)
    co_await tock();
  // CHECK: :[[@LINE-1]]:5: note: suspended here{{.*}}'ZoneScoped'
}

lazy<> in_the_block_of_a_loop() {
  while (n > 0) {
    ZoneScoped;
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'ZoneScoped'{{.*}} [threadhop-guard-across-suspension]
    n = co_await tick();
    // CHECK: :[[@LINE-1]]:9: note: suspended here{{.*}}'ZoneScoped'
  }
}

#define PROFILE_FUNCTION() ZoneScopedN(__func__)
lazy<> within_a_macro_of_the_project() {
  PROFILE_FUNCTION();
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}{{ZoneScopedN|PROFILE_FUNCTION}}{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

auto in_a_coroutine_lambda = []() -> lazy<> {
  ZoneScoped;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'ZoneScoped'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'ZoneScoped'
};

generator<int> over_a_yield() {
  ZoneScoped;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'ZoneScoped'{{.*}} [threadhop-guard-across-suspension]
  co_yield n;
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'ZoneScoped'
}
