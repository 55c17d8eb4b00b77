//===--- HiddenFindings.h - what NOLINT comments hide in a unit -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// clang-tidy counts what it hides and forgets it. Findings of threadhop's own
// checks are known before clang-tidy sees them, so those that never came out
// and stand where a comment speaks of their check are the hidden ones.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_HIDDENFINDINGS_H
#define THREADHOP_DRIVER_HIDDENFINDINGS_H

#include "driver/NoLint.h"
#include "driver/Options.h"
#include "driver/Results.h"
#include "driver/SourceText.h"
#include "clang/Basic/SourceManager.h"
#include <map>
#include <set>
#include <string>

namespace clang::tidy {
class ClangTidyContext;
struct ClangTidyError;
} // namespace clang::tidy

namespace threadhop {
struct Finding;
} // namespace threadhop

namespace threadhop::driver {

/// The diagnostic that clang-tidy would make of a finding.
clang::tidy::ClangTidyError asError(llvm::StringRef CheckName,
                                    const Finding &Found,
                                    const clang::SourceManager &SM);

class HiddenFindings {
public:
  /// \p Wanted says whether anybody will ask for comments().
  HiddenFindings(std::string MainFile, std::string Directory, bool Wanted)
      : MainFile(std::move(MainFile)), Directory(std::move(Directory)),
        Wanted(Wanted) {}

  /// Takes the names of the unit's files that have comments.
  void see(const clang::SourceManager &SM);

  /// Takes a finding that did not come out. Sets its comment and returns true
  /// if there is one.
  bool hide(Result &R);

  /// Whether clang-tidy's filters of headers and lines would let it pass.
  static bool passesFilters(const Result &R, bool InMainFile,
                            bool InSystemHeader,
                            const clang::tidy::ClangTidyContext &Context);

  /// The comments of the unit's files. \p ByNoLint is what clang-tidy counted
  /// as hidden: where others than our findings are hidden too, comments that
  /// speak of all checks are taken as used.
  std::vector<SuppressionComment> comments(const AnalysisOptions &Opts,
                                           unsigned ByNoLint);

private:
  struct File {
    std::unique_ptr<NoLintDirectives> Directives;
    /// Of each directive: the patterns that hid something.
    std::map<size_t, std::set<std::string>> Used;
  };
  File &file(const std::string &Name);

  std::string MainFile;
  std::string Directory;
  bool Wanted;
  SourceCache Sources;
  std::map<std::string, File> Files;
  std::set<std::string> Seen; ///< Files with comments.
  unsigned Hidden = 0;
};

} // namespace threadhop::driver

#endif
