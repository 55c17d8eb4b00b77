//===--- IncludeScan.h - which units a changed file concerns ----*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_INCLUDESCAN_H
#define THREADHOP_DRIVER_INCLUDESCAN_H

#include "driver/Database.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace threadhop::driver {

/// Tells for each unit whether it reads a file that \p Changed is true of: the
/// unit's own, or one that it includes. Units are preprocessed for that, \p
/// Jobs at once. Where preprocessing does not tell (an error, modules,
/// precompiled headers), the answer is true. \p Changed is called from several
/// threads.
std::vector<bool>
unitsThatRead(llvm::ArrayRef<Unit> Units, unsigned Jobs,
              llvm::function_ref<bool(llvm::StringRef)> Changed);

} // namespace threadhop::driver

#endif
