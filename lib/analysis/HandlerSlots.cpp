//===--- HandlerSlots.cpp - a library's slots for one handler -------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/HandlerSlots.h"
#include "analysis/Hops.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Syntax.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {
namespace {

/// Whatever was started may be over when the call returns.
bool letsThingsEnd(const CallExpr *Call) {
  llvm::StringRef Name = calleeName(Call);
  for (const char *Word :
       {"run", "poll", "join", "wait", "sync", "sleep", "yield", "stop",
        "cancel", "emit", "finish", "complete", "restart", "reset", "clear"})
    if (Name == Word ||
        (Name.starts_with(Word) &&
         Name.drop_front(llvm::StringRef(Word).size()).starts_with("_")))
      return true;
  return false;
}

/// The object that the expression names, if it is always the same one: no
/// element of a container.
std::optional<ObjectPath> oneObject(const Expr *E) {
  auto Path = resolveObject(E);
  if (!Path || !Path->Within)
    return Path;
  const auto *Holder = dyn_cast_or_null<ValueDecl>(
      Path->Fields.empty() ? Path->Root : Path->Fields.back());
  const CXXRecordDecl *Class =
      Holder ? Holder->getType().getNonReferenceType()->getAsCXXRecordDecl()
             : nullptr;
  if (Class && Class->getIdentifier() &&
      isOneOf(Class->getName(), {"unique_ptr", "shared_ptr", "optional"}))
    return Path;
  return std::nullopt;
}

/// Whether the result of a call is an operation that begins when it is awaited.
bool isStartedLater(QualType Result) {
  const CXXRecordDecl *Record = Result->getAsCXXRecordDecl();
  return Record && Record->getIdentifier() &&
         !isOneOf(Record->getName(), {"future", "promise"});
}

class Finder {
public:
  Finder(WaiterUnit &Unit, std::vector<ReplacedHandler> &Found)
      : Unit(Unit), Index(Unit.Analyses.Index), Found(Found) {}

  void look(const FunctionDecl *Function) {
    if (Index.WaiterSlots.empty())
      return;
    bool Any = false;
    visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        Any |= storedInto(Call).has_value() || boundIn(Call).has_value();
      return !Any;
    });
    if (!Any)
      return;
    Unit.paths(Function).each(
        [&](const FunctionPath &Path) { return !follow(Path, Function); });
  }

