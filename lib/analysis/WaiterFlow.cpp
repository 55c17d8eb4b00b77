//===--- WaiterFlow.cpp - where a waiter goes in a function ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/WaiterFlow.h"
#include "analysis/FunctionPaths.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "analysis/WaiterTypes.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

const CXXRecordDecl *objectClass(QualType Type) {
  if (Type.isNull())
    return nullptr;
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  bool Shared = false;
  if (const CXXRecordDecl *Pointee = smartPointee(Type, Shared))
    return Pointee;
  return Type->getAsCXXRecordDecl();
}

bool areRelated(const CXXRecordDecl *A, const CXXRecordDecl *B) {
  if (!A || !B)
    return false;
  if (patternOf(A) == patternOf(B))
    return true;
  if (!A->hasDefinition() || !B->hasDefinition())
    return false;
  return A->getDefinition()->isDerivedFrom(B->getDefinition()) ||
         B->getDefinition()->isDerivedFrom(A->getDefinition());
}

//===----------------------------------------------------------------------===//
// Carriers
//===----------------------------------------------------------------------===//

/// The member of *this that \p E names directly.
static const FieldDecl *ownMember(const Expr *E) {
  const auto *Member = dyn_cast_or_null<MemberExpr>(E ? stripForwarding(E) : E);
  if (!Member || !isa<CXXThisExpr>(stripForwarding(Member->getBase())))
    return nullptr;
  return dyn_cast<FieldDecl>(Member->getMemberDecl());
}

/// The local variable that \p E is, or is a member of.
static const VarDecl *localRoot(const Expr *E) {
  while (E) {
    E = stripForwarding(E);
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      if (Member->isArrow())
        return nullptr;
      E = Member->getBase();
      continue;
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    return Var && Var->isLocalVarDecl() && !Var->getType()->isReferenceType()
               ? Var
               : nullptr;
  }
  return nullptr;
}

WaiterCarriers::WaiterCarriers(const FunctionDecl *Function,
                               llvm::ArrayRef<const ValueDecl *> Params) {
  Set.insert(Params.begin(), Params.end());
  const Stmt *Body = visibleBody(Function);
  bool Awaits = isAwaitSuspend(Function);
  auto assign = [&](const Expr *Left, const Expr *Right) {
    if (!carries(Right))
      return;
    if (const VarDecl *Var = localRoot(Left))
      Set.insert(Var);
    if (const FieldDecl *Own = ownMember(Left);
        Own && Awaits && !Own->getType()->isReferenceType()) {
      Set.insert(Own);
      ThisCarries = true;
    }
  };
  // A second round: a variable may be set from one that is set further down
  // only through a loop.
  for (unsigned Round = 0; Round != 2; ++Round)
    visitEvaluated(Body, [&](const Stmt *S) {
      if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
        for (const Decl *D : Declares->decls())
          if (const auto *Var = dyn_cast<VarDecl>(D))
            if (Var->hasInit() && carries(Var->getInit()))
              Set.insert(Var);
      } else if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
        if (Binary->getOpcode() == BO_Assign)
          assign(Binary->getLHS(), Binary->getRHS());
      } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
        if (Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2)
          assign(Operator->getArg(0), Operator->getArg(1));
      } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
        if (isOneOf(calleeName(Call), {"store", "emplace"}) &&
            Call->getNumArgs())
          assign(Call->getImplicitObjectArgument(), Call->getArg(0));
      }
      return true;
    });
}

llvm::SmallVector<const ValueDecl *, 4>
WaiterCarriers::inside(const LambdaExpr *Lambda) const {
  llvm::SmallVector<const ValueDecl *, 4> Holding;
  auto Init = Lambda->capture_init_begin();
  for (const LambdaCapture &Capture : Lambda->captures()) {
    if (Capture.capturesVariable() &&
        (Set.contains(Capture.getCapturedVar()) || carries(*Init)))
      Holding.push_back(Capture.getCapturedVar());
    ++Init;
  }
  return Holding;
}

