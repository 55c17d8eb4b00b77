//===--- Functions.cpp - the functions of a unit --------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Functions.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace threadhop {
namespace {

class Lister : public RecursiveASTVisitor<Lister> {
public:
  explicit Lister(const ASTContext &Context) : SM(Context.getSourceManager()) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return false; }

  bool TraverseDecl(Decl *D) {
    if (D && !isa<TranslationUnitDecl>(D) &&
        SM.isInSystemHeader(SM.getExpansionLoc(D->getLocation())))
      return true;
    return RecursiveASTVisitor::TraverseDecl(D);
  }

  bool VisitFunctionDecl(FunctionDecl *Function) {
    if (Function->isThisDeclarationADefinition())
      add(Function);
    return true;
  }

  bool VisitLambdaExpr(LambdaExpr *Lambda) {
    // The visitor walks the body as part of the expression, not as a function.
    if (const FunctionTemplateDecl *Generic =
            Lambda->getDependentCallOperator()) {
      for (FunctionDecl *Special : Generic->specializations())
        if (Special->hasBody()) {
          add(Special);
          TraverseStmt(Special->getBody());
        }
    } else {
      add(Lambda->getCallOperator());
    }
    return true;
  }

  std::vector<const FunctionDecl *> Found;

private:
  void add(const FunctionDecl *Function) {
    if (!Function->isDependentContext() && visibleBody(Function) &&
        Seen.insert(Function->getCanonicalDecl()).second)
      Found.push_back(Function);
  }

  const SourceManager &SM;
  llvm::SmallPtrSet<const Decl *, 32> Seen;
};

} // namespace

std::vector<const FunctionDecl *> listFunctions(const ASTContext &Context) {
  Lister L(Context);
  // In an editor only the declarations of the open file are in scope.
  for (Decl *D : Context.getTraversalScope())
    L.TraverseDecl(D);
  return std::move(L.Found);
}

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
