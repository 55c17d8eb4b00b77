//===--- DroppedMessages.cpp - receives that lose a race ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/DroppedMessages.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {
namespace {

bool isBareSignal(QualType Type) {
  if (Type->isVoidType())
    return true;
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Record && Record->getIdentifier() &&
         isOneOf(Record->getName(), {"error_code", "exception_ptr", "monostate",
                                     "nullopt_t", "Unit", "unit"});
}

bool sameType(QualType One, QualType Other) {
  return One.getNonReferenceType().getCanonicalType().getUnqualifiedType() ==
         Other.getNonReferenceType().getCanonicalType().getUnqualifiedType();
}

/// Where the message stands in a result that lists the order of completion and
/// then what each operand gave, one after the other; nothing if the result is
/// made otherwise.
std::optional<unsigned> slotOf(const Race &R, const RaceOperand &Operand,
                               llvm::ArrayRef<QualType> Message,
                               llvm::ArrayRef<BindingDecl *> Bindings) {
  unsigned Before = 1, After = 0;
  bool KnownBefore = true, KnownAfter = true, Passed = false;
  for (const RaceOperand &Other : R.Operands) {
    if (&Other == &Operand) {
      Passed = true;
      continue;
    }
    size_t Size = Other.Op ? messageTypes(Other.Op).size() : 0;
    (Passed ? After : Before) += Size;
    (Passed ? KnownAfter : KnownBefore) &= Size != 0;
  }
  unsigned Count = Bindings.size();
  if (!KnownBefore && (!KnownAfter || After + Message.size() > Count))
    return std::nullopt;
  unsigned First = KnownBefore ? Before : Count - After - Message.size();
  if (First + Message.size() > Count)
    return std::nullopt;
  for (unsigned I = 0; I != Message.size(); ++I)
    if (!sameType(Bindings[First + I]->getType(), Message[I]))
      return std::nullopt;
  return First;
}

/// Whether nothing looks at the part of the race's result that would hold the
/// message; false where that cannot be told.
bool isOverlooked(const Race &R, const RaceOperand &Operand,
                  llvm::ArrayRef<QualType> Message,
                  const FunctionDecl *Function) {
  const auto *Result = dyn_cast_or_null<DecompositionDecl>(R.Result);
  if (!Result)
    return false;
  // Its own place in the result, or else any of its type.
  llvm::ArrayRef<BindingDecl *> Bindings = Result->bindings();
  if (auto First = slotOf(R, Operand, Message, Bindings))
    Bindings = Bindings.slice(*First, Message.size());
  bool Any = false, Used = false;
  for (const BindingDecl *Binding : Bindings) {
    QualType Type = Binding->getType().getNonReferenceType();
    bool Holds = llvm::any_of(Message, [&](QualType Part) {
      return !isBareSignal(Part) && sameType(Part, Type);
    });
    if (!Holds)
      continue;
    Any = true;
    visitWithLambdas(visibleBody(Function), [&](const Stmt *S) {
      const auto *Ref = dyn_cast<DeclRefExpr>(S);
      Used |= Ref && Ref->getDecl() == Binding;
      return !Used;
    });
  }
  return Any && !Used;
}

} // namespace

std::vector<DroppedMessage> findDroppedMessages(const FunctionDecl *Function,
                                                RaceFinder &Races,
                                                Channels &All) {
  std::vector<DroppedMessage> Result;
  for (const Race &R : Races.find(Function)) {
    if (R.Model->Loser == RaceLoser::Untouched)
      continue;
    for (const RaceOperand &Operand : R.Operands) {
      if (Operand.Kind != OperandKind::Receive)
        continue;
      // A channel's own select would have a row of its own: what a model says
      // of the race holds for every channel.
      std::vector<QualType> Message = messageTypes(Operand.Op);
      if (Message.empty() || llvm::all_of(Message, isBareSignal))
        continue;
      DroppedMessage Dropped{
          Operand.Op.Call, "", R.Call->getExprLoc(), {}, "", true};
      if (const ValueDecl *D = Channels::declaration(Operand.Op.Channel))
        Dropped.Channel = D->getNameAsString();
      for (const RaceOperand &Other : R.Operands)
        if (&Other != &Operand && Other.Kind != OperandKind::Timer) {
          Dropped.OnlyTimers = false;
          if (Dropped.Other.isInvalid())
            Dropped.Other = Other.E->getExprLoc();
        }
      switch (R.Model->Loser) {
      case RaceLoser::Untouched:
        continue;
      case RaceLoser::Kept:
        if (!isOverlooked(R, Operand, Message, Function))
          continue;
        Dropped.Why = "the race's result holds it, but nothing looks there";
        break;
      case RaceLoser::Dropped:
        Dropped.Why = "it is out of the channel by then, and the result of the "
                      "race holds only what the winner gave";
        break;
      case RaceLoser::Detached:
        Dropped.Why = "a receive that loses goes on, and what it takes out of "
                      "the channel later is thrown away";
        break;
      }
      Result.push_back(std::move(Dropped));
    }
  }
  return Result;
}

} // namespace threadhop
