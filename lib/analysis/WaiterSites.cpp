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

/// The coroutine starts to run only when it is awaited.
bool isLazy(const FunctionDecl *Function) {
  const auto *Body = dyn_cast_or_null<CoroutineBodyStmt>(visibleBody(Function));
  if (!Body)
    return false;
  bool Eager = false;
  llvm::SmallVector<const Stmt *, 8> Work{Body->getInitSuspendStmt()};
  while (!Work.empty()) {
    const Stmt *S = Work.pop_back_val();
    if (!S)
      continue;
    if (const auto *E = dyn_cast<CoawaitExpr>(S))
      if (const CXXRecordDecl *Awaiter =
              E->getCommonExpr()->getType()->getAsCXXRecordDecl())
        Eager |=
            Awaiter->getIdentifier() && Awaiter->getName() == "suspend_never";
    Work.append(S->child_begin(), S->child_end());
  }
  return !Eager;
}

bool isExternal(const FunctionDecl *Function) {
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
    if (Method->getParent()->isLambda())
      return false;
  return !Function->isMain() && Function->isExternallyVisible();
}

class WaiterFinder {
public:
  WaiterFinder(const SlotStore &Store, WaiterUnit &Unit)
      : Store(Store), Unit(Unit) {
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
    judge();
    return std::move(Result);
  }

private:
  struct Start {
    const Expr *Site;            ///< Where it waits.
    const FunctionDecl *In;      ///< The function that awaits.
    const void *Activation;      ///< One waiter for each.
    const FunctionDecl *Starter; ///< Where Begin is; null if Begin is.
    const Expr *Begin;           ///< The call that starts it, or the object's.
    bool Repeated;               ///< Begin is in a loop.
    const FunctionDecl *Object = nullptr; ///< Begin makes an object of a type.
  };
  using Key = std::pair<const Decl *, llvm::SmallVector<const Decl *, 2>>;

  const Expr *registrationObject(const Expr *Call) const {
    if (Store.Place.Root == SlotPlace::This) {
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
        return Member->getImplicitObjectArgument();
      return nullptr;
    }
    if (const auto *Param =
            dyn_cast_or_null<ParmVarDecl>(Store.Place.RootDecl)) {
      auto Args = givenArguments(Call);
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
      return firstOf(givenArguments(E));
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
    Result.AnySite = true;
    // A variable is the same one for all.
    if (!isa<FieldDecl>(Store.Place.Slot)) {
      starts(In, Store.Place.Slot, {}, {Site, In, In, nullptr, Site, false}, 6);
      return;
    }
    if (registeredFor(In, Awaited, Site))
      return;
    const Expr *Object = objectIn(Awaited, false, 8);
    if (!Object)
      Object = objectIn(Awaited, true, 8);
    if (!Object) {
      Result.Open = true;
      return;
    }
    trace(In, Object, {Site, In, In, nullptr, Site, false}, 6);
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
    const Expr *Given = initialiserOf(Made, Held);
    if (!Given)
      return false;
    Start S{Site, In, Which, In, Site, false};
    S.Object = In;
    trace(In, Given, S, 5);
    return true;
  }

  /// The call of the function is part of the caller's own run: the caller
  /// awaits it there.
  bool isSequential(const WaiterUnit::Place &Call, const FunctionDecl *Callee) {
    if (!Call.In || !visibleBody(Call.In))
      return false;
    const ParentMap &Parents = Unit.paths(Call.In).parents();
    const Expr *Child = Call.E;
    for (const Stmt *S = Parents.getParent(Child); S;
         S = Parents.getParent(S)) {
      if (isa<CoawaitExpr, CoyieldExpr>(S))
        return true;
      if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
        for (const Decl *D : Declares->decls())
          if (const auto *Var = dyn_cast<VarDecl>(D))
            if (isLazy(Callee) && isAwaited(Var, Call.In))
              return true;
        return false;
      }
      if (const auto *Outer = dyn_cast<CallExpr>(S)) {
        if (isOneOf(calleeName(Outer),
                    {"sync_wait", "syncAwait", "blockOn", "block_on",
                     "blocking_wait", "sync_await", "waitFor"}))
          return true;
        if (!isOneOf(calleeName(Outer),
                     {"await_transform", "move", "forward", "operator co_await",
                      "as_awaitable"}) &&
            !isa<CXXOperatorCallExpr>(Outer) && !isa<CXXMemberCallExpr>(Outer))
          return false;
        const auto *Member = dyn_cast<CXXMemberCallExpr>(Outer);
        if (Member && calleeName(Member) != "await_transform" &&
            stripForwarding(Member->getImplicitObjectArgument()) !=
                stripForwarding(Child))
          return false;
        continue;
      }
      if (!isa<Expr>(S))
        return false;
      if (isa<LambdaExpr, CXXNewExpr, InitListExpr>(S))
        return false;
      if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
        if (Construct->getNumArgs() != 1)
          return false;
    }
    return false;
  }

