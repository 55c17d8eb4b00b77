//===--- Sarif.h - results as a SARIF log -----------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SARIF 2.1.0, for GitHub, GitLab, editors and everything else that reads it.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_SARIF_H
#define THREADHOP_DRIVER_SARIF_H

#include "driver/Results.h"
#include "driver/SourceText.h"
#include "driver/VersionControl.h"
#include "llvm/ADT/StringRef.h"
#include <chrono>

namespace threadhop {
struct Rule;
} // namespace threadhop

namespace threadhop::driver {

inline constexpr char ProjectUri[] = "https://github.com/threadhop/threadhop";

/// What the fingerprints of a finding are called. The first one held the
/// message; it is written for one more release, and read.
inline constexpr char FindingV1[] = "threadhopFinding/v1";
inline constexpr char FindingV2[] = "threadhopFinding/v2";

/// What a log says of the run beside its results.
struct RunFacts {
  std::vector<std::string> CommandLine;
  std::string WorkingFolder;
  /// Files below it are named relative to it.
  std::string SourceRoot;
  /// The epoch where they are not known.
  std::chrono::system_clock::time_point Start;
  std::chrono::system_clock::time_point End;
  std::optional<VersionControl> Checkout;
  /// Files of clang-tidy that the results were read from; then CommandLine is
  /// the converter's, and nothing is known of the run itself.
  std::optional<std::vector<std::string>> Converted;
};

/// The repository that holds \p Folder, else \p Folder itself.
std::string sourceRootOf(llvm::StringRef Folder);

Json sarifLog(const Report &R, const RunFacts &Facts, SourceCache &Sources);

/// The rule of one of our checks, as its page describes it.
Json sarifRule(const Rule &Known);
/// The rule of another check, of which only the name is known.
Json sarifForeignRule(llvm::StringRef Check);
/// The tool, with these rules and what its notifications mean.
Json sarifDriver(Json Rules);

/// What the summary says of a run and its results do not.
Json sarifRunProperties(const Report &R, llvm::StringRef SourceRoot);

/// A log with that one run.
Json sarifLogOf(Json Run);

/// The log as text, in one line if it is large; bytes that are no UTF-8 are
/// replaced.
std::string sarifText(const Json &Log);

/// The URI of a file, and whether it is relative to \p SourceRoot.
std::pair<std::string, bool> artifactUri(llvm::StringRef File,
                                         llvm::StringRef SourceRoot);

/// Where clang-tidy tells of a check of its own.
std::string clangTidyPage(llvm::StringRef Check);

/// Percent-encodes what may not stand in a path of a URI.
std::string uriEncoded(llvm::StringRef Path);

/// The message as a sentence of SARIF's plain text: a capital letter, a
/// period, and brackets that look like a link escaped.
std::string sarifSentence(llvm::StringRef Message);

/// "threadhop-guard-across-suspension": "GuardAcrossSuspension".
std::string pascalCaseName(llvm::StringRef Check);

} // namespace threadhop::driver

#endif
