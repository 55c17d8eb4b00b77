//===--- Annotations.h - threadhop's annotations ----------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The raw spellings ([[clang::annotate("threadhop::...", "reason")]]) that the
// header <threadhop/annotations.h> wraps.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_ANNOTATIONS_H
#define THREADHOP_ANALYSIS_ANNOTATIONS_H

#include "clang/AST/Type.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace clang {
class Decl;
} // namespace clang

namespace threadhop {

/// The annotations of the contract.
enum class Annotation {
  ThreadBound,
  ThreadConfined,
  SequenceConfined,
  Sendable,
  Hops,
  Stays,
  ResumesHere,
  ResumesElsewhere,
  Waker,
  SingleWaiter,
  Rendezvous,
};

/// The spelling inside the attribute, such as "threadhop::thread_bound".
llvm::StringRef annotationSpelling(Annotation Kind);

/// An annotation that was found on a declaration.
struct FoundAnnotation {
  std::string Reason; ///< The attribute's second string, or empty.
  clang::SourceLocation Loc;
};

/// Looks for \p Kind on \p D, its other declarations, and the template it was
/// made from.
std::optional<FoundAnnotation> findAnnotation(const clang::Decl *D,
                                              Annotation Kind);

/// Looks for \p Kind on a type: its typedefs as written, then its class.
std::optional<FoundAnnotation> findAnnotation(clang::QualType Type,
                                              Annotation Kind);

} // namespace threadhop

#endif
