//===--- Suspension.cpp - where a function may be suspended ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Suspension.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

bool isStackfulSuspension(const Expr *E, const ModelIndex &Index) {
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call)
    return false;
  if (Index.SuspendingCalls.find(Call))
    return true;
  if (Index.SuspendingArguments.empty() || isa<CXXOperatorCallExpr>(Call))
    return false;
  const FunctionDecl *Callee = Call->getDirectCallee();
  llvm::StringRef Name = calleeName(Call);
  // These only look at the token or carry it on.
  if (!Callee || isInStd(Callee) || Name.starts_with("get_associated") ||
      Name.starts_with("bind_") || Name == "spawn")
    return false;
  // Here the completion token is the last argument; a context given as the
  // first only says where to run.
  if (isOneOf(Name, {"co_spawn", "post", "dispatch", "defer"})) {
    for (unsigned I = Call->getNumArgs(); I != 0; --I)
      if (!isa<CXXDefaultArgExpr>(Call->getArg(I - 1)))
        return Index.SuspendingArguments.find(Call->getArg(I - 1)->getType(),
                                              /*Bases=*/true);
    return false;
  }
  for (const Expr *Arg : Call->arguments())
    if (Index.SuspendingArguments.find(Arg->getType(), /*Bases=*/true))
      return true;
  return false;
}

Suspensions::Suspensions(const FunctionDecl *Function, const ModelIndex &Index,
                         const ResumptionAnalysis &Resumptions)
    : Function(Function) {
  const Stmt *Body = visibleBody(Function);
  if (!Body)
    return;
  Coroutine = dyn_cast<CoroutineBodyStmt>(Body);
  if (Coroutine)
    addImplicit(Coroutine->getInitSuspendStmt(), SuspensionKind::Initial,
                Resumptions);
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Suspend = dyn_cast<CoroutineSuspendExpr>(S)) {
      const auto *Await = dyn_cast<CoawaitExpr>(Suspend);
      if (Await && Await->isImplicit())
        return true;
      SuspensionPoint Point;
      Point.Kind = Await ? SuspensionKind::Await : SuspensionKind::Yield;
      Point.E = Suspend;
      Point.Loc = Suspend->getKeywordLoc();
      Point.Resumes = Resumptions.resumesAt(Suspend, Function);
      if (Point.Resumes.Where != Resumption::NeverSuspends)
        Points.push_back(std::move(Point));
    } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
      if (!Coroutine && isStackfulSuspension(Call, Index)) {
        SuspensionPoint Point;
        Point.Kind = SuspensionKind::Call;
        Point.E = Call;
        Point.Loc = Call->getExprLoc();
        Points.push_back(std::move(Point));
      }
    }
    return true;
  });
  if (Coroutine)
    addImplicit(Coroutine->getFinalSuspendStmt(), SuspensionKind::Final,
                Resumptions);
}

void Suspensions::addImplicit(const Stmt *S, SuspensionKind Kind,
                              const ResumptionAnalysis &Resumptions) {
  const auto *E = dyn_cast_or_null<Expr>(S);
  const auto *Suspend =
      dyn_cast_or_null<CoroutineSuspendExpr>(E ? stripWrapping(E) : nullptr);
  if (!Suspend || Resumptions.neverSuspends(Suspend))
    return;
  SuspensionPoint Point;
  Point.Kind = Kind;
  Point.Loc = Function->getLocation();
  Points.push_back(std::move(Point));
}

const SuspensionPoint *Suspensions::at(const Expr *E) const {
  for (const SuspensionPoint &Point : Points)
    if (Point.E && Point.E == E)
      return &Point;
  return nullptr;
}

const SuspensionPoint *Suspensions::initial() const {
  for (const SuspensionPoint &Point : Points)
    if (Point.Kind == SuspensionKind::Initial)
      return &Point;
  return nullptr;
}

const SuspensionPoint *Suspensions::final() const {
  for (const SuspensionPoint &Point : Points)
    if (Point.Kind == SuspensionKind::Final)
      return &Point;
  return nullptr;
}

} // namespace threadhop
