//===--- error-views-dead-storage -----------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports an exception that views a local variable, a by-value parameter or a
// temporary of a function it leaves: unwinding (or the end of the task or
// coroutine) destroys the storage before a handler can read the view.
//
// Silent on purpose: static and thread-local storage, the error's own members,
// what parameters refer to (that is judged at the call), members of *this, and
// exceptions that a handler ends while the storage lives.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/DeadErrorViews.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {
namespace {

class ErrorViewsDeadStorage : public Check {
public:
  using Check::Check;

private:
  void analyze(Session &Unit) override;
};

/// The tasks of a unit: lambdas and functions that somebody else runs, and the
/// calls that hand them over.
class Tasks {
public:
  explicit Tasks(Session &Unit) : Unit(Unit) {}

  /// The call whose result, or whoever, gets the function's exceptions.
  const Expr *sinkOf(const FunctionDecl *Task);

private:
  void find();

  Session &Unit;
  bool Found = false;
  llvm::DenseMap<const FunctionDecl *, const Expr *> Sinks;
};

void Tasks::find() {
  for (const FunctionDecl *Function : Unit.Code.Functions)
    visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
      if (!isa<CallExpr, CXXConstructExpr>(S))
        return true;
      const auto *E = cast<Expr>(S);
      Invocation Call = invocationOf(E);
      if (!Call)
        return true;
      const SinkModel *Row = nullptr;
      for (const Expr *Arg : Call.Args) {
        const auto *Record =
            Arg->getType().getNonReferenceType()->getAsCXXRecordDecl();
        const FunctionDecl *Task = nullptr;
        if (Record && Record->isLambda())
          Task = Record->getLambdaCallOperator();
        else if (const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Arg)))
          Task = dyn_cast<FunctionDecl>(Ref->getDecl());
        if (!Task)
          continue;
        if (!Row && !(Row = Unit.Index.sink(E)))
          return true;
        if (Row->TransportsErrors)
          Sinks.try_emplace(Task->getCanonicalDecl(), E);
      }
      return true;
    });
}

const Expr *Tasks::sinkOf(const FunctionDecl *Task) {
  if (!Found)
    find();
  Found = true;
  return Sinks.lookup(Task->getCanonicalDecl());
}

std::string quoted(llvm::StringRef Name) { return "'" + Name.str() + "'"; }

std::string storageName(const Storage &S, const ASTContext &Context) {
  if (S.Kind == Storage::Temporary)
    return "a temporary " + quoted(typeName(S.Temp->getType(), Context));
  llvm::StringRef Name = S.Var->getName();
  if (Name.empty())
    return "a local variable without a name";
  return (isa<ParmVarDecl>(S.Var) ? "by-value parameter " : "local ") +
         quoted(Name);
}

std::string memberName(const MemberPath &Members) {
  std::string Result;
  for (const FieldDecl *Field : Members)
    if (Field->getIdentifier())
      Result += (Result.empty() ? "" : ".") + Field->getNameAsString();
  return Result;
}

bool isCoroutine(const FunctionDecl *Function) {
  return isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Function));
}

/// Why nobody can read the view any more.
std::string deathOf(const DeadErrorView &Dead) {
  const Storage &S = Dead.What.Of;
  if (S.Kind == Storage::Temporary)
    return "it is destroyed at the end of the full expression, before any "
           "handler runs";
  const FunctionDecl *Home = functionOf(S.Var);
  if (Home != Dead.Function->getCanonicalDecl())
    return "it is gone when " + quoted(Home->getNameAsString()) + " returns";
  if (Dead.Handler)
    return "it is destroyed before the handler runs";
  if (Dead.Kept)
    return "it is gone when the function returns, while the exception is kept "
           "for others";
  if (isCoroutine(Dead.Function))
    return isa<ParmVarDecl>(S.Var) ? "it is destroyed with the coroutine's "
                                     "frame, and the exception "
                                     "is kept for whoever awaits the coroutine"
                                   : "unwinding destroys it before whoever "
                                     "awaits the coroutine can "
                                     "read it";
  return "unwinding destroys it before a handler can read it";
}

