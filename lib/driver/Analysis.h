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
#include "driver/SharedHeaders.h"

namespace threadhop::driver {

/// Runs the checks over one unit in this process, through clang-tidy's own
/// library: its configuration, NOLINT and filters hold. \p Files, which lives
/// on the heap, is told everything that is read; \p Wanted learns which bodies
/// of library functions the analyses want. Where there is a precompiled header
/// for the \p Includes that the unit begins with, they are taken from there.
UnitReport analyse(const Unit &What, llvm::ArrayRef<std::string> Includes,
                   const AnalysisOptions &Opts, InputRecorder &Files,
                   WantedBodies &Wanted, SharedHeaders &Headers);

/// Makes a precompiled header for units like this one, if they may use one.
SharedHeaders::Making makeHeaders(const Unit &What,
                                  llvm::ArrayRef<std::string> Includes,
                                  const AnalysisOptions &Opts,
                                  WantedBodies &Wanted, SharedHeaders &Headers);

} // namespace threadhop::driver

#endif
