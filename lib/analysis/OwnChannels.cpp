//===--- OwnChannels.cpp - a project's own channels, from their bodies --===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Channels.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {
namespace {

/// Whether a type is there to synchronise threads or coroutines.
bool isSynchronizer(QualType Type) {
  const CXXRecordDecl *Record = classOf(Type);
  if (!Record || !Record->getIdentifier())
    return Type->isAtomicType();
  llvm::StringRef Name = Record->getName();
  return Name.contains_insensitive("mutex") || Name.contains("atomic") ||
         Name.contains_insensitive("condition") ||
         Name.contains_insensitive("semaphore") ||
         Name.contains_insensitive("spin");
}

/// Whether the class has a member that is.
bool isSynchronized(const CXXRecordDecl *Record) {
  return llvm::any_of(Record->fields(), [](const FieldDecl *Field) {
    return isSynchronizer(Field->getType());
  });
}

bool isTake(llvm::StringRef Name) {
  return isOneOf(Name, {"pop", "pop_front", "pop_back", "front", "back", "top",
                        "reset", "extract", "splice", "take", "pop_all"});
}

/// The name of the member that an expression of a template or an instance
/// names, through parentheses and std::move.
llvm::StringRef memberName(const Stmt *S) {
  const auto *E = dyn_cast_or_null<Expr>(S);
  if (!E)
    return "";
  E = stripForwarding(E);
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
      return Field->getName();
  } else if (const auto *Unknown = dyn_cast<CXXDependentScopeMemberExpr>(E)) {
    if (Unknown->isImplicitAccess() && Unknown->getMember().isIdentifier())
      return Unknown->getMember().getAsIdentifierInfo()->getName();
  } else if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E)) {
    return memberName(Index->getBase());
  } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    if (Operator->getOperator() == OO_Subscript ||
        Operator->getOperator() == OO_Star)
      return memberName(Operator->getArg(0));
  } else if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    return memberName(Unary->getSubExpr());
  }
  return "";
}

/// A call of a member function of a member, in a template or an instance.
struct MemberCall {
  llvm::StringRef Name;   ///< Of the function.
  llvm::StringRef Object; ///< Of the member; empty if it is no member.
  llvm::ArrayRef<const Expr *> Args;
  bool OfSmartPointer = false;

  explicit MemberCall(const Stmt *S) {
    const auto *Call = dyn_cast_or_null<CallExpr>(S);
    if (!Call || isa<CXXOperatorCallExpr>(Call))
      return;
    Args = {Call->getArgs(), Call->getNumArgs()};
    const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
    const Expr *Base = nullptr;
    DeclarationName Called;
    if (const auto *Member = dyn_cast<MemberExpr>(Callee)) {
      Called = Member->getMemberDecl()->getDeclName();
      Base = Member->getBase();
    } else if (const auto *Unknown =
                   dyn_cast<CXXDependentScopeMemberExpr>(Callee)) {
      Called = Unknown->getMember();
      Base = Unknown->isImplicitAccess() ? nullptr : Unknown->getBase();
    } else if (const auto *Several = dyn_cast<UnresolvedMemberExpr>(Callee)) {
      Called = Several->getMemberName();
      Base = Several->isImplicitAccess() ? nullptr : Several->getBase();
    }
    if (!Base || !Called.isIdentifier())
      return;
    Name = Called.getAsIdentifierInfo()->getName();
    Object = memberName(Base);
    QualType Type = Base->getType();
    OfSmartPointer = !Type->isDependentType() && !Type->isPointerType() &&
                     classOf(Type) != Type->getAsCXXRecordDecl();
  }
  explicit operator bool() const { return !Name.empty(); }
};

/// The member of that name.
const FieldDecl *fieldNamed(const CXXRecordDecl *Record, llvm::StringRef Name) {
  if (!Name.empty())
    for (const FieldDecl *Field : Record->fields())
      if (Field->getName() == Name)
        return Field->getCanonicalDecl();
  return nullptr;
}

