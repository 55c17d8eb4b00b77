//===--- WaiterSites.cpp - who waits on an object -------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/WaiterSites.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {
namespace {

class WaiterFinder {
public:
  WaiterFinder(const SlotStore &Store, WaiterUnit &Unit)
      : Store(Store), Unit(Unit),
        Trace(Unit, isAwaitSuspend(Store.Registers),
              [this](const CallExpr *Call) { return wakes(Call); }) {
    for (const FunctionDecl *Taker : takersOf(Store.Place.Slot, Unit))
      if (!isAwaitSuspend(Taker))
        Wakers.insert(Taker->getCanonicalDecl());
    // Who calls a waker wakes, too.
    for (unsigned Round = 0; Round != 2; ++Round)
      for (const Decl *Waker :
           llvm::SmallVector<const Decl *, 8>(Wakers.begin(), Wakers.end()))
        for (const WaiterUnit::Place &Call :
             Unit.callsOf(cast<FunctionDecl>(Waker)))
          if (Call.In && !isAwaitSuspend(Call.In))
            Wakers.insert(Call.In->getCanonicalDecl());
  }

  WaiterEvidence find() {
    if (isAwaitSuspend(Store.Registers)) {
      for (const WaiterUnit::Await &Await : Unit.Awaits)
        if (patternOf(Await.Suspend) == patternOf(Store.Registers) ||
            Await.Suspend->getCanonicalDecl() ==
                Store.Registers->getCanonicalDecl())
          site(Await.In, Await.E->getCommonExpr(), Await.E);
    } else {
      for (const WaiterUnit::Place &Call : Unit.callsOf(Store.Registers))
        if (Call.In)
          site(Call.In, registrationObject(Call.E), Call.E);
    }
    return Trace.finish();
  }

private:
  const Expr *registrationObject(const Expr *Call) const {
    if (Store.Place.Root == SlotPlace::This) {
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
        return Member->getImplicitObjectArgument();
      return nullptr;
    }
    if (const auto *Param =
            dyn_cast_or_null<ParmVarDecl>(Store.Place.RootDecl)) {
      auto Args = argumentsOf(Call);
      unsigned Index = Param->getFunctionScopeIndex();
      return Index < Args.size() ? Args[Index] : nullptr;
    }
    return nullptr;
  }

  /// The part of what is awaited that names the slot's object, or at least an
  /// object that leads there.
  const Expr *objectIn(const Expr *E, bool AnyObject, unsigned Depth) const {
    if (!E || !Depth)
      return nullptr;
    E = stripForwarding(E);
    if (AnyObject || areRelated(objectClass(E->getType()), Store.Place.Owner))
      if (resolveObject(E))
        return E;
    auto firstOf = [&](auto &&Parts) -> const Expr * {
      for (const Expr *Part : Parts)
        if (const Expr *Found = objectIn(Part, AnyObject, Depth - 1))
          return Found;
      return nullptr;
    };
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E)) {
      // What is given to await_transform is what is awaited.
      if (calleeName(Member) != "await_transform")
        if (const Expr *Found = objectIn(Member->getImplicitObjectArgument(),
                                         AnyObject, Depth - 1))
          return Found;
      return firstOf(Member->arguments());
    }
    if (isa<CallExpr, CXXConstructExpr>(E)) {
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
        return firstOf(Operator->arguments());
      return firstOf(argumentsOf(E));
    }
    if (const auto *List = dyn_cast<InitListExpr>(E))
      return firstOf(List->inits());
    if (const auto *List = dyn_cast<CXXParenListInitExpr>(E))
      return firstOf(List->getInitExprs());
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      return objectIn(Member->getBase(), AnyObject, Depth - 1);
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      return objectIn(Unary->getSubExpr(), AnyObject, Depth - 1);
    return nullptr;
  }

  void site(const FunctionDecl *In, const Expr *Awaited, const Expr *Site) {
    if (!In)
      return;
    // A variable is the same one for all.
    if (!isa<FieldDecl>(Store.Place.Slot)) {
      Trace.waitOnVariable(In, Store.Place.Slot, Site);
      return;
    }
    if (registeredFor(In, Awaited, Site))
      return;
    const Expr *Object = objectIn(Awaited, false, 8);
    Trace.wait(In, Object ? Object : objectIn(Awaited, true, 8), Site);
  }

  /// The object that registers holds a reference or pointer to the one with the
  /// slot: what counts is what that was given, and each such object is a waiter
  /// of its own.
  bool registeredFor(const FunctionDecl *In, const Expr *Registers,
                     const Expr *Site) {
    const SlotPlace &Place = Store.Place;
    if (isAwaitSuspend(Store.Registers) || !Registers || !Place.Indirect ||
        Place.Root != SlotPlace::This || Place.Fields.empty())
      return false;
    const FieldDecl *Held = Place.Fields.front();
    if (!Held->getType()->isReferenceType() &&
        !Held->getType()->isPointerType())
      return false;
    Registers = stripForwarding(Registers);
    const void *Which = Registers;
    const Expr *Made = Registers;
    if (!isa<CXXConstructExpr>(Made)) {
      auto Path = resolveObject(Registers);
      if (!Path || Path->Within)
        return false;
      if (const auto *Var = dyn_cast_or_null<VarDecl>(Path->Root)) {
        if (!Path->Fields.empty() || isa<ParmVarDecl>(Var) || !Var->hasInit() ||
            !Var->getType()->isRecordType())
          return false;
        Which = Var->getCanonicalDecl();
        Made = Var->getInit();
      } else {
        if (Path->Root || Path->Fields.size() != 1 ||
            !Path->Fields.front()->hasInClassInitializer())
          return false;
        Which = Path->Fields.front()->getCanonicalDecl();
        Made = Path->Fields.front()->getInClassInitializer();
      }
      if (!Made)
        return false;
      Made = stripForwarding(Made);
    }
    const Expr *Given = WaiterTrace::initialiserOf(Made, Held);
    if (!Given)
      return false;
    Trace.registerFor(Which, In, Given, Site);
    return true;
  }

  bool wakes(const CallExpr *Call) const {
    const FunctionDecl *Callee = Call->getDirectCallee();
    return Callee && Wakers.contains(Callee->getCanonicalDecl());
  }

  const SlotStore &Store;
  WaiterUnit &Unit;
  WaiterTrace Trace;
  llvm::SmallPtrSet<const Decl *, 8> Wakers;
};

} // namespace

WaiterEvidence findWaiters(const SlotStore &Store, WaiterUnit &Unit) {
  return WaiterFinder(Store, Unit).find();
}

} // namespace threadhop
