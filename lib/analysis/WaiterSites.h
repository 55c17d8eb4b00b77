//===--- WaiterSites.h - who waits on an object --------------- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Looks through the unit for the places where the object of a slot is awaited
// or registered with, and tells whether two waiters of one object can be seen.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_WAITERSITES_H
#define THREADHOP_ANALYSIS_WAITERSITES_H

#include "analysis/WaiterTrace.h"
#include "analysis/WakerSlots.h"

namespace threadhop {

WaiterEvidence findWaiters(const SlotStore &Store, WaiterUnit &Unit);

} // namespace threadhop

#endif
