//===--- DriverFingerprintTest.cpp - what findings are known by -----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Fingerprint.h"
#include "findings/Rules.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace threadhop::driver;
using Hashes = std::vector<std::string>;

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

TEST(DriverFingerprint, SymbolsWithoutPlaces) {
  EXPECT_EQ(plainSymbol("box<(lambda at /s (x)/a.cpp:3:7), int>"),
            "box<(lambda), int>");
  EXPECT_EQ(plainSymbol("(anonymous namespace)::a<(anonymous namespace)::b>"),
            "a<b>");
  EXPECT_EQ(plainSymbol("(unnamed struct at a.cpp:12:3) *"),
            "(unnamed struct) *");
  EXPECT_EQ(plainSymbol("this\n  ->mutex"), "this ->mutex");
  EXPECT_EQ(plainSymbol("std::lock_guard<std::mutex>"),
            "std::lock_guard<std::mutex>");
}

namespace {

/// Results in a file of their own.
class DriverFingerprints : public ::testing::Test {
protected:
  void SetUp() override {
    llvm::SmallString<128> Made;
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("prints", Made));
    Folder = std::string(Made);
    File = Folder + "/a.cpp";
    write(Text);
  }
  void TearDown() override {
    llvm::sys::fs::remove(File);
    llvm::sys::fs::remove(Folder);
  }

  void write(const std::string &Content) {
    std::error_code EC;
    llvm::raw_fd_ostream OS(File, EC);
    ASSERT_FALSE(EC);
    OS << Content;
  }

  /// A finding at the first place of some words of the file.
  Result at(llvm::StringRef Words, const char *Kind, const char *Symbol) {
    auto Source = llvm::MemoryBuffer::getFile(File);
    llvm::StringRef Content = (*Source)->getBuffer();
    Result R;
    R.Check = "threadhop-guard-across-suspension";
    R.Kind = Kind;
    R.Symbol = Symbol;
    R.At.File = File;
    R.At.Offset = Content.find(Words);
    R.At.Line = Content.take_front(R.At.Offset).count('\n') + 1;
    R.At.Column = 1;
    R.Message = "lock '" + R.Symbol + "' is alive over a suspension";
    return R;
  }

  std::vector<Result> all() {
    return {at("guard a;", "lock", "a"), at("guard a2;", "lock", "a"),
            at("trace b;", "state", "b"), at("guard a3;", "lock", "a")};
  }

  Hashes prints(std::vector<Result> Results, bool First = false) {
    SourceCache Sources;
    setFingerprints(Results, Sources);
    Hashes Prints;
    for (const Result &R : Results)
      Prints.push_back(First ? R.FingerprintV1 : R.Fingerprint);
    return Prints;
  }

  const std::string Text =
      "task f() {\n  guard a;\n  guard a2;\n  trace b;\n}\n"
      "namespace n {\ntask g() {\n  guard a3;\n}\n}\n";
  std::string Folder, File;
};

std::string withoutNumber(llvm::StringRef Print) {
  return Print.split(':').first.str();
}

/// The hash of the parts, as it is documented.
std::string hashOf(std::vector<std::string> Parts) {
  std::string Text = llvm::join(Parts, llvm::StringRef("\0", 1));
  auto Hash = llvm::SHA256::hash(llvm::arrayRefFromStringRef(Text));
  return llvm::toHex(Hash, /*LowerCase=*/true).substr(0, 32);
}

} // namespace

TEST_F(DriverFingerprints, AnotherWordingIsTheSameFinding) {
  Hashes Before = prints(all()), Older = prints(all(), /*First=*/true);
  std::vector<Result> Reworded = all();
  for (Result &R : Reworded) {
    R.Message = "something holds " + R.Symbol;
    R.Steps.emplace_back().Message = "another note";
    R.Function = "spelled otherwise";
    R.Level = "error";
  }
  EXPECT_EQ(prints(Reworded), Before);
  EXPECT_NE(prints(Reworded, /*First=*/true), Older);
}

TEST_F(DriverFingerprints, MovedLinesAndFilesAreTheSameFinding) {
  Hashes Before = prints(all()), Older = prints(all(), /*First=*/true);
  write("// }\nint first;\n\n" + Text);
  EXPECT_EQ(prints(all()), Before);
  EXPECT_EQ(prints(all(), /*First=*/true), Older);
  llvm::sys::fs::remove(File);
  File = Folder + "/b.cpp";
  write(Text);
  EXPECT_EQ(prints(all()), Before);
}

