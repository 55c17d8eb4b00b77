//===--- Driver.h - the threadhop program -----------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_DRIVER_H
#define THREADHOP_DRIVER_DRIVER_H

#include "driver/Baseline.h"
#include "driver/Options.h"
#include "driver/Sarif.h"

namespace threadhop::driver {

/// The program behind main(), worker or driver. Returns the exit status.
int driverMain(int Argc, const char **Argv);

/// What is known when a run starts, but for the time.
RunFacts factsOf(const Options &Opts);

/// Writes all that was asked for. Whatever cannot be written is named, and the
/// rest is written all the same. \p Absent are results of \p Known that are
/// gone.
bool writeReport(const Options &Opts, const Report &R, const Baseline *Known,
                 const std::vector<Json> &Absent, const RunFacts &Facts,
                 SourceCache &Sources);

} // namespace threadhop::driver

#endif
