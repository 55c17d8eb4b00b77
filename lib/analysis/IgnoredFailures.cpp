//===--- IgnoredFailures.cpp - lost messages that are waited for ----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Names.h"
#include "analysis/ReceiverLoop.h"
#include "analysis/Receivers.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"
#include <functional>

using namespace clang;

namespace threadhop {

/// Whether the result of the call is thrown away.
static bool isDiscarded(const CallExpr *Call, const Stmt *Body) {
  bool Found = false;
  auto statement = [&](const Stmt *S) {
    const auto *E = dyn_cast_or_null<Expr>(S);
    if (!E)
      return;
    E = stripForwarding(E);
    if (const auto *Await = dyn_cast<CoawaitExpr>(E))
      E = stripForwarding(Await->getOperand());
    Found |= E == Call;
  };
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Block = dyn_cast<CompoundStmt>(S))
      for (const Stmt *Child : Block->body())
        statement(Child);
    else if (const auto *If = dyn_cast<IfStmt>(S)) {
      statement(If->getThen());
      statement(If->getElse());
    } else if (const auto *For = dyn_cast<ForStmt>(S)) {
      statement(For->getBody());
    } else if (const auto *Range = dyn_cast<CXXForRangeStmt>(S)) {
      statement(Range->getBody());
    } else if (const auto *While = dyn_cast<WhileStmt>(S)) {
      statement(While->getBody());
    }
    return true;
  });
  return Found;
}

namespace {

enum class Likeness { Same, Different, Unknown };

/// The value of an integer or enumerator that is known here.
std::optional<llvm::APSInt> constantOf(const Expr *E, ASTContext &Context) {
  Expr::EvalResult Result;
  if (!E || E->isValueDependent() ||
      !E->getType()->isIntegralOrEnumerationType() ||
      !E->EvaluateAsInt(Result, Context))
    return std::nullopt;
  return Result.Val.getInt();
}

/// Whether the message is, or holds, the constant that its receiver asks for.
Likeness compareMessage(const ChannelOp &Sent, const Expr *Wanted,
                        ASTContext &Context) {
  Wanted = stripForwarding(Wanted);
  auto isNull = [](const Expr *E) {
    return isa<CXXNullPtrLiteralExpr>(stripForwarding(E));
  };
  if (isNull(Wanted))
    return llvm::any_of(Sent.Message, isNull) ? Likeness::Same
                                              : Likeness::Unknown;
  auto Value = constantOf(Wanted, Context);
  if (!Value)
    return Likeness::Unknown;
  bool OfEnum = Wanted->getType()->isEnumeralType();
  bool Same = false, Other = false;
  std::function<void(const Stmt *, unsigned)> look = [&](const Stmt *S,
                                                         unsigned Depth) {
    visitEvaluated(S, [&](const Stmt *Inner) {
      const auto *E = dyn_cast<Expr>(Inner);
      if (!E)
        return true;
      if (auto Given = constantOf(E, Context)) {
        if (Context.hasSameUnqualifiedType(stripForwarding(E)->getType(),
                                           Wanted->getType()) ||
            (!OfEnum && !stripForwarding(E)->getType()->isEnumeralType()))
          (llvm::APSInt::isSameValue(*Given, *Value) ? Same : Other) = true;
        return false;
      }
      if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
        if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
          if (Depth && Var->isLocalVarDecl() && Var->hasInit())
            look(Var->getInit(), Depth - 1);
      return true;
    });
  };
  bool Plain = true;
  for (const Expr *Part : Sent.Message) {
    Plain &= constantOf(stripForwarding(Part), Context).has_value();
    look(Part, 2);
  }
  if (Same)
    return Likeness::Same;
  // Of a message's numbers any may be the one.
  return Other && (OfEnum || Plain) ? Likeness::Different : Likeness::Unknown;
}

/// Whether the loop always ends once the code is run: it is left, or what its
/// condition asks is set. A break inside another loop or switch is none.
bool endsLoop(const Stmt *S, const Stmt *Loop, bool Nested, bool Always) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  if (isa<ReturnStmt, CoreturnStmt, GotoStmt>(S))
    return true;
  if (isa<BreakStmt>(S))
    return !Nested;
  if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
    const Expr *Condition = nullptr;
    if (const auto *While = dyn_cast<WhileStmt>(Loop))
      Condition = While->getCond();
    else if (const auto *Do = dyn_cast<DoStmt>(Loop))
      Condition = Do->getCond();
    else if (const auto *For = dyn_cast<ForStmt>(Loop))
      Condition = For->getCond();
    const Expr *Target = Assign->getLHS()->IgnoreParenImpCasts();
    const Decl *Set = nullptr;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Target))
      Set = Ref->getDecl();
    else if (const auto *Member = dyn_cast<MemberExpr>(Target))
      Set = Member->getMemberDecl();
    return Assign->getOpcode() == BO_Assign && Set && Condition &&
           isa<CXXBoolLiteralExpr>(stripForwarding(Assign->getRHS())) &&
           mentions(Condition, [&](const Decl *D) { return D == Set; });
  }
  if (Always && !isa<CompoundStmt, ExprWithCleanups>(S))
    return false;
  bool Inner = Nested || isLoop(S) || isa<SwitchStmt>(S);
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return endsLoop(Child, Loop, Inner, Always);
  });
}

