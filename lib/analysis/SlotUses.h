//===--- SlotUses.h - what code does with a slot's content ---- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Classifies the places where a function names the slot of a waiter: it looks
// whether there is one, takes it out, clears or writes it; and tells whether a
// path has dealt with the previous content when it comes to a store.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_SLOTUSES_H
#define THREADHOP_ANALYSIS_SLOTUSES_H

#include "analysis/WaiterUnit.h"
#include "clang/Basic/SourceLocation.h"

namespace threadhop {

enum class SlotUse {
  None,
  Test,  ///< Only whether, or what, something is in it.
  Take,  ///< The content is used: resumed, moved or copied out, passed on.
  Write, ///< Something is put in.
  Clear, ///< It is emptied, and the content not looked at.
};

/// True if the expression names the slot, directly or by a local reference.
bool namesSlot(const clang::Expr *E, const clang::ValueDecl *Slot);
/// True if something in the expression or statement does.
bool mentionsSlot(const clang::Stmt *S, const clang::ValueDecl *Slot);

/// What becomes of the slot's content where the expression names it.
SlotUse useOfSlot(const clang::Expr *Named, const FunctionPaths &Paths);

/// Every use of the slot in the function.
struct SlotUseAt {
  SlotUse Use;
  const clang::Expr *E;
};
llvm::SmallVector<SlotUseAt, 4> usesOfSlot(const clang::FunctionDecl *Function,
                                           const clang::ValueDecl *Slot,
                                           WaiterUnit &Unit);

/// Whether, when the condition holds, something is in the slot; nothing if the
/// condition asks something else.
std::optional<bool> occupiedIf(const clang::Expr *Condition,
                               const clang::ValueDecl *Slot);

/// The previous content of the slot on the paths from a function's start to a
/// node in it.
struct PreviousContent {
  bool Unhandled = false; ///< Some path comes there without a look at it.
  /// A suspension between the look and the node, where there was a look.
  clang::SourceLocation StaleAfter, CheckedAt;
};
PreviousContent previousContentAt(const clang::Stmt *Node,
                                  const clang::FunctionDecl *Function,
                                  const clang::ValueDecl *Slot,
                                  WaiterUnit &Unit);

} // namespace threadhop

#endif
