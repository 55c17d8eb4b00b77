//===--- lost-waker -------------------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports a path that says "suspended" or "pending" while the waiter was kept
// nowhere, so that nobody can resume it.
//
// Silent on purpose: paths that do not suspend, awaiters of which no path keeps
// the handle (whoever owns the coroutine resumes it), and the awaiters of
// initial, final and yield suspension.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/LostWakers.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"

using namespace clang;

namespace threadhop {
namespace {

class LostWakerCheck : public Check {
public:
  using Check::Check;

private:
  void analyze(Session &Unit) override;
};

std::string messageOf(const LostWaker &Lost) {
  std::string Waiter = "'" + Lost.Waiter->getNameAsString() + "'";
  switch (Lost.Loss) {
  case LostWaker::Refused:
    return "the waiter " + Waiter +
           " is lost if the key is there already: the container does not take "
           "it, and the result that says so is ignored";
  case LostWaker::Swallowed:
    return "this returns ready although the call it relies on said pending: "
           "the caller goes on too early, and the wake-up it was to get is "
           "for nobody";
  case LostWaker::NotKept:
    break;
  }
  if (Lost.Kind == WaiterKind::Waker)
    return "the task is told to wait here, but its waker " + Waiter +
           " was not kept on this path: nobody can wake it";
  return "the coroutine stays suspended here, but its handle " + Waiter +
         " was not kept on this path: nobody can resume it";
}

/// What becomes of the waiter on the path that loses it.
std::vector<Moment> story(const LostWaker &Lost) {
  std::string Waiter = "'" + Lost.Waiter->getNameAsString() + "'";
  bool IsTask = Lost.Kind == WaiterKind::Waker;
  Moment Comes{StepKind::Create, "",
               (IsTask ? "waker " : "handle ") + Waiter + " comes in",
               Lost.Waiter->getLocation()};
  Moment Nobody{StepKind::Explain,
                IsTask ? "whoever would wake it" : "whoever would resume it",
                IsTask ? "has no waker" : "has no handle", SourceLocation()};
  switch (Lost.Loss) {
  case LostWaker::Refused:
    return {Comes,
            {StepKind::Destroy, "",
             "the container has the key, and does not take it", Lost.Loc},
            {StepKind::Suspend, "", "waits", SourceLocation()},
            Nobody};
  case LostWaker::Swallowed:
    return {
        {StepKind::Explain, "", "a call says pending", Lost.Other},
        {StepKind::HandOver, "", "returns ready all the same", Lost.Loc},
        {StepKind::Use, "the caller", "goes on too early", SourceLocation()}};
  case LostWaker::NotKept:
    break;
  }
  return {Comes,
          {StepKind::Suspend, "",
           IsTask ? "is told to wait; the waker is not kept"
                  : "stays suspended; the handle is not kept",
           Lost.Loc},
          Nobody};
}

Finding describe(const LostWaker &Lost) {
  Finding Found;
  Found.Loc = Lost.Loc;
  Found.Message = messageOf(Lost);
  // What is swallowed is said of the call, not of the waiter.
  if (Lost.Loss != LostWaker::Swallowed)
    Found.Symbol = Lost.Waiter->getNameAsString();
  Found.Function = Lost.Function->getQualifiedNameAsString();
  for (const LostWaker::Condition &Condition : Lost.Conditions)
    Found.Steps.push_back({Condition.Loc,
                           Condition.Taken
                               ? std::string("when this is ") +
                                     (*Condition.Taken ? "true" : "false")
                               : std::string("in one of the cases of this"),
                           StepKind::Explain, ""});
  switch (Lost.Loss) {
  case LostWaker::Refused:
    Found.Kind = "refused";
    Found.Steps.push_back(
        {Lost.Other, "it keeps one waiter for each key", StepKind::Create, ""});
    break;
  case LostWaker::Swallowed:
    Found.Kind = "swallowed";
    Found.Steps.push_back(
        {Lost.Other, "pending comes from here", StepKind::Explain, ""});
    break;
  case LostWaker::NotKept:
    Found.Kind = "not-kept";
    Found.Steps.push_back(
        {Lost.Other, "another path keeps it here", StepKind::HandOver, ""});
    break;
  }
  Found.Story = story(Lost);
  return Found;
}

void LostWakerCheck::analyze(Session &Unit) {
  for (const LostWaker &Lost : findLostWakers(WaiterUnit::of(Unit)))
    report(describe(Lost), Unit.Context.getSourceManager());
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(lost_waker, threadhop::LostWakerCheck)
