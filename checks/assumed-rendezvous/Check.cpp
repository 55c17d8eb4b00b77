//===--- assumed-rendezvous -----------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports code that takes a completed send for a received message, on a channel
// that buffers: (a) a race of the send against a stop signal, (b) a message
// that points to a local object, (c) the reply part of a message that is read
// at once, (d) a buffer where the type or an annotation says rendezvous, (e) a
// wait for an acknowledgement that may stay in the buffer, (f) a failed
// try_send that nobody notices, (g) a second send used as a fence.
//
// What a channel is and how much it holds is decided in Channels, what follows
// a send in AfterSend and SendFlow, who receives in Receivers, what races in
// Races.
//
// Silent on purpose: rendezvous channels and unknown capacities where 0 would
// be one, values and moved ownership, objects that outlive the sender, anything
// that waits for the receiver in between, races against timers, true selects.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/AfterSend.h"
#include "analysis/Names.h"
#include "analysis/RacedSends.h"
#include "analysis/Receivers.h"
#include "analysis/RendezvousClaims.h"
#include "clang/AST/Decl.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {
namespace {

class AssumedRendezvous : public Check {
public:
  using Check::Check;

private:
  void analyze(Session &Unit) override;
  void claims(Channels &All);
  void races(const FunctionDecl *Function, RaceFinder &Races, Channels &All);
  void sends(const Sender &From, Receivers &Others);
  void emit(Finding Found, const Capacity &Holds);

