//===--- Resumption.h - where an await comes back ---------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers for one suspension: can it suspend at all, and if so, on which thread
// does the coroutine go on? Sources, in this order: annotations, models, the
// bodies of the awaiter that this unit shows, the coroutine's return type.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_RESUMPTION_H
#define THREADHOP_ANALYSIS_RESUMPTION_H

#include "analysis/Hops.h"
#include "clang/Basic/SourceLocation.h"
#include <string>

namespace clang {
class CoroutineSuspendExpr;
} // namespace clang

namespace threadhop {

/// Where a coroutine goes on, and how the tool knows.
struct ResumptionVerdict {
  Resumption Where = Resumption::Unknown;
  std::string Why;            ///< A clause for a note; empty if unknown.
  clang::SourceLocation Loc;  ///< What proves it, if it is in the source.
};

class ResumptionAnalysis {
public:
  /// \p Hops, if given, tells where an await_suspend hands the handle over.
  ResumptionAnalysis(const ModelIndex &Index, const clang::ASTContext &Context,
                     HopAnalysis *Hops = nullptr)
      : Index(Index), Context(Context), Hops(Hops) {}

  /// Where \p Coroutine goes on after \p Suspend (co_await or co_yield).
  ResumptionVerdict
  resumesAt(const clang::CoroutineSuspendExpr *Suspend,
            const clang::FunctionDecl *Coroutine) const;

  /// True if the suspension can be seen never to happen: await_ready is
  /// constantly true, or await_suspend constantly returns false.
  bool neverSuspends(const clang::CoroutineSuspendExpr *Suspend) const;

private:
  const ModelIndex &Index;
  const clang::ASTContext &Context;
  HopAnalysis *Hops;
};

} // namespace threadhop

#endif
