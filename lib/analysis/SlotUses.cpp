//===--- SlotUses.cpp - what code does with a slot's content --------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/SlotUses.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "analysis/WaiterFlow.h"
#include "analysis/WaiterTypes.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace threadhop {

static bool sameMember(const ValueDecl *A, const ValueDecl *Slot) {
  if (A->getCanonicalDecl() == Slot->getCanonicalDecl())
    return true;
  // The same member in another instantiation.
  const auto *Field = dyn_cast<FieldDecl>(A);
  const auto *B = dyn_cast<FieldDecl>(Slot);
  if (!B)
    return false;
  const auto *InA =
      Field ? dyn_cast<CXXRecordDecl>(Field->getParent()) : nullptr;
  const auto *InB = dyn_cast<CXXRecordDecl>(B->getParent());
  return InA && InB && InA != InB && patternOf(InA) == patternOf(InB) &&
         Field->getFieldIndex() == B->getFieldIndex();
}

bool namesSlot(const Expr *E, const ValueDecl *Slot) {
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return sameMember(Member->getMemberDecl(), Slot);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (Var && Var->getCanonicalDecl() == Slot->getCanonicalDecl())
      return true;
    if (!Var || !Var->isLocalVarDecl() || !Var->hasInit())
      return false;
    const Expr *Init = stripForwarding(Var->getInit());
    if (Var->getType()->isPointerType()) {
      const auto *Unary = dyn_cast<UnaryOperator>(Init);
      if (!Unary || Unary->getOpcode() != UO_AddrOf)
        return false;
      Init = stripForwarding(Unary->getSubExpr());
    } else if (!Var->getType()->isReferenceType()) {
      return false;
    }
    return namesSlot(Init, Slot);
  }
  return false;
}

bool mentionsSlot(const Stmt *S, const ValueDecl *Slot) {
  bool Found = false;
  visitEvaluated(S, [&](const Stmt *Part) {
    if (const auto *E = dyn_cast<Expr>(Part))
      Found |= namesSlot(E, Slot);
    return !Found;
  });
  return Found;
}

/// {}, nullptr, nullopt, a default value.
static bool isEmptyValue(const Expr *E) {
  E = stripForwarding(E);
  if (isa<CXXNullPtrLiteralExpr, GNUNullExpr, CXXScalarValueInitExpr,
          ImplicitValueInitExpr>(E))
    return true;
  if (const auto *Literal = dyn_cast<IntegerLiteral>(E))
    return Literal->getValue() == 0;
  if (const auto *List = dyn_cast<InitListExpr>(E))
    return List->getNumInits() == 0;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return Construct->getNumArgs() == 0 ||
           (Construct->getNumArgs() == 1 && isEmptyValue(Construct->getArg(0)));
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Ref->getDecl()->getIdentifier() &&
           Ref->getDecl()->getName() == "nullopt";
  return false;
}

