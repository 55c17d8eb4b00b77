//===--- Receivers.cpp - the other ends of the unit's channels ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Receivers.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/ReceiverLoop.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {
Receivers::Receivers(Channels &All, RaceFinder &Races)
    : All(All), Races(Races) {
  for (const FunctionDecl *Function : All.Code.Functions) {
    llvm::SmallPtrSet<const CallExpr *, 8> Seen;
    visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        if (ChannelOp Op = All.operation(Call, Function);
            Op && Seen.insert(Op.Call).second)
          Uses.push_back({Function, Op, Channels::declaration(Op.Channel)});
      return true;
    });
  }
}

/// A name for somebody else's channel: another one may stand for the same.
static bool isAlias(const ValueDecl *D) {
  if (!D || isa<ParmVarDecl>(D))
    return true;
  return D->getType()->isReferenceType() || D->getType()->isPointerType();
}

bool Receivers::same(const Use &One, const ChannelOp &Op,
                     const ValueDecl *Channel) const {
  if (One.Channel && Channel &&
      One.Channel->getCanonicalDecl() == Channel->getCanonicalDecl())
    return true;
  if (!isAlias(One.Channel) && !isAlias(Channel))
    return false;
  // By its type, which its messages make its own.
  auto typeOf = [](const ChannelOp &Of) -> const CXXRecordDecl * {
    const CXXRecordDecl *Record =
        classOf(Of.Channel->IgnoreParenImpCasts()->getType());
    return Record ? Record->getCanonicalDecl() : nullptr;
  };
  return !One.Op.ByHand && !Op.ByHand && typeOf(Op) &&
         typeOf(One.Op) == typeOf(Op);
}

std::vector<const Receivers::Use *>
Receivers::usesOf(const ChannelOp &Op) const {
  std::vector<const Use *> Found;
  const ValueDecl *Channel = Channels::declaration(Op.Channel);
  for (const Use &One : Uses)
    if (same(One, Op, Channel))
      Found.push_back(&One);
  return Found;
}

std::optional<SourceLocation> Receivers::leaves(const Use &Receive) const {
  ReceiverLoop Loop(Receive.Function, Receive.Op, Receive.Channel);
  if (!Loop)
    return std::nullopt;
  // A channel of its own ends with it.
  if (const auto *Var = dyn_cast_or_null<VarDecl>(Receive.Channel))
    if (Var->hasLocalStorage() && !isa<ParmVarDecl>(Var) && !isAlias(Var) &&
        Var->getParentFunctionOrMethod() == Receive.Function)
      return std::nullopt;
  SourceLocation End = Loop.end();
  if (End.isInvalid())
    return std::nullopt;
  // Anything that empties or closes it, here or where this is called.
  const FunctionDecl *Self = Receive.Function->getCanonicalDecl();
  bool Cleans = false;
  auto look = [&](const FunctionDecl *Function) {
    visitWithLambdas(visibleBody(Function), [&](const Stmt *S) {
      const auto *E = dyn_cast<Expr>(S);
      if (!E || !isa<CallExpr>(E))
        return true;
      const auto *Call = cast<CallExpr>(E);
      if (ChannelOp Op = All.operation(Call, Function)) {
        if (Op.Action == ChannelAction::Close ||
            Op.Action == ChannelAction::Clear ||
            (Function == Receive.Function && Op.receives() &&
             Op.Call != Receive.Op.Call && !contains(Loop.Loop, Op.Call)))
          Cleans |= same({Function, Op, Channels::declaration(Op.Channel)},
                         Receive.Op, Receive.Channel);
      } else if (isStdCall(Call, "swap") || isStdCall(Call, "exchange") ||
                 (isStdCall(Call, "move") && Function != Receive.Function)) {
        for (const Expr *Arg : Call->arguments())
          Cleans |=
              Receive.Channel && Channels::declaration(Arg) == Receive.Channel;
      } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
        Cleans |= Operator->getOperator() == OO_Equal && Receive.Channel &&
                  Channels::declaration(Operator->getArg(0)) == Receive.Channel;
      }
      return !Cleans;
    });
  };
  look(Receive.Function);
  for (const FunctionDecl *Other : All.Code.Functions) {
    if (Cleans)
      break;
    bool Calls = false, InLoop = false;
    visitWithLambdas(visibleBody(Other), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S)) {
        const FunctionDecl *Callee = Call->getDirectCallee();
        Calls |= Callee && Callee->getCanonicalDecl() == Self;
      } else if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
        Calls |= Lambda->getCallOperator()->getCanonicalDecl() == Self;
      } else if (isLoop(S)) {
        // Started again each time.
        visitWithLambdas(S, [&](const Stmt *Inner) {
          const auto *Call = dyn_cast<CallExpr>(Inner);
          const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
          InLoop |= Callee && Callee->getCanonicalDecl() == Self;
          return true;
        });
      }
      return true;
    });
    if (InLoop)
      return std::nullopt;
    if (Calls && Other != Receive.Function && !isa<CXXDestructorDecl>(Other))
      look(Other);
  }
  if (Cleans)
    return std::nullopt;
  return End;
}

std::optional<StuckWait> Receivers::findStuckWait(const Sender &From,
                                                  const Sender::Send &Sent) {
  if (!From.Views || !From.Flow->has(Sent.Op.Call))
    return std::nullopt;
  StuckWait Stuck;
  unsigned Count = 0;
  for (const Use *One : usesOf(Sent.Op)) {
    if (One->Op.Action == ChannelAction::Clear)
      return std::nullopt;
    if (!One->Op.receives())
      continue;
    if (One->Function == From.Function)
      return std::nullopt;
    auto Leaves = leaves(*One);
    if (!Leaves)
      return std::nullopt;
    if (++Count > 1 && !One->Op.ByHand)
      return std::nullopt; // Another receiver may go on.
    Stuck.Receive = One->Op.Call->getExprLoc();
    Stuck.Leaves = *Leaves;
  }
  if (!Count)
    return std::nullopt;
  Stuck.Wait = findWait(From, Sent);
  if (Stuck.Wait.isInvalid())
    return std::nullopt;
  return Stuck;
}

