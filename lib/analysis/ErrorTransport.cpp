//===--- ErrorTransport.cpp - errors that travel to other threads ---------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ErrorTransport.h"
#include "analysis/Annotations.h"
#include "analysis/Names.h"
#include "analysis/Session.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

std::pair<std::string, SourceLocation> erasedPart(QualType Type,
                                                  const ASTContext &Context) {
  std::set<const clang::Type *> Seen;
  std::function<std::pair<std::string, SourceLocation>(QualType, unsigned)>
      Look = [&](QualType T,
                 unsigned Depth) -> std::pair<std::string, SourceLocation> {
    const CXXRecordDecl *Record = T->getAsCXXRecordDecl();
    if (!Depth || !Record || !Record->hasDefinition() ||
        findAnnotation(T, Annotation::Sendable) ||
        !Seen.insert(T.getCanonicalType().getTypePtr()).second)
      return {};
    Record = Record->getDefinition();
    if (!Record->isLambda() && !isInStd(Record))
      for (const FieldDecl *Field : Record->fields()) {
        QualType Of = Field->getType();
        std::string Name = "member '" + Field->getNameAsString() + "' is '" +
                           typeName(Of, Context) + "'";
        if (findAnnotation(Of, Annotation::Sendable))
          continue;
        if (Of->isVoidPointerType())
          return {Name, Field->getLocation()};
        const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
            Of->getAsCXXRecordDecl());
        const CXXRecordDecl *Class = Of->getAsCXXRecordDecl();
        if (Class && Class->getIdentifier() && Class->getName() == "any")
          return {Name, Field->getLocation()};
        if (Special &&
            isOneOf(Special->getName(), {"unique_ptr", "shared_ptr"}) &&
            Special->getTemplateArgs()[0].getKind() == TemplateArgument::Type) {
          QualType Pointee = Special->getTemplateArgs()[0].getAsType();
          const CXXRecordDecl *Base = Pointee->getAsCXXRecordDecl();
          if (Pointee->isVoidType() ||
              (Base && Base->hasDefinition() && Base->isPolymorphic() &&
               !Base->isEffectivelyFinal() &&
               !findAnnotation(Pointee, Annotation::Sendable)))
            return {Name, Field->getLocation()};
          continue;
        }
        if (auto Inner = Look(Of, Depth - 1); !Inner.first.empty())
          return {Name + "; its " + Inner.first, Inner.second};
      }
    if (auto Wrapper = wrapperOf(T); Wrapper && !Wrapper->IsPointer)
      for (QualType Element : Wrapper->Elements)
        if (auto Inner = Look(Element, Depth - 1); !Inner.first.empty())
          return {"it holds '" + typeName(Element, Context) + "', whose " +
                      Inner.first,
                  Inner.second};
    if (!isInStd(Record))
      for (const CXXBaseSpecifier &Base : Record->bases())
        if (auto Inner = Look(Base.getType(), Depth - 1); !Inner.first.empty())
          return {"base class is '" + typeName(Base.getType(), Context) +
                      "', whose " + Inner.first,
                  Inner.second};
    return {};
  };
  return Look(Type, 8);
}

namespace {

class TransportFinder {
public:
  TransportFinder(Session &Unit, const TransportOptions &Options)
      : Unit(Unit), Options(Options) {}

  std::vector<TransportedError> run() {
    for (const FunctionDecl *Function : Unit.Code.Functions)
      inFunction(Function);
    for (const FunctionDecl *Function : Unit.Suspendable)
      inCoroutine(Function);
    return std::move(Found);
  }

private:
  /// Where a payload goes, for those that are found in it.
  struct Site {
    TransportKind Kind;
    const Expr *At; ///< The call or throw.
    std::string How;
    /// What is local to the task is gone before the error arrives.
    bool LocalsEnd = false;
    /// The closure of the task, whose captures are the sender's.
    const LambdaExpr *Task = nullptr;
    /// Nobody gets what the task throws or returns, only what it leaves.
    bool OnlyLeft = false;
    /// The error is made in another function: what this one does is reported.
    bool AtTransport = false;
  };

