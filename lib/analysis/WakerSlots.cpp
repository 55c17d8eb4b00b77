//===--- WakerSlots.cpp - slots that keep one waiter ----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/WakerSlots.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {

const ParmVarDecl *waiterParameter(const FunctionDecl *Function) {
  if (isAwaitSuspend(Function))
    return Function->getParamDecl(0);
  if (isa<CXXConstructorDecl, CXXDestructorDecl, CXXConversionDecl>(Function) ||
      Function->getOverloadedOperator() == OO_Equal)
    return nullptr;
  if (Function->getIdentifier() && Function->getName() == "swap")
    return nullptr;
  for (const ParmVarDecl *Param : Function->parameters()) {
    WaiterKind Kind = waiterKind(Param->getType());
    if (Kind != WaiterKind::None)
      return Param;
    const CXXRecordDecl *Record =
        Param->getType().getNonReferenceType()->getAsCXXRecordDecl();
    if (Record && Record->isLambda())
      return Param;
  }
  return nullptr;
}

namespace {

class StoreFinder {
public:
  StoreFinder(WaiterUnit &Unit, std::vector<SlotStore> &Found)
      : Unit(Unit), Found(Found) {}

  void look(const FunctionDecl *Function) {
    visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
      const auto *Call = dyn_cast<CallExpr>(S);
      if (Call && Call->getNumArgs() && calleeName(Call) == "async_initiate")
        if (const auto *Lambda =
                dyn_cast<LambdaExpr>(stripForwarding(Call->getArg(0))))
          initiation(Function, Lambda);
      return true;
    });
    Waiter = waiterParameter(Function);
    if (!Waiter)
      return;
    Kind = waiterKind(Waiter->getType());
    if (Kind == WaiterKind::None)
      Kind = WaiterKind::Callback;
    Registers = Function;
    WaiterFrame Frame;
    Frame.Function = Function;
    Frame.Carriers = WaiterCarriers(Function, {Waiter});
    walk(Frame, 3);
  }

