//===--- WaiterUnit.h - who calls and awaits what in a unit --- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the checks of the await protocol ask about a translation unit as a
// whole, made in one traversal: the functions with their calls, the awaits, the
// objects that are made, the functions that make awaiters.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_WAITERUNIT_H
#define THREADHOP_ANALYSIS_WAITERUNIT_H

#include "analysis/FunctionPaths.h"
#include "analysis/Session.h"
#include "llvm/ADT/DenseSet.h"

namespace clang {
class CoroutineSuspendExpr;
class CXXMethodDecl;
class FieldDecl;
class LambdaExpr;
class ValueDecl;
} // namespace clang

namespace threadhop {

class WaiterUnit {
public:
  /// The one of the session, made when first asked for.
  static WaiterUnit &of(Session &Unit);
  explicit WaiterUnit(Session &Unit);

  struct Place {
    const clang::FunctionDecl *In; ///< Null outside of functions.
    const clang::Expr *E;
  };
  struct Await {
    const clang::FunctionDecl *In;
    const clang::CoroutineSuspendExpr *E;
    const clang::CXXMethodDecl *Suspend; ///< The await_suspend it calls.
  };
  /// A return of an object by value.
  struct Factory {
    const clang::FunctionDecl *Function;
    const clang::Expr *Made;
  };

  Session &Analyses;
  clang::ASTContext &Context;
  /// Those of the session.
  const std::vector<const clang::FunctionDecl *> &Functions;
  std::vector<Await> Awaits;

  llvm::ArrayRef<Place> callsOf(const clang::FunctionDecl *Function) const;
  /// Where objects of the class are made other than by copying and moving.
  llvm::ArrayRef<Place> madeAt(const clang::CXXRecordDecl *Record) const;
  /// The functions that return an object of the class which they make.
  llvm::ArrayRef<Factory> factoriesOf(const clang::CXXRecordDecl *Record) const;
  /// Where a lambda is written; no place for other functions.
  Place lambdaAt(const clang::FunctionDecl *Function) const;
  /// The classes whose awaiting is part of a coroutine's own protocol: initial,
  /// final and yield suspension.
  bool isProtocolAwaiter(const clang::CXXRecordDecl *Record) const;
  /// The functions whose bodies name the member, or the variable that is no
  /// local one.
  llvm::ArrayRef<const clang::FunctionDecl *>
  usersOf(const clang::ValueDecl *Member) const;

  const FunctionPaths &paths(const clang::FunctionDecl *Function);

  /// True if the expression is in a loop of the function; with \p Object, in a
  /// loop that the variable is declared outside of.
  bool isInLoop(const clang::FunctionDecl *Function, const clang::Expr *E,
                const clang::Decl *Object = nullptr);
  /// True if only one of the two can be evaluated in one call of the function:
  /// they are in different branches of one condition.
  bool areAlternatives(const clang::FunctionDecl *Function,
                       const clang::Expr *A, const clang::Expr *B);

private:
  friend struct WaiterLister;

  llvm::DenseMap<const clang::Decl *, llvm::SmallVector<Place, 2>> Calls, Made;
  llvm::DenseMap<const clang::Decl *, llvm::SmallVector<Factory, 2>> Factories;
  llvm::DenseMap<const clang::Decl *, Place> Lambdas;
  llvm::DenseSet<const clang::Decl *> Protocol;
  llvm::DenseMap<const clang::Decl *,
                 llvm::SmallVector<const clang::FunctionDecl *, 4>>
      Users;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<FunctionPaths>>
      Paths;
};

} // namespace threadhop

#endif