  void inFunction(const FunctionDecl *Function);
  void inCoroutine(const FunctionDecl *Function);
  void promise(const Expr *Call);
  void message(const Expr *Call);
  void task(const Expr *Call);
  void taskBody(const FunctionDecl *Body, const LambdaExpr *Lambda,
                const Site &Of, SourceLocation After = {});
  void exceptionPointer(const Expr *E, const Site &To, unsigned Depth = 4);
  void thrownIn(const Stmt *Body, QualType Type, const Site &To,
                unsigned Depth);
  void thrownByCallee(const CallExpr *Call, const Stmt *Body, const Site &To,
                      unsigned Depth);
  void packagedTasks(const Expr *Arg, const Expr *Call, unsigned Index);
  void payload(const Expr *E, const Site &To, bool IsError);
  void judge(const HandedObject &Object, const Expr *Payload, QualType Error,
             const Site &To);
  bool modelled(QualType Error, SourceLocation Loc, const Site &To,
                QualType Whole = {});
  void stepwise(const VarDecl *Var, QualType Error, const Expr *Payload,
                const Site &To);
  std::vector<TransportedError> throughCallers(TransportedError Inner,
                                               const ParmVarDecl *Param,
                                               unsigned Depth);
  const CXXCatchStmt *handlerOf(const Stmt *S);
  bool isCaughtInside(const Stmt *S, const Stmt *Body, QualType Type);

  TransportedError &add(QualType Error, SourceLocation Loc, const Site &To) {
    TransportedError E;
    E.Function = Current;
    E.Kind = To.Kind;
    E.Error = Error;
    E.Loc = To.AtTransport ? To.At->getExprLoc() : Loc;
    E.TransportLoc = To.At->getExprLoc();
    E.How = To.How;
    Found.push_back(std::move(E));
    return Found.back();
  }

  /// Makes another function the current one, for as long as it lives.
  class LookingInto {
  public:
    LookingInto(TransportFinder &Finder, const FunctionDecl *Function)
        : Finder(Finder), Outer(std::exchange(Finder.Current, Function)),
          OuterParents(std::move(Finder.Parents)) {}
    ~LookingInto() {
      Finder.Current = Outer;
      Finder.Parents = std::move(OuterParents);
    }
    LookingInto(const LookingInto &) = delete;
    LookingInto &operator=(const LookingInto &) = delete;

  private:
    TransportFinder &Finder;
    const FunctionDecl *Outer;
    std::unique_ptr<ParentMap> OuterParents;
  };

  Session &Unit;
  const TransportOptions &Options;
  const FunctionDecl *Current = nullptr;
  std::unique_ptr<ParentMap> Parents;
  std::vector<TransportedError> Found;
};

bool isExceptionPointer(QualType Type) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record && Record->getIdentifier() &&
         isOneOf(Record->getName(), {"exception_ptr", "exception_wrapper"});
}

std::string sinkName(const Expr *Call) {
  const FunctionDecl *Callee = calleeOf(Call);
  if (const auto *Constructor = dyn_cast_or_null<CXXConstructorDecl>(Callee))
    return publicName(Constructor->getParent());
  return Callee ? Callee->getNameAsString() : "";
}

void TransportFinder::inFunction(const FunctionDecl *Function) {
  Current = Function;
  const Stmt *Body = visibleBody(Function);
  Parents.reset();
  visitEvaluated(Body, [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (!E || !isa<CallExpr, CXXConstructExpr>(E))
      return true;
    promise(E);
    message(E);
    task(E);
    return true;
  });
}

const CXXCatchStmt *TransportFinder::handlerOf(const Stmt *S) {
  if (!Parents)
    Parents =
        std::make_unique<ParentMap>(const_cast<Stmt *>(visibleBody(Current)));
  const Stmt *Child = S;
  for (const Stmt *Parent = Parents->getParent(S); Parent;
       Child = Parent, Parent = Parents->getParent(Parent)) {
    // What a capture is made from belongs to the handler still.
    if (const auto *Lambda = dyn_cast<LambdaExpr>(Parent);
        Lambda && Child == Lambda->getBody())
      return nullptr;
    if (const auto *Catch = dyn_cast<CXXCatchStmt>(Parent))
      return Catch;
  }
  return nullptr;
}

} // namespace

