//===--- race-drops-message -----------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports a channel receive in a race whose losers are thrown away: a receive
// that has completed and loses has already taken its message out of the
// channel, and the message is gone.
//
// Silent on purpose: true selects, races whose result holds what every operand
// gave and is looked at, bare signals (a message that is nothing but an error
// code), and receives that race nothing but a time (ReportTimeouts).
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/DroppedMessages.h"

using namespace clang;

namespace threadhop {
namespace {

class RaceDropsMessage : public Check {
public:
  RaceDropsMessage(llvm::StringRef Name, tidy::ClangTidyContext *Context)
      : Check(Name, Context),
        ReportTimeouts(Options.get("ReportTimeouts", false)) {}

  void storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) override {
    Check::storeOptions(Opts);
    Options.store(Opts, "ReportTimeouts", ReportTimeouts);
  }

private:
  void analyze(Session &Unit) override;

  const bool ReportTimeouts;
};

void RaceDropsMessage::analyze(Session &Unit) {
  Channels &All = Channels::of(Unit);
  RaceFinder Races(Unit.Index, All);
  for (const FunctionDecl *Function : All.Code.Functions)
    for (const DroppedMessage &Dropped :
         findDroppedMessages(Function, Races, All)) {
      if (Dropped.OnlyTimers && !ReportTimeouts)
        continue;
      std::string Channel =
          Dropped.Channel.empty() ? "the channel" : "'" + Dropped.Channel + "'";
      Finding Found;
      Found.Loc = Dropped.Receive->getExprLoc();
      Found.Range = Dropped.Receive->getSourceRange();
      Found.Kind = "dropped";
      Found.Symbol = Dropped.Channel;
      Found.Function = Function->getQualifiedNameAsString();
      Found.Message = "a message received from " + Channel +
                      " is lost when another operand of the race is ready "
                      "too: " +
                      Dropped.Why;
      Found.Steps.push_back(
          {Dropped.Race, "raced here", StepKind::Explain, ""});
      if (Dropped.Other.isValid())
        Found.Steps.push_back(
            {Dropped.Other, "this one can win", StepKind::Explain, ""});
      Found.Story = {
          {StepKind::HandOver, "the sender", "sends a message",
           SourceLocation()},
          {StepKind::Use, "", "the message is taken out of " + Channel,
           Found.Loc},
          {StepKind::Use, "", "the other operand wins the race", Dropped.Other},
          {StepKind::Destroy, "", "the message is thrown away", Dropped.Race}};
      report(std::move(Found), Unit.Context.getSourceManager());
    }
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(race_drops_message, threadhop::RaceDropsMessage)