  static bool isAwaited(const VarDecl *Var, const FunctionDecl *In) {
    bool Found = false;
    visitEvaluated(visibleBody(In), [&](const Stmt *S) {
      if (const auto *E = dyn_cast<CoawaitExpr>(S)) {
        const auto *Ref =
            dyn_cast<DeclRefExpr>(stripForwarding(E->getOperand()));
        Found |= Ref && Ref->getDecl() == Var;
      }
      return !Found;
    });
    return Found;
  }

  void record(const Decl *Root, llvm::ArrayRef<const FieldDecl *> Fields,
              Start S) {
    Key K;
    K.first = Root;
    for (const FieldDecl *Field : Fields)
      K.second.push_back(Field);
    for (auto &[Known, Starts] : Objects)
      if (Known == K) {
        for (const Start &Old : Starts)
          if (Old.Activation == S.Activation && Old.Repeated == S.Repeated)
            return;
        Starts.push_back(S);
        return;
      }
    Objects.push_back({K, {S}});
  }

  /// Who starts the function, for an object that they all share.
  void starts(const FunctionDecl *In, const Decl *Root,
              llvm::ArrayRef<const FieldDecl *> Fields, Start S,
              unsigned Depth) {
    bool Coroutine = isa_and_nonnull<CoroutineBodyStmt>(visibleBody(In));
    llvm::ArrayRef<WaiterUnit::Place> Calls = Unit.callsOf(In);
    if (isExternal(In))
      Result.Open = true;
    bool Any = false;
    for (const WaiterUnit::Place &Call : Calls) {
      if (!Call.In || Call.In == In || !Depth)
        continue;
      Any = true;
      Start Next = S;
      if (Coroutine && isSequential(Call, In)) {
        if (!Next.Starter)
          Next.Activation = Call.In;
        starts(Call.In, Root, Fields, Next, Depth - 1);
        continue;
      }
      if (!Next.Starter) {
        Next.Activation = Call.E;
        Next.Starter = Call.In;
        Next.Begin = Call.E;
        Next.Repeated =
            Unit.isInLoop(Call.In, Call.E) && !wakesInLoop(Call.In, Call.E);
      }
      record(Root, Fields, Next);
    }
    if (!Any)
      record(Root, Fields, S);
  }

  /// A temporary that has the slot in itself: no two waiters share it.
  bool isNewOwner(const Expr *E) const {
    const Expr *Bare = stripForwarding(E);
    const CXXRecordDecl *Made =
        Bare->isPRValue() ? Bare->getType()->getAsCXXRecordDecl() : nullptr;
    const CXXRecordDecl *Owner = Store.Place.Owner;
    return Made && Owner && Made->hasDefinition() &&
           (patternOf(Made) == patternOf(Owner) ||
            !Made->forallBases([&](const CXXRecordDecl *Base) {
              return patternOf(Base) != patternOf(Owner);
            }));
  }

  void trace(const FunctionDecl *In, const Expr *E, Start S, unsigned Depth) {
    if (isNewOwner(E))
      return;
    auto Path = resolveObject(E);
    if (!Path || !Depth) {
      Result.Open = true;
      return;
    }
    llvm::ArrayRef<const FieldDecl *> Fields(Path->Fields);
    const auto *Method = dyn_cast<CXXMethodDecl>(In);
    if (!Path->Root) {
      // A member of the class: of whichever object.
      while (Method && Method->getParent()->isLambda()) {
        WaiterUnit::Place Lambda = Unit.lambdaAt(Method);
        if (!S.Starter && Lambda.In) {
          S.Activation = Lambda.E;
          S.Starter = Lambda.In;
          S.Begin = Lambda.E;
          S.Repeated = Unit.isInLoop(Lambda.In, Lambda.E) &&
                       !wakesInLoop(Lambda.In, Lambda.E);
        }
        Method = dyn_cast_or_null<CXXMethodDecl>(Lambda.In);
      }
      if (!Method) {
        Result.Open = true;
        return;
      }
      if (Fields.empty()) {
        objectsOfCallers(Method, S, Depth);
        return;
      }
      bool Shared = false;
      if (Fields.front()->getType()->isReferenceType() ||
          Fields.front()->getType()->isPointerType() ||
          smartPointee(Fields.front()->getType(), Shared)) {
        objectsGiven(Method->getParent(), Fields.front(), S, Depth);
        return;
      }
      starts(Method, patternOf(Method->getParent()), Fields, S, Depth);
      return;
    }
    const auto *Var = dyn_cast<VarDecl>(Path->Root);
    if (!Var) {
      Result.Open = true;
      return;
    }
    if (!Var->hasLocalStorage()) {
      if (Var->isExternallyVisible() && !Var->isStaticLocal() &&
          !Unit.Context.getSourceManager().isInMainFile(Var->getLocation()))
        Result.Open = true;
      starts(In, Var, Fields, S, Depth);
      return;
    }
    const auto *Owner = dyn_cast<FunctionDecl>(Var->getDeclContext());
    if (Owner && Owner->getCanonicalDecl() != In->getCanonicalDecl()) {
      captured(In, Var, Fields, S, Depth);
      return;
    }
    const auto *Param = dyn_cast<ParmVarDecl>(Var);
    bool Shared = false;
    if (!Param || !(Param->getType()->isReferenceType() ||
                    Param->getType()->isPointerType() ||
                    smartPointee(Param->getType(), Shared))) {
      // A pointer from somewhere.
      if (Var->getType()->isPointerType() || Var->getType()->isReferenceType())
        Result.Open = true;
      record(Var, Fields, S);
      return;
    }
    parameter(In, Param, Fields, S, Depth);
  }

