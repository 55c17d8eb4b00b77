//===--- TidyOptions.cpp - which checks are on ----------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stable checks are on unless the configuration speaks of them, as in the
// driver. ClangTidyModule's own way to say so is not used: clangd ignores it,
// and clang-tidy, which loads the same module as a plugin, must follow its
// --checks alone. clangd's own clang-tidy checks run as clangd runs them: who
// replaces clangd with this program must not lose any.
//
//===----------------------------------------------------------------------===//

#include "Clangd.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "config/CheckSelection.h"
#include "config/TolerantFile.h"
#include "findings/Rules.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <optional>
#include <string>
#include <vector>

using namespace llvm;
using clang::tidy::ClangTidyOptions;
using clang::tidy::DiagCallback;

using TidyProviderRef = function_ref<void(ClangTidyOptions &, StringRef)>;

ClangTidyOptions realOptions(TidyProviderRef Provider, StringRef File)
    THREADHOP_REAL(TIDY_OPTIONS);
ClangTidyOptions hookedOptions(TidyProviderRef Provider, StringRef File)
    THREADHOP_HOOK(TIDY_OPTIONS);

std::optional<bool> realIsFast(StringRef Check) THREADHOP_REAL(IS_FAST);
std::optional<bool> hookedIsFast(StringRef Check) THREADHOP_HOOK(IS_FAST);

ErrorOr<ClangTidyOptions> realParse(MemoryBufferRef Text, DiagCallback Say)
    THREADHOP_REAL(TIDY_FILE);
ErrorOr<ClangTidyOptions> hookedParse(MemoryBufferRef Text, DiagCallback Say)
    THREADHOP_HOOK(TIDY_FILE);

// What clangd is told of here goes to its log.
ErrorOr<ClangTidyOptions> hookedParse(MemoryBufferRef Text, DiagCallback Say) {
  return threadhop::parseTolerantly(Text, realParse, Say, Say);
}

// The nearest .clang-tidy from a folder upwards, which clangd reads.
static std::string fileAbove(StringRef Folder) {
  for (; !Folder.empty(); Folder = sys::path::parent_path(Folder)) {
    SmallString<256> File(Folder);
    sys::path::append(File, ".clang-tidy");
    if (sys::fs::is_regular_file(File))
      return std::string(File);
  }
  return "";
}

// .clang-tidy and .clangd have been merged by now, so clangd's own default
// checks, which are for files without any configuration, stay as they are.
ClangTidyOptions hookedOptions(TidyProviderRef Provider, StringRef File) {
  static const std::vector<std::string> Stable =
      threadhop::defaultChecks(/*Preview=*/false);
  ClangTidyOptions Options = realOptions(Provider, File);
  if (!Provider) // Null with --clang-tidy=false.
    return Options;
  auto Above = [&](StringRef Folder) -> threadhop::PlaceConfig {
    SmallString<256> Source(Folder);
    sys::path::append(Source, "source.cpp");
    return {realOptions(Provider, Source), fileAbove(Folder)};
  };
  std::string Theirs = Options.Checks.value_or("");
  std::vector<std::string> Ours;
  if (!threadhop::mutes({Options, fileAbove(sys::path::parent_path(File))},
                        Above))
    Ours = threadhop::ourChecks(Stable, Theirs);
  // The last pattern decides.
  Options.Checks = Theirs + ",-threadhop*," + join(Ours, ",");
  return Options;
}

// clangd runs the checks that it has measured to be fast, unless
// FastCheckFilter says otherwise. Ours are not in its table.
std::optional<bool> hookedIsFast(StringRef Check) {
  return threadhop::findRule(Check) ? true : realIsFast(Check);
}
