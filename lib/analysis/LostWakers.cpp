//===--- LostWakers.cpp - waiters that nobody keeps -----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/LostWakers.h"
#include "analysis/Syntax.h"
#include "analysis/WaiterFlow.h"
#include "analysis/WakerSlots.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

bool handsWaiterOn(const Stmt *S, const WaiterCarriers &Carriers,
                   const FunctionPaths &Paths) {
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
    return Carriers.carries(Lambda);
  const Expr *E = nullptr;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
    if (Carriers.holds(Ref->getDecl()))
      E = Ref;
  } else if (const auto *Member = dyn_cast<MemberExpr>(S)) {
    if (isa<CXXThisExpr>(stripForwarding(Member->getBase())) &&
        Carriers.holds(Member->getMemberDecl()))
      E = Member;
  } else if (isa<CXXThisExpr>(S) && Carriers.inAwaiter()) {
    if (!isa_and_nonnull<MemberExpr>(Paths.parentOf(S)))
      E = cast<Expr>(S);
  }
  if (!E)
    return false;
  for (unsigned Step = 0; Step != 12; ++Step) {
    const Stmt *Parent = Paths.parentOf(E);
    if (!Parent || isa<CompoundStmt>(Parent))
      return false;
    if (const auto *Member = dyn_cast<MemberExpr>(Parent)) {
      if (isa<FieldDecl>(Member->getMemberDecl())) {
        E = Member;
        continue;
      }
      const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(
          Paths.parents().getParent(Member));
      if (!Call)
        return true;
      if (isOneOf(calleeName(Call), {"done", "has_value"}))
        return false;
      if (isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl()) ||
          calleeName(Call) == "address") {
        if (Call->getType()->isBooleanType())
          return false;
        E = Call;
        continue;
      }
      return true;
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent))
      return !isOneOf(getOperatorSpelling(Operator->getOperator()),
                      {"==", "!=", "!", "<=>"});
    if (const auto *Binary = dyn_cast<BinaryOperator>(Parent))
      return !Binary->isComparisonOp() && !Binary->isLogicalOp();
    if (const auto *Unary = dyn_cast<UnaryOperator>(Parent)) {
      if (Unary->getOpcode() == UO_LNot)
        return false;
      E = Unary;
      continue;
    }
    if (const auto *Cast = dyn_cast<ExplicitCastExpr>(Parent)) {
      if (Cast->getType()->isVoidType() || Cast->getType()->isBooleanType())
        return false;
      E = Cast;
      continue;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent)) {
      if (Construct->getNumArgs() != 1)
        return true;
      E = Construct;
      continue;
    }
    if (const auto *Declares = dyn_cast<DeclStmt>(Parent)) {
      // The variable is looked for itself.
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          if (Var->hasInit() &&
              stripWrapping(Var->getInit()) == stripWrapping(E))
            return !Carriers.holds(Var);
      return true;
    }
    if (isa<IfStmt, WhileStmt, DoStmt, ForStmt>(Parent))
      return false;
    if (const auto *Call = dyn_cast<CallExpr>(Parent))
      if (isStdCall(Call, "move") || isStdCall(Call, "forward")) {
        E = Call;
        continue;
      }
    return true;
  }
  return true;
}

namespace {

class LossFinder {
public:
  LossFinder(WaiterUnit &Unit, std::vector<LostWaker> &Found)
      : Unit(Unit), Found(Found) {}

  void look(const FunctionDecl *F) {
    Function = F;
    Waiter = waiterParameter(F);
    if (!Waiter)
      return;
    Kind = waiterKind(Waiter->getType());
    Carriers = WaiterCarriers(F, {Waiter});
    Awaits = isAwaitSuspend(F);
    Polls =
        !Awaits && Kind == WaiterKind::Waker && isPollEnum(F->getReturnType());
    if (Awaits &&
        (Unit.isProtocolAwaiter(cast<CXXMethodDecl>(F)->getParent()) ||
         !Waiter->getIdentifier()))
      return;
    if (Awaits || Polls)
      paths();
    insertions();
  }

private:
  /// The path ends with the waiter waiting.
  bool endsWaiting(const FunctionPath &Path) const {
    if (Path.End != PathEnd::Return)
      return false;
    if (Polls)
      return Path.Returned && isPendingValue(Path.Returned);
    QualType Type = Function->getReturnType();
    if (Type->isVoidType())
      return true;
    if (!Path.Returned)
      return false;
    if (Type->isBooleanType()) {
      bool Value = false;
      return !Path.Returned->isValueDependent() &&
             Path.Returned->EvaluateAsBooleanCondition(Value, Unit.Context) &&
             Value;
    }
    return isCoroutineHandle(Type) && !Carriers.carries(Path.Returned);
  }

