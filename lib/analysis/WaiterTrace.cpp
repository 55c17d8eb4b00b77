//===--- WaiterTrace.cpp - which object a waiter waits on -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/WaiterTrace.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Syntax.h"
#include "analysis/WaiterFlow.h"
#include "analysis/WaiterTypes.h"
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

} // namespace

void WaiterTrace::beginAt(Start &S, const WaiterUnit::Place &By,
                          bool Repeated) {
  S.Activation = By.E;
  S.Starter = By.In;
  S.Begin = By.E;
  S.Repeated = Repeated;
}

/// The call of the function is part of the caller's own run: the caller
/// awaits it there.
bool WaiterTrace::isSequential(const WaiterUnit::Place &Call,
                               const FunctionDecl *Callee) {
  if (!Call.In || !visibleBody(Call.In))
    return false;
  const ParentMap &Parents = Unit.paths(Call.In).parents();
  const Expr *Child = Call.E;
  for (const Stmt *S = Parents.getParent(Child); S; S = Parents.getParent(S)) {
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
      if (!isOneOf(calleeName(Outer), {"await_transform", "move", "forward",
                                       "operator co_await", "as_awaitable"}) &&
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

bool WaiterTrace::isAwaited(const VarDecl *Var, const FunctionDecl *In) {
  bool Found = false;
  visitEvaluated(visibleBody(In), [&](const Stmt *S) {
    if (const auto *E = dyn_cast<CoawaitExpr>(S)) {
      const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(E->getOperand()));
      Found |= Ref && Ref->getDecl() == Var;
    }
    return !Found;
  });
  return Found;
}

void WaiterTrace::record(const Decl *Root,
                         llvm::ArrayRef<const FieldDecl *> Fields, Start S) {
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
void WaiterTrace::starts(const FunctionDecl *In, const Decl *Root,
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
      beginAt(Next, Call,
              Unit.isInLoop(Call.In, Call.E) && !wakesInLoop(Call.In, Call.E));
    }
    record(Root, Fields, Next);
  }
  if (!Any)
    record(Root, Fields, S);
}

void WaiterTrace::trace(const FunctionDecl *In, const Expr *E, Start S,
                        unsigned Depth) {
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
        beginAt(S, Lambda,
                Unit.isInLoop(Lambda.In, Lambda.E) &&
                    !wakesInLoop(Lambda.In, Lambda.E));
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

void WaiterTrace::parameter(const FunctionDecl *In, const ParmVarDecl *Param,
                            llvm::ArrayRef<const FieldDecl *> Fields, Start S,
                            unsigned Depth) {
  bool Coroutine = isa_and_nonnull<CoroutineBodyStmt>(visibleBody(In));
  unsigned Index = Param->getFunctionScopeIndex();
  if (isExternal(In))
    Result.Open = true;
  bool Any = false;
  for (const WaiterUnit::Place &Call : Unit.callsOf(In)) {
    auto Args = argumentsOf(Call.E);
    if (!Call.In || Call.In == In || Index >= Args.size())
      continue;
    Any = true;
    Start Next = S;
    bool Sequential = Coroutine && isSequential(Call, In);
    if (Sequential && !Next.Starter)
      Next.Activation = Call.In;
    if (!Sequential && !Next.Starter) {
      auto Path = resolveObject(Args[Index]);
      beginAt(Next, Call,
              Path && Unit.isInLoop(Call.In, Call.E, Path->Root) &&
                  isFixed(Args[Index]) && !wakesInLoop(Call.In, Call.E));
    }
    trace(Call.In, Args[Index], Next, Depth - 1);
  }
  if (!Any)
    record(Param, Fields, S);
}

/// The argument names the same object each time a loop comes by.
bool WaiterTrace::isFixed(const Expr *E) {
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
void WaiterTrace::captured(const FunctionDecl *In, const VarDecl *Var,
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
        if (isSequential(Call, In)) {
          Next.Activation = Call.In;
          outer(Lambda.In, Var, Fields, Next, Depth);
          continue;
        }
        beginAt(Next, Call,
                Unit.isInLoop(Call.In, Call.E, Var) &&
                    !wakesInLoop(Call.In, Call.E));
        outer(Lambda.In, Var, Fields, Next, Depth);
      }
      return;
    }
    beginAt(S, Lambda,
            Unit.isInLoop(Lambda.In, Lambda.E, Var) &&
                !wakesInLoop(Lambda.In, Lambda.E));
  }
  outer(Lambda.In, Var, Fields, S, Depth);
}

