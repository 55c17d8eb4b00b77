//===--- nonsendable-error-payload ----------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports an error that travels to another thread, by a promise, an
// exception_ptr, a task's result or a channel, and holds something that must
// not go there: a handle or count that another owner keeps, or an error type
// that is known to be bound to its thread.
//
// Silent on purpose: an exception_ptr as such, a sole owner that was moved in,
// errors caught before they cross, promises whose future the same function
// asks, and, without the options, erased members and mere definitions.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/ErrorTransport.h"
#include "analysis/Names.h"
#include "support/Compat.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace threadhop {
namespace {

class NonsendableErrorPayload : public Check {
public:
  NonsendableErrorPayload(llvm::StringRef Name,
                          clang::tidy::ClangTidyContext *Context)
      : Check(Name, Context),
        StrictErasedPayload(Options.get("StrictErasedPayload", false)),
        CheckDefinitions(Options.get("CheckDefinitions", false)) {}

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override {
    Check::storeOptions(Opts);
    Options.store(Opts, "StrictErasedPayload", StrictErasedPayload);
    Options.store(Opts, "CheckDefinitions", CheckDefinitions);
  }

private:
  void analyze(Session &Unit) override;
  void definitions(Session &Unit);

  const bool StrictErasedPayload;
  const bool CheckDefinitions;
};

std::string ownerText(const OtherOwner &Owner) {
  switch (Owner.K) {
  case OtherOwner::Member:
    return "member '" + Owner.Name + "' keeps it";
  case OtherOwner::Parameter:
    return "the caller keeps '" + Owner.Name + "'";
  case OtherOwner::Local:
  case OtherOwner::Global:
    return "'" + Owner.Name + "' keeps it";
  default:
    return "its source keeps it";
  }
}

llvm::StringRef arrives(TransportKind Kind) {
  switch (Kind) {
  case TransportKind::Promise:
    return "whoever waits for the promise";
  case TransportKind::Task:
    return "whoever waits for the task";
  case TransportKind::Coroutine:
    return "whoever awaits the coroutine";
  case TransportKind::Channel:
    return "the receiver";
  case TransportKind::Captured:
    return "another thread";
  }
  return "another thread";
}

Finding describe(const TransportedError &E, Session &Unit) {
  const Sendability &Sends = Unit.Sends;
  Finding Found;
  Found.Loc = E.Loc;
  Found.Function = E.Function->getQualifiedNameAsString();
  Found.Symbol = typeName(E.Error, Unit.Context);
  std::string Error = "error '" + Found.Symbol + "'";
  std::string To = " goes to " + arrives(E.Kind).str();
  if (E.Row) {
    Found.Kind = "known-type";
    Found.Message = Error + To + ": " + E.Reason;
    if (!E.Row->VersionRule.empty())
      Found.Message += " (" + E.Row->VersionRule + ")";
    Found.Message += " (model '" + E.Row->From.Library + "')";
  } else if (!E.Erased.empty()) {
    Found.Kind = "erased";
    Found.Message = Error + To +
                    " with a payload whose type is erased: " + E.Erased +
                    ", and nothing says that it may change threads";
    Found.Steps.push_back(
        {E.ErasedLoc, "the type is erased here", StepKind::Explain, ""});
  } else {
    Found.Kind = "shared";
    // The way through the error, where it is longer than what was copied.
    const SendVerdict &Whole = Sends.of(E.Error);
    std::string Path = Whole.isConfined() && !Whole.Steps.empty()
                           ? Sends.explain(E.Error, Whole)
                           : "'" + typeName(E.Part, Unit.Context) +
                                 "': " + Sends.explain(E.Part, *E.Verdict);
    Found.Message =
        Error + To + " while " + ownerText(E.Owner) + " as well: " + Path;
    addMemberStep(
        Found, Whole.isConfined() && !Whole.Steps.empty() ? Whole : *E.Verdict,
        Unit.Context.getSourceManager());
    if (E.Verdict->Loc.isValid())
      Found.Steps.push_back({E.Verdict->Loc,
                             E.Verdict->IsCount
                                 ? "the count is changed without "
                                   "synchronisation here"
                                 : "confined by this",
                             StepKind::Explain, ""});
    if (E.Copied.isValid() && E.Copied != E.Loc)
      Found.Steps.push_back(
          {E.Copied, "copied into the error here", StepKind::Create, ""});
  }
  Found.Steps.push_back(
      {E.TransportLoc, "handed over here: " + E.How, StepKind::HandOver, ""});
  if (E.Touch && E.Touch->K == SenderTouch::Use)
    Found.Steps.push_back({E.Touch->Loc,
                           "'" + E.Owner.Name + "' is used here afterwards",
                           StepKind::Use, ""});
  else if (E.Touch && E.Touch->K == SenderTouch::End)
    Found.Steps.push_back(
        {E.Touch->Loc,
         "'" + E.Owner.Name + "' is destroyed at the end of its scope",
         StepKind::Destroy, ""});
  Found.Story.push_back(
      {StepKind::Create, "", "'" + Found.Symbol + "' is made", E.Loc});
  Found.Story.push_back(
      {StepKind::HandOver, "", "the error is handed over", E.TransportLoc});
  Found.Story.push_back({StepKind::Use, arrives(E.Kind).str(),
                         "has the error, with what it holds",
                         SourceLocation()});
  if (E.Touch && E.Touch->K == SenderTouch::Use)
    Found.Story.push_back({StepKind::Use, "",
                           "'" + E.Owner.Name + "' is used meanwhile",
                           E.Touch->Loc});
  else if (E.Touch && E.Touch->K == SenderTouch::End)
    Found.Story.push_back({StepKind::Destroy, "",
                           "'" + E.Owner.Name + "' ends meanwhile",
                           E.Touch->Loc});
  return Found;
}

/// Lists the user's classes that derive from std::exception.
class ErrorClasses : public RecursiveASTVisitor<ErrorClasses> {
public:
  explicit ErrorClasses(const SourceManager &SM) : SM(SM) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool VisitCXXRecordDecl(CXXRecordDecl *Record) {
    if (!Record->isThisDeclarationADefinition() ||
        Record->isDependentContext() ||
        SM.isInSystemHeader(Record->getLocation()))
      return true;
    bool Derives = false;
    Record->forallBases([&](const CXXRecordDecl *Base) {
      Derives |= isInStd(Base) && Base->getIdentifier() &&
                 Base->getName() == "exception";
      return true;
    });
    if (Derives)
      Found.push_back(Record);
    return true;
  }
  std::vector<const CXXRecordDecl *> Found;

private:
  const SourceManager &SM;
};

void NonsendableErrorPayload::definitions(Session &Unit) {
  const SourceManager &SM = Unit.Context.getSourceManager();
  ErrorClasses Classes(SM);
  for (Decl *D : Unit.Context.getTraversalScope())
    Classes.TraverseDecl(D);
  for (const CXXRecordDecl *Record : Classes.Found) {
    QualType Type = recordType(Unit.Context, Record);
    const SendVerdict &Verdict = Unit.Sends.of(Type);
    if (!Verdict.isConfined())
      continue;
    Finding Found;
    Found.Loc = Record->getLocation();
    Found.Kind = "definition";
    Found.Symbol = typeName(Type, Unit.Context);
    Found.Message = "exception class '" + Found.Symbol +
                    "' must not change threads, as exceptions do: " +
                    Unit.Sends.explain(Type, Verdict);
    addMemberStep(Found, Verdict, SM);
    report(std::move(Found), SM);
  }
}

void NonsendableErrorPayload::analyze(Session &Unit) {
  for (const TransportedError &E :
       findTransportedErrors(Unit, {StrictErasedPayload}))
    report(describe(E, Unit), Unit.Context.getSourceManager());
  if (CheckDefinitions)
    definitions(Unit);
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(nonsendable_error_payload,
                       threadhop::NonsendableErrorPayload)
