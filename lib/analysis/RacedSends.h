//===--- RacedSends.h - buffered sends in races -----------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds sends on channels that buffer which race a receive or a stop signal,
// where the branch of the send then comes back to the race, or waits for an
// answer, without a look at the signal (ANALYSIS.md 3B).
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_RACEDSENDS_H
#define THREADHOP_ANALYSIS_RACEDSENDS_H

#include "analysis/Races.h"

namespace threadhop {

struct RacedSend {
  ChannelOp Send;
  Capacity Holds;
  clang::SourceLocation Race;
  std::string SignalName;
  /// The wait for an answer; invalid where the loop is what is wrong.
  clang::SourceLocation Answer;
};

std::vector<RacedSend> findRacedSends(const clang::FunctionDecl *Function,
                                      RaceFinder &Races, Channels &All);

} // namespace threadhop

#endif
