//===--- SingleWaiter.h - contracts that allow one waiter ----- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds where code says that there is at most one waiter: the annotation
// single_waiter, a name (SingleConsumerEvent, SpscQueue), or a comment at the
// class, the slot or the function.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_SINGLEWAITER_H
#define THREADHOP_ANALYSIS_SINGLEWAITER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace clang {
class ASTContext;
class NamedDecl;
} // namespace clang

namespace threadhop {

/// True if the class, one around it, or the member is annotated.
bool isAnnotatedSingleWaiter(const clang::NamedDecl *D);

/// True if the name of one of the declarations, or of a class around it, or a
/// comment at it says so.
bool statesSingleWaiter(llvm::ArrayRef<const clang::NamedDecl *> Decls,
                        const clang::ASTContext &Context);

/// True if the words of the comment say so.
bool saysSingleWaiter(llvm::StringRef Comment);
/// True if the name does.
bool isSingleWaiterName(llvm::StringRef Name);

} // namespace threadhop

#endif
