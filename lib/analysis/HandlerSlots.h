//===--- HandlerSlots.h - a library's slots for one handler --- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds handlers that are given to a slot of a library which keeps one, while
// another one is in it: the first is destroyed and never called. Takes the
// functions of a unit; gives, for each function that does so on some path, both
// places. The slots: asio::cancellation_slot, which a cancellation_signal lends
// out by value (its documentation: assign() installs a new handler, destroying
// any existing handler in the slot).
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_HANDLERSLOTS_H
#define THREADHOP_ANALYSIS_HANDLERSLOTS_H

#include "analysis/WaiterUnit.h"

namespace threadhop {

struct ReplacedHandler {
  const clang::FunctionDecl *Function = nullptr;
  std::string Slot; ///< The type of the slot, by its public name.
  clang::SourceLocation First, Second;
};

std::vector<ReplacedHandler> findReplacedHandlers(WaiterUnit &Unit);

} // namespace threadhop

#endif
