// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%inputs -I%S/Inputs

// The other side of user-model.cpp: nothing of this is known without it.

#include "acme.h"

lazy<> guard() {
  acme::request_scope scope;
  co_await tick();
}

lazy<> paired_calls() {
  acme::enter();
  co_await tick();
  acme::leave();
}

void suspending_call() {
  acme::request_scope scope;
  acme::fiber_yield();
}
