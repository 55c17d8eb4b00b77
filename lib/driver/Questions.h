//===--- Questions.h - answers without an analysis --------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_QUESTIONS_H
#define THREADHOP_DRIVER_QUESTIONS_H

#include "driver/Options.h"

namespace threadhop::driver {

/// Prints the checks that are on for the first path (else for the current
/// folder), and those of threadhop that are off. Returns the exit status.
int listChecks(const Options &Opts);

/// Prints the page of a check, whose name may be without its prefix. Returns
/// the exit status.
int explainCheck(const std::string &Name);

/// Prints the configuration that holds for the first path.
int dumpConfig(const Options &Opts);

/// Looks for errors in the configuration of the paths, or of all units of the
/// database, without analysing anything.
int verifyConfig(const Options &Opts);

} // namespace threadhop::driver

#endif
