//===--- DriverConfigTest.cpp - configuration and command line ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "clang-tidy/ClangTidyOptions.h"
#include "driver/Config.h"
#include "driver/Messages.h"
#include "driver/Options.h"
#include "findings/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

using namespace threadhop::driver;
using Errors = std::vector<std::string>;

static Errors check(const AnalysisOptions &Opts) {
  ConfigChecker Checker(Opts);
  Checker.checkCommandLine();
  return Checker.errors();
}

static Errors checkConfig(const char *Text) {
  AnalysisOptions Opts;
  Opts.Config = Text;
  Opts.ConfigName = "f";
  return check(Opts);
}

TEST(DriverConfig, GoodOnes) {
  EXPECT_EQ(checkConfig(""), Errors{});
  EXPECT_EQ(checkConfig("{}"), Errors{});
  EXPECT_EQ(checkConfig("Checks: '*,-threadhop-*,clang-diagnostic-x'"),
            Errors{});
  EXPECT_EQ(checkConfig("CheckOptions: {other-check.Option: 1}"), Errors{});
  EXPECT_EQ(checkConfig("CheckOptions: {ModelFiles: ''}"), Errors{});
}

TEST(DriverConfig, BadOnes) {
  EXPECT_EQ(checkConfig("Checks: '*'\nUser: me\nWhat: 1\n"),
            Errors{"f:3:1: unknown key 'What'"});
  EXPECT_EQ(checkConfig("# thing\nChecks: '-*,\n  -thing'\n"),
            Errors{"f:3: unknown check 'thing'"});
  EXPECT_EQ(checkConfig("WarningsAsErrors: no-no\n"),
            Errors{"f:1: unknown check 'no-no'"});
  EXPECT_EQ(checkConfig("HeaderFilterRegex: '*'\n").size(), 1U);
  EXPECT_EQ(checkConfig("CheckOptions:\n  - key: ModelFile\n    value: x\n"),
            Errors{"f:2: unknown option 'ModelFile'; did you mean "
                   "'ModelFiles'?"});
}

TEST(DriverConfig, DefaultsAreTheStableChecks) {
  auto Enabled = [](AnalysisOptions Opts) {
    auto Provider = makeOptionsProvider(Opts);
    return enabledChecks(*Provider, "/nowhere/a.cpp");
  };
  for (bool Preview : {false, true}) {
    AnalysisOptions Opts;
    Opts.Config = "{}";
    Opts.Preview = Preview;
    Errors Wanted;
    for (const threadhop::Rule &R : threadhop::rules())
      if (Preview || !R.Preview)
        Wanted.push_back(R.Name.str());
    llvm::sort(Wanted);
    EXPECT_EQ(Enabled(Opts), Wanted);
  }
  // A pattern turns preview checks on as well.
  AnalysisOptions Opts;
  Opts.Config = "{}";
  Opts.Checks = "-*,threadhop-*";
  EXPECT_EQ(Enabled(Opts).size(), threadhop::rules().size());
}

TEST(DriverConfig, OptionsTravel) {
  AnalysisOptions Opts;
  Opts.Checks = "-*,x";
  Opts.SystemHeaders = false;
  Opts.ModelFiles = "/a;/b";
  Opts.Plugins = {"p.so"};
  Opts.MemoryLimit = 5;
  Json J = Opts;
  auto Back = J.get<AnalysisOptions>();
  EXPECT_EQ(Json(Back), J);
  EXPECT_EQ(Back.Checks, Opts.Checks);
  EXPECT_EQ(Back.SystemHeaders, Opts.SystemHeaders);
  EXPECT_FALSE(Back.Config);
}

TEST(DriverMessages, DidYouMean) {
  EXPECT_EQ(didYouMean("gaurd", {"guard", "other"}), "; did you mean 'guard'?");
  EXPECT_EQ(didYouMean("xyz", {"guard", "other"}), "");
  EXPECT_EQ(didYouMean("x", {}), "");
}

TEST(DriverMessages, ShellQuoting) {
  EXPECT_EQ(shellQuoted("a/b-c.d=e"), "a/b-c.d=e");
  EXPECT_EQ(shellQuoted(""), "''");
  EXPECT_EQ(shellQuoted("a b"), "'a b'");
  EXPECT_EQ(shellQuoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shellQuoted("-*"), "'-*'");
}

TEST(DriverMessages, CommandToReproduce) {
  Options Opts;
  Opts.CommandLine = {"threadhop", "whatever"};
  Opts.BuildPath = "b d";
  Opts.Analysis.Checks = "-*,x";
  Opts.Analysis.Preview = true;
  EXPECT_EQ(Opts.commandFor("/s/a.cpp"),
            "threadhop -p 'b d' '--checks=-*,x' --preview /s/a.cpp");
  Options Fixed;
  Fixed.CommandLine = {"threadhop"};
  Fixed.CompilerArguments = {"-DX=a b"};
  EXPECT_EQ(Fixed.commandFor("a.cpp"), "threadhop a.cpp -- '-DX=a b'");
}