void visitAny(const Stmt *S, llvm::function_ref<void(const Stmt *)> Visit) {
  if (!S)
    return;
  Visit(S);
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
    visitAny(Lambda->getCallOperator()->getBody(), Visit);
  for (const Stmt *Child : S->children())
    visitAny(Child, Visit);
}

/// Whether the function takes something out of the member, in a template too.
bool takesOut(const FunctionDecl *Function, llvm::StringRef Field) {
  const Stmt *Body = Function->getBody();
  if (!Body)
    return false;
  bool Found = false;
  visitAny(Body, [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (!E || Found)
      return;
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      if (isa<CXXMethodDecl>(Member->getMemberDecl()) &&
          Member->getMemberDecl()->getDeclName().isIdentifier())
        Found = isTake(Member->getMemberDecl()->getName()) &&
                memberName(Member->getBase()) == Field;
    } else if (const auto *Unknown = dyn_cast<CXXDependentScopeMemberExpr>(E)) {
      if (!Unknown->isImplicitAccess() && Unknown->getMember().isIdentifier())
        Found = isTake(Unknown->getMember().getAsIdentifierInfo()->getName()) &&
                memberName(Unknown->getBase()) == Field;
    } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
      llvm::StringRef Name = calleeName(Call);
      if (const auto *Lookup = dyn_cast<UnresolvedLookupExpr>(
              Call->getCallee()->IgnoreParenImpCasts()))
        if (Lookup->getName().isIdentifier())
          Name = Lookup->getName().getAsIdentifierInfo()->getName();
      if (isOneOf(Name, {"move", "exchange", "swap"}))
        Found = Call->getNumArgs() && memberName(Call->getArg(0)) == Field;
    }
  });
  return Found;
}

/// Visits what the code changes: assignments, increments, atomic stores.
void visitChanges(const Stmt *Body,
                  llvm::function_ref<void(const Expr *Target, const Expr *Value,
                                          bool Decreases)>
                      Visit) {
  visitAny(Body, [&](const Stmt *S) {
    if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
      if (Unary->isIncrementDecrementOp())
        Visit(Unary->getSubExpr(), nullptr, Unary->isDecrementOp());
    } else if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
      if (Assign->isAssignmentOp())
        Visit(Assign->getLHS(), Assign->getRHS(),
              Assign->getOpcode() == BO_SubAssign);
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      OverloadedOperatorKind Kind = Operator->getOperator();
      if (Operator->isAssignmentOp() && Operator->getNumArgs() == 2)
        Visit(Operator->getArg(0), Operator->getArg(1), Kind == OO_MinusEqual);
      else if (Kind == OO_PlusPlus || Kind == OO_MinusMinus)
        Visit(Operator->getArg(0), nullptr, Kind == OO_MinusMinus);
    } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
      MemberCall Of(Call);
      if (!isOneOf(Of.Name,
                   {"store", "fetch_add", "fetch_sub", "exchange",
                    "compare_exchange_weak", "compare_exchange_strong"}))
        return;
      const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
      if (const auto *Member = dyn_cast<MemberExpr>(Callee))
        Visit(Member->getBase(), nullptr, Of.Name == "fetch_sub");
      else if (const auto *Unknown =
                   dyn_cast<CXXDependentScopeMemberExpr>(Callee))
        Visit(Unknown->getBase(), nullptr, Of.Name == "fetch_sub");
    }
  });
}

/// The element of a member that an expression names: 'slots_[i]'.
struct MemberElement {
  llvm::StringRef Member; ///< Empty if it is none.
  const Expr *Index = nullptr;

  explicit MemberElement(const Expr *E) {
    E = stripForwarding(E);
    if (const auto *Access = dyn_cast<ArraySubscriptExpr>(E))
      Index = Access->getIdx();
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
      if (Operator->getOperator() == OO_Subscript &&
          Operator->getNumArgs() == 2)
        Index = Operator->getArg(1);
    if (Index)
      Member = memberName(E);
  }
  explicit operator bool() const { return !Member.empty(); }
};