SlotUse useOfSlot(const Expr *Named, const FunctionPaths &Paths) {
  const Expr *E = Named;
  for (unsigned Step = 0; Step != 16; ++Step) {
    const Stmt *Parent = Paths.parentOf(E);
    if (!Parent || isa<CompoundStmt>(Parent))
      return SlotUse::None;
    auto Is = [&](const Expr *Part) {
      return Part && stripWrapping(Part) == stripWrapping(E);
    };
    if (const auto *Member = dyn_cast<MemberExpr>(Parent)) {
      if (isa<FieldDecl>(Member->getMemberDecl())) {
        E = Member;
        continue;
      }
      const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(
          Paths.parents().getParent(Member));
      if (!Call)
        return SlotUse::Take;
      llvm::StringRef Name = calleeName(Call);
      if (isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl())) {
        if (Call->getType()->isBooleanType())
          return SlotUse::Test;
        E = Call;
        continue;
      }
      if (isOneOf(Name, {"store", "emplace", "assign"}))
        return Call->getNumArgs() && isEmptyValue(Call->getArg(0))
                   ? SlotUse::Clear
                   : SlotUse::Write;
      if (isOneOf(Name, {"reset", "clear"}))
        return Call->getNumArgs() && !isEmptyValue(Call->getArg(0))
                   ? SlotUse::Write
                   : SlotUse::Clear;
      if (Name == "exchange") {
        if (!Paths.isDiscarded(Call))
          return SlotUse::Take;
        return isEmptyValue(Call->getArg(0)) ? SlotUse::Clear : SlotUse::Write;
      }
      if (isOneOf(Name, {"has_value", "done", "operator bool", "empty",
                         "valueless_by_exception"}))
        return SlotUse::Test;
      if (isOneOf(Name, {"load", "get", "value", "address"})) {
        E = Call;
        continue;
      }
      return SlotUse::Take;
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent)) {
      switch (Operator->getOperator()) {
      case OO_Equal:
        if (!Is(Operator->getArg(0)))
          return SlotUse::Take;
        return isEmptyValue(Operator->getArg(1)) ? SlotUse::Clear
                                                 : SlotUse::Write;
      case OO_EqualEqual:
      case OO_ExclaimEqual:
      case OO_Exclaim:
      case OO_Spaceship:
        return SlotUse::Test;
      case OO_Star:
      case OO_Arrow:
        E = Operator;
        continue;
      default:
        return SlotUse::Take;
      }
    }
    if (const auto *Binary = dyn_cast<BinaryOperator>(Parent)) {
      if (Binary->isAssignmentOp()) {
        if (!Is(Binary->getLHS()))
          return SlotUse::Take;
        return isEmptyValue(Binary->getRHS()) ? SlotUse::Clear : SlotUse::Write;
      }
      if (Binary->isComparisonOp() || Binary->isLogicalOp())
        return SlotUse::Test;
      return SlotUse::Take;
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(Parent)) {
      if (Unary->getOpcode() == UO_LNot)
        return SlotUse::Test;
      if (Unary->getOpcode() == UO_Deref) {
        E = Unary;
        continue;
      }
      return SlotUse::Take;
    }
    if (const auto *Cast = dyn_cast<ExplicitCastExpr>(Parent)) {
      if (Cast->getType()->isVoidType())
        return SlotUse::None;
      if (Cast->getType()->isBooleanType())
        return SlotUse::Test;
      E = Cast;
      continue;
    }
    if (const auto *Call = dyn_cast<CallExpr>(Parent)) {
      if (isStdCall(Call, "move") || isStdCall(Call, "forward") ||
          isStdCall(Call, "as_const")) {
        E = Call;
        continue;
      }
      if (isStdCall(Call, "exchange") && Call->getNumArgs() == 2 &&
          Is(Call->getArg(0)) && Paths.isDiscarded(Call))
        return isEmptyValue(Call->getArg(1)) ? SlotUse::Clear : SlotUse::Write;
      return SlotUse::Take;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent)) {
      E = Construct;
      continue;
    }
    if (const auto *Declares = dyn_cast<DeclStmt>(Parent)) {
      // Another name for it is not yet a use.
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          if (Var->hasInit() && Is(Var->getInit()) &&
              Var->getType()->isLValueReferenceType() && E->isLValue())
            return SlotUse::None;
      return SlotUse::Take;
    }
    if (const auto *Conditional =
            dyn_cast<AbstractConditionalOperator>(Parent)) {
      if (Is(Conditional->getCond()))
        return SlotUse::Test;
      E = Conditional;
      continue;
    }
    if (isa<IfStmt, WhileStmt, DoStmt, ForStmt>(Parent))
      return Paths.isDiscarded(E) ? SlotUse::None : SlotUse::Test;
    if (isa<ReturnStmt>(Parent))
      return E->getType()->isBooleanType() ? SlotUse::Test : SlotUse::Take;
    return SlotUse::Take;
  }
  return SlotUse::Take;
}

llvm::SmallVector<SlotUseAt, 4> usesOfSlot(const FunctionDecl *Function,
                                           const ValueDecl *Slot,
                                           WaiterUnit &Unit) {
  llvm::SmallVector<SlotUseAt, 4> Uses;
  visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (E && namesSlot(E, Slot)) {
      SlotUse Use = useOfSlot(E, Unit.paths(Function));
      if (Use != SlotUse::None)
        Uses.push_back({Use, E});
    }
    return true;
  });
  return Uses;
}

