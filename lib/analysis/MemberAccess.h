//===--- MemberAccess.h - how code accesses a member ---------- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and writes of a member with their memory order, and which locks are
// held on a path.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_MEMBERACCESS_H
#define THREADHOP_ANALYSIS_MEMBERACCESS_H

#include "analysis/WaiterUnit.h"
#include "llvm/Support/AtomicOrdering.h"

namespace threadhop {

struct MemberAccess {
  bool Reads = false;
  bool Writes = false;
  bool Atomic = false; ///< An operation of an atomic.
  /// The order of the operation; nothing if it cannot be told.
  std::optional<llvm::AtomicOrdering> Order;

  bool isReadModifyWrite() const { return Atomic && Reads && Writes; }
  bool isSequential() const {
    return Atomic && Order == llvm::AtomicOrdering::SequentiallyConsistent;
  }
};

/// What the code around \p Member does with it.
MemberAccess accessOf(const clang::MemberExpr *Member,
                      const FunctionPaths &Paths, clang::ASTContext &Context);

/// The locks that are held while a path is followed.
class HeldLocks {
public:
  explicit HeldLocks(const Mutexes &Locks) : Locks(Locks) {}
  /// As above, from the start of a function with that body: one that unlocks
  /// what it did not lock has it held from the start.
  HeldLocks(const Mutexes &Locks, const clang::Stmt *Body);

  void follow(const PathEvent &Event);
  /// The number of the critical section that the path is in, from 1; 0 outside.
  unsigned section() const { return Held.empty() && !ByHand ? 0 : Section; }

  /// A lock is held since before the function was called.
  bool isInherited() const { return Inherited; }

private:
  const Mutexes &Locks;
  bool Inherited = false;
  llvm::SmallVector<const clang::VarDecl *, 2> Held;
  unsigned ByHand = 0;
  unsigned Section = 0;
};

} // namespace threadhop

#endif
