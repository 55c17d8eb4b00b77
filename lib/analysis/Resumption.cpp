//===--- Resumption.cpp - where an await comes back -----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Resumption.h"
#include "analysis/Annotations.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include <functional>

using namespace clang;

namespace threadhop {

/// Whether a call of the function may run an overrider's body instead.
static bool isOverridable(const FunctionDecl *Function) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Function);
  return Method && Method->isVirtual() && !Method->hasAttr<FinalAttr>() &&
         !Method->getParent()->hasAttr<FinalAttr>();
}

/// The value that every return statement of the function has, if it is the same
/// constant on every path.
static std::optional<bool> constantResult(const FunctionDecl *Function,
                                          const ASTContext &Context) {
  const Stmt *Body = visibleBody(Function);
  if (!Body || !Function->getReturnType()->isBooleanType() ||
      isOverridable(Function))
    return std::nullopt;
  std::optional<bool> Result;
  bool Known = true;
  visitEvaluated(Body, [&](const Stmt *S) {
    const auto *Return = dyn_cast<ReturnStmt>(S);
    if (!Return)
      return true;
    bool Value = false;
    const Expr *E = Return->getRetValue();
    if (!E || E->isValueDependent() ||
        !E->EvaluateAsBooleanCondition(Value, Context) ||
        (Result && *Result != Value))
      Known = false;
    else
      Result = Value;
    return true;
  });
  return Known ? Result : std::nullopt;
}

/// The function that the awaiter's call expression calls.
static const FunctionDecl *directCallee(const Expr *Call) {
  const auto *C =
      dyn_cast_or_null<CallExpr>(Call ? stripWrapping(Call) : nullptr);
  return C ? C->getDirectCallee() : nullptr;
}

/// The await_suspend call; clang wraps a returned handle into its address.
static const FunctionDecl *suspendFunction(const CoroutineSuspendExpr *E) {
  const FunctionDecl *Found = nullptr;
  std::function<void(const Stmt *)> Search = [&](const Stmt *S) {
    if (!S || Found)
      return;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (const FunctionDecl *Callee = Call->getDirectCallee())
        if (Callee->getIdentifier() && Callee->getName() == "await_suspend") {
          Found = Callee;
          return;
        }
    for (const Stmt *Child : S->children())
      Search(Child);
  };
  Search(E->getSuspendExpr());
  return Found;
}

bool ResumptionAnalysis::neverSuspends(
    const CoroutineSuspendExpr *Suspend) const {
  if (auto Ready = constantResult(directCallee(Suspend->getReadyExpr()), Context))
    if (*Ready)
      return true;
  if (auto Suspends = constantResult(suspendFunction(Suspend), Context))
    if (!*Suspends)
      return true;
  return false;
}

/// Where await_suspend's own body resumes the handle: within the call, or on a
/// thread that it starts for that. Nothing if it does anything else with it.
static std::optional<ResumptionVerdict>
bodyVerdict(const FunctionDecl *Function) {
  const Stmt *Body = visibleBody(Function);
  if (!Body || Function->getNumParams() != 1 || isOverridable(Function))
    return std::nullopt;
  const ParmVarDecl *Handle = Function->getDefinition()->getParamDecl(0);
  auto isHandle = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(E));
    return Ref && Ref->getDecl() == Handle;
  };
  bool Inline = false, Other = false;
  std::optional<ResumptionVerdict> Thread;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      if (isHandle(Call->getImplicitObjectArgument()) &&
          calleeName(Call) == "resume") {
        Inline = true;
        return false;
      }
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Operator->getOperator() == OO_Call && isHandle(Operator->getArg(0))) {
        Inline = true;
        return false;
      }
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      const CXXRecordDecl *Record = Construct->getConstructor()->getParent();
      if (isInStd(Record) && Record->getIdentifier() &&
          isOneOf(Record->getName(), {"thread", "jthread"}) &&
          Construct->getNumArgs() != 0 &&
          !Construct->getConstructor()->isCopyOrMoveConstructor()) {
        bool Mentions = false;
        for (const Expr *Arg : Construct->arguments())
          visitEvaluated(Arg, [&](const Stmt *Inner) {
            const auto *Ref = dyn_cast<DeclRefExpr>(Inner);
            Mentions |= Ref && Ref->getDecl() == Handle;
            return true;
          });
        if (Mentions) {
          Thread = ResumptionVerdict{
              Resumption::Elsewhere,
              "resumes on another thread: await_suspend starts one for it",
              Construct->getExprLoc()};
          return false;
        }
      }
    } else if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      Other |= Ref->getDecl() == Handle;
    }
    return true;
  });
  if (Thread)
    return Thread;
  if (Inline && !Other)
    return ResumptionVerdict{
        Resumption::SameThread, "resumed within await_suspend", {}};
  return std::nullopt;
}

static const char *nameOf(Resumption Where) {
  switch (Where) {
  case Resumption::NeverSuspends:
    return "never suspends";
  case Resumption::SameThread:
    return "resumes on the same thread";
  case Resumption::SameExecutor:
    return "resumes on its executor, perhaps on another thread of it";
  case Resumption::Elsewhere:
    return "resumes on another thread";
  case Resumption::Unknown:
    return "resumes on a thread that is not known";
  }
  llvm_unreachable("all cases are named");
}

