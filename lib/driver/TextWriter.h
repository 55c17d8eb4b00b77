//===--- TextWriter.h - results as the compiler prints them -----*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_TEXTWRITER_H
#define THREADHOP_DRIVER_TEXTWRITER_H

#include "driver/Results.h"
#include "llvm/ADT/ArrayRef.h"

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace threadhop::driver {

/// Prints each result as clang-tidy does: message, source line, notes.
void writeText(llvm::ArrayRef<Result> Results, bool Colors,
               llvm::raw_ostream &OS);

} // namespace threadhop::driver

#endif