private:
  /// What the function registers is the completion handler that its initiation
  /// is called with.
  void initiation(const FunctionDecl *Function, const LambdaExpr *Lambda) {
    llvm::SmallVector<const FunctionDecl *, 2> Operators;
    if (const FunctionTemplateDecl *Generic =
            Lambda->getDependentCallOperator())
      Operators.append(Generic->spec_begin(), Generic->spec_end());
    else
      Operators.push_back(Lambda->getCallOperator());
    WaiterFrame Outer;
    Outer.Function = Function;
    for (const FunctionDecl *Operator : Operators) {
      if (!Operator->getNumParams() || !visibleBody(Operator))
        continue;
      Registers = Function;
      Waiter = Operator->getParamDecl(0);
      Kind = WaiterKind::Callback;
      Initiated = true;
      into(Operator, nullptr, Lambda, {Waiter}, Outer, 3);
      Initiated = false;
    }
  }

  void walk(const WaiterFrame &Frame, unsigned Depth) {
    const FunctionPaths &Paths = Unit.paths(Frame.Function);
    visitEvaluated(visibleBody(Frame.Function), [&](const Stmt *S) {
      WaiterStore Store = storeOf(S, Frame.Carriers, Paths);
      if (Store.Kind == WaiterStore::Assign)
        store(cast<Expr>(S), Store.Target, Frame);
      if (Store.Kind != WaiterStore::None || !Depth)
        return true;
      if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
        const CXXMethodDecl *Operator = Lambda->getCallOperator();
        if (Operator && !Operator->isDependentContext() &&
            Frame.Carriers.carries(Lambda))
          into(Operator, nullptr, Lambda, Frame.Carriers.inside(Lambda), Frame,
               Depth);
      } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
        const FunctionDecl *Callee = Call->getDirectCallee();
        if (!Callee || isInStd(Callee) || !visibleBody(Callee))
          return true;
        Callee = Callee->getDefinition();
        llvm::SmallVector<const ValueDecl *, 4> Params;
        auto Args = argumentsOf(Call);
        for (unsigned I = 0; I != Args.size() && I < Callee->getNumParams();
             ++I)
          if (Frame.Carriers.carries(Args[I]))
            Params.push_back(Callee->getParamDecl(I));
        if (!Params.empty() && !isRecursive(Callee, Frame))
          into(Callee, Call, Call, Params, Frame, Depth);
      }
      return true;
    });
  }

  static bool isRecursive(const FunctionDecl *Callee,
                          const WaiterFrame &Frame) {
    for (const WaiterFrame *F = &Frame; F; F = F->Caller)
      if (F->Function == Callee)
        return true;
    return false;
  }

  void into(const FunctionDecl *Callee, const Expr *Call, const Expr *Node,
            llvm::ArrayRef<const ValueDecl *> Params, const WaiterFrame &Frame,
            unsigned Depth) {
    if (!visibleBody(Callee))
      return;
    WaiterFrame Inner;
    Inner.Function = Callee;
    Inner.Caller = &Frame;
    Inner.Call = Call;
    Inner.Carriers = WaiterCarriers(Callee, Params);
    Nodes.push_back(Node);
    walk(Inner, Depth - 1);
    Nodes.pop_back();
  }

  void store(const Expr *E, const Expr *Target, const WaiterFrame &Frame) {
    // A local variable is no slot.
    auto Place = placeOf(Target, Frame);
    if (!Place || !Place->Slot || Place->Element ||
        isContainer(Target->getType()))
      return;
    if (Place->Root == SlotPlace::Variable && !Place->Indirect)
      if (const auto *Var = dyn_cast<VarDecl>(Place->RootDecl))
        if (Var->hasLocalStorage())
          return;
    if (!isSlotType(Place->Slot->getType()))
      return;
    SlotStore Result;
    Result.Registers = Registers;
    Result.Waiter = Waiter;
    Result.Kind = Kind;
    Result.Initiated = Initiated;
    Result.In = Frame.Function;
    Result.Calls.assign(Nodes.begin(), Nodes.end());
    Result.Store = E;
    Result.Place = *Place;
    Result.Previous = previousContentAt(E, Frame.Function, Place->Slot, Unit);
    // Whoever calls the setter may have looked before.
    unsigned Level = Nodes.size();
    for (const WaiterFrame *F = Frame.Caller; F && Result.Previous.Unhandled;
         F = F->Caller) {
      PreviousContent Before =
          previousContentAt(Nodes[--Level], F->Function, Place->Slot, Unit);
      if (Before.Unhandled && Result.Previous.StaleAfter.isInvalid() &&
          Before.StaleAfter.isValid())
        Result.Previous = Before;
      Result.Previous.Unhandled = Before.Unhandled;
    }
    add(std::move(Result));
  }

  /// A member that can hold a waiter or lead to one.
  bool isSlotType(QualType Type) const {
    Type = Type.getNonReferenceType();
    if (isAtomicType(Type) || Type->isPointerType() || Type->isIntegerType())
      return true;
    WaiterKind Held = waiterKind(Type);
    if (Kind == WaiterKind::Callback)
      return Held == WaiterKind::Callback || Held == WaiterKind::Waker;
    if (Held != WaiterKind::None)
      return true;
    bool Shared = false;
    return smartPointee(Type, Shared) != nullptr;
  }

  void add(SlotStore New) {
    for (SlotStore &Old : Found)
      if (Old.Store == New.Store) {
        // The outermost function says most about who waits; one that does
        // look at the previous content does not excuse another.
        bool Better =
            isAwaitSuspend(New.Registers) && !isAwaitSuspend(Old.Registers);
        if (isAwaitSuspend(New.Registers) == isAwaitSuspend(Old.Registers))
          Better = New.Calls.size() > Old.Calls.size() &&
                   New.Previous.Unhandled >= Old.Previous.Unhandled;
        if (Better)
          Old = std::move(New);
        return;
      }
    Found.push_back(std::move(New));
  }

  WaiterUnit &Unit;
  std::vector<SlotStore> &Found;
  const FunctionDecl *Registers = nullptr;
  const ParmVarDecl *Waiter = nullptr;
  WaiterKind Kind = WaiterKind::None;
  bool Initiated = false;
  llvm::SmallVector<const Expr *, 4> Nodes;
};

} // namespace

