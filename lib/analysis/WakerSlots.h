//===--- WakerSlots.h - slots that keep one waiter ------------ -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds where a registration (await_suspend, or a function that takes a waker
// or a completion handler) stores the waiter in a single slot, which object the
// slot is in, and whether the path there has dealt with the waiter that was in
// it. A container is no slot.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_WAKERSLOTS_H
#define THREADHOP_ANALYSIS_WAKERSLOTS_H

#include "analysis/SlotUses.h"
#include "analysis/WaiterFlow.h"
#include "analysis/WaiterTypes.h"

namespace threadhop {

/// One store of a waiter into a slot.
struct SlotStore {
  /// The function that the waiter comes in by, and its parameter.
  const clang::FunctionDecl *Registers = nullptr;
  const clang::ParmVarDecl *Waiter = nullptr;
  WaiterKind Kind = WaiterKind::None;
  /// It comes by the initiation that the function gives to async_initiate.
  bool Initiated = false;
  /// The function that has the store; another one if it is a setter.
  const clang::FunctionDecl *In = nullptr;
  /// The calls from the one to the other.
  llvm::SmallVector<const clang::Expr *, 2> Calls;
  const clang::Expr *Store = nullptr;
  SlotPlace Place;
  PreviousContent Previous;
};

/// The parameter of the function that a waiter comes in by; null if it has
/// none, or if it makes, assigns or swaps objects.
const clang::ParmVarDecl *waiterParameter(const clang::FunctionDecl *Function);

/// All stores into slots in the unit, each once.
std::vector<SlotStore> findSlotStores(WaiterUnit &Unit);

/// The functions that take a waiter out of the slot.
llvm::SmallVector<const clang::FunctionDecl *, 4>
takersOf(const clang::ValueDecl *Slot, WaiterUnit &Unit);

/// True if a taker empties the slot as it takes the waiter: the waiter is
/// called once.
bool isTakenOut(const clang::ValueDecl *Slot, WaiterUnit &Unit);

/// Whether an object of the class is awaited itself, by several coroutines if
/// they like, rather than made for one await.
enum class AwaitedAs { OneAwait, Object, Unknown };
AwaitedAs awaitedAs(const clang::CXXRecordDecl *Awaiter,
                    const clang::ValueDecl *Slot, WaiterUnit &Unit);

} // namespace threadhop

#endif
