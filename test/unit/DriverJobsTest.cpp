//===--- DriverJobsTest.cpp - how many units to analyse at once -----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Jobs.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace threadhop::driver;
namespace fs = llvm::sys::fs;

namespace {

/// A folder like /sys/fs/cgroup.
class Groups : public testing::Test {
protected:
  void SetUp() override { fs::createUniqueDirectory("threadhop-jobs", Root); }
  void TearDown() override { fs::remove_directories(Root); }

  void put(const char *Group, const char *Name, const char *Text) {
    llvm::SmallString<128> File(Root);
    llvm::sys::path::append(File, Group);
    fs::create_directories(File);
    llvm::sys::path::append(File, Name);
    std::error_code EC;
    llvm::raw_fd_ostream(File, EC) << Text << '\n';
    ASSERT_FALSE(EC);
  }
  ProcessLimits of(const char *Membership) {
    return groupLimits(Membership, Root);
  }

  llvm::SmallString<128> Root;
};

constexpr uint64_t MB = uint64_t(1) << 20;

} // namespace

TEST_F(Groups, NoFilesNoLimits) {
  ProcessLimits None = of("0::/a/b\n");
  EXPECT_FALSE(None.Quota);
  EXPECT_FALSE(None.Bytes);
  EXPECT_FALSE(of("").Quota);
  EXPECT_FALSE(of("nonsense\n::\n0::relative\n").Quota);
}

TEST_F(Groups, TheNarrowestOfTheGroupAndItsParents) {
  put("a/b", "cpu.max", "max 100000");
  put("a", "cpu.max", "150000 100000");
  put("", "cpu.max", "800000 100000");
  put("a/b", "memory.max", "max");
  put("a", "memory.max", "1073741824");
  put("a", "memory.current", "536870912");
  ProcessLimits Limits = of("0::/a/b\n");
  EXPECT_EQ(Limits.Quota, 1.5);
  EXPECT_EQ(Limits.Bytes, 512 * MB);
}

TEST_F(Groups, InsideOfAContainerTheRootIsTheGroup) {
  put("", "cpu.max", "200000 100000");
  EXPECT_EQ(of("0::/\n").Quota, 2);
}

TEST_F(Groups, FirstVersion) {
  put("cpu,cpuacct/a", "cpu.cfs_quota_us", "300000");
  put("cpu,cpuacct/a", "cpu.cfs_period_us", "100000");
  put("cpu,cpuacct", "cpu.cfs_quota_us", "-1");
  put("cpu,cpuacct", "cpu.cfs_period_us", "100000");
  put("memory/a", "memory.limit_in_bytes", "2147483648");
  put("memory/a", "memory.usage_in_bytes", "0");
  ProcessLimits Limits =
      of("5:memory:/a\n4:cpu,cpuacct:/a\n3:cpuset:/\n0::/other\n");
  EXPECT_EQ(Limits.Quota, 3);
  EXPECT_EQ(Limits.Bytes, 2048 * MB);
}

TEST_F(Groups, UsedUpAndBroken) {
  put("a", "memory.max", "1000");
  put("a", "memory.current", "2000");
  put("a", "cpu.max", "1 0");
  ProcessLimits Limits = of("0::/a\n");
  EXPECT_EQ(Limits.Bytes, 0U);
  EXPECT_FALSE(Limits.Quota);
}

TEST(Jobs, AsMuchAsTheLimitsAllow) {
  EXPECT_EQ(jobsWithin({8, std::nullopt, std::nullopt}), 8U);
  EXPECT_EQ(jobsWithin({8, 1.5, std::nullopt}), 2U);
  EXPECT_EQ(jobsWithin({8, 0.1, std::nullopt}), 1U);
  EXPECT_EQ(jobsWithin({2, 16.0, std::nullopt}), 2U);
  EXPECT_EQ(jobsWithin({8, std::nullopt, 1536 * MB}), 3U);
  EXPECT_EQ(jobsWithin({8, std::nullopt, 0}), 1U);
}

TEST(Jobs, AvailableMemory) {
  EXPECT_EQ(availableMemory("MemTotal: 4 kB\nMemAvailable:     1024 kB\n"), MB);
  EXPECT_EQ(availableMemory("MemTotal: 4 kB\n"), std::nullopt);
  EXPECT_EQ(availableMemory(""), std::nullopt);
}

TEST(Jobs, HereAtLeastOne) { EXPECT_GE(usableJobs(), 1U); }
