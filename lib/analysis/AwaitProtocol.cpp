//===--- AwaitProtocol.cpp - handles that are out before the coroutine is -===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/AwaitProtocol.h"
#include "analysis/MemberAccess.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/SlotUses.h"
#include "analysis/Syntax.h"
#include "analysis/WaiterFlow.h"
#include "analysis/WakerSlots.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {
namespace {

/// An await_suspend and what all questions about it need.
struct Suspending {
  Suspending(const FunctionDecl *Function)
      : Function(Function), Class(cast<CXXMethodDecl>(Function)->getParent()) {
    Frame.Function = Function;
    Frame.Carriers = WaiterCarriers(Function, {Function->getParamDecl(0)});
  }
  const FunctionDecl *Function;
  const CXXRecordDecl *Class;
  WaiterFrame Frame;
  const WaiterCarriers &carriers() const { return Frame.Carriers; }
};

/// The method that resumes who is in the slot or list.
const FunctionDecl *resumerOf(const ValueDecl *Slot, const FunctionDecl *Not,
                              WaiterUnit &Unit) {
  for (const FunctionDecl *Taker : takersOf(Slot, Unit))
    if (Taker != Not && !isAwaitSuspend(Taker))
      return Taker;
  return nullptr;
}

bool bodyMentions(const FunctionDecl *Callee, const ValueDecl *Field,
                  unsigned Depth) {
  const Stmt *Body = visibleBody(Callee);
  if (!Body || !Depth)
    return false;
  bool Found = mentionsSlot(Body, Field);
  if (!Found)
    visitEvaluated(Body, [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        Found |= bodyMentions(Call->getDirectCallee(), Field, Depth - 1);
      return !Found;
    });
  return Found;
}

/// Whether the call hands the handle to another thread, at once and for sure.
bool hopsAway(const Expr *Call, const WaiterCarriers &Carriers,
              WaiterUnit &Unit, std::string &Why) {
  auto Args = argumentsOf(Call);
  for (unsigned I = 0; I != Args.size(); ++I)
    if (Carriers.carries(Args[I])) {
      HopVerdict Verdict = Unit.Analyses.Hops.argument(Call, I);
      if (Verdict.Where == RunsOn::Elsewhere) {
        Why = Verdict.Why;
        return true;
      }
    }
  return false;
}

/// Whether the condition, when true, means that the exchange was made.
std::optional<bool> outcome(const Expr *Condition, const Expr *Exchange) {
  Condition = stripForwarding(Condition);
  if (Condition == Exchange)
    return true;
  if (const auto *Unary = dyn_cast<UnaryOperator>(Condition))
    if (Unary->getOpcode() == UO_LNot)
      if (auto Inner = outcome(Unary->getSubExpr(), Exchange))
        return !*Inner;
  // bool Done = slot.compare_exchange_strong(...);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Condition)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (Var && Var->isLocalVarDecl() && Var->hasInit() &&
        Var->getType()->isBooleanType() &&
        stripForwarding(Var->getInit()) == Exchange)
      return true;
  }
  return std::nullopt;
}

class TwiceFinder {
public:
  TwiceFinder(WaiterUnit &Unit, std::vector<ResumedTwice> &Found)
      : Unit(Unit), Found(Found) {}

