//===--- MemberAccess.cpp - how code accesses a member --------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/MemberAccess.h"
#include "analysis/Mutexes.h"
#include "analysis/Syntax.h"
#include "analysis/WaiterTypes.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {

/// The value of an argument of type std::memory_order.
static std::optional<llvm::AtomicOrdering> orderOf(const Expr *E,
                                                   ASTContext &Context) {
  if (!E->getType()->isEnumeralType() && !E->getType()->isIntegerType())
    return std::nullopt;
  Expr::EvalResult Value;
  if (E->isValueDependent() || !E->EvaluateAsInt(Value, Context))
    return std::nullopt;
  int64_t Order = Value.Val.getInt().getExtValue();
  if (!llvm::isValidAtomicOrderingCABI(Order))
    return std::nullopt;
  switch (static_cast<llvm::AtomicOrderingCABI>(Order)) {
  case llvm::AtomicOrderingCABI::relaxed:
    return llvm::AtomicOrdering::Monotonic;
  case llvm::AtomicOrderingCABI::consume:
  case llvm::AtomicOrderingCABI::acquire:
    return llvm::AtomicOrdering::Acquire;
  case llvm::AtomicOrderingCABI::release:
    return llvm::AtomicOrdering::Release;
  case llvm::AtomicOrderingCABI::acq_rel:
    return llvm::AtomicOrdering::AcquireRelease;
  case llvm::AtomicOrderingCABI::seq_cst:
    return llvm::AtomicOrdering::SequentiallyConsistent;
  }
  return std::nullopt;
}

/// The first argument that is a memory order; seq_cst without one.
static std::optional<llvm::AtomicOrdering> orderIn(const CallExpr *Call,
                                                   ASTContext &Context) {
  for (const Expr *Arg : Call->arguments())
    if (const auto *Enum =
            Arg->getType().getNonReferenceType()->getAs<EnumType>())
      if (Enum->getDecl()->getIdentifier() &&
          Enum->getDecl()->getName() == "memory_order")
        return orderOf(Arg, Context);
  return llvm::AtomicOrdering::SequentiallyConsistent;
}

MemberAccess accessOf(const MemberExpr *Member, const FunctionPaths &Paths,
                      ASTContext &Context) {
  const bool Atomic = isAtomicType(Member->getType());
  const auto Sequential = llvm::AtomicOrdering::SequentiallyConsistent;
  const MemberAccess Read{true, false, Atomic, Sequential};
  const MemberAccess Write{false, true, Atomic, Sequential};
  const MemberAccess Both{true, true, Atomic, Sequential};
  const Stmt *Parent = Paths.parentOf(Member);
  if (!Parent)
    return {};
  if (const auto *Callee = dyn_cast<MemberExpr>(Parent)) {
    if (isa<FieldDecl>(Callee->getMemberDecl()))
      return accessOf(Callee, Paths, Context);
    const auto *Call =
        dyn_cast_or_null<CXXMemberCallExpr>(Paths.parents().getParent(Callee));
    if (!Call)
      return {};
    llvm::StringRef Name = calleeName(Call);
    if (isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl()))
      return Read;
    MemberAccess Access = Read;
    if (isOneOf(Name, {"store", "clear", "reset", "assign"}))
      Access = Write;
    else if (Name == "exchange" || Name == "test_and_set" || Name == "swap" ||
             Name.starts_with("fetch_") || Name.starts_with("compare_exchange"))
      Access = Both;
    else if (!Atomic &&
             (Name.starts_with("push") || Name.starts_with("emplace") ||
              Name.starts_with("pop") || Name == "insert" || Name == "erase"))
      Access = Write;
    if (Atomic)
      Access.Order = orderIn(Call, Context);
    return Access;
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent)) {
    if (stripWrapping(Operator->getArg(0)) != Member)
      return Read;
    switch (Operator->getOperator()) {
    case OO_Equal:
      return Write;
    case OO_PlusPlus:
    case OO_MinusMinus:
    case OO_PlusEqual:
    case OO_MinusEqual:
    case OO_PipeEqual:
    case OO_AmpEqual:
      return Both;
    default:
      return Read;
    }
  }
  if (const auto *Binary = dyn_cast<BinaryOperator>(Parent)) {
    if (!Binary->isAssignmentOp() || stripWrapping(Binary->getLHS()) != Member)
      return Read;
    return Binary->isCompoundAssignmentOp() ? Both : Write;
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(Parent))
    return Unary->isIncrementDecrementOp() ? Both : Read;
  if (const auto *Call = dyn_cast<CallExpr>(Parent))
    if ((isStdCall(Call, "exchange") || isStdCall(Call, "swap")) &&
        Call->getNumArgs() && stripWrapping(Call->getArg(0)) == Member)
      return Both;
  return Read;
}

HeldLocks::HeldLocks(const Mutexes &Locks, const Stmt *Body) : Locks(Locks) {
  bool Unlocks = false, DoesLock = false;
  visitEvaluated(Body, [&](const Stmt *S) {
    const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
    if (!Call)
      return true;
    if (calleeName(Call).starts_with("unlock")) {
      const auto *Ref = dyn_cast<DeclRefExpr>(
          stripForwarding(Call->getImplicitObjectArgument()));
      const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
      Unlocks |=
          !Var || !Var->isLocalVarDecl() || Var->getType()->isReferenceType();
    } else if (calleeName(Call).contains("lock")) {
      DoesLock = true;
    }
    return true;
  });
  if (Unlocks && !DoesLock) {
    Inherited = true;
    ByHand = Section = 1;
  }
}

void HeldLocks::follow(const PathEvent &Event) {
  if (Event.Kind == PathEvent::Destroy) {
    llvm::erase(Held, Event.Var);
    return;
  }
  if (Event.Kind != PathEvent::Evaluate)
    return;
  if (const auto *Declares = dyn_cast<DeclStmt>(Event.S)) {
    for (const Decl *D : Declares->decls()) {
      const auto *Var = dyn_cast<VarDecl>(D);
      const CXXRecordDecl *Type =
          Var ? Var->getType()->getAsCXXRecordDecl() : nullptr;
      if (!Type || !Type->getIdentifier())
        continue;
      if (isOneOf(Type->getName(),
                  {"lock_guard", "unique_lock", "scoped_lock", "shared_lock",
                   "MutexLock", "QMutexLocker", "LockGuard"})) {
        Held.push_back(Var);
        ++Section;
      }
    }
    return;
  }
  const auto *Call = dyn_cast<CXXMemberCallExpr>(Event.S);
  if (!Call || !Call->getMethodDecl())
    return;
  const auto *Ref =
      dyn_cast<DeclRefExpr>(stripForwarding(Call->getImplicitObjectArgument()));
  if (const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr) {
    if (calleeName(Call) == "unlock" && llvm::is_contained(Held, Var)) {
      llvm::erase(Held, Var);
      return;
    }
  }
  if (Inherited) {
    // A coroutine's mutex counts, too.
    if (ByHand && calleeName(Call).starts_with("unlock"))
      --ByHand;
    return;
  }
  switch (Locks.operation(Call->getMethodDecl())) {
  case MutexOperation::Lock:
    ++ByHand;
    ++Section;
    break;
  case MutexOperation::Unlock:
    if (ByHand)
      --ByHand;
    break;
  default:
    break;
  }
}

} // namespace threadhop