bool promiseStaysHere(const Expr *Call, const FunctionDecl *Current) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  if (!Member)
    return false;
  const auto *Ref = dyn_cast<DeclRefExpr>(
      stripForwarding(Member->getImplicitObjectArgument()));
  const auto *Promise = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Promise || !Promise->isLocalVarDecl() || isa<ParmVarDecl>(Promise) ||
      Promise->getType()->isReferenceType())
    return false;
  const VarDecl *Future = nullptr;
  bool Asked = false, Shared = false;
  visitEvaluated(visibleBody(Current), [&](const Stmt *S) {
    if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D); Var && Var->hasInit())
          if (const auto *Get =
                  dyn_cast<CXXMemberCallExpr>(stripForwarding(Var->getInit())))
            if (isOneOf(calleeName(Get), {"get_future", "getFuture"}))
              if (const auto *On = dyn_cast<DeclRefExpr>(
                      stripForwarding(Get->getImplicitObjectArgument())))
                if (On->getDecl() == Promise)
                  Future = Var;
    } else if (const auto *Get = dyn_cast<CXXMemberCallExpr>(S)) {
      const Expr *On = stripForwarding(Get->getImplicitObjectArgument());
      if (isOneOf(calleeName(Get), {"get", "wait"})) {
        if (const auto *Var = dyn_cast<DeclRefExpr>(On))
          Asked |= Future && Var->getDecl() == Future;
        if (const auto *Inner = dyn_cast<CXXMemberCallExpr>(On))
          if (const auto *Var = dyn_cast<DeclRefExpr>(
                  stripForwarding(Inner->getImplicitObjectArgument())))
            Asked |= Var->getDecl() == Promise;
      }
    } else if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      for (const LambdaCapture &Capture : Lambda->captures())
        Shared |= Capture.capturesVariable() &&
                  (Capture.getCapturedVar() == Promise ||
                   Capture.getCapturedVar() == Future);
    }
    return true;
  });
  return Asked && !Shared;
}

namespace {

void TransportFinder::promise(const Expr *Call) {
  const SinkModel *Row = Unit.Index.sink(Call);
  if (!Row || Row->Payload == SinkPayload::Callable)
    return;
  llvm::ArrayRef<const Expr *> Args = argumentsOf(Call);
  // A value that another thread's function gets is a hop like any other.
  if (Row->Result == SinkResult::ExceptionPtr ||
      promiseStaysHere(Call, Current))
    return;
  Site To{TransportKind::Promise, Call,
          "'" + sinkName(Call) + "' (model '" + Row->From.Library + "')", false,
          nullptr};
  for (const Expr *Arg : Args) {
    if (isa<CXXDefaultArgExpr>(Arg))
      continue;
    if (isExceptionPointer(stripForwarding(Arg)->getType()))
      exceptionPointer(Arg, To);
    else
      payload(Arg, To, Row->Payload == SinkPayload::Error);
  }
}

void TransportFinder::message(const Expr *Call) {
  llvm::ArrayRef<const Expr *> Args = argumentsOf(Call);
  for (unsigned I = 0; I != Args.size(); ++I) {
    QualType Type = stripForwarding(Args[I])->getType();
    if (!Type->isRecordType())
      continue;
    HopVerdict Hop = Unit.Hops.message(Call, I);
    if (Hop.Where != RunsOn::Elsewhere)
      continue;
    Site To{TransportKind::Channel, Call, Hop.Why, false, nullptr};
    if (isExceptionPointer(Type))
      exceptionPointer(Args[I], To);
    else
      payload(Args[I], To, isErrorType(Type, Unit.Index));
  }
}

/// What an exception_ptr is known to hold.
void TransportFinder::exceptionPointer(const Expr *E, const Site &To,
                                       unsigned Depth) {
  if (!Depth)
    return;
  const Expr *Bare = stripForwarding(E);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Bare)) {
    if (Construct->getNumArgs() == 1)
      exceptionPointer(Construct->getArg(0), To, Depth - 1);
    return;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Bare)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Var || !Var->isLocalVarDecl())
      return;
    if (Var->hasInit())
      exceptionPointer(Var->getInit(), To, Depth - 1);
    // Assigned later: 'ep = std::current_exception()' in a handler.
    visitEvaluated(visibleBody(Current), [&](const Stmt *S) {
      if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(S))
        if (Assign->getOperator() == OO_Equal && Assign->getNumArgs() == 2)
          if (const auto *Left =
                  dyn_cast<DeclRefExpr>(stripForwarding(Assign->getArg(0))))
            if (Left->getDecl() == Var)
              exceptionPointer(Assign->getArg(1), To, Depth - 1);
      return true;
    });
    return;
  }
  const auto *Call = dyn_cast<CallExpr>(Bare);
  if (!Call)
    return;
  llvm::StringRef Name = calleeName(Call);
  if (isOneOf(Name, {"make_exception_ptr", "copy_exception",
                     "make_exception_wrapper"})) {
    if (Call->getNumArgs() >= 1)
      payload(Call->getArg(0), To, /*IsError=*/true);
    return;
  }
  if (Name != "current_exception")
    return;
  // The handler knows the type.
  const CXXCatchStmt *Handler = handlerOf(Call);
  if (!Handler || !Handler->getExceptionDecl())
    return;
  QualType Type = Handler->getCaughtType().getNonReferenceType();
  if (modelled(Type, Call->getBeginLoc(), To))
    return;
  // What the try block throws of that type.
  if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(
          Parents->getParent(const_cast<CXXCatchStmt *>(Handler))))
    thrownIn(Try->getTryBlock(), Type, To, /*Depth=*/2);
}