  void look(const FunctionDecl *Function) {
    if (!isAwaitSuspend(Function) || Function->getReturnType()->isVoidType())
      return;
    Suspending S(Function);
    if (Unit.isProtocolAwaiter(S.Class))
      return;
    const FunctionPaths &Paths = Unit.paths(Function);
    Paths.each([&](const FunctionPath &Path) {
      follow(Path, Paths, S);
      return true;
    });
  }

private:
  void follow(const FunctionPath &Path, const FunctionPaths &Paths,
              const Suspending &S) {
    if (Path.End != PathEnd::Return || !Path.Returned)
      return;
    SourceLocation Published, ReturnLoc;
    const ValueDecl *Slot = nullptr;
    const Expr *Exchange = nullptr;
    const ValueDecl *Exchanged = nullptr;
    for (const PathEvent &Event : Path.Events) {
      if (Event.Kind == PathEvent::Branch && Exchange && !Event.IsSwitch) {
        auto Succeeds = outcome(cast<Expr>(Event.S), Exchange);
        if (Succeeds && *Succeeds == Event.Taken) {
          Published = Exchange->getExprLoc();
          Slot = Exchanged;
        }
      }
      if (Event.Kind != PathEvent::Evaluate)
        continue;
      const auto *E = dyn_cast<Expr>(Event.S);
      if (isa<ReturnStmt>(Event.S))
        ReturnLoc = Event.S->getBeginLoc();
      if (!E)
        continue;
      WaiterStore Store = storeOf(E, S.carriers(), Paths);
      if (Store.Kind == WaiterStore::Assign ||
          Store.Kind == WaiterStore::Exchange ||
          (Store.Kind == WaiterStore::Push && isSure(E, Paths))) {
        auto Place = placeOf(Store.Target, S.Frame);
        if (Place && Place->Slot && isShared(*Place, S)) {
          Published = E->getExprLoc();
          Slot = Place->Slot;
        }
        continue;
      }
      if (Store.Kind == WaiterStore::CompareExchange) {
        // Made only where it comes out as true.
        auto Place = placeOf(Store.Target, S.Frame);
        if (Place && Place->Slot && isShared(*Place, S)) {
          Exchange = E;
          Exchanged = Place->Slot;
        }
        continue;
      }
      if (Published.isInvalid() && isa<CallExpr, CXXConstructExpr>(E)) {
        std::string Why;
        if (isSure(E, Paths) && hopsAway(E, S.carriers(), Unit, Why)) {
          Published = E->getExprLoc();
          Slot = nullptr;
        }
        continue;
      }
      // Taken back, or at least looked at: by name, or in a call.
      if (Published.isValid() && Slot) {
        if (namesSlot(E, Slot) && !isTarget(E, Paths, S)) {
          Published = {};
        } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
          const FunctionDecl *Callee = Call->getDirectCallee();
          if (Callee && !isInStd(Callee) &&
              (!visibleBody(Callee) || bodyMentions(Callee, Slot, 3)))
            Published = {};
        }
      }
    }
    if (Published.isInvalid())
      return;
    ResumedTwice Twice;
    Twice.Function = S.Function;
    Twice.Published = Published;
    Twice.Returned =
        ReturnLoc.isValid() ? ReturnLoc : Path.Returned->getBeginLoc();
    if (!goesOn(Path.Returned, Slot, S, Twice))
      return;
    if (Slot) {
      Twice.Taker = resumerOf(Slot, S.Function, Unit);
      if (!Twice.Taker)
        return;
    }
    for (const ResumedTwice &Old : Found)
      if (Old.Returned == Twice.Returned)
        return;
    Found.push_back(Twice);
  }

  /// The name is that of the store just made.
  static bool isTarget(const Expr *Named, const FunctionPaths &Paths,
                       const Suspending &S) {
    SlotUse Use = useOfSlot(Named, Paths);
    const Stmt *Parent = Paths.parentOf(Named);
    if (const auto *Callee = dyn_cast_or_null<MemberExpr>(Parent))
      Parent = Paths.parents().getParent(Callee);
    return Use == SlotUse::None ||
           (Parent &&
            storeOf(Parent, S.carriers(), Paths).Kind != WaiterStore::None);
  }

  /// Nothing depends on what the call returns: it cannot have failed.
  static bool isSure(const Expr *Call, const FunctionPaths &Paths) {
    return isa<CXXConstructExpr>(Call) || Call->getType()->isVoidType() ||
           Paths.isDiscarded(Call);
  }

  bool isShared(const SlotPlace &Place, const Suspending &S) {
    if (Place.Root == SlotPlace::Promise || isPromiseType(Place.Owner))
      return false;
    if (Place.Indirect)
      return true;
    if (Place.Root == SlotPlace::Variable)
      return !cast<VarDecl>(Place.RootDecl)->hasLocalStorage();
    return awaitedAs(S.Class, Place.Slot, Unit) == AwaitedAs::Object;
  }

  /// The value makes the coroutine go on, at least sometimes.
  bool goesOn(const Expr *Value, const ValueDecl *Slot, const Suspending &S,
              ResumedTwice &Twice) {
    QualType Type = S.Function->getReturnType();
    if (isCoroutineHandle(Type)) {
      // The handle itself, not one that depends on a condition.
      const Expr *E = stripForwarding(Value);
      while (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
        if (Construct->getNumArgs() != 1)
          break;
        E = stripForwarding(Construct->getArg(0));
      }
      if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
        if (isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl()))
          E = stripForwarding(Call->getImplicitObjectArgument());
      const auto *Ref = dyn_cast<DeclRefExpr>(E);
      Twice.ReturnsHandle = true;
      return Ref && Ref->getDecl() == S.Function->getParamDecl(0);
    }
    if (!Type->isBooleanType())
      return false;
    bool Constant = false;
    if (!Value->isValueDependent() &&
        Value->EvaluateAsBooleanCondition(Constant, Unit.Context))
      return !Constant;
    // A value that is read from a member which the resumer does not look at:
    // what it only sets says nothing of whom it has resumed.
    Twice.MayReturn = true;
    if (!Slot)
      return false;
    bool Member = false, Other = false;
    const Stmt *Body = visibleBody(S.Function);
    const SourceManager &SM = Unit.Context.getSourceManager();
    auto look = [&](auto &&Self, const Expr *Part, unsigned Depth) -> void {
      visitEvaluated(Part, [&](const Stmt *Inner) {
        const auto *Ref = dyn_cast<DeclRefExpr>(Inner);
        const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
        // A local variable stands for what it was set to, after the store.
        if (Var && Var->isLocalVarDecl() && Var->hasInit() && Depth &&
            !Var->getType()->isReferenceType() && isNeverWritten(Var, Body) &&
            SM.isBeforeInTranslationUnit(Twice.Published, Var->getLocation()))
          Self(Self, Var->getInit(), Depth - 1);
        else
          part(Inner, Slot, S, Member, Other);
        return true;
      });
    };
    look(look, Value, 2);
    return Member && !Other;
  }

  /// What a part of the value returned says: it reads a member, or something
  /// that both sides may agree by.
  void part(const Stmt *Part, const ValueDecl *Slot, const Suspending &S,
            bool &Member, bool &Other) {
    if (const auto *Named = dyn_cast<MemberExpr>(Part)) {
      const auto *Field = dyn_cast<FieldDecl>(Named->getMemberDecl());
      if (!Field)
        return;
      if (namesSlot(Named, Slot) ||
          (!Field->getType()->isReferenceType() && isLookedAt(Field, Slot)))
        Other = true;
      // Both sides agree by that.
      Other |= accessOf(Named, Unit.paths(S.Function), Unit.Context)
                   .isReadModifyWrite();
      Member = true;
    } else if (const auto *Call = dyn_cast<CallExpr>(Part)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      Other |= !Callee || !isInStd(Callee);
    } else if (const auto *Ref = dyn_cast<DeclRefExpr>(Part)) {
      // A variable's own value, not a member of what it names.
      const Stmt *Parent = Unit.paths(S.Function).parentOf(Ref);
      Other |=
          isa<VarDecl>(Ref->getDecl()) && !isa_and_nonnull<MemberExpr>(Parent);
    }
  }

  /// Somebody who resumes from the slot also reads the member.
  bool isLookedAt(const FieldDecl *Field, const ValueDecl *Slot) {
    for (const FunctionDecl *Taker : takersOf(Slot, Unit))
      if (!isAwaitSuspend(Taker) && reads(Taker, Field, 3))
        return true;
    return false;
  }
  bool reads(const FunctionDecl *Function, const FieldDecl *Field,
             unsigned Depth) {
    const Stmt *Body = visibleBody(Function);
    if (!Body || !Depth)
      return false;
    bool Reads = false;
    visitEvaluated(Body, [&](const Stmt *Part) {
      const auto *Named = dyn_cast<MemberExpr>(Part);
      if (Named && namesSlot(Named, Field))
        Reads |=
            accessOf(Named, Unit.paths(Function->getDefinition()), Unit.Context)
                .Reads;
      else if (const auto *Call = dyn_cast<CallExpr>(Part))
        Reads |= reads(Call->getDirectCallee(), Field, Depth - 1);
      return !Reads;
    });
    return Reads;
  }

  WaiterUnit &Unit;
  std::vector<ResumedTwice> &Found;
};

