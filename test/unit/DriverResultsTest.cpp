//===--- DriverResultsTest.cpp - results and how they travel --------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Protocol.h"
#include "driver/Results.h"
#include "llvm/Support/Endian.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace threadhop::driver;

static Result sample() {
  Result R;
  R.Check = "threadhop-guard-across-suspension";
  R.Aliases = {"other-check"};
  R.At = {"/src/a.cpp", 40, 3, 7};
  R.End = 45;
  // No UTF-8: a string literal of the source may be part of a message.
  R.Message = "guard 'g\xE9' is alive";
  R.Level = "error";
  R.WarningAsError = true;
  R.Highlights = {{"/src/a.cpp", 40, 5}};
  ResultStep S;
  S.At = {"/src/b.h", 9, 2, 1};
  S.End = 10;
  S.Message = "suspended here";
  S.Kind = "suspend";
  S.Lane = "another thread";
  S.Highlights = {{"/src/b.h", 9, 1}};
  S.Fixes = {{"/src/b.h", 9, 0, "x"}};
  R.Steps = {S};
  R.Fixes = {{"/src/a.cpp", 40, 5, "h"}};
  R.Symbol = "g";
  R.Function = "ns::f";
  R.Fingerprint = "0123:1";
  return R;
}

TEST(DriverResults, RoundTrip) {
  Json J = sample();
  EXPECT_EQ(Json(J.get<Result>()), J);
  EXPECT_EQ(J["steps"][0]["lane"], "another thread");
  EXPECT_EQ(J["line"], 3);
}

TEST(DriverResults, ReportRoundTrip) {
  Report R;
  R.Results = {sample()};
  R.Failures = {{"/src/c.cpp", "threadhop c.cpp", FailureKind::Timeout,
                 "it took too long", "details\n"}};
  R.Units = 7;
  R.Analysed = 5;
  R.Skipped = 1;
  R.Hidden = {1, 2, 3};
  R.Interrupted = true;
  Json J = R;
  EXPECT_EQ(Json(J.get<Report>()), J);
  EXPECT_EQ(J["failures"][0]["kind"], "timeout");
  EXPECT_EQ(J["exitStatus"], 2);
}

TEST(DriverResults, ExitStatus) {
  Report R;
  EXPECT_EQ(R.exitStatus(), 0);
  R.Results = {sample()};
  EXPECT_EQ(R.exitStatus(), 1);
  R.Failures.emplace_back();
  EXPECT_EQ(R.exitStatus(), 2);
  Report Interrupted;
  Interrupted.Interrupted = true;
  EXPECT_EQ(Interrupted.exitStatus(), 2);
}

TEST(DriverResults, CompilerErrorsAreNoFindings) {
  Report R;
  Result Error;
  Error.Check = "clang-diagnostic-error";
  Error.Level = "error";
  R.Results = {Error};
  EXPECT_EQ(R.findings(), 0U);
  // A warning that the user promotes is one.
  R.Results[0].WarningAsError = true;
  EXPECT_EQ(R.findings(), 1U);
  R.Results[0] = sample();
  EXPECT_EQ(R.findings(), 1U);
}

TEST(DriverResults, SortAndUnique) {
  auto Make = [](const char *File, unsigned Line, unsigned Column,
                 const char *Check, const char *Symbol) {
    Result R;
    R.Check = Check;
    R.At = {File, 0, Line, Column};
    R.Symbol = Symbol;
    return R;
  };
  std::vector<Result> All = {
      Make("/b", 1, 1, "x", "first"), Make("/a", 10, 1, "x", ""),
      Make("/a", 9, 5, "y", ""), Make("/a", 9, 5, "x", ""),
      Make("/b", 1, 1, "x", "second")};
  sortAndUnique(All);
  ASSERT_EQ(All.size(), 4U);
  EXPECT_EQ(All[0].Check, "x");
  EXPECT_EQ(All[1].Check, "y");
  EXPECT_EQ(All[2].At.Line, 10U);
  EXPECT_EQ(All[3].At.File, "/b");
}

