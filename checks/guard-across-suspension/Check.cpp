//===--- guard-across-suspension ------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports a thread-bound guard (a lock, a tracing scope, a log context, thread
// state such as the GIL) that is alive where the function may be suspended.
// Which types are guards is decided in GuardTypes, where they are alive in
// GuardLiveness, and whether an await suspends in Resumption; here is only
// which of those are worth a warning, and what it says.
//
// Silent on purpose: guards of coroutine mutexes, awaits that never suspend,
// thread state over an await that comes back to the same thread, contexts that
// the coroutine's own type saves and restores.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "GuardMacros.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"

using namespace clang;

namespace threadhop {
namespace {

class GuardAcrossSuspension : public Check {
public:
  using Check::Check;

  void registerPPCallbacks(const SourceManager &SM, Preprocessor *PP,
                           Preprocessor *ModuleExpanderPP) override {
    Macros = std::make_shared<GuardMacros>(*models());
    PP->addPPCallbacks(Macros->record(SM));
  }

private:
  void analyze(Session &Unit) override;
  void reportHeld(const HeldGuard &Held, const FunctionDecl *Function,
                  Session &Unit);
  void reportMacro(const GuardMacros::Use &Use, const FunctionDecl *Function,
                   const Suspensions &Points, Session &Unit);

