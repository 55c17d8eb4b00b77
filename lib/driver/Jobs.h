//===--- Jobs.h - how many units to analyse at once -------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A container or a batch system gives a process a part of the machine. What the
// hardware has says nothing about it.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_JOBS_H
#define THREADHOP_DRIVER_JOBS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace threadhop::driver {

/// What limits this process.
struct ProcessLimits {
  unsigned Processors = 1;       ///< That it may run on.
  std::optional<double> Quota;   ///< Processors' worth of time.
  std::optional<uint64_t> Bytes; ///< Memory that it may still take.
};

/// The limits of control groups that the process is in, of their parents too:
/// version 2's cpu.max and memory.max, version 1's cpu.cfs_quota_us,
/// cpu.cfs_period_us and memory.limit_in_bytes. \p Membership is the text of
/// /proc/self/cgroup, \p Root where control groups are mounted. What cannot be
/// read limits nothing.
ProcessLimits groupLimits(llvm::StringRef Membership, llvm::StringRef Root);

/// The memory that is available on the whole machine, as /proc/meminfo says.
std::optional<uint64_t> availableMemory(llvm::StringRef MemInfo);

/// One job for each processor's worth of time, begun ones included, as far as
/// there is memory for them; at least one.
unsigned jobsWithin(const ProcessLimits &Limits);

/// That of this process, as things are now.
unsigned usableJobs();

} // namespace threadhop::driver

#endif