  void paths() {
    const FunctionPaths &Paths = Unit.paths(Function);
    SourceLocation Kept;
    std::vector<LostWaker> Lost;
    bool Complete = Paths.each([&](const FunctionPath &Path) {
      bool Handed = false;
      for (const PathEvent &Event : Path.Events)
        if (Event.Kind == PathEvent::Evaluate &&
            handsWaiterOn(Event.S, Carriers, Paths)) {
          Handed = true;
          if (Kept.isInvalid())
            Kept = Event.S->getBeginLoc();
        }
      if (!Handed && endsWaiting(Path) && !skipsTestedLoop(Path))
        add(Path, Lost);
      if (Polls)
        swallowed(Path, Paths);
      return true;
    });
    // Where no path keeps it, whoever else has the handle (the owner of the
    // coroutine, a generator's consumer) resumes it.
    if (!Complete || Kept.isInvalid())
      return;
    for (LostWaker &L : Lost) {
      L.Other = Kept;
      Found.push_back(std::move(L));
    }
  }

  /// The members and variables that the expression depends on, through the
  /// initialisers of local variables.
  static void mentioned(const Stmt *S, unsigned Depth,
                        llvm::SmallPtrSetImpl<const ValueDecl *> &Into) {
    if (!S || !Depth)
      return;
    visitEvaluated(S, [&](const Stmt *Inner) {
      if (const auto *Member = dyn_cast<MemberExpr>(Inner)) {
        if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
          Into.insert(Field->getCanonicalDecl());
      } else if (const auto *Ref = dyn_cast<DeclRefExpr>(Inner)) {
        const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
        if (Var && Into.insert(Var->getCanonicalDecl()).second)
          mentioned(Var->getInit(), Depth - 1, Into);
      }
      return true;
    });
  }

  /// A loop is left before its first round although what it goes over was
  /// looked at before: that path was turned away there.
  static bool skipsTestedLoop(const FunctionPath &Path) {
    for (size_t I = 0; I != Path.Events.size(); ++I) {
      const PathEvent &Leave = Path.Events[I];
      if (Leave.Kind != PathEvent::Branch || Leave.Taken || !Leave.Block ||
          !isa_and_nonnull<ForStmt, WhileStmt, CXXForRangeStmt>(
              Leave.Block->getTerminatorStmt()))
        continue;
      llvm::SmallPtrSet<const ValueDecl *, 8> Over;
      mentioned(Leave.S, /*Depth=*/5, Over);
      bool Again = false, Tested = false;
      for (size_t J = 0; J != I; ++J) {
        const PathEvent &Before = Path.Events[J];
        if (Before.Kind != PathEvent::Branch)
          continue;
        Again |= Before.Block == Leave.Block;
        llvm::SmallPtrSet<const ValueDecl *, 8> Seen;
        mentioned(Before.S, /*Depth=*/5, Seen);
        Tested |= llvm::any_of(
            Seen, [&](const ValueDecl *D) { return Over.contains(D); });
      }
      if (Tested && !Again)
        return true;
    }
    return false;
  }

  void conditions(const FunctionPath &Path, LostWaker &L) const {
    for (const PathEvent &Event : Path.Events)
      if (Event.Kind == PathEvent::Branch)
        L.Conditions.push_back(
            {Event.S->getBeginLoc(),
             Event.IsSwitch ? std::nullopt : std::optional(Event.Taken)});
  }

  SourceLocation endOf(const FunctionPath &Path) const {
    for (const PathEvent &Event : llvm::reverse(Path.Events))
      if (Event.Kind == PathEvent::Evaluate && isa<ReturnStmt>(Event.S))
        return Event.S->getBeginLoc();
    return {};
  }

