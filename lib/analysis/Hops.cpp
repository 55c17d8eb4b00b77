//===--- Hops.cpp - who runs this callable --------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Hops.h"
#include "analysis/Annotations.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

namespace {

constexpr unsigned MaxDepth = 8;

/// What holds the parameter's value inside a function: the parameter, and the
/// local variables and closures made with it.
class Carriers {
public:
  Carriers(const ParmVarDecl *Param, const Stmt *Body) {
    Set.insert(Param);
    // Two rounds: a variable may be made from one that is declared later in
    // the walk only through a loop.
    for (unsigned Round = 0; Round != 2; ++Round)
      visitEvaluated(Body, [&](const Stmt *S) {
        if (const auto *Declares = dyn_cast<DeclStmt>(S))
          for (const Decl *D : Declares->decls())
            if (const auto *Var = dyn_cast<VarDecl>(D))
              if (Var->hasInit() && carries(Var->getInit()))
                Set.insert(Var);
        return true;
      });
  }

  /// Whether the value of \p E is, or holds, the parameter's value.
  bool carries(const Expr *E) const { return carries(E, MaxDepth); }

private:
  bool carries(const Expr *E, unsigned Depth) const {
    if (!E || !Depth)
      return false;
    E = stripForwarding(E);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      return Set.contains(Ref->getDecl());
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      return carries(Unary->getSubExpr(), Depth - 1);
    if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable() &&
            Set.contains(Capture.getCapturedVar()))
          return true;
      return llvm::any_of(Lambda->capture_inits(), [&](const Expr *Init) {
        return carries(Init, Depth - 1);
      });
    }
    if (const auto *List = dyn_cast<InitListExpr>(E))
      return llvm::any_of(List->inits(), [&](const Expr *Init) {
        return carries(Init, Depth - 1);
      });
    if (const auto *New = dyn_cast<CXXNewExpr>(E))
      return New->hasInitializer() && carries(New->getInitializer(), Depth - 1);
    if (isa<CXXConstructExpr>(E) ||
        (isa<CallExpr>(E) && !isa<CXXMemberCallExpr>(E) &&
         !isa<CXXOperatorCallExpr>(E))) {
      // What a call yields may hold what it was given, if it is an object.
      if (isa<CallExpr>(E) && !E->getType()->isRecordType() &&
          !E->getType()->isReferenceType())
        return false;
      return llvm::any_of(argumentsOf(E), [&](const Expr *Arg) {
        return carries(Arg, Depth - 1);
      });
    }
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
      // 'task.get_future()' is not the task; 'task.release()' is.
      return isOneOf(calleeName(Call), {"release", "get", "value"}) &&
             carries(Call->getImplicitObjectArgument(), Depth - 1);
    return false;
  }

  llvm::SmallPtrSet<const ValueDecl *, 8> Set;
};

/// The member of *this that the expression names, or lies in.
const FieldDecl *memberOfThis(const Expr *E) {
  auto Path = resolveObject(E);
  if (!Path || Path->Root || Path->Fields.empty())
    return nullptr;
  return Path->Fields.front();
}

bool putsIn(llvm::StringRef Name) {
  return isOneOf(Name, {"push", "push_back", "push_front", "emplace",
                        "emplace_back", "emplace_front", "insert", "add",
                        "append", "enqueue", "try_push", "put", "send", "post",
                        "try_emplace", "assign", "offer"});
}

std::string quoted(const NamedDecl *D) {
  return "'" + D->getNameAsString() + "'";
}

} // namespace

