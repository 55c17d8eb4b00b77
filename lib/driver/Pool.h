//===--- Pool.h - runs units in worker processes ----------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A worker is this program again, started with a hidden argument. It handles
// many units in turn; when one of them kills it, only that unit is lost and
// another worker takes its place.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_POOL_H
#define THREADHOP_DRIVER_POOL_H

#include "driver/LeadingIncludes.h"
#include "driver/Results.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace threadhop::driver {

/// How a unit ended.
struct UnitOutcome {
  bool Done = false;   ///< A report came back.
  UnitReport Report;   ///< When done.
  UnitFailure Failure; ///< When not; without the file and the command.
  std::string Printed; ///< What the worker printed meanwhile.
};

struct PoolOptions {
  std::string Program; ///< The executable that becomes a worker.
  AnalysisOptions Analysis;
  unsigned Jobs = 1;
  unsigned Timeout = 0; ///< Seconds for a unit; 0: none.
  /// Units that may share headers.
  std::vector<HeaderGroup> Groups;
};

/// Told what happens while the units run.
class PoolListener {
public:
  virtual ~PoolListener();
  virtual void started(unsigned Index) = 0;
  virtual void finished(unsigned Index, UnitOutcome Outcome) = 0;
  /// A few times a second.
  virtual void tick() = 0;
};

/// Runs all units. Returns false if SIGINT, SIGTERM or SIGHUP ended the run:
/// the workers are gone then, and units without an outcome were not analysed.
bool runUnits(llvm::ArrayRef<Unit> Units, const PoolOptions &Opts,
              PoolListener &Listener);

} // namespace threadhop::driver

#endif