/// From the storage to whoever reads it when it is gone.
std::vector<Moment> story(const DeadErrorView &Dead, Tasks &Known) {
  const Storage &S = Dead.What.Of;
  std::string Name =
      S.Var && !S.Var->getName().empty()
          ? quoted(S.Var->getName())
          : std::string(S.Var ? "the variable" : "the temporary");
  std::vector<Moment> Story = {
      {StepKind::Create, "",
       Name + (S.Var ? " is declared" : " is made, and the error views it"),
       S.Var ? S.Var->getLocation() : Dead.at()->getExprLoc()}};
  bool Kept = Dead.Kept && Dead.Kept != Dead.Throw;
  if (S.Var)
    Story.push_back({Kept ? StepKind::Use : StepKind::HandOver, "",
                     Dead.Kept ? "the error is made, with the view"
                               : "the error is thrown, with the view",
                     Dead.at()->getExprLoc()});
  if (Kept)
    Story.push_back({StepKind::HandOver, "", "the exception is kept",
                     Dead.Kept->getExprLoc()});
  Story.push_back({StepKind::Destroy, "", Name + " ends", SourceLocation()});
  bool Asked = Dead.Kept || (!Dead.Handler && Known.sinkOf(Dead.Function));
  Story.push_back(
      {StepKind::Use,
       Asked ? "whoever asks for the result"
       : isCoroutine(Dead.Function) && !Dead.Handler
           ? "whoever awaits the coroutine"
           : "the handler",
       "reads the view: it is dead",
       Dead.Handler ? Dead.Handler->getCatchLoc() : SourceLocation()});
  return Story;
}

Finding describe(const DeadErrorView &Dead, Tasks &Known,
                 const ASTContext &Context) {
  const Storage &S = Dead.What.Of;
  std::string Error = quoted(typeName(Dead.Error, Context));
  std::string What = storageName(S, Context);
  std::string Member = memberName(Dead.What.Members);
  Finding Found;
  const Expr *At = Dead.at();
  Found.Loc = At->getExprLoc();
  Found.Range = At->getSourceRange();
  Found.Kind = S.Var ? "variable" : "temporary";
  Found.Symbol =
      S.Var ? S.Var->getNameAsString() : typeName(S.Temp->getType(), Context);
  Found.Function = Dead.Function->getQualifiedNameAsString();

  // An error reads as one sentence: what views what, and why that is wrong.
  std::string Views = Dead.Error->isPointerType() ? " points to " : " views ";
  if (Member.empty())
    Found.Message =
        std::string(Dead.Kept ? "transported " : "thrown ") + Error + Views;
  else
    Found.Message = "member " + quoted(Member) + " of the " +
                    (Dead.Kept ? "transported " : "thrown ") + Error + Views;
  Found.Message += What + ": " + deathOf(Dead);

  if (S.Var)
    Found.Steps.push_back(
        {S.Var->getLocation(),
         (isa<ParmVarDecl>(S.Var) ? "parameter " : "variable ") +
             quoted(S.Var->getName()) + " is declared here",
         StepKind::Create, ""});
  for (size_t I = 1; I < Dead.Calls.size(); ++I)
    Found.Steps.push_back({Dead.Calls[I]->getExprLoc(),
                           "the view is handed on here", StepKind::Explain,
                           ""});
  if (!Dead.Calls.empty())
    Found.Steps.push_back({Dead.Throw->getExprLoc(),
                           Dead.Kept ? "the error is made here, with the view"
                                     : Error + " is thrown here, with the view",
                           StepKind::Explain, ""});
  if (Dead.Kept && Dead.Kept != Dead.Throw)
    Found.Steps.push_back({Dead.Kept->getExprLoc(),
                           "the exception is kept here for whoever asks later",
                           StepKind::HandOver, ""});
  if (Dead.Handler) {
    Found.Steps.push_back({Dead.Handler->getCatchLoc(),
                           "the handler here reads the view", StepKind::Use,
                           ""});
  } else if (const Expr *Sink = Known.sinkOf(Dead.Function)) {
    Invocation Call = invocationOf(Sink);
    Found.Steps.push_back(
        {Sink->getExprLoc(),
         "the function is run as a task by " +
             quoted(
                 isa<CXXConstructorDecl>(Call.Callee)
                     ? publicName(
                           cast<CXXConstructorDecl>(Call.Callee)->getParent())
                     : publicName(Call.Callee)) +
             " here: the exception is kept for whoever asks for the result",
         StepKind::HandOver, "whoever asks for the result"});
  }
  Found.Story = story(Dead, Known);
  return Found;
}

void ErrorViewsDeadStorage::analyze(Session &Unit) {
  DeadErrorViewAnalysis Analysis(Unit.Context);
  Tasks Known(Unit);
  for (const FunctionDecl *Function : Unit.Code.Functions)
    for (const DeadErrorView &Dead : Analysis.deadViews(Function))
      report(describe(Dead, Known, Unit.Context),
             Unit.Context.getSourceManager());
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(error_views_dead_storage,
                       threadhop::ErrorViewsDeadStorage)
