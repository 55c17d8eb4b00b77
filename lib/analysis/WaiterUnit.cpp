//===--- WaiterUnit.cpp - who calls and awaits what in a unit -------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/WaiterUnit.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "analysis/WaiterTypes.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

/// The await_suspend that a suspension calls.
static const CXXMethodDecl *suspendMethod(const CoroutineSuspendExpr *E) {
  const Expr *Call = E->getSuspendExpr();
  const CXXMethodDecl *Method = nullptr;
  // A result that is a handle is wrapped: look for the call itself.
  visitEvaluated(Call, [&](const Stmt *S) {
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(S))
      if (!Method && calleeName(Member) == "await_suspend")
        Method = Member->getMethodDecl();
    return !Method;
  });
  return Method;
}

struct WaiterLister {
  explicit WaiterLister(WaiterUnit &Unit) : Unit(Unit) {}

  WaiterUnit &Unit;

  void function(const FunctionDecl *Function) {
    const Stmt *Body = visibleBody(Function);
    if (const auto *Coroutine = dyn_cast<CoroutineBodyStmt>(Body)) {
      protocol(Coroutine->getInitSuspendStmt());
      protocol(Coroutine->getFinalSuspendStmt());
    }
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
      if (Method->getIdentifier() &&
          isOneOf(Method->getName(),
                  {"final_suspend", "initial_suspend", "yield_value"}))
        protocol(Method->getReturnType());
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
      for (const CXXCtorInitializer *Init : Constructor->inits())
        if (Init->getInit() && Init->isWritten())
          scan(Function, Init->getInit());
    scan(Function, Body);
  }

  void protocol(QualType Type) {
    if (const CXXRecordDecl *Record =
            Type.getNonReferenceType()->getAsCXXRecordDecl())
      Unit.Protocol.insert(patternOf(Record));
  }
  void protocol(const Stmt *S) {
    if (!S)
      return;
    if (const auto *E = dyn_cast<CoroutineSuspendExpr>(S)) {
      if (const CXXMethodDecl *Method = suspendMethod(E))
        Unit.Protocol.insert(patternOf(Method->getParent()));
      return;
    }
    for (const Stmt *Child : S->children())
      protocol(Child);
  }

  void made(const FunctionDecl *In, const CXXRecordDecl *Record,
            const Expr *E) {
    if (Record)
      Unit.Made[patternOf(Record)].push_back({In, E});
  }

  void scan(const FunctionDecl *In, const Stmt *S) {
    llvm::SmallPtrSet<const Decl *, 8> Named;
    visitEvaluated(S, [&](const Stmt *Part) {
      if (const auto *Lambda = dyn_cast<LambdaExpr>(Part)) {
        if (const CXXMethodDecl *Operator = Lambda->getCallOperator())
          Unit.Lambdas[Operator->getCanonicalDecl()] = {In, Lambda};
        if (const FunctionTemplateDecl *Generic =
                Lambda->getDependentCallOperator())
          for (const FunctionDecl *Special : Generic->specializations())
            Unit.Lambdas[Special->getCanonicalDecl()] = {In, Lambda};
      } else if (const auto *Suspend = dyn_cast<CoroutineSuspendExpr>(Part)) {
        const CXXMethodDecl *Method = suspendMethod(Suspend);
        if (Method) {
          if (isa<CoyieldExpr>(Suspend))
            Unit.Protocol.insert(patternOf(Method->getParent()));
          else
            Unit.Awaits.push_back({In, Suspend, Method});
        }
      } else if (const auto *Call = dyn_cast<CallExpr>(Part)) {
        if (const FunctionDecl *Callee = Call->getDirectCallee())
          Unit.Calls[Callee->getCanonicalDecl()].push_back({In, Call});
      } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Part)) {
        const CXXConstructorDecl *Constructor = Construct->getConstructor();
        Unit.Calls[Constructor->getCanonicalDecl()].push_back({In, Construct});
        if (!Constructor->isCopyOrMoveConstructor())
          made(In, Constructor->getParent(), Construct);
      } else if (const auto *List = dyn_cast<InitListExpr>(Part)) {
        made(In, List->getType()->getAsCXXRecordDecl(), List);
      } else if (const auto *List = dyn_cast<CXXParenListInitExpr>(Part)) {
        made(In, List->getType()->getAsCXXRecordDecl(), List);
      } else if (const auto *Return = dyn_cast<ReturnStmt>(Part)) {
        returned(In, Return->getRetValue());
      } else if (const auto *Member = dyn_cast<MemberExpr>(Part)) {
        named(In, Member->getMemberDecl(), Named);
      } else if (const auto *Ref = dyn_cast<DeclRefExpr>(Part)) {
        named(In, Ref->getDecl(), Named);
      }
      return true;
    });
  }

  void named(const FunctionDecl *In, const ValueDecl *D,
             llvm::SmallPtrSet<const Decl *, 8> &Named) {
    const auto *Var = dyn_cast<VarDecl>(D);
    if (!isa<FieldDecl>(D) && !(Var && Var->hasGlobalStorage()))
      return;
    if (In && Named.insert(D->getCanonicalDecl()).second)
      Unit.Users[D->getCanonicalDecl()].push_back(In);
  }

  void returned(const FunctionDecl *In, const Expr *Value) {
    if (!In || !Value || !Value->isPRValue())
      return;
    const CXXRecordDecl *Record = Value->getType()->getAsCXXRecordDecl();
    if (!Record)
      return;
    Unit.Factories[patternOf(Record)].push_back({In, Value});
  }
};

