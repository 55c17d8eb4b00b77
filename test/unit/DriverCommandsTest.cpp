//===--- DriverCommandsTest.cpp -------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/CommandErrors.h"
#include "driver/Commands.h"
#include "driver/FailureSummary.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

using namespace llvm;
using namespace threadhop::driver;
using clang::tooling::CompileCommand;

namespace {

std::vector<std::string> words(StringRef Text) {
  std::vector<std::string> Result;
  for (StringRef Word : split(Text, ' '))
    if (!Word.empty())
      Result.push_back(Word.str());
  return Result;
}

std::string launched(StringRef Command) {
  return join(withoutLauncher(words(Command)), " ");
}

struct Cleaned {
  std::string Command, Left;
};

Cleaned clean(StringRef Command, StringRef File = "a.cpp") {
  CommandCleaner Cleaner;
  CleanCommand Result =
      Cleaner.clean(CompileCommand("/nowhere", File, words(Command), ""));
  std::vector<std::string> Left;
  for (const LeftOut &What : Result.Left)
    Left.push_back(What.Argument);
  // As every command has it that is not cl's.
  erase(Result.Args, "--driver-mode=g++");
  return {join(Result.Args, " "), join(Left, ";")};
}

} // namespace

TEST(DriverCommands, LaunchersGo) {
  EXPECT_EQ(launched("ccache g++ -c a.cpp"), "g++ -c a.cpp");
  EXPECT_EQ(launched("/usr/bin/cmake -E env A=B --unset=C ccache x=y c++ -c a"),
            "c++ -c a");
  EXPECT_EQ(launched("cmake -E __run_co_compile --tidy=x -- c++ -c a"),
            "c++ -c a");
  EXPECT_EQ(launched("libtool --tag=CXX --mode=compile g++ -c a"), "g++ -c a");
  EXPECT_EQ(launched("env A=B g++ a"), "g++ a");
  // Not what only looks like one.
  EXPECT_EQ(launched("g++ -c ccache.cpp"), "g++ -c ccache.cpp");
  EXPECT_EQ(launched("ccache -c a.cpp"), "ccache -c a.cpp");
  EXPECT_EQ(launched("cmake -E"), "cmake -E");
}

TEST(DriverCommands, WhatClangKnowsStays) {
  Cleaned Of = clean("c++ -std=c++20 -Ia -I b -DX -DY=1 -O2 -fPIC -Wno-foo "
                     "-Wno-maybe-uninitialized -flto=auto -o a.o -c a.cpp");
  EXPECT_EQ(Of.Command, "c++ -std=c++20 -Ia -I b -DX -DY=1 -O2 -fPIC -Wno-foo "
                        "-Wno-maybe-uninitialized -flto=auto -o a.o -c a.cpp");
  EXPECT_EQ(Of.Left, "");
}

TEST(DriverCommands, WhatOnlyGccKnowsGoes) {
  Cleaned Of = clean("c++ -fconcepts-diagnostics-depth=3 -fipa-pta -fanalyzer "
                     "-fno-var-tracking-assignments -fmodules-ts -fmodules "
                     "-fmodule-mapper=a -fdeps-format=p1689r5 -fplugin=x.so "
                     "-gencode arch=a -c a.cpp");
  EXPECT_EQ(Of.Command, "c++ -c a.cpp");
  EXPECT_EQ(Of.Left,
            "-fconcepts-diagnostics-depth=3;-fipa-pta;-fanalyzer;"
            "-fno-var-tracking-assignments;-fmodules-ts;-fmodule-mapper=a;"
            "-fdeps-format=p1689r5;-gencode arch=a");
  // Clang's own option of that name stays with clang.
  EXPECT_EQ(clean("clang++ -fmodules -c a.cpp").Command,
            "clang++ -fmodules -c a.cpp");
}

TEST(DriverCommands, ValuesThatClangRefusesGo) {
  Cleaned Of = clean("c++ --target=x86_64-linux-gnu -std=c++98765 -mabi=lp64 "
                     "-fsanitize=bounds-strict,undefined -march=nothing "
                     "-fdiagnostics-format=json -Xclang -fnone -Xclang value "
                     "-c a.cpp");
  EXPECT_EQ(Of.Command, "c++ --target=x86_64-linux-gnu -std=c++26 "
                        "-fsanitize=undefined -c a.cpp");
  EXPECT_EQ(Of.Left, "-fsanitize=bounds-strict,undefined;-mabi=lp64;-fnone;"
                     "-fdiagnostics-format=json;-std=c++98765;-march=nothing");
}

