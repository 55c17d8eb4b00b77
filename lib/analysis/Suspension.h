//===--- Suspension.h - where a function may be suspended -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_SUSPENSION_H
#define THREADHOP_ANALYSIS_SUSPENSION_H

#include "analysis/Resumption.h"
#include "llvm/ADT/SmallVector.h"

namespace clang {
class CoroutineBodyStmt;
class FunctionDecl;
class Stmt;
} // namespace clang

namespace threadhop {

/// How a suspension is written.
enum class SuspensionKind {
  Await,   ///< co_await.
  Yield,   ///< co_yield.
  Call,    ///< A call that suspends a stackful coroutine or fiber.
  Initial, ///< The coroutine's initial suspension.
  Final,   ///< Its final suspension.
};

/// One place where a function may be suspended.
struct SuspensionPoint {
  SuspensionKind Kind;
  /// The expression; for Initial and Final, null.
  const clang::Expr *E = nullptr;
  clang::SourceLocation Loc;
  ResumptionVerdict Resumes;
};

/// The suspensions of one function, in source order, without those that are
/// known never to happen.
class Suspensions {
public:
  Suspensions(const clang::FunctionDecl *Function, const ModelIndex &Index,
              const ResumptionAnalysis &Resumptions);

  llvm::ArrayRef<SuspensionPoint> points() const { return Points; }
  /// The point that \p E is, or null.
  const SuspensionPoint *at(const clang::Expr *E) const;
  /// The implicit suspensions, or null where the promise's awaiters never
  /// suspend.
  const SuspensionPoint *initial() const;
  const SuspensionPoint *final() const;
  bool isCoroutine() const { return Coroutine != nullptr; }

private:
  void addImplicit(const clang::Stmt *S, SuspensionKind Kind,
                   const ResumptionAnalysis &Resumptions);

  const clang::FunctionDecl *Function;
  const clang::CoroutineBodyStmt *Coroutine = nullptr;
  std::vector<SuspensionPoint> Points;
};

/// Whether the call suspends a stackful coroutine: a modelled function, or one
/// that is given a modelled argument (a yield_context).
bool isStackfulSuspension(const clang::Expr *Call, const ModelIndex &Index);

} // namespace threadhop

#endif
