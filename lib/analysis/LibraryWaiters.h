//===--- LibraryWaiters.h - a library's objects for one waiter - -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds two waiters on one object of a library that keeps a single one (the
// rows "waiter_slots" with "waits"): events, queues and scopes whose contract
// allows one waiter at a time. Takes a unit; gives the pairs that one function
// starts, or starts and joins, with no wake-up in between.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_LIBRARYWAITERS_H
#define THREADHOP_ANALYSIS_LIBRARYWAITERS_H

#include "analysis/WaiterTrace.h"

namespace threadhop {

struct SecondWaiter {
  const WaiterSlotModel *Row = nullptr;
  std::string Type; ///< By its public name.
  WaiterEvidence Evidence;
};

std::vector<SecondWaiter> findSecondWaiters(WaiterUnit &Unit);

} // namespace threadhop

#endif
