//===--- DriverSourceTextTest.cpp - lines, columns, fingerprints ----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Fingerprint.h"
#include "driver/SourceText.h"
#include "gtest/gtest.h"

using namespace threadhop::driver;
using Position = std::pair<unsigned, unsigned>;
using Hashes = std::vector<std::string>;

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

// The vectors that GitHub's upload action is tested with.
TEST(DriverFingerprint, LineHashVectors) {
  EXPECT_EQ(lineHashes(""), (Hashes{"c129715d7a2bc9a3:1"}));
  EXPECT_EQ(lineHashes(" a\nb\n  \t\tc\n d"),
            (Hashes{"271789c17abda88f:1", "54703d4cd895b18:1",
                    "180aee12dab6264:1", "a23a3dc5e078b07b:1"}));
  EXPECT_EQ(lineHashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
            (Hashes{"8b7cf3e952e7aeb2:1", "b1ae1287ec4718d9:1",
                    "bff680108adb0fcc:1", "c6805c5e1288b612:1",
                    "b86d3392aea1be30:1", "e6ceba753e1a442:1"}));
  Hashes Windows = {"e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1",
                    "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
                    "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1",
                    "c129715d7a2bc9a3:1"};
  EXPECT_EQ(lineHashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n "
                       "End\r\n"),
            Windows);
  EXPECT_EQ(lineHashes(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r "
                       "End\r\n"),
            Windows);
  std::string Lorem;
  for (int I = 0; I < 10; ++I)
    Lorem += "Lorem ipsum dolor sit amet.\n";
  EXPECT_EQ(
      lineHashes(Lorem),
      (Hashes{"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3",
              "a7f2ff13bc495cf2:4", "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6",
              "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1",
              "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"}));
}

TEST(DriverFingerprint, MessagesWithoutPlaces) {
  EXPECT_EQ(withoutPlaces("type '(lambda at /src/a.cpp:3:7)' of line 12"),
            "type '(lambda)' of ");
  EXPECT_EQ(withoutPlaces("see a.cpp:12:3 and b.h:4"), "see a.cpp and b.h");
  EXPECT_EQ(withoutPlaces("std::lock_guard<std::mutex> 'g'"),
            "std::lock_guard<std::mutex> 'g'");
}

TEST(DriverFingerprint, SurvivesMoves) {
  auto Make = [](const char *File, unsigned Line) {
    Result R;
    R.Check = "c";
    R.Message = "guard 'g' of a.cpp:" + std::to_string(Line);
    R.At = {File, 0, Line, 1};
    return R;
  };
  SourceCache Sources;
  std::vector<Result> Before = {Make("/one/a.cpp", 3), Make("/one/a.cpp", 9)};
  std::vector<Result> After = {Make("/two/a.cpp", 103),
                               Make("/two/a.cpp", 109)};
  setFingerprints(Before, Sources);
  setFingerprints(After, Sources);
  EXPECT_EQ(Before[0].Fingerprint, After[0].Fingerprint);
  EXPECT_EQ(Before[1].Fingerprint, After[1].Fingerprint);
  EXPECT_NE(Before[0].Fingerprint, Before[1].Fingerprint);
  std::vector<Result> Other = {Make("/one/a.cpp", 3)};
  Other[0].Message = "guard 'h' of a.cpp:3";
  setFingerprints(Other, Sources);
  EXPECT_NE(Before[0].Fingerprint, Other[0].Fingerprint);
}