HopVerdict HopAnalysis::argument(const Expr *E, unsigned Argument) {
  E = stripWrapping(E);
  if (!isa<CallExpr, CXXConstructExpr>(E))
    return {};
  const FunctionDecl *Callee = calleeOf(E);
  if (!Callee)
    return {};
  // 1. Annotations, of the parameter before those of the function.
  auto annotated = [&](const Decl *D) -> std::optional<HopVerdict> {
    for (auto [Kind, Where] : {std::pair(Annotation::Hops, RunsOn::Elsewhere),
                               std::pair(Annotation::Stays, RunsOn::Caller)})
      if (auto Found = findAnnotation(D, Kind))
        return HopVerdict{
            Where,
            quoted(Callee) + " is annotated " +
                annotationSpelling(Kind)
                    .drop_front(strlen("threadhop::"))
                    .str() +
                (Found->Reason.empty() ? "" : ": " + Found->Reason),
            Found->Loc};
    return std::nullopt;
  };
  if (Argument < Callee->getNumParams())
    if (auto Verdict = annotated(Callee->getParamDecl(Argument)))
      return *Verdict;
  if (auto Verdict = annotated(Callee))
    return *Verdict;
  // 2. Models.
  HopVerdict Model = modelled(E, Argument);
  if (Model.Where != RunsOn::Unknown)
    return Model;
  // 3. A container of threads makes a thread of what it is given.
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E))
    if (putsIn(calleeName(Member))) {
      const auto *Container = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
          Member->getObjectType().getNonReferenceType()->getAsCXXRecordDecl());
      if (Container && isInStd(Container) &&
          Container->getTemplateArgs().size() &&
          Container->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
        if (const CXXRecordDecl *Element = Container->getTemplateArgs()[0]
                                               .getAsType()
                                               ->getAsCXXRecordDecl())
          if (isInStd(Element) && Element->getIdentifier() &&
              isOneOf(Element->getName(), {"thread", "jthread"}))
            return {RunsOn::Elsewhere,
                    "a new 'std::" + Element->getName().str() + "' runs it",
                    Member->getExprLoc()};
    }
  // 4. Bodies.
  if (isInStd(Callee))
    return Model;
  HopVerdict Inferred = parameter(Callee, Argument);
  return Inferred.Where == RunsOn::Unknown ? Model : Inferred;
}

HopVerdict HopAnalysis::parameter(const FunctionDecl *Function,
                                  unsigned Index) {
  const Stmt *Body = visibleBody(Function);
  if (!Body || Index >= Function->getNumParams() || Depth > MaxDepth)
    return {};
  Function = Function->getDefinition();
  auto Key = std::make_pair(Function, Index);
  auto [It, New] = Known.try_emplace(Key);
  if (!New)
    return It->second; // A recursion knows nothing more than its caller.
  ++Depth;
  HopVerdict Verdict = body(Function, Index);
  --Depth;
  Known[Key] = Verdict;
  return Verdict;
}

HopVerdict HopAnalysis::body(const FunctionDecl *Function, unsigned Index) {
  const Stmt *Body = visibleBody(Function);
  const ParmVarDecl *Param = Function->getParamDecl(Index);
  Carriers Holding(Param, Body);
  HopVerdict Result;
  auto consider = [&](HopVerdict Verdict) {
    if (Verdict.Where == RunsOn::Elsewhere ||
        (Verdict.Where == RunsOn::Caller && Result.Where == RunsOn::Unknown))
      if (Result.Where != RunsOn::Elsewhere)
        Result = std::move(Verdict);
  };
  auto at = [&](HopVerdict Verdict, SourceLocation Loc) {
    // Name the function whose body proved it, nearest to the user's call.
    if (Verdict.Where == RunsOn::Elsewhere && Verdict.Loc.isInvalid())
      Verdict.Loc = Loc;
    return Verdict;
  };
  auto visit = [&](const Stmt *Part) {
    visitEvaluated(Part, [&](const Stmt *S) {
      const auto *E = dyn_cast<Expr>(S);
      if (!E || !isa<CallExpr, CXXConstructExpr>(E))
        return true;
      // Called, or resumed, right here.
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
        if (Operator->getOperator() == OO_Call &&
            Holding.carries(Operator->getArg(0)))
          consider({RunsOn::Caller, "", E->getExprLoc()});
      } else if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E)) {
        if (Member->getMethodDecl() && calleeName(Member) == "resume" &&
            Holding.carries(Member->getImplicitObjectArgument()))
          consider({RunsOn::Caller, "", E->getExprLoc()});
      } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
        if (!Call->getDirectCallee() && Holding.carries(Call->getCallee()))
          consider({RunsOn::Caller, "", E->getExprLoc()});
        if (isStdCall(Call, "invoke") || isStdCall(Call, "apply"))
          if (Call->getNumArgs() && Holding.carries(Call->getArg(0)))
            consider({RunsOn::Caller, "", E->getExprLoc()});
      }
      llvm::ArrayRef<const Expr *> Args = argumentsOf(E);
      for (unsigned I = 0; I != Args.size(); ++I) {
        if (!Holding.carries(Args[I]))
          continue;
        consider(at(argument(E, I), E->getExprLoc()));
        // Put into a queue that the object owns.
        const auto *Member = dyn_cast<CXXMemberCallExpr>(E);
        const auto *Method = dyn_cast<CXXMethodDecl>(Function);
        if (Member && Method && putsIn(calleeName(Member)))
          if (const FieldDecl *Queue =
                  memberOfThis(Member->getImplicitObjectArgument()))
            consider(at(stored(Queue, Method), E->getExprLoc()));
        // Or kept in a member: 'handler = task', 'handlers[key] = task'.
        const auto *Assign = dyn_cast<CXXOperatorCallExpr>(E);
        if (Assign && Method && Assign->getOperator() == OO_Equal)
          if (const FieldDecl *Keeper = memberOfThis(Assign->getArg(0)))
            consider(at(stored(Keeper, Method), E->getExprLoc()));
      }
      return true;
    });
  };
  visit(Body);
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      if (Init->getInit()) {
        visit(Init->getInit());
        if (Init->getMember() && Holding.carries(Init->getInit()))
          consider(at(stored(Init->getMember(), Constructor),
                      Init->getSourceLocation()));
      }
  return Result;
}

