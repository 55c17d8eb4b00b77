//===--- ToolIdentity.h - which program this is -----------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_TOOLIDENTITY_H
#define THREADHOP_DRIVER_TOOLIDENTITY_H

#include "llvm/ADT/ArrayRef.h"
#include <string>

namespace threadhop::driver {

/// A text that differs between any two builds of threadhop, of the LLVM that
/// it runs with, and of the loaded \p Plugins: versions, and the linker's build
/// IDs (a hash of the contents for what has none).
std::string toolIdentity(llvm::ArrayRef<std::string> Plugins);

} // namespace threadhop::driver

#endif
