//===--- Receivers.cpp - the other ends of the unit's channels ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Receivers.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"
#include <functional>

using namespace clang;

namespace threadhop {
namespace {

using Vars = llvm::SmallPtrSet<const VarDecl *, 4>;

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

/// A receiver's loop, and what its conditions say of leaving it.
class ReceiverLoop {
public:
  ReceiverLoop(const FunctionDecl *Function, const ChannelOp &Op,
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

  explicit operator bool() const { return Loop != nullptr; }

  bool saysOfChannel(const Stmt *S) const {
    return Channel && threadhop::mentions(S, [&](const Decl *Named) {
             return Named->getCanonicalDecl() == Channel->getCanonicalDecl();
           });
  }
  bool saysOfMessage(const Stmt *S) const {
    return contains(S, Receive) ||
           threadhop::mentions(S, [&](const Decl *Named) {
             return Messages.contains(dyn_cast<VarDecl>(Named));
           });
  }

  /// Whether the loop can end where \p E is \p Value, for a reason that has
  /// nothing to do with what is in the channel.
  bool leavesOn(const Expr *E, bool Value, unsigned Depth = 6) const {
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

  /// Where the loop ends for such a reason; invalid if it does not.
  SourceLocation end() const {
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

  const Stmt *Loop = nullptr;
  const Stmt *Body = nullptr;

private:
  static bool classIsLock(const VarDecl *Var) {
    const CXXRecordDecl *Record = Var->getType()->getAsCXXRecordDecl();
    return Record && Record->getIdentifier() &&
           (Record->getName().contains_insensitive("lock") ||
            Record->getName().contains_insensitive("guard"));
  }

  void assigned(const Expr *Target, const Expr *Value, const ChannelOp &Op) {
    const auto *Ref = dyn_cast<DeclRefExpr>(Target->IgnoreParenImpCasts());
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (Var && (contains(Value, Op.Call) || saysOfChannel(Value)))
      Messages.insert(Var);
  }

  void look(const Stmt *S,
            llvm::SmallVectorImpl<std::pair<const IfStmt *, bool>> &Guards,
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
        bool Negated =
            Condition && isa<UnaryOperator>(stripWrapping(Condition));
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

  const ValueDecl *Channel;
  const CallExpr *Receive = nullptr;
  Vars Messages;
};

} // namespace

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
                 !isa<CXXNullPtrLiteralExpr>(stripForwarding(Right)))
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