namespace {

/// Finds in the bodies of a class who takes things out of one of its queues.
class DrainFinder {
public:
  DrainFinder(HopAnalysis &Hops, const FieldDecl *Queue)
      : Hops(Hops), Queue(Queue) {}

  /// The call that starts a thread which drains the queue.
  const Expr *Starter = nullptr;
  /// The member function that drains it on the thread of whoever calls it.
  const CXXMethodDecl *Own = nullptr;

  void look(const CXXRecordDecl *Class) {
    // A thread that a default member initialiser starts.
    for (const FieldDecl *Field : Class->fields())
      if (Field->hasInClassInitializer() && Field->getInClassInitializer() &&
          !Class->isDependentContext())
        visitEvaluated(Field->getInClassInitializer(), [&](const Stmt *S) {
          inspect(dyn_cast<Expr>(S));
          return true;
        });
    for (const CXXMethodDecl *Method : methodsOf(Class)) {
      const Stmt *Body = visibleBody(Method);
      if (!Body)
        continue;
      visitEvaluated(Body, [&](const Stmt *S) {
        inspect(dyn_cast<Expr>(S));
        return true;
      });
      if (const auto *Constructor =
              dyn_cast<CXXConstructorDecl>(Method->getDefinition()))
        for (const CXXCtorInitializer *Init : Constructor->inits())
          visitEvaluated(Init->getInit(), [&](const Stmt *S) {
            inspect(dyn_cast<Expr>(S));
            return true;
          });
      llvm::SmallPtrSet<const Decl *, 8> Seen;
      if (drains(Body, Seen, MaxDepth))
        Own = Method;
    }
  }

private:
  static llvm::SmallVector<const CXXMethodDecl *>
  methodsOf(const CXXRecordDecl *Class) {
    llvm::SmallVector<const CXXMethodDecl *> Methods(Class->methods());
    for (const Decl *D : Class->decls())
      if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
        for (const FunctionDecl *Special : Template->specializations())
          if (const auto *Method = dyn_cast<CXXMethodDecl>(Special))
            Methods.push_back(Method);
    return Methods;
  }

