//===--- ViewsBody.cpp - how a body changes its variables -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ViewsBody.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

std::optional<RootedPath> rootedPath(const Expr *E) {
  E = stripForwarding(E);
  if (isa<CXXThisExpr>(E))
    return RootedPath();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Var)
      return std::nullopt;
    // A local reference is another name of what it was made from.
    if (Var->isLocalVarDecl() && Var->getType()->isReferenceType() &&
        Var->getInit())
      if (auto Original = rootedPath(Var->getInit()))
        return Original;
    return RootedPath{Var, {}};
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return std::nullopt;
    auto Result = rootedPath(Member->getBase());
    if (Result)
      Result->Members.push_back(Field);
    return Result;
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    if (Unary->getOpcode() == UO_Deref || Unary->getOpcode() == UO_AddrOf)
      return rootedPath(Unary->getSubExpr());
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E))
    return rootedPath(Index->getBase());
  // Calls that return their object, or an element of it.
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
    if (Call->isGLValue() || Call->getType()->isPointerType())
      return rootedPath(Call->getImplicitObjectArgument());
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
    if ((Operator->isGLValue() || Operator->getType()->isPointerType()) &&
        Operator->getNumArgs())
      return rootedPath(Operator->getArg(0));
  return std::nullopt;
}

ViewAnalysis::Body::Body(const Stmt *Root) { walk(Root, 0); }

bool ViewAnalysis::Body::isInside(unsigned Inner, unsigned Outer) const {
  for (; Inner != Outer; Inner = Parents[Inner])
    if (!Inner)
      return false;
  return true;
}

void ViewAnalysis::Body::walk(const Stmt *S, unsigned Region) {
  if (!S || isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr>(S))
    return;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const Expr *Init : Lambda->capture_inits())
      walk(Init, Region);
    return;
  }
  if (const auto *Suspend = dyn_cast<CoroutineSuspendExpr>(S))
    return walk(Suspend->getCommonExpr(), Region);
  if (const auto *Coroutine = dyn_cast<CoroutineBodyStmt>(S))
    return walk(Coroutine->getBody(), Region);
  const auto *Binary = dyn_cast<BinaryOperator>(S);
  bool Branches =
      isa<IfStmt, ForStmt, CXXForRangeStmt, WhileStmt, DoStmt, SwitchStmt,
          CXXTryStmt, CXXCatchStmt, AbstractConditionalOperator>(S) ||
      (Binary && Binary->isLogicalOp());
  for (const Stmt *Child : S->children()) {
    unsigned Inner = Region;
    if (Branches && Child) {
      Inner = Parents.size();
      Parents.push_back(Region);
    }
    walk(Child, Inner);
  }
  if (const auto *E = dyn_cast<Expr>(S))
    note(E, Region);
}

void ViewAnalysis::Body::note(const Expr *E, unsigned Region) {
  unsigned Order = ++Next;
  if (isa<DeclRefExpr, CXXThisExpr>(E)) {
    Uses[E] = {Order, Region};
    return;
  }
  auto add = [&](decltype(Change::Kind) Kind, const Expr *Target,
                 const Expr *Value, unsigned Argument = 0) {
    if (auto Path = rootedPath(Target))
      Changes.push_back(
          {Kind, Path->Root, Path->Members, Value, Argument, Order, Region});
  };
  if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->getOpcode() == BO_Assign)
      add(Change::Assigned, Binary->getLHS(), Binary->getRHS());
    return;
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
      Operator && Operator->getOperator() == OO_Equal &&
      Operator->getNumArgs() == 2) {
    // The user's own assignment operator is looked into like any member.
    const auto *Method =
        dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
    if (!Method || Method->isDefaulted() || isStandard(Method) ||
        !visibleBody(Method)) {
      add(Change::Assigned, Operator->getArg(0), Operator->getArg(1));
      return;
    }
  }
  Invocation Call = invocationOf(E);
  if (!Call)
    return;
  if (Call.Object) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
    if (isStandard(Call.Callee)) {
      if (Call.Callee->getIdentifier() &&
          isOneOf(Call.Callee->getName(),
                  {"push_back", "emplace_back", "push_front", "emplace_front",
                   "insert", "emplace", "assign", "push", "append_range",
                   "try_emplace", "insert_or_assign"}))
        add(Change::Added, Call.Object, E);
    } else if (Method && !Method->isConst() && visibleBody(Method)) {
      add(Change::Called, Call.Object, E);
    }
  }
  if (isStandard(Call.Callee) || !visibleBody(Call.Callee))
    return;
  for (unsigned I = 0; I < Call.Args.size() && I < Call.Callee->getNumParams();
       ++I) {
    QualType Type = Call.Callee->getParamDecl(I)->getType();
    if (isMutableReference(Type) && Type->getPointeeType()->isRecordType())
      add(Change::PassedTo, Call.Args[I], E, I);
  }
}

} // namespace threadhop