void WaiterTrace::outer(const FunctionDecl *In, const VarDecl *Var,
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
void WaiterTrace::objectsOfCallers(const CXXMethodDecl *Method, Start S,
                                   unsigned Depth) {
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
      beginAt(Next, Call,
              Path && Unit.isInLoop(Call.In, Call.E, Path->Root) &&
                  isFixed(Object) && !wakesInLoop(Call.In, Call.E));
    }
    trace(Call.In, Object, Next, Depth - 1);
  }
  if (!Any)
    Result.Open = true;
}

/// The object is behind a reference or pointer that another object holds: the
/// arguments that those objects were made with.
void WaiterTrace::objectsGiven(const CXXRecordDecl *Holder,
                               const FieldDecl *Field, Start S,
                               unsigned Depth) {
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
    beginAt(Next, Made,
            Unit.isInLoop(Made.In, Made.E, Path->Root) && isFixed(Given) &&
                !wakesInLoop(Made.In, Made.E) && !isTemporary(Made));
    Next.Object = Made.In;
    trace(Made.In, Given, Next, Depth - 1);
  }
  (void)Any;
  Result.Open = true;
}

/// The object is gone at the end of the statement.
bool WaiterTrace::isTemporary(const WaiterUnit::Place &Made) {
  const Stmt *Parent = Unit.paths(Made.In).parents().getParent(Made.E);
  while (Parent && isa<ImplicitCastExpr, CXXBindTemporaryExpr,
                       MaterializeTemporaryExpr, CXXFunctionalCastExpr>(Parent))
    Parent = Unit.paths(Made.In).parents().getParent(Parent);
  return isa_and_nonnull<MemberExpr>(Parent);
}