/// The errors of that type that the statement throws, itself or in functions
/// that it calls.
void TransportFinder::thrownIn(const Stmt *Body, QualType Type, const Site &To,
                               unsigned Depth) {
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Throw = dyn_cast<CXXThrowExpr>(S)) {
      if (Throw->getSubExpr() &&
          Throw->getSubExpr()->getType()->getAsCXXRecordDecl() ==
              Type->getAsCXXRecordDecl()) {
        Site Ended = To;
        Ended.LocalsEnd = true;
        payload(Throw->getSubExpr(), Ended, /*IsError=*/true);
      }
      return true;
    }
    const auto *Call = dyn_cast<CallExpr>(S);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    const Stmt *Inner = Callee && Depth ? visibleBody(Callee) : nullptr;
    if (!Inner || isa<CoroutineBodyStmt>(Inner) || isInStd(Callee) ||
        Callee->getDefinition() == Current)
      return true;
    LookingInto There(*this, Callee->getDefinition());
    Site FromHere = To;
    FromHere.AtTransport = true;
    thrownIn(Inner, Type, FromHere, Depth - 1);
    return true;
  });
}

/// Reports an error that a model speaks of, or that is a part of \p Whole.
bool TransportFinder::modelled(QualType Error, SourceLocation Loc,
                               const Site &To, QualType Whole) {
  const CXXRecordDecl *Record = Error->getAsCXXRecordDecl();
  const ErrorTypeModel *Row = Unit.Index.error(Record);
  if (!Row || findAnnotation(Error, Annotation::Sendable))
    return false;
  auto [Verdict, Reason] = verdictOf(*Row, Record);
  if (Verdict != ErrorVerdict::Unsafe && Verdict != ErrorVerdict::Conditional)
    return false;
  TransportedError &E = add(Whole.isNull() ? Error : Whole, Loc, To);
  E.Row = Row;
  if (!Whole.isNull())
    E.Reason = "it holds '" + typeName(Error, Unit.Context) + "': ";
  E.Reason += Reason.str();
  return true;
}

void TransportFinder::payload(const Expr *E, const Site &To, bool IsError) {
  const Expr *Bare = stripForwarding(E);
  QualType Type = Bare->getType().getNonReferenceType();
  bool Modelled = false;
  if (IsError || isErrorType(Type, Unit.Index))
    Modelled = modelled(Type, Bare->getBeginLoc(), To);
  std::vector<HandedObject> Objects = handedOver(E, Unit.Context);
  for (const HandedObject &Object : Objects) {
    // Which of the things around it is an error.
    QualType Error;
    for (QualType Whole : Object.Inside) {
      if (isErrorType(Whole, Unit.Index) ||
          isErrorArgument(Whole, Object, Unit.Context) ||
          (IsError && Error.isNull()))
        Error = Whole;
    }
    if (Error.isNull() && (IsError || isErrorType(Object.Type, Unit.Index) ||
                           isErrorArgument(Object.Type, Object, Unit.Context)))
      Error = Object.Type;
    if (Error.isNull())
      continue;
    if (!Modelled)
      Modelled = modelled(
          Object.Type, Bare->getBeginLoc(), To,
          Unit.Context.hasSameUnqualifiedType(Object.Type, Error) ? QualType()
                                                                  : Error);
    judge(Object, Bare, Error, To);
    if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(
            Object.Source ? stripForwarding(Object.Source) : nullptr))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        if (Object.By == HandedBy::Move || Object.By == HandedBy::Copy)
          stepwise(Var, Error, Bare, To);
  }
  if (Options.StrictErasedPayload && !Modelled &&
      (IsError || isErrorType(Type, Unit.Index)))
    if (auto [Path, Loc] = erasedPart(Type, Unit.Context); !Path.empty()) {
      TransportedError &Erased = add(Type, Bare->getBeginLoc(), To);
      Erased.Erased = Path;
      Erased.ErasedLoc = Loc;
    }
}

