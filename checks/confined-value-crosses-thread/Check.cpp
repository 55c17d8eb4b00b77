//===--- confined-value-crosses-thread ------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports an object that is confined to a thread, a sequence or another domain
// and reaches a task on another thread: as a capture, an argument, through
// 'this' or a reference, in a message, or in a coroutine's frame.
//
// Silent on purpose: a sole owner that is moved over where that is fine; a
// sender that waits for the task before it touches the object; tasks that run
// on the calling thread or its own loop; executors whose threads are not known
// (unless the option asks); objects that the task only carries behind 'this'.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/Crossings.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace threadhop {
namespace {

class ConfinedValueCrossesThread : public Check {
public:
  ConfinedValueCrossesThread(llvm::StringRef Name,
                             clang::tidy::ClangTidyContext *Context)
      : Check(Name, Context),
        UnknownExecutors(Options.get("UnknownExecutors", false)) {}

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override {
    Check::storeOptions(Opts);
    Options.store(Opts, "UnknownExecutors", UnknownExecutors);
  }

private:
  void analyze(Session &Unit) override;

  const bool UnknownExecutors;
};

std::string what(const Sendability &Sends, const HandedObject &Object,
                 QualType Type) {
  std::string TypeText = "'" + typeName(Type, Sends.context()) + "'";
  if (Object.Name.empty())
    return TypeText;
  return "'" + Object.Name + "' (" + TypeText + ")";
}

/// Why the object must not go: the path to what is confined, and its reason.
std::string because(const Sendability &Sends, QualType Type,
                    const SendVerdict &Verdict) {
  std::string Text = Sends.explain(Type, Verdict);
  return Text;
}

std::string ownerNote(const OtherOwner &Owner) {
  switch (Owner.K) {
  case OtherOwner::Local:
    return "'" + Owner.Name + "' keeps an owner on this thread";
  case OtherOwner::Parameter:
    return "the caller of this function has it as well";
  case OtherOwner::Member:
    if (Owner.Name == "*this")
      return "";
    return "member '" + Owner.Name + "' keeps an owner";
  case OtherOwner::Global:
    return "'" + Owner.Name + "' keeps an owner";
  default:
    return "";
  }
}

/// The way of the object to the other thread, and what both do with it.
std::vector<Moment> story(const Crossing &C, const Finding &Found) {
  const HandedObject &Object = C.Object;
  std::string Name =
      Object.By == HandedBy::This
          ? "'this'"
          : "'" + (Object.Name.empty() ? Found.Symbol : Object.Name) + "'";
  if (Name == "''")
    Name = "the object";
  std::string Task = C.Hop.IsMessage ? "the receiver" : "the task's thread";
  std::vector<Moment> Story = {
      {StepKind::Create, "",
       Name + (Object.IsCapture ? " is captured" : " is put into it"),
       Object.Loc.isValid() ? Object.Loc : Found.Loc},
      {StepKind::HandOver, "",
       C.Hop.IsMessage ? "sent to another thread"
                       : "the task is given to another thread",
       C.Call->getExprLoc()}};
  if (C.Use)
    Story.push_back(
        {StepKind::Use, Task, "'" + C.Use->Name + "' is used", C.Use->Loc});
  else if (C.Verdict->IsGuard)
    Story.push_back(
        {StepKind::Destroy, Task, Name + " ends there", SourceLocation()});
  else
    Story.push_back({StepKind::Use, Task, "has " + Name + " from then on",
                     SourceLocation()});
  std::string Owner = C.Owner.Name.empty() ? Name : "'" + C.Owner.Name + "'";
  if (C.Touch && C.Touch->K == SenderTouch::Use)
    Story.push_back(
        {StepKind::Use, "", Owner + " is used meanwhile", C.Touch->Loc});
  else if (C.Touch && C.Touch->K == SenderTouch::End)
    Story.push_back(
        {StepKind::Destroy, "", Owner + " ends meanwhile", C.Touch->Loc});
  else if (std::string Note = ownerNote(C.Owner);
           !Note.empty() && C.Owner.Loc.isValid())
    Story.push_back({StepKind::Explain, "", Note, C.Owner.Loc});
  return Story;
}

Finding describe(const Crossing &C, Session &Unit) {
  const Sendability &Sends = Unit.Sends;
  const SourceManager &SM = Unit.Context.getSourceManager();
  const HandedObject &Object = C.Object;
  const SendVerdict &Verdict = *C.Verdict;
  llvm::ArrayRef<const Expr *> Args = argumentsOf(C.Call);

  Finding Found;
  Found.Function = C.Function->getQualifiedNameAsString();
  Found.Symbol = Object.Name;
  // At the capture or argument, where it is written in the call itself.
  SourceLocation ArgLoc = Args[C.Argument]->getBeginLoc();
  bool Inside = SM.getSpellingLineNumber(Object.Loc) >=
                    SM.getSpellingLineNumber(C.Call->getBeginLoc()) &&
                SM.getSpellingLineNumber(Object.Loc) <=
                    SM.getSpellingLineNumber(C.Call->getEndLoc()) &&
                SM.getFileID(SM.getSpellingLoc(Object.Loc)) ==
                    SM.getFileID(SM.getSpellingLoc(C.Call->getBeginLoc()));
  Found.Loc = Inside ? Object.Loc : ArgLoc;
  bool Shared = C.IsWeak || Object.By == HandedBy::Reference ||
                Object.By == HandedBy::This;
  std::string Reason = because(Sends, Object.Type, Verdict);
  if (Shared && C.Use) {
    // The member that is used says more than the object around it.
    Reason = because(Sends, C.Use->Type, *C.Use->Verdict);
    std::string Through = C.IsWeak
                              ? "through weak pointer '" + Object.Name + "'"
                          : Object.By == HandedBy::This ? "through 'this'"
                                                        : "by reference";
    std::string Type = typeName(C.Use->Type, Sends.context());
    Found.Symbol = C.Use->Name;
    Found.Kind = "used-there";
    Found.Message = "'" + C.Use->Name + "' ('" + Type +
                    "') is used on another thread " + Through + ": " + Reason;
  } else if (Verdict.IsGuard) {
    Found.Kind = "guard";
    Found.Message = "live guard " + what(Sends, Object, Object.Type) +
                    " goes to another thread and ends there: " + Reason;
  } else if (C.Hop.IsMessage) {
    Found.Kind = "sent";
    Found.Message = what(Sends, Object, Object.Type) +
                    " is sent to another thread: " + Reason;
  } else {
    Found.Kind = "in-task";
    Found.Message = what(Sends, Object, Object.Type) +
                    " reaches a task on another thread: " + Reason;
  }
  auto step = [&](SourceLocation Loc, std::string Text, StepKind Kind,
                  std::string Thread) {
    if (Loc.isValid())
      Found.Steps.push_back({Loc, std::move(Text), Kind, std::move(Thread)});
  };
  addMemberStep(Found, Shared && C.Use ? *C.Use->Verdict : Verdict, SM);
  if (Verdict.Loc.isValid() && !Verdict.IsGuard)
    step(Verdict.Loc,
         Verdict.IsCount ? "the count is changed without synchronisation here"
                         : "confined by this",
         StepKind::Explain, "");
  if (!Inside)
    step(Object.Loc,
         Object.IsCapture ? "captured here"
                          : "put into what is handed over here",
         StepKind::Explain, "");
  step(C.Call->getExprLoc(), "handed over here: " + C.Hop.Why,
       StepKind::HandOver, "");
  if (C.Hop.Loc.isValid() && C.Hop.Loc != C.Call->getExprLoc())
    step(C.Hop.Loc, "this is what takes it to another thread",
         StepKind::Explain, "");
  if (C.Use)
    step(C.Use->Loc, "'" + C.Use->Name + "' is touched here, by the task",
         StepKind::Use, "the task's thread");
  std::string Name = C.Owner.Name.empty() ? "it" : "'" + C.Owner.Name + "'";
  if (C.Touch && C.Touch->K == SenderTouch::Use)
    step(C.Touch->Loc,
         Name + " is used here, with nothing that waits for the task before",
         StepKind::Use, "");
  else if (C.Touch && C.Touch->K == SenderTouch::End)
    step(C.Touch->Loc,
         Name + " is destroyed at the end of its scope, perhaps while the "
                "task runs",
         StepKind::Destroy, "");
  else if (std::string Note = ownerNote(C.Owner); !Note.empty())
    step(C.Owner.Loc, Note, StepKind::Explain, "");
  Found.Story = story(C, Found);
  if (Found.Symbol.empty())
    Found.Symbol = typeName(Object.Type, Sends.context());
  return Found;
}

Finding describe(const FrameCrossing &C, Session &Unit) {
  const Sendability &Sends = Unit.Sends;
  QualType Type = C.Variable->getType().getNonReferenceType();
  Finding Found;
  Found.Loc = C.Variable->getLocation();
  Found.Kind = "in-frame";
  Found.Symbol = C.Variable->getNameAsString();
  Found.Function = C.Coroutine->getQualifiedNameAsString();
  Found.Message = "'" + Found.Symbol + "' ('" +
                  typeName(Type, Sends.context()) +
                  "') goes to another thread with its coroutine: " +
                  because(Sends, Type, *C.Verdict);
  addMemberStep(Found, *C.Verdict, Unit.Context.getSourceManager());
  if (C.Verdict->Loc.isValid())
    Found.Steps.push_back({C.Verdict->Loc,
                           C.Verdict->IsCount
                               ? "the count is changed without synchronisation "
                                 "here"
                               : "confined by this",
                           StepKind::Explain, ""});
  Found.Steps.push_back({C.Hop,
                         "the coroutine goes on on another thread after this" +
                             (C.Why.empty() ? "" : "; " + C.Why),
                         StepKind::Suspend, ""});
  bool AtEnd = C.Use == C.Coroutine->getBody()->getEndLoc();
  Found.Steps.push_back({C.Use,
                         "'" + Found.Symbol +
                             (AtEnd ? "' is destroyed there with the frame"
                                    : "' is touched here"),
                         StepKind::Use, "the task's thread"});
  if (std::string Note = ownerNote(C.Owner);
      !Note.empty() && C.Owner.Loc.isValid())
    Found.Steps.push_back({C.Owner.Loc, Note, StepKind::Explain, ""});
  Found.Story = {
      {StepKind::Create, "", "'" + Found.Symbol + "' comes to be", Found.Loc},
      {StepKind::Suspend, "", "the coroutine changes threads", C.Hop},
      {AtEnd ? StepKind::Destroy : StepKind::Use, "the task's thread",
       "'" + Found.Symbol +
           (AtEnd ? "' ends there with the frame" : "' is used there"),
       C.Use}};
  return Found;
}

void ConfinedValueCrossesThread::analyze(Session &Unit) {
  const SourceManager &SM = Unit.Context.getSourceManager();
  for (const Crossing &C : findCrossings(Unit, {UnknownExecutors}))
    report(describe(C, Unit), SM);
  for (const FrameCrossing &C : findFrameCrossings(Unit))
    report(describe(C, Unit), SM);
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(confined_value_crosses_thread,
                       threadhop::ConfinedValueCrossesThread)