std::vector<SlotStore> findSlotStores(WaiterUnit &Unit) {
  std::vector<SlotStore> Found;
  StoreFinder Finder(Unit, Found);
  for (const FunctionDecl *Function : Unit.Functions)
    Finder.look(Function);
  return Found;
}

llvm::SmallVector<const FunctionDecl *, 4> takersOf(const ValueDecl *Slot,
                                                    WaiterUnit &Unit) {
  llvm::SmallVector<const FunctionDecl *, 4> Takers;
  for (const FunctionDecl *User : Unit.usersOf(Slot)) {
    if (isa<CXXConstructorDecl>(User) ||
        User->getOverloadedOperator() == OO_Equal)
      continue;
    for (const SlotUseAt &Use : usesOfSlot(User, Slot, Unit))
      if (Use.Use == SlotUse::Take) {
        Takers.push_back(User);
        break;
      }
  }
  return Takers;
}

bool isTakenOut(const ValueDecl *Slot, WaiterUnit &Unit) {
  for (const FunctionDecl *User : takersOf(Slot, Unit)) {
    const FunctionPaths &Paths = Unit.paths(User);
    bool Cleared = false, Taken = false;
    for (const SlotUseAt &Use : usesOfSlot(User, Slot, Unit)) {
      Cleared |= Use.Use == SlotUse::Clear;
      if (Use.Use != SlotUse::Take)
        continue;
      const Stmt *Parent = Paths.parentOf(Use.E);
      if (const auto *Call = dyn_cast_or_null<CallExpr>(Parent))
        if (isStdCall(Call, "move") || isStdCall(Call, "exchange") ||
            isStdCall(Call, "swap"))
          return true;
      if (const auto *Member = dyn_cast_or_null<MemberExpr>(Parent))
        if (Member->getMemberDecl()->getIdentifier() &&
            isOneOf(Member->getMemberDecl()->getName(), {"exchange", "swap"}))
          return true;
      Taken = true;
    }
    if (Cleared && Taken)
      return true;
  }
  return false;
}

AwaitedAs awaitedAs(const CXXRecordDecl *Awaiter, const ValueDecl *Slot,
                    WaiterUnit &Unit) {
  if (Unit.isProtocolAwaiter(Awaiter))
    return AwaitedAs::OneAwait;
  bool Object = false;
  for (const WaiterUnit::Await &Await : Unit.Awaits) {
    if (!areRelated(Await.Suspend->getParent(), Awaiter))
      continue;
    const Expr *Common = Await.E->getCommonExpr()->IgnoreParens();
    if (isa<MaterializeTemporaryExpr>(Common) || !Common->isLValue())
      return AwaitedAs::OneAwait;
    Object = true;
  }
  if (Object)
    return AwaitedAs::Object;
  if (!Unit.factoriesOf(Awaiter).empty())
    return AwaitedAs::OneAwait;
  // No await to be seen. An object with its own wake side, which needs nobody
  // else's object to work on, is one that others know.
  for (const FieldDecl *Field : Awaiter->fields()) {
    QualType Type = Field->getType();
    bool Shared = false;
    if (Slot && Field->getCanonicalDecl() == Slot->getCanonicalDecl())
      continue;
    if (Type->isReferenceType() || smartPointee(Type, Shared) ||
        (Type->isPointerType() && !Type->isVoidPointerType()))
      return AwaitedAs::OneAwait;
  }
  if (Slot)
    for (const FunctionDecl *Taker : takersOf(Slot, Unit)) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Taker);
      if (Method && areRelated(Method->getParent(), Awaiter) &&
          Method->getIdentifier() && !Method->getName().starts_with("await_") &&
          Method->getAccess() == AS_public && !Method->isVirtual())
        return AwaitedAs::Object;
    }
  return AwaitedAs::Unknown;
}

} // namespace threadhop