/// An error that was built in a variable: what its initialiser and the
/// assignments to its members put in.
void TransportFinder::stepwise(const VarDecl *Var, QualType Error,
                               const Expr *Payload, const Site &To) {
  if (isa<ParmVarDecl>(Var) || !Var->isLocalVarDecl() ||
      Var->getType()->isReferenceType() || !Var->getType()->isRecordType() ||
      !Unit.Sends.of(Var->getType()).isConfined() ||
      Unit.Sends.of(Var->getType()).Steps.empty())
    return;
  auto each = [&](const Expr *From) {
    for (const HandedObject &Object : handedOver(From, Unit.Context))
      judge(Object, Payload, Error, To);
  };
  if (Var->hasInit())
    each(Var->getInit());
  visitEvaluated(visibleBody(Current), [&](const Stmt *S) {
    if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Assign->getOperator() == OO_Equal && Assign->getNumArgs() == 2)
        if (auto Path = resolveObject(Assign->getArg(0));
            Path && Path->Root == Var->getCanonicalDecl() &&
            !Path->Fields.empty())
          each(Assign->getArg(1));
    } else if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
      if (Binary->getOpcode() == BO_Assign)
        if (auto Path = resolveObject(Binary->getLHS());
            Path && Path->Root == Var->getCanonicalDecl() &&
            !Path->Fields.empty())
          each(Binary->getRHS());
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      // 'e.attach(v)', 'e.parts.push_back(v)'.
      if (auto Path = resolveObject(Call->getImplicitObjectArgument());
          Path && Path->Root == Var->getCanonicalDecl())
        for (const Expr *Arg : Call->arguments())
          each(Arg);
    }
    return true;
  });
}

void TransportFinder::judge(const HandedObject &Object, const Expr *Payload,
                            QualType Error, const Site &To) {
  if (Object.By != HandedBy::Copy || !Object.Source)
    return;
  const SendVerdict &Verdict = Unit.Sends.of(Object.Type);
  if (!Verdict.isConfined() || Verdict.IsGuard)
    return;
  // Whoever wrote one of the types around it vouches for it.
  for (QualType Whole : Object.Inside)
    if (findAnnotation(Whole, Annotation::Sendable))
      return;
  if (findAnnotation(Error, Annotation::Sendable))
    return;
  const Expr *Source = stripForwarding(Object.Source);
  TransportedError E;
  E.Function = Current;
  E.Kind = To.Kind;
  E.Error = Error;
  E.Loc = To.AtTransport ? To.At->getExprLoc() : Payload->getBeginLoc();
  E.TransportLoc = To.At->getExprLoc();
  E.How = To.How;
  E.Verdict = &Verdict;
  E.Part = Object.Type;
  E.Copied = Object.Source->getExprLoc();
  E.Owner = ownerOf(Source);
  auto Path = resolveObject(Source);
  const auto *Var = dyn_cast_or_null<VarDecl>(Path ? Path->Root : nullptr);
  bool IsOwn = Var && Var->hasLocalStorage() && Path->Fields.empty() &&
               !Var->getType()->isReferenceType();
  if (To.Task && Var) {
    // A capture by reference is the sender's object; the task's own variables
    // end before the error is seen.
    bool ByReference = false, Captured = false;
    for (const LambdaCapture &Capture : To.Task->captures())
      if (Capture.capturesVariable() && Capture.getCapturedVar() == Var) {
        Captured = true;
        ByReference = Capture.getCaptureKind() == LCK_ByRef;
      }
    if (Captured) {
      IsOwn = false;
      if (!ByReference) {
        // The closure's copy ends with the task's state, after the error has
        // been handed over; a handle in it is its sender's.
        E.Owner = {OtherOwner::Local, Var->getNameAsString(),
                   Object.Source->getExprLoc()};
      }
    }
  }
  if (IsOwn) {
    if (To.LocalsEnd)
      return;
    bool IsHandle = Object.Type->isPointerType();
    E.Touch = touchBeforeJoin(Current, To.At, *Path, {}, Unit.Context);
    if (!E.Touch)
      return;
    if (IsHandle && E.Touch->K != SenderTouch::Use)
      return;
    Found.push_back(std::move(E));
    return;
  }
  // A reference parameter whose type its callers choose is theirs.
  if (const auto *Param = dyn_cast_or_null<ParmVarDecl>(Var);
      Param && Param->getDeclContext() == Current &&
      Current->getTemplateInstantiationPattern() &&
      Param->getType()->isReferenceType()) {
    for (TransportedError &Outer : throughCallers(E, Param, /*Depth=*/5))
      Found.push_back(std::move(Outer));
    return;
  }
  Found.push_back(std::move(E));
}