TEST(DriverResults, TheBetterStaysWhateverTheOrder) {
  auto Make = [](const char *Level, unsigned Steps, bool Hidden) {
    Result R;
    R.Check = "x";
    R.At = {"/a", 0, 1, 1};
    R.Level = Level;
    R.Steps.resize(Steps);
    for (ResultStep &S : R.Steps)
      S.At = {"/a", 0, 1, 1};
    if (Hidden)
      R.HiddenBy.emplace();
    setContent(R, "/");
    return R;
  };
  auto Kept = [](std::vector<Result> All) {
    sortAndUnique(All);
    EXPECT_EQ(All.size(), 1U);
    return Json(All[0]);
  };
  Result Shown = Make("warning", 0, false), Hidden = Make("error", 5, true);
  EXPECT_EQ(Kept({Shown, Hidden}), Json(Shown));
  EXPECT_EQ(Kept({Hidden, Shown}), Json(Shown));
  Result Error = Make("error", 0, false), Long = Make("warning", 3, false);
  EXPECT_EQ(Kept({Long, Error}), Json(Error));
  EXPECT_EQ(Kept({Error, Long}), Json(Error));
  EXPECT_EQ(Kept({Long, Shown}), Json(Long));
  Result Other = Shown;
  Other.Symbol = "other";
  setContent(Other, "/");
  EXPECT_NE(Other.Content, Shown.Content);
  EXPECT_EQ(Kept({Shown, Other}), Kept({Other, Shown}));
}

TEST(DriverResults, ContentDoesNotDependOnTheFolder) {
  Result Here = sample(), There = sample();
  There.At.File = "/other/a.cpp";
  There.Highlights[0].File = There.Fixes[0].File = "/other/a.cpp";
  There.Steps[0].At.File = "/other/b.h";
  There.Steps[0].Highlights[0].File = There.Steps[0].Fixes[0].File =
      "/other/b.h";
  setContent(Here, "/src");
  setContent(There, "/other");
  EXPECT_EQ(Here.Content, There.Content);
  There.Steps[0].Message = "another";
  setContent(There, "/other");
  EXPECT_NE(Here.Content, There.Content);
}

TEST(DriverProtocol, MessagesInPieces) {
  int Ends[2];
  ASSERT_EQ(::pipe(Ends), 0);
  ASSERT_TRUE(sendMessage(Ends[1], sample()));
  ASSERT_TRUE(sendMessage(Ends[1], Json{{"second", 2}}));
  ::close(Ends[1]);
  std::string Bytes;
  char Byte;
  while (::read(Ends[0], &Byte, 1) == 1)
    Bytes += Byte;
  ::close(Ends[0]);

  MessageBuffer Buffer;
  std::vector<Json> Messages;
  bool Broken = false;
  for (char C : Bytes) {
    Buffer.append(C);
    if (auto Message = Buffer.next(Broken))
      Messages.push_back(*Message);
    ASSERT_FALSE(Broken);
  }
  ASSERT_EQ(Messages.size(), 2U);
  EXPECT_EQ(Messages[0].get<Result>().Message, sample().Message);
  EXPECT_EQ(Messages[1]["second"], 2);
}

TEST(DriverProtocol, Nonsense) {
  MessageBuffer Buffer;
  bool Broken = false;
  Buffer.append(llvm::ArrayRef<char>("not a message", 13));
  EXPECT_FALSE(Buffer.next(Broken));
  EXPECT_TRUE(Broken);

  MessageBuffer Other;
  char Header[8];
  llvm::support::endian::write64le(Header, 1);
  Other.append(Header);
  Other.append('\xFF');
  EXPECT_FALSE(Other.next(Broken));
  EXPECT_TRUE(Broken);
}
