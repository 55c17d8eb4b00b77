//===--- Shard.cpp - a part of the units ----------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Shard.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>

namespace threadhop::driver {

std::optional<ShardOption> parseShard(llvm::StringRef Text) {
  ShardOption Part;
  auto [Index, Count] = Text.split('/');
  if (Index.getAsInteger(10, Part.Index) ||
      Count.getAsInteger(10, Part.Count) || Part.Index == 0 ||
      Part.Index > Part.Count)
    return std::nullopt;
  return Part;
}

void keepShard(std::vector<Unit> &Units, const ShardOption &Part) {
  std::vector<size_t> Order(Units.size());
  std::iota(Order.begin(), Order.end(), 0);
  llvm::sort(Order, [&](size_t A, size_t B) {
    return std::tie(Units[A].File, Units[A].Directory, Units[A].Command) <
           std::tie(Units[B].File, Units[B].Directory, Units[B].Command);
  });
  std::vector<char> Kept(Units.size(), false);
  for (size_t I = Part.Index - 1; I < Order.size(); I += Part.Count)
    Kept[Order[I]] = true;
  size_t Index = 0;
  llvm::erase_if(Units, [&](const Unit &) { return !Kept[Index++]; });
}

} // namespace threadhop::driver
