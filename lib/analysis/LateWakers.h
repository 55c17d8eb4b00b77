//===--- LateWakers.h - waiters that register too late -------- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the window between a look at a condition and the registration of the
// waiter: what happens in it wakes nobody, unless the condition is looked at
// again after the registration, in an order that excludes the miss. Only where
// atomics or a mutex show that there is more than one thread.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_LATEWAKERS_H
#define THREADHOP_ANALYSIS_LATEWAKERS_H

#include "analysis/WaiterTypes.h"
#include "analysis/WaiterUnit.h"

namespace threadhop {

struct LateWaker {
  enum LateKind {
    NotRead,    ///< The condition is not read again.
    WeakOrder,  ///< It is, but both sides can miss each other.
    WakesFirst, ///< The producer wakes before it sets the condition.
  };
  LateKind Kind = NotRead;
  const clang::FunctionDecl *Registers = nullptr;
  const clang::FunctionDecl *Producer = nullptr;
  const clang::FieldDecl *Condition = nullptr;
  const clang::FieldDecl *Slot = nullptr;
  clang::SourceLocation Registration;
  clang::SourceLocation FirstRead;
  clang::SourceLocation SecondRead; ///< Invalid without one.
  clang::SourceLocation Suspended;  ///< Where it says "wait"; may be invalid.
  clang::SourceLocation Write;      ///< The producer's write of the condition.
  clang::SourceLocation Take;       ///< Its look at the slot.
  clang::SourceLocation Wake;       ///< Of WakesFirst: the wake-up.
};

std::vector<LateWaker> findLateWakers(WaiterUnit &Unit);

} // namespace threadhop

#endif
