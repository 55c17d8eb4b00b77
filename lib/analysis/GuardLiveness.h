//===--- GuardLiveness.h - guards alive at suspensions ----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A forward may-analysis on clang's CFG with implicit and temporary
// destructors: at each suspension, which guards hold something on some path?
// A guard begins to hold when it is made (not if deferred or empty), locked or
// emplaced; it ends with its destructor, when it is unlocked, released, reset,
// moved away, or given to somebody who may release it. Conditions that no path
// can change are remembered, so that "if (x) unlock; ... if (!x)" is followed
// correctly.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_GUARDLIVENESS_H
#define THREADHOP_ANALYSIS_GUARDLIVENESS_H

#include "analysis/GuardTypes.h"
#include "analysis/ObjectPath.h"
#include "analysis/Release.h"
#include "analysis/Suspension.h"

namespace clang {
class CXXBindTemporaryExpr;
} // namespace clang

namespace threadhop {

/// How a guard comes to be in a function.
enum class GuardOrigin {
  Local,      ///< A local variable, or a temporary that one extends.
  Parameter,  ///< A parameter by value.
  Capture,    ///< A capture by copy of the lambda whose body this is.
  Temporary,  ///< A temporary of a full expression.
  Allocated,  ///< Made with new and held by a local pointer.
  HandLocked, ///< A mutex locked by a call.
  PairedCall, ///< A scope opened by a call (model: paired_calls).
};

/// One guard that a function can hold.
struct TrackedGuard {
  GuardOrigin Origin = GuardOrigin::Local;
  GuardLeaf Leaf;
  ObjectPath Object; ///< Not for temporaries.
  const clang::CXXBindTemporaryExpr *Temporary = nullptr;
  /// The mutexes that a lock was made with, as far as they are objects.
  llvm::SmallVector<ObjectPath, 1> Mutexes;
  /// The call that locks or opens, for HandLocked and PairedCall.
  const clang::Expr *Acquire = nullptr;
  const PairedCallsModel *Pair = nullptr;
  /// Set where the CFG does not end it: the statement that it lives in.
  const clang::Stmt *Scope = nullptr;
  /// As a message names it; the type for a temporary or what has no name.
  std::string Name;
  bool IsNamed = true;
  clang::SourceLocation Loc;
  clang::SourceRange Range;
};

/// A guard and the suspensions that it is alive over, in source order.
struct HeldGuard {
  TrackedGuard Guard;
  std::vector<SuspensionPoint> At;
};

/// What the analysis stands on; all must outlive it.
struct GuardLivenessInputs {
  const clang::ASTContext &Context;
  const ModelIndex &Index;
  const GuardTypes &Guards;
  const Mutexes &Locks;
  ReleaseAnalysis &Releases;
};

/// The guards of \p Function that are alive over one of \p Points.
std::vector<HeldGuard> findHeldGuards(const clang::FunctionDecl *Function,
                                      const Suspensions &Points,
                                      const GuardLivenessInputs &Inputs);

} // namespace threadhop

#endif
