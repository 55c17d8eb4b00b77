//===--- thread-local-across-suspension -----------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports a reference or pointer to a thread_local that is taken before a
// suspension and used after it: the coroutine may by then run on another
// thread, while the address is still that of the first one's variable.
//
// Silent on purpose: an address taken again after the suspension, a value that
// was copied, what a thread_local pointer points to, and awaits that come back
// to the same thread.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/ThreadLocalAddresses.h"

using namespace clang;

namespace threadhop {
namespace {

class ThreadLocalAcrossSuspension : public Check {
public:
  using Check::Check;

private:
  void analyze(Session &Unit) override;
};

Finding describe(const StaleAddress &Stale, const FunctionDecl *Function) {
  std::string Variable =
      "thread_local '" + Stale.Variable->getNameAsString() + "'";
  Finding Found;
  Found.Loc = Stale.Loc;
  Found.Kind = Stale.Name.empty() ? "loop" : "address";
  Found.Symbol =
      Stale.Name.empty() ? Stale.Variable->getNameAsString() : Stale.Name;
  Found.Function = Function->getQualifiedNameAsString();
  if (Stale.Name.empty())
    Found.Message = "the loop over " + Variable +
                    " goes on with the same iterators after a suspension";
  else
    Found.Message =
        std::string(Stale.Holder->getType()->isPointerType() ? "pointer '"
                                                             : "reference '") +
        Stale.Name + "' to " + Variable + " is used after a suspension";
  Found.Message += ": the coroutine may go on on another thread, while this is "
                   "still the variable of the thread it was taken on";
  for (const SuspensionPoint &Point : Stale.At) {
    std::string Why = Point.Resumes.Why.empty() ? "" : "; " + Point.Resumes.Why;
    Found.Steps.push_back(
        {Point.Loc, "suspended here" + Why, StepKind::Suspend, ""});
  }
  Found.Steps.push_back(
      {Stale.Use,
       Stale.Name.empty()
           ? "the iterators are used here, after the suspension"
           : "'" + Stale.Name + "' is used here, after the suspension",
       StepKind::Use, "whichever thread resumes"});
  std::string Name =
      Stale.Name.empty() ? "the loop over " + Variable : "'" + Stale.Name + "'";
  Found.Story.push_back({StepKind::Create, "",
                         Stale.Name.empty() ? Name + " begins"
                                            : Name + " is taken of " + Variable,
                         Stale.Loc});
  for (const SuspensionPoint &Point : Stale.At)
    Found.Story.push_back({StepKind::Suspend, "", "suspended", Point.Loc});
  Found.Story.push_back({StepKind::Use, "whichever thread resumes",
                         Stale.Name.empty()
                             ? "goes on in the first thread's variable"
                             : Name + " is used: the first thread's variable",
                         Stale.Use});
  return Found;
}

void ThreadLocalAcrossSuspension::analyze(Session &Unit) {
  for (const FunctionDecl *Function : Unit.Suspendable) {
    Suspensions Points(Function, Unit.Index, Unit.Resumptions);
    for (const StaleAddress &Stale :
         findStaleAddresses(Function, Points, Unit.Context))
      report(describe(Stale, Function), Unit.Context.getSourceManager());
  }
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(thread_local_across_suspension,
                       threadhop::ThreadLocalAcrossSuspension)
