//===--- ThreadLocalScope.h - scopes inferred from bodies -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tells from its constructors and destructor whether a class is a scope on the
// current thread: a constructor sets (or opens something on) a thread_local
// and the destructor restores (or closes) it. Two forms:
//
// * symmetric: both work on the same thread_local;
// * asymmetric: the constructor works on an object of type R that it was given,
//   the destructor undoes it on a thread_local R or R*.
//
// A destructor that merely uses a thread_local (a logger, a cache, statistics)
// infers nothing: the pair of actions must be an opening and a closing one.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_THREADLOCALSCOPE_H
#define THREADHOP_ANALYSIS_THREADLOCALSCOPE_H

#include "clang/AST/Decl.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <string>

namespace clang {
class CXXConstructorDecl;
class CXXRecordDecl;
} // namespace clang

namespace threadhop {

/// What a function does to a variable.
enum class ActionKind {
  Set,       ///< Assigns or exchanges it.
  Increment, ///< ++ or +=.
  Decrement, ///< -- or -=.
  Call,      ///< Calls a member function that is not const.
  Pass,      ///< Gives it to a function by reference or by address.
};

/// One action on a thread_local variable.
struct ThreadLocalAction {
  const clang::VarDecl *Variable;
  ActionKind Kind;
  std::string Name; ///< Of the member or function called; else empty.
  clang::SourceLocation Loc;
};

/// The actions that the function's body does to thread_local variables, those
/// of visible callees included, to a depth of four calls.
llvm::SmallVector<ThreadLocalAction>
threadLocalActions(const clang::FunctionDecl *Function);

/// The thread_local that the expression denotes, points to or lies within; also
/// through an accessor function that returns a reference or pointer to one.
const clang::VarDecl *threadLocalOf(const clang::Expr *E);

/// Why a class is a scope on the current thread.
struct ThreadLocalScope {
  const clang::VarDecl *Variable;
  bool Asymmetric = false;
  ThreadLocalAction Open; ///< In the asymmetric form, Variable is null.
  ThreadLocalAction Close;
  /// The constructors that open the scope; empty if a factory does.
  llvm::SmallPtrSet<const clang::CXXConstructorDecl *, 4> Opening;
};

/// The scope that the class's bodies show, if any.
std::optional<ThreadLocalScope>
inferThreadLocalScope(const clang::CXXRecordDecl *Record);

/// The scope that \p Factory opens and the class it returns closes, where the
/// class's own constructors open nothing.
std::optional<ThreadLocalScope>
inferFactoryScope(const clang::FunctionDecl *Factory,
                  const clang::CXXRecordDecl *Record);

} // namespace threadhop

#endif