  Session *Unit = nullptr;
};

std::string nameOf(const Expr *Channel) {
  const ValueDecl *D = Channels::declaration(Channel);
  return D && D->getIdentifier() ? "'" + D->getNameAsString() + "'"
                                 : "the channel";
}

/// A finding at a send; the message goes on after "CHANNEL holds N messages".
Finding atSend(const ChannelOp &Op, const Capacity &Holds,
               const FunctionDecl *Function, llvm::StringRef Kind,
               const std::string &Rest) {
  Finding Found;
  Found.Kind = Kind;
  Found.Loc = Op.Call->getExprLoc();
  Found.Range = Op.Call->getSourceRange();
  std::string Channel = nameOf(Op.Channel);
  Found.Message = Channel + " " + Holds.describe() + Rest;
  const ValueDecl *D = Channels::declaration(Op.Channel);
  if (D && D->getIdentifier())
    Found.Symbol = D->getNameAsString();
  Found.Function = Function->getQualifiedNameAsString();
  return Found;
}

void AssumedRendezvous::emit(Finding Found, const Capacity &Holds) {
  if (Holds.Loc.isValid() && !Holds.Why.empty())
    Found.Steps.insert(Found.Steps.begin(),
                       {Holds.Loc, Holds.Why, StepKind::Explain, ""});
  report(std::move(Found), Unit->Context.getSourceManager());
}

// (d) The channel's type or an annotation says rendezvous.
void AssumedRendezvous::claims(Channels &All) {
  for (const RendezvousClaim &Claim : findFalseClaims(All)) {
    Finding Found;
    Found.Loc = Claim.Channel->getLocation();
    Found.Kind = "false-claim";
    Found.Symbol = Claim.Channel->getNameAsString();
    Found.Message = "'" + Found.Symbol + "' " + Claim.Holds.describe() +
                    ", but " + Claim.Says +
                    " that it is a rendezvous: a send returns before anybody "
                    "has received the message";
    if (!Claim.Reason.empty())
      Found.Message += " (" + Claim.Reason + ")";
    if (Claim.Loc.isValid())
      Found.Steps.push_back({Claim.Loc, "said here", StepKind::Explain, ""});
    emit(std::move(Found), Claim.Holds);
  }
}

// (a) The send wins although the signal is there, or soon will be.
void AssumedRendezvous::races(const FunctionDecl *Function, RaceFinder &Races,
                              Channels &All) {
  for (const RacedSend &Raced : findRacedSends(Function, Races, All)) {
    std::string Signal = Raced.SignalName.empty()
                             ? "the other operand"
                             : "'" + Raced.SignalName + "'";
    Finding Found = atSend(
        Raced.Send, Raced.Holds, Function, "raced-send",
        ": this send wins the race against " + Signal +
            " as soon as there is room, whether or not anybody will receive "
            "the message");
    Found.Steps.push_back({Raced.Race, "raced here", StepKind::Explain, ""});
    if (Raced.Answer.isValid())
      Found.Steps.push_back({Raced.Answer,
                             "after the send has won, the answer is waited for "
                             "here without " +
                                 Signal,
                             StepKind::Use, ""});
    else
      Found.Steps.push_back({Raced.Race,
                             "after the send has won, the loop comes back here "
                             "without a look at " +
                                 Signal,
                             StepKind::Use, ""});
    Found.Story = {{StepKind::HandOver, "",
                    "the send wins the race: there is room", Found.Loc},
                   {StepKind::Explain, "the receiver", "may never receive it",
                    SourceLocation()},
                   {StepKind::Use, "",
                    (Raced.Answer.isValid() ? "waits for the answer without "
                                            : "goes round without a look at ") +
                        Signal,
                    Raced.Answer.isValid() ? Raced.Answer : Raced.Race}};
    emit(std::move(Found), Raced.Holds);
  }
}

void AssumedRendezvous::sends(const Sender &From, Receivers &Others) {
  for (const Sender::Send &Sent : From.Sends) {
    const FunctionDecl *Function = From.Function;
    // (b) The message points to an object of the sender's stack.
    if (auto Borrowed = findBorrowed(From, Sent)) {
      std::string Name = "'" + Borrowed->Object->getNameAsString() + "'";
      Finding Found = atSend(
          Sent.Op, Sent.Holds, Function, "borrowed",
          ": the message points to " + Name + ", which can " +
              (Borrowed->Overwritten ? "be written again" : "end") +
              " before it is received: nothing here waits for the receiver");
      Found.Steps.push_back({Borrowed->Object->getLocation(),
                             Name + " is declared here", StepKind::Create, ""});
      Found.Steps.push_back(
          {Borrowed->Loc,
           Name + (Borrowed->Overwritten ? " is written here" : " ends here"),
           StepKind::Destroy, ""});
      Found.Story = {
          {StepKind::Create, "", Name + " is declared",
           Borrowed->Object->getLocation()},
          {StepKind::HandOver, "", "a pointer to it is sent", Found.Loc},
          {StepKind::Destroy, "",
           Name + (Borrowed->Overwritten ? " is written" : " ends"),
           Borrowed->Loc},
          {StepKind::Use, "the receiver", "follows the pointer only now",
           SourceLocation()}};
      emit(std::move(Found), Sent.Holds);
      continue;
    }
    // (c) The reply part is read though nobody may have answered yet.
    if (auto Read = findEarlyRead(From, Sent)) {
      std::string Name =
          "'" + Read->Read->getMemberDecl()->getNameAsString() + "'";
      Finding Found =
          atSend(Sent.Op, Sent.Holds, Function, "early-read",
                 ": the send returns before the receiver has seen the message, "
                 "and its member " +
                     Name + " is read without waiting for an answer");
      Found.Steps.push_back({Read->Read->getExprLoc(), Name + " is read here",
                             StepKind::Use, ""});
      if (Read->Written.isValid())
        Found.Steps.push_back({Read->Written, Name + " is written here",
                               StepKind::Use, "the receiver"});
      Found.Story = {
          {StepKind::HandOver, "", "the message is sent", Found.Loc},
          {StepKind::Use, "", Name + " is read", Read->Read->getExprLoc()},
          {StepKind::Use, "the receiver", Name + " is written only now",
           Read->Written}};
      emit(std::move(Found), Sent.Holds);
      continue;
    }
    // (e) The acknowledgement may stay in the buffer for ever.
    if (auto Stuck = Others.findStuckWait(From, Sent)) {
      Finding Found = atSend(
          Sent.Op, Sent.Holds, Function, "stuck-wait",
          ": the message can be sent after its receiver has left, and the wait "
          "for its acknowledgement then never ends");
      Found.Steps.push_back({Stuck->Wait, "waited for here, without a deadline",
                             StepKind::Use, ""});
      Found.Steps.push_back({Stuck->Receive, "the only receiver is here",
                             StepKind::Explain, "the receiver"});
      Found.Steps.push_back(
          {Stuck->Leaves,
           "it leaves here without closing the channel or emptying it",
           StepKind::Explain, "the receiver"});
      Found.Story = {
          {StepKind::Destroy, "the receiver", "leaves", Stuck->Leaves},
          {StepKind::HandOver, "", "sent all the same: there is room",
           Found.Loc},
          {StepKind::Suspend, "", "waits for the acknowledgement for ever",
           Stuck->Wait}};
      emit(std::move(Found), Sent.Holds);
      continue;
    }
    // (f) A message that did not fit is lost, and the receiver waits for it.
    if (auto Lost = Others.findIgnoredFailure(From, Sent)) {
      Finding Found =
          atSend(Sent.Op, Sent.Holds, Function, "dropped",
                 ": a message that does not fit is dropped here "
                 "without a word, and the receiver " +
                     std::string(Lost->Counts ? "counts the messages"
                                              : "waits for a certain one"));
      Found.Steps.push_back(
          {Lost->Receive, "received here", StepKind::Explain, "the receiver"});
      Found.Steps.push_back({Lost->Needs, "the receiver depends on it here",
                             StepKind::Use, "the receiver"});
      Found.Story = {{StepKind::Destroy, "",
                      "a message that does not fit is dropped", Found.Loc},
                     {StepKind::Use, "the receiver",
                      Lost->Counts ? "counts on it" : "waits for it",
                      Lost->Needs}};
      emit(std::move(Found), Sent.Holds);
      continue;
    }
    // (g) The second send says nothing of what became of the first.
    if (auto Fence = Others.findFence(From, Sent)) {
      std::string Name = "'" + Fence->Object->getNameAsString() + "'";
      Finding Found =
          atSend(Sent.Op, Sent.Holds, Function, "no-fence",
                 ": a second send does not mean that the first message has "
                 "been received, and " +
                     Name + ", which the receiver writes, is used after it");
      Found.Steps.push_back({Fence->First, "the first message is sent here",
                             StepKind::Explain, ""});
      Found.Steps.push_back(
          {Fence->Read, Name + " is used here", StepKind::Use, ""});
      Found.Steps.push_back({Fence->Write, "the receiver writes it here",
                             StepKind::Use, "the receiver"});
      Found.Story = {
          {StepKind::HandOver, "", "the first message is sent", Fence->First},
          {StepKind::Use, "", "so is a second: there is room", Found.Loc},
          {StepKind::Use, "", Name + " is used", Fence->Read},
          {StepKind::Use, "the receiver", "writes it, perhaps only now",
           Fence->Write}};
      emit(std::move(Found), Sent.Holds);
    }
  }
}

void AssumedRendezvous::analyze(Session &Current) {
  Unit = &Current;
  Channels &All = Channels::of(Current);
  claims(All);
  RaceFinder Races(Current.Index, All);
  Receivers Others(All, Races);
  for (const FunctionDecl *Function : All.Code.Functions) {
    races(Function, Races, All);
    Sender From(Function, All);
    if (!From.Sends.empty())
      sends(From, Others);
  }
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(assumed_rendezvous, threadhop::AssumedRendezvous)