/// The calls that give the parameter something that stays with its owner.
std::vector<TransportedError>
TransportFinder::throughCallers(TransportedError Inner,
                                const ParmVarDecl *Param, unsigned Depth) {
  std::vector<TransportedError> Result;
  if (!Depth)
    return Result;
  const auto *Function = cast<FunctionDecl>(Param->getDeclContext());
  unsigned Index = Param->getFunctionScopeIndex();
  for (const FunctionDecl *Caller : Unit.Code.Functions)
    visitEvaluated(visibleBody(Caller), [&](const Stmt *S) {
      const auto *Call = dyn_cast<CallExpr>(S);
      if (!Call || !Call->getDirectCallee() ||
          Call->getDirectCallee()->getCanonicalDecl() !=
              Function->getCanonicalDecl())
        return true;
      const Expr *Arg = writtenArgument(Call, Index);
      if (!Arg || movedOperand(Arg) || !stripWrapping(Arg)->isLValue())
        return true;
      TransportedError E = Inner;
      E.Function = Caller;
      E.Loc = Arg->getBeginLoc();
      E.Owner = ownerOf(Arg);
      auto Path = resolveObject(Arg);
      const auto *Outer =
          dyn_cast_or_null<ParmVarDecl>(Path ? Path->Root : nullptr);
      if (Outer && Outer->getType()->isReferenceType() &&
          Caller->getTemplateInstantiationPattern()) {
        for (TransportedError &More : throughCallers(E, Outer, Depth - 1))
          Result.push_back(std::move(More));
        return true;
      }
      if (Path && Path->Root && E.Owner.K == OtherOwner::Local) {
        E.Touch = touchBeforeJoin(Caller, Call, *Path, {}, Unit.Context);
        if (!E.Touch ||
            (E.Part->isPointerType() && E.Touch->K != SenderTouch::Use))
          return true;
      }
      Result.push_back(std::move(E));
      return true;
    });
  return Result;
}

bool returnsFuture(const Expr *Call) {
  const CXXRecordDecl *Record =
      Call->getType().getNonReferenceType()->getAsCXXRecordDecl();
  return Record && Record->getIdentifier() &&
         (Record->getName().lower().find("future") != std::string::npos ||
          Record->getName().lower().find("task") != std::string::npos);
}

/// Packaged tasks that the argument brings along: who has their futures gets
/// what their callables throw.
void TransportFinder::packagedTasks(const Expr *Arg, const Expr *Call,
                                    unsigned Index) {
  llvm::SmallPtrSet<const VarDecl *, 2> Tasks;
  auto consider = [&](const ValueDecl *D) {
    const auto *Var = dyn_cast_or_null<VarDecl>(D);
    if (!Var || !Var->hasInit() || isa<ParmVarDecl>(Var))
      return;
    QualType Type = Var->getType();
    if (auto Wrapper = wrapperOf(Type); Wrapper && Wrapper->IsPointer)
      Type = Wrapper->Elements.front();
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    if (Record && Record->getIdentifier() &&
        Record->getName() == "packaged_task")
      Tasks.insert(Var);
  };
  visitEvaluated(Arg, [&](const Stmt *S) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      consider(Ref->getDecl());
    else if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable())
          consider(Capture.getCapturedVar());
    return true;
  });
  if (Tasks.empty())
    return;
  const HopVerdict Hop = Unit.Hops.argument(Call, Index);
  if (Hop.Where != RunsOn::Elsewhere)
    return;
  const std::string &How = Hop.Why;
  for (const VarDecl *Var : Tasks) {
    const Expr *Init = stripForwarding(Var->getInit());
    llvm::ArrayRef<const Expr *> Made;
    if (isa<CallExpr, CXXConstructExpr>(Init))
      Made = argumentsOf(Init);
    if (Made.empty())
      continue;
    const FunctionDecl *Body = callableOf(Made.front());
    const auto *Lambda = dyn_cast<LambdaExpr>(stripForwarding(Made.front()));
    if (Body && visibleBody(Body))
      taskBody(Body, Lambda, {TransportKind::Task, Call, How, true, Lambda});
  }
}

