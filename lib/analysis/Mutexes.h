//===--- Mutexes.h - which mutexes belong to a thread -----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_MUTEXES_H
#define THREADHOP_ANALYSIS_MUTEXES_H

#include "analysis/ModelIndex.h"
#include "llvm/ADT/DenseMap.h"

namespace clang {
class CXXMethodDecl;
} // namespace clang

namespace threadhop {

/// True if \p Record can be awaited: it has await_ready or a member operator
/// co_await, itself or in a base.
bool isAwaitableRecord(const clang::CXXRecordDecl *Record);

/// What a member function call does to the mutex it is called on.
enum class MutexOperation { None, Lock, TryLock, Unlock };

/// Judges mutex types, from the models or from their bodies.
class Mutexes {
public:
  explicit Mutexes(const ModelIndex &Index) : Index(Index) {}

  /// True if \p Type (or what it refers or points to) is a mutex that the
  /// thread which locked it must unlock. Not so: coroutine and fiber mutexes
  /// (a member function returns an awaitable), mutexes whose lock() does
  /// nothing, and wrappers of such.
  bool isThreadMutex(clang::QualType Type) const;

  /// What \p Method does to a thread mutex; None for other types.
  MutexOperation operation(const clang::CXXMethodDecl *Method) const;

private:
  bool judge(const clang::CXXRecordDecl *Record, unsigned Depth) const;
  MutexOperation forwarded(const clang::CXXMethodDecl *Method,
                           unsigned Depth) const;

  const ModelIndex &Index;
  mutable llvm::DenseMap<const clang::CXXRecordDecl *, bool> Judged;
};

} // namespace threadhop

#endif
