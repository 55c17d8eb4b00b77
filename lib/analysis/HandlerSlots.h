//===--- HandlerSlots.h - a library's slots for one handler --- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds handlers that are given to a slot of a library which keeps one (the
// rows "waiter_slots" with "stores" or "binders"), while another one is in it:
// the first is destroyed and never called. Takes the functions of a unit;
// gives, for each function that does so on some path, both places. An operation
// whose completion token was bound to the slot puts its handler in when it
// begins.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_HANDLERSLOTS_H
#define THREADHOP_ANALYSIS_HANDLERSLOTS_H

#include "analysis/WaiterUnit.h"

namespace threadhop {

struct ReplacedHandler {
  const clang::FunctionDecl *Function = nullptr;
  std::string Slot; ///< The type of the slot, by its public name.
  const WaiterSlotModel *Row = nullptr;
  clang::SourceLocation First, Second;
  /// They are operations that were bound to the slot, not stores.
  bool FirstBinds = false, SecondBinds = false;
  bool Repeated = false; ///< Both are the same call, in a loop.
};

std::vector<ReplacedHandler> findReplacedHandlers(WaiterUnit &Unit);

} // namespace threadhop

#endif
