//===--- ReceiverLoop.cpp - the loop that receives messages ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ReceiverLoop.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {

bool isLoop(const Stmt *S) {
  return isa<WhileStmt, DoStmt, ForStmt, CXXForRangeStmt>(S);
}

bool mentions(const Stmt *S, llvm::function_ref<bool(const Decl *)> Is) {
  bool Found = false;
  visitEvaluated(S, [&](const Stmt *Inner) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Inner))
      Found |= Is(Ref->getDecl());
    else if (const auto *Member = dyn_cast<MemberExpr>(Inner))
      Found |= Is(Member->getMemberDecl());
    return !Found;
  });
  return Found;
}

bool contains(const Stmt *Whole, const Stmt *Part) {
  bool Found = false;
  visitEvaluated(Whole, [&](const Stmt *S) {
    Found |= S == Part;
    return !Found;
  });
  return Found;
}

namespace {

/// The way from \p Top down to \p To, without the two; empty if it is not
/// there.
bool findPath(const Stmt *Top, const Stmt *To,
              llvm::SmallVectorImpl<const Stmt *> &Path) {
  if (!Top)
    return false;
  if (Top == To)
    return true;
  Path.push_back(Top);
  llvm::SmallVector<const Stmt *, 8> Children;
  if (const auto *Suspend = dyn_cast<CoroutineSuspendExpr>(Top))
    Children.push_back(Suspend->getCommonExpr());
  else if (const auto *Coroutine = dyn_cast<CoroutineBodyStmt>(Top))
    Children.push_back(Coroutine->getBody());
  else if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(Top))
    Children.push_back(Opaque->getSourceExpr());
  else
    Children.append(Top->child_begin(), Top->child_end());
  for (const Stmt *Child : Children)
    if (findPath(Child, To, Path))
      return true;
  Path.pop_back();
  return false;
}

bool saysEnd(llvm::StringRef Name) {
  std::string Lower = Name.lower();
  return llvm::any_of(
      std::initializer_list<llvm::StringRef>{
          "quit", "stop", "exit", "poison", "sentinel", "shutdown", "termin",
          "eof", "end", "closed", "empty", "drained"},
      [&](llvm::StringRef Word) {
        return llvm::StringRef(Lower).contains(Word);
      });
}

bool classIsLock(const VarDecl *Var) {
  const CXXRecordDecl *Record = Var->getType()->getAsCXXRecordDecl();
  return Record && Record->getIdentifier() &&
         (Record->getName().contains_insensitive("lock") ||
          Record->getName().contains_insensitive("guard"));
}

} // namespace

ReceiverLoop::ReceiverLoop(const FunctionDecl *Function, const ChannelOp &Op,
                           const ValueDecl *Channel)
    : Channel(Channel) {
  Body = visibleBody(Function);
  llvm::SmallVector<const Stmt *, 16> Path;
  if (!findPath(Body, Op.Call, Path))
    return;
  for (const Stmt *S : Path) {
    if (const auto *Range = dyn_cast<CXXForRangeStmt>(S)) {
      // What it goes over is made once; a channel's own iterator receives.
      if (contains(Range->getBeginStmt(), Op.Call))
        Messages.insert(Range->getLoopVariable());
      else if (!contains(Range->getBody(), Op.Call))
        continue;
    }
    if (isLoop(S))
      Loop = S; // The innermost.
  }
  // What holds the message.
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          if (Var->hasInit() &&
              (contains(Var->getInit(), Op.Call) ||
               (Channel && !isa<CXXNewExpr>(Var->getInit()) &&
                !classIsLock(Var) &&
                threadhop::mentions(Var->getInit(), [&](const Decl *Named) {
                  return Named->getCanonicalDecl() ==
                         Channel->getCanonicalDecl();
                }))))
            Messages.insert(Var);
    } else if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
      if (Assign->getOpcode() == BO_Assign)
        assigned(Assign->getLHS(), Assign->getRHS(), Op);
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Operator->getOperator() == OO_Equal)
        assigned(Operator->getArg(0), Operator->getArg(1), Op);
    }
    return true;
  });
  for (const Expr *Arg : Op.Call->arguments())
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Arg)))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        if (Arg->isLValue() || isa<UnaryOperator>(stripWrapping(Arg)))
          Messages.insert(Var);
  Receive = Op.Call;
}

bool ReceiverLoop::saysOfChannel(const Stmt *S) const {
  return Channel && threadhop::mentions(S, [&](const Decl *Named) {
           return Named->getCanonicalDecl() == Channel->getCanonicalDecl();
         });
}

bool ReceiverLoop::saysOfMessage(const Stmt *S) const {
  return contains(S, Receive) || threadhop::mentions(S, [&](const Decl *Named) {
           return Messages.contains(dyn_cast<VarDecl>(Named));
         });
}

