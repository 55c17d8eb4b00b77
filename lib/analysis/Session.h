//===--- Session.h - the analyses of one translation unit -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_SESSION_H
#define THREADHOP_ANALYSIS_SESSION_H

#include "analysis/GuardLiveness.h"
#include "analysis/Sendability.h"
#include "analysis/UserFunctions.h"
#include <memory>

namespace threadhop {

/// What all checks share for one translation unit: made once, when the unit is
/// parsed, by whichever check asks first.
class Session {
public:
  /// The session of the unit; \p Rows must outlive it.
  static std::shared_ptr<Session> get(clang::ASTContext &Context,
                                      std::shared_ptr<const Models> Rows);

  Session(clang::ASTContext &Context, std::shared_ptr<const Models> Rows);

  clang::ASTContext &Context;
  const std::shared_ptr<const Models> Rows;
  /// What the unit's own code defines, found in one walk for all analyses.
  const UserCode Code;
  const ModelIndex Index;
  const Mutexes Locks;
  const GuardTypes Guards;
  const Sendability Sends;
  HopAnalysis Hops;
  const ResumptionAnalysis Resumptions;
  ReleaseAnalysis Releases;

  /// The functions of the user's code that can be suspended: coroutines, and
  /// functions with calls that suspend a stackful one. Instantiations are
  /// listed, templates are not.
  std::vector<const clang::FunctionDecl *> Suspendable;

  /// What is a channel and how much it holds; see Channels::of.
  std::shared_ptr<class Channels> Messages;
  /// Who calls and awaits what; see WaiterUnit::of.
  std::shared_ptr<class WaiterUnit> Waiters;

  GuardLivenessInputs guardInputs() {
    return {Context, Index, Guards, Locks, Releases};
  }
};

} // namespace threadhop

#endif
