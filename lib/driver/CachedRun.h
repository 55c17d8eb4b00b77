//===--- CachedRun.h - runs the units that changed --------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_CACHEDRUN_H
#define THREADHOP_DRIVER_CACHEDRUN_H

#include "driver/Pool.h"

namespace threadhop::driver {

/// As runUnits(), but takes the reports of units that have not changed from
/// the cache, and keeps the others' there. A cache that cannot be used costs
/// a warning, and nothing else.
bool runUnitsCached(llvm::ArrayRef<Unit> Units, PoolOptions Pool,
                    const CacheOptions &Cache, PoolListener &Listener,
                    CacheUse &Use);

} // namespace threadhop::driver

#endif