  std::shared_ptr<GuardMacros> Macros;
};

/// Whether holding a guard of the kind over the suspension is wrong.
bool isWrong(GuardKind Kind, const SuspensionPoint &Point) {
  // A thread's state may go on being used by the same thread.
  if (Kind == GuardKind::Owner)
    return Point.Resumes.Where != Resumption::SameThread;
  return true;
}

/// Whether the coroutine's own type saves the guard's state at a suspension and
/// restores it afterwards.
bool isSavedByCoroutine(const GuardInfo &Info, const FunctionDecl *Function,
                        Session &Unit) {
  const CoroutineModel *Model =
      Unit.Index.Coroutines.find(Function->getReturnType(), /*Bases=*/true);
  if (!Model || Info.Type.isNull())
    return false;
  const CXXRecordDecl *Guard = patternOf(Info.Type->getAsCXXRecordDecl());
  for (const std::string &Saved : Model->Saves)
    if (llvm::is_contained(resolveName(Saved, Unit.Context), Guard))
      return true;
  return false;
}

const char *kindName(GuardKind Kind) {
  switch (Kind) {
  case GuardKind::Lock:
    return "lock";
  case GuardKind::Context:
    return "context guard";
  case GuardKind::Owner:
    return "thread-state guard";
  }
  llvm_unreachable("all kinds are named");
}

/// The kind of a finding. Context guards and those of a thread's state are one:
/// their messages do not always tell them apart.
const char *findingKind(GuardKind Kind) {
  return Kind == GuardKind::Lock ? "lock" : "state";
}

/// What is wrong with a lock that is held over the suspensions.
std::string lockEffect(llvm::ArrayRef<SuspensionPoint> At) {
  bool ComesBack = llvm::all_of(At, [](const SuspensionPoint &Point) {
    return Point.Resumes.Where == Resumption::SameThread;
  });
  if (ComesBack)
    return "until the coroutine is resumed everybody who wants the lock "
           "blocks, this thread included, which is the one to resume it";
  return "until the coroutine is resumed every other thread that wants the "
         "lock blocks, and the thread that resumes it may not be the one that "
         "owns the lock";
}

/// The note of one suspension.
Step suspensionStep(const SuspensionPoint &Point, const std::string &Name) {
  Step S;
  S.Loc = Point.Loc;
  S.Kind = StepKind::Suspend;
  switch (Point.Kind) {
  case SuspensionKind::Await:
  case SuspensionKind::Yield:
    S.Message = "suspended here while " + Name + " is alive";
    break;
  case SuspensionKind::Call:
    S.Message = "suspended here, by this call, while " + Name + " is alive";
    break;
  case SuspensionKind::Initial:
    S.Message = "the parameter " + Name +
                " lives in the coroutine's frame: it is alive over the "
                "initial suspension, before the body starts";
    break;
  case SuspensionKind::Final:
    S.Message = "the parameter " + Name +
                " lives in the coroutine's frame: it is alive over the final "
                "suspension, until the frame is destroyed";
    break;
  }
  if (!Point.Resumes.Why.empty())
    S.Message += "; " + Point.Resumes.Why;
  return S;
}

std::string subject(const TrackedGuard &Guard, const ASTContext &Context) {
  std::string Quoted = "'" + Guard.Name + "'";
  const GuardInfo &Info = *Guard.Leaf.Info;
  switch (Guard.Origin) {
  case GuardOrigin::HandLocked:
    return "mutex " + Quoted + ", locked here by hand,";
  case GuardOrigin::PairedCall:
    return std::string(Info.Kind == GuardKind::Lock ? "lock" : "thread state") +
           " opened by " + Quoted;
  case GuardOrigin::Temporary:
    return "temporary " + Quoted;
  case GuardOrigin::Parameter:
    if (!Guard.IsNamed)
      return std::string(kindName(Info.Kind)) +
             ", an unnamed parameter of "
             "type " +
             Quoted + ",";
    [[fallthrough]];
  default:
    if (!Guard.IsNamed)
      return "temporary " + Quoted;
    return std::string(kindName(Info.Kind)) + " " + Quoted +
           (Guard.Leaf.Path.empty()
                ? " ('" + typeName(Info.Type, Context) + "')"
                : "");
  }
}

std::string shortName(const TrackedGuard &Guard) {
  if (Guard.Origin == GuardOrigin::Temporary ||
      (!Guard.IsNamed && Guard.Origin != GuardOrigin::Parameter))
    return "temporary '" + Guard.Name + "'";
  return "'" + Guard.Name + "'";
}

void addInference(const GuardInfo &Info, Finding &Found) {
  if (Info.Scope) {
    const ThreadLocalScope &Scope = *Info.Scope;
    std::string Name = Scope.Variable->getNameAsString();
    if (Scope.Asymmetric)
      Found.Steps.push_back({Scope.Open.Loc,
                             "constructor works on the object it is given here",
                             StepKind::Explain, ""});
    else
      Found.Steps.push_back(
          {Scope.Open.Loc,
           std::string(Scope.Opening.empty() ? "the factory" : "constructor") +
               " changes thread_local '" + Name + "' here",
           StepKind::Explain, ""});
    Found.Steps.push_back(
        {Scope.Close.Loc,
         Scope.Asymmetric
             ? "destructor undoes it on thread_local '" + Name + "' here"
             : "destructor changes it back here",
         StepKind::Explain, ""});
  }
  if (Info.UnlockLoc.isValid())
    Found.Steps.push_back({Info.UnlockLoc, "destructor unlocks the mutex here",
                           StepKind::Explain, ""});
}

/// From where the guard is made, over the suspensions that are wrong, to its
/// end.
void tellStory(Finding &Found, GuardKind Kind, std::string Begins,
               llvm::ArrayRef<SuspensionPoint> At) {
  Found.Story.push_back({StepKind::Create, "", std::move(Begins), Found.Loc});
  bool Same = true;
  std::string End = "whichever thread resumes";
  for (const SuspensionPoint &Point : At) {
    if (!isWrong(Kind, Point))
      continue;
    Same &= Point.Resumes.Where == Resumption::SameThread;
    if (Point.Kind == SuspensionKind::Final)
      End = "whoever destroys the frame";
    Found.Story.push_back({StepKind::Suspend, "",
                           Point.Kind == SuspensionKind::Initial
                               ? "suspended, before the body starts"
                           : Point.Kind == SuspensionKind::Final
                               ? "suspended, behind the body"
                               : "suspended",
                           Point.Loc});
  }
  bool IsLock = Kind == GuardKind::Lock;
  if (IsLock)
    Found.Story.push_back({StepKind::Explain, "whoever wants the lock",
                           Same ? "blocks, and with it this thread" : "blocks",
                           SourceLocation()});
  else if (Same)
    Found.Story.push_back({StepKind::Explain, "other work of this thread",
                           "runs inside of what the guard has set",
                           SourceLocation()});
  if (Same)
    Found.Story.push_back(
        {StepKind::Destroy, "",
         IsLock ? "it is unlocked only here" : "it ends only here",
         SourceLocation()});
  else
    Found.Story.push_back({StepKind::Destroy, std::move(End),
                           IsLock ? "unlocks it, and may not be its owner"
                                  : "ends it, and may not have begun it",
                           SourceLocation()});
}

/// How a guard begins, in a few words.
std::string beginning(const TrackedGuard &Guard) {
  std::string Name = shortName(Guard);
  switch (Guard.Origin) {
  case GuardOrigin::HandLocked:
    return Name + " is locked";
  case GuardOrigin::PairedCall:
    return Name + " opens it";
  case GuardOrigin::Parameter:
    return "parameter " + Name + " lies in the frame";
  case GuardOrigin::Capture:
    return "capture " + Name + " is there";
  default:
    return Name + (Guard.Leaf.Info->Kind == GuardKind::Lock ? " takes the lock"
                                                            : " begins");
  }
}

void GuardAcrossSuspension::reportHeld(const HeldGuard &Held,
                                       const FunctionDecl *Function,
                                       Session &Unit) {
  const TrackedGuard &Guard = Held.Guard;
  const GuardInfo &Info = *Guard.Leaf.Info;
  if (Info.Kind == GuardKind::Context &&
      isSavedByCoroutine(Info, Function, Unit))
    return;
  Finding Found;
  for (const SuspensionPoint &Point : Held.At)
    if (isWrong(Info.Kind, Point))
      Found.Steps.push_back(suspensionStep(Point, shortName(Guard)));
  if (Found.Steps.empty())
    return;
  bool Explicit = llvm::any_of(Held.At, [](const SuspensionPoint &Point) {
    return Point.Kind != SuspensionKind::Final &&
           Point.Kind != SuspensionKind::Initial;
  });
  Found.Loc = Guard.Loc;
  Found.Range = Guard.Range;
  Found.Kind = findingKind(Info.Kind);
  Found.Symbol = Guard.Name;
  Found.Function = Function->getQualifiedNameAsString();
  Found.Message = subject(Guard, Unit.Context) +
                  (Explicit ? " is alive over a suspension: "
                            : " is alive over an implicit suspension: ");
  if (!Guard.Leaf.Path.empty())
    Found.Message += "its " + Guard.Leaf.Path + "; ";
  Found.Message +=
      Info.Kind == GuardKind::Lock ? lockEffect(Held.At) : Info.Effect;
  tellStory(Found, Info.Kind, beginning(Guard), Held.At);
  addMemberStep(Found, Guard.Leaf.Fields, Unit.Context.getSourceManager());
  addInference(Info, Found);
  report(std::move(Found), Unit.Context.getSourceManager());
}

void GuardAcrossSuspension::reportMacro(const GuardMacros::Use &Use,
                                        const FunctionDecl *Function,
                                        const Suspensions &Points,
                                        Session &Unit) {
  std::vector<const SuspensionPoint *> After =
      suspensionsInScope(Use.Loc, Function, Points, Unit.Context);
  Finding Found;
  std::vector<SuspensionPoint> At;
  for (const SuspensionPoint *Point : After)
    At.push_back(*Point);
  for (const SuspensionPoint *Point : After)
    if (isWrong(Use.Model->Kind, *Point))
      Found.Steps.push_back(
          suspensionStep(*Point, "the scope of '" + Use.Model->Macro + "'"));
  if (Found.Steps.empty())
    return;
  Found.Loc = Use.Loc;
  Found.Kind = findingKind(Use.Model->Kind);
  Found.Symbol = Use.Model->Macro;
  Found.Function = Function->getQualifiedNameAsString();
  Found.Message = std::string(kindName(Use.Model->Kind)) + " of macro '" +
                  Use.Model->Macro +
                  "' is alive over a suspension: " + Use.Model->Effect;
  tellStory(Found, Use.Model->Kind, "'" + Found.Symbol + "' begins its scope",
            At);
  report(std::move(Found), Unit.Context.getSourceManager());
}

void GuardAcrossSuspension::analyze(Session &Unit) {
  for (const FunctionDecl *Function : Unit.Suspendable) {
    Suspensions Points(Function, Unit.Index, Unit.Resumptions);
    if (Points.points().empty())
      continue;
    for (const HeldGuard &Held :
         findHeldGuards(Function, Points, Unit.guardInputs()))
      reportHeld(Held, Function, Unit);
    // Afterwards: a macro whose guard was found as a variable is reported with
    // what is known of that; the same place is reported once.
    if (Macros)
      for (const GuardMacros::Use &Use : Macros->usesIn(Function))
        reportMacro(Use, Function, Points, Unit);
  }
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(guard_across_suspension,
                       threadhop::GuardAcrossSuspension)
