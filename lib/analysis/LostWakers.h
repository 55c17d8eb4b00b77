//===--- LostWakers.h - waiters that nobody keeps ------------- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the paths through an await_suspend or a poll function that end in
// "suspended" or "pending" while the waiter was given to nobody, although other
// paths of the same function keep it; waiters given to a map that may refuse
// them; and poll functions that see "pending" and return "ready".
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_LOSTWAKERS_H
#define THREADHOP_ANALYSIS_LOSTWAKERS_H

#include "analysis/WaiterTypes.h"
#include "analysis/WaiterUnit.h"

namespace threadhop {

struct LostWaker {
  enum LossKind {
    NotKept,   ///< A path keeps the waiter nowhere.
    Refused,   ///< A map or set that has the key already does not take it.
    Swallowed, ///< "Pending" was seen, and "ready" is returned.
  };
  LossKind Loss = NotKept;
  WaiterKind Kind = WaiterKind::None;
  const clang::FunctionDecl *Function = nullptr;
  const clang::ParmVarDecl *Waiter = nullptr;
  clang::SourceLocation Loc;
  /// The conditions on the way, and how they came out.
  struct Condition {
    clang::SourceLocation Loc;
    std::optional<bool> Taken; ///< Nothing for a switch.
  };
  std::vector<Condition> Conditions;
  /// Where another path keeps it, or what said "pending", or the map.
  clang::SourceLocation Other;
};

std::vector<LostWaker> findLostWakers(WaiterUnit &Unit);

/// True if the node is a use of the waiter that lets somebody else know it:
/// not a mere look at it.
bool handsWaiterOn(const clang::Stmt *S, const class WaiterCarriers &Carriers,
                   const FunctionPaths &Paths);

} // namespace threadhop

#endif