TEST(DriverCommands, LikeCl) {
  Cleaned Of = clean("cl.exe /I. /std:c++20 /EHsc /frobnicate /Yustdafx.h "
                     "/Fpx.pch /FIstdafx.h /showIncludes /c a.cpp");
  EXPECT_EQ(Of.Command, "cl.exe --driver-mode=cl /I. /std:c++20 /EHsc -Xclang "
                        "-include -Xclang stdafx.h /c a.cpp");
  EXPECT_EQ(Of.Left, "/frobnicate");
}

TEST(DriverCommands, OtherFilesGo) {
  Cleaned Of = clean("c++ @gone.modmap -c a.cpp b.o -lfoo -- ");
  EXPECT_EQ(Of.Command, "c++ -c a.cpp -lfoo --");
  EXPECT_EQ(Of.Left, "@gone.modmap");
  // Where the file has another name in the command, nothing is sure.
  EXPECT_EQ(clean("c++ -c x.cpp y.o").Command, "c++ -c x.cpp y.o");
  EXPECT_EQ(clean("c++ -c -- /nowhere/a.cpp").Command,
            "c++ -c -- /nowhere/a.cpp");
}

TEST(DriverCommands, PrecompiledHeadersAreTakenFromTheirSource) {
  EXPECT_EQ(clean("clang++ -Xclang -include-pch -Xclang x/p.hxx.pch -Xclang "
                  "-include -Xclang x/p.hxx -c a.cpp")
                .Command,
            "clang++ -Xclang -include -Xclang x/p.hxx -c a.cpp");
  EXPECT_EQ(clean("g++ -include x/p.hxx -c a.cpp").Command,
            "g++ -Xclang -include -Xclang x/p.hxx -c a.cpp");
  Cleaned Of = clean("clang++ -include-pch x/p.pch -c a.cpp");
  EXPECT_EQ(Of.Command, "clang++ -c a.cpp");
  EXPECT_EQ(Of.Left, "x/p.pch");
}

TEST(DriverCommands, NothingIsTooStrange) {
  EXPECT_EQ(clean("").Command, "");
  EXPECT_EQ(clean("c++").Command, "c++");
  EXPECT_EQ(clean("c++ -I").Command, "c++");
  EXPECT_EQ(clean("c++ -Xclang -include-pch").Command,
            "c++ -Xclang -include-pch");
  EXPECT_EQ(clean("c++ a.cpp -include").Command, "c++ a.cpp");
  EXPECT_EQ(clean("c++ -- -- --").Command, "c++ -- -- --");
}

TEST(DriverCommands, Corrections) {
  auto Of = [](StringRef Message, StringRef Args) {
    auto Found = correctionFor(Message, words(Args));
    return Found ? Found->first + ">" + Found->second : "none";
  };
  EXPECT_EQ(Of("unknown argument: '-foo'", "-bar -foo"), "-foo>");
  EXPECT_EQ(Of("unknown argument '-foo'; did you mean '-bar'?", "-bar -foo"),
            "-foo>");
  EXPECT_EQ(
      Of("unsupported argument 'b' to option '-fsanitize='", "-fsanitize=a,b"),
      "-fsanitize=a,b>-fsanitize=a");
  EXPECT_EQ(Of("invalid value 'c++99' in '-std=c++99'", "-std=c++99"),
            "-std=c++99>-std=c++26");
  EXPECT_EQ(Of("unknown target CPU 'x'", "-DA=y -march=x"), "-march=x>");
  EXPECT_EQ(Of("something else", "-foo"), "none");
}

TEST(DriverCommands, Summary) {
  LeftOutSummary Summary;
  EXPECT_TRUE(Summary.lines(false).empty());
  Summary.add({{LeftOut::Unknown, "-fmapper=a"}, {LeftOut::Unknown, "-fx"}});
  Summary.add({{LeftOut::Unknown, "-fmapper=b"}});
  Summary.add({{LeftOut::FileMissing, "@a"}});
  EXPECT_EQ(join(Summary.lines(false), "\n"),
            "'-fmapper=a' and 1 more argument that clang does not know are "
            "left out of the commands of 2 units\n"
            "'@a', whose file is not there or not clang's, is left out of the "
            "command of 1 unit");
  EXPECT_EQ(Summary.lines(true).size(), 3U);
}

