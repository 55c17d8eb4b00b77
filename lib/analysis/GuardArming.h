//===--- GuardArming.h - does an initialiser make a guard hold --*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_GUARDARMING_H
#define THREADHOP_ANALYSIS_GUARDARMING_H

#include "analysis/GuardTypes.h"
#include "analysis/ObjectPath.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace clang {
class CXXConstructExpr;
} // namespace clang

namespace threadhop {

/// Judges whether an expression yields a guard that holds something, or an
/// empty, deferred or released one.
class GuardArming {
public:
  /// \p StateOf tells for an object that is tracked whether it holds, or held
  /// until this expression moved it; nothing for others.
  using StateLookup =
      llvm::function_ref<std::optional<bool>(const ObjectPath &)>;

  GuardArming(const GuardTypes &Guards, StateLookup StateOf)
      : Guards(Guards), StateOf(StateOf) {}

  /// Whether the guard \p Leaf of the object that \p E yields holds. A null
  /// \p E is default initialisation.
  bool arms(const clang::Expr *E, const GuardLeaf &Leaf) const {
    return arms(E, Leaf, 0, /*Depth=*/8);
  }

  /// Whether a guard in a value of unknown origin is taken to hold. Guards
  /// that members of classes may or may not hold are not.
  static bool armsUnknown(const GuardLeaf &Leaf, unsigned Field = 0);

  /// The same for one that is made from nothing.
  static bool armsDefault(const GuardLeaf &Leaf, unsigned Field = 0);

private:
  bool arms(const clang::Expr *E, const GuardLeaf &Leaf, unsigned Field,
            unsigned Depth) const;
  bool armsConstruct(const clang::CXXConstructExpr *E, const GuardLeaf &Leaf,
                     unsigned Field, unsigned Depth) const;
  bool armsLeaf(const clang::CXXConstructExpr *E, const GuardLeaf &Leaf) const;
  bool armsArguments(llvm::ArrayRef<const clang::Expr *> Args,
                     const GuardLeaf &Leaf, unsigned Depth) const;

  const GuardTypes &Guards;
  StateLookup StateOf;
};

} // namespace threadhop

#endif
