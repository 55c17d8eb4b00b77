//===--- Fixes.h - changes files as findings suggest ------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_FIXES_H
#define THREADHOP_DRIVER_FIXES_H

#include "driver/Options.h"
#include "driver/Results.h"
#include "llvm/ADT/ArrayRef.h"
#include <chrono>

namespace threadhop::driver {

struct FixOutcome {
  unsigned Applied = 0; ///< Findings whose fix is in the files now.
  unsigned Files = 0;   ///< Files that were changed.
  /// Why a fix was not applied, with its place.
  std::vector<std::string> Left;
  /// What went wrong: the run cannot be trusted then.
  std::vector<std::string> Errors;
};

/// Applies the fixes of the results that count, each whole or not at all. Not
/// applied is what comes only from units with errors, and what overlaps with a
/// fix before it. Around a change the code is cleaned up as clang-tidy does
/// it, and formatted if the configuration has a FormatStyle.
///
/// A file that was written after \p Analysed is left alone: the places in it
/// may be others now.
FixOutcome applyFixes(llvm::ArrayRef<Result> Results,
                      const AnalysisOptions &Opts,
                      std::chrono::system_clock::time_point Analysed);

} // namespace threadhop::driver

#endif
