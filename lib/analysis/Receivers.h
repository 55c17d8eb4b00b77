//===--- Receivers.h - the other ends of the unit's channels ----*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Knows every visible use of every channel, and answers for a send what its
// receivers do: can they leave without emptying the channel, do they count the
// messages, what do they write (ANALYSIS.md 3A, 3D, 3E). Nothing is said where
// a receiver is not visible.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_RECEIVERS_H
#define THREADHOP_ANALYSIS_RECEIVERS_H

#include "analysis/AfterSend.h"
#include "analysis/Races.h"

namespace threadhop {

/// A wait for an acknowledgement that may never come.
struct StuckWait {
  clang::SourceLocation Wait;    ///< The sender's.
  clang::SourceLocation Receive; ///< The only receiver.
  clang::SourceLocation Leaves;  ///< How it leaves.
};

/// A failed try_send that the receiver would have to know of.
struct IgnoredFailure {
  clang::SourceLocation Receive;
  clang::SourceLocation Needs;
  bool Counts; ///< Else it waits for a certain message.
};

/// A second send that is taken for a proof that the first was received.
struct FalseFence {
  clang::SourceLocation First;
  clang::SourceLocation Read;
  clang::SourceLocation Write;
  const clang::ValueDecl *Object;
};

class Receivers {
public:
  Receivers(Channels &All, RaceFinder &Races);

  std::optional<StuckWait> findStuckWait(const Sender &From,
                                         const Sender::Send &Sent);
  std::optional<IgnoredFailure> findIgnoredFailure(const Sender &From,
                                                   const Sender::Send &Sent);
  std::optional<FalseFence> findFence(const Sender &From,
                                      const Sender::Send &Second);

private:
  struct Use {
    const clang::FunctionDecl *Function;
    ChannelOp Op;
    const clang::ValueDecl *Channel;
  };

  bool same(const Use &One, const ChannelOp &Op,
            const clang::ValueDecl *Channel) const;
  std::vector<const Use *> usesOf(const ChannelOp &Op) const;
  std::optional<clang::SourceLocation> leaves(const Use &Receive) const;
  clang::SourceLocation findWait(const Sender &From, const Sender::Send &Sent);

  Channels &All;
  RaceFinder &Races;
  std::vector<Use> Uses;
};

} // namespace threadhop

#endif
