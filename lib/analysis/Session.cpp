//===--- Session.cpp - the analyses of one translation unit ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Session.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace threadhop {
namespace {

/// Lists the functions of the user's code. Library code in system headers is
/// not entered; what it instantiates with the user's types is the library's.
class FunctionLister : public RecursiveASTVisitor<FunctionLister> {
public:
  explicit FunctionLister(Session &S)
      : S(S), SM(S.Context.getSourceManager()) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return false; }

  bool TraverseDecl(Decl *D) {
    if (D && !isa<TranslationUnitDecl>(D) &&
        SM.isInSystemHeader(SM.getExpansionLoc(D->getLocation())))
      return true;
    return RecursiveASTVisitor::TraverseDecl(D);
  }

  bool VisitFunctionDecl(FunctionDecl *Function) {
    if (!Function->isThisDeclarationADefinition() ||
        Function->isDependentContext())
      return true;
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
    } else if (!Lambda->getCallOperator()->isDependentContext()) {
      add(Lambda->getCallOperator());
    }
    return true;
  }

private:
  void add(const FunctionDecl *Function) {
    const Stmt *Body = visibleBody(Function);
    if (!Body || !Seen.insert(Function->getCanonicalDecl()).second)
      return;
    S.Functions.push_back(Function);
    if (isa<CoroutineBodyStmt>(Body)) {
      S.Suspendable.push_back(Function);
      return;
    }
    if (S.Index.SuspendingCalls.empty() && S.Index.SuspendingArguments.empty())
      return;
    bool Suspends = false;
    visitEvaluated(Body, [&](const Stmt *Inner) {
      if (const auto *Call = dyn_cast<CallExpr>(Inner))
        Suspends |= isStackfulSuspension(Call, S.Index);
      return !Suspends;
    });
    if (Suspends)
      S.Suspendable.push_back(Function);
  }

  Session &S;
  const SourceManager &SM;
  llvm::SmallPtrSet<const Decl *, 32> Seen;
};

} // namespace

Session::Session(ASTContext &Context, std::shared_ptr<const Models> Rows)
    : Context(Context), Rows(std::move(Rows)), Index(*this->Rows, Context),
      Locks(Index), Guards(Context, Index, Locks),
      Sends(Context, Index, Guards), Hops(Index, Context),
      Resumptions(Index, Context, &Hops) {
  FunctionLister Lister(*this);
  // In an editor only the declarations of the open file are in scope.
  for (Decl *D : Context.getTraversalScope())
    Lister.TraverseDecl(D);
}

std::shared_ptr<Session> Session::get(ASTContext &Context,
                                      std::shared_ptr<const Models> Rows) {
  // One thread works on one unit at a time; the last check to let go of a
  // session ends it.
  static thread_local std::weak_ptr<Session> Last;
  if (std::shared_ptr<Session> Current = Last.lock())
    if (&Current->Context == &Context && Current->Rows == Rows)
      return Current;
  auto Made = std::make_shared<Session>(Context, std::move(Rows));
  Last = Made;
  return Made;
}

} // namespace threadhop
