//===--- FailureSummary.h - failures with the same cause --------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One header that was never generated makes a thousand units fail. They are
// counted and kept one by one, and told as one.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_FAILURESUMMARY_H
#define THREADHOP_DRIVER_FAILURESUMMARY_H

#include "driver/Database.h"
#include "driver/Results.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>

namespace threadhop::driver {

/// Says why the unit with these results did not parse: sets the text and, if
/// it may be other units' too, the cause. Builds write into \p BuildFolder;
/// empty if that is not known.
void explainParseFailure(UnitFailure &F, llvm::ArrayRef<Result> Results,
                         const Unit &What, llvm::StringRef BuildFolder);

/// A unit whose file or folder is not there.
UnitFailure missingFile(const Unit &What, llvm::StringRef BuildFolder);
UnitFailure missingFolder(const Unit &What);

/// Whether a file has a name that only generated ones have.
bool hasGeneratedName(llvm::StringRef File);

/// Failures that have the same cause, or a single one.
struct FailureGroup {
  std::vector<const UnitFailure *> Members;

  const UnitFailure &first() const { return *Members.front(); }
  /// What happened to all of them, with the names of the first \p MostNames.
  std::string sentence(size_t MostNames) const;
};

/// In the order of their first members.
std::vector<FailureGroup> groupFailures(llvm::ArrayRef<UnitFailure> Failures);

/// What an error of the compiler has in common with those at other places that
/// have the same reason, or an empty string.
llvm::StringRef commonReason(const Result &Error);

/// The results with each error of the compiler that many places have kept at
/// the first one, where the rest is counted. Nothing if that changes nothing.
std::optional<std::vector<Result>>
withoutRepeatedErrors(llvm::ArrayRef<Result> Results);

} // namespace threadhop::driver

#endif