class TouchFinder {
public:
  TouchFinder(WaiterUnit &Unit, std::vector<TouchAfterPublish> &Found)
      : Unit(Unit), Found(Found) {}

  void look(const FunctionDecl *Function) {
    if (!isAwaitSuspend(Function))
      return;
    Suspending S(Function);
    if (Unit.isProtocolAwaiter(S.Class))
      return;
    bool Seen = false;
    if (!isInFrame(S.Class, Seen))
      return;
    const FunctionPaths &Paths = Unit.paths(Function);
    Paths.each([&](const FunctionPath &Path) {
      follow(Path, Paths, S, Seen);
      return true;
    });
  }

private:
  /// The awaiter lies in the coroutine's frame: unless every await to be seen
  /// names an object that lives elsewhere. \p Seen tells whether one is.
  bool isInFrame(const CXXRecordDecl *Class, bool &Seen) {
    bool Elsewhere = false;
    for (const WaiterUnit::Await &Await : Unit.Awaits) {
      if (!areRelated(Await.Suspend->getParent(), Class))
        continue;
      const Expr *Common = Await.E->getCommonExpr()->IgnoreParens();
      if (isa<MaterializeTemporaryExpr>(Common) || !Common->isLValue()) {
        Seen = true;
        continue;
      }
      auto Path = resolveObject(Common);
      const auto *Var = Path ? dyn_cast_or_null<VarDecl>(Path->Root) : nullptr;
      if (Var && Var->hasLocalStorage() && !Path->Within &&
          !Var->getType()->isReferenceType() &&
          !Var->getType()->isPointerType())
        Seen = true;
      else
        Elsewhere = true;
    }
    if (!Seen && !Unit.factoriesOf(Class).empty())
      Seen = true;
    return Seen || !Elsewhere;
  }