/// The places of a ring, a stack or a box that one function moves on.
class Cursors {
public:
  explicit Cursors(const Stmt *Body) {
    visitChanges(Body, [&](const Expr *Target, const Expr *, bool Less) {
      if (MemberElement(Target) || memberName(Target).empty())
        return;
      Moved.push_back(memberName(Target));
      Decreases |= Less;
    });
  }
  /// Whether the index is one of them, or is made of one.
  bool decide(const Expr *Index, unsigned Depth = 3) const {
    bool Found = false;
    visitAny(Index, [&](const Stmt *S) {
      if (isa<MemberExpr, CXXDependentScopeMemberExpr>(S))
        Found |= llvm::is_contained(Moved, memberName(S));
      else if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
        if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
          Found |= Depth && Var->isLocalVarDecl() && Var->hasInit() &&
                   decide(Var->getInit(), Depth - 1);
    });
    return Found;
  }
  /// The first of so many, where the others then move down.
  bool isFront(const Expr *Index) const {
    const auto *Literal = dyn_cast<IntegerLiteral>(stripWrapping(Index));
    return Decreases && Literal && Literal->getValue() == 0;
  }

private:
  std::vector<llvm::StringRef> Moved;
  bool Decreases = false;
};

bool mentions(const Expr *E, const FunctionDecl *ParametersOf);

/// Whether the function reads an element of the member and moves on, so that
/// nobody reads it again.
bool takesElement(const FunctionDecl *Function, llvm::StringRef Field) {
  const Stmt *Body = Function->getBody();
  if (!Body)
    return false;
  llvm::SmallPtrSet<const Expr *, 4> Written;
  bool Stores = false;
  visitChanges(Body, [&](const Expr *Target, const Expr *Value, bool) {
    if (MemberElement Into(Target); Into && Into.Member == Field) {
      Written.insert(stripForwarding(Target));
      Stores |= Value && mentions(Value, Function);
    }
  });
  if (Stores)
    return false;
  Cursors Moving(Body);
  bool Found = false;
  visitAny(Body, [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (!E || Found || !isa<ArraySubscriptExpr, CXXOperatorCallExpr>(E) ||
        Written.contains(E))
      return;
    MemberElement From(E);
    Found = From && From.Member == Field &&
            (Moving.decide(From.Index) || Moving.isFront(From.Index));
  });
  return Found;
}

/// How many elements an array has by its type.
std::optional<uint64_t> extentOf(const FieldDecl *Field, ASTContext &Context) {
  if (const ConstantArrayType *Array =
          Context.getAsConstantArrayType(Field->getType()))
    return Array->getSize().getLimitedValue();
  const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Field->getType()->getAsCXXRecordDecl());
  if (Special && isInStd(Special) && Special->getName() == "array" &&
      Special->getTemplateArgs().size() == 2 &&
      Special->getTemplateArgs()[1].getKind() == TemplateArgument::Integral)
    return Special->getTemplateArgs()[1].getAsIntegral().getLimitedValue();
  return std::nullopt;
}

/// A function that gives out what it takes: by its result or a parameter.
bool givesOut(const FunctionDecl *Function) {
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(Function))
    return false;
  if (!Function->getReturnType()->isVoidType())
    return true;
  return llvm::any_of(Function->parameters(), [](const ParmVarDecl *Param) {
    return isMutableReference(Param->getType());
  });
}

/// The function with a body: the instance's, else the template's.
const FunctionDecl *readable(const CXXMethodDecl *Method) {
  if (visibleBody(Method))
    return Method->getDefinition();
  const FunctionDecl *Pattern = patternOf(Method);
  return Pattern && Pattern->getBody() ? Pattern->getDefinition() : nullptr;
}

/// Whether another member function of the class gives out what is in the
/// member.
bool isGivenOut(const CXXRecordDecl *Record, const CXXMethodDecl *Except,
                llvm::StringRef Field, bool Element) {
  auto Gives = [&](const FunctionDecl *Other) {
    return Other && givesOut(Other) &&
           (takesOut(Other, Field) || (Element && takesElement(Other, Field)));
  };
  for (const Decl *D : Record->decls()) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D)) {
      if (Gives(Template->getTemplatedDecl()))
        return true;
    } else if (const auto *Method = dyn_cast<CXXMethodDecl>(D)) {
      if (Method != Except && Gives(readable(Method)))
        return true;
    }
  }
  return false;
}

