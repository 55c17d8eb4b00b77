//===--- LateWakers.cpp - waiters that register too late ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/LateWakers.h"
#include "analysis/MemberAccess.h"
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

const FieldDecl *fieldOf(const Stmt *S) {
  const auto *Member = dyn_cast_or_null<MemberExpr>(S);
  return Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
}

bool sameField(const FieldDecl *A, const FieldDecl *B) {
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl();
}

/// How a producer works: on one path of its function.
struct Production {
  const FunctionDecl *Function;
  SourceLocation Write, Take;
  MemberAccess WriteAccess, TakeAccess;
  bool WriteLocked = false, TakeLocked = false;
  bool Fenced = false;
  /// It wakes at that place, and only then sets the condition.
  bool WakesFirst = false;
  SourceLocation Wake;
  /// It sets the condition only if it finds nobody to wake.
  bool IfNobody = false;
};

bool isFence(const Stmt *S) {
  const auto *E = dyn_cast<Expr>(S);
  return E && (isStdCall(E, "atomic_thread_fence"));
}

class LateFinder {
public:
  LateFinder(WaiterUnit &Unit, std::vector<LateWaker> &Found)
      : Unit(Unit), Locks(Unit.Analyses.Locks), Found(Found) {}

  void look(const FunctionDecl *F) {
    Function = F;
    const ParmVarDecl *Waiter = waiterParameter(F);
    if (!Waiter)
      return;
    Awaits = isAwaitSuspend(F);
    if (!Awaits && !isPollEnum(F->getReturnType()))
      return;
    if (Awaits && Unit.isProtocolAwaiter(cast<CXXMethodDecl>(F)->getParent()))
      return;
    Carriers = WaiterCarriers(F, {Waiter});
    const FunctionPaths &Paths = Unit.paths(F);
    visitEvaluated(visibleBody(F), [&](const Stmt *S) {
      WaiterStore Store = storeOf(S, Carriers, Paths);
      if (Store.Kind != WaiterStore::None)
        registration(cast<Expr>(S), Store);
      return true;
    });
  }

private:
  void registration(const Expr *Node, const WaiterStore &Store) {
    WaiterFrame Frame;
    Frame.Function = Function;
    Frame.Carriers = Carriers;
    auto Place = placeOf(Store.Target, Frame);
    if (!Place || !Place->Owner || isPromiseType(Place->Owner))
      return;
    const auto *Slot = dyn_cast_or_null<FieldDecl>(Place->Slot);
    if (!Slot)
      return;
    // The conditions: other members of the object that are looked at before.
    llvm::SmallVector<std::pair<const FieldDecl *, SourceLocation>, 4> Reads;
    auto add = [&](const FieldDecl *Field, SourceLocation Loc) {
      if (!isCondition(Field, Slot))
        return;
      for (auto &[Known, At] : Reads)
        if (sameField(Known, Field))
          return;
      Reads.push_back({Field, Loc});
    };
    if (Awaits)
      for (const CXXMethodDecl *Method :
           cast<CXXMethodDecl>(Function)->getParent()->methods())
        if (Method->getIdentifier() && Method->getName() == "await_ready")
          readsIn(Method, add, 2);
    const FunctionPaths &Paths = Unit.paths(Function);
    Paths.each([&](const FunctionPath &Path) {
      bool Reached = false;
      for (const PathEvent &Event : Path.Events)
        Reached |= Event.Kind == PathEvent::Evaluate && Event.S == Node;
      if (!Reached)
        return true;
      for (const PathEvent &Event : Path.Events) {
        if (Event.Kind == PathEvent::Evaluate && Event.S == Node)
          break;
        if (Event.Kind == PathEvent::Branch)
          visitEvaluated(Event.S, [&](const Stmt *S) {
            if (const FieldDecl *Field = fieldOf(S))
              add(Field, S->getBeginLoc());
            return true;
          });
      }
      return true;
    });
    for (auto &[Condition, Loc] : Reads)
      judge(Node, Slot, Condition, Loc);
  }

  bool isCondition(const FieldDecl *Field, const FieldDecl *Slot) const {
    if (sameField(Field, Slot) || Locks.isThreadMutex(Field->getType()) ||
        Field->getType()->isReferenceType() ||
        waiterKind(Field->getType()) != WaiterKind::None)
      return false;
    return areRelated(dyn_cast<CXXRecordDecl>(Field->getParent()),
                      dyn_cast<CXXRecordDecl>(Slot->getParent()));
  }