TEST_F(DriverFingerprints, EqualOnesAreNumbered) {
  Hashes Prints = prints(all());
  EXPECT_EQ(withoutNumber(Prints[0]), withoutNumber(Prints[1]));
  EXPECT_TRUE(llvm::StringRef(Prints[0]).ends_with(":1"));
  EXPECT_TRUE(llvm::StringRef(Prints[1]).ends_with(":2"));
  // The same in another function is another.
  EXPECT_NE(withoutNumber(Prints[0]), withoutNumber(Prints[3]));
  EXPECT_TRUE(llvm::StringRef(Prints[3]).ends_with(":1"));
}

TEST_F(DriverFingerprints, WhatIsHiddenIsNumberedLast) {
  Hashes Before = prints(all());
  std::vector<Result> Hidden = all();
  Hidden[0].HiddenBy.emplace();
  for (bool First : {false, true}) {
    Hashes Prints = prints(Hidden, First);
    EXPECT_TRUE(llvm::StringRef(Prints[0]).ends_with(":2"));
    EXPECT_TRUE(llvm::StringRef(Prints[1]).ends_with(":1"));
  }
  EXPECT_EQ(prints(Hidden)[1], Before[0]);
}

TEST_F(DriverFingerprints, EachPartCounts) {
  std::string Print = prints(all())[0];
  auto Changed = [&](auto Change) {
    std::vector<Result> Results = all();
    Change(Results[0]);
    return prints(Results)[0];
  };
  EXPECT_EQ(Changed([](Result &) {}), Print);
  EXPECT_NE(Changed([](Result &R) { R.Check = "threadhop-lost-waker"; }),
            Print);
  EXPECT_NE(Changed([](Result &R) { R.Kind = "state"; }), Print);
  EXPECT_NE(Changed([](Result &R) { R.Symbol = "c"; }), Print);
  EXPECT_NE(Changed([&](Result &R) { R.At.Offset = Text.size() - 5; }), Print);
}

TEST_F(DriverFingerprints, NamesOfMacrosAreWithoutTheLine) {
  write("LOCK(m);\nguard a1;\nguard a2;\n");
  Hashes Before =
      prints({at("LOCK", "lock", "lock_1_of"), at("LOCK", "lock", "(lambda)2"),
              at("guard a1", "lock", "a1"), at("guard a2", "lock", "a2")});
  // What stands in the file is a name, and what is none is left as it is.
  for (size_t I = 0; I != Before.size(); ++I)
    EXPECT_TRUE(llvm::StringRef(Before[I]).ends_with(":1"));
  write("int line;\nLOCK(m);\nguard a1;\nguard a2;\n");
  EXPECT_EQ(
      prints({at("LOCK", "lock", "lock_2_of"), at("LOCK", "lock", "(lambda)3"),
              at("guard a1", "lock", "a1"), at("guard a2", "lock", "a2")})[0],
      Before[0]);
  EXPECT_NE(prints({at("LOCK", "lock", "(lambda)3")})[0], Before[1]);
}

// What logs of earlier releases hold.
TEST_F(DriverFingerprints, TheFirstVersionIsWhatItWas) {
  Result Ours = all()[3];
  Result Other = Ours;
  Other.Check = "other-check";
  Other.Kind = "";
  Hashes Prints = prints({Ours, Other}, /*First=*/true);
  EXPECT_EQ(Prints[0], hashOf({Ours.Check,
                               "lock 'a' is alive over a suspension", "n::g"}) +
                           ":1");
  EXPECT_EQ(Prints[0], "a81269a40711850aafff60e15ef54fb2:1");
  EXPECT_EQ(Prints[1],
            hashOf({"other-check", "lock 'a' is alive over a suspension",
                    "n::g", "a.cpp", "guard", "a3;"}) +
                ":1");
}

TEST_F(DriverFingerprints, OfOtherChecksTheLineTells) {
  Result Other = all()[0];
  Other.Check = "other-check";
  Other.Kind = Other.Symbol = "";
  std::string Print = prints({Other})[0];
  Other.Message = "worded otherwise";
  EXPECT_EQ(prints({Other})[0], Print);
  std::vector<Result> Same = {Other, Other};
  EXPECT_EQ(prints(Same)[1], withoutNumber(Print) + ":2");
  Other.At = all()[1].At;
  EXPECT_NE(prints({Other})[0], Print);
  write("int line;\n" + Text);
  Other.At = all()[0].At;
  EXPECT_EQ(prints({Other})[0], Print);
  // Without the line there is only the message.
  Other.At = {Folder + "/gone.cpp", 0, 1, 1};
  Print = prints({Other})[0];
  Other.Message = "lock";
  EXPECT_NE(prints({Other})[0], Print);
}
