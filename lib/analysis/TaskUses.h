//===--- TaskUses.h - what a task does with a confined object ---*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_TASKUSES_H
#define THREADHOP_ANALYSIS_TASKUSES_H

#include "analysis/Sendability.h"
#include "clang/Basic/SourceLocation.h"
#include <optional>
#include <string>

namespace clang {
class Expr;
class FieldDecl;
class Stmt;
class ValueDecl;
} // namespace clang

namespace threadhop {

/// Whether the expression makes an object that nobody else has: 'new', or a
/// free function that is given nothing confined to make it from.
bool isFreshObject(const clang::Expr *Init, const Sendability &Sends);

/// A place in a task that touches a confined object.
struct TaskUse {
  clang::SourceLocation Loc;
  std::string Name;     ///< Of the member or variable that is confined.
  clang::QualType Type; ///< Its type.
  const clang::FieldDecl *Field = nullptr; ///< The member, if it is one.
  const SendVerdict *Verdict = nullptr;
};

/// The first place in \p Body that touches something confined through the
/// variable \p Var, through that member where it is one, or through *this where
/// it is null: the object itself, a
/// member of it, what it points to. Functions of the object are looked into
/// where they are visible; a member function that is inherited from a confined
/// library class touches it. Uses under a lock that the task takes are none.
std::optional<TaskUse> findTaskUse(const clang::Stmt *Body,
                                   const clang::ValueDecl *Var,
                                   const Sendability &Sends,
                                   const ModelIndex &Index,
                                   const GuardTypes &Guards);

} // namespace threadhop

#endif