  template <typename Add>
  void readsIn(const FunctionDecl *F, Add &&add, unsigned Depth) {
    const Stmt *Body = visibleBody(F);
    if (!Body)
      return;
    F = F->getDefinition();
    visitEvaluated(Body, [&](const Stmt *S) {
      if (const FieldDecl *Field = fieldOf(S)) {
        MemberAccess Access =
            accessOf(cast<MemberExpr>(S), Unit.paths(F), Unit.Context);
        if (Access.Reads && !Access.Writes)
          add(Field, S->getBeginLoc());
      } else if (const auto *Call = dyn_cast<CallExpr>(S); Call && Depth) {
        if (const FunctionDecl *Callee = Call->getDirectCallee())
          if (isa<CXXMethodDecl>(Callee) && Callee->getNumParams() == 0)
            readsIn(Callee, add, Depth - 1);
      }
      return true;
    });
  }

  /// The end of the path says, or may say, that the waiter waits.
  bool mayWait(const FunctionPath &Path) const {
    if (Path.End != PathEnd::Return)
      return false;
    if (!Awaits)
      return Path.Returned && !isReadyValue(Path.Returned);
    if (!Path.Returned)
      return true;
    if (Carriers.carries(Path.Returned))
      return false;
    bool Value = false;
    return Path.Returned->isValueDependent() ||
           !Path.Returned->getType()->isBooleanType() ||
           !Path.Returned->EvaluateAsBooleanCondition(Value, Unit.Context) ||
           Value;
  }

  void judge(const Expr *Node, const FieldDecl *Slot,
             const FieldDecl *Condition, SourceLocation FirstRead) {
    LateWaker Late;
    Late.Registers = Function;
    Late.Condition = Condition;
    Late.Slot = Slot;
    Late.Registration = Node->getExprLoc();
    Late.FirstRead = FirstRead;
    const FunctionPaths &Paths = Unit.paths(Function);
    // await_ready took the lock, and await_suspend gives it back.
    if (HeldLocks(Locks, visibleBody(Function)).isInherited())
      return;

    bool NotRead = false, SameSection = false, Locked = false, Fenced = false;
    MemberAccess Publish, Again;
    SourceLocation SecondRead, Suspended;
    Paths.each([&](const FunctionPath &Path) {
      if (!mayWait(Path))
        return true;
      HeldLocks Held(Locks);
      unsigned ReadIn = 0, Section = 0;
      bool Published = false, ReadAgain = false, Fence = false;
      SourceLocation At;
      for (const PathEvent &Event : Path.Events) {
        Held.follow(Event);
        if (Event.Kind != PathEvent::Evaluate)
          continue;
        if (isa<ReturnStmt>(Event.S))
          At = Event.S->getBeginLoc();
        if (Event.S == Node) {
          Published = true;
          Section = Held.section();
          continue;
        }
        if (Published && isFence(Event.S))
          Fence = true;
        const FieldDecl *Field = fieldOf(Event.S);
        if (sameField(Field, Condition)) {
          MemberAccess Access =
              accessOf(cast<MemberExpr>(Event.S), Paths, Unit.Context);
          if (!Access.Reads)
            continue;
          if (Published) {
            ReadAgain = true;
            Again = Access;
            SecondRead = Event.S->getBeginLoc();
          } else {
            ReadIn = Held.section();
          }
        } else if (Published && !ReadAgain) {
          // A helper that reads it.
          if (const auto *Call = dyn_cast<CallExpr>(Event.S))
            if (readsThrough(Call, Condition, 2)) {
              ReadAgain = true;
              Again = {};
              SecondRead = Event.S->getBeginLoc();
            }
        }
      }
      if (!Published)
        return true;
      Locked |= Section != 0;
      Fenced |= Fence;
      if (Section && ReadIn == Section) {
        SameSection = true;
      } else if (!ReadAgain) {
        NotRead = true;
        Suspended = At;
      }
      return true;
    });
    // The members of the slot's own access, for its order.
    visitEvaluated(Node, [&](const Stmt *S) {
      if (sameField(fieldOf(S), Slot))
        Publish = accessOf(cast<MemberExpr>(S), Paths, Unit.Context);
      return true;
    });

    for (const Production &P : productions(Slot, Condition)) {
      Late.Producer = P.Function;
      Late.Write = P.Write;
      Late.Take = P.Take;
      bool Concurrent = isAtomicType(Condition->getType()) ||
                        isAtomicType(Slot->getType()) ||
                        (Locked && P.WriteLocked && P.TakeLocked);
      if (!Concurrent)
        continue;
      if (P.WakesFirst) {
        if (!isLoopedOn(Condition))
          continue;
        Late.Wake = P.Wake;
        Late.Kind = LateWaker::WakesFirst;
        Found.push_back(Late);
        return;
      }
      if (SameSection && P.TakeLocked)
        continue;
      if (NotRead) {
        Late.Kind = LateWaker::NotRead;
        Late.Suspended = Suspended;
        Found.push_back(Late);
        return;
      }
      if (P.IfNobody || SecondRead.isInvalid() || (Locked && P.TakeLocked))
        continue;
      // Read again: does that exclude that both sides miss each other?
      if (!Publish.Atomic || !Again.Atomic || !P.WriteAccess.Atomic ||
          !P.TakeAccess.Atomic || Fenced || P.Fenced)
        continue;
      if (!Publish.Order || !Again.Order || !P.WriteAccess.Order ||
          !P.TakeAccess.Order)
        continue;
      if (Publish.isSequential() && Again.isSequential() &&
          P.WriteAccess.isSequential() && P.TakeAccess.isSequential())
        continue;
      if ((Publish.isReadModifyWrite() && P.TakeAccess.isReadModifyWrite()) ||
          (Again.isReadModifyWrite() && P.WriteAccess.isReadModifyWrite()))
        continue;
      Late.Kind = LateWaker::WeakOrder;
      Late.SecondRead = SecondRead;
      Found.push_back(Late);
      return;
    }
  }

