//===--- Release.h - who may release a guard he is given --------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A guard that is passed by reference may be released by the one who gets it:
// a function that unlocks its parameter, a lambda that unlocks what it
// captured, an awaiter that keeps a reference to the lock. Whoever cannot be
// looked into may.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_RELEASE_H
#define THREADHOP_ANALYSIS_RELEASE_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"

namespace clang {
class CXXMethodDecl;
class Expr;
class FieldDecl;
class FunctionDecl;
class LambdaExpr;
class ParentMap;
class Stmt;
class ValueDecl;
} // namespace clang

namespace threadhop {

/// True for the names of member functions after which a guard holds nothing:
/// unlock, release, reset, end and their like.
bool isReleasingName(llvm::StringRef Name);

/// True for the names of member functions after which a guard holds again.
bool isAcquiringName(llvm::StringRef Name);

class ReleaseAnalysis {
public:
  /// Whether the function may release, or keep for later, what its parameter
  /// number \p Index refers or points to. A function that can be seen to do so
  /// under a condition only does not: the guard may be alive after it.
  bool mayRelease(const clang::FunctionDecl *Function, unsigned Index);

  /// Whether the function can be seen to lock what its parameter refers to.
  bool acquires(const clang::FunctionDecl *Function, unsigned Index);

  /// Whether the lambda's body may release the captured variable.
  bool mayRelease(const clang::LambdaExpr *Lambda,
                  const clang::ValueDecl *Variable);

  /// Whether the member function may release the member \p Field of its object
  /// (or, for a null field, whatever the object holds).
  bool mayReleaseMember(const clang::CXXMethodDecl *Method,
                        const clang::FieldDecl *Field);

private:
  bool releasedIn(const clang::Stmt *Body, const clang::ValueDecl *Variable,
                  unsigned Depth);
  bool isReleasingUse(const clang::Expr *Use, const clang::ParentMap &Parents,
                      const clang::Stmt *Body, unsigned Depth);
  bool mayRelease(const clang::FunctionDecl *Function, unsigned Index,
                  unsigned Depth);

  llvm::DenseMap<std::pair<const clang::FunctionDecl *, unsigned>, bool> Known;
};

} // namespace threadhop

#endif
