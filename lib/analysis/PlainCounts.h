//===--- PlainCounts.h - reference counts that are not atomic ---*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_PLAINCOUNTS_H
#define THREADHOP_ANALYSIS_PLAINCOUNTS_H

#include "clang/Basic/SourceLocation.h"
#include <optional>

namespace clang {
class CXXRecordDecl;
class FieldDecl;
} // namespace clang

namespace threadhop {

/// The evidence that a class counts references without atomic operations.
struct PlainCount {
  const clang::FieldDecl *Counter; ///< The pointer to it, or the count itself.
  clang::SourceLocation Increment; ///< In the copy constructor.
  clang::SourceLocation Decrement; ///< In the destructor.
};

/// Tells whether the class is a counted pointer with a plain count: its copy
/// constructor increments an integer that it reaches through a pointer, and
/// its destructor decrements the same one (rule 4A.1). Visible callees are
/// looked into; a std::atomic, or one of the compiler's atomic built-ins, is no
/// plain integer. A count that each object has for itself is none.
std::optional<PlainCount> inferPlainCount(const clang::CXXRecordDecl *Record);

} // namespace threadhop

#endif
