//===--- Fingerprint.h - tells results apart over time ----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_FINGERPRINT_H
#define THREADHOP_DRIVER_FINGERPRINT_H

#include "driver/Results.h"
#include "driver/SourceText.h"
#include "llvm/ADT/StringRef.h"

namespace threadhop::driver {

/// The hash of each line as GitHub's code scanning makes it
/// ("primaryLocationLineHash"): "<hash in hex>:<count of that hash so far>".
std::vector<std::string> lineHashes(llvm::StringRef Text);

/// Gives each result a fingerprint from its check, its message and the function
/// around it, without lines, columns and folders: it survives edits elsewhere
/// in the file and a move of the whole project. It is made only of what
/// clang-tidy's own output tells as well. Results that are equal in this are
/// numbered in their order, so they must be sorted.
void setFingerprints(std::vector<Result> &Results, SourceCache &Sources);

/// A message without what changes when lines or folders move.
std::string withoutPlaces(llvm::StringRef Message);

} // namespace threadhop::driver

#endif
