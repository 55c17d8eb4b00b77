//===--- shared-exception-mutated -----------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports a handler that changes an exception object which other threads hold
// too: a shared_future, or an exception_ptr that was copied from a member, a
// static variable or a capture, rethrows the one object, not a copy. Of a
// boost::exception even a copy changes it: the count of its error information
// is a plain integer.
//
// Silent on purpose: handlers that only read, or change a copy; std::future,
// which has one consumer; an exception_ptr that never left the function or was
// taken out of where it was kept; changes under a lock that all of it is under.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/Names.h"
#include "analysis/SharedExceptions.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {
namespace {

class SharedExceptionMutated : public Check {
public:
  using Check::Check;

private:
  void analyze(Session &Unit) override;
};

Finding describe(const SharedExceptionUse &Use, const ASTContext &Context) {
  const VarDecl *Var = Use.Handler->getExceptionDecl();
  const Sharing &Why = Use.Source.Why;
  std::string Name = typeName(
      Use.Handler->getCaughtType().getNonReferenceType().getUnqualifiedType(),
      Context);
  std::string Type = "'" + Name + "'";
  std::string Holder = Why.What.empty() ? "another owner" : Why.What;
  std::string Others = Why.IsFuture ? Holder + " rethrows this same object"
                                    : Holder + " holds this same object";
  Finding Found;
  Found.Function = Use.Function->getQualifiedNameAsString();
  if (Use.Writes.empty()) {
    Found.Loc = Var ? Var->getLocation() : Use.Handler->getCatchLoc();
    if (Var && !Var->getIdentifier())
      Found.Loc = Use.Handler->getCatchLoc();
    Found.Kind = "copied";
    Found.Symbol = Name;
    Found.Message = "the shared exception is copied into " + Type +
                    ": that counts up the error information of "
                    "'boost::exception', whose count is not atomic, and " +
                    Others;
  } else {
    const ObjectWrite &First = Use.Writes.front();
    Found.Loc = First.At->getExprLoc();
    Found.Range = First.At->getSourceRange();
    Found.Kind = "changed";
    Found.Symbol = Var ? Var->getNameAsString() : "";
    Found.Message = "exception object '" + Found.Symbol + "' (" + Type +
                    ") is changed while other threads may hold it: " + Others;
  }
  Found.Steps.push_back({Use.Source.At->getExprLoc(),
                         Use.Source.IsGiven ? "given to others here"
                         : Use.Source.At == Use.Source.Rethrow
                             ? "the shared exception is thrown again here"
                             : "the shared exception comes out of this call",
                         StepKind::HandOver, ""});
  if (Use.Source.At != Use.Source.Rethrow)
    Found.Steps.push_back({Use.Source.Rethrow->getExprLoc(),
                           "it is thrown again here", StepKind::HandOver, ""});
  if (Why.Loc.isValid())
    Found.Steps.push_back(
        {Why.Loc,
         Why.What + (Why.IsFuture ? " rethrows it" : " keeps the exception"),
         StepKind::Explain, "other threads"});
  if (Use.SortedBy)
    Found.Steps.push_back(
        {Use.SortedBy->getExprLoc(),
         "the handler here calls the function that changes it",
         StepKind::Explain, ""});
  if (!Use.Writes.empty())
    Found.Steps.push_back({Use.Handler->getCatchLoc(),
                           "the handler has the object itself, not a copy",
                           StepKind::Explain, ""});
  for (size_t I = 0; I < Use.Writes.size(); ++I) {
    const ObjectWrite &W = Use.Writes[I];
    if (I)
      Found.Steps.push_back({W.At->getExprLoc(), "changed here too: " + W.How,
                             StepKind::Use, ""});
    else if (!W.Inner)
      Found.Steps.push_back(
          {W.At->getExprLoc(), "changed here: " + W.How, StepKind::Use, ""});
    if (W.Inner)
      Found.Steps.push_back(
          {W.Inner->getExprLoc(), "changed here", StepKind::Use, ""});
  }
  if (Use.Rethrown)
    Found.Steps.push_back({Use.Rethrown->getExprLoc(), "and thrown on, changed",
                           StepKind::Use, ""});
  // The others may do so at any time.
  Found.Story.push_back(
      {Use.Source.IsGiven ? StepKind::HandOver : StepKind::Create, "",
       Use.Source.IsGiven ? "the exception is given to others"
                          : "the shared exception is thrown again",
       Use.Source.At->getExprLoc()});
  Found.Story.push_back(
      {StepKind::Use, "other threads",
       Why.IsFuture ? "rethrow the same object" : "hold the same object",
       Why.Loc});
  Found.Story.push_back({StepKind::Use, "",
                         Use.Writes.empty()
                             ? "is copied: a count goes up that is not atomic"
                             : "'" + Found.Symbol + "' is changed",
                         Found.Loc});
  if (Use.Rethrown)
    Found.Story.push_back({StepKind::Use, "", "and thrown on, changed",
                           Use.Rethrown->getExprLoc()});
  Found.Story.push_back({StepKind::Use, "other threads",
                         "read it meanwhile, or find it changed",
                         SourceLocation()});
  return Found;
}

void SharedExceptionMutated::analyze(Session &Unit) {
  SharedExceptionAnalysis Analysis(Unit.Code.Functions);
  for (const FunctionDecl *Function : Unit.Code.Functions)
    for (const SharedExceptionUse &Use : Analysis.find(Function))
      report(describe(Use, Unit.Context), Unit.Context.getSourceManager());
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(shared_exception_mutated,
                       threadhop::SharedExceptionMutated)