  void parameter(const FunctionDecl *In, const ParmVarDecl *Param,
                 llvm::ArrayRef<const FieldDecl *> Fields, Start S,
                 unsigned Depth) {
    bool Coroutine = isa_and_nonnull<CoroutineBodyStmt>(visibleBody(In));
    unsigned Index = Param->getFunctionScopeIndex();
    if (isExternal(In))
      Result.Open = true;
    bool Any = false;
    for (const WaiterUnit::Place &Call : Unit.callsOf(In)) {
      auto Args = givenArguments(Call.E);
      if (!Call.In || Call.In == In || Index >= Args.size())
        continue;
      Any = true;
      Start Next = S;
      bool Sequential = Coroutine && isSequential(Call, In);
      if (Sequential && !Next.Starter)
        Next.Activation = Call.In;
      if (!Sequential && !Next.Starter) {
        auto Path = resolveObject(Args[Index]);
        Next.Activation = Call.E;
        Next.Starter = Call.In;
        Next.Begin = Call.E;
        Next.Repeated = Path && Unit.isInLoop(Call.In, Call.E, Path->Root) &&
                        isFixed(Args[Index]) && !wakesInLoop(Call.In, Call.E);
      }
      trace(Call.In, Args[Index], Next, Depth - 1);
    }
    if (!Any)
      record(Param, Fields, S);
  }

  /// The argument names the same object each time a loop comes by.
  static bool isFixed(const Expr *E) {
    bool Fixed = true;
    visitEvaluated(E, [&](const Stmt *S) {
      if (isa<CallExpr, ArraySubscriptExpr>(S) &&
          !isStdCall(cast<Expr>(S), "ref"))
        Fixed = false;
      return Fixed;
    });
    return Fixed;
  }

  /// A lambda's body names a variable of the function around it.
  void captured(const FunctionDecl *In, const VarDecl *Var,
                llvm::ArrayRef<const FieldDecl *> Fields, Start S,
                unsigned Depth) {
    WaiterUnit::Place Lambda = Unit.lambdaAt(In);
    const auto *E = dyn_cast_or_null<LambdaExpr>(Lambda.E);
    if (!E || !Lambda.In) {
      Result.Open = true;
      return;
    }
    if (!S.Starter) {
      auto Calls = Unit.callsOf(In);
      // A lambda that is called by name is started by its calls.
      bool Direct = !Calls.empty();
      for (const WaiterUnit::Place &Call : Calls)
        Direct &= Call.In == Lambda.In;
      if (Direct) {
        for (const WaiterUnit::Place &Call : Calls) {
          Start Next = S;
          Next.Activation = Call.E;
          Next.Starter = Call.In;
          Next.Begin = Call.E;
          Next.Repeated = Unit.isInLoop(Call.In, Call.E, Var) &&
                          !wakesInLoop(Call.In, Call.E);
          outer(Lambda.In, Var, Fields, Next, Depth);
        }
        return;
      }
      S.Activation = Lambda.E;
      S.Starter = Lambda.In;
      S.Begin = Lambda.E;
      S.Repeated = Unit.isInLoop(Lambda.In, Lambda.E, Var) &&
                   !wakesInLoop(Lambda.In, Lambda.E);
    }
    outer(Lambda.In, Var, Fields, S, Depth);
  }

