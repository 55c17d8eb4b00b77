//===--- ThreadLocalAddresses.h - addresses kept too long -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds local references and pointers to thread_local storage that are taken
// before a suspension and used after it, on clang's CFG.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_THREADLOCALADDRESSES_H
#define THREADHOP_ANALYSIS_THREADLOCALADDRESSES_H

#include "analysis/Suspension.h"

namespace clang {
class VarDecl;
} // namespace clang

namespace threadhop {

/// A variable that holds the address of a thread_local over a suspension.
struct StaleAddress {
  const clang::VarDecl *Holder;   ///< The reference, pointer or binding.
  const clang::VarDecl *Variable; ///< The thread_local.
  std::string Name;               ///< The holder's name; empty for a loop's.
  clang::SourceLocation Loc;
  /// The suspensions after which it is used, in source order.
  std::vector<SuspensionPoint> At;
  /// The first such use.
  clang::SourceLocation Use;
};

/// The thread_local that the lvalue \p E lies in: itself, a member, an element,
/// what an accessor with a visible body returns a reference to. Not what a
/// thread_local pointer points to.
const clang::VarDecl *threadLocalStorageOf(const clang::Expr *E);

/// The stale addresses of \p Function. Suspensions that come back to the same
/// thread do not count.
std::vector<StaleAddress> findStaleAddresses(const clang::FunctionDecl *Function,
                                             const Suspensions &Points,
                                             const clang::ASTContext &Context);

} // namespace threadhop

#endif
