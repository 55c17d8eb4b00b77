//===--- ObjectWrites.h - who changes an object -----------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds where a body changes the object that a variable refers to: assignments
// to it or its members, non-const member functions, moves out of it, and
// functions that get it by non-const reference and change it. Accessors (a
// const overload exists, or the visible body changes nothing), atomics and
// mutexes do not count; functions that cannot be looked into do not, except
// member functions that are not const.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_OBJECTWRITES_H
#define THREADHOP_ANALYSIS_OBJECTWRITES_H

#include <string>
#include <vector>

namespace clang {
class Expr;
class Stmt;
class VarDecl;
} // namespace clang

namespace threadhop {

struct ObjectWrite {
  const clang::Expr *At = nullptr;
  std::string How; ///< "calls 'push_back'", "assigns to 'line'".
  /// Where the function that is called at At changes it, if it is visible.
  const clang::Expr *Inner = nullptr;
};

/// The changes of the object in \p Body, in source order. \p Var is a reference
/// to it or a pointer.
std::vector<ObjectWrite> writesTo(const clang::VarDecl *Var,
                                  const clang::Stmt *Body);

} // namespace threadhop

#endif
