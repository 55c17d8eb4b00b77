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

/// Gives each result a fingerprint: what it says, and where in the program.
/// That is its check, kind and symbol and the function around it; for a check
/// that is not ours, of which no kind is known, its check, that function, the
/// file's name and the words of the line. There is no message in it, no line,
/// column or folder: it survives edits elsewhere in the file, a move of the
/// whole project, and another wording in a later release. It is made only of
/// what clang-tidy's own output tells as well. Results that are equal in this
/// are numbered in their order, so they must be sorted.
///
/// The older fingerprint, with the message in place of kind and symbol, is what
/// an earlier release would have made.
void setFingerprints(std::vector<Result> &Results, SourceCache &Sources);

/// A symbol without what changes when lines or folders move or an anonymous
/// namespace is spelled otherwise, and with single blanks.
std::string plainSymbol(llvm::StringRef Symbol);

/// A message without what changes when lines or folders move.
std::string withoutPlaces(llvm::StringRef Message);

} // namespace threadhop::driver

#endif
