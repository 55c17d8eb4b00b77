//===--- Acknowledgements.cpp - what a sender waits for -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Receivers.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {
namespace {

using Locals = llvm::SmallPtrSet<const VarDecl *, 8>;

const VarDecl *rootOf(const Expr *E) {
  auto Path = resolveObject(E);
  return Path ? dyn_cast_or_null<VarDecl>(Path->Root) : nullptr;
}

void addMentioned(const Stmt *S, Locals &Into) {
  visitEvaluated(S, [&](const Stmt *Inner) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Inner))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        if (Var->hasLocalStorage())
          Into.insert(Var);
    return true;
  });
}

/// The locals that the message is made of.
Locals partsOf(const ChannelOp &Op, const Stmt *Body) {
  Locals Parts;
  for (const Expr *Part : Op.Message)
    addMentioned(Part, Parts);
  for (size_t Before = 0; Before != Parts.size();) {
    Before = Parts.size();
    Locals Now(Parts.begin(), Parts.end());
    for (const VarDecl *Var : Now)
      if (Var->getInit() && !isa<ParmVarDecl>(Var))
        addMentioned(Var->getInit(), Parts);
    visitEvaluated(Body, [&](const Stmt *S) {
      const Expr *Target = nullptr, *Value = nullptr;
      if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
        if (Assign->getOpcode() == BO_Assign) {
          Target = Assign->getLHS();
          Value = Assign->getRHS();
        }
      } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
        if (Operator->getOperator() == OO_Equal) {
          Target = Operator->getArg(0);
          Value = Operator->getArg(1);
        }
      }
      if (Target && Now.contains(rootOf(Target)))
        addMentioned(Value, Parts);
      return true;
    });
  }
  return Parts;
}

/// Objects that one side waits on until the other has done something.
bool isSignal(QualType Type) {
  const CXXRecordDecl *Record = classOf(Type);
  if (!Record || !Record->getIdentifier())
    return false;
  std::string Name = Record->getName().lower();
  return llvm::any_of(
      std::initializer_list<llvm::StringRef>{"semaphore", "latch", "event",
                                             "barrier", "promise", "future",
                                             "chan", "baton", "oneshot"},
      [&](llvm::StringRef Word) {
        return llvm::StringRef(Name).contains(Word);
      });
}

bool isWaitName(llvm::StringRef Name) {
  return isOneOf(Name, {"get", "wait", "acquire", "arrive_and_wait", "pop",
                        "receive", "recv", "async_receive", "value_pop", "take",
                        "result", "get_future_result", "down"});
}

bool isTimedName(llvm::StringRef Name) {
  return Name.contains("_for") || Name.contains("_until") ||
         isOneOf(Name, {"try_acquire", "timed_wait", "valid"});
}

/// The futures of promises that are, or go into, one of the parts.
void addFutures(const Stmt *Body, const Locals &Parts, Locals &Into) {
  visitEvaluated(Body, [&](const Stmt *S) {
    const auto *Declares = dyn_cast<DeclStmt>(S);
    if (!Declares)
      return true;
    for (const Decl *D : Declares->decls()) {
      const auto *Var = dyn_cast<VarDecl>(D);
      if (!Var || !Var->hasInit())
        continue;
      visitEvaluated(Var->getInit(), [&](const Stmt *Inner) {
        const auto *Call = dyn_cast<CXXMemberCallExpr>(Inner);
        if (Call &&
            isOneOf(calleeName(Call),
                    {"get_future", "getFuture", "get_semi_future",
                     "getSemiFuture", "get_result"}) &&
            Parts.contains(rootOf(Call->getImplicitObjectArgument())))
          Into.insert(Var);
        return true;
      });
    }
    return true;
  });
}

} // namespace

SourceLocation Receivers::findWait(const Sender &From,
                                   const Sender::Send &Sent) {
  const Stmt *Body = visibleBody(From.Function);
  Locals Parts = partsOf(Sent.Op, Body), Awaited;
  addFutures(Body, Parts, Awaited);
  for (const VarDecl *Part : Parts)
    if (isSignal(Part->getType()) && !isa<ParmVarDecl>(Part))
      Awaited.insert(Part);
  if (Awaited.empty())
    return {};
  // A wait with a deadline, or one that races, has another way out.
  bool Bounded = false;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S))
      Bounded |= isTimedName(calleeName(Call)) &&
                 Awaited.contains(rootOf(Call->getImplicitObjectArgument()));
    return true;
  });
  if (Bounded)
    return {};
  llvm::SmallPtrSet<const Stmt *, 16> Raced;
  for (const Race &R : Races.find(From.Function))
    visitEvaluated(R.Await ? R.Await : static_cast<const Expr *>(R.Call),
                   [&](const Stmt *S) {
                     Raced.insert(S);
                     return true;
                   });
  SourceLocation Wait;
  const ReturnStmt *Handed = nullptr;
  From.Flow->walk(Sent.Op.Call, Sent.Op.Call, [&](const CFGElement &Element) {
    auto Statement = Element.getAs<CFGStmt>();
    if (!Statement || Raced.contains(Statement->getStmt()))
      return SendFlow::Step::Go;
    const Stmt *S = Statement->getStmt();
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      if (isWaitName(calleeName(Call)) && Call != Sent.Op.Call &&
          Awaited.contains(rootOf(Call->getImplicitObjectArgument()))) {
        Wait = Call->getBeginLoc();
        return SendFlow::Step::Found;
      }
    } else if (const auto *Await = dyn_cast<CoawaitExpr>(S)) {
      if (!Await->isImplicit() &&
          Awaited.contains(rootOf(Await->getOperand())) &&
          !Races.isBounded(Await->getOperand())) {
        Wait = Await->getBeginLoc();
        return SendFlow::Step::Found;
      }
    } else if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      const Expr *Value = Return->getRetValue();
      if (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(
              Value ? stripForwarding(Value) : nullptr))
        if (Construct->getNumArgs() == 1)
          Value = Construct->getArg(0);
      if (Value && Awaited.contains(rootOf(Value)))
        Handed = Return;
    }
    return SendFlow::Step::Go;
  });
  if (Wait.isValid() || !Handed)
    return Wait;
  // The future is given to the caller: does one wait on it?
  const FunctionDecl *Self = From.Function->getCanonicalDecl();
  auto isCall = [&](const Expr *E) {
    const auto *Call = dyn_cast_or_null<CallExpr>(E ? stripForwarding(E) : E);
    return Call && Call->getDirectCallee() &&
           Call->getDirectCallee()->getCanonicalDecl() == Self;
  };
  for (const FunctionDecl *Caller : All.Code.Functions) {
    Locals Kept;
    bool Timed = false;
    SourceLocation Here;
    visitEvaluated(visibleBody(Caller), [&](const Stmt *S) {
      if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
        for (const Decl *D : Declares->decls())
          if (const auto *Var = dyn_cast<VarDecl>(D))
            if (Var->hasInit() && isCall(Var->getInit()))
              Kept.insert(Var);
        return true;
      }
      const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
      if (!Call)
        return true;
      const Expr *Object = Call->getImplicitObjectArgument();
      bool Ours = isCall(Object) || Kept.contains(rootOf(Object));
      if (Ours && isTimedName(calleeName(Call)))
        Timed = true;
      else if (Ours && Here.isInvalid() &&
               isOneOf(calleeName(Call), {"get", "wait"}))
        Here = Call->getBeginLoc();
      return true;
    });
    if (!Timed && Here.isValid())
      return Here;
  }
  return {};
}

} // namespace threadhop