  void follow(const FunctionPath &Path, const FunctionPaths &Paths,
              const Suspending &S, bool Seen) {
    HeldLocks Held(Unit.Analyses.Locks, visibleBody(S.Function));
    unsigned LockedIn = 0;
    if (countsItself(Path, Paths))
      return;
    SourceLocation Stored, Published;
    std::string Why;
    const Expr *Exchange = nullptr, *By = nullptr;
    for (const PathEvent &Event : Path.Events) {
      Held.follow(Event);
      if (LockedIn && Held.section() != LockedIn && Published.isInvalid()) {
        Published = Stored;
        Why = "another thread can take it once the mutex is unlocked";
        LockedIn = 0;
      }
      if (Event.Kind == PathEvent::Branch) {
        if (Exchange && Published.isInvalid() && !Event.IsSwitch)
          if (auto Succeeds = outcome(cast<Expr>(Event.S), Exchange))
            if (*Succeeds == Event.Taken) {
              Published = Exchange->getExprLoc();
              Why = "the compare-exchange has made it visible";
            }
        continue;
      }
      if (Event.Kind != PathEvent::Evaluate)
        continue;
      const auto *E = dyn_cast<Expr>(Event.S);
      if (!E)
        continue;
      if (Published.isValid()) {
        if (const auto *This = dyn_cast<CXXThisExpr>(E)) {
          if (!isSharedWith(By, This, Paths))
            report(This, Paths, S, Published, Why);
          return;
        }
        continue;
      }
      WaiterStore Store = storeOf(E, S.carriers(), Paths);
      if (Store.Kind != WaiterStore::None) {
        auto Place = placeOf(Store.Target, S.Frame);
        if (!Place || !Place->Slot || Place->Root == SlotPlace::Promise ||
            isPromiseType(Place->Owner))
          continue;
        if (!Place->Indirect && !(Place->Root == SlotPlace::This && Seen &&
                                  isAtomicType(Store.Target->getType())))
          continue;
        if (Held.section()) {
          LockedIn = Held.section();
          Stored = E->getExprLoc();
        } else if (Store.Kind == WaiterStore::CompareExchange) {
          Exchange = E;
        } else if (isAtomicType(Store.Target->getType())) {
          Published = E->getExprLoc();
          Why = "the atomic store has made it visible";
        }
        continue;
      }
      if (isa<CallExpr, CXXConstructExpr>(E) &&
          (E->getType()->isVoidType() || Paths.isDiscarded(E) ||
           isa<CXXConstructExpr>(E)) &&
          publishes(E, S.carriers(), Why, 3)) {
        Published = E->getExprLoc();
        By = E;
      }
    }
  }