/// The completion token of the awaited call, which is its last argument or
/// within it, where it decides where the await comes back; and its row.
static std::pair<const AwaitableModel *, const Expr *>
findCompletionToken(const Expr *Operand, const ModelIndex &Index) {
  const auto *Call =
      dyn_cast_or_null<CallExpr>(Operand ? stripWrapping(Operand) : nullptr);
  if (!Call || !Call->getNumArgs())
    return {nullptr, nullptr};
  const AwaitableModel *Found = nullptr;
  const Expr *Token = nullptr;
  visitEvaluated(Call->getArg(Call->getNumArgs() - 1), [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (!E || Found)
      return !Found;
    if (isa<CallExpr>(E))
      Found = Index.AwaitableFunctions.find(E);
    else if (isa<DeclRefExpr, MemberExpr>(E))
      Found = Index.AwaitableTypes.find(E->getType(), /*Bases=*/false);
    if (Found && !Found->IsCompletionToken)
      Found = nullptr;
    Token = E;
    return !Found;
  });
  return {Found, Token};
}

ResumptionVerdict
ResumptionAnalysis::resumesAt(const CoroutineSuspendExpr *Suspend,
                              const FunctionDecl *Coroutine) const {
  const Expr *Operand = Suspend->getOperand();
  const Expr *Common = Suspend->getCommonExpr();

  // 1. Annotations: on the function called, on the awaitable, on the awaiter.
  auto annotated = [&](auto On) -> std::optional<ResumptionVerdict> {
    for (Annotation Kind :
         {Annotation::ResumesHere, Annotation::ResumesElsewhere})
      if (auto Found = findAnnotation(On, Kind)) {
        bool Here = Kind == Annotation::ResumesHere;
        std::string Why =
            Here ? "annotated resumes_here" : "annotated resumes_elsewhere";
        if (!Found->Reason.empty())
          Why += ": " + Found->Reason;
        return ResumptionVerdict{Here ? Resumption::SameThread
                                      : Resumption::Elsewhere,
                                 Why, Found->Loc};
      }
    return std::nullopt;
  };
  if (const FunctionDecl *Callee = directCallee(Operand))
    if (auto Verdict = annotated(static_cast<const Decl *>(Callee)))
      return *Verdict;
  for (const Expr *E : {Operand, Common})
    if (E)
      if (auto Verdict = annotated(E->getType()))
        return *Verdict;

  // 2. What can be seen never to suspend needs no model.
  if (neverSuspends(Suspend))
    return {Resumption::NeverSuspends, "", {}};

  // 3. Models, of the function before those of the type.
  auto modelled = [&](const AwaitableModel &Model, const Expr *Made) {
    Resumption Where = Model.Resumes;
    if (Model.ViaArgument)
      if (const auto *Call = dyn_cast<CallExpr>(stripWrapping(Made)))
        if (const Expr *Arg = writtenArgument(Call, *Model.ViaArgument))
          if (const ExecutorModel *Executor =
                  Index.Executors.find(Arg->getType(), true)) {
            if (Executor->Pins == Pinning::Caller)
              Where = Resumption::SameThread;
            else if (Executor->Pins != Pinning::Unknown)
              Where = Resumption::Elsewhere;
          }
    return ResumptionVerdict{Where,
                             std::string(nameOf(Where)) + " (model '" +
                                 Model.From.Library + "')",
                             {}};
  };
  if (auto [Token, Made] = findCompletionToken(Operand, Index); Token)
    return modelled(*Token, Made);
  if (const AwaitableModel *Model = Index.AwaitableFunctions.find(Operand);
      Model && !Model->IsCompletionToken)
    return modelled(*Model, Operand);
  // What the promise's await_transform made of the operand is what counts; the
  // operand still tells where the transformed await comes back.
  for (const Expr *E : {Common, Operand})
    if (E)
      if (const AwaitableModel *Model =
              Index.AwaitableTypes.find(E->getType(), /*Bases=*/true))
        if (!Model->IsCompletionToken &&
            (E == Common || Model->Resumes != Resumption::NeverSuspends))
          return modelled(*Model, E);
  if (auto Verdict = bodyVerdict(suspendFunction(Suspend)))
    return *Verdict;
  if (const FunctionDecl *Function = suspendFunction(Suspend);
      Hops && Function) {
    HopVerdict Handed = Hops->parameter(Function, 0);
    if (Handed.Where == RunsOn::Elsewhere)
      return {Resumption::Elsewhere, "resumes on another thread: " + Handed.Why,
              Handed.Loc};
    if (Handed.Where == RunsOn::Caller && !Handed.Why.empty())
      return {Resumption::SameThread, Handed.Why, Handed.Loc};
  }

  // 4. The awaitable is itself a coroutine type, or the coroutine's own type
  // brings it home.
  auto home = [&](QualType Type) -> std::optional<ResumptionVerdict> {
    const CoroutineModel *Model = Index.Coroutines.find(Type, /*Bases=*/true);
    if (!Model || Model->Resumes == CoroutineHome::CompletingThread)
      return std::nullopt;
    Resumption Where = Model->Resumes == CoroutineHome::SameThread
                           ? Resumption::SameThread
                           : Resumption::SameExecutor;
    return ResumptionVerdict{Where,
                             std::string(nameOf(Where)) + " (model '" +
                                 Model->From.Library + "')",
                             {}};
  };
  if (Coroutine)
    if (auto Verdict = home(Coroutine->getReturnType()))
      return *Verdict;
  if (Operand)
    if (auto Verdict = home(Operand->getType()))
      if (Verdict->Where == Resumption::SameThread)
        return *Verdict;
  return {};
}

} // namespace threadhop
