//===--- AfterSend.cpp - what a sender may not do yet ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/AfterSend.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"
#include <functional>

using namespace clang;

namespace threadhop {

Sender::Sender(const FunctionDecl *Function, Channels &All)
    : Function(Function), All(All) {
  visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (ChannelOp Op = All.operation(Call, Function); Op.sends()) {
        Capacity Holds = All.capacity(Op);
        if (Holds.buffers() && llvm::none_of(Sends, [&](const Send &Other) {
              return Other.Op.Call == Call;
            }))
          Sends.push_back({Op, Holds});
      }
    return true;
  });
  if (Sends.empty())
    return;
  Flow.emplace(Function, All);
  if (*Flow)
    Views.emplace(Function, Flow->graph());
}

/// Whether what a class template is made of can hold an address: for a channel
/// or a container, its elements. Nothing if it has no type arguments.
static std::optional<bool> argumentsHoldAddress(const CXXRecordDecl *Record) {
  const auto *Special =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
  if (!Special)
    return std::nullopt;
  bool Any = false, Types = false;
  std::function<void(const TemplateArgument &)> look =
      [&](const TemplateArgument &Arg) {
        if (Arg.getKind() == TemplateArgument::Pack) {
          for (const TemplateArgument &One : Arg.pack_elements())
            look(One);
        } else if (Arg.getKind() == TemplateArgument::Type) {
          Types = true;
          if (const auto *Signature =
                  Arg.getAsType()->getAs<FunctionProtoType>()) {
            for (QualType Param : Signature->getParamTypes())
              Any |= canHoldAddress(Param);
          } else {
            Any |= canHoldAddress(Arg.getAsType());
          }
        }
      };
  for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray())
    look(Arg);
  return Types ? std::optional(Any) : std::nullopt;
}

/// Whether messages of the channel can hold an address at all: what is given to
/// a forwarding send, or copied into what keeps it, becomes an object of that
/// type only inside it.
static bool messageHoldsAddress(const ChannelOp &Op, Channels &All) {
  if (auto Holds = argumentsHoldAddress(
          classOf(Op.Channel->IgnoreParenImpCasts()->getType()));
      Holds && !*Holds)
    return false;
  const auto *Method =
      Op.Model || Op.ByHand
          ? nullptr
          : dyn_cast_or_null<CXXMethodDecl>(Op.Call->getDirectCallee());
  const FieldDecl *Store = Method ? All.ownMethod(Method).Store : nullptr;
  if (!Store)
    return true;
  if (auto Holds = argumentsHoldAddress(Store->getType()->getAsCXXRecordDecl()))
    return *Holds;
  return canHoldAddress(Store->getType());
}

/// Whether a view of the type's objects shows what they own.
static bool becomesView(QualType Type) {
  if (Type->isArrayType())
    return true;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record && isInStd(Record) && Record->getIdentifier() &&
         isOneOf(Record->getName(), {"basic_string", "vector", "array"});
}

/// Whether the part of the message is a range of messages: 'push(items, 4)',
/// where what they hold is copied.
static bool isRangeOfMessages(const Expr *Part, const ChannelOp &Op) {
  const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      classOf(Op.Channel->IgnoreParenImpCasts()->getType()));
  if (!Special || !Special->getTemplateArgs().size() ||
      Special->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return false;
  const Expr *Inner = Part->IgnoreParenImpCasts();
  QualType Element;
  if (const ArrayType *Array = Inner->getType()->getAsArrayTypeUnsafe())
    Element = Array->getElementType();
  else if (Inner->getType()->isPointerType())
    Element = Inner->getType()->getPointeeType();
  return !Element.isNull() && Element.getCanonicalType().getUnqualifiedType() ==
                                  Special->getTemplateArgs()[0]
                                      .getAsType()
                                      .getCanonicalType()
                                      .getUnqualifiedType();
}

