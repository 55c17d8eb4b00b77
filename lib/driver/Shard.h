//===--- Shard.h - a part of the units --------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_SHARD_H
#define THREADHOP_DRIVER_SHARD_H

#include "driver/Database.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace threadhop::driver {

/// Reads "I/N"; nothing unless 1 <= I <= N.
std::optional<ShardOption> parseShard(llvm::StringRef Text);

/// Keeps the part's units. Together the parts have every unit once, whatever
/// the order of the database on each machine, and neighbours, which tend to
/// take equally long, are dealt out in turn.
void keepShard(std::vector<Unit> &Units, const ShardOption &Part);

} // namespace threadhop::driver

#endif
