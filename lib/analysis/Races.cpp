//===--- Races.cpp - waiting for the first of several operations ----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Races.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {
namespace {

bool hasWord(llvm::StringRef Name, std::initializer_list<llvm::StringRef> Of) {
  std::string Lower = Name.lower();
  return llvm::any_of(Of, [&](llvm::StringRef Word) {
    return llvm::StringRef(Lower).contains(Word);
  });
}

bool saysStop(llvm::StringRef Name) {
  return hasWord(Name, {"stop", "done", "finish", "cancel", "shutdown", "close",
                        "quit", "exit", "abort", "signal", "terminat", "ended",
                        "interrupt", "kill"});
}

bool saysTime(llvm::StringRef Name) {
  return hasWord(Name, {"timer", "timeout", "sleep", "delay", "deadline",
                        "expire", "after"});
}

/// A call that only stands around another operation: make_task_on(...), as
/// stdexec, folly and Asio write it.
const Expr *peel(const Expr *E) {
  E = stripForwarding(E);
  while (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (Construct->getNumArgs() != 1 ||
        !Construct->getConstructor()->isCopyOrMoveConstructor())
      break;
    E = stripForwarding(Construct->getArg(0));
  }
  return E;
}

const Decl *objectOf(const Expr *E) {
  auto Path = resolveObject(E);
  if (!Path)
    return nullptr;
  if (!Path->Fields.empty())
    return Path->Fields.back()->getCanonicalDecl();
  return Path->Root;
}

llvm::StringRef nameOf(const Decl *D) {
  const auto *Named = dyn_cast_or_null<NamedDecl>(D);
  return Named && Named->getIdentifier() ? Named->getName() : llvm::StringRef();
}

/// 'co_await this_coro::executor': asks the coroutine and waits for nothing.
bool asksCoroutine(const CoawaitExpr *Await) {
  const Expr *Asked = stripForwarding(Await->getOperand());
  bool Found = false;
  visitEvaluated(Asked, [&](const Stmt *S) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (const auto *Space =
              dyn_cast<NamespaceDecl>(Ref->getDecl()->getDeclContext()))
        Found |= Space->getIdentifier() && Space->getName() == "this_coro";
    return !Found;
  });
  return Found;
}

} // namespace

RaceFinder::RaceFinder(const ModelIndex &Index, Channels &All) : All(All) {
  for (const RaceModel &Row : Index.Rows.Races)
    Table.add(Row.Function, &Row, All.Context);
}

RaceOperand RaceFinder::operand(const Expr *E, const FunctionDecl *In,
                                unsigned Depth) {
  RaceOperand Result;
  Result.E = E;
  E = peel(E);
  if (ChannelOp Op = All.operation(E, In)) {
    Result.Op = Op;
    Result.Signal = Channels::declaration(Op.Channel);
    if (Op.sends())
      Result.Kind = OperandKind::Send;
    else if (Op.receives())
      Result.Kind = OperandKind::Receive;
    return Result;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (Var && Var->isLocalVarDecl() && Var->hasInit() && Depth) {
      RaceOperand Inner = operand(Var->getInit(), In, Depth - 1);
      if (Inner.Kind != OperandKind::Unknown) {
        Inner.E = Result.E;
        return Inner;
      }
    }
    Result.Signal = Ref->getDecl()->getCanonicalDecl();
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  const Expr *Object = nullptr;
  if (const auto *Member = dyn_cast_or_null<CXXMemberCallExpr>(Call))
    Object = Member->getImplicitObjectArgument();
  if (Callee) {
    Result.Signal = Callee->getCanonicalDecl();
    if (Object && !isa<CXXThisExpr>(stripForwarding(Object)))
      if (const Decl *D = objectOf(Object))
        Result.Signal = D;
    // A coroutine with one operation in it does that operation.
    if (const Stmt *Body = Depth ? visibleBody(Callee) : nullptr) {
      unsigned Count = 0, Awaits = 0;
      RaceOperand Inside;
      visitEvaluated(Body, [&](const Stmt *S) {
        if (const auto *Await = dyn_cast<CoawaitExpr>(S);
            Await && !Await->isImplicit() && !asksCoroutine(Await)) {
          ++Awaits;
          RaceOperand One = operand(Await->getOperand(), Callee, Depth - 1);
          if (One.Kind != OperandKind::Unknown) {
            ++Count;
            Inside = One;
          }
        } else if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
          if (const Expr *Value = Return->getRetValue()) {
            ++Awaits;
            RaceOperand One = operand(Value, Callee, Depth - 1);
            if (One.Kind != OperandKind::Unknown) {
              ++Count;
              Inside = One;
            }
          }
        }
        return true;
      });
      if (Count == 1 && Awaits == 1) {
        Inside.E = Result.E;
        return Inside;
      }
      if (Count)
        return Result; // Several: a protocol of its own.
    }
  }
  llvm::StringRef Called = Call ? calleeName(Call) : llvm::StringRef();
  const CXXRecordDecl *Class = Object ? classOf(Object->getType()) : nullptr;
  llvm::StringRef ClassName =
      Class && Class->getIdentifier() ? Class->getName() : llvm::StringRef();
  if (saysTime(Called) || saysTime(ClassName) ||
      (Object && saysTime(nameOf(objectOf(Object)))))
    Result.Kind = OperandKind::Timer;
  else if (saysStop(Called) || saysStop(ClassName) ||
           saysStop(nameOf(Result.Signal)) ||
           (Object && isOneOf(Called, {"async_wait", "wait"})))
    Result.Kind = OperandKind::Stop;
  return Result;
}