namespace {

struct Written {
  const ValueDecl *Object;
  SourceLocation Loc;
};

/// The member or captured variable that an expression names.
const ValueDecl *sharedObject(const Expr *E) {
  auto Path = resolveObject(E);
  if (!Path)
    return nullptr;
  if (!Path->Fields.empty())
    return Path->Root
               ? nullptr
               : cast<ValueDecl>(Path->Fields.front()->getCanonicalDecl());
  return dyn_cast_or_null<ValueDecl>(Path->Root);
}

bool isSynchronized(QualType Type) {
  const CXXRecordDecl *Record = classOf(Type);
  if (!Record || !Record->getIdentifier())
    return Type->isAtomicType();
  std::string Name = Record->getName().lower();
  return llvm::any_of(
      std::initializer_list<llvm::StringRef>{
          "atomic", "mutex", "condition", "semaphore", "latch", "barrier",
          "promise", "future", "event", "channel", "chan", "queue", "thread"},
      [&](llvm::StringRef Word) {
        return llvm::StringRef(Name).contains(Word);
      });
}

std::vector<Written> writtenBy(const FunctionDecl *Function) {
  std::vector<Written> Result;
  auto add = [&](const Expr *Target) {
    const ValueDecl *Object = sharedObject(Target);
    if (!Object || isSynchronized(Object->getType()) ||
        isa<ParmVarDecl>(Object) ||
        Object->getParentFunctionOrMethod() == Function)
      return;
    Result.push_back({Object, Target->getExprLoc()});
  };
  visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
    if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
      if (Assign->isAssignmentOp())
        add(Assign->getLHS());
    } else if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
      if (Unary->isIncrementDecrementOp())
        add(Unary->getSubExpr());
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Operator->isAssignmentOp())
        add(Operator->getArg(0));
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      if (const CXXMethodDecl *Method = Call->getMethodDecl();
          Method && isInStd(Method) && !Method->isConst() &&
          isOneOf(calleeName(Call),
                  {"push_back", "emplace_back", "insert", "emplace", "append",
                   "clear", "push", "resize", "assign", "erase", "reset",
                   "try_emplace", "insert_or_assign"}))
        add(Call->getImplicitObjectArgument());
    }
    return true;
  });
  return Result;
}

bool locksSomething(const Stmt *S) {
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
    const CXXRecordDecl *Record = Construct->getConstructor()->getParent();
    return Record->getIdentifier() &&
           Record->getName().contains_insensitive("lock");
  }
  const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
  return Call && isOneOf(calleeName(Call), {"lock", "lock_shared"});
}

} // namespace

std::optional<FalseFence> Receivers::findFence(const Sender &From,
                                               const Sender::Send &Second) {
  if (!From.Views || !From.Flow->has(Second.Op.Call))
    return std::nullopt;
  // A first send from which this one is reached without waiting.
  const Sender::Send *First = nullptr;
  for (const Sender::Send &Other : From.Sends) {
    if (Other.Op.Call == Second.Op.Call || !From.Flow->has(Other.Op.Call) ||
        !same(
            {From.Function, Other.Op, Channels::declaration(Other.Op.Channel)},
            Second.Op, Channels::declaration(Second.Op.Channel)))
      continue;
    if (From.Flow->walk(
            Other.Op.Call, Other.Op.Call, [&](const CFGElement &Element) {
              if (From.Flow->waits(Element))
                return SendFlow::Step::Stop;
              auto S = Element.getAs<CFGStmt>();
              return S && S->getStmt() == Second.Op.Call ? SendFlow::Step::Found
                                                         : SendFlow::Step::Go;
            }))
      First = &Other;
  }
  if (!First)
    return std::nullopt;
  std::optional<FalseFence> Found;
  for (const Use *One : usesOf(Second.Op)) {
    if (!One->Op.receives() || One->Function == From.Function || Found)
      continue;
    ReceiverLoop Loop(One->Function, One->Op, One->Channel);
    if (!Loop)
      continue;
    for (const Written &W : writtenBy(One->Function)) {
      if (One->Channel && W.Object == One->Channel)
        continue;
      From.Flow->walk(Second.Op.Call, Second.Op.Call,
                      [&](const CFGElement &Element) {
                        if (From.Flow->waits(Element))
                          return SendFlow::Step::Stop;
                        auto Statement = Element.getAs<CFGStmt>();
                        if (!Statement)
                          return SendFlow::Step::Go;
                        const Stmt *S = Statement->getStmt();
                        if (locksSomething(S))
                          return SendFlow::Step::Stop;
                        const Decl *Named = nullptr;
                        if (const auto *Member = dyn_cast<MemberExpr>(S))
                          Named = Member->getMemberDecl();
                        else if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
                          Named = Ref->getDecl();
                        if (!Named || Named->getCanonicalDecl() !=
                                          W.Object->getCanonicalDecl())
                          return SendFlow::Step::Go;
                        Found = {First->Op.Call->getExprLoc(),
                                 cast<Expr>(S)->getExprLoc(), W.Loc, W.Object};
                        return SendFlow::Step::Found;
                      });
      if (Found)
        break;
    }
  }
  return Found;
}

} // namespace threadhop