static Result compilerError(StringRef File, StringRef Message) {
  Result R;
  R.Check = "clang-diagnostic-error";
  R.Level = "error";
  R.At.File = File.str();
  R.At.Line = R.At.Column = 1;
  R.Message = Message.str();
  return R;
}

TEST(DriverFailures, Causes) {
  auto Of = [](std::vector<Result> Errors, StringRef Command = "c++ a.cpp") {
    UnitFailure F;
    Unit What{"/nowhere/a.cpp", "/nowhere", words(Command)};
    explainParseFailure(F, Errors, What, "/nowhere/build");
    EXPECT_EQ(F.Kind, FailureKind::Parse);
    return F.Cause + "|" + F.Advice;
  };
  std::string Own = "/nowhere/a.cpp";
  EXPECT_EQ(Of({compilerError(Own, "nonsense")}), "|");
  EXPECT_EQ(Of({compilerError("/nowhere/h.h", "nonsense")}),
            "/nowhere/h.h:1: nonsense|");
  EXPECT_EQ(Of({compilerError(Own, "nonsense"),
                compilerError(Own, "'ui_x.h' file not found")}),
            "header 'ui_x.h' was not found|it seems to be generated: build the "
            "project once");
  EXPECT_EQ(Of({compilerError(Own, "'no/x.h' file not found")},
               "c++ -I build/include a.cpp"),
            "header 'no/x.h' was not found|");
  EXPECT_EQ(Of({compilerError(Own, "module 'a' not found")}),
            Of({compilerError(Own, "module file 'b.pcm' not found: x")}));
}

TEST(DriverFailures, GeneratedNames) {
  for (const char *Name : {"ui_x.h", "a/moc_b.cpp", "b.moc", "c.pb.h",
                           "d_export.h", "config.h", "e/version.h"})
    EXPECT_TRUE(hasGeneratedName(Name)) << Name;
  for (const char *Name : {"ui_.cpp", "moc.h", "vector", "export.h", "pb.h"})
    EXPECT_FALSE(hasGeneratedName(Name)) << Name;
}

TEST(DriverFailures, Groups) {
  std::vector<UnitFailure> Failures;
  for (const char *File : {"/a", "/b", "/c", "/d", "/e"}) {
    UnitFailure F;
    F.File = File;
    F.Kind = FailureKind::Parse;
    F.Text = F.Cause = "header 'x.h' was not found";
    Failures.push_back(F);
  }
  Failures.back().Advice = "build it";
  UnitFailure Alone;
  Alone.File = "/f";
  Alone.Text = "the worker crashed";
  Failures.insert(Failures.begin() + 1, Alone);
  auto Groups = groupFailures(Failures);
  ASSERT_EQ(Groups.size(), 2U);
  EXPECT_EQ(
      Groups[0].sentence(3),
      "5 units did not parse, so their findings may be incomplete: "
      "header 'x.h' was not found; build it: '/a', '/b', '/c' and 2 more");
  EXPECT_EQ(Groups[0].sentence(5),
            "5 units did not parse, so their findings may be incomplete: "
            "header 'x.h' was not found; build it: '/a', '/b', '/c', '/d' and "
            "'/e'");
  EXPECT_EQ(Groups[1].sentence(3), "'/f' was not analysed: the worker crashed");

  // What travels in JSON is told the same.
  std::vector<UnitFailure> Read;
  for (const UnitFailure &F : Failures)
    Read.push_back(Json(F).get<UnitFailure>());
  EXPECT_EQ(groupFailures(Read)[0].sentence(3), Groups[0].sentence(3));
}

TEST(DriverFailures, RepeatedErrors) {
  std::vector<Result> Results = {compilerError("/a", "'x.h' file not found"),
                                 compilerError("/a", "nonsense"),
                                 compilerError("/b", "nonsense")};
  EXPECT_FALSE(withoutRepeatedErrors(Results));
  Results.push_back(compilerError("/b", "'x.h' file not found"));
  Results.push_back(compilerError("/c", "'x.h' file not found"));
  auto Short = withoutRepeatedErrors(Results);
  ASSERT_TRUE(Short);
  ASSERT_EQ(Short->size(), 3U);
  ASSERT_EQ(Short->front().Steps.size(), 1U);
  EXPECT_EQ(Short->front().Steps[0].Message, "the same at 2 more places");
}
