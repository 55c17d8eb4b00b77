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

using namespace clang;

namespace threadhop {
namespace {

/// Whether the function can be suspended in the midst of its body.
bool isSuspendable(const FunctionDecl *Function, const ModelIndex &Index) {
  const Stmt *Body = visibleBody(Function);
  if (isa<CoroutineBodyStmt>(Body))
    return true;
  if (Index.SuspendingCalls.empty() && Index.SuspendingArguments.empty())
    return false;
  bool Suspends = false;
  visitEvaluated(Body, [&](const Stmt *Inner) {
    if (const auto *Call = dyn_cast<CallExpr>(Inner))
      Suspends |= isStackfulSuspension(Call, Index);
    return !Suspends;
  });
  return Suspends;
}

} // namespace

Session::Session(ASTContext &Context, std::shared_ptr<const Models> Rows)
    : Context(Context), Rows(std::move(Rows)), Code(listUserCode(Context)),
      Index(*this->Rows, Context), Locks(Index), Guards(Context, Index, Locks),
      Sends(Context, Index, Guards), Hops(Index, Context),
      Resumptions(Index, Context, &Hops) {
  for (const FunctionDecl *Function : Code.Functions)
    if (isSuspendable(Function, Index))
      Suspendable.push_back(Function);
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
