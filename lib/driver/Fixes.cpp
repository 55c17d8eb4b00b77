//===--- Fixes.cpp - changes files as findings suggest --------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Fixes.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "driver/Config.h"
#include "driver/Messages.h"
#include "driver/OutputFile.h"
#include "clang/Format/Format.h"
#include "clang/Tooling/Core/Replacement.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>

using namespace clang;
using namespace llvm;

namespace threadhop::driver {
namespace {

/// The changes that fit together.
class Plan {
public:
  /// Takes all changes of a fix, or none if one does not fit.
  bool add(ArrayRef<Change> Changes);

  std::map<std::string, tooling::Replacements> Files;
};

} // namespace

bool Plan::add(ArrayRef<Change> Changes) {
  // On a copy of what the fix touches.
  std::map<std::string, tooling::Replacements> Tried;
  for (const Change &C : Changes) {
    auto [It, New] = Tried.try_emplace(C.File);
    if (New)
      if (auto Known = Files.find(C.File); Known != Files.end())
        It->second = Known->second;
    tooling::Replacement R(C.File, C.Offset, C.Length, C.Text);
    // Two findings may well want the same.
    if (is_contained(It->second, R))
      continue;
    if (Error Overlap = It->second.add(R)) {
      consumeError(std::move(Overlap));
      return false;
    }
  }
  for (auto &[File, Replacements] : Tried)
    Files[File] = std::move(Replacements);
  return true;
}

static Expected<std::string> changed(const std::string &File, StringRef Code,
                                     const tooling::Replacements &Replacements,
                                     tidy::ClangTidyOptionsProvider &Config) {
  auto Name = Config.getOptions(File).FormatStyle.value_or("none");
  auto Style = format::getStyle(Name, File, "none", Code);
  if (!Style)
    return makeError("FormatStyle '" + Name +
                     "': " + toString(Style.takeError()));
  auto Clean = format::cleanupAroundReplacements(Code, Replacements, *Style);
  if (Clean && Name != "none")
    Clean = format::formatReplacements(Code, *Clean, *Style);
  if (!Clean)
    return Clean.takeError();
  return tooling::applyAllReplacements(Code, *Clean);
}

static Error changeFile(const std::string &File,
                        const tooling::Replacements &Replacements,
                        tidy::ClangTidyOptionsProvider &Config,
                        std::chrono::system_clock::time_point Analysed) {
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(File, Status))
    return makeError(EC.message());
  if (Status.getLastModificationTime() > Analysed)
    return makeError("it was written while the run was going on");
  // Replacing the file would need no right to write it.
  if (std::error_code EC = sys::fs::access(File, sys::fs::AccessMode::Write))
    return makeError(EC.message());
  auto Old = MemoryBuffer::getFile(File);
  if (!Old)
    return makeError(Old.getError().message());
  auto New = changed(File, (*Old)->getBuffer(), Replacements, Config);
  if (!New)
    return New.takeError();
  if (Error Wrong = writeFile(File, *New))
    return Wrong;
  if (std::error_code EC = sys::fs::setPermissions(File, Status.permissions()))
    return makeError(EC.message());
  return Error::success();
}

FixOutcome applyFixes(ArrayRef<Result> Results, const AnalysisOptions &Opts,
                      std::chrono::system_clock::time_point Analysed) {
  FixOutcome Outcome;
  Plan Fitting;
  std::vector<const Result *> Planned;
  for (const Result &R : Results) {
    if (!R.counts() || R.Fixes.empty())
      continue;
    auto Leave = [&](const Twine &Why) {
      Outcome.Left.push_back((R.At.File + ":" + Twine(R.At.Line) + ":" +
                              Twine(R.At.Column) + ": the fix of '" + R.Check +
                              "' is not applied: " + Why)
                                 .str());
    };
    if (R.FromBrokenUnit)
      Leave("the unit has errors");
    else if (!Fitting.add(R.Fixes))
      Leave("it overlaps with another one; run --fix again");
    else
      Planned.push_back(&R);
  }
  auto Config = makeOptionsProvider(Opts);
  std::map<std::string, bool> Done;
  for (const auto &[File, Replacements] : Fitting.Files) {
    Error Wrong = changeFile(File, Replacements, *Config, Analysed);
    Done[File] = !Wrong;
    Outcome.Files += !Wrong;
    if (Wrong)
      Outcome.Errors.push_back("cannot fix '" + File +
                               "': " + toString(std::move(Wrong)));
  }
  for (const Result *R : Planned)
    Outcome.Applied +=
        all_of(R->Fixes, [&](const Change &C) { return Done[C.File]; });
  return Outcome;
}

} // namespace threadhop::driver
