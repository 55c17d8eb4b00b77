//===--- Functions.cpp - the functions of a unit --------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Functions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {
const FunctionDecl *functionOf(const Decl *Var) {
  const auto *Function =
      dyn_cast_or_null<FunctionDecl>(Var->getParentFunctionOrMethod());
  return Function ? Function->getCanonicalDecl() : nullptr;
}

bool isWithin(const FunctionDecl *Inner, const FunctionDecl *Outer) {
  for (const DeclContext *Around = Inner->getParent(); Around;
       Around = Around->getParent())
    if (const auto *Function = dyn_cast<FunctionDecl>(Around))
      if (Function->getCanonicalDecl() == Outer->getCanonicalDecl())
        return true;
  return false;
}

Invocation invocationOf(const Expr *E) {
  Invocation Result;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    Result.Callee = Construct->getConstructor();
    Result.Args.append(Construct->arg_begin(), Construct->arg_end());
    return Result;
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call || !Call->getDirectCallee())
    return Result;
  Result.Callee = Call->getDirectCallee();
  unsigned First = 0;
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    Result.Object = Member->getImplicitObjectArgument();
  } else if (isa<CXXOperatorCallExpr>(Call) && Call->getNumArgs()) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Result.Callee);
    if (Method && !Method->isExplicitObjectMemberFunction()) {
      if (!Method->isStatic())
        Result.Object = Call->getArg(0);
      First = 1;
    }
  }
  for (unsigned I = First; I < Call->getNumArgs(); ++I)
    Result.Args.push_back(Call->getArg(I));
  return Result;
}

} // namespace threadhop
