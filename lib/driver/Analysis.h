//===--- Analysis.h - analyses one unit -------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_ANALYSIS_H
#define THREADHOP_DRIVER_ANALYSIS_H

#include "driver/Database.h"
#include "driver/Inputs.h"
#include "driver/LibraryBodies.h"
#include "driver/Options.h"
#include "driver/Results.h"

namespace threadhop::driver {

/// Runs the checks over one unit in this process, through clang-tidy's own
/// library: its configuration, NOLINT and filters hold. \p Files, which lives
/// on the heap, is told everything that is read; \p Wanted learns which bodies
/// of library functions the analyses want.
UnitReport analyse(const Unit &What, const AnalysisOptions &Opts,
                   InputRecorder &Files, WantedBodies &Wanted);

} // namespace threadhop::driver

#endif
