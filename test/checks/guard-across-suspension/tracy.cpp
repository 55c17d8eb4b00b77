// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -DTRACY_ENABLE -I%stubs -I%S/../../Inputs

// Tracy, enabled: the macros declare a tracy::ScopedZone.

#include "tracy.h"
#include "coro.h"

lazy<> zone_variable() {
  static constexpr tracy::SourceLocationData here{"zone", "zone_variable"};
  tracy::ScopedZone zone(&here);
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'zone'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'zone'
}

lazy<> zone_macro() {
  ZoneScoped;
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'{{ZoneScoped|___tracy_scoped_zone}}'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> named_zone_macro() {
  ZoneScopedN("request");
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}'{{ZoneScopedN|___tracy_scoped_zone}}'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> zone_with_a_variable_of_its_own() {
  ZoneNamed(zone, true);
  // CHECK: :[[@LINE-1]]:{{[0-9]+}}: warning: {{.*}}'{{ZoneNamed|zone}}'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> silent_closed_zone() {
  {
    ZoneScoped;
  }
  co_await tick();
}

void silent_plain_function() { ZoneScoped; }
