//===--- DriverSourceTextTest.cpp - lines and columns of files ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/SourceText.h"
#include "gtest/gtest.h"

using namespace threadhop::driver;
using Position = std::pair<unsigned, unsigned>;

static SourceText source(llvm::StringRef Text) {
  return SourceText(llvm::MemoryBuffer::getMemBufferCopy(Text));
}

TEST(DriverSourceText, Lines) {
  SourceText S = source("ab\ncd\r\n\re\n");
  EXPECT_EQ(S.position(0), Position(1, 1));
  EXPECT_EQ(S.position(2), Position(1, 3));
  EXPECT_EQ(S.position(3), Position(2, 1));
  EXPECT_EQ(S.position(7), Position(3, 1));
  EXPECT_EQ(S.position(8), Position(4, 1));
  EXPECT_EQ(S.position(1000), Position(5, 1));
  EXPECT_EQ(S.line(1), "ab");
  EXPECT_EQ(S.line(2), "cd");
  EXPECT_EQ(S.line(3), "");
  EXPECT_EQ(S.line(4), "e");
  EXPECT_EQ(S.line(0), "");
  EXPECT_EQ(S.line(6), "");
}

TEST(DriverSourceText, Utf16Columns) {
  // Two bytes and one unit, four bytes and two units, a byte that is neither.
  SourceText S = source("\xC3\xA4 \xF0\x9F\x98\x80 \xE9 x\ty");
  EXPECT_EQ(S.utf16Column(0), 1U);
  EXPECT_EQ(S.utf16Column(2), 2U);
  EXPECT_EQ(S.utf16Column(3), 3U);
  EXPECT_EQ(S.utf16Column(7), 5U);
  EXPECT_EQ(S.utf16Column(9), 7U);
  EXPECT_EQ(S.utf16Column(10), 8U);
  EXPECT_EQ(S.utf16Column(12), 10U);
  // A byte order mark is no part of the line.
  SourceText Marked = source("\xEF\xBB\xBFint x;\nint y;");
  EXPECT_EQ(Marked.utf16Column(3), 1U);
  EXPECT_EQ(Marked.utf16Column(7), 5U);
  EXPECT_EQ(Marked.utf16Column(10), 1U);
}

TEST(DriverSourceText, TokenEnd) {
  SourceText S = source("co_await f(\"a b\"); // x\n  y");
  EXPECT_EQ(S.tokenEnd(0), 8U);
  EXPECT_EQ(S.tokenEnd(9), 10U);
  EXPECT_EQ(S.tokenEnd(11), 16U);
  EXPECT_EQ(S.tokenEnd(8), 8U);
  EXPECT_EQ(S.tokenEnd(26), 27U);
  EXPECT_EQ(S.tokenEnd(99), 27U);
}

TEST(DriverSourceText, NormalisedPath) {
  EXPECT_EQ(normalisedPath("b/./c/../d.h", "/a"), "/a/b/d.h");
  EXPECT_EQ(normalisedPath("/x//y"), "/x/y");
  EXPECT_EQ(normalisedPath(""), "");
}