bool mentions(const Expr *E, const FunctionDecl *ParametersOf) {
  bool Found = false;
  visitEvaluated(E, [&](const Stmt *S) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (const auto *Param = dyn_cast<ParmVarDecl>(Ref->getDecl()))
        Found |= llvm::is_contained(ParametersOf->parameters(), Param);
    return !Found;
  });
  return Found;
}

/// Whether the code waits here for something another thread does.
bool isWaitCall(const Stmt *S) {
  if (isa<CoawaitExpr>(S))
    return !cast<CoawaitExpr>(S)->isImplicit();
  if (isa<DependentCoawaitExpr>(S))
    return true;
  MemberCall Call(S);
  return Call &&
         isOneOf(Call.Name, {"wait", "Wait", "acquire", "arrive_and_wait",
                             "get", "await", "Await", "down", "P"}) &&
         !(Call.Name == "get" && Call.OfSmartPointer);
}

/// A loop that turns round until another thread has done something.
bool isSpin(const Stmt *S) {
  const Expr *Condition = nullptr;
  if (const auto *Loop = dyn_cast<WhileStmt>(S))
    Condition = Loop->getCond();
  else if (const auto *Loop = dyn_cast<DoStmt>(S))
    Condition = Loop->getCond();
  if (!Condition)
    return false;
  bool Atomic = false;
  visitEvaluated(Condition, [&](const Stmt *Inner) {
    if (const auto *E = dyn_cast<Expr>(Inner))
      Atomic |= isSynchronizer(E->getType());
    return true;
  });
  return Atomic;
}

} // namespace

OwnMethod Channels::ownMethod(const CXXMethodDecl *Method) {
  if (!Method || isInStd(Method) || Method->isDependentContext() ||
      isa<CXXConstructorDecl, CXXDestructorDecl>(Method) || Method->isStatic())
    return {};
  Method = Method->getCanonicalDecl();
  auto [It, New] = Methods.try_emplace(Method);
  if (!New)
    return It->second;
  OwnMethod Own = readMethod(Method);
  Methods[Method] = Own;
  return Own;
}

