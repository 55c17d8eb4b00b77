//===--- StackViews.h - values that point to local objects ------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which local variables of a function does a value point to, refer to or view?
// Through pointers and views that are kept in other variables, members that are
// filled one by one, constructors and helpers whose bodies are visible, and
// closures. A flow analysis on clang's CFG tells what a variable holds at a
// place.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_STACKVIEWS_H
#define THREADHOP_ANALYSIS_STACKVIEWS_H

#include "clang/AST/Type.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <map>
#include <set>

namespace clang {
class Expr;
class FieldDecl;
class FunctionDecl;
class ParmVarDecl;
class Stmt;
class VarDecl;
} // namespace clang

namespace threadhop {

/// Whether a value of the type can hold the address of something else.
bool canHoldAddress(clang::QualType Type, unsigned Depth = 6);

/// Whether the type is a view of what somebody else owns.
bool isView(clang::QualType Type);

class StackViews {
public:
  using Locals = std::set<const clang::VarDecl *>;

  /// \p Graph must have every expression as an element.
  StackViews(const clang::FunctionDecl *Function, const clang::CFG &Graph);

  /// The local objects of the function that the value of \p E, an argument of
  /// the element \p At, points to.
  Locals pointedTo(const clang::Expr *E, const clang::Stmt *At) const;

  /// As pointedTo, for a value of which \p E becomes a view: the local objects
  /// that it lies in.
  Locals viewed(const clang::Expr *E, const clang::Stmt *At) const;

private:
  /// A variable as a whole, or one member of it.
  using Place = std::pair<const clang::VarDecl *, const clang::FieldDecl *>;
  using State = std::map<Place, Locals>;
  using Arguments =
      llvm::DenseMap<const clang::ParmVarDecl *, const clang::Expr *>;

  struct Reader;
  bool isLocal(const clang::VarDecl *Var) const;
  void element(const clang::CFGElement &Element, State &Current) const;

  const clang::FunctionDecl *Function;
  std::map<const clang::Stmt *, State> Before; ///< At calls.
};

} // namespace threadhop

#endif
