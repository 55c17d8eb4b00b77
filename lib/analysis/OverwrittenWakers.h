//===--- OverwrittenWakers.h - waiters that a second one overwrites  -*- C++
//-*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Judges the stores of WakerSlots.h. A waiter is lost where a second waiter of
// the same object can be seen; it would be lost where the function can be
// reached from other code and nothing says that there is one waiter only.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_OVERWRITTENWAKERS_H
#define THREADHOP_ANALYSIS_OVERWRITTENWAKERS_H

#include "analysis/WaiterSites.h"

namespace threadhop {

struct OverwrittenWaker {
  SlotStore Store;
  /// A second waiter can be seen; else one may come from elsewhere.
  bool IsLost = false;
  /// Where the second waiter waits, if an annotation says that there is one
  /// only: there lies the fault, and not in the store.
  const clang::Expr *BrokenBy = nullptr;
  /// Where the waiters come from.
  std::vector<WaiterNote> Notes;
};

std::vector<OverwrittenWaker> findOverwrittenWakers(WaiterUnit &Unit);

} // namespace threadhop

#endif