std::optional<bool> occupiedIf(const Expr *E, const ValueDecl *Slot) {
  E = stripForwarding(E);
  auto compared = [&](const Expr *L, const Expr *R,
                      bool Equal) -> std::optional<bool> {
    if (isEmptyValue(L))
      std::swap(L, R);
    if (!isEmptyValue(R))
      return std::nullopt;
    auto Inner = occupiedIf(L, Slot);
    if (!Inner)
      return std::nullopt;
    return Equal ? !*Inner : *Inner;
  };
  if (namesSlot(E, Slot))
    return true;
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    auto Inner = occupiedIf(Unary->getSubExpr(), Slot);
    if (Inner && Unary->getOpcode() == UO_LNot)
      return !*Inner;
    return Unary->getOpcode() == UO_Deref ? Inner : std::nullopt;
  }
  if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->isEqualityOp())
      return compared(Binary->getLHS(), Binary->getRHS(),
                      Binary->getOpcode() == BO_EQ);
    return std::nullopt;
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    OverloadedOperatorKind Kind = Operator->getOperator();
    if ((Kind == OO_EqualEqual || Kind == OO_ExclaimEqual) &&
        Operator->getNumArgs() == 2)
      return compared(Operator->getArg(0), Operator->getArg(1),
                      Kind == OO_EqualEqual);
    if (Kind == OO_Exclaim) {
      if (auto Inner = occupiedIf(Operator->getArg(0), Slot))
        return !*Inner;
    }
    if (Kind == OO_Star || Kind == OO_Arrow)
      return occupiedIf(Operator->getArg(0), Slot);
    return std::nullopt;
  }
  if (const auto *Rewritten = dyn_cast<CXXRewrittenBinaryOperator>(E))
    return occupiedIf(Rewritten->getSemanticForm(), Slot);
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    if (isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl()) ||
        isOneOf(calleeName(Call), {"load", "has_value", "get", "address",
                                   "value", "operator bool"}))
      return occupiedIf(Call->getImplicitObjectArgument(), Slot);
    if (calleeName(Call) == "empty")
      if (auto Inner = occupiedIf(Call->getImplicitObjectArgument(), Slot))
        return !*Inner;
    return std::nullopt;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return occupiedIf(Member->getBase(), Slot);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The previous content
//===----------------------------------------------------------------------===//

namespace {

/// What a helper function does about the slot.
SlotUse useInHelper(const FunctionDecl *Callee, const ValueDecl *Slot,
                    WaiterUnit &Unit, unsigned Depth) {
  if (!Callee || !visibleBody(Callee) || isInStd(Callee) || !Depth)
    return SlotUse::None;
  SlotUse Best = SlotUse::None;
  for (const SlotUseAt &Use : usesOfSlot(Callee, Slot, Unit)) {
    if (Use.Use == SlotUse::Take)
      return SlotUse::Take;
    if (Use.Use == SlotUse::Test)
      Best = SlotUse::Test;
  }
  visitEvaluated(visibleBody(Callee), [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      SlotUse Inner =
          useInHelper(Call->getDirectCallee(), Slot, Unit, Depth - 1);
      if (Inner == SlotUse::Take ||
          (Inner == SlotUse::Test && Best == SlotUse::None))
        Best = Inner;
    }
    return Best != SlotUse::Take;
  });
  return Best;
}

/// Another member of the slot's object (or, of a variable, another one beside
/// it) that keeps a second waiter out: looked at on the way, and set.
class GuardFlags {
public:
  GuardFlags(const ValueDecl *Slot, const FunctionPaths &Paths)
      : Slot(Slot), Paths(Paths) {}

  void branch(const PathEvent &Event) {
    visitEvaluated(Event.S, [&](const Stmt *S) {
      if (const ValueDecl *Flag = beside(S))
        Tested.push_back({Flag, Event});
      return true;
    });
  }
  void evaluate(const Stmt *S) {
    const ValueDecl *Flag = beside(S);
    if (!Flag)
      return;
    std::optional<bool> Value;
    if (isWritten(cast<Expr>(S), Value))
      Written.push_back({Flag, Value});
  }
  bool exclude(const CFGBlock *Target) const {
    for (const Test &T : Tested)
      for (const auto &[Field, Value] : Written) {
        if (Field != T.Field || Paths.otherWayReaches(T.Event, Target))
          continue;
        // Set to what it was before, it keeps nobody out.
        if (Value && !T.Event.IsSwitch) {
          if (auto Known = occupiedIf(cast<Expr>(T.Event.S), Field))
            if ((*Known == T.Event.Taken) == *Value)
              continue;
        }
        // A count that is compared with anything but zero lets several in.
        if (isCount(Field) && !comparesWithZero(cast<Expr>(T.Event.S)))
          continue;
        return true;
      }
    return false;
  }

private:
  struct Test {
    const ValueDecl *Field;
    PathEvent Event;
  };

