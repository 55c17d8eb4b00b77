//===--- LibraryInstantiations.h - what libraries instantiate ---*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_LIBRARYINSTANTIATIONS_H
#define THREADHOP_DRIVER_LIBRARYINSTANTIATIONS_H

#include "clang/AST/ASTContext.h"

namespace threadhop::driver {

/// Whether the user's code has a call operator or a destructor of a template
/// that nobody has instantiated, in a type that was given to a template of a
/// library: if the bodies of libraries were skipped, one of them may do it.
bool libraryMayInstantiate(clang::ASTContext &Context);

} // namespace threadhop::driver

#endif