  /// Whether the code takes something out of the queue, itself or through
  /// other members.
  bool drains(const Stmt *Body, llvm::SmallPtrSetImpl<const Decl *> &Seen,
              unsigned Depth) {
    bool Found = false;
    visitEvaluated(Body, [&](const Stmt *S) {
      const auto *Call = dyn_cast<CallExpr>(S);
      if (!Call || Found)
        return !Found;
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
          Operator && Operator->getOperator() == OO_Call)
        // A callable that is kept, not queued.
        Found = memberOfThis(Operator->getArg(0)) == Queue->getCanonicalDecl();
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
        const CXXMethodDecl *Method = Member->getMethodDecl();
        const Expr *Object = Member->getImplicitObjectArgument();
        if (Method && Method->getIdentifier() &&
            memberOfThis(Object) == Queue->getCanonicalDecl() && takes(Method))
          Found = true;
        else if (Method && isa<CXXThisExpr>(stripForwarding(Object)) && Depth &&
                 Seen.insert(Method->getCanonicalDecl()).second)
          Found = visibleBody(Method) &&
                  drains(visibleBody(Method), Seen, Depth - 1);
      } else if (Callee &&
                 (isStdCall(Call, "swap") || isStdCall(Call, "move") ||
                  isStdCall(Call, "exchange"))) {
        for (const Expr *Arg : Call->arguments())
          Found |= memberOfThis(Arg) == Queue->getCanonicalDecl();
      }
      return true;
    });
    return Found;
  }

  static bool takes(const CXXMethodDecl *Method) {
    llvm::StringRef Name = Method->getName();
    return Name.starts_with("pop") || Name.starts_with("take") ||
           Name.starts_with("try_pop") || Name.starts_with("dequeue") ||
           Name.starts_with("try_dequeue") ||
           Name.starts_with("wait_dequeue") ||
           isOneOf(Name, {"front", "back", "swap", "get", "next", "receive",
                          "recv", "begin", "top", "read", "poll", "splice",
                          "extract", "fetch", "wait_and_pop"});
  }

  /// A call that runs something on a thread: does what it runs drain the queue?
  void inspect(const Expr *E) {
    if (Starter || !E || !isa<CallExpr, CXXConstructExpr>(E))
      return;
    llvm::ArrayRef<const Expr *> Args = argumentsOf(E);
    for (unsigned I = 0; I != Args.size(); ++I) {
      if (!isTakenFromQueue(Args[I], /*Depth=*/4)) {
        const Stmt *Run = runnable(Args[I]);
        if (!Run)
          continue;
        llvm::SmallPtrSet<const Decl *, 8> Seen;
        if (!drains(Run, Seen, MaxDepth))
          continue;
      }
      if (Hops.argument(E, I).Where == RunsOn::Elsewhere) {
        Starter = E;
        return;
      }
    }
  }

  /// Whether the argument is the callable that the member keeps, a copy of it,
  /// or a lambda around one.
  bool isTakenFromQueue(const Expr *E, unsigned Depth) const {
    if (!E || !Depth)
      return false;
    E = stripForwarding(E);
    if (memberOfThis(E) == Queue->getCanonicalDecl())
      return true;
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
      return Construct->getNumArgs() == 1 &&
             isTakenFromQueue(Construct->getArg(0), Depth - 1);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
      return Var && Var->isLocalVarDecl() && Var->hasInit() &&
             isTakenFromQueue(Var->getInit(), Depth - 1);
    }
    if (const auto *Lambda = dyn_cast<LambdaExpr>(E))
      for (const LambdaCapture &Capture : Lambda->captures()) {
        const auto *Var = Capture.capturesVariable()
                              ? dyn_cast<VarDecl>(Capture.getCapturedVar())
                              : nullptr;
        if (Var && Var->hasInit() && !isa<ParmVarDecl>(Var) &&
            isCallableType(Var->getType()) &&
            isTakenFromQueue(Var->getInit(), Depth - 1))
          return true;
      }
    return false;
  }

  static bool isCallableType(QualType Type) {
    const CXXRecordDecl *Record =
        Type.getNonReferenceType()->getAsCXXRecordDecl();
    return Record && declaresCall(Record);
  }

  /// The body of a lambda, or of a member function named by its address.
  static const Stmt *runnable(const Expr *E) {
    E = stripForwarding(E);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
      if (Construct->getNumArgs() == 1)
        E = stripForwarding(Construct->getArg(0));
    if (const auto *Lambda = dyn_cast<LambdaExpr>(E))
      return Lambda->getCallOperator()->getBody();
    if (const auto *Address = dyn_cast<UnaryOperator>(E))
      if (Address->getOpcode() == UO_AddrOf)
        if (const auto *Ref = dyn_cast<DeclRefExpr>(Address->getSubExpr()))
          return visibleBody(dyn_cast<FunctionDecl>(Ref->getDecl()));
    return nullptr;
  }

  HopAnalysis &Hops;
  const FieldDecl *Queue;
};

} // namespace

/// True if a member of the class is a mutex, a condition variable or an atomic.
static bool isSynchronized(const CXXRecordDecl *Class) {
  for (const FieldDecl *Field : Class->fields())
    if (const CXXRecordDecl *Type = Field->getType()->getAsCXXRecordDecl())
      if (Type->getIdentifier() &&
          (Type->getName().contains("mutex") ||
           Type->getName().contains("atomic") ||
           Type->getName().contains("condition_variable")))
        return true;
  return false;
}