WaiterUnit::WaiterUnit(Session &Unit)
    : Analyses(Unit), Context(Unit.Context), Functions(Unit.Code.Functions) {
  WaiterLister Lister(*this);
  for (const FunctionDecl *Function : Functions)
    Lister.function(Function);
  // Globals are made outside of functions.
  for (const VarDecl *Var : Unit.Code.Variables)
    if (Var->hasGlobalStorage() && !Var->isStaticLocal() && Var->hasInit() &&
        !Var->getType()->isDependentType())
      Lister.scan(nullptr, Var->getInit());
}

WaiterUnit &WaiterUnit::of(Session &Unit) {
  if (!Unit.Waiters)
    Unit.Waiters = std::make_shared<WaiterUnit>(Unit);
  return *Unit.Waiters;
}

llvm::ArrayRef<WaiterUnit::Place>
WaiterUnit::callsOf(const FunctionDecl *Function) const {
  auto It = Calls.find(Function->getCanonicalDecl());
  if (It == Calls.end())
    return {};
  return It->second;
}

llvm::ArrayRef<WaiterUnit::Place>
WaiterUnit::madeAt(const CXXRecordDecl *Record) const {
  auto It = Made.find(patternOf(Record));
  if (It == Made.end())
    return {};
  return It->second;
}

llvm::ArrayRef<WaiterUnit::Factory>
WaiterUnit::factoriesOf(const CXXRecordDecl *Record) const {
  auto It = Factories.find(patternOf(Record));
  if (It == Factories.end())
    return {};
  return It->second;
}

WaiterUnit::Place WaiterUnit::lambdaAt(const FunctionDecl *Function) const {
  auto It = Lambdas.find(Function->getCanonicalDecl());
  return It == Lambdas.end() ? Place{nullptr, nullptr} : It->second;
}

bool WaiterUnit::isProtocolAwaiter(const CXXRecordDecl *Record) const {
  return Protocol.contains(patternOf(Record));
}

llvm::ArrayRef<const FunctionDecl *>
WaiterUnit::usersOf(const ValueDecl *Member) const {
  auto It = Users.find(Member->getCanonicalDecl());
  if (It == Users.end())
    return {};
  return It->second;
}

const FunctionPaths &WaiterUnit::paths(const FunctionDecl *Function) {
  auto &Found = Paths[Function];
  if (!Found)
    Found = std::make_unique<FunctionPaths>(Function, Context);
  return *Found;
}

bool WaiterUnit::isInLoop(const FunctionDecl *Function, const Expr *E,
                          const Decl *Object) {
  if (!Function || !visibleBody(Function))
    return false;
  const ParentMap &Parents = paths(Function).parents();
  const SourceManager &SM = Context.getSourceManager();
  const Stmt *Child = E;
  for (const Stmt *S = Parents.getParent(E); S;
       Child = S, S = Parents.getParent(S)) {
    bool Loops = false;
    if (const auto *For = dyn_cast<ForStmt>(S))
      Loops = Child != For->getInit();
    else if (const auto *Range = dyn_cast<CXXForRangeStmt>(S))
      Loops = Child == Range->getBody();
    else
      Loops = isa<WhileStmt, DoStmt>(S);
    if (!Loops)
      continue;
    if (!Object)
      return true;
    SourceLocation Declared = SM.getExpansionLoc(Object->getLocation());
    SourceLocation Begin = SM.getExpansionLoc(S->getBeginLoc());
    SourceLocation End = SM.getExpansionLoc(S->getEndLoc());
    if (!SM.isBeforeInTranslationUnit(Begin, Declared) ||
        !SM.isBeforeInTranslationUnit(Declared, End))
      return true;
  }
  return false;
}

bool WaiterUnit::areAlternatives(const FunctionDecl *Function, const Expr *A,
                                 const Expr *B) {
  if (!Function || !visibleBody(Function))
    return false;
  const ParentMap &Parents = paths(Function).parents();
  llvm::DenseMap<const Stmt *, const Stmt *> Above; // Ancestor, child towards A
  const Stmt *Child = A;
  for (const Stmt *S = Parents.getParent(A); S;
       Child = S, S = Parents.getParent(S))
    Above[S] = Child;
  Child = B;
  for (const Stmt *S = Parents.getParent(B); S;
       Child = S, S = Parents.getParent(S)) {
    auto It = Above.find(S);
    if (It == Above.end())
      continue;
    const Stmt *Other = It->second;
    if (const auto *If = dyn_cast<IfStmt>(S))
      return (Other == If->getThen() && Child == If->getElse()) ||
             (Other == If->getElse() && Child == If->getThen());
    if (const auto *Conditional = dyn_cast<ConditionalOperator>(S))
      return Other != Child && Other != Conditional->getCond() &&
             Child != Conditional->getCond();
    return false;
  }
  return false;
}

} // namespace threadhop