bool WaiterCarriers::carries(const Expr *E, unsigned Depth) const {
  if (!E || !Depth)
    return false;
  E = stripForwarding(E);
  auto any = [&](auto &&Parts) {
    for (const Expr *Part : Parts)
      if (carries(Part, Depth - 1))
        return true;
    return false;
  };
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Set.contains(Ref->getDecl());
  if (isa<CXXThisExpr>(E))
    return ThisCarries;
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (isa<CXXThisExpr>(stripForwarding(Member->getBase())))
      return Set.contains(Member->getMemberDecl());
    return !Member->isArrow() && waiterKind(E->getType()) != WaiterKind::None &&
           carries(Member->getBase(), Depth - 1);
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return (Unary->getOpcode() == UO_AddrOf ||
            Unary->getOpcode() == UO_Deref) &&
           carries(Unary->getSubExpr(), Depth - 1);
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    for (const LambdaCapture &Capture : Lambda->captures())
      if ((Capture.capturesVariable() &&
           Set.contains(Capture.getCapturedVar())) ||
          (Capture.capturesThis() && ThisCarries))
        return true;
    return any(Lambda->capture_inits());
  }
  if (const auto *List = dyn_cast<InitListExpr>(E))
    return any(List->inits());
  if (const auto *List = dyn_cast<CXXParenListInitExpr>(E))
    return any(List->getInitExprs());
  if (const auto *List = dyn_cast<CXXStdInitializerListExpr>(E))
    return carries(List->getSubExpr(), Depth - 1);
  if (const auto *New = dyn_cast<CXXNewExpr>(E))
    return New->hasInitializer() && carries(New->getInitializer(), Depth - 1);
  if (const auto *Conditional = dyn_cast<AbstractConditionalOperator>(E))
    return carries(Conditional->getTrueExpr(), Depth - 1) ||
           carries(Conditional->getFalseExpr(), Depth - 1);
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    if (isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl()) &&
        !Call->getType()->isBooleanType())
      return carries(Call->getImplicitObjectArgument(), Depth - 1);
    return isOneOf(calleeName(Call),
                   {"address", "get", "release", "value", "clone", "copy"}) &&
           carries(Call->getImplicitObjectArgument(), Depth - 1);
  }
  if (isa<CXXConstructExpr>(E))
    return any(argumentsOf(E));
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
    return isOneOf(getOperatorSpelling(Operator->getOperator()), {"*", "->"}) &&
           carries(Operator->getArg(0), Depth - 1);
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    // What a call yields may hold what it was given, if it is an object.
    if (!Call->getType()->isRecordType() && !Call->getType()->isPointerType())
      return false;
    return any(argumentsOf(E));
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

namespace {

class PlaceResolver {
public:
  bool resolve(const Expr *E, const WaiterFrame *Frame, unsigned Depth = 24);
  SlotPlace Place;

private:
  /// The way goes on behind a pointer or reference to an object of the class.
  void through(const CXXRecordDecl *Record) {
    Place.Indirect = true;
    Place.Element = false;
    Behind = Place.Fields.size();
    Place.Owner = Record;
  }
  bool throughType(QualType Type) {
    bool Shared = false;
    if (const CXXRecordDecl *Pointee = smartPointee(Type, Shared)) {
      (Shared ? Place.Shared : Place.Unique) = true;
      through(Pointee);
      return true;
    }
    if (Type.getNonReferenceType()->isPointerType()) {
      through(
          Type.getNonReferenceType()->getPointeeType()->getAsCXXRecordDecl());
      return true;
    }
    return false;
  }
  bool variable(const VarDecl *Var, const WaiterFrame *Frame, unsigned Depth);
  bool self(const WaiterFrame *Frame, unsigned Depth);
  bool result(const CallExpr *Call, const WaiterFrame *Frame, unsigned Depth);

public:
  size_t Behind = 0;
};

bool PlaceResolver::self(const WaiterFrame *Frame, unsigned Depth) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Frame->Function);
  if (!Frame->Caller) {
    Place.Root = SlotPlace::This;
    Place.Owner = Method ? Method->getParent() : nullptr;
    return true;
  }
  // In a lambda, 'this' is that of the function around it.
  if (Method && Method->getParent()->isLambda())
    return self(Frame->Caller, Depth);
  if (const auto *Member = dyn_cast_or_null<CXXMemberCallExpr>(Frame->Call)) {
    const Expr *Object = Member->getImplicitObjectArgument();
    bool Arrow = Object->getType()->isPointerType() &&
                 !isa<CXXThisExpr>(stripForwarding(Object));
    if (!resolve(Object, Frame->Caller, Depth - 1))
      return false;
    if (Arrow)
      throughType(Object->getType());
    return true;
  }
  if (const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Frame->Call))
    return resolve(Operator->getArg(0), Frame->Caller, Depth - 1);
  return false;
}