  /// The call was given the member's address: both sides know of it, and what
  /// one of them must not do is between them.
  static bool isSharedWith(const Expr *Call, const CXXThisExpr *This,
                           const FunctionPaths &Paths) {
    const auto *Touched = dyn_cast_or_null<MemberExpr>(Paths.parentOf(This));
    if (!Call || !Touched)
      return false;
    bool Found = false;
    visitEvaluated(Call, [&](const Stmt *S) {
      if (const auto *Unary = dyn_cast<UnaryOperator>(S))
        if (Unary->getOpcode() == UO_AddrOf)
          if (const auto *Given =
                  dyn_cast<MemberExpr>(stripForwarding(Unary->getSubExpr())))
            Found |= Given->getMemberDecl() == Touched->getMemberDecl();
      return !Found;
    });
    return Found;
  }

  /// An atomic member of the awaiter says when both sides are done with it.
  bool countsItself(const FunctionPath &Path, const FunctionPaths &Paths) {
    for (const PathEvent &Event : Path.Events) {
      const auto *Member = Event.Kind == PathEvent::Evaluate
                               ? dyn_cast<MemberExpr>(Event.S)
                               : nullptr;
      if (Member && isAtomicType(Member->getType()) &&
          isa<CXXThisExpr>(stripForwarding(Member->getBase())) &&
          accessOf(Member, Paths, Unit.Context).isReadModifyWrite())
        return true;
    }
    return false;
  }