/// A call that runs something on another thread, whose error then comes back.
void TransportFinder::task(const Expr *Call) {
  llvm::ArrayRef<const Expr *> Args = argumentsOf(Call);
  for (unsigned I = 0; I != Args.size(); ++I) {
    const Expr *Bare = stripForwarding(Args[I]);
    if (isa<CXXDefaultArgExpr>(Args[I]))
      continue;
    QualType Type = Bare->getType();
    if (isExceptionPointer(Type)) {
      HopVerdict Hop = Unit.Hops.argument(Call, I);
      if (Hop.Where == RunsOn::Elsewhere)
        exceptionPointer(
            Args[I], {TransportKind::Captured, Call, Hop.Why, false, nullptr});
      continue;
    }
    packagedTasks(Args[I], Call, I);
    const FunctionDecl *Body = callableOf(Args[I]);
    if (const auto *Coroutine = dyn_cast<CallExpr>(Bare))
      if (const FunctionDecl *Callee = Coroutine->getDirectCallee())
        if (isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Callee)))
          Body = Callee;
    if (!Body || !visibleBody(Body))
      continue;
    HopVerdict Hop = Unit.Hops.argument(Call, I);
    if (Hop.Where != RunsOn::Elsewhere)
      continue;
    const auto *Lambda = dyn_cast<LambdaExpr>(stripForwarding(Bare));
    if (Lambda)
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable() &&
            isExceptionPointer(Capture.getCapturedVar()->getType()) &&
            Capture.getCaptureKind() == LCK_ByCopy) {
          const auto *Var = dyn_cast<VarDecl>(Capture.getCapturedVar());
          const Expr *From = Var && Var->hasInit() ? Var->getInit() : nullptr;
          if (From)
            exceptionPointer(
                From, {TransportKind::Captured, Call, Hop.Why, false, nullptr});
        }
    bool Comes = (Hop.Row && Hop.Row->TransportsErrors) ||
                 (!Hop.Row && returnsFuture(Call));
    Site Of{TransportKind::Task, Call, Hop.Why, true, Lambda};
    Of.OnlyLeft = !Comes;
    taskBody(Body, Lambda, Of);
  }
}

bool TransportFinder::isCaughtInside(const Stmt *S, const Stmt *Body,
                                     QualType Type) {
  ParentMap Map(const_cast<Stmt *>(Body));
  const Stmt *Child = S;
  for (const Stmt *Parent = Map.getParent(S); Parent;
       Child = Parent, Parent = Map.getParent(Parent)) {
    const auto *Try = dyn_cast<CXXTryStmt>(Parent);
    if (!Try || Child != Try->getTryBlock())
      continue;
    for (unsigned I = 0; I != Try->getNumHandlers(); ++I) {
      const CXXCatchStmt *Handler = Try->getHandler(I);
      QualType Caught = Handler->getCaughtType();
      bool Takes = Caught.isNull();
      if (!Takes) {
        const CXXRecordDecl *Class =
            Caught.getNonReferenceType()->getAsCXXRecordDecl();
        const CXXRecordDecl *Thrown = Type->getAsCXXRecordDecl();
        Takes = Class && Thrown &&
                (Class->getCanonicalDecl() == Thrown->getCanonicalDecl() ||
                 (Thrown->hasDefinition() && Class->hasDefinition() &&
                  Thrown->isDerivedFrom(Class)));
      }
      if (!Takes)
        continue;
      // A handler that throws it on has not ended it.
      bool Rethrows = false;
      visitEvaluated(Handler->getHandlerBlock(), [&](const Stmt *Inner) {
        if (const auto *Throw = dyn_cast<CXXThrowExpr>(Inner))
          Rethrows |= !Throw->getSubExpr();
        return true;
      });
      if (!Rethrows)
        return true;
      break;
    }
  }
  return false;
}