bool RaceFinder::isBounded(const Expr *E) const {
  bool Found = false;
  visitEvaluated(E, [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      const RaceModel *Model = Table.find(Call);
      Found |= Model && Model->Deadline;
    }
    return !Found;
  });
  return Found;
}

bool RaceFinder::flatten(const CallExpr *Call, const RaceModel *Model,
                         Race &Into, const FunctionDecl *In,
                         llvm::SmallPtrSetImpl<const Stmt *> &Inner) {
  for (const Expr *Arg : Call->arguments()) {
    if (isa<CXXDefaultArgExpr>(Arg))
      continue;
    const Expr *E = peel(Arg);
    if (const auto *Nested = dyn_cast<CallExpr>(E))
      if (Table.find(Nested) == Model && isa<CXXOperatorCallExpr>(Nested)) {
        Inner.insert(Nested);
        flatten(Nested, Model, Into, In, Inner);
        continue;
      }
    Into.Operands.push_back(operand(Arg, In));
  }
  return Into.Operands.size() >= (Model->Deadline ? 1 : 2);
}

std::vector<Race> RaceFinder::find(const FunctionDecl *Function) {
  std::vector<Race> Races;
  const Stmt *Body = visibleBody(Function);
  if (!Body || Table.empty())
    return Races;
  llvm::SmallPtrSet<const Stmt *, 4> Inner;
  std::vector<std::pair<const Expr *, const VarDecl *>> Awaits;
  llvm::SmallPtrSet<const Stmt *, 4> All;
  visitEvaluated(Body, [&](const Stmt *S) {
    // 'make_parallel_group(...).async_wait(wait_for_all(), ...)' is no race.
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(S))
      if (calleeName(Member) == "async_wait" && Member->getNumArgs()) {
        const CXXRecordDecl *Condition = classOf(Member->getArg(0)->getType());
        if (Condition && Condition->getIdentifier() &&
            Condition->getName() == "wait_for_all")
          if (const auto *Group =
                  dyn_cast<CallExpr>(peel(Member->getImplicitObjectArgument())))
            Inner.insert(Group);
      }
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call || Inner.contains(Call))
      return true;
    const RaceModel *Model = Table.find(Call);
    if (!Model)
      return true;
    Race Found;
    Found.Call = Call;
    Found.Model = Model;
    if (flatten(Call, Model, Found, Function, Inner))
      Races.push_back(std::move(Found));
    return true;
  });
  if (Races.empty())
    return Races;
  auto contains = [](const Stmt *Whole, const Stmt *Part) {
    bool Found = false;
    visitEvaluated(Whole, [&](const Stmt *S) {
      Found |= S == Part;
      return !Found;
    });
    return Found;
  };
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          if (const Expr *Init = Var->getInit())
            for (Race &R : Races)
              if (contains(Init, R.Call) && !isa<LambdaExpr>(peel(Init)))
                R.Result = Var;
    } else if (const auto *Await = dyn_cast<CoawaitExpr>(S)) {
      if (!Await->isImplicit())
        for (Race &R : Races)
          if (contains(Await->getOperand(), R.Call))
            R.Await = Await;
    }
    return true;
  });
  return Races;
}