bool PlaceResolver::variable(const VarDecl *Var, const WaiterFrame *Frame,
                             unsigned Depth) {
  if (const auto *Param = dyn_cast<ParmVarDecl>(Var)) {
    // Up to the frame whose parameter it is: a lambda names those around it.
    const WaiterFrame *Own = Frame;
    auto owns = [&](const WaiterFrame *F) {
      return F->Function &&
             Param->getFunctionScopeIndex() < F->Function->getNumParams() &&
             F->Function->getParamDecl(Param->getFunctionScopeIndex()) == Param;
    };
    while (Own && !owns(Own))
      Own = Own->Caller;
    if (Own && Own->Caller && Own->Call) {
      unsigned Index = Param->getFunctionScopeIndex();
      auto Args = argumentsOf(Own->Call);
      return Index < Args.size() &&
             resolve(Args[Index], Own->Caller, Depth - 1);
    }
  } else if (Var->isLocalVarDecl() && !Var->isStaticLocal() && Var->hasInit()) {
    QualType Type = Var->getType();
    bool Shared = false;
    if (Type->isReferenceType() || Type->isPointerType() ||
        smartPointee(Type, Shared)) {
      PlaceResolver Init;
      if (Init.resolve(Var->getInit(), Frame, Depth - 1)) {
        *this = std::move(Init);
        return true;
      }
    }
  }
  Place.Root = SlotPlace::Variable;
  Place.RootDecl = cast<ValueDecl>(Var->getCanonicalDecl());
  Place.Owner = objectClass(Var->getType());
  if (Var->getType()->isReferenceType())
    Place.Indirect = true;
  return true;
}

bool PlaceResolver::result(const CallExpr *Call, const WaiterFrame *Frame,
                           unsigned Depth) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  const auto *Body = dyn_cast_or_null<CompoundStmt>(visibleBody(Callee));
  if (!Body || isInStd(Callee) || Depth < 6)
    return false;
  const Expr *Value = nullptr;
  unsigned Returns = 0;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      Value = Return->getRetValue();
      ++Returns;
    }
    return true;
  });
  if (Returns != 1 || !Value)
    return false;
  WaiterFrame Inner;
  Inner.Function = Callee->getDefinition();
  Inner.Caller = Frame;
  Inner.Call = Call;
  return resolve(Value, &Inner, Depth - 4);
}

/// The address of an object in hand, or a local name for it, is no way to
/// another object.
static bool isAddressInHand(const Expr *Pointer) {
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Pointer))
    if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
        Var && Var->isLocalVarDecl() && !Var->isStaticLocal() &&
        Var->getType()->isPointerType() && Var->hasInit())
      Pointer = stripForwarding(Var->getInit());
  const auto *Unary = dyn_cast<UnaryOperator>(Pointer);
  return Unary && Unary->getOpcode() == UO_AddrOf;
}