/// Whether the function gives the variable's contents away.
static bool isMovedFrom(const VarDecl *Var, const FunctionDecl *Function) {
  bool Moved = false;
  visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
    if (const auto *E = dyn_cast<Expr>(S))
      if (const Expr *Operand = movedOperand(E))
        if (const auto *Ref = dyn_cast<DeclRefExpr>(stripWrapping(Operand)))
          Moved |= Ref->getDecl() == Var;
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S))
      if (calleeName(Call) == "release")
        if (const auto *Ref = dyn_cast<DeclRefExpr>(
                stripForwarding(Call->getImplicitObjectArgument())))
          Moved |= Ref->getDecl() == Var;
    return !Moved;
  });
  return Moved;
}

static bool names(const Expr *E, const VarDecl *Var) {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(E));
  return Ref && Ref->getDecl() == Var;
}

/// Whether the element writes the variable as a whole, or lets a function do.
static bool overwrites(const Stmt *S, const VarDecl *Var) {
  if (const auto *Assign = dyn_cast<BinaryOperator>(S))
    return Assign->isAssignmentOp() && names(Assign->getLHS(), Var);
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S))
    if (Operator->isAssignmentOp())
      return names(Operator->getArg(0), Var);
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call || !Call->getDirectCallee())
    return false;
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    return isOneOf(calleeName(Call), {"clear", "assign", "resize", "reset",
                                      "fill", "push_back", "append"}) &&
           names(Member->getImplicitObjectArgument(), Var);
  if (isInStd(Callee))
    return false;
  for (unsigned I = 0; I != Callee->getNumParams() && I < Call->getNumArgs();
       ++I) {
    QualType Type = Callee->getParamDecl(I)->getType();
    const Expr *Arg = stripForwarding(Call->getArg(I));
    if (isMutableReference(Type) && names(Arg, Var))
      return true;
    // 'read(std::span<char>)' given the array.
    const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        Type.getNonReferenceType()->getAsCXXRecordDecl());
    if (Special && Special->getName() == "span" &&
        Special->getTemplateArgs()[0].getKind() == TemplateArgument::Type &&
        !Special->getTemplateArgs()[0].getAsType().isConstQualified()) {
      bool Mentioned = false;
      visitEvaluated(Arg, [&](const Stmt *Inner) {
        if (const auto *Ref = dyn_cast<DeclRefExpr>(Inner))
          Mentioned |= Ref->getDecl() == Var;
        return true;
      });
      if (Mentioned)
        return true;
    }
  }
  return false;
}

