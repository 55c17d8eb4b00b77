//===--- DeadErrorViews.h - errors that view dead storage -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds thrown or kept exceptions that view storage which is gone when a
// handler sees them: locals, by-value parameters and temporaries that unwinding
// destroys. A function that throws a view of what its parameter refers to is
// judged at its calls, through any depth of calls with visible bodies. A
// handler that ends the exception while the storage lives makes it harmless.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_DEADERRORVIEWS_H
#define THREADHOP_ANALYSIS_DEADERRORVIEWS_H

#include "analysis/Handlers.h"
#include "analysis/Views.h"
#include <vector>

namespace threadhop {

/// An error that leaves a function with a view.
struct ErrorView {
  clang::QualType Error;
  View What;
  const clang::Expr *Throw = nullptr; ///< The throw, or make_exception_ptr.
  /// Set if it is thrown elsewhere than at Throw: the rethrow_exception.
  const clang::Expr *Site = nullptr;
  /// Set if the error is not thrown here but kept: where.
  const clang::Expr *Kept = nullptr;
  /// The calls that lead to the throw, outermost first.
  llvm::SmallVector<const clang::Expr *, 2> Calls;
};

/// Such an error whose view is dead.
struct DeadErrorView : ErrorView {
  const clang::FunctionDecl *Function = nullptr;
  /// The handler that sees it in this function; null if it leaves.
  const clang::CXXCatchStmt *Handler = nullptr;

  /// What has to change: the throw, or the call that hands over the storage.
  const clang::Expr *at() const {
    return Calls.empty() ? Throw : Calls.front();
  }
};

class DeadErrorViewAnalysis {
public:
  DeadErrorViewAnalysis(const clang::ASTContext &Context) : Context(Context) {}

  /// The dead views of errors that are thrown in the function, or by what it
  /// calls with its own storage.
  const std::vector<DeadErrorView> &deadViews(const clang::FunctionDecl *F) {
    return summary(F).Dead;
  }

private:
  struct Summary {
    std::vector<DeadErrorView> Dead;
    std::vector<ErrorView> Escapes; ///< Said of the function's parameters.
  };

  const Summary &summary(const clang::FunctionDecl *Function);
  void judge(ErrorView E, const clang::Stmt *Site,
             const clang::FunctionDecl *Function, const TryBlocks &Blocks,
             Summary &Into);
  std::vector<ErrorView> thrownBy(const clang::Expr *E,
                                  const clang::FunctionDecl *Function);
  bool isWorthEntering(const Invocation &Call) const;

  const clang::ASTContext &Context;
  ViewAnalysis Looks;
  unsigned Depth = 0;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Summary>> Known;
};

} // namespace threadhop

#endif