bool PlaceResolver::resolve(const Expr *E, const WaiterFrame *Frame,
                            unsigned Depth) {
  if (!E || !Depth)
    return false;
  E = stripForwarding(E);
  if (isa<CXXThisExpr>(E))
    return self(Frame, Depth - 1);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    return Var && variable(Var, Frame, Depth - 1);
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field) {
      const auto *Var = dyn_cast<VarDecl>(Member->getMemberDecl());
      return Var && variable(Var, Frame, Depth - 1);
    }
    const Expr *Base = Member->getBase();
    if (!resolve(Base, Frame, Depth - 1))
      return false;
    if (Member->isArrow()) {
      const Expr *Pointer = stripForwarding(Base);
      if (!isa<CXXThisExpr>(Pointer) && Pointer->getType()->isPointerType() &&
          !isa<CXXOperatorCallExpr>(Pointer)) {
        if (!isAddressInHand(Pointer))
          if (!Place.Fields.empty() || Place.Root != SlotPlace::This)
            throughType(Pointer->getType());
      }
    }
    Place.Fields.push_back(Field->getCanonicalDecl());
    if (Field->getType()->isReferenceType())
      through(objectClass(Field->getType()));
    return true;
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    const Expr *Inner = Unary->getSubExpr();
    if (Unary->getOpcode() == UO_AddrOf)
      return resolve(Inner, Frame, Depth - 1);
    if (Unary->getOpcode() != UO_Deref || !resolve(Inner, Frame, Depth - 1))
      return false;
    if (!isa<CXXThisExpr>(stripForwarding(Inner)) &&
        !isAddressInHand(stripForwarding(Inner)))
      throughType(stripForwarding(Inner)->getType());
    return true;
  }
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E)) {
    if (!resolve(Index->getBase(), Frame, Depth - 1))
      return false;
    Place.Element = true;
    return true;
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    OverloadedOperatorKind Kind = Operator->getOperator();
    if (Kind == OO_Equal)
      return resolve(Operator->getArg(0), Frame, Depth - 1);
    if (Kind != OO_Star && Kind != OO_Arrow && Kind != OO_Subscript)
      return result(Operator, Frame, Depth);
    const Expr *Object = Operator->getArg(0);
    if (!resolve(Object, Frame, Depth - 1))
      return false;
    const CXXRecordDecl *Record =
        stripForwarding(Object)->getType()->getAsCXXRecordDecl();
    bool Optional = Record && Record->getIdentifier() &&
                    Record->getName().contains_insensitive("optional");
    if (Kind == OO_Subscript ||
        (!throughType(stripForwarding(Object)->getType()) && !Optional))
      Place.Element = true;
    return true;
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    llvm::StringRef Name = calleeName(Call);
    const Expr *Object = Call->getImplicitObjectArgument();
    if (Name == "promise" && isCoroutineHandle(Call->getObjectType())) {
      Place.Root = SlotPlace::Promise;
      through(Call->getType().getNonReferenceType()->getAsCXXRecordDecl());
      return true;
    }
    // The method may be a base's: what counts is the pointer's own type.
    QualType Type = stripForwarding(Object)->getType();
    bool Shared = false;
    if (Name == "get" && smartPointee(Type, Shared)) {
      if (!resolve(Object, Frame, Depth - 1))
        return false;
      throughType(Type);
      return true;
    }
    if (isOneOf(Name, {"value", "emplace", "get"}) && isInStd(calleeOf(Call)))
      return resolve(Object, Frame, Depth - 1);
    if (isOneOf(Name, {"front", "back", "at", "top", "data"})) {
      if (!resolve(Object, Frame, Depth - 1))
        return false;
      Place.Element = true;
      return true;
    }
    return result(Call, Frame, Depth);
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return Construct->getNumArgs() == 1 &&
           resolve(Construct->getArg(0), Frame, Depth - 1);
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if ((isStdCall(Call, "addressof") || isStdCall(Call, "ref") ||
         isStdCall(Call, "get")) &&
        Call->getNumArgs() == 1)
      return resolve(Call->getArg(0), Frame, Depth - 1);
    return result(Call, Frame, Depth);
  }
  return false;
}

} // namespace

