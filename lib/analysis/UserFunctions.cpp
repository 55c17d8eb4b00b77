//===--- UserFunctions.cpp - the functions of the user's code -------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/UserFunctions.h"
#include "analysis/Syntax.h"
#include "support/UserCodeVisitor.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace threadhop {
namespace {

class Lister : public UserCodeVisitor<Lister> {
public:
  Lister(ASTContext &Context, UserCode &Into)
      : UserCodeVisitor(Context.getSourceManager()), Into(Into) {}

  bool VisitFunctionDecl(FunctionDecl *Function) {
    if (Function->isThisDeclarationADefinition() &&
        !Function->isDependentContext())
      add(Function);
    return true;
  }

  bool VisitFieldDecl(FieldDecl *Field) {
    if (!Field->getDeclContext()->isDependentContext())
      Into.Fields.push_back(Field);
    return true;
  }

  bool VisitVarDecl(VarDecl *Var) {
    if (!isa<ParmVarDecl>(Var) && !Var->getDeclContext()->isDependentContext())
      Into.Variables.push_back(Var);
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
    } else if (!Lambda->getCallOperator()->isDependentContext()) {
      add(Lambda->getCallOperator());
    }
    return true;
  }

private:
  void add(const FunctionDecl *Function) {
    if (visibleBody(Function) &&
        Seen.insert(Function->getCanonicalDecl()).second)
      Into.Functions.push_back(Function->getDefinition());
  }

  UserCode &Into;
  llvm::SmallPtrSet<const Decl *, 32> Seen;
};

} // namespace

UserCode listUserCode(ASTContext &Context) {
  UserCode Code;
  Lister Visitor(Context, Code);
  // In an editor only the declarations of the open file are in scope.
  for (Decl *D : Context.getTraversalScope())
    Visitor.TraverseDecl(D);
  return Code;
}

} // namespace threadhop
