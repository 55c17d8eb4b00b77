//===--- Joins.h - what a sender does before its task has ended -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A task and its sender are never at an object at once if the sender waits for
// the task on every path before it touches the object again or returns. A wait
// is join, get, wait, acquire and the like on what the call gave (a thread, a
// future, a container of them), on the executor, or on something the task was
// given (a latch, the future of its promise); and the end of the scope of what
// joins when it is destroyed. Waits with a time limit, and co_await, are none.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_JOINS_H
#define THREADHOP_ANALYSIS_JOINS_H

#include "analysis/ObjectPath.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>

namespace clang {
class ASTContext;
class Expr;
class FunctionDecl;
} // namespace clang

namespace threadhop {

/// What the sender does with an object while the task may still run.
struct SenderTouch {
  enum Kind {
    Use,    ///< It names it.
    End,    ///< The object's scope ends.
    Return, ///< The function ends, and the object lives on for its callers.
  } K;
  clang::SourceLocation Loc;
};

/// The first touch of \p Object after the call \p Hop in \p Function that a
/// path reaches before a wait; nothing if every path waits first, or never
/// touches it. \p Given are the objects that the task got.
std::optional<SenderTouch>
touchBeforeJoin(const clang::FunctionDecl *Function, const clang::Expr *Hop,
                const ObjectPath &Object,
                llvm::ArrayRef<const clang::Expr *> Given,
                const clang::ASTContext &Context);

} // namespace threadhop

#endif