const Expr *WaiterTrace::initialiserOf(const Expr *Made,
                                       const FieldDecl *Field) {
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

bool WaiterTrace::wakes(const Stmt *S) const {
  const auto *Call = dyn_cast<CallExpr>(S);
  return Call && Wakes(Call);
}

/// The loop around the expression also wakes who waits.
bool WaiterTrace::wakesInLoop(const FunctionDecl *In, const Expr *E) const {
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
bool WaiterTrace::wokenBetween(const FunctionDecl *In, const Expr *A,
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

bool WaiterTrace::isBefore(const Expr *A, const Expr *B) const {
  const SourceManager &SM = Unit.Context.getSourceManager();
  return SM.isBeforeInTranslationUnit(SM.getExpansionLoc(A->getBeginLoc()),
                                      SM.getExpansionLoc(B->getBeginLoc()));
}

/// The function that starts the one is the other, and waits after that.
bool WaiterTrace::startsAndWaits(const Start &Started,
                                 const Start &Waits) const {
  return Started.Starter && !Waits.Starter && Waits.In == Started.Starter &&
         (isBefore(Started.Begin, Waits.Site) ||
          Unit.isInLoop(Waits.In, Waits.Site));
}

bool WaiterTrace::together(const Start &A, const Start &B) const {
  return (A.Starter && A.Starter == B.Starter) || startsAndWaits(A, B) ||
         startsAndWaits(B, A);
}

bool WaiterTrace::areTwo(const Start &A, const Start &B) {
  if (A.Starter && A.Starter == B.Starter)
    return !Unit.areAlternatives(A.Starter, A.Begin, B.Begin) &&
           !wokenBetween(A.Starter, A.Begin, B.Begin);
  // Two functions that register callbacks may be steps of one protocol, but
  // not of two objects that were made for it.
  if (!Awaits && A.Object && B.Object)
    return A.Activation != B.Activation;
  if (!Awaits)
    return A.Starter && B.Starter && A.In != B.In ? false
                                                  : A.Starter && B.Starter;
  // What is started after the wait has only one waiter before it.
  for (auto [Started, Waits] : {std::pair(&A, &B), std::pair(&B, &A)})
    if (Started->Starter && !Waits->Starter && Waits->In == Started->Starter)
      return startsAndWaits(*Started, *Waits) &&
             !wokenBetween(Waits->In, Started->Begin, Waits->Site);
  return A.In != B.In || (A.Starter && B.Starter);
}

bool WaiterTrace::reportRepeated(llvm::ArrayRef<Start> Starts,
                                 WaiterEvidence &Into) const {
  for (const Start &S : Starts) {
    if (!S.Repeated)
      continue;
    Into.Two = Into.StartedTogether = true;
    Into.In = S.In;
    Into.Second = S.Site;
    Into.Notes.push_back(
        {S.Begin->getExprLoc(),
         S.Object ? "objects that register with the same slot are made "
                    "here in a loop"
                  : "waiters of the same object are started here in a loop",
         false, false});
    if (S.Site != S.Begin)
      Into.Notes.push_back({S.Site->getExprLoc(),
                            Awaits ? "each waits here" : "each registers here",
                            true, false});
    return true;
  }
  return false;
}

bool WaiterTrace::reportPair(llvm::ArrayRef<Start> Starts, bool Together,
                             WaiterEvidence &Into) {
  for (size_t I = 0; I != Starts.size(); ++I)
    for (size_t J = I + 1; J != Starts.size(); ++J) {
      Start A = Starts[I], B = Starts[J];
      if (together(A, B) != Together || !areTwo(A, B))
        continue;
      if (isBefore(B.Begin, A.Begin))
        std::swap(A, B);
      Into.Two = true;
      Into.StartedTogether = Together;
      Into.In = B.In;
      Into.Second = B.Site;
      auto note = [&](const Start &S, bool IsOther) {
        std::string Who = IsOther ? "the other" : "one";
        if (S.Site != S.Begin)
          Into.Notes.push_back(
              {S.Begin->getExprLoc(),
               S.Object ? Who + " waiter belongs to the object made here"
                        : Who + " waiter is started here",
               false, IsOther});
        Into.Notes.push_back(
            {S.Site->getExprLoc(),
             Who + " waiter " + (Awaits ? "waits" : "registers") + " here",
             true, IsOther});
      };
      note(A, false);
      note(B, true);
      return true;
    }
  return false;
}

WaiterEvidence WaiterTrace::finish() {
  for (auto &[K, Starts] : Objects)
    if (reportRepeated(Starts, Result))
      return std::move(Result);
  for (bool Together : {true, false})
    for (auto &[K, Starts] : Objects)
      if (reportPair(Starts, Together, Result))
        return std::move(Result);
  return std::move(Result);
}

std::vector<WaiterEvidence> WaiterTrace::finishEach() {
  std::vector<WaiterEvidence> Found;
  for (auto &[K, Starts] : Objects) {
    WaiterEvidence Here;
    if (!reportRepeated(Starts, Here) && !reportPair(Starts, true, Here) &&
        !reportPair(Starts, false, Here))
      continue;
    if (llvm::none_of(Found, [&](const WaiterEvidence &Old) {
          return Old.Second == Here.Second;
        }))
      Found.push_back(std::move(Here));
  }
  return Found;
}

void WaiterTrace::wait(const FunctionDecl *In, const Expr *Object,
                       const Expr *Site) {
  Result.AnySite = true;
  if (Object)
    trace(In, Object, {Site, In, In, nullptr, Site, false}, 6);
  else
    Result.Open = true;
}

void WaiterTrace::waitOnVariable(const FunctionDecl *In,
                                 const ValueDecl *Variable, const Expr *Site) {
  Result.AnySite = true;
  starts(In, Variable, {}, {Site, In, In, nullptr, Site, false}, 6);
}

void WaiterTrace::registerFor(const void *Which, const FunctionDecl *In,
                              const Expr *Given, const Expr *Site) {
  Result.AnySite = true;
  Start S{Site, In, Which, In, Site, false};
  S.Object = In;
  trace(In, Given, S, 5);
}

} // namespace threadhop
