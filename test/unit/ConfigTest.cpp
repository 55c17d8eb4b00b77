//===--- ConfigTest.cpp - what a project's .clang-tidy says ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "config/CheckSelection.h"
#include "config/TolerantFile.h"
#include "findings/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SourceMgr.h"
#include "gtest/gtest.h"

using namespace threadhop;
using clang::tidy::ClangTidyOptions;
using Names = std::vector<std::string>;

namespace {

struct Read {
  explicit Read(llvm::StringRef Text)
      : Options(parseTolerantly(
            llvm::MemoryBufferRef(Text, "f"),
            clang::tidy::parseConfigurationWithDiags,
            [this](const llvm::SMDiagnostic &Diag) {
              LeftOut.push_back(std::to_string(Diag.getLineNo()) + ": " +
                                Diag.getMessage().str());
            },
            [this](const llvm::SMDiagnostic &) { ++Wrong; })) {}

  Names LeftOut;
  unsigned Wrong = 0;
  llvm::ErrorOr<ClangTidyOptions> Options;
};

} // namespace

TEST(TolerantFile, WhatIsRightIsReadAsItIs) {
  Read R("# c\nChecks: 'a,b'\nHeaderFilterRegex: 'src/.*'\n");
  ASSERT_TRUE(R.Options);
  EXPECT_EQ(R.LeftOut, Names{});
  EXPECT_EQ(R.Options->Checks, "a,b");
  EXPECT_EQ(R.Options->HeaderFilterRegex, "src/.*");
}

TEST(TolerantFile, EachEntryThatIsUnknownIsLeftOutAlone) {
  Read R("Gone:\n  - {a: b}\n  - c\nChecks: 'a'\nAlso: 'x'\nUser: me\n");
  ASSERT_TRUE(R.Options);
  EXPECT_EQ(R.LeftOut,
            (Names{"1: unknown key 'Gone'", "5: unknown key 'Also'"}));
  EXPECT_EQ(R.Options->Checks, "a");
  EXPECT_EQ(R.Options->User, "me");
}

TEST(TolerantFile, ListAtTheMarginGoesWithItsKey) {
  Read R("Gone:\n- a\n- b\nChecks: 'a'\n");
  ASSERT_TRUE(R.Options);
  EXPECT_EQ(R.LeftOut.size(), 1U);
  EXPECT_EQ(R.Options->Checks, "a");
}

TEST(TolerantFile, InnerKeysAndValues) {
  Read R("CheckOptions:\n  - key: a.b\n    note: n\n    value: 1\n"
         "SystemHeaders: maybe\nChecks: 'a'\n");
  ASSERT_TRUE(R.Options);
  EXPECT_EQ(R.LeftOut.size(), 2U);
  EXPECT_EQ(R.Options->CheckOptions["a.b"].Value, "1");
  EXPECT_FALSE(R.Options->SystemHeaders);
  EXPECT_EQ(R.Options->Checks, "a");
}

TEST(TolerantFile, FlowStyle) {
  Read R("{ \"Gone\": [\"{\", 1],\n \"Checks\": \"a,}\", Also: x }\n");
  ASSERT_TRUE(R.Options);
  EXPECT_EQ(R.LeftOut.size(), 2U);
  EXPECT_EQ(R.Options->Checks, "a,}");
}

TEST(TolerantFile, CommentAtTheMarginOfAText) {
  Read R("Checks: >\n  a,\n# why\n  b\n");
  ASSERT_TRUE(R.Options);
  EXPECT_EQ(
      R.LeftOut,
      Names{"3: a comment at the left margin ends the text that it is in"});
  EXPECT_TRUE(llvm::StringRef(*R.Options->Checks).contains("b"));
}

TEST(TolerantFile, ExpressionThatIsNoneIsLeftOut) {
  Read R(
      "Checks: a\nHeaderFilterRegex: '(?!x)'\nExcludeHeaderFilterRegex: 'y'\n");
  ASSERT_TRUE(R.Options);
  EXPECT_EQ(R.LeftOut.size(), 1U);
  EXPECT_TRUE(llvm::StringRef(R.LeftOut[0]).starts_with("2: '(?!x)'"));
  EXPECT_FALSE(R.Options->HeaderFilterRegex);
  EXPECT_EQ(R.Options->ExcludeHeaderFilterRegex, "y");
}

TEST(TolerantFile, WhatIsNoYamlIsWrong) {
  for (const char *Text : {"Checks: [a", "{", "a: b: c\n", "- a\n",
                           "just words", "Checks: a\n\tUser: b\n"}) {
    Read R(Text);
    EXPECT_FALSE(R.Options) << Text;
    EXPECT_GE(R.Wrong, 1U) << Text;
  }
}

