//===--- ViewsBody.h - how a body changes its variables ---------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to the view analysis.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_VIEWSBODY_H
#define THREADHOP_ANALYSIS_VIEWSBODY_H

#include "analysis/Views.h"
#include <map>
#include <vector>

namespace threadhop {

/// A place in a body that sets a variable, or a member of it.
struct ViewAnalysis::Change {
  enum { Assigned, Added, Called, PassedTo } Kind = Assigned;
  /// The variable; null for *this.
  const clang::VarDecl *Root = nullptr;
  MemberPath Members;
  /// Assigned: the value. Otherwise the call.
  const clang::Expr *E = nullptr;
  unsigned Argument = 0; ///< PassedTo
  unsigned Order = 0;
  unsigned Region = 0;
};

/// The changes in a body, and the order of its expressions.
class ViewAnalysis::Body {
public:
  explicit Body(const clang::Stmt *Root);

  std::vector<Change> Changes;
  /// Where the reference to a variable stands.
  llvm::DenseMap<const clang::Expr *, std::pair<unsigned, unsigned>> Uses;

  /// True if \p Inner is run only where \p Outer is.
  bool isInside(unsigned Inner, unsigned Outer) const;

private:
  void walk(const clang::Stmt *S, unsigned Region);
  void note(const clang::Expr *E, unsigned Region);

  unsigned Next = 0;
  std::vector<unsigned> Parents = {0};
};

/// The variable (null: *this) and the members that the expression names.
struct RootedPath {
  const clang::VarDecl *Root = nullptr;
  MemberPath Members;
};
std::optional<RootedPath> rootedPath(const clang::Expr *E);

} // namespace threadhop

#endif
