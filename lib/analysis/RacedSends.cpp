//===--- RacedSends.cpp - buffered sends in races -------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/RacedSends.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {
namespace {

bool touches(const Stmt *S, const Decl *Signal) {
  const Decl *Named = nullptr;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    Named = Ref->getDecl();
  else if (const auto *Member = dyn_cast<MemberExpr>(S))
    Named = Member->getMemberDecl();
  return Named && Signal && Named->getCanonicalDecl() == Signal;
}

/// Whether the sender waits here for something that only the receiver gives.
bool isAnswer(const Stmt *S, const FunctionDecl *In, RaceFinder &Races,
              Channels &All) {
  if (const auto *Await = dyn_cast<CoawaitExpr>(S)) {
    if (Await->isImplicit() || Races.isBounded(Await->getOperand()))
      return false;
    RaceOperand Operand = Races.operand(Await->getOperand(), In);
    if (Operand.Kind == OperandKind::Receive)
      return Operand.Op.Action == ChannelAction::Receive;
    const auto *Call = dyn_cast<CallExpr>(stripForwarding(Await->getOperand()));
    if (!Call || Operand.Kind != OperandKind::Unknown)
      return false;
    std::string Name = calleeName(Call).lower();
    for (llvm::StringRef Word : {"ack", "answer", "reply", "response"})
      if (llvm::StringRef(Name).contains(Word))
        return true;
    return false;
  }
  const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
  if (!Call)
    return false;
  const CXXRecordDecl *Class =
      classOf(Call->getImplicitObjectArgument()->getType());
  return Class && Class->getIdentifier() &&
         Class->getName().contains("future") &&
         isOneOf(calleeName(Call), {"get", "wait"});
}

} // namespace

std::vector<RacedSend> findRacedSends(const FunctionDecl *Function,
                                      RaceFinder &Races, Channels &All) {
  std::vector<RacedSend> Result;
  std::vector<Race> Found = Races.find(Function);
  std::optional<SendFlow> Flow;
  for (const Race &R : Found) {
    if (R.Model->Deadline || R.Model->Loser == RaceLoser::Untouched)
      continue;
    for (unsigned I = 0; I != R.Operands.size(); ++I) {
      const RaceOperand &Send = R.Operands[I];
      if (Send.Kind != OperandKind::Send ||
          Send.Op.Action != ChannelAction::Send)
        continue;
      const RaceOperand *Signal = nullptr;
      bool SignalFirst = false;
      for (unsigned J = 0; J != R.Operands.size(); ++J)
        if (J != I && (R.Operands[J].Kind == OperandKind::Receive ||
                       R.Operands[J].Kind == OperandKind::Stop)) {
          Signal = &R.Operands[J];
          SignalFirst = J < I && R.Model->Ordered;
          break;
        }
      if (!Signal || (Signal->Signal && Signal->Signal == Send.Signal))
        continue;
      Capacity Holds = All.capacity(Send.Op);
      if (!Holds.buffers())
        continue;
      if (!Flow)
        Flow.emplace(Function, All);
      if (!*Flow)
        return Result;
      llvm::SmallPtrSet<const Stmt *, 32> Own;
      const Expr *Whole = R.Await ? R.Await : R.Call;
      visitEvaluated(Whole, [&](const Stmt *S) {
        Own.insert(S);
        return true;
      });
      const Stmt *From = R.Await && Flow->has(R.Await)
                             ? static_cast<const Stmt *>(R.Await)
                             : R.Call;
      RacedSend Raced{Send.Op, Holds, R.Call->getExprLoc(), "", {}};
      if (const auto *Named = dyn_cast_or_null<NamedDecl>(Signal->Signal))
        Raced.SignalName = Named->getNameAsString();
      bool Wrong = Flow->walk(
          From, nullptr,
          [&](const CFGElement &Element) {
            auto Statement = Element.getAs<CFGStmt>();
            if (!Statement)
              return SendFlow::Step::Go;
            const Stmt *S = Statement->getStmt();
            if (S == R.Call)
              return SignalFirst ? SendFlow::Step::Stop : SendFlow::Step::Found;
            if (Own.contains(S))
              return SendFlow::Step::Go;
            if (touches(S, Signal->Signal))
              return SendFlow::Step::Stop;
            for (const Race &Other : Found)
              if (Other.Call == S)
                return SendFlow::Step::Stop;
            if (isAnswer(S, Function, Races, All)) {
              Raced.Answer = cast<Expr>(S)->getBeginLoc();
              return SendFlow::Step::Found;
            }
            return SendFlow::Step::Go;
          },
          nullptr,
          [&](const CFGBlock *Block, unsigned Successor) {
            return RaceFinder::taken(R, I, Block, Successor, All.Context);
          });
      if (Wrong)
        Result.push_back(std::move(Raced));
    }
  }
  return Result;
}

} // namespace threadhop