/// Whether the member is one callable, not a queue of them.
static bool isKeptCallable(QualType Type) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record && Record->getIdentifier() &&
         Record->getName().contains("function");
}

HopVerdict HopAnalysis::stored(const FieldDecl *Queue,
                               const CXXMethodDecl *By) {
  DrainFinder Finder(*this, Queue->getCanonicalDecl());
  Finder.look(By->getParent());
  if (Finder.Starter)
    return {RunsOn::Elsewhere,
            quoted(By) + " puts it into " + quoted(Queue) +
                (isKeptCallable(Queue->getType())
                     ? ", which another thread runs"
                     : ", which a thread started here drains"),
            Finder.Starter->getExprLoc()};
  // With a lock or an atomic in it the object is meant for several threads;
  // which of them drains the queue is not to be seen.
  if (Finder.Own && !isSynchronized(By->getParent()))
    return {RunsOn::Caller,
            quoted(Finder.Own) + " runs what is in " + quoted(Queue) +
                " on the thread that calls it",
            Finder.Own->getLocation()};
  return {};
}

namespace {

/// What the models say of the executor that the expression names.
Pinning pinningOf(const Expr *E, const ModelIndex &Index, unsigned Depth = 4) {
  if (!E || !Depth)
    return Pinning::Unknown;
  const Expr *Bare = stripForwarding(E);
  if (isa<CallExpr>(Bare))
    if (const ExecutorModel *Row = Index.ExecutorFunctions.find(Bare))
      return Row->Pins;
  QualType Type = Bare->getType().getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  if (const ExecutorModel *Row = Index.Executors.find(Type, /*Bases=*/true))
    if (Row->Pins != Pinning::Unknown)
      return Row->Pins;
  // A smart pointer to an executor.
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Bare))
    return pinningOf(Operator->getArg(0), Index, Depth - 1);
  // 'pool.get_executor()' is the pool; a variable what it was made from.
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Bare))
    if (isOneOf(calleeName(Call), {"get_executor", "executor", "get_scheduler",
                                   "get", "context", "get_token"}))
      return pinningOf(Call->getImplicitObjectArgument(), Index, Depth - 1);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Bare))
    if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
      if (Var->isLocalVarDecl() && Var->hasInit())
        return pinningOf(Var->getInit(), Index, Depth - 1);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Bare))
    if (Construct->getNumArgs() >= 1)
      return pinningOf(Construct->getArg(0), Index, Depth - 1);
  return Pinning::Unknown;
}

/// What a launch or execution policy says; Unknown if it leaves a choice.
RunsOn policyOf(const Expr *E, const ASTContext &Context) {
  QualType Type = E->getType().getNonReferenceType();
  if (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl()) {
    if (!Record->getIdentifier())
      return RunsOn::Unknown;
    if (isOneOf(Record->getName(),
                {"parallel_policy", "parallel_unsequenced_policy"}))
      return RunsOn::Elsewhere;
    if (isOneOf(Record->getName(), {"sequenced_policy", "unsequenced_policy"}))
      return RunsOn::Caller;
    return RunsOn::Unknown;
  }
  // std::launch, boost::launch: a mask of 'async' and 'deferred'.
  const auto *Enum = Type->getAs<EnumType>();
  Expr::EvalResult Value;
  if (!Enum || E->isValueDependent() || !E->EvaluateAsInt(Value, Context))
    return RunsOn::Unknown;
  llvm::APSInt Mask = Value.Val.getInt();
  const EnumDecl *Definition = Enum->getDecl()->getDefinition();
  if (!Definition)
    return RunsOn::Unknown;
  for (const EnumConstantDecl *Constant : Definition->enumerators())
    if (llvm::APSInt::isSameValue(Constant->getInitVal(), Mask)) {
      if (isOneOf(Constant->getName(), {"async", "fork", "task", "apply"}))
        return RunsOn::Elsewhere;
      if (isOneOf(Constant->getName(), {"deferred", "sync", "lazy"}))
        return RunsOn::Caller;
    }
  return RunsOn::Unknown;
}

/// Whether the type can be called, or is a pointer to what can.
bool isCallable(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isFunctionType() || Type->isFunctionPointerType() ||
      Type->isMemberFunctionPointerType() || Type->isBlockPointerType())
    return true;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  if (Record->isLambda())
    return true;
  return declaresCall(Record) ||
         !Record->forallBases([](const CXXRecordDecl *Base) {
           return !Base->hasDefinition() || !declaresCall(Base);
         });
}