  bool readsThrough(const CallExpr *Call, const FieldDecl *Condition,
                    unsigned Depth) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const Stmt *Body = visibleBody(Callee);
    if (!Body || !Depth)
      return false;
    bool Reads = false;
    visitEvaluated(Body, [&](const Stmt *S) {
      if (sameField(fieldOf(S), Condition))
        Reads = true;
      else if (const auto *Inner = dyn_cast<CallExpr>(S))
        Reads |= readsThrough(Inner, Condition, Depth - 1);
      return !Reads;
    });
    return Reads;
  }

  /// A waiter is resumed, woken or called, or posted to be so.
  static bool wakes(const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return false;
    const Expr *Object = nullptr;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
      if (isOneOf(calleeName(Member), {"resume", "wake", "wake_by_ref"}))
        Object = Member->getImplicitObjectArgument();
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
      if (Operator->getOperator() == OO_Call)
        Object = Operator->getArg(0);
    }
    if (Object) {
      QualType Type = Object->getType();
      if (Type->isPointerType())
        Type = Type->getPointeeType();
      return waiterKind(Type) != WaiterKind::None;
    }
    if (!isOneOf(calleeName(Call), {"post", "dispatch", "defer", "schedule",
                                    "enqueue", "submit", "spawn"}))
      return false;
    for (const Expr *Arg : argumentsOf(Call))
      if (isCoroutineHandle(Arg->getType()))
        return true;
    return false;
  }

  /// The functions that set the condition and wake who is in the slot.
  std::vector<Production> productions(const FieldDecl *Slot,
                                      const FieldDecl *Condition) {
    std::vector<Production> Result;
    for (const FunctionDecl *User : Unit.usersOf(Slot)) {
      if (User == Function || isa<CXXConstructorDecl>(User) ||
          isa<CXXDestructorDecl>(User) || waiterParameter(User))
        continue;
      if (!llvm::is_contained(Unit.usersOf(Condition), User))
        continue;
      const FunctionPaths &Paths = Unit.paths(User);
      std::optional<Production> Best;
      bool TakesSomewhere = false;
      Paths.each([&](const FunctionPath &Path) {
        HeldLocks Held(Locks);
        Production P;
        P.Function = User;
        bool Written = false, Looked = false, Taken = false;
        bool TakenBefore = false, TakeLocked = false;
        SourceLocation FirstTake, Nobody, Wake;
        unsigned NobodyIn = 0, WokenIn = 0;
        for (const PathEvent &Event : Path.Events) {
          Held.follow(Event);
          if (Event.Kind == PathEvent::Branch && !Event.IsSwitch && !Written) {
            // Nobody waits.
            auto Occupied = occupiedIf(cast<Expr>(Event.S), Slot);
            if (Occupied && *Occupied != Event.Taken) {
              Nobody = Event.S->getBeginLoc();
              NobodyIn = Held.section();
            }
          }
          if (Event.Kind != PathEvent::Evaluate)
            continue;
          if (Written && !Taken && isFence(Event.S))
            P.Fenced = true;
          if (TakenBefore && !Written && wakes(Event.S)) {
            Wake = cast<Expr>(Event.S)->getExprLoc();
            WokenIn = Held.section();
          }
          const auto *Member = dyn_cast<MemberExpr>(Event.S);
          const FieldDecl *Field = fieldOf(Member);
          if (sameField(Field, Condition)) {
            MemberAccess Access = accessOf(Member, Paths, Unit.Context);
            if (!Access.Writes || Written)
              continue;
            Written = true;
            // In one critical section the waiter sees both or none.
            if (WokenIn && WokenIn == Held.section())
              Wake = {};
            P.Write = Member->getExprLoc();
            P.WriteAccess = Access;
            P.WriteLocked = Held.section() != 0;
          } else if (sameField(Field, Slot)) {
            SlotUse Use = useOfSlot(Member, Paths);
            if (Use == SlotUse::Take && !Written) {
              TakenBefore = true;
              if (FirstTake.isInvalid()) {
                FirstTake = Member->getExprLoc();
                TakeLocked = Held.section() != 0;
              }
            }
            TakesSomewhere |= Use == SlotUse::Take;
            if (!Written || (Use != SlotUse::Take && Use != SlotUse::Test))
              continue;
            if (!Looked) {
              Looked = true;
              P.TakeAccess = accessOf(Member, Paths, Unit.Context);
              P.TakeLocked = Held.section() != 0;
              P.Take = Member->getExprLoc();
            }
            Taken |= Use == SlotUse::Take;
          }
        }
        if (Written && Taken && !TakenBefore) {
          Best = P;
          return false;
        }
        if (Written && TakenBefore && !Looked) {
          P.WakesFirst = true;
          P.Take = FirstTake;
          P.TakeLocked = TakeLocked;
          P.Wake = Wake;
          if (Wake.isValid())
            Best = P;
        } else if (Written && !TakenBefore && !Taken && Nobody.isValid() &&
                   P.WriteLocked && NobodyIn && !Best) {
          P.IfNobody = true;
          P.Take = Nobody;
          P.TakeLocked = true;
          Best = P;
        }
        return true;
      });
      if (Best && (!Best->IfNobody || TakesSomewhere))
        Result.push_back(*Best);
    }
    return Result;
  }

  /// Some coroutine waits again and again until the condition holds.
  bool isLoopedOn(const FieldDecl *Condition) {
    for (const WaiterUnit::Await &Await : Unit.Awaits) {
      if (!Await.In ||
          !isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Await.In)))
        continue;
      const ParentMap &Parents = Unit.paths(Await.In).parents();
      for (const Stmt *S = Parents.getParent(Await.E); S;
           S = Parents.getParent(S)) {
        const Expr *Cond = nullptr;
        if (const auto *While = dyn_cast<WhileStmt>(S))
          Cond = While->getCond();
        else if (const auto *Do = dyn_cast<DoStmt>(S))
          Cond = Do->getCond();
        else if (const auto *For = dyn_cast<ForStmt>(S))
          Cond = For->getCond();
        if (!Cond)
          continue;
        bool Named = false;
        visitEvaluated(Cond, [&](const Stmt *Part) {
          Named |= sameField(fieldOf(Part), Condition);
          if (const auto *Call = dyn_cast<CallExpr>(Part))
            Named |= readsThrough(Call, Condition, 2);
          return !Named;
        });
        if (Named)
          return true;
      }
    }
    return false;
  }

  WaiterUnit &Unit;
  const Mutexes &Locks;
  std::vector<LateWaker> &Found;
  const FunctionDecl *Function = nullptr;
  WaiterCarriers Carriers;
  bool Awaits = false;
};

} // namespace

std::vector<LateWaker> findLateWakers(WaiterUnit &Unit) {
  std::vector<LateWaker> Found;
  LateFinder Finder(Unit, Found);
  for (const FunctionDecl *Function : Unit.Functions)
    Finder.look(Function);
  return Found;
}

} // namespace threadhop
