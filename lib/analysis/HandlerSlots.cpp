//===--- HandlerSlots.cpp - a library's slots for one handler -------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/HandlerSlots.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Syntax.h"
#include "analysis/WaiterFlow.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {
namespace {

bool isSlotType(QualType Type) {
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->getIdentifier() ||
      Record->getName() != "cancellation_slot")
    return false;
  return isOneOf(publicName(Record),
                 {"asio::cancellation_slot", "boost::asio::cancellation_slot"});
}

/// The object whose slot the expression names: the signal that lends it out, or
/// the variable that it is in where the signal is not to be seen.
std::optional<ObjectPath> slotOf(const Expr *E, unsigned Depth = 6) {
  if (!E || !Depth)
    return std::nullopt;
  E = stripForwarding(E);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return Construct->getNumArgs() == 1
               ? slotOf(Construct->getArg(0), Depth - 1)
               : std::nullopt;
  if (!isSlotType(E->getType()))
    return std::nullopt;
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
    return calleeName(Call) == "slot"
               ? resolveObject(Call->getImplicitObjectArgument())
               : std::nullopt;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (Var && Var->isLocalVarDecl() && Var->hasInit())
      if (auto Signal = slotOf(Var->getInit(), Depth - 1))
        return Signal;
  }
  return resolveObject(E);
}

/// The slot that the call puts a handler into; nothing for other calls.
std::optional<ObjectPath> storedInto(const CallExpr *Call) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  if (!Member || !isSlotType(Member->getObjectType()) ||
      !isOneOf(calleeName(Member), {"assign", "emplace"}))
    return std::nullopt;
  return slotOf(Member->getImplicitObjectArgument());
}

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

class Finder {
public:
  Finder(WaiterUnit &Unit, std::vector<ReplacedHandler> &Found)
      : Unit(Unit), Found(Found) {}

  void look(const FunctionDecl *Function) {
    unsigned Stores = 0;
    visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        Stores += storedInto(Call).has_value();
      return true;
    });
    if (Stores < 2)
      return;
    Unit.paths(Function).each(
        [&](const FunctionPath &Path) { return !follow(Path, Function); });
  }

private:
  struct Occupied {
    ObjectPath Slot;
    const CallExpr *By;
  };

  bool follow(const FunctionPath &Path, const FunctionDecl *Function) {
    llvm::SmallVector<Occupied, 2> Full;
    for (const PathEvent &Event : Path.Events) {
      if (Event.Kind != PathEvent::Evaluate)
        continue;
      if (isa<CoroutineSuspendExpr>(Event.S)) {
        Full.clear();
        continue;
      }
      const auto *E = dyn_cast<Expr>(Event.S);
      if (!E || !isa<CallExpr, CXXConstructExpr>(E))
        continue;
      const auto *Call = dyn_cast<CallExpr>(E);
      if (auto Slot = Call ? storedInto(Call) : std::nullopt) {
        for (const Occupied &Old : Full)
          if (Old.Slot == *Slot && Old.By != Call) {
            ReplacedHandler New;
            New.Function = Function;
            New.Slot =
                publicName(cast<CXXMemberCallExpr>(Call)->getRecordDecl());
            New.First = Old.By->getExprLoc();
            New.Second = Call->getExprLoc();
            Found.push_back(New);
            return true;
          }
        Full.push_back({*Slot, Call});
        continue;
      }
      if (Call && letsThingsEnd(Call))
        Full.clear();
      else
        forget(E, Full);
    }
    return false;
  }

  /// What is done with the slot or its signal may empty it, or asks whether it
  /// is empty.
  static void forget(const Expr *E, llvm::SmallVectorImpl<Occupied> &Full) {
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
      if (isSlotType(E->getType()))
        return;
      for (const Expr *Arg : givenArguments(Construct))
        named(Arg);
      return;
    }
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E))
      if (!isOneOf(calleeName(Member), {"slot", "is_connected"}))
        named(Member->getImplicitObjectArgument());
    for (const Expr *Arg : givenArguments(E))
      named(Arg);
  }

  WaiterUnit &Unit;
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