  /// Whether the call lets another thread have the handle: it hops, or does
  /// something that is not to be seen.
  bool publishes(const Expr *Call, const WaiterCarriers &Carriers,
                 std::string &Why, unsigned Depth) {
    bool Given = false;
    for (const Expr *Arg : argumentsOf(Call))
      Given |= Carriers.carries(Arg);
    if (!Given)
      return false;
    if (hopsAway(Call, Carriers, Unit, Why))
      return true;
    auto Args = argumentsOf(Call);
    for (unsigned I = 0; I != Args.size(); ++I)
      if (Carriers.carries(Args[I]) &&
          Unit.Analyses.Hops.argument(Call, I).Where == RunsOn::Caller)
        return false;
    const FunctionDecl *Callee = calleeOf(Call);
    if (isa<CXXConstructExpr>(Call) && (!Callee || isInStd(Callee)))
      return false;
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
    if (Callee && Callee->getOverloadedOperator() == OO_Call && Method &&
        isInStd(Callee)) {
      Why = "what it is given to is not to be seen here";
      return true;
    }
    if (Callee && (isInStd(Callee) || Callee->getBuiltinID()))
      return false;
    if (!Callee || (Method && Method->isVirtual())) {
      Why = "which function takes it is not to be seen here";
      return true;
    }
    const Stmt *Body = visibleBody(Callee);
    if (!Body) {
      if (isa<CXXConstructExpr>(Call) || isa<CXXConversionDecl>(Callee))
        return false;
      Why = "what '" + Callee->getNameAsString() +
            "' does with it is not to be seen here";
      return true;
    }
    if (!Depth)
      return false;
    Callee = Callee->getDefinition();
    llvm::SmallVector<const ValueDecl *, 2> Params;
    for (unsigned I = 0; I != Args.size() && I < Callee->getNumParams(); ++I)
      if (Carriers.carries(Args[I]))
        Params.push_back(Callee->getParamDecl(I));
    WaiterCarriers Inner(Callee, Params);
    const FunctionPaths &Paths = Unit.paths(Callee);
    bool Publishes = false, Locks = false;
    visitEvaluated(Body, [&](const Stmt *S) {
      if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
        HeldLocks Held(Unit.Analyses.Locks);
        PathEvent Event;
        Event.S = Declares;
        Held.follow(Event);
        Locks |= Held.section() != 0;
      }
      if (Publishes)
        return false;
      WaiterStore Store = storeOf(S, Inner, Paths);
      if (Store.Kind != WaiterStore::None) {
        WaiterFrame Frame;
        Frame.Function = Callee;
        auto Place = placeOf(Store.Target, Frame);
        if (Place && Place->Slot &&
            (Locks || (isAtomicType(Store.Target->getType()) &&
                       Store.Kind != WaiterStore::CompareExchange))) {
          Why = "'" + Callee->getNameAsString() +
                "' puts it where another thread can take it";
          Publishes = true;
        }
      } else if (const auto *E = dyn_cast<Expr>(S);
                 E && isa<CallExpr>(E) &&
                 (E->getType()->isVoidType() || Paths.isDiscarded(E))) {
        Publishes = publishes(E, Inner, Why, Depth - 1);
      }
      return !Publishes;
    });
    return Publishes;
  }

  void report(const CXXThisExpr *This, const FunctionPaths &Paths,
              const Suspending &S, SourceLocation Published,
              const std::string &Why) {
    TouchAfterPublish Touch;
    Touch.Function = S.Function;
    Touch.Published = Published;
    Touch.Why = Why;
    Touch.Touched = This->getBeginLoc();
    if (const auto *Member =
            dyn_cast_or_null<MemberExpr>(Paths.parentOf(This))) {
      Touch.Member = dyn_cast<FieldDecl>(Member->getMemberDecl());
      Touch.Touched = Member->getMemberLoc();
      // A static member is no part of it.
      if (!Touch.Member && !isa<CXXMethodDecl>(Member->getMemberDecl()))
        return;
      if (const auto *Method = dyn_cast<CXXMethodDecl>(Member->getMemberDecl()))
        if (Method->isStatic())
          return;
    }
    for (const TouchAfterPublish &Old : Found)
      if (Old.Published == Published)
        return;
    Found.push_back(Touch);
  }

  WaiterUnit &Unit;
  std::vector<TouchAfterPublish> &Found;
};

} // namespace

std::vector<ResumedTwice> findResumedTwice(WaiterUnit &Unit) {
  std::vector<ResumedTwice> Found;
  TwiceFinder Finder(Unit, Found);
  for (const FunctionDecl *Function : Unit.Functions)
    Finder.look(Function);
  return Found;
}

std::vector<TouchAfterPublish> findTouchesAfterPublish(WaiterUnit &Unit) {
  std::vector<TouchAfterPublish> Found;
  TouchFinder Finder(Unit, Found);
  for (const FunctionDecl *Function : Unit.Functions)
    Finder.look(Function);
  return Found;
}

} // namespace threadhop
