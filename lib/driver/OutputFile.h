//===--- OutputFile.h - writes a file whole or not at all -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_OUTPUTFILE_H
#define THREADHOP_DRIVER_OUTPUTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace threadhop::driver {

/// Writes to a temporary file beside \p Path and renames it, so that nobody
/// sees half a file, and what was there stays when the disk is full. "-" is
/// standard output; devices and pipes are written directly.
llvm::Error writeFile(llvm::StringRef Path, llvm::StringRef Text);

} // namespace threadhop::driver

#endif
