//===--- WaiterSites.h - who waits on an object --------------- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Looks through the unit for the places where the object of a slot is awaited
// or registered with, follows the object to the function that has it, and tells
// whether two waiters of one object can be seen.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_WAITERSITES_H
#define THREADHOP_ANALYSIS_WAITERSITES_H

#include "analysis/WakerSlots.h"

namespace threadhop {

/// Where a waiter comes from.
struct WaiterNote {
  clang::SourceLocation Loc;
  std::string Message;  ///< A lower-case clause without a period.
  bool Waits = false;   ///< It is the wait itself, not what leads to it.
  bool IsOther = false; ///< Of the second waiter.
};

/// What the unit shows of the waiters of a slot.
struct WaiterEvidence {
  /// Two waiters of one object, and where they come from.
  bool Two = false;
  std::vector<WaiterNote> Notes;
  /// Some place awaits the object or registers with it.
  bool AnySite = false;
  /// Some object comes from, or some waiter is started by, code that is not
  /// to be seen.
  bool Open = false;
};

WaiterEvidence findWaiters(const SlotStore &Store, WaiterUnit &Unit);

} // namespace threadhop

#endif