  /// The member, if it is one of the slot's own object and another one; or the
  /// variable, if it is one beside the slot.
  const ValueDecl *beside(const Stmt *S) const {
    const auto *Member = dyn_cast<MemberExpr>(S);
    if (!isa<FieldDecl>(Slot)) {
      const auto *Ref = dyn_cast<DeclRefExpr>(S);
      const ValueDecl *D = Ref      ? Ref->getDecl()
                           : Member ? Member->getMemberDecl()
                                    : nullptr;
      const auto *Var = dyn_cast_or_null<VarDecl>(D);
      if (!Var || !Var->hasGlobalStorage() || sameMember(Var, Slot) ||
          !Var->getDeclContext()->getRedeclContext()->Equals(
              Slot->getDeclContext()->getRedeclContext()))
        return nullptr;
      return Var->getCanonicalDecl();
    }
    const auto *Field =
        Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
    if (!Field || sameMember(Field, Slot))
      return nullptr;
    const auto *Record = dyn_cast<CXXRecordDecl>(Field->getParent());
    const auto *Own =
        dyn_cast<CXXRecordDecl>(cast<FieldDecl>(Slot)->getParent());
    return areRelated(Record, Own) ? Field->getCanonicalDecl() : nullptr;
  }

  static bool isCount(const ValueDecl *Field) {
    QualType Type = Field->getType();
    if (const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
            Type->getAsCXXRecordDecl()))
      if (Special->getTemplateArgs().size() &&
          Special->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
        Type = Special->getTemplateArgs()[0].getAsType();
    return Type->isIntegerType() && !Type->isBooleanType() &&
           !Type->isEnumeralType();
  }
  static bool comparesWithZero(const Expr *E) {
    E = stripForwarding(E);
    const Expr *L = nullptr, *R = nullptr;
    if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
      if (!Binary->isComparisonOp())
        return false;
      L = Binary->getLHS();
      R = Binary->getRHS();
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
               Operator && Operator->getNumArgs() == 2) {
      L = Operator->getArg(0);
      R = Operator->getArg(1);
    }
    return !L || isEmptyValue(L) || isEmptyValue(R);
  }

  bool isWritten(const Expr *Member, std::optional<bool> &Value) const {
    const Stmt *Parent = Paths.parentOf(Member);
    auto literal = [&](const Expr *E) {
      if (const auto *Bool = dyn_cast<CXXBoolLiteralExpr>(stripForwarding(E)))
        Value = Bool->getValue();
    };
    if (const auto *Binary = dyn_cast_or_null<BinaryOperator>(Parent)) {
      if (!Binary->isAssignmentOp() ||
          stripWrapping(Binary->getLHS()) != Member)
        return false;
      literal(Binary->getRHS());
      return true;
    }
    if (const auto *Unary = dyn_cast_or_null<UnaryOperator>(Parent))
      return Unary->isIncrementOp();
    if (const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Parent)) {
      if (stripWrapping(Operator->getArg(0)) != Member)
        return false;
      if (Operator->getOperator() == OO_Equal) {
        literal(Operator->getArg(1));
        return true;
      }
      return Operator->getOperator() == OO_PlusPlus;
    }
    if (const auto *Call = dyn_cast_or_null<CallExpr>(Parent)) {
      if (!isStdCall(Call, "exchange") || Call->getNumArgs() != 2 ||
          stripWrapping(Call->getArg(0)) != Member)
        return false;
      literal(Call->getArg(1));
      return true;
    }
    if (const auto *Callee = dyn_cast_or_null<MemberExpr>(Parent))
      if (const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(
              Paths.parents().getParent(Callee))) {
        llvm::StringRef Name = calleeName(Call);
        if (isOneOf(Name, {"store", "exchange"}) && Call->getNumArgs())
          literal(Call->getArg(0));
        return isOneOf(Name, {"store", "exchange", "test_and_set", "fetch_add",
                              "fetch_or", "try_lock", "try_acquire", "emplace",
                              "set"}) ||
               Name.starts_with("compare_exchange");
      }
    return false;
  }

  const ValueDecl *Slot;
  const FunctionPaths &Paths;
  std::vector<Test> Tested;
  std::vector<std::pair<const ValueDecl *, std::optional<bool>>> Written;
};