/// What a function that the task calls throws, and the task does not catch.
void TransportFinder::thrownByCallee(const CallExpr *Call, const Stmt *Body,
                                     const Site &To, unsigned Depth) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  const Stmt *Inner = Callee ? visibleBody(Callee) : nullptr;
  if (!Inner || isa<CoroutineBodyStmt>(Inner) || isInStd(Callee) ||
      Callee->getDefinition() == Current ||
      Unit.Context.getSourceManager().isInSystemHeader(Callee->getLocation()))
    return;
  LookingInto There(*this, Callee->getDefinition());
  visitEvaluated(Inner, [&](const Stmt *S) {
    if (const auto *Throw = dyn_cast<CXXThrowExpr>(S)) {
      const Expr *Thrown = Throw->getSubExpr();
      if (Thrown && !isCaughtInside(S, Inner, Thrown->getType()) &&
          !isCaughtInside(Call, Body, Thrown->getType())) {
        Site Here = To;
        Here.Task = nullptr;
        payload(Thrown, Here, /*IsError=*/true);
      }
    } else if (const auto *Further = dyn_cast<CallExpr>(S); Further && Depth) {
      thrownByCallee(Further, Inner, To, Depth - 1);
    }
    return true;
  });
}

void TransportFinder::taskBody(const FunctionDecl *Task,
                               const LambdaExpr *Lambda, const Site &Of,
                               SourceLocation After) {
  LookingInto There(*this, Task->getDefinition());
  const Stmt *Body = visibleBody(Task);
  const SourceManager &SM = Unit.Context.getSourceManager();
  visitEvaluated(Body, [&](const Stmt *S) {
    if (After.isValid() && isa<Expr>(S) && !isa<CoroutineBodyStmt>(S) &&
        SM.isBeforeInTranslationUnit(S->getEndLoc(), After))
      return false;
    Site Here = Of;
    if (const auto *Throw = dyn_cast<CXXThrowExpr>(S)) {
      if (Of.OnlyLeft)
        return true;
      if (const Expr *Thrown = Throw->getSubExpr()) {
        if (!isCaughtInside(S, Body, Thrown->getType())) {
          Here.At = Of.Kind == TransportKind::Coroutine ? Throw : Of.At;
          payload(Thrown, Here, /*IsError=*/true);
        }
      } else if (const CXXCatchStmt *Handler = handlerOf(Throw)) {
        if (Handler->getExceptionDecl()) {
          QualType Type = Handler->getCaughtType().getNonReferenceType();
          modelled(Type, Throw->getThrowLoc(), Here);
        }
      }
      return true;
    }
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && !Of.OnlyLeft)
      thrownByCallee(Call, Body, Here, /*Depth=*/2);
    const Expr *Result = nullptr;
    if (const auto *Return = dyn_cast<ReturnStmt>(S))
      Result = Return->getRetValue();
    else if (const auto *Return = dyn_cast<CoreturnStmt>(S))
      Result = Return->getOperand();
    if (Result && !Of.OnlyLeft && Result->getType()->isRecordType())
      payload(Result, Here, isErrorType(Result->getType(), Unit.Index));
    // An exception_ptr that the task leaves in something that outlives it.
    if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(S))
      if (Assign->getOperator() == OO_Equal && Assign->getNumArgs() == 2 &&
          isExceptionPointer(Assign->getArg(0)->getType())) {
        auto Path = resolveObject(Assign->getArg(0));
        const auto *Var =
            dyn_cast_or_null<VarDecl>(Path ? Path->Root : nullptr);
        bool Own = Var && Path->Fields.empty() && !Path->Within &&
                   Var->getDeclContext() == Current;
        if (Path && !Own) {
          Site Left{TransportKind::Captured, Assign, Of.How, true, Lambda};
          exceptionPointer(Assign->getArg(1), Left);
        }
      }
    return true;
  });
}

/// A coroutine that has been resumed elsewhere delivers its error there.
void TransportFinder::inCoroutine(const FunctionDecl *Function) {
  const Stmt *Body = visibleBody(Function);
  if (!isa_and_nonnull<CoroutineBodyStmt>(Body))
    return;
  Suspensions Points(Function, Unit.Index, Unit.Resumptions);
  for (const SuspensionPoint &Point : Points.points())
    if (Point.E && Point.Resumes.Where == Resumption::Elsewhere) {
      Current = Function;
      Parents.reset();
      taskBody(Function, nullptr,
               {TransportKind::Coroutine, Point.E,
                "the coroutine was resumed on another thread", true, nullptr},
               Point.E->getEndLoc());
      return;
    }
}

} // namespace

std::vector<TransportedError>
findTransportedErrors(Session &Unit, const TransportOptions &Options) {
  return TransportFinder(Unit, Options).run();
}

} // namespace threadhop
