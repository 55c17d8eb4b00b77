//===--- WaiterTypes.h - what can stand for a waiter ---------- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A waiter is whoever is called back when something has happened: a suspended
// coroutine (coroutine_handle), a waker of a poll function, a completion
// handler, a promise.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_WAITERTYPES_H
#define THREADHOP_ANALYSIS_WAITERTYPES_H

#include "clang/AST/Type.h"

namespace clang {
class CXXMethodDecl;
class CXXRecordDecl;
class EnumDecl;
class Expr;
class FunctionDecl;
} // namespace clang

namespace threadhop {

enum class WaiterKind {
  None,
  Handle,   ///< A coroutine_handle.
  Waker,    ///< Annotated, or by name: wakes a task that polls.
  Callback, ///< A completion handler.
  Promise,  ///< A promise that the waiter's future belongs to.
};

/// The kind of waiter that a value of the type is or holds: through references,
/// atomics, optionals, owning pointers, and small classes around one.
WaiterKind waiterKind(clang::QualType Type);

bool isCoroutineHandle(clang::QualType Type);
bool isAtomicType(clang::QualType Type);
/// A container of the standard library, or a class that looks like one.
bool isContainer(clang::QualType Type);
/// std::map or std::unordered_map and the like: one value for each key.
bool isUniqueMap(clang::QualType Type);

/// True if the class is the promise type of coroutines.
bool isPromiseType(const clang::CXXRecordDecl *Record);
/// True if the function is a member named await_suspend that takes a handle.
bool isAwaitSuspend(const clang::FunctionDecl *Function);
/// True if objects of the class can be copied.
bool isCopyable(const clang::CXXRecordDecl *Record);
/// The enumeration has a constant that says "not ready yet".
bool isPollEnum(clang::QualType Type);
/// The expression is the constant of a poll enumeration that says "not ready
/// yet", or another of its constants.
bool isPendingValue(const clang::Expr *E);
bool isReadyValue(const clang::Expr *E);

/// The class around a smart pointer's pointee; null for other types.
/// \p Shared tells whether several may own it.
const clang::CXXRecordDecl *smartPointee(clang::QualType Type, bool &Shared);

} // namespace threadhop

#endif