OwnMethod Channels::readMethod(const CXXMethodDecl *Method) {
  OwnMethod Own;
  const CXXRecordDecl *Record = Method->getParent();
  if (Record->isLambda() || !Record->hasDefinition() ||
      !isSynchronized(Record->getDefinition()))
    return Own;
  Record = Record->getDefinition();
  const FunctionDecl *Definition = readable(Method);
  const Stmt *Body = Definition ? Definition->getBody() : nullptr;
  // A send: a parameter's value goes into a member that another function gives
  // out.
  bool Bounded = false, WaitsBefore = false, Array = false;
  if (Body && Definition->getNumParams()) {
    visitEvaluated(Body, [&](const Stmt *S) {
      const FieldDecl *Into = nullptr;
      llvm::ArrayRef<const Expr *> Values;
      const Expr *Value = nullptr, *Target = nullptr;
      bool Element = false, AtCursor = false;
      if (MemberCall Call(S); Call) {
        if (isOneOf(Call.Name,
                    {"push", "push_back", "emplace", "emplace_back",
                     "push_front", "emplace_front", "enqueue", "insert"})) {
          Into = fieldNamed(Record, Call.Object);
          Values = Call.Args;
        }
      } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
        if (Operator->getOperator() == OO_Equal) {
          Target = Operator->getArg(0);
          Value = Operator->getArg(1);
        }
      } else if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
        if (Assign->getOpcode() == BO_Assign) {
          Target = Assign->getLHS();
          Value = Assign->getRHS();
        }
      }
      if (Target) {
        Into = fieldNamed(Record, memberName(Target));
        // An element of a ring.
        MemberElement Place(Target);
        Element = bool(Place);
        AtCursor = Element && Cursors(Body).decide(Place.Index);
      }
      if (Value)
        Values = llvm::ArrayRef(&Value, 1);
      if (!Into || isSynchronizer(Into->getType()) ||
          !llvm::any_of(Values, [&](const Expr *Arg) {
            return mentions(Arg, Definition);
          }))
        return true;
      if (!Own.Store && isGivenOut(Record, Method, Into->getName(), AtCursor)) {
        Own.Store = Into->getCanonicalDecl();
        Own.Stored = cast<Expr>(S)->getExprLoc();
        Array = Element;
      }
      return true;
    });
  }
  const SourceManager &SM = Context.getSourceManager();
  if (Own.Store) {
    std::optional<uint64_t> Extent =
        Array ? extentOf(Own.Store, Context) : std::nullopt;
    bool OneLess = false;
    visitAny(Body, [&](const Stmt *S) {
      if (isWaitCall(S) || isSpin(S)) {
        if (SM.isBeforeInTranslationUnit(Own.Stored, S->getBeginLoc()))
          Own.Waits = S->getBeginLoc();
        else
          WaitsBefore = true;
      }
      const Expr *Left = nullptr, *Right = nullptr;
      if (const auto *Compare = dyn_cast<BinaryOperator>(S)) {
        if (Compare->isComparisonOp()) {
          Left = Compare->getLHS();
          Right = Compare->getRHS();
        }
      } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
        if (Operator->isComparisonOp() && Operator->getNumArgs() == 2) {
          Left = Operator->getArg(0);
          Right = Operator->getArg(1);
        }
      }
      if (!Left)
        return;
      // What is asked of a ring after that is no limit.
      if (Array && SM.isBeforeInTranslationUnit(Own.Stored, S->getBeginLoc()))
        return;
      // 'q.size() < limit', from either side.
      for (bool Swap : {false, true}) {
        const Expr *Size = stripWrapping(Swap ? Right : Left);
        const Expr *Limit = Swap ? Left : Right;
        MemberCall Call(Size);
        bool OfStore = Call &&
                       isOneOf(Call.Name, {"size", "count", "length"}) &&
                       Call.Object == Own.Store->getName();
        const FieldDecl *Counter = fieldNamed(Record, memberName(Size));
        // 'next == tail_.load()', of a ring of so many places.
        if (Extent && Call && Call.Name == "load")
          Counter = fieldNamed(Record, Call.Object);
        bool OfRing =
            Array && Counter && (Extent || !isSynchronizer(Counter->getType()));
        if (!OfRing && (!OfStore || Extent))
          continue;
        Expr::EvalResult Constant;
        const FieldDecl *Field = fieldNamed(Record, memberName(Limit));
        if (!Field && !Limit->isValueDependent() &&
            Limit->EvaluateAsInt(Constant, Context)) {
          if (Constant.Val.getInt() != 0) {
            Own.Size = Constant.Val.getInt().getLimitedValue();
            Bounded = true;
          }
        } else if (Extent && (Field ? Field->hasInClassInitializer()
                                    : !MemberCall(stripWrapping(Limit)))) {
          // Where the reader is: one place stays free.
          OneLess = true;
        } else if (Field) {
          Own.Limit = Field;
          Bounded = true;
        } else {
          Bounded = true;
        }
      }
    });
    // An array has so many places and no more.
    if (Extent) {
      Bounded = true;
      if (!Own.Size && !Own.Limit && *Extent)
        Own.Size = OneLess && *Extent > 1 ? *Extent - 1 : *Extent;
    }
    const CXXRecordDecl *Kept = Own.Store->getType()->getAsCXXRecordDecl();
    bool Container =
        Kept && Kept->getIdentifier() &&
        isOneOf(Kept->getName(), {"deque", "queue", "list", "vector",
                                  "priority_queue", "forward_list"});
    bool Slot = Kept && Kept->getIdentifier() && isInStd(Kept) &&
                Kept->getName() == "optional";
    if (Slot && !Bounded) {
      Bounded = true;
      Own.Size = 1;
    }
    // A plain member that is set and read under a lock is state, no channel.
    if (!Container && !Slot && !Array &&
        !(Kept && Kept->getIdentifier() &&
          (Kept->getName().contains_insensitive("queue") ||
           Kept->getName().contains_insensitive("ring") ||
           Kept->getName().contains_insensitive("buffer") ||
           Kept->getName().contains_insensitive("list"))))
      return OwnMethod();
    llvm::StringRef Name = Method->getDeclName().isIdentifier()
                               ? Method->getName()
                               : llvm::StringRef();
    // A slot that is written without waiting for it to be empty and without a
    // word of failure holds the latest value.
    bool Tells = Method->getReturnType()->isBooleanType() ||
                 Method->getReturnType()->isEnumeralType();
    if (Slot && !WaitsBefore && Own.Waits.isInvalid() && !Tells)
      return OwnMethod();
    Own.Action = (Bounded && Tells && !WaitsBefore && Own.Waits.isInvalid()) ||
                         Name.starts_with("try_") || Name.starts_with("Try") ||
                         Name.contains("_for") || Name.contains("_until")
                     ? ChannelAction::TrySend
                     : ChannelAction::Send;
    Own.Kind = Own.Waits.isValid() ? Buffering::Rendezvous
               : Bounded           ? Buffering::Buffered
                                   : Buffering::Unbounded;
    return Own;
  }
  // A receive, or the end: of a class that has a send.
  if (!Method->getDeclName().isIdentifier())
    return Own;
  const FunctionDecl *Text = readable(Method);
  if (!Text)
    return Own;
  const FieldDecl *Store = nullptr;
  for (const CXXMethodDecl *Other : Record->methods())
    if (Other->getCanonicalDecl() != Method && Other->getNumParams())
      if (OwnMethod Sends = ownMethod(Other); Sends.Store)
        Store = Sends.Store;
  for (const Decl *D : Record->decls())
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
      for (const FunctionDecl *Special : Template->specializations())
        if (const auto *Other = dyn_cast<CXXMethodDecl>(Special))
          if (OwnMethod Sends = ownMethod(Other); Sends.Store)
            Store = Sends.Store;
  if (!Store)
    return Own;
  llvm::StringRef Name = Method->getName();
  bool Clears = false, Timed = false, Waits = false;
  visitAny(Text->getBody(), [&](const Stmt *S) {
    if (const auto *Member = dyn_cast<MemberExpr>(S)) {
      if (isa<CXXMethodDecl>(Member->getMemberDecl()) &&
          Member->getMemberDecl()->getDeclName().isIdentifier()) {
        llvm::StringRef Called = Member->getMemberDecl()->getName();
        Clears |= isOneOf(Called, {"clear", "swap"}) &&
                  memberName(Member->getBase()) == Store->getName();
        Timed |= isOneOf(Called, {"wait_for", "wait_until", "try_acquire_for",
                                  "try_acquire_until"});
        Waits |= isOneOf(Called, {"wait", "acquire", "await"});
      }
    } else if (const auto *Unknown = dyn_cast<CXXDependentScopeMemberExpr>(S)) {
      if (!Unknown->isImplicitAccess() && Unknown->getMember().isIdentifier())
        Clears |= isOneOf(Unknown->getMember().getAsIdentifierInfo()->getName(),
                          {"clear", "swap"}) &&
                  memberName(Unknown->getBase()) == Store->getName();
    }
    Waits |= isa<CoawaitExpr>(S);
  });
  if (Clears)
    Own.Action = ChannelAction::Clear;
  else if (givesOut(Text) && (takesOut(Text, Store->getName()) ||
                              takesElement(Text, Store->getName())))
    Own.Action =
        Timed || !Waits ? ChannelAction::TryReceive : ChannelAction::Receive;
  else if (isOneOf(Name, {"close", "Close", "shutdown", "stop", "finish",
                          "cancel", "abort", "disconnect"}))
    Own.Action = ChannelAction::Close;
  return Own;
}

} // namespace threadhop
