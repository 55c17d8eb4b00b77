//===--- CheckSelection.h - which checks run on a project -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A list in a project's .clang-tidy was written for clang-tidy's own checks. It
// decides about ours only where it names them, or where it turns everything
// off, as projects do for folders with others' code.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_CONFIG_CHECKSELECTION_H
#define THREADHOP_CONFIG_CHECKSELECTION_H

#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace threadhop {

/// The names of our stable checks, or of all with \p Preview.
std::vector<std::string> defaultChecks(bool Preview);

/// Whether one of the patterns, with '-' or without, names checks of ours.
bool speaksOfOurs(llvm::StringRef Globs);

/// The patterns that a list leaves on: those behind its last "-*" that none
/// behind them takes back. They are parts of \p Globs. \p Whole is set if there
/// is such a "-*".
std::vector<llvm::StringRef> leftOn(llvm::StringRef Globs, bool &Whole);

/// Which of our checks are on: of those that are on by \p Defaults, what the
/// project's list says if it speaks of ours.
std::vector<std::string> ourChecks(const std::vector<std::string> &Defaults,
                                   llvm::StringRef ProjectGlobs);

/// What a project's configuration says at one place.
struct PlaceConfig {
  clang::tidy::ClangTidyOptions Options;
  /// The file that it comes from, the nearest where several are merged; empty
  /// if there is none.
  std::string File;
};

/// Whether the configuration turns everything off. As clang-tidy refuses an
/// empty list, that is also one check that cannot report anything there: one
/// for the code of a single project (llvm-twine-local), one for headers with
/// endings that no header has, or any single check without options below a
/// configuration that has more on. \p Above gives what holds for a folder.
bool mutes(const PlaceConfig &Config,
           llvm::function_ref<PlaceConfig(llvm::StringRef Folder)> Above);

} // namespace threadhop

#endif
