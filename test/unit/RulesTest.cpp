//===--- RulesTest.cpp - metadata of the checks ---------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "findings/Rules.h"
#include "findings/Finding.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <thread>

using namespace threadhop;

namespace {

class EachRule : public testing::TestWithParam<Rule> {};

TEST_P(EachRule, HasTheModulesPrefix) {
  EXPECT_TRUE(GetParam().Name.starts_with("threadhop-"));
}

TEST_P(EachRule, HasASummaryThatIsOneClause) {
  EXPECT_FALSE(GetParam().Summary.empty());
  EXPECT_FALSE(GetParam().Summary.ends_with("."));
}

TEST_P(EachRule, SeverityIsALevelOfSarif) {
  EXPECT_TRUE(
      llvm::is_contained({"error", "warning", "note"}, GetParam().Severity));
}

TEST_P(EachRule, PrecisionIsOneOfFour) {
  EXPECT_TRUE(llvm::is_contained({"very-high", "high", "medium", "low"},
                                 GetParam().Precision));
}

TEST_P(EachRule, SaysSinceWhenAndHasTags) {
  EXPECT_FALSE(GetParam().Since.empty());
  EXPECT_FALSE(GetParam().Tags.empty());
}

TEST_P(EachRule, TakesModelFiles) {
  EXPECT_TRUE(llvm::any_of(GetParam().Options, [](const RuleOption &Option) {
    return Option.Name == "ModelFiles";
  }));
}

TEST_P(EachRule, OptionsAreWhole) {
  for (const RuleOption &Option : GetParam().Options) {
    EXPECT_FALSE(Option.Name.empty());
    EXPECT_FALSE(Option.Type.empty());
    EXPECT_FALSE(Option.Text.empty());
  }
}

TEST_P(EachRule, KindsHaveNamesOfTheirOwn) {
  EXPECT_FALSE(GetParam().Kinds.empty());
  for (const FindingKind &Kind : GetParam().Kinds) {
    EXPECT_EQ(Kind.Name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"),
              llvm::StringRef::npos);
    EXPECT_EQ(GetParam().kind(Kind.Name), &Kind);
    EXPECT_FALSE(Kind.Text.empty());
    EXPECT_FALSE(Kind.Messages.empty());
  }
  EXPECT_EQ(GetParam().kind(""), nullptr);
}

TEST_P(EachRule, MessagesAreReadAsTheirKind) {
  for (const FindingKind &Kind : GetParam().Kinds)
    for (llvm::StringRef Pattern : Kind.Messages) {
      std::string Message;
      for (llvm::StringRef Part : llvm::split(Pattern, '*'))
        Message += (Message.empty() ? "" : "some 'text'") + Part.str();
      if (Pattern.starts_with("*"))
        Message = "some" + Message;
      size_t At = Message.find("<symbol>");
      bool Named = At != std::string::npos;
      if (Named)
        Message.replace(At, 8, "a::b<int>");
      auto Read = GetParam().readMessage(Message);
      ASSERT_TRUE(Read) << Message;
      EXPECT_EQ(Read->Kind, Kind.Name) << Message;
      EXPECT_EQ(Read->Symbol, Named ? "a::b<int>" : "") << Message;
    }
  EXPECT_FALSE(GetParam().readMessage(""));
  EXPECT_FALSE(GetParam().readMessage("of another release"));
}

TEST_P(EachRule, HelpBeginsBelowTheFrontMatter) {
  EXPECT_TRUE(GetParam().Help.ltrim().starts_with("#"));
  EXPECT_FALSE(GetParam().Help.contains("\nseverity:"));
}

TEST_P(EachRule, UrlNamesThePage) {
  llvm::StringRef Page = GetParam().Name.drop_front(10);
  EXPECT_TRUE(llvm::StringRef(GetParam().url())
                  .ends_with("/docs/checks/" + Page.str() + ".md"));
}

TEST_P(EachRule, IsFoundByItsName) {
  const Rule *Found = findRule(GetParam().Name);
  ASSERT_TRUE(Found);
  EXPECT_EQ(Found->Name, GetParam().Name);
}

INSTANTIATE_TEST_SUITE_P(All, EachRule, testing::ValuesIn(rules().vec()),
                         [](const testing::TestParamInfo<Rule> &Info) {
                           std::string Name = Info.param.Name.str();
                           std::replace(Name.begin(), Name.end(), '-', '_');
                           return Name;
                         });

TEST(Rules, AreSortedByName) {
  EXPECT_TRUE(llvm::is_sorted(
      rules(), [](const Rule &L, const Rule &R) { return L.Name < R.Name; }));
}

TEST(Rules, NoRuleOfAnotherName) {
  EXPECT_EQ(findRule("threadhop-nothing"), nullptr);
  EXPECT_EQ(findRule("guard-across-suspension"), nullptr);
  EXPECT_EQ(findRule(""), nullptr);
}

TEST(Rules, ReadAMessage) {
  Rule Known;
  Known.Kinds = {{"first", "", {"lock '<symbol>' ('*') is * here"}},
                 {"second", "", {"lock '<symbol>' is *", "* of it"}},
                 {"third", "", {"exactly this"}}};
  auto Read = [&](llvm::StringRef Message) {
    auto Result = Known.readMessage(Message);
    return Result ? (Result->Kind + ":" + Result->Symbol).str() : "none";
  };
  EXPECT_EQ(Read("lock 'a' ('b') is held here"), "first:a");
  // The end must be the end, and a name ends as soon as it can.
  EXPECT_EQ(Read("lock 'a' ('b') is held here, too"), "none");
  EXPECT_EQ(Read("lock 'a' is 'b' is here"), "second:a");
  EXPECT_EQ(Read("lock 'a' is here, here"), "second:a");
  EXPECT_EQ(Read("a lock 'a' is here"), "none");
  EXPECT_EQ(Read("lock '' is "), "second:");
  EXPECT_EQ(Read("the end of it"), "second:");
  EXPECT_EQ(Read("exactly this"), "third:");
  EXPECT_EQ(Read("exactly this one"), "none");
}

TEST(StepKinds, HaveDifferentNames) {
  std::vector<llvm::StringRef> Names;
  for (StepKind Kind : {StepKind::Explain, StepKind::Create, StepKind::Suspend,
                        StepKind::HandOver, StepKind::Use, StepKind::Destroy}) {
    EXPECT_FALSE(llvm::is_contained(Names, stepKindName(Kind)));
    Names.push_back(stepKindName(Kind));
  }
}

struct NullSink : FindingSink {
  void take(llvm::StringRef, const Finding &,
            const clang::SourceManager &) override {}
};

TEST(FindingSinks, ScopesNest) {
  EXPECT_EQ(FindingSink::current(), nullptr);
  NullSink Outer, Inner;
  {
    FindingSink::Scope A(Outer);
    EXPECT_EQ(FindingSink::current(), &Outer);
    {
      FindingSink::Scope B(Inner);
      EXPECT_EQ(FindingSink::current(), &Inner);
    }
    EXPECT_EQ(FindingSink::current(), &Outer);
  }
  EXPECT_EQ(FindingSink::current(), nullptr);
}

TEST(FindingSinks, EachThreadHasItsOwn) {
  NullSink Sink;
  FindingSink::Scope Mine(Sink);
  FindingSink *Theirs = &Sink;
  std::thread([&] { Theirs = FindingSink::current(); }).join();
  EXPECT_EQ(Theirs, nullptr);
}

} // namespace
