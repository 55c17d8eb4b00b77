//===--- Diagnostics.h - results out of diagnostics -------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang-tidy's diagnostics, as a unit gives them or as --export-fixes writes
// them.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_DIAGNOSTICS_H
#define THREADHOP_DRIVER_DIAGNOSTICS_H

#include "driver/Results.h"
#include "driver/SourceText.h"
#include "clang/Tooling/Core/Diagnostic.h"

namespace threadhop::driver {

/// Makes results out of clang-tidy's diagnostics.
class DiagnosticConverter {
public:
  /// \p BuildDirectory is for relative names in diagnostics without their own.
  explicit DiagnosticConverter(std::string BuildDirectory)
      : Directory(std::move(BuildDirectory)) {}

  /// Names of files as all of \p Said spells them.
  Result convert(const clang::tooling::Diagnostic &Said);
  Place placeOf(const clang::tooling::DiagnosticMessage &Message);
  /// The highlighted stretch that starts at the place, else the token there.
  unsigned endOf(const Place &At, const std::vector<Stretch> &Highlights);
  const SourceText *source(llvm::StringRef File) { return Sources.get(File); }

private:
  std::string pathOf(llvm::StringRef File) const {
    return normalisedPath(File, Directory);
  }
  std::vector<Stretch>
  highlights(const clang::tooling::DiagnosticMessage &Message);
  std::vector<Change> changes(const clang::tooling::DiagnosticMessage &Message);

  std::string Directory;
  SourceCache Sources;
};

/// One name for each file: a header that is reached through a symbolic link is
/// the same header.
void unifyPaths(std::vector<Result> &Results);

} // namespace threadhop::driver

#endif