std::optional<SlotPlace> placeOf(const Expr *E, const WaiterFrame &Frame) {
  PlaceResolver Resolver;
  if (!Resolver.resolve(E, &Frame))
    return std::nullopt;
  SlotPlace Place = std::move(Resolver.Place);
  llvm::ArrayRef<const FieldDecl *> After(Place.Fields);
  After = After.drop_front(std::min(Resolver.Behind, After.size()));
  if (!After.empty()) {
    // The member of a small class around a waiter stands for the waiter.
    Place.Slot = After.back();
    for (const FieldDecl *Field : After)
      if (waiterKind(Field->getType()) != WaiterKind::None) {
        Place.Slot = Field;
        break;
      }
  } else if (Place.Root == SlotPlace::Variable && Place.Fields.empty() &&
             !Place.Indirect && !Place.Shared && !Place.Unique) {
    const auto *Var = cast<VarDecl>(Place.RootDecl);
    if (Var->hasGlobalStorage()) {
      Place.Slot = Var;
      Place.Owner = nullptr;
    }
  }
  return Place;
}

//===----------------------------------------------------------------------===//
// Stores
//===----------------------------------------------------------------------===//

static bool puts(llvm::StringRef Name) {
  return isOneOf(
      Name,
      {"push",         "push_back",        "push_front",   "emplace",
       "emplace_back", "emplace_front",    "insert",       "add",
       "append",       "enqueue",          "try_push",     "put",
       "try_emplace",  "insert_or_assign", "try_enqueue",  "splice",
       "merge",        "splice_after",     "insert_after", "emplace_after",
       "insert_range", "append_range",     "push_range",   "prepend_range",
       "emplace_hint"});
}

WaiterStore storeOf(const Stmt *S, const WaiterCarriers &Carriers,
                    const FunctionPaths &Paths) {
  using Store = WaiterStore;
  if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
    if (Binary->getOpcode() == BO_Assign && Carriers.carries(Binary->getRHS()))
      return {Store::Assign, Binary->getLHS()};
    return {};
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
    if (Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2 &&
        Carriers.carries(Operator->getArg(1)))
      return {Store::Assign, Operator->getArg(0)};
    return {};
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
    llvm::StringRef Name = calleeName(Call);
    bool Given = false;
    // What a compare-exchange expects is not what it stores.
    const bool Compares = Name.starts_with("compare_exchange");
    for (const Expr *Arg : Call->arguments())
      Given |= (!Compares || Arg != Call->getArg(0)) && Carriers.carries(Arg);
    if (!Given)
      return {};
    const Expr *Object = Call->getImplicitObjectArgument();
    QualType Type = Call->getObjectType();
    if (isAtomicType(Type)) {
      if (Name == "store")
        return {Store::Assign, Object};
      if (Name == "exchange")
        return {Paths.isDiscarded(Call) ? Store::Assign : Store::Exchange,
                Object};
      if (Name.starts_with("compare_exchange"))
        return {Store::CompareExchange, Object};
      return {};
    }
    if (isContainer(Type) && puts(Name))
      return {Store::Push, Object};
    if (isOneOf(Name, {"emplace", "reset", "assign"}) &&
        Call->getMethodDecl() && isInStd(Call->getMethodDecl()))
      return {Store::Assign, Object};
    if (Name == "swap")
      return {Store::Exchange, Object};
    return {};
  }
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    if (isStdCall(Call, "exchange") && Call->getNumArgs() == 2 &&
        Carriers.carries(Call->getArg(1)))
      return {Paths.isDiscarded(Call) ? Store::Assign : Store::Exchange,
              Call->getArg(0)};
    if (isStdCall(Call, "swap") && Call->getNumArgs() == 2) {
      if (Carriers.carries(Call->getArg(1)))
        return {Store::Exchange, Call->getArg(0)};
      if (Carriers.carries(Call->getArg(0)))
        return {Store::Exchange, Call->getArg(1)};
    }
  }
  return {};
}

} // namespace threadhop