bool ReceiverLoop::leavesOn(const Expr *E, bool Value, unsigned Depth) const {
  if (!E || !Depth)
    return false;
  E = stripWrapping(E);
  if (const auto *Not = dyn_cast<UnaryOperator>(E))
    if (Not->getOpcode() == UO_LNot)
      return leavesOn(Not->getSubExpr(), !Value, Depth - 1);
  if (const auto *Both = dyn_cast<BinaryOperator>(E)) {
    if (Both->isLogicalOp()) {
      bool Left = leavesOn(Both->getLHS(), Value, Depth - 1);
      bool Right = leavesOn(Both->getRHS(), Value, Depth - 1);
      // One of them is enough, or both must be so.
      bool Either = (Both->getOpcode() == BO_LAnd) != Value;
      return Either ? Left || Right : Left && Right;
    }
  }
  if (isa<CXXBoolLiteralExpr, IntegerLiteral>(E))
    return false;
  if (saysOfChannel(E))
    return false;
  if (saysOfMessage(E)) {
    // 'if (handle(*message))' is the receiver's own decision; a look at the
    // message itself is a last message.
    const auto *Call = dyn_cast<CallExpr>(stripForwarding(E));
    if (!Call || isa<CXXOperatorCallExpr>(Call) || saysEnd(calleeName(Call)))
      return false;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      if (saysOfMessage(Member->getImplicitObjectArgument()))
        return false;
    return !isInStd(Call->getDirectCallee());
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(E))) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (Var && Var->isLocalVarDecl() && Var->hasInit() &&
        !isa<CXXBoolLiteralExpr>(stripForwarding(Var->getInit())) &&
        saysOfMessage(Var->getInit()))
      return leavesOn(Var->getInit(), Value, Depth - 1);
  }
  if (const auto *Call = dyn_cast<CallExpr>(stripForwarding(E))) {
    std::string Name = calleeName(Call).lower();
    for (llvm::StringRef Word : {"closed", "empty", "drained", "is_open"})
      if (llvm::StringRef(Name).contains(Word))
        return false;
  }
  return true;
}

SourceLocation ReceiverLoop::end() const {
  const Expr *Condition = nullptr;
  const Stmt *Inside = nullptr;
  if (const auto *While = dyn_cast<WhileStmt>(Loop)) {
    Condition = While->getConditionVariable() ? nullptr : While->getCond();
    Inside = While->getBody();
  } else if (const auto *Do = dyn_cast<DoStmt>(Loop)) {
    Condition = Do->getCond();
    Inside = Do->getBody();
  } else if (const auto *For = dyn_cast<ForStmt>(Loop)) {
    Condition = For->getConditionVariable() ? nullptr : For->getCond();
    Inside = For->getBody();
    // So many messages, then no more: what it counts is known to both.
    if (Condition && For->getInit())
      Condition = nullptr;
  } else if (const auto *Range = dyn_cast<CXXForRangeStmt>(Loop);
             Range && contains(Range->getBeginStmt(), Receive)) {
    Inside = Range->getBody();
  } else {
    return {};
  }
  if (Condition && leavesOn(Condition, false))
    return Condition->getExprLoc();
  SourceLocation Found;
  llvm::SmallVector<std::pair<const IfStmt *, bool>> Guards;
  look(Inside, Guards, /*Nested=*/false, Found);
  return Found;
}

void ReceiverLoop::assigned(const Expr *Target, const Expr *Value,
                            const ChannelOp &Op) {
  const auto *Ref = dyn_cast<DeclRefExpr>(Target->IgnoreParenImpCasts());
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (Var && (contains(Value, Op.Call) || saysOfChannel(Value)))
    Messages.insert(Var);
}

void ReceiverLoop::look(const Stmt *S, llvm::SmallVectorImpl<Guard> &Guards,
                        bool Nested, SourceLocation &Found) const {
  if (!S || Found.isValid() || isa<LambdaExpr>(S))
    return;
  if (const auto *If = dyn_cast<IfStmt>(S)) {
    Guards.push_back({If, true});
    look(If->getThen(), Guards, Nested, Found);
    Guards.back().second = false;
    look(If->getElse(), Guards, Nested, Found);
    Guards.pop_back();
    return;
  }
  if (isa<ReturnStmt, CoreturnStmt>(S) || (isa<BreakStmt>(S) && !Nested)) {
    if (Guards.empty())
      return;
    // The innermost condition decides; one around it that says that nothing
    // is there excuses all in it.
    auto [Last, Then] = Guards.back();
    if (Last->getConditionVariable() || !leavesOn(Last->getCond(), Then))
      return;
    for (auto [If, Taken] : llvm::ArrayRef(Guards).drop_back()) {
      const Expr *Condition = If->getCond();
      if (saysOfChannel(Condition))
        return;
      bool Negated = Condition && isa<UnaryOperator>(stripWrapping(Condition));
      if (Condition && saysOfMessage(Condition) && Taken == Negated)
        return;
      if (If->getConditionVariable() && !Taken)
        return;
    }
    Found = S->getBeginLoc();
    return;
  }
  bool Inner = Nested || isLoop(S) || isa<SwitchStmt>(S);
  for (const Stmt *Child : S->children())
    look(Child, Guards, Inner, Found);
}

} // namespace threadhop
