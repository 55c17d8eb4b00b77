//===--- Convert.h - reads what clang-tidy exported -------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For those who run the checks as a plugin of clang-tidy: what --export-fixes
// wrote becomes the results of a run of the driver, and every output the driver
// has. What the YAML does not tell is not made up: who acts in a step of a
// finding, what NOLINT hid, and which units had no finding.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_CONVERT_H
#define THREADHOP_DRIVER_CONVERT_H

#include "driver/Options.h"
#include "driver/Results.h"

namespace threadhop::driver {

/// The results in the files, or in the YAML files below the folders, that
/// \p Paths names; sorted, each once, and not yet with fingerprints. What is
/// wrong becomes a failure of the report, and the rest is read all the same.
/// \p Files are those that were read, in order.
Report readExported(const std::vector<std::string> &Paths,
                    const std::string &SourceRoot,
                    std::vector<std::string> &Files,
                    std::vector<std::string> &Warnings);

/// "threadhop convert": returns the exit status, as that of a run.
int convertMain(const Options &Opts);

} // namespace threadhop::driver

#endif