/// Whether argument number \p Index is part of the row's task.
bool isTask(const SinkModel &Row, llvm::ArrayRef<const Expr *> Args,
            unsigned Index) {
  switch (Row.Task.Kind) {
  case SinkTask::Indices:
    return llvm::is_contained(Row.Task.Arguments, Index);
  case SinkTask::From:
    return Index >= Row.Task.First;
  case SinkTask::Last: {
    unsigned Count = Args.size();
    while (Count && isa<CXXDefaultArgExpr>(Args[Count - 1]))
      --Count;
    return Count && Index == Count - 1;
  }
  case SinkTask::FromCallable:
    for (unsigned I = 0; I <= Index && I < Args.size(); ++I)
      if (isCallable(stripForwarding(Args[I])->getType()) ||
          isCallable(Args[I]->getType()))
        return true;
    return false;
  case SinkTask::Object:
  case SinkTask::Body:
    return false;
  }
  return false;
}

std::string sinkName(const SinkModel &Row) {
  llvm::StringRef Name = Row.Function;
  // A constructor is named by its class.
  auto [Class, Function] = Name.rsplit("::");
  if (Class.rsplit("::").second == Function || Class == Function)
    return Class.str();
  return Name.str();
}

} // namespace

HopVerdict HopAnalysis::modelled(const Expr *E, unsigned Argument) {
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    if (Construct->getConstructor()->isCopyOrMoveConstructor())
      return {};
  const SinkModel *Row = Index.sink(E);
  llvm::ArrayRef<const Expr *> Args = argumentsOf(E);
  if (!Row || !isTask(*Row, Args, Argument))
    return {};
  HopVerdict Verdict;
  Verdict.Row = Row;
  Verdict.Blocks = Row->Blocks;
  Verdict.Concurrent = Row->Concurrent;
  Verdict.IsMessage = Row->Payload != SinkPayload::Callable;
  std::string Name = "'" + sinkName(*Row) + "'";
  std::string From = " (model '" + Row->From.Library + "')";
  switch (Row->Hops) {
  case Hopping::Always:
    Verdict.Where = RunsOn::Elsewhere;
    break;
  case Hopping::Never:
    Verdict.Where = RunsOn::Caller;
    break;
  case Hopping::Maybe:
    break;
  case Hopping::Policy:
    if (Row->Policy && *Row->Policy < Args.size())
      Verdict.Where = policyOf(stripWrapping(Args[*Row->Policy]), Context);
    break;
  case Hopping::Executor: {
    const Expr *Executor = nullptr;
    if (Row->Executor && Row->Executor->IsObject) {
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E))
        Executor = Member->getImplicitObjectArgument();
    } else if (Row->Executor && Row->Executor->Argument < Args.size()) {
      Executor = Args[Row->Executor->Argument];
    }
    switch (pinningOf(Executor, Index)) {
    case Pinning::None:
      Verdict.Where = RunsOn::Elsewhere;
      break;
    case Pinning::Caller:
      Verdict.Where = RunsOn::Caller;
      break;
    case Pinning::Thread:
    case Pinning::Sequence:
      // Perhaps the object's own.
      break;
    case Pinning::Unknown:
      Verdict.IsUnknownExecutor = true;
      break;
    }
    break;
  }
  }
  switch (Verdict.Where) {
  case RunsOn::Elsewhere:
    if (Verdict.IsMessage)
      Verdict.Why = Name + " hands it to another thread" + From;
    else if (isa<CXXConstructExpr>(E) && Name.find("thread") != Name.npos)
      Verdict.Why = "a new " + Name + " runs it";
    else
      Verdict.Why = Name + " runs it on another thread" + From;
    break;
  case RunsOn::Caller:
    Verdict.Why = Name + " runs it on the calling thread" + From;
    break;
  case RunsOn::Unknown:
    break;
  }
  return Verdict;
}