  void add(const FunctionPath &Path, std::vector<LostWaker> &Lost) const {
    LostWaker L;
    L.Kind = Kind;
    L.Function = Function;
    L.Waiter = Waiter;
    L.Loc = endOf(Path);
    conditions(Path, L);
    if (L.Loc.isInvalid())
      L.Loc = L.Conditions.empty() ? Function->getLocation()
                                   : L.Conditions.back().Loc;
    for (const LostWaker &Old : Lost)
      if (Old.Loc == L.Loc)
        return;
    Lost.push_back(std::move(L));
  }

  /// What says "pending" when the condition comes out so: a call, or a
  /// variable that keeps a call's result.
  const Expr *pendingSeen(const PathEvent &Event) const {
    const auto *E = dyn_cast<Expr>(Event.S);
    const auto *Binary =
        E ? dyn_cast<BinaryOperator>(stripForwarding(E)) : nullptr;
    if (!Binary || !Binary->isEqualityOp() || Event.IsSwitch ||
        Event.Taken != (Binary->getOpcode() == BO_EQ))
      return nullptr;
    const Expr *Other = nullptr;
    if (isPendingValue(Binary->getRHS()))
      Other = Binary->getLHS();
    else if (isPendingValue(Binary->getLHS()))
      Other = Binary->getRHS();
    if (!Other)
      return nullptr;
    Other = stripForwarding(Other);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Other))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        if (Var->isLocalVarDecl() && Var->hasInit())
          Other = stripForwarding(Var->getInit());
    return isa<CallExpr>(Other) ? Other : nullptr;
  }

  void swallowed(const FunctionPath &Path, const FunctionPaths &Paths) {
    if (Path.End != PathEnd::Return || !Path.Returned ||
        !isReadyValue(Path.Returned))
      return;
    const Expr *Pending = nullptr;
    for (const PathEvent &Event : Path.Events) {
      if (Event.Kind == PathEvent::Branch) {
        // A further condition may be why it is ready all the same.
        const Expr *Seen = pendingSeen(Event);
        Pending = Seen;
      } else if (Event.Kind == PathEvent::Evaluate && Pending) {
        if (const auto *Call = dyn_cast<CallExpr>(Event.S))
          if (isPollEnum(Call->getType()))
            Pending = nullptr;
      }
    }
    if (!Pending)
      return;
    LostWaker L;
    L.Loss = LostWaker::Swallowed;
    L.Kind = Kind;
    L.Function = Function;
    L.Waiter = Waiter;
    L.Loc = endOf(Path);
    L.Other = Pending->getBeginLoc();
    for (const LostWaker &Old : Found)
      if (Old.Loc == L.Loc)
        return;
    Found.push_back(std::move(L));
  }

  /// Given to a map that keeps what it has under the key.
  void insertions() {
    const FunctionPaths &Paths = Unit.paths(Function);
    visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
      const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
      if (!Call || !Call->getNumArgs() || !Paths.isDiscarded(Call) ||
          !isOneOf(calleeName(Call), {"try_emplace", "emplace", "insert"}))
        return true;
      const Expr *Object = stripForwarding(Call->getImplicitObjectArgument());
      if (!isUniqueMap(Object->getType()))
        return true;
      bool Given = false;
      for (const Expr *Arg : Call->arguments())
        Given |= Carriers.carries(Arg);
      const auto *Map = dyn_cast<MemberExpr>(Object);
      const auto *Field =
          Map ? dyn_cast<FieldDecl>(Map->getMemberDecl()) : nullptr;
      if (!Given || !Field || !isForeignKey(keyOf(Call)))
        return true;
      if (Kind != WaiterKind::Handle && Kind != WaiterKind::Waker &&
          !isTakenFrom(Field))
        return true;
      if (isLookedUpBefore(Call, Field, Paths))
        return true;
      LostWaker L;
      L.Loss = LostWaker::Refused;
      L.Kind = Kind == WaiterKind::None ? WaiterKind::Callback : Kind;
      L.Function = Function;
      L.Waiter = Waiter;
      L.Loc = Call->getExprLoc();
      L.Other = Field->getLocation();
      Found.push_back(std::move(L));
      return true;
    });
  }

  static const Expr *keyOf(const CXXMemberCallExpr *Call) {
    const Expr *Key = stripForwarding(Call->getArg(0));
    if (Call->getNumArgs() > 1)
      return Key;
    // A pair of key and value.
    for (unsigned Depth = 0; Depth != 4; ++Depth) {
      Key = stripForwarding(Key);
      if (const auto *List = dyn_cast<InitListExpr>(Key);
          List && List->getNumInits())
        return List->getInit(0);
      if (const auto *Construct = dyn_cast<CXXConstructExpr>(Key)) {
        if (Construct->getNumArgs() >= 2)
          return Construct->getArg(0);
        if (Construct->getNumArgs() == 1) {
          Key = Construct->getArg(0);
          continue;
        }
      }
      if (const auto *Make = dyn_cast<CallExpr>(Key);
          Make && Make->getNumArgs() == 2)
        return Make->getArg(0);
      return nullptr;
    }
    return nullptr;
  }

  /// The key comes from the caller, so that it may well be there; not a fresh
  /// one, and not the waiter itself.
  bool isForeignKey(const Expr *Key) const {
    if (!Key || Carriers.carries(Key))
      return false;
    bool Given = false, Fresh = false;
    visitEvaluated(Key, [&](const Stmt *S) {
      if (const auto *Unary = dyn_cast<UnaryOperator>(S))
        Fresh |= Unary->isIncrementDecrementOp();
      if (const auto *Call = dyn_cast<CallExpr>(S))
        Fresh |= !isStdCall(Call, "move") && !isStdCall(Call, "forward") &&
                 !isa<CXXOperatorCallExpr>(Call);
      if (isa<CXXThisExpr>(S)) {
        Given |= Awaits; // A member of the awaiter.
      } else if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
        Given |= isa<ParmVarDecl>(Ref->getDecl());
        const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
        Fresh |= Var && Var->isLocalVarDecl();
      }
      return true;
    });
    return Given && !Fresh;
  }

  bool isTakenFrom(const FieldDecl *Map) const {
    for (const FunctionDecl *User : Unit.usersOf(Map)) {
      if (User == Function)
        continue;
      bool Takes = false;
      visitEvaluated(visibleBody(User), [&](const Stmt *S) {
        if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
          const auto *Object = dyn_cast<MemberExpr>(
              stripForwarding(Call->getImplicitObjectArgument()));
          if (Object && Object->getMemberDecl() == Map)
            Takes |= isOneOf(calleeName(Call),
                             {"erase", "extract", "swap", "clear"});
        } else if (const auto *Call = dyn_cast<CallExpr>(S);
                   Call && Call->getNumArgs() &&
                   (isStdCall(Call, "exchange") || isStdCall(Call, "move"))) {
          const auto *Object =
              dyn_cast<MemberExpr>(stripForwarding(Call->getArg(0)));
          Takes |= Object && Object->getMemberDecl() == Map;
        }
        return !Takes;
      });
      if (Takes)
        return true;
    }
    return false;
  }

  bool isLookedUpBefore(const CXXMemberCallExpr *Insertion,
                        const FieldDecl *Map,
                        const FunctionPaths &Paths) const {
    bool Before = false, Reached = false;
    visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
      Reached |= S == Insertion;
      const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
      if (!Call || Reached)
        return true;
      const auto *Object = dyn_cast<MemberExpr>(
          stripForwarding(Call->getImplicitObjectArgument()));
      if (Object && Object->getMemberDecl() == Map)
        Before |=
            isOneOf(calleeName(Call), {"find", "contains", "count", "erase",
                                       "extract", "lower_bound", "equal_range",
                                       "clear", "empty", "size", "at"});
      return true;
    });
    return Before;
  }

  WaiterUnit &Unit;
  std::vector<LostWaker> &Found;
  const FunctionDecl *Function = nullptr;
  const ParmVarDecl *Waiter = nullptr;
  WaiterKind Kind = WaiterKind::None;
  WaiterCarriers Carriers;
  bool Awaits = false;
  bool Polls = false;
};

} // namespace

std::vector<LostWaker> findLostWakers(WaiterUnit &Unit) {
  std::vector<LostWaker> Found;
  LossFinder Finder(Unit, Found);
  for (const FunctionDecl *Function : Unit.Functions)
    Finder.look(Function);
  return Found;
}

} // namespace threadhop
