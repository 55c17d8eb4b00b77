//===--- Functions.h - calls, and where things are declared -----*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_FUNCTIONS_H
#define THREADHOP_ANALYSIS_FUNCTIONS_H

#include "llvm/ADT/SmallVector.h"

namespace clang {
class CXXConstructExpr;
class Decl;
class Expr;
class FunctionDecl;
} // namespace clang

namespace threadhop {

/// The function whose body declares the variable; null if none does.
const clang::FunctionDecl *functionOf(const clang::Decl *Var);

/// True if \p Outer is a function that the lambda \p Inner is written in, at
/// any depth.
bool isWithin(const clang::FunctionDecl *Inner,
              const clang::FunctionDecl *Outer);

/// A call of a function or constructor, whatever its syntax.
struct Invocation {
  const clang::FunctionDecl *Callee = nullptr;
  /// The object of a member function: an lvalue, or a pointer to it.
  const clang::Expr *Object = nullptr;
  /// The arguments by the number of their parameter, defaults included.
  llvm::SmallVector<const clang::Expr *, 4> Args;

  explicit operator bool() const { return Callee; }
};

/// What the expression itself calls; a false one if that is not known.
Invocation invocationOf(const clang::Expr *E);

} // namespace threadhop

#endif
