//===--- SuppressionFindings.h - findings about NOLINT comments -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_SUPPRESSIONFINDINGS_H
#define THREADHOP_DRIVER_SUPPRESSIONFINDINGS_H

#include "driver/Options.h"
#include "driver/Results.h"
#include "findings/Rules.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <map>

namespace threadhop::driver {

inline constexpr char UnusedSuppression[] = "threadhop-unused-suppression";
inline constexpr char UnexplainedSuppression[] =
    "threadhop-unexplained-suppression";

/// What the name of such a finding stands for, or an empty string for other
/// names.
llvm::StringRef suppressionRule(llvm::StringRef Name);

/// The kinds of such findings, as a check's page names its own.
llvm::ArrayRef<FindingKind> suppressionKinds(llvm::StringRef Name);

/// Gathers the comments that the units report; one in a header is used if one
/// unit uses it.
class SuppressionFindings {
public:
  void add(const UnitReport &Unit);

  /// The findings about them. \p Whole: every unit that may include a header
  /// was analysed; without that, only comments in the units' own files can be
  /// said to hide nothing.
  std::vector<Result> findings(const Options &Opts, bool Whole) const;

private:
  std::map<std::pair<std::string, unsigned>, SuppressionComment> Comments;
};

} // namespace threadhop::driver

#endif