std::optional<BorrowedObject> findBorrowed(const Sender &From,
                                           const Sender::Send &Sent) {
  if (!From.Views || !From.Flow->has(Sent.Op.Call) ||
      !messageHoldsAddress(Sent.Op, From.All))
    return std::nullopt;
  StackViews::Locals Objects;
  std::vector<QualType> Types = messageTypes(Sent.Op);
  for (auto [Number, Part] : llvm::enumerate(Sent.Op.Message)) {
    if (isRangeOfMessages(Part, Sent.Op))
      continue;
    auto More = From.Views->pointedTo(Part, Sent.Op.Call);
    Objects.insert(More.begin(), More.end());
    // 'try_send({}, text)' of a channel of string_view: it becomes one inside.
    const Expr *Inner = stripForwarding(Part);
    if (Types.size() == Sent.Op.Message.size() && isView(Types[Number]) &&
        becomesView(Inner->getType())) {
      More = From.Views->viewed(Inner, Sent.Op.Call);
      Objects.insert(More.begin(), More.end());
    }
  }
  const SourceManager &SM = From.All.Context.getSourceManager();
  const auto *Local =
      dyn_cast_or_null<VarDecl>(Channels::declaration(Sent.Op.Channel));
  std::optional<BorrowedObject> Found;
  for (const VarDecl *Object : Objects) {
    // A channel that ends first takes the message with it.
    if (Local && Local->hasLocalStorage() &&
        !Local->getType()->isReferenceType() &&
        !Local->getType()->isPointerType() &&
        classOf(Local->getType()) == Local->getType()->getAsCXXRecordDecl() &&
        !SM.isBeforeInTranslationUnit(Local->getLocation(),
                                      Object->getLocation()))
      continue;
    if (isMovedFrom(Object, From.Function))
      continue;
    BorrowedObject Borrowed{Object, false, {}};
    bool AtExit = false;
    bool Reached = From.Flow->walk(
        Sent.Op.Call, Sent.Op.Call,
        [&](const CFGElement &Element) {
          if (auto End = Element.getAs<CFGLifetimeEnds>()) {
            if (End->getVarDecl() != Object)
              return SendFlow::Step::Go;
            const Stmt *Trigger = End->getTriggerStmt();
            if (Trigger)
              Borrowed.Loc = isa<CompoundStmt>(Trigger)
                                 ? Trigger->getEndLoc()
                                 : Trigger->getBeginLoc();
            return SendFlow::Step::Found;
          }
          if (From.Flow->waits(Element))
            return SendFlow::Step::Stop;
          if (auto Statement = Element.getAs<CFGStmt>())
            if (Statement->getStmt() != Sent.Op.Call &&
                overwrites(Statement->getStmt(), Object)) {
              Borrowed.Overwritten = true;
              Borrowed.Loc = Statement->getStmt()->getBeginLoc();
              return SendFlow::Step::Found;
            }
          return SendFlow::Step::Go;
        },
        &AtExit);
    if (!Reached)
      continue;
    if (Borrowed.Loc.isInvalid())
      Borrowed.Loc = visibleBody(From.Function)->getEndLoc();
    if (!Found || SM.isBeforeInTranslationUnit(Object->getLocation(),
                                               Found->Object->getLocation()))
      Found = Borrowed;
  }
  return Found;
}

namespace {

/// The variable through which a message is shared with the receiver.
struct Shared {
  const VarDecl *Var = nullptr;
  const CXXRecordDecl *Class = nullptr;
  bool MadeHere = false;
};

std::vector<Shared> sharedIn(const ChannelOp &Op) {
  std::vector<Shared> Found;
  for (const Expr *Part : Op.Message)
    visitEvaluated(Part, [&](const Stmt *S) {
      const Expr *E = dyn_cast<Expr>(S);
      if (!E)
        return true;
      // What is given away is not looked at again.
      if (movedOperand(E))
        return false;
      const auto *Ref = dyn_cast<DeclRefExpr>(E);
      const auto *Address = dyn_cast<UnaryOperator>(E);
      if (Address && Address->getOpcode() == UO_AddrOf)
        Ref = dyn_cast<DeclRefExpr>(stripWrapping(Address->getSubExpr()));
      else if (const auto *Call = dyn_cast<CallExpr>(E);
               Call && isOneOf(calleeName(Call), {"ref", "addressof"}) &&
               Call->getNumArgs() == 1 && isStdCall(Call, calleeName(Call)))
        Ref = dyn_cast<DeclRefExpr>(stripWrapping(Call->getArg(0)));
      else if (Ref &&
               classOf(Ref->getType()) == Ref->getType()->getAsCXXRecordDecl())
        Ref = nullptr; // A copy of the object itself.
      const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
      if (!Var || !Var->hasLocalStorage())
        return true;
      Shared One{Var, classOf(Var->getType()), false};
      if (!One.Class || !One.Class->hasDefinition() || isInStd(One.Class))
        return true;
      if (Var->isLocalVarDecl() && !Var->getType()->isReferenceType()) {
        const Expr *Init =
            Var->getInit() ? stripForwarding(Var->getInit()) : nullptr;
        if (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(Init);
            Construct && Construct->getNumArgs() == 1)
          Init = stripForwarding(Construct->getArg(0));
        One.MadeHere = !Var->getType()->isPointerType()
                           ? (Address || isStdCall(Init, "make_shared") ||
                              isa_and_nonnull<CXXNewExpr>(Init) ||
                              classOf(Var->getType()) ==
                                  Var->getType()->getAsCXXRecordDecl())
                           : isa_and_nonnull<CXXNewExpr>(Init);
      }
      if (llvm::none_of(Found,
                        [&](const Shared &Other) { return Other.Var == Var; }))
        Found.push_back(One);
      return true;
    });
  return Found;
}

/// 'var.member', 'var->member', of a smart pointer too; null otherwise.
const FieldDecl *memberOf(const Expr *E, const VarDecl *Var) {
  const auto *Member = dyn_cast<MemberExpr>(E);
  const auto *Field =
      Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
  if (!Field)
    return nullptr;
  const Expr *Base = stripForwarding(Member->getBase());
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Base)) {
    if (Operator->getOperator() != OO_Arrow &&
        Operator->getOperator() != OO_Star)
      return nullptr;
    Base = stripForwarding(Operator->getArg(0));
  } else if (const auto *Unary = dyn_cast<UnaryOperator>(Base)) {
    if (Unary->getOpcode() != UO_Deref)
      return nullptr;
    Base = stripForwarding(Unary->getSubExpr());
  }
  return names(Base, Var) ? Field->getCanonicalDecl() : nullptr;
}

