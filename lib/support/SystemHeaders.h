//===--- SystemHeaders.h - what is a library's ------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_SUPPORT_SYSTEMHEADERS_H
#define THREADHOP_SUPPORT_SYSTEMHEADERS_H

#include "clang/AST/DeclBase.h"
#include "clang/Basic/SourceManager.h"

namespace threadhop {

/// Whether a declaration is in a system header. One that a macro wrote is where
/// the macro is expanded.
inline bool isInSystemHeader(const clang::Decl *D,
                             const clang::SourceManager &SM) {
  return SM.isInSystemHeader(SM.getExpansionLoc(D->getLocation()));
}

} // namespace threadhop

#endif
