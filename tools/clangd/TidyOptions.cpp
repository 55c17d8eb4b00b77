//===--- TidyOptions.cpp - which checks are on ----------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stable checks are on without any configuration. ClangTidyModule's own
// way to say so is not used: clangd ignores it, and clang-tidy, which loads the
// same module as a plugin, must follow its --checks alone.
//
//===----------------------------------------------------------------------===//

#include "Clangd.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "findings/Rules.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <optional>

using clang::tidy::ClangTidyOptions;
using llvm::StringRef;

using TidyProviderRef = llvm::function_ref<void(ClangTidyOptions &, StringRef)>;

ClangTidyOptions realOptions(TidyProviderRef Provider, StringRef File)
    THREADHOP_REAL(TIDY_OPTIONS);
ClangTidyOptions hookedOptions(TidyProviderRef Provider, StringRef File)
    THREADHOP_HOOK(TIDY_OPTIONS);

std::optional<bool> realIsFast(StringRef Check) THREADHOP_REAL(IS_FAST);
std::optional<bool> hookedIsFast(StringRef Check) THREADHOP_HOOK(IS_FAST);

static std::string stableChecks() {
  std::string Names;
  for (const threadhop::Rule &R : threadhop::rules())
    if (!R.Preview)
      Names += (R.Name + ",").str();
  return Names;
}

// In front of all that .clang-tidy and .clangd say: the last pattern decides.
// They have been merged by now, so clangd's own default checks, which are for
// files without any configuration, stay as they are.
ClangTidyOptions hookedOptions(TidyProviderRef Provider, StringRef File) {
  static const std::string Ours = stableChecks();
  ClangTidyOptions Options = realOptions(Provider, File);
  if (Provider) // Null with --clang-tidy=false.
    Options.Checks = Ours + Options.Checks.value_or("");
  return Options;
}

// clangd runs the checks that it has measured to be fast, unless
// FastCheckFilter says otherwise. Ours are not in its table.
std::optional<bool> hookedIsFast(StringRef Check) {
  return threadhop::findRule(Check) ? true : realIsFast(Check);
}
