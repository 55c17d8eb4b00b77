//===--- UserCodeVisitor.h - walks what is not library code -----*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_SUPPORT_USERCODEVISITOR_H
#define THREADHOP_SUPPORT_USERCODEVISITOR_H

#include "support/SystemHeaders.h"
#include "clang/AST/RecursiveASTVisitor.h"

namespace threadhop {

/// Walks the user's code, instantiations included. Declarations in system
/// headers are not entered; what they instantiate with the user's types is the
/// library's.
template <typename Derived>
class UserCodeVisitor : public clang::RecursiveASTVisitor<Derived> {
public:
  explicit UserCodeVisitor(const clang::SourceManager &SM) : SM(SM) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return false; }

  bool TraverseDecl(clang::Decl *D) {
    if (D && !llvm::isa<clang::TranslationUnitDecl>(D) &&
        isInSystemHeader(D, SM))
      return true;
    return clang::RecursiveASTVisitor<Derived>::TraverseDecl(D);
  }

protected:
  const clang::SourceManager &SM;
};

} // namespace threadhop

#endif
