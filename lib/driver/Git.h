//===--- Git.h - runs git ---------------------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_GIT_H
#define THREADHOP_DRIVER_GIT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace threadhop::driver {

/// Runs git in \p Folder, without a shell, and gives what it printed. The error
/// is git's own first line.
llvm::Expected<std::string> runGit(llvm::StringRef Folder,
                                   llvm::ArrayRef<llvm::StringRef> Arguments);

} // namespace threadhop::driver

#endif