namespace {

/// Whether the expression is the number of the winner.
bool isWinner(const Expr *E, const Race &R) {
  E = stripForwarding(E);
  auto names = [&](const Expr *Object) {
    Object = stripForwarding(Object);
    if (Object == R.Await)
      return true;
    const auto *Ref = dyn_cast<DeclRefExpr>(Object);
    if (!Ref || !R.Result)
      return false;
    if (Ref->getDecl() == R.Result)
      return true;
    const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl());
    return Binding && Binding->getDecomposedDecl() == R.Result;
  };
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
    return calleeName(Call) == "index" &&
           names(Call->getImplicitObjectArgument());
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
    return Operator->getOperator() == OO_Subscript &&
           names(Operator->getArg(0));
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return nameOf(Member->getMemberDecl()) == "first" &&
           names(Member->getBase());
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return Binding->getType()->isIntegerType() && names(Ref);
    // 'size_t winner = result.index();'
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    return Var && Var != R.Result && Var->isLocalVarDecl() && Var->hasInit() &&
           isWinner(Var->getInit(), R);
  }
  return false;
}

/// Whether the condition holds when that operand has won.
std::optional<bool> holds(const Expr *E, const Race &R, unsigned Winner,
                          const ASTContext &Context) {
  E = stripWrapping(E);
  if (isWinner(E, R))
    return Winner != 0;
  if (const auto *Not = dyn_cast<UnaryOperator>(E)) {
    if (Not->getOpcode() != UO_LNot)
      return std::nullopt;
    auto Inside = holds(Not->getSubExpr(), R, Winner, Context);
    return Inside ? std::optional(!*Inside) : std::nullopt;
  }
  const auto *Compare = dyn_cast<BinaryOperator>(E);
  if (!Compare || !Compare->isEqualityOp())
    return std::nullopt;
  const Expr *Left = Compare->getLHS(), *Right = Compare->getRHS();
  if (!isWinner(Left, R))
    std::swap(Left, Right);
  Expr::EvalResult Value;
  if (!isWinner(Left, R) || Right->isValueDependent() ||
      !Right->EvaluateAsInt(Value, Context))
    return std::nullopt;
  return (Value.Val.getInt() == Winner) == (Compare->getOpcode() == BO_EQ);
}

} // namespace

bool RaceFinder::taken(const Race &R, unsigned Winner, const CFGBlock *Block,
                       unsigned Successor, const ASTContext &Context) {
  const auto *Condition =
      dyn_cast_or_null<Expr>(Block->getTerminatorCondition());
  if (!Condition)
    return true;
  if (isa_and_nonnull<SwitchStmt>(Block->getTerminatorStmt())) {
    if (!isWinner(Condition, R))
      return true;
    auto matches = [&](const CFGBlock *Target) {
      const auto *Case =
          Target ? dyn_cast_or_null<CaseStmt>(Target->getLabel()) : nullptr;
      Expr::EvalResult Value;
      return Case && Case->getLHS()->EvaluateAsInt(Value, Context) &&
             Value.Val.getInt() == Winner;
    };
    bool Any = false;
    unsigned Number = 0;
    const CFGBlock *Asked = nullptr;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs()) {
      Any |= matches(Next.getReachableBlock());
      if (Number++ == Successor)
        Asked = Next.getReachableBlock();
    }
    // Without a case of its own it takes the default.
    return Any ? matches(Asked)
               : !Asked || !isa_and_nonnull<CaseStmt>(Asked->getLabel());
  }
  if (Block->succ_size() != 2)
    return true;
  auto Holds = holds(Condition, R, Winner, Context);
  return !Holds || *Holds == (Successor == 0);
}

} // namespace threadhop