/// True if a macro that asserts something names the slot before the node; it
/// may expand to nothing in this build.
bool isAsserted(const Stmt *Node, const FunctionDecl *Function,
                const ValueDecl *Slot, const ASTContext &Context) {
  const SourceManager &SM = Context.getSourceManager();
  const Stmt *Body = Function->getBody();
  if (!Body)
    return false;
  SourceLocation Begin = SM.getFileLoc(Body->getBeginLoc());
  SourceLocation End = SM.getFileLoc(Node->getBeginLoc());
  if (!SM.isWrittenInSameFile(Begin, End) ||
      !SM.isBeforeInTranslationUnit(Begin, End))
    return false;
  bool Invalid = false;
  // The lexer wants a text that ends with a zero.
  std::string Text =
      Lexer::getSourceText(CharSourceRange::getCharRange(Begin, End), SM,
                           Context.getLangOpts(), &Invalid)
          .str();
  if (Invalid)
    return false;
  const char *First = Text.c_str();
  Lexer Raw(Begin, Context.getLangOpts(), First, First, First + Text.size());
  Token Tok;
  unsigned Depth = 0;
  bool Asserts = false;
  for (bool Last = false; !Last;) {
    Last = Raw.LexFromRawLexer(Tok);
    if (Tok.is(tok::eof))
      break;
    if (Tok.is(tok::raw_identifier)) {
      llvm::StringRef Name = Tok.getRawIdentifier();
      if (Depth && Name == Slot->getName())
        return true;
      if (!Depth)
        Asserts = Name.contains_insensitive("assert") ||
                  Name.contains("CHECK") ||
                  Name.contains_insensitive("expect") ||
                  Name.contains_insensitive("ensure") ||
                  Name.contains_insensitive("invariant") ||
                  Name.contains_insensitive("precondition");
    } else if (Tok.is(tok::l_paren)) {
      if (Asserts)
        ++Depth;
    } else if (Tok.is(tok::r_paren)) {
      if (Depth && !--Depth)
        Asserts = false;
    } else if (!Depth) {
      Asserts = false;
    }
  }
  return false;
}

} // namespace

PreviousContent previousContentAt(const Stmt *Node,
                                  const FunctionDecl *Function,
                                  const ValueDecl *Slot, WaiterUnit &Unit) {
  PreviousContent Result;
  const FunctionPaths &Paths = Unit.paths(Function);
  if (Slot->getIdentifier() && isAsserted(Node, Function, Slot, Unit.Context))
    return Result;
  llvm::DenseMap<const FunctionDecl *, SlotUse> Helpers;
  Paths.each([&](const FunctionPath &Path) {
    bool Handled = false;
    SourceLocation Checked, Stale;
    GuardFlags Flags(Slot, Paths);
    const CFGBlock *Reached = nullptr;
    bool HandledThere = false;
    for (const PathEvent &Event : Path.Events) {
      if (Event.Kind == PathEvent::Branch) {
        if (!Reached) {
          const auto *Condition = cast<Expr>(Event.S);
          Flags.branch(Event);
          if (mentionsSlot(Condition, Slot)) {
            auto Occupied =
                Event.IsSwitch ? std::nullopt : occupiedIf(Condition, Slot);
            if (!Occupied || *Occupied != Event.Taken) {
              Handled = true;
              Checked = Condition->getExprLoc();
            }
          }
        }
        continue;
      }
      if (Event.Kind != PathEvent::Evaluate)
        continue;
      Flags.evaluate(Event.S);
      if (Event.S == Node && !Reached) {
        Reached = Event.Block;
        HandledThere = Handled;
        continue;
      }
      if (Reached)
        continue;
      if (isa<CoroutineSuspendExpr>(Event.S)) {
        if (Handled)
          Stale = Event.S->getBeginLoc();
        Handled = false;
      } else if (const auto *E = dyn_cast<Expr>(Event.S)) {
        if (namesSlot(E, Slot)) {
          if (useOfSlot(E, Paths) == SlotUse::Take) {
            Handled = true;
            Checked = E->getExprLoc();
          }
        } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
          if (const FunctionDecl *Callee = Call->getDirectCallee()) {
            auto [It, New] = Helpers.try_emplace(Callee, SlotUse::None);
            if (New) {
              SlotUse Use = useInHelper(Callee, Slot, Unit, 3);
              Helpers[Callee] = Use;
            }
            SlotUse Use = Helpers[Callee];
            if (Use == SlotUse::Take ||
                (Use == SlotUse::Test && !Paths.isDiscarded(Call)) ||
                (Use == SlotUse::Test && Call->getType()->isVoidType())) {
              Handled = true;
              Checked = Call->getExprLoc();
            }
          }
        }
      }
    }
    if (!Reached || HandledThere || Flags.exclude(Reached))
      return true;
    Result.Unhandled = true;
    Result.StaleAfter = Stale;
    Result.CheckedAt = Checked;
    return Stale.isValid();
  });
  return Result;
}

} // namespace threadhop
