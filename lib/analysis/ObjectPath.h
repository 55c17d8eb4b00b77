//===--- ObjectPath.h - which object an expression names --------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_OBJECTPATH_H
#define THREADHOP_ANALYSIS_OBJECTPATH_H

#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace clang {
class Decl;
class Expr;
class FieldDecl;
} // namespace clang

namespace threadhop {

/// An object: a variable or *this, and the members that lead from it to a part.
struct ObjectPath {
  /// The variable (local, parameter, global, static member); null for *this.
  const clang::Decl *Root = nullptr;
  llvm::SmallVector<const clang::FieldDecl *, 2> Fields;
  /// It is something inside the object that Fields lead to: an element, what a
  /// smart pointer owns, the value of an optional.
  bool Within = false;

  /// True if the two can be the same object or one can lie in the other.
  bool overlaps(const ObjectPath &Other) const;
  bool operator==(const ObjectPath &Other) const {
    return Root == Other.Root && Fields == Other.Fields &&
           Within == Other.Within;
  }
};

/// The object that \p E denotes, refers or points to: through references and
/// pointers that were initialised once, structured bindings, std::move,
/// std::get, element access. Nothing if that cannot be told.
std::optional<ObjectPath> resolveObject(const clang::Expr *E);

} // namespace threadhop

#endif