private:
  struct Occupied {
    ObjectPath Slot;
    const CallExpr *By;
    bool Binds; ///< By an operation that was given it with its token.
  };
  struct Filled {
    ObjectPath Slot;
    const CXXRecordDecl *Class; ///< Of the slot.
    const WaiterSlotModel *Row;
  };
  using Occupants = llvm::SmallVector<Occupied, 2>;

  const WaiterSlotModel *slotRow(QualType Type) const {
    const WaiterSlotModel *Row = Index.WaiterSlots.find(Type, false);
    return Row && (!Row->Stores.empty() || !Row->Binders.empty()) ? Row
                                                                  : nullptr;
  }

  /// The object whose slot the expression names: what lends it out, or the
  /// variable that it is in where that is not to be seen.
  std::optional<ObjectPath> slotOf(const Expr *E, unsigned Depth = 6) const {
    if (!E || !Depth)
      return std::nullopt;
    E = stripForwarding(E);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
      return Construct->getNumArgs() == 1
                 ? slotOf(Construct->getArg(0), Depth - 1)
                 : std::nullopt;
    if (!slotRow(E->getType()))
      return std::nullopt;
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
      return Index.WaiterSlotLenders.find(Call)
                 ? oneObject(Call->getImplicitObjectArgument())
                 : std::nullopt;
    if (const Expr *Init = initialiser(E))
      if (auto Lender = slotOf(Init, Depth - 1))
        return Lender;
    return oneObject(E);
  }

  static const Expr *initialiser(const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    return Var && Var->isLocalVarDecl() ? Var->getInit() : nullptr;
  }

  /// The slot that the call puts a handler into; nothing for other calls.
  std::optional<Filled> storedInto(const CallExpr *Call) const {
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    const WaiterSlotModel *Row =
        Member ? slotRow(Member->getObjectType()) : nullptr;
    if (!Row || !llvm::is_contained(Row->Stores, calleeName(Member)))
      return std::nullopt;
    if (auto Slot = slotOf(Member->getImplicitObjectArgument()))
      return Filled{*Slot, Member->getObjectType()->getAsCXXRecordDecl(), Row};
    return std::nullopt;
  }

  /// A token that was bound to a slot, or that adapts such a token.
  bool isBinder(QualType Type, unsigned Depth = 4) const {
    Type = Type.getNonReferenceType();
    if (Index.WaiterSlotBinders.find(Type, false))
      return true;
    const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        Type->getAsCXXRecordDecl());
    return Special && Depth &&
           llvm::any_of(Special->getTemplateArgs().asArray(),
                        [&](const TemplateArgument &Arg) {
                          return Arg.getKind() == TemplateArgument::Type &&
                                 isBinder(Arg.getAsType(), Depth - 1);
                        });
  }

  /// The slot that the token was bound to.
  std::optional<Filled> boundTo(const Expr *Token, unsigned Depth = 6) const {
    if (!Token || !Depth)
      return std::nullopt;
    Token = stripForwarding(Token);
    if (const Expr *Init = initialiser(Token))
      return boundTo(Init, Depth - 1);
    if (!isa<CallExpr, CXXConstructExpr>(Token))
      return std::nullopt;
    for (const Expr *Arg : argumentsOf(Token)) {
      if (const WaiterSlotModel *Row = slotRow(Arg->getType())) {
        if (auto Slot = slotOf(Arg))
          return Filled{*Slot, Arg->getType()->getAsCXXRecordDecl(), Row};
        return std::nullopt;
      }
      if (isBinder(Arg->getType()))
        return boundTo(Arg, Depth - 1);
    }
    return std::nullopt;
  }

  /// The slot whose handler the operation that the call starts puts in.
  std::optional<Filled> boundIn(const CallExpr *Call) const {
    if (Index.WaiterSlotBinders.empty() || isBinder(Call->getType()))
      return std::nullopt;
    for (const Expr *Arg : argumentsOf(Call))
      if (isBinder(Arg->getType()))
        if (auto Slot = boundTo(Arg))
          return Slot;
    return std::nullopt;
  }

  bool follow(const FunctionPath &Path, const FunctionDecl *Function) {
    Occupants Full;
    for (const PathEvent &Event : Path.Events) {
      if (Event.Kind == PathEvent::Destroy) {
        llvm::erase_if(Full, [&](const Occupied &Old) {
          return Old.Slot.Root == Event.Var->getCanonicalDecl() ||
                 Old.Slot.Root == Event.Var;
        });
        continue;
      }
      if (Event.Kind != PathEvent::Evaluate)
        continue;
      if (const auto *Suspend = dyn_cast<CoroutineSuspendExpr>(Event.S)) {
        // Here begin the operations that it awaits.
        for (const auto &[Call, Bound] : startedBy(Suspend))
          if (fill(Full, Call, Bound, true, Function))
            return true;
        Full.clear();
        continue;
      }
      const auto *E = dyn_cast<Expr>(Event.S);
      if (!E || !isa<CallExpr, CXXConstructExpr>(E))
        continue;
      const auto *Call = dyn_cast<CallExpr>(E);
      if (auto Stored = Call ? storedInto(Call) : std::nullopt) {
        if (fill(Full, Call, *Stored, false, Function))
          return true;
      } else if (auto Bound = Call ? boundIn(Call) : std::nullopt) {
        if (!isStartedLater(Call->getType()) &&
            fill(Full, Call, *Bound, true, Function))
          return true;
      } else if (isBinder(E->getType())) {
        // A token by itself does nothing.
      } else if (Call && letsThingsEnd(Call)) {
        Full.clear();
      } else {
        forget(E, Full);
      }
    }
    return false;
  }

  /// The operations with bound tokens in what is awaited there.
  llvm::SmallVector<std::pair<const CallExpr *, Filled>, 2>
  startedBy(const CoroutineSuspendExpr *Suspend) const {
    llvm::SmallVector<std::pair<const CallExpr *, Filled>, 2> Calls;
    llvm::SmallVector<const Stmt *, 8> Work{Suspend->getOperand()};
    while (!Work.empty()) {
      const Stmt *S = Work.pop_back_val();
      if (!S || isa<CoroutineSuspendExpr, LambdaExpr>(S))
        continue;
      const auto *Call = dyn_cast<CallExpr>(S);
      if (Call && isStartedLater(Call->getType()))
        if (auto Bound = boundIn(Call)) {
          Calls.push_back({Call, *Bound});
          continue;
        }
      llvm::SmallVector<const Stmt *, 4> Parts(S->child_begin(),
                                               S->child_end());
      Work.append(Parts.rbegin(), Parts.rend());
    }
    return Calls;
  }

  /// \returns true if that is reported.
  bool fill(Occupants &Full, const CallExpr *Call, const Filled &New,
            bool Binds, const FunctionDecl *Function) {
    for (const Occupied &Old : Full) {
      if (Old.Slot != New.Slot)
        continue;
      return lose(Function, New, Old, Call, Binds);
    }
    Occupied First{New.Slot, Call, Binds};
    if (isRepeated(Function, First))
      return lose(Function, New, First, Call, Binds);
    Full.push_back(First);
    return false;
  }

  bool lose(const FunctionDecl *Function, const Filled &New,
            const Occupied &Old, const CallExpr *Call, bool Binds) {
    ReplacedHandler Lost;
    Lost.Function = Function;
    Lost.Slot = publicName(New.Class);
    Lost.Row = New.Row;
    Lost.First = Old.By->getExprLoc();
    Lost.FirstBinds = Old.Binds;
    Lost.Second = Call->getExprLoc();
    Lost.SecondBinds = Binds;
    Lost.Repeated = Old.By == Call;
    Found.push_back(Lost);
    return true;
  }

  /// The call fills the same slot in each round of a loop, and nothing in the
  /// loop empties it or leaves the loop.
  bool isRepeated(const FunctionDecl *Function, const Occupied &First) const {
    if (!Unit.isInLoop(Function, First.By, First.Slot.Root))
      return false;
    const ParentMap &Parents = Unit.paths(Function).parents();
    const Stmt *Loop = First.By;
    while (Loop && !isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(Loop))
      Loop = Parents.getParent(Loop);
    if (!Loop)
      return false;
    bool Repeated = true;
    visitEvaluated(Loop, [&](const Stmt *S) {
      if (isa<CoroutineSuspendExpr, BreakStmt, ReturnStmt, CoreturnStmt,
              GotoStmt, CXXThrowExpr>(S))
        Repeated = false;
      const auto *E = dyn_cast<Expr>(S);
      if (!E || E == First.By || !isa<CallExpr, CXXConstructExpr>(E) ||
          isBinder(E->getType()))
        return Repeated;
      const auto *Call = dyn_cast<CallExpr>(E);
      Occupants Full{First};
      if (Call && letsThingsEnd(Call))
        Full.clear();
      else
        forget(E, Full);
      Repeated &= !Full.empty();
      return Repeated;
    });
    return Repeated;
  }

  /// What is done with the slot or its lender may empty it, or asks whether it
  /// is empty.
  void forget(const Expr *E, Occupants &Full) const {
    auto named = [&](const Expr *Part) {
      if (!Part)
        return;
      auto Slot = slotOf(Part);
      if (!Slot)
        Slot = resolveObject(Part);
      if (Slot)
        llvm::erase_if(Full,
                       [&](const Occupied &Old) { return Old.Slot == *Slot; });
    };
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      // Copies of a slot are the same slot.
      if (slotRow(E->getType()))
        return;
      for (const Expr *Arg : argumentsOf(Construct))
        named(Arg);
      return;
    }
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E))
      if (!Index.WaiterSlotLenders.find(Member) &&
          calleeName(Member) != "is_connected")
        named(Member->getImplicitObjectArgument());
    for (const Expr *Arg : argumentsOf(E))
      named(Arg);
  }

  WaiterUnit &Unit;
  const ModelIndex &Index;
  std::vector<ReplacedHandler> &Found;
};

} // namespace

std::vector<ReplacedHandler> findReplacedHandlers(WaiterUnit &Unit) {
  std::vector<ReplacedHandler> Found;
  Finder F(Unit, Found);
  for (const FunctionDecl *Function : Unit.Functions)
    F.look(Function);
  return Found;
}

} // namespace threadhop