namespace {

/// True if the function's body locks a mutex of the object, or works on an
/// atomic member.
bool isSynchronizedBody(const CXXMethodDecl *Method) {
  bool Found = false;
  visitEvaluated(visibleBody(Method), [&](const Stmt *S) {
    const auto *Member = dyn_cast<MemberExpr>(S);
    const auto *Field =
        Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
    if (!Field)
      return true;
    if (const CXXRecordDecl *Class = Field->getType()->getAsCXXRecordDecl())
      if (Class->getIdentifier()) {
        std::string Name = Class->getName().lower();
        Found |= Name.find("mutex") != Name.npos ||
                 Name.find("atomic") != Name.npos ||
                 Name.find("spinlock") != Name.npos;
      }
    return true;
  });
  return Found;
}

/// True if a function of the class, synchronised like the one that puts things
/// in, gives out what is in the queue: by its result or an output parameter.
const CXXMethodDecl *givesOut(const CXXRecordDecl *Class,
                              const FieldDecl *Queue) {
  for (const CXXMethodDecl *Method : Class->methods()) {
    if (!visibleBody(Method)) {
      // An instantiation's functions that nobody calls have no body: the
      // pattern's is as good.
      const FunctionDecl *Pattern = Method->getTemplateInstantiationPattern();
      if (!Pattern || !Pattern->hasBody())
        continue;
      llvm::StringRef Name =
          Method->getIdentifier() ? Method->getName() : llvm::StringRef();
      bool Takes = Name.contains("pop") || Name.contains("recv") ||
                   Name.contains("receive") || Name.contains("take") ||
                   Name.contains("dequeue") || Name == "get" || Name == "next";
      if (Takes &&
          !(Method->getReturnType()->isVoidType() && Method->param_empty()))
        return Method;
      continue;
    }
    bool Out = !Method->getReturnType()->isVoidType() &&
               !Method->getReturnType()->isArithmeticType();
    for (const ParmVarDecl *Param : Method->parameters())
      Out |= Param->getType()->isReferenceType() &&
             !Param->getType()->isRValueReferenceType() &&
             !Param->getType()->getPointeeType().isConstQualified();
    if (!Out || !isSynchronizedBody(Method))
      continue;
    bool Reads = false;
    visitEvaluated(visibleBody(Method), [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S))
        if (memberOfThis(Call->getImplicitObjectArgument()) ==
                Queue->getCanonicalDecl() &&
            isOneOf(calleeName(Call),
                    {"front", "back", "top", "pop", "pop_front", "pop_back",
                     "value", "begin", "extract", "try_pop", "dequeue"}))
          Reads = true;
      if (isStdCall(dyn_cast<Expr>(S), "swap") ||
          isStdCall(dyn_cast<Expr>(S), "move") ||
          isStdCall(dyn_cast<Expr>(S), "exchange"))
        for (const Expr *Arg :
             cast<CallExpr>(stripWrapping(cast<Expr>(S)))->arguments())
          Reads |= memberOfThis(Arg) == Queue->getCanonicalDecl();
      return true;
    });
    if (Reads)
      return Method;
  }
  return nullptr;
}

} // namespace

HopVerdict HopAnalysis::message(const Expr *E, unsigned Argument) {
  E = stripWrapping(E);
  const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  const Stmt *Body = Method ? visibleBody(Method) : nullptr;
  if (!Body || Argument >= Method->getNumParams() || isInStd(Method))
    return {};
  Method = cast<CXXMethodDecl>(Method->getDefinition());
  if (!isSynchronizedBody(Method))
    return {};
  Carriers Holding(Method->getParamDecl(Argument), Body);
  const FieldDecl *Queue = nullptr;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(S)) {
      if (putsIn(calleeName(Member)))
        for (const Expr *Arg : Member->arguments())
          if (Holding.carries(Arg))
            if (const FieldDecl *Field =
                    memberOfThis(Member->getImplicitObjectArgument()))
              Queue = Field;
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2 &&
          Holding.carries(Operator->getArg(1)))
        if (const FieldDecl *Field = memberOfThis(Operator->getArg(0)))
          Queue = Field;
    }
    return true;
  });
  if (!Queue)
    return {};
  const CXXMethodDecl *Out = givesOut(Method->getParent(), Queue);
  if (!Out)
    return {};
  HopVerdict Verdict;
  Verdict.Where = RunsOn::Elsewhere;
  Verdict.IsMessage = true;
  Verdict.Why = quoted(Method) + " puts it into " + quoted(Queue) +
                ", from which " + quoted(Out) +
                " gives it to whichever thread asks";
  Verdict.Loc = Out->getLocation();
  return Verdict;
}

} // namespace threadhop