  void outer(const FunctionDecl *In, const VarDecl *Var,
             llvm::ArrayRef<const FieldDecl *> Fields, Start S,
             unsigned Depth) {
    const auto *Param = dyn_cast<ParmVarDecl>(Var);
    if (Param && Depth && Param->getDeclContext() == In &&
        (Param->getType()->isReferenceType() ||
         Param->getType()->isPointerType()))
      parameter(In, Param, Fields, S, Depth - 1);
    else
      record(Var, Fields, S);
  }

  /// The object is *this of a method: those that it is called on.
  void objectsOfCallers(const CXXMethodDecl *Method, Start S, unsigned Depth) {
    if (isExternal(Method))
      Result.Open = true;
    bool Coroutine = isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Method));
    bool Any = false;
    for (const WaiterUnit::Place &Call : Unit.callsOf(Method)) {
      const auto *Member = dyn_cast<CXXMemberCallExpr>(Call.E);
      if (!Member || !Call.In || Call.In == Method)
        continue;
      Any = true;
      const Expr *Object = Member->getImplicitObjectArgument();
      Start Next = S;
      bool Sequential = Coroutine && isSequential(Call, Method);
      if (Sequential && !Next.Starter)
        Next.Activation = Call.In;
      if (!Sequential && !Next.Starter) {
        auto Path = resolveObject(Object);
        Next.Activation = Call.E;
        Next.Starter = Call.In;
        Next.Begin = Call.E;
        Next.Repeated = Path && Unit.isInLoop(Call.In, Call.E, Path->Root) &&
                        isFixed(Object) && !wakesInLoop(Call.In, Call.E);
      }
      trace(Call.In, Object, Next, Depth - 1);
    }
    if (!Any)
      Result.Open = true;
  }

  /// The object is behind a reference or pointer that another object holds: the
  /// arguments that those objects were made with.
  void objectsGiven(const CXXRecordDecl *Holder, const FieldDecl *Field,
                    Start S, unsigned Depth) {
    bool Any = false;
    for (const WaiterUnit::Place &Made : Unit.madeAt(Holder)) {
      const Expr *Given = initialiserOf(Made.E, Field);
      if (!Given || !Made.In)
        continue;
      auto Path = resolveObject(Given);
      if (!Path || !Path->Root)
        continue;
      Any = true;
      Start Next = S;
      Next.Activation = Made.E;
      Next.Starter = Made.In;
      Next.Begin = Made.E;
      Next.Repeated = Unit.isInLoop(Made.In, Made.E, Path->Root) &&
                      isFixed(Given) && !wakesInLoop(Made.In, Made.E) &&
                      !isTemporary(Made);
      Next.Object = Made.In;
      trace(Made.In, Given, Next, Depth - 1);
    }
    (void)Any;
    Result.Open = true;
  }

  /// The object is gone at the end of the statement.
  bool isTemporary(const WaiterUnit::Place &Made) {
    const Stmt *Parent = Unit.paths(Made.In).parents().getParent(Made.E);
    while (Parent &&
           isa<ImplicitCastExpr, CXXBindTemporaryExpr, MaterializeTemporaryExpr,
               CXXFunctionalCastExpr>(Parent))
      Parent = Unit.paths(Made.In).parents().getParent(Parent);
    return isa_and_nonnull<MemberExpr>(Parent);
  }

  const Expr *initialiserOf(const Expr *Made, const FieldDecl *Field) const {
    if (const auto *List = dyn_cast<InitListExpr>(Made)) {
      unsigned Index = Field->getFieldIndex();
      const auto *Record = List->getType()->getAsCXXRecordDecl();
      if (Record)
        Index += cast<CXXRecordDecl>(Record->getDefinition())->getNumBases();
      return Index < List->getNumInits() ? List->getInit(Index) : nullptr;
    }
    const auto *Construct = dyn_cast<CXXConstructExpr>(Made);
    if (!Construct)
      return nullptr;
    const FunctionDecl *Definition = nullptr;
    if (!Construct->getConstructor()->hasBody(Definition))
      return nullptr;
    for (const CXXCtorInitializer *Init :
         cast<CXXConstructorDecl>(Definition)->inits()) {
      if (Init->getMember() != Field || !Init->getInit())
        continue;
      auto Path = resolveObject(Init->getInit());
      const auto *Param =
          Path ? dyn_cast_or_null<ParmVarDecl>(Path->Root) : nullptr;
      if (!Param || !Path->Fields.empty())
        return nullptr;
      for (unsigned I = 0; I != Definition->getNumParams(); ++I)
        if (Definition->getParamDecl(I)->getCanonicalDecl() == Param &&
            I < Construct->getNumArgs())
          return Construct->getArg(I);
    }
    return nullptr;
  }

  bool wakes(const Stmt *S) const {
    const auto *Call = dyn_cast<CallExpr>(S);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    return Callee && Wakers.contains(Callee->getCanonicalDecl());
  }

  /// The loop around the expression also wakes who waits.
  bool wakesInLoop(const FunctionDecl *In, const Expr *E) const {
    const ParentMap &Parents = Unit.paths(In).parents();
    for (const Stmt *S = Parents.getParent(E); S; S = Parents.getParent(S)) {
      if (!isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S))
        continue;
      bool Wakes = false;
      visitEvaluated(S, [&](const Stmt *Part) {
        Wakes |= wakes(Part);
        return !Wakes;
      });
      return Wakes;
    }
    return false;
  }

  /// Between the two, in source order, the function wakes who waits.
  bool wokenBetween(const FunctionDecl *In, const Expr *A,
                    const Expr *B) const {
    const SourceManager &SM = Unit.Context.getSourceManager();
    SourceLocation First = SM.getExpansionLoc(A->getBeginLoc());
    SourceLocation Last = SM.getExpansionLoc(B->getBeginLoc());
    if (SM.isBeforeInTranslationUnit(Last, First))
      std::swap(First, Last);
    bool Wakes = false;
    visitEvaluated(visibleBody(In), [&](const Stmt *S) {
      if (wakes(S)) {
        SourceLocation At = SM.getExpansionLoc(S->getBeginLoc());
        Wakes |= SM.isBeforeInTranslationUnit(First, At) &&
                 SM.isBeforeInTranslationUnit(At, Last);
      }
      return !Wakes;
    });
    return Wakes;
  }

  bool areTwo(const Start &A, const Start &B) {
    if (A.Starter && A.Starter == B.Starter)
      return !Unit.areAlternatives(A.Starter, A.Begin, B.Begin) &&
             !wokenBetween(A.Starter, A.Begin, B.Begin);
    // Two functions that register callbacks may be steps of one protocol, but
    // not of two objects that were made for it.
    if (!isAwaitSuspend(Store.Registers) && A.Object && B.Object)
      return A.Activation != B.Activation;
    if (!isAwaitSuspend(Store.Registers))
      return A.Starter && B.Starter && A.In != B.In ? false
                                                    : A.Starter && B.Starter;
    return A.In != B.In || (A.Starter && B.Starter);
  }

  void judge() {
    const SourceManager &SM = Unit.Context.getSourceManager();
    const bool Awaits = isAwaitSuspend(Store.Registers);
    std::string Waits = Awaits ? "waits" : "registers";
    for (auto &[K, Starts] : Objects) {
      for (const Start &S : Starts) {
        if (!S.Repeated)
          continue;
        Result.Two = true;
        Result.Notes.push_back(
            {S.Begin->getExprLoc(),
             S.Object ? "objects that register with the same slot are made "
                        "here in a loop"
                      : "waiters of the same object are started here in a loop",
             false, false});
        if (S.Site != S.Begin)
          Result.Notes.push_back(
              {S.Site->getExprLoc(), "each " + Waits + " here", true, false});
        return;
      }
      for (size_t I = 0; I != Starts.size(); ++I)
        for (size_t J = I + 1; J != Starts.size(); ++J) {
          Start A = Starts[I], B = Starts[J];
          if (!areTwo(A, B))
            continue;
          if (SM.isBeforeInTranslationUnit(B.Begin->getExprLoc(),
                                           A.Begin->getExprLoc()))
            std::swap(A, B);
          Result.Two = true;
          auto note = [&](const Start &S, bool IsOther) {
            std::string Who = IsOther ? "the other" : "one";
            if (S.Site != S.Begin)
              Result.Notes.push_back(
                  {S.Begin->getExprLoc(),
                   S.Object ? Who + " waiter belongs to the object made here"
                            : Who + " waiter is started here",
                   false, IsOther});
            Result.Notes.push_back({S.Site->getExprLoc(),
                                    Who + " waiter " + Waits + " here", true,
                                    IsOther});
          };
          note(A, false);
          note(B, true);
          return;
        }
    }
  }

  const SlotStore &Store;
  WaiterUnit &Unit;
  WaiterEvidence Result;
  llvm::SmallPtrSet<const Decl *, 8> Wakers;
  std::vector<std::pair<Key, std::vector<Start>>> Objects;
};

} // namespace

WaiterEvidence findWaiters(const SlotStore &Store, WaiterUnit &Unit) {
  return WaiterFinder(Store, Unit).find();
}

} // namespace threadhop