/// Calls \p Visit for the cases of the switch that end the loop around it.
void visitEndingCases(const SwitchStmt *Switch, const Stmt *Loop,
                      llvm::function_ref<void(const CaseStmt *)> Visit) {
  const auto *Block = dyn_cast_or_null<CompoundStmt>(Switch->getBody());
  if (!Block)
    return;
  llvm::SmallVector<const CaseStmt *, 4> Active;
  for (const Stmt *S : Block->body()) {
    while (const auto *Case = dyn_cast<SwitchCase>(S)) {
      if (const auto *Labelled = dyn_cast<CaseStmt>(Case))
        Active.push_back(Labelled);
      S = Case->getSubStmt();
    }
    if (endsLoop(S, Loop, /*Nested=*/true, /*Always=*/true))
      for (const CaseStmt *Case : Active)
        Visit(Case);
    const Stmt *Last = S;
    if (const auto *Inner = dyn_cast<CompoundStmt>(S))
      Last = Inner->body_empty() ? S : Inner->body_back();
    if (isa<BreakStmt, ReturnStmt, CoreturnStmt, ContinueStmt, GotoStmt>(Last))
      Active.clear();
  }
}

} // namespace

std::optional<IgnoredFailure>
Receivers::findIgnoredFailure(const Sender &From, const Sender::Send &Sent) {
  constexpr uint64_t Small = 16;
  if (Sent.Op.Action != ChannelAction::TrySend || !Sent.Holds.Value ||
      *Sent.Holds.Value > Small || Sent.Holds.Kind != Buffering::Buffered ||
      Sent.Op.Call->getType()->isVoidType() ||
      !isDiscarded(Sent.Op.Call, visibleBody(From.Function)))
    return std::nullopt;
  std::optional<IgnoredFailure> Found;
  std::vector<const Use *> All = usesOf(Sent.Op);
  for (const Use *One : All) {
    if (!One->Op.receives())
      continue;
    // It makes room itself: only the latest message counts.
    if (One->Function == From.Function)
      return std::nullopt;
    ReceiverLoop Loop(One->Function, One->Op, One->Channel);
    if (!Loop || Found)
      continue;
    SourceLocation Receive = One->Op.Call->getExprLoc();
    // What is counted in the loop.
    llvm::SmallPtrSet<const Decl *, 4> Counted;
    visitEvaluated(Loop.Loop, [&](const Stmt *S) {
      const auto *Unary = dyn_cast<UnaryOperator>(S);
      const Expr *Of = Unary && Unary->isIncrementDecrementOp()
                           ? Unary->getSubExpr()->IgnoreParens()
                           : nullptr;
      if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(Of))
        Counted.insert(Ref->getDecl());
      else if (const auto *Member = dyn_cast_or_null<MemberExpr>(Of))
        Counted.insert(Member->getMemberDecl());
      return true;
    });
    // The receiver waits for this very message: it is that constant, or nobody
    // else sends it.
    auto needs = [&](const Expr *Wanted, bool IsStatus, SourceLocation Loc) {
      switch (compareMessage(Sent.Op, Wanted, this->All.Context)) {
      case Likeness::Different:
        return;
      case Likeness::Unknown:
        if (IsStatus || llvm::any_of(All, [&](const Use *Other) {
              return Other->Op.sends() && Other->Op.Call != Sent.Op.Call &&
                     compareMessage(Other->Op, Wanted, this->All.Context) ==
                         Likeness::Same;
            }))
          return;
        break;
      case Likeness::Same:
        break;
      }
      Found = {Receive, Loc, false};
    };
    auto judge = [&](const Expr *Condition) {
      if (!Condition || Found)
        return;
      visitEvaluated(Condition, [&](const Stmt *S) {
        const Expr *Left = nullptr, *Right = nullptr;
        bool Equal = false;
        if (const auto *Compare = dyn_cast<BinaryOperator>(S)) {
          if (Compare->isComparisonOp()) {
            Left = Compare->getLHS();
            Right = Compare->getRHS();
            Equal = Compare->isEqualityOp();
          }
        } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
          if (Operator->isComparisonOp() && Operator->getNumArgs() == 2) {
            Left = Operator->getArg(0);
            Right = Operator->getArg(1);
            Equal = true;
          }
        }
        if (!Left)
          return true;
        auto counts = [&](const Expr *E) {
          return mentions(E,
                          [&](const Decl *D) { return Counted.contains(D); });
        };
        // The status of the receive is none of its contents.
        bool IsStatus = contains(S, One->Op.Call);
        bool OfMessage = Loop.saysOfMessage(Left);
        if (counts(Left) || counts(Right))
          Found = {Receive, S->getBeginLoc(), true};
        else if (Equal && OfMessage != Loop.saysOfMessage(Right) &&
                 (IsStatus || !Loop.saysOfChannel(S)) &&
                 // An empty answer, unless that is what is sent.
                 (!isa<CXXNullPtrLiteralExpr>(stripForwarding(Right)) ||
                  compareMessage(Sent.Op, Right, this->All.Context) ==
                      Likeness::Same))
          needs(OfMessage ? Right : Left, IsStatus, S->getBeginLoc());
        return !Found;
      });
    };
    // Conditions that end the loop.
    if (const auto *While = dyn_cast<WhileStmt>(Loop.Loop))
      judge(While->getCond());
    else if (const auto *Do = dyn_cast<DoStmt>(Loop.Loop))
      judge(Do->getCond());
    else if (const auto *For = dyn_cast<ForStmt>(Loop.Loop))
      judge(For->getCond());
    visitEvaluated(Loop.Loop, [&](const Stmt *S) {
      if (const auto *Switch = dyn_cast<SwitchStmt>(S)) {
        const Expr *On = Switch->getCond();
        if (Loop.saysOfMessage(On))
          visitEndingCases(Switch, Loop.Loop, [&](const CaseStmt *Case) {
            if (!Found && !Case->getRHS())
              needs(Case->getLHS(), contains(On, One->Op.Call),
                    Case->getBeginLoc());
          });
        return true;
      }
      const auto *If = dyn_cast<IfStmt>(S);
      if (!If)
        return true;
      for (const Stmt *Branch : {If->getThen(), If->getElse()})
        if (endsLoop(Branch, Loop.Loop, /*Nested=*/false, /*Always=*/false)) {
          judge(If->getCond());
          break;
        }
      return true;
    });
  }
  return Found;
}

} // namespace threadhop
