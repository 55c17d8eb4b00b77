//===--- Jobs.cpp - how many units to analyse at once ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Jobs.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"
#include <algorithm>
#include <cmath>

using namespace llvm;

namespace threadhop::driver {

// Files of /proc and of control groups have no size.
static std::string contents(const Twine &File) {
  auto Text = MemoryBuffer::getFileAsStream(File);
  return Text ? (*Text)->getBuffer().trim().str() : "";
}

template <typename T> static void lower(std::optional<T> &Limit, T Value) {
  Limit = Limit ? std::min(*Limit, Value) : Value;
}

static void takeQuota(ProcessLimits &To, StringRef Quota, StringRef Period) {
  uint64_t Time, Of;
  // "max" and -1 are no limits, and no numbers.
  if (!Quota.getAsInteger(10, Time) && !Period.getAsInteger(10, Of) && Of)
    lower(To.Quota, double(Time) / Of);
}

static void takeMemory(ProcessLimits &To, StringRef Most, StringRef Used) {
  uint64_t Limit, Now;
  if (Most.getAsInteger(10, Limit))
    return;
  if (Used.getAsInteger(10, Now))
    Now = 0;
  lower(To.Bytes, Limit - std::min(Limit, Now));
}

static void takeGroup(ProcessLimits &To, const Twine &Folder) {
  std::string Path = Folder.str();
  auto Read = [&](StringRef Name) { return contents(Path + "/" + Name); };
  auto [Quota, Period] = StringRef(Read("cpu.max")).split(' ');
  takeQuota(To, Quota.str(), Period.str());
  takeQuota(To, Read("cpu.cfs_quota_us"), Read("cpu.cfs_period_us"));
  takeMemory(To, Read("memory.max"), Read("memory.current"));
  takeMemory(To, Read("memory.limit_in_bytes"), Read("memory.usage_in_bytes"));
}

ProcessLimits groupLimits(StringRef Membership, StringRef Root) {
  ProcessLimits Limits;
  // "0::/a/b" in version 2, "4:cpu,cpuacct:/a/b" for each controller before.
  for (StringRef Line : split(Membership, '\n')) {
    auto [Controllers, Group] = Line.split(':').second.split(':');
    if (!Group.starts_with("/"))
      continue;
    bool Second = Controllers.empty();
    if (!Second && !is_contained(split(Controllers, ','), "cpu") &&
        Controllers != "memory")
      continue;
    std::string Mount = (Root + (Second ? "" : "/" + Controllers)).str();
    // In a container the group's own folder is the root.
    for (; Group != "/" && !Group.empty();
         Group = sys::path::parent_path(Group))
      takeGroup(Limits, Twine(Mount) + Group);
    takeGroup(Limits, Mount);
  }
  return Limits;
}

std::optional<uint64_t> availableMemory(StringRef MemInfo) {
  for (StringRef Line : split(MemInfo, '\n')) {
    uint64_t Kilobytes;
    if (Line.consume_front("MemAvailable:") &&
        !Line.trim().split(' ').first.getAsInteger(10, Kilobytes))
      return Kilobytes << 10;
  }
  return std::nullopt;
}

unsigned jobsWithin(const ProcessLimits &Limits) {
  // A worker takes 150 to 600 MB.
  static constexpr uint64_t BytesForEach = uint64_t(512) << 20;
  uint64_t Jobs = Limits.Processors;
  if (Limits.Quota)
    Jobs = std::min<uint64_t>(Jobs, std::ceil(*Limits.Quota));
  if (Limits.Bytes)
    Jobs = std::min(Jobs, *Limits.Bytes / BytesForEach);
  return std::max<uint64_t>(Jobs, 1);
}

unsigned usableJobs() {
  ProcessLimits Limits =
      groupLimits(contents("/proc/self/cgroup"), "/sys/fs/cgroup");
  // Follows the process's affinity.
  Limits.Processors = hardware_concurrency().compute_thread_count();
  if (auto Bytes = availableMemory(contents("/proc/meminfo")))
    lower(Limits.Bytes, *Bytes);
  return jobsWithin(Limits);
}

} // namespace threadhop::driver
