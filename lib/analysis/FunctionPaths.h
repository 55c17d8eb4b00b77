//===--- FunctionPaths.h - the ways through a function -------- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lists the paths through one function, for functions as small as those of the
// await protocol: what is evaluated, in order, and which way each condition
// went. A loop is gone through at most twice. Paths that take a condition on
// local values both ways are left out.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_FUNCTIONPATHS_H
#define THREADHOP_ANALYSIS_FUNCTIONPATHS_H

#include "clang/AST/ParentMap.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <memory>
#include <vector>

namespace clang {
class FunctionDecl;
} // namespace clang

namespace threadhop {

/// One thing that happens on a path.
struct PathEvent {
  enum EventKind {
    Evaluate, ///< The node S is evaluated; its parts were so before.
    Branch,   ///< The condition S came out as Taken.
    Destroy,  ///< The local variable Var ends.
  };
  EventKind Kind = Evaluate;
  const clang::Stmt *S = nullptr;
  bool Taken = false;
  /// The two ways of a branch cannot be told as true and false (a switch).
  bool IsSwitch = false;
  const clang::VarDecl *Var = nullptr;
  const clang::CFGBlock *Block = nullptr;
};

/// How a path ends.
enum class PathEnd {
  Return, ///< With a return statement, or at the end of a void function.
  Leave,  ///< By an exception or a function that does not return.
};

struct FunctionPath {
  std::vector<PathEvent> Events;
  PathEnd End = PathEnd::Return;
  /// The value returned; null without one.
  const clang::Expr *Returned = nullptr;
};

/// The paths of one function whose body is visible.
class FunctionPaths {
public:
  FunctionPaths(const clang::FunctionDecl *Function,
                clang::ASTContext &Context);
  ~FunctionPaths();

  /// Calls \p Visit for each path until it returns false. \returns false if
  /// there were too many to list them all.
  bool each(llvm::function_ref<bool(const FunctionPath &)> Visit) const;

  /// True if the other way of the branch can also lead to the block.
  bool otherWayReaches(const PathEvent &Branch,
                       const clang::CFGBlock *Target) const;

  const clang::ParentMap &parents() const { return *Parents; }
  /// The parent of \p S that is no parenthesis, implicit cast or temporary.
  const clang::Stmt *parentOf(const clang::Stmt *S) const;
  /// True if nothing looks at the value of the expression.
  bool isDiscarded(const clang::Expr *E) const;

private:
  struct Walk;

  std::unique_ptr<clang::CFG> Graph;
  std::unique_ptr<clang::ParentMap> Parents;
  clang::ASTContext &Context;
};

} // namespace threadhop

#endif