/// Values that are there to be looked at from several threads.
bool isPlain(QualType Type) {
  if (Type->isAtomicType() || Type->isFunctionType())
    return false;
  const CXXRecordDecl *Record = classOf(Type);
  if (!Record || !Record->getIdentifier())
    return true;
  std::string Name = Record->getName().lower();
  for (llvm::StringRef Part :
       {"atomic", "mutex", "future", "promise", "condition", "semaphore",
        "latch", "barrier", "event", "channel", "queue", "once_flag", "timer",
        "thread", "handle"})
    if (llvm::StringRef(Name).contains(Part))
      return false;
  return true;
}

} // namespace

std::optional<EarlyRead> findEarlyRead(const Sender &From,
                                       const Sender::Send &Sent) {
  if (!From.Views || !From.Flow->has(Sent.Op.Call))
    return std::nullopt;
  const Stmt *Body = visibleBody(From.Function);
  for (const Shared &Message : sharedIn(Sent.Op)) {
    // What the sender itself fills in is no reply.
    llvm::SmallPtrSet<const FieldDecl *, 8> Filled;
    llvm::SmallPtrSet<const Expr *, 8> Targets;
    auto target = [&](const Expr *E) {
      E = E->IgnoreParenImpCasts();
      Targets.insert(E);
      if (const FieldDecl *Field = memberOf(E, Message.Var))
        Filled.insert(Field);
    };
    visitEvaluated(Body, [&](const Stmt *S) {
      if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
        if (Assign->isAssignmentOp())
          target(Assign->getLHS());
      } else if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
        if (Unary->isIncrementDecrementOp() || Unary->getOpcode() == UO_AddrOf)
          target(Unary->getSubExpr());
      } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
        if (Operator->isAssignmentOp() ||
            isOneOf(getOperatorSpelling(Operator->getOperator()),
                    {"++", "--", ">>", "<<"}))
          for (const Expr *Arg : Operator->arguments())
            if (!Arg->getType().isConstQualified() && Arg->isLValue())
              target(Arg);
      } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
        if (Call->getMethodDecl() && !Call->getMethodDecl()->isConst())
          target(Call->getImplicitObjectArgument());
      }
      if (const auto *Call = dyn_cast<CallExpr>(S))
        if (const FunctionDecl *Callee = Call->getDirectCallee();
            Callee && !isa<CXXOperatorCallExpr>(Call))
          for (unsigned I = 0;
               I != Callee->getNumParams() && I < Call->getNumArgs(); ++I)
            if (isMutableReference(Callee->getParamDecl(I)->getType()))
              target(Call->getArg(I));
      return true;
    });
    bool AllFilled = false;
    if (const Expr *Init = Message.Var->getInit())
      visitEvaluated(Init, [&](const Stmt *S) {
        if (const auto *List = dyn_cast<InitListExpr>(S);
            List && List->getType()->getAsCXXRecordDecl()) {
          unsigned I = 0;
          for (const FieldDecl *Field :
               List->getType()->getAsCXXRecordDecl()->fields()) {
            if (I == List->getNumInits())
              break;
            const Expr *Value = List->getInit(I++);
            if (!isa<CXXDefaultInitExpr, ImplicitValueInitExpr>(Value) &&
                Value->getBeginLoc().isValid() &&
                !(isa<CXXConstructExpr>(stripWrapping(Value)) &&
                  cast<CXXConstructExpr>(stripWrapping(Value))->getNumArgs() ==
                      0))
              Filled.insert(Field->getCanonicalDecl());
          }
        } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
          if (isStdCall(Call, "make_shared") || isStdCall(Call, "make_unique"))
            AllFilled |= Call->getNumArgs() != 0;
        } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
          if (!isInStd(Construct->getConstructor()->getParent()))
            AllFilled |= Construct->getNumArgs() != 0;
        }
        return true;
      });
    std::optional<EarlyRead> Found;
    From.Flow->walk(Sent.Op.Call, Sent.Op.Call, [&](const CFGElement &Element) {
      if (From.Flow->waits(Element))
        return SendFlow::Step::Stop;
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        return SendFlow::Step::Go;
      // Under a lock it is somebody's business.
      if (const auto *Construct =
              dyn_cast<CXXConstructExpr>(Statement->getStmt())) {
        const CXXRecordDecl *Record = Construct->getConstructor()->getParent();
        if (Record->getIdentifier() &&
            Record->getName().contains_insensitive("lock"))
          return SendFlow::Step::Stop;
      }
      // Sent again, or set to something else: another message.
      if (const auto *Declares = dyn_cast<DeclStmt>(Statement->getStmt()))
        if (Declares->isSingleDecl() &&
            Declares->getSingleDecl() == Message.Var)
          return SendFlow::Step::Stop;
      const auto *Member = dyn_cast<MemberExpr>(Statement->getStmt());
      const FieldDecl *Field = Member ? memberOf(Member, Message.Var) : nullptr;
      if (Targets.contains(Member) && Field)
        return SendFlow::Step::Stop;
      if (!Field || Targets.contains(Member) || Filled.contains(Field) ||
          AllFilled || Field->getType().isConstQualified() ||
          !isPlain(Field->getType()))
        return SendFlow::Step::Go;
      Found = EarlyRead{Member, {}};
      return SendFlow::Step::Found;
    });
    if (!Found)
      continue;
    // Who writes it?
    const auto *Field = cast<FieldDecl>(Found->Read->getMemberDecl());
    for (const FunctionDecl *Other : From.All.Code.Functions) {
      if (Other == From.Function || Found->Written.isValid())
        continue;
      visitEvaluated(visibleBody(Other), [&](const Stmt *S) {
        const Expr *Into = nullptr;
        if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
          if (Assign->isAssignmentOp())
            Into = Assign->getLHS();
        } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
          if (Operator->isAssignmentOp())
            Into = Operator->getArg(0);
        }
        const auto *Member =
            Into ? dyn_cast<MemberExpr>(Into->IgnoreParenImpCasts()) : nullptr;
        if (Member && Member->getMemberDecl()->getCanonicalDecl() ==
                          Field->getCanonicalDecl())
          Found->Written = Member->getExprLoc();
        return Found->Written.isInvalid();
      });
    }
    if (!Message.MadeHere && Found->Written.isInvalid())
      continue;
    return Found;
  }
  return std::nullopt;
}

} // namespace threadhop
