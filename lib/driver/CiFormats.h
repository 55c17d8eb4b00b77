//===--- CiFormats.h - results for GitHub and GitLab ------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_CIFORMATS_H
#define THREADHOP_DRIVER_CIFORMATS_H

#include "driver/Results.h"
#include "driver/SourceText.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace threadhop::driver {

/// GitHub's workflow commands, which become annotations of a pull request:
/// "::warning file=...,line=...::message". Compiler errors are among them.
std::string githubCommands(llvm::ArrayRef<Result> Results,
                           llvm::StringRef SourceRoot, SourceCache &Sources);

/// A Code Quality report of GitLab.
std::string gitlabReport(llvm::ArrayRef<Result> Results,
                         llvm::StringRef SourceRoot);

} // namespace threadhop::driver

#endif
