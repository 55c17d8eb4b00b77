//===--- DriverChangedLinesTest.cpp - what changed since a revision -------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/ChangedLines.h"
#include "gtest/gtest.h"

using namespace threadhop::driver;

TEST(DriverChangedLines, Patch) {
  auto Files = parsePatch("diff --git a/a.cpp b/a.cpp\n"
                          "index 1..2 100644\n"
                          "--- a/a.cpp\n"
                          "+++ b/a.cpp\n"
                          "@@ -2 +2,2 @@ context\n"
                          "-old\n"
                          "+@@ -1 +1 @@\n"
                          "+diff --git a/x b/x\n"
                          "@@ -9,2 +9,0 @@\n"
                          "-one\n"
                          "-two\n"
                          "\\ No newline at end of file\n"
                          "diff --git a/mode b/mode\n"
                          "old mode 100644\n"
                          "new mode 100755\n"
                          "diff --git a/b.cpp b/b.cpp\n"
                          "@@ -0,0 +1 @@\n"
                          "+new\n"
                          "\\ No newline at end of file");
  ASSERT_TRUE(Files);
  ASSERT_EQ(Files->size(), 3U);
  const FileChanges &A = (*Files)[0];
  EXPECT_FALSE(A.contains(1));
  EXPECT_TRUE(A.contains(2));
  EXPECT_TRUE(A.contains(3));
  EXPECT_FALSE(A.contains(4));
  EXPECT_FALSE(A.contains(9));
  // Lines are gone behind line 1 and behind line 9.
  EXPECT_TRUE(A.removedBetween(1, 4));
  EXPECT_FALSE(A.removedBetween(2, 9));
  EXPECT_TRUE(A.removedBetween(9, 10));
  EXPECT_FALSE(A.removedBetween(10, 99));
  EXPECT_TRUE((*Files)[1].Lines.empty());
  EXPECT_TRUE((*Files)[2].contains(1));
  EXPECT_TRUE((*Files)[2].Removed.empty());
}

TEST(DriverChangedLines, NoPatch) {
  EXPECT_TRUE(parsePatch("")->empty());
  EXPECT_FALSE(parsePatch("@@ -1 +1 @@\n-a\n+b\n"));
  EXPECT_FALSE(parsePatch("diff --git a/a b/a\n@@ -1 +x @@\n-a\n+b\n"));
  EXPECT_FALSE(parsePatch("diff --git a/a b/a\n@@ -1 +1,9 @@\n-a\n+b\n"));
  EXPECT_FALSE(parsePatch("diff --git a/a b/a\n@@ -1 +1 @@\n context\n"));
}