TEST(TolerantFile, ManyUnknownKeysEnd) {
  std::string Text = "Checks: a\n";
  for (unsigned I = 0; I != 300; ++I)
    Text += "Key" + std::to_string(I) + ": 1\n";
  Read R(Text);
  EXPECT_FALSE(R.Options);
}

static Names left(llvm::StringRef Globs, bool Whole) {
  bool IsWhole;
  Names On;
  for (llvm::StringRef Pattern : leftOn(Globs, IsWhole))
    On.push_back(Pattern.str());
  EXPECT_EQ(IsWhole, Whole) << Globs.str();
  return On;
}

TEST(CheckSelection, LeftOn) {
  EXPECT_EQ(left("", false), Names{});
  EXPECT_EQ(left("a-*,b", false), (Names{"a-*", "b"}));
  EXPECT_EQ(left("a-*,-*, b ,\n", true), Names{"b"});
  EXPECT_EQ(left("-*,a-b,-a-*", true), Names{});
  EXPECT_EQ(left("-*,a-*,-a-b", true), Names{"a-*"});
}

TEST(CheckSelection, AListDecidesAboutOursOnlyIfItSpeaksOfThem) {
  Names Stable = defaultChecks(/*Preview=*/false);
  EXPECT_FALSE(Stable.empty());
  EXPECT_GT(defaultChecks(/*Preview=*/true).size(), Stable.size());
  for (const char *Globs : {"", "-*", "*", "-*,bugprone-*", "my-threadhop-x"})
    EXPECT_EQ(ourChecks(Stable, Globs), Stable) << Globs;
  EXPECT_EQ(ourChecks(Stable, "-*,threadhop-lost-waker"),
            Names{"threadhop-lost-waker"});
  EXPECT_EQ(ourChecks(Stable, "-threadhop-*"), Names{});
  EXPECT_EQ(ourChecks(Stable, "-*,threadhop-*").size(), rules().size());
  EXPECT_EQ(ourChecks(Stable, "-threadhop-lost-waker").size(),
            Stable.size() - 1);
}

// What a list mutes, with another one above it or none.
static bool isMuted(llvm::StringRef Globs, const char *Above = nullptr,
                    llvm::StringRef Option = "", llvm::StringRef Value = "") {
  PlaceConfig Config;
  Config.File = "/p/ext/.clang-tidy";
  Config.Options.Checks = Globs.str();
  if (!Option.empty())
    Config.Options.CheckOptions[Option].Value = Value.str();
  return mutes(Config, [&](llvm::StringRef Folder) {
    EXPECT_EQ(Folder, "/p");
    PlaceConfig Outer;
    if (Above) {
      Outer.File = "/p/.clang-tidy";
      Outer.Options.Checks = Above;
    }
    return Outer;
  });
}

TEST(CheckSelection, NothingLeftIsMuted) {
  EXPECT_TRUE(isMuted("-*"));
  EXPECT_TRUE(isMuted("a,-*,"));
  EXPECT_TRUE(isMuted("a,-*,b,-b"));
  EXPECT_FALSE(isMuted(""));
  EXPECT_FALSE(isMuted("nothing-*"));
  EXPECT_FALSE(isMuted("-modernize-*"));
}

TEST(CheckSelection, OneCheckThatSaysNothingIsMuted) {
  EXPECT_TRUE(isMuted("-*,llvm-twine-local"));
  EXPECT_FALSE(isMuted("-*,llvm-*"));
  EXPECT_TRUE(isMuted("-*,misc-definitions-in-headers", nullptr,
                      "HeaderFileExtensions", "x"));
  EXPECT_TRUE(isMuted("-*,misc-definitions-in-headers", nullptr,
                      "misc-definitions-in-headers.HeaderFileExtensions",
                      "nope,x"));
  EXPECT_FALSE(isMuted("-*,misc-definitions-in-headers", nullptr,
                       "HeaderFileExtensions", "x,hpp"));
  EXPECT_FALSE(isMuted("-*,misc-definitions-in-headers"));
}

TEST(CheckSelection, OneCheckBelowManyIsMuted) {
  EXPECT_TRUE(isMuted("-*,misc-static-assert", "-*,bugprone-*"));
  EXPECT_TRUE(isMuted("-*,misc-static-assert", "a-b,a-c"));
  EXPECT_FALSE(isMuted("-*,misc-static-assert", "-*,a-b"));
  EXPECT_FALSE(isMuted("-*,misc-static-assert"));
  EXPECT_FALSE(isMuted("-*,misc-static-assert,misc-b", "*"));
  EXPECT_FALSE(isMuted("-*,misc-*", "*"));
  // Somebody set it up.
  EXPECT_FALSE(isMuted("-*,a-b", "*", "a-b.Option", "1"));
  EXPECT_TRUE(isMuted("-*,a-b", "*", "a-bc.Option", "1"));
  // Ours is meant.
  EXPECT_FALSE(isMuted("-*,threadhop-lost-waker", "*"));
}
