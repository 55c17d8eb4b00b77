//===--- HandOver.h - what a call hands to another thread -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes an argument of a hopping call apart into the objects that go to the
// other thread with it: captures, bound and extra arguments, what a factory or
// an erased callable was made with, what a reference or 'this' leads to.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_HANDOVER_H
#define THREADHOP_ANALYSIS_HANDOVER_H

#include "clang/AST/Type.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <vector>

namespace clang {
class ASTContext;
class Expr;
class FunctionDecl;
class LambdaExpr;
class Stmt;
class ValueDecl;
class VarDecl;
} // namespace clang

namespace threadhop {

/// How an object gets to the other thread.
enum class HandedBy {
  Copy,      ///< The sender's object was copied.
  Move,      ///< The sender's object was moved from.
  Made,      ///< Made for the task, by the sender.
  Reference, ///< The task works on the sender's object.
  This,      ///< The task works on the sender's *this.
};

struct HandedObject {
  HandedBy By;
  /// Of the object in the task; for Reference and This, of the sender's.
  clang::QualType Type;
  /// What the sender calls it; empty for a temporary.
  std::string Name;
  /// The capture, or the argument.
  clang::SourceLocation Loc;
  bool IsCapture = false;
  /// Nobody hands it over: it is a variable of the program that the task names.
  bool IsGlobal = false;
  /// What it was copied or moved from, or refers to.
  const clang::Expr *Source = nullptr;
  /// The body that works on it, and what it is called there: a variable, a
  /// member of the task object, or null for *this. No body where it cannot be
  /// seen.
  const clang::Stmt *TaskBody = nullptr;
  const clang::ValueDecl *InTask = nullptr;
  /// It was taken when the callable was made, which has since been copied from
  /// this variable.
  const clang::VarDecl *KeptIn = nullptr;
  /// The objects it becomes a part of, outermost first: what is constructed,
  /// or made by make_unique and the like.
  llvm::SmallVector<clang::QualType, 2> Inside;
};

/// What goes over with the argument \p E of a call.
std::vector<HandedObject> handedOver(const clang::Expr *E,
                                     const clang::ASTContext &Context);

/// Fills in the body that works on argument number \p Argument: that of the
/// callable among the arguments before it.
void bindTask(llvm::ArrayRef<const clang::Expr *> Args, unsigned Argument,
              HandedObject &Object);

/// The body of the callable that \p E is, and its parameters' declaration;
/// nulls if it cannot be seen.
const clang::FunctionDecl *callableOf(const clang::Expr *E);

} // namespace threadhop

#endif
