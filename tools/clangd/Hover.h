//===--- Hover.h - what an annotation means ---------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_TOOLS_CLANGD_HOVER_H
#define THREADHOP_TOOLS_CLANGD_HOVER_H

#include "llvm/Support/JSON.h"

namespace threadhop {

/// Adds to clangd's answer to a hover what the annotation there means. What is
/// no such answer, or speaks of something else, stays as it is.
void explainAnnotation(llvm::json::Object &Answer);

} // namespace threadhop

#endif
