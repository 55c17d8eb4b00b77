//===--- late-waker -------------------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports a waiter that looks at a condition, registers, and does not look
// again in a way that excludes the wake-up between the two.
//
// Silent on purpose: plain members without a lock (one thread), a look and a
// registration in one critical section, one atomic word for both, and a second
// look where every access is sequentially consistent.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/LateWakers.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"

using namespace clang;

namespace threadhop {
namespace {

class LateWakerCheck : public Check {
public:
  using Check::Check;

private:
  void analyze(Session &Unit) override;
};

/// The one order of all that happens in which the wake-up is missed.
std::vector<Moment> story(const LateWaker &Late, const std::string &Condition,
                          const std::string &Slot,
                          const std::string &Producer) {
  Moment Changes{StepKind::Use, "another thread",
                 Producer + " changes " + Condition, Late.Write};
  switch (Late.Kind) {
  case LateWaker::NotRead:
    return {
        {StepKind::Use, "", Condition + " is looked at: not yet",
         Late.FirstRead},
        Changes,
        {StepKind::Use, "another thread",
         Producer + " looks for a waiter in " + Slot + ": nobody", Late.Take},
        {StepKind::Create, "", "the waiter registers in " + Slot,
         Late.Registration},
        {StepKind::Suspend, "", "waits: the wake-up has been", Late.Suspended}};
  case LateWaker::WeakOrder:
    return {{StepKind::Create, "", "the waiter registers in " + Slot,
             Late.Registration},
            Changes,
            {StepKind::Use, "", "looks again, and can miss the change",
             Late.SecondRead},
            {StepKind::Use, "another thread",
             "looks into " + Slot + ", and can miss the waiter", Late.Take},
            {StepKind::Suspend, "", "can wait for ever", Late.Suspended}};
  case LateWaker::WakesFirst:
    Changes.Lane = "";
    return {{StepKind::Create, "the waiter", "registers in " + Slot,
             Late.Registration},
            {StepKind::Use, "", Producer + " takes the waiter out of " + Slot,
             Late.Take},
            {StepKind::HandOver, "", "wakes the waiter", Late.Wake},
            {StepKind::Use, "the waiter", "looks at " + Condition + ": not yet",
             Late.FirstRead},
            {StepKind::Suspend, "the waiter",
             "waits for a wake-up that has been", Late.Suspended},
            Changes};
  }
  return {};
}

Finding describe(const LateWaker &Late) {
  std::string Condition = "'" + Late.Condition->getNameAsString() + "'";
  std::string Slot = "'" + Late.Slot->getNameAsString() + "'";
  std::string Producer = "'" + Late.Producer->getNameAsString() + "'";
  Finding Found;
  Found.Loc = Late.Registration;
  Found.Symbol = Late.Slot->getNameAsString();
  Found.Function = Late.Registers->getQualifiedNameAsString();
  switch (Late.Kind) {
  case LateWaker::NotRead:
    Found.Kind = "no-second-look";
    Found.Message = "the waiter registers in " + Slot + " after the look at " +
                    Condition + ", which is not looked at again: if " +
                    Producer +
                    " runs between the two, it finds nobody to wake, and the "
                    "waiter waits for ever";
    break;
  case LateWaker::WeakOrder:
    Found.Kind = "weak-order";
    Found.Message = "the waiter registers in " + Slot + " and looks at " +
                    Condition +
                    " again, but not all of these accesses are sequentially "
                    "consistent: waiter and " +
                    Producer + " can both miss what the other wrote";
    break;
  case LateWaker::WakesFirst:
    Found.Kind = "woken-first";
    Found.Message = "the waiter in " + Slot + " is woken by " + Producer +
                    " before it sets " + Condition +
                    ": the waiter looks, finds nothing, and waits for a "
                    "wake-up that has been";
    break;
  }
  // The finding is in the function that has to change.
  bool AtWake = Late.Kind == LateWaker::WakesFirst;
  std::string Waits = AtWake ? "the waiter" : "";
  std::string Wakes = AtWake ? "" : "another thread";
  Found.Steps.push_back(
      {Late.FirstRead, Condition + " is looked at here", StepKind::Use, Waits});
  if (Late.SecondRead.isValid())
    Found.Steps.push_back({Late.SecondRead, Condition + " is looked at again",
                           StepKind::Use, Waits});
  if (Late.Suspended.isValid())
    Found.Steps.push_back({Late.Suspended,
                           "it waits from here, without a second look",
                           StepKind::Suspend, Waits});
  Step Write{Late.Write, Producer + " changes " + Condition + " here",
             StepKind::Use, Wakes};
  Step Take{Late.Take, "and takes the waiter out of " + Slot + " here",
            StepKind::Use, Wakes};
  if (AtWake) {
    // The order to change is the producer's.
    Found.Loc = Late.Wake;
    Found.Function = Late.Producer->getQualifiedNameAsString();
    Found.Steps.push_back({Late.Registration,
                           "the waiter registers in " + Slot + " here",
                           StepKind::HandOver, Waits});
    Take.Message = Producer + " takes the waiter out of " + Slot + " here";
    Write.Message = "and changes " + Condition + " only here";
    std::swap(Write, Take);
  }
  Found.Steps.push_back(Write);
  Found.Steps.push_back(Take);
  Found.Story = story(Late, Condition, Slot, Producer);
  return Found;
}

void LateWakerCheck::analyze(Session &Unit) {
  for (const LateWaker &Late : findLateWakers(WaiterUnit::of(Unit)))
    report(describe(Late), Unit.Context.getSourceManager());
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(late_waker, threadhop::LateWakerCheck)
