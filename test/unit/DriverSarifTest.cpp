//===--- DriverSarifTest.cpp - the parts of a SARIF log -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Sarif.h"
#include "findings/Rules.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

using namespace threadhop::driver;

TEST(DriverSarif, UriEncoding) {
  EXPECT_EQ(uriEncoded("/a b/c#d%e?.h"), "/a%20b/c%23d%25e%3F.h");
  EXPECT_EQ(uriEncoded("\xC3\xA4\n\"<:>"), "%C3%A4%0A%22%3C%3A%3E");
  EXPECT_EQ(uriEncoded("src/a-b_c.d~e+f.cpp"), "src/a-b_c.d~e+f.cpp");
}

TEST(DriverSarif, Sentences) {
  EXPECT_EQ(sarifSentence("lock guard 'g' is alive"),
            "Lock guard 'g' is alive.");
  EXPECT_EQ(sarifSentence("'g' is alive."), "'g' is alive.");
  EXPECT_EQ(sarifSentence("calls [this](int)"), "Calls \\[this\\](int).");
  EXPECT_EQ(sarifSentence("array 'a[3]'"), "Array 'a[3]'.");
  EXPECT_EQ(sarifSentence(""), "");
}

TEST(DriverSarif, RuleNames) {
  EXPECT_EQ(pascalCaseName("threadhop-guard-across-suspension"),
            "GuardAcrossSuspension");
  EXPECT_EQ(pascalCaseName("clang-analyzer-core.NullDereference"),
            "ClangAnalyzerCoreNullDereference");
}

namespace {

/// A log of one result in a file of its own.
class DriverSarifLog : public ::testing::Test {
protected:
  void SetUp() override {
    llvm::SmallString<128> Made;
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("sarif", Made));
    Folder = std::string(Made);
    File = Folder + "/a b.cpp";
    std::error_code EC;
    llvm::raw_fd_ostream OS(File, EC);
    ASSERT_FALSE(EC);
    OS << "// \xC3\xA4\n/* \xF0\x9F\x98\x80 */ guard g;\nawait();\n";
    Facts.SourceRoot = Folder;
    Facts.WorkingFolder = Folder;
    Facts.CommandLine = {"threadhop", "a b.cpp"};
  }
  void TearDown() override {
    llvm::sys::fs::remove(File);
    llvm::sys::fs::remove(Folder);
  }

  Result finding() {
    Result R;
    R.Check = "some-check";
    R.At = {File, 23, 2, 18};
    R.End = 24;
    R.Message = "'g' is alive";
    R.Symbol = "g";
    R.Function = "ns::f";
    ResultStep Why;
    Why.At = {File, 17, 2, 12};
    Why.End = 22;
    Why.Message = "because";
    ResultStep Suspend;
    Suspend.At = {File, 26, 3, 1};
    Suspend.End = 31;
    Suspend.Message = "suspended here";
    Suspend.Kind = "suspend";
    ResultStep Destroy = Suspend;
    Destroy.Message = "destroyed here";
    Destroy.Kind = "destroy";
    Destroy.Lane = "another thread";
    R.Steps = {Why, Suspend, Destroy};
    R.Fixes = {{File, 23, 1, "h"}, {File, 26, 0, "{"}};
    return R;
  }

  Json run() {
    Json Log = sarifLog(Found, Facts, Sources);
    EXPECT_EQ(Log["version"], "2.1.0");
    return Log["runs"][0];
  }

  std::string Folder, File;
  RunFacts Facts;
  Report Found;
  SourceCache Sources;
};

} // namespace

TEST_F(DriverSarifLog, Result) {
  Found.Results = {finding()};
  Json Run = run();
  Json R = Run["results"][0];
  EXPECT_EQ(R["ruleId"], "some-check");
  unsigned Index = R["ruleIndex"];
  EXPECT_EQ(Run["tool"]["driver"]["rules"][Index]["id"], "some-check");
  EXPECT_EQ(R["message"]["text"],
            "'g' is alive. See: [because](1); [suspended here](2); [destroyed "
            "here](3).");
  Json Place = R["locations"][0]["physicalLocation"];
  EXPECT_EQ(Place["artifactLocation"]["uri"], "a%20b.cpp");
  EXPECT_EQ(Place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
  // Columns are UTF-16 units: the face is two of them and four bytes.
  EXPECT_EQ(Place["region"]["startLine"], 2);
  EXPECT_EQ(Place["region"]["startColumn"], 16);
  EXPECT_EQ(Place["region"]["endColumn"], 17);
  EXPECT_EQ(Place["region"]["snippet"]["text"], "g");
  EXPECT_EQ(Place["contextRegion"]["startLine"], 1);
  EXPECT_EQ(Place["contextRegion"]["endLine"], 3);
  EXPECT_EQ(R["locations"][0]["logicalLocations"][0]["fullyQualifiedName"],
            "ns::f");
  EXPECT_EQ(R["relatedLocations"].size(), 3U);
  EXPECT_EQ(R["relatedLocations"][2]["id"], 3);
  EXPECT_TRUE(R["partialFingerprints"].contains("primaryLocationLineHash"));
  EXPECT_EQ(Run["columnKind"], "utf16CodeUnits");
}

TEST_F(DriverSarifLog, OneThreadFlowForEachLane) {
  Found.Results = {finding()};
  Json Flows = run()["results"][0]["codeFlows"][0]["threadFlows"];
  ASSERT_EQ(Flows.size(), 2U);
  // The explanation is no step of the flow, and the finding itself is one.
  ASSERT_EQ(Flows[0]["locations"].size(), 2U);
  EXPECT_EQ(Flows[0]["id"], "here");
  EXPECT_EQ(Flows[0]["locations"][0]["executionOrder"], 1);
  EXPECT_EQ(Flows[0]["locations"][1]["executionOrder"], 2);
  EXPECT_EQ(Flows[0]["locations"][1]["kinds"][0], "suspend");
  EXPECT_EQ(Flows[1]["id"], "another thread");
  EXPECT_EQ(Flows[1]["locations"][0]["executionOrder"], 3);
}

TEST_F(DriverSarifLog, NoFlowWithoutStructure) {
  Found.Results = {finding()};
  for (ResultStep &S : Found.Results[0].Steps)
    S.Kind = "explain";
  EXPECT_FALSE(run()["results"][0].contains("codeFlows"));
}

TEST_F(DriverSarifLog, AFlowIsTheStory) {
  Found.Results = {finding()};
  Result &R = Found.Results[0];
  // What hands it over is listed behind, and happens before.
  R.Story = {{R.Steps[2].At, "handed over", "hand-over", "another thread"},
             {R.At, "used", "use", ""},
             {{}, "gone", "destroy", "another thread"}};
  Json Found = run()["results"][0];
  EXPECT_EQ(Found["relatedLocations"].size(), 3U);
  Json Flows = Found["codeFlows"][0]["threadFlows"];
  ASSERT_EQ(Flows.size(), 2U);
  EXPECT_EQ(Flows[0]["id"], "another thread");
  EXPECT_EQ(Flows[0]["locations"][0]["executionOrder"], 1);
  EXPECT_EQ(Flows[0]["locations"][1]["executionOrder"], 3);
  // What has no place of its own is where the moment before it is.
  Json Gone = Flows[0]["locations"][1]["location"];
  EXPECT_EQ(Gone["message"]["text"], "Gone.");
  EXPECT_EQ(Gone["physicalLocation"]["region"]["startLine"], 2);
  EXPECT_EQ(Flows[1]["message"]["text"], "Who runs 'ns::f'.");
  EXPECT_EQ(Flows[1]["locations"][0]["executionOrder"], 2);
  EXPECT_EQ(Flows[1]["locations"][0]["kinds"][0], "use");
}

TEST_F(DriverSarifLog, Fixes) {
  Found.Results = {finding()};
  Json Fixes = run()["results"][0]["fixes"];
  ASSERT_EQ(Fixes.size(), 1U);
  Json Changes = Fixes[0]["artifactChanges"];
  ASSERT_EQ(Changes.size(), 1U);
  ASSERT_EQ(Changes[0]["replacements"].size(), 2U);
  EXPECT_EQ(Changes[0]["replacements"][0]["deletedRegion"]["startColumn"], 16);
  EXPECT_EQ(Changes[0]["replacements"][1]["insertedContent"]["text"], "{");
}

TEST_F(DriverSarifLog, NoFixBehindTheEnd) {
  Found.Results = {finding()};
  Found.Results[0].Fixes = {{File, 20, 400, "h"}};
  EXPECT_FALSE(run()["results"][0].contains("fixes"));
}

TEST_F(DriverSarifLog, VersionControl) {
  EXPECT_FALSE(run().contains("versionControlProvenance"));
  Facts.Checkout = {"https://example.org/a.git", "0123", "main"};
  Json Where = run()["versionControlProvenance"][0];
  EXPECT_EQ(Where["repositoryUri"], "https://example.org/a.git");
  EXPECT_EQ(Where["revisionId"], "0123");
  EXPECT_EQ(Where["branch"], "main");
  EXPECT_EQ(Where["mappedTo"]["uriBaseId"], "%SRCROOT%");
}

TEST_F(DriverSarifLog, Converted) {
  Facts.Converted = {Folder + "/fixes.yaml"};
  Json Run = run();
  // What is known is how the log was made, not how the analysis was run.
  EXPECT_FALSE(Run["invocations"][0].contains("commandLine"));
  EXPECT_FALSE(Run["invocations"][0].contains("startTimeUtc"));
  EXPECT_EQ(Run["conversion"]["invocation"]["arguments"][0], "a b.cpp");
  EXPECT_EQ(Run["conversion"]["analysisToolLogFiles"][0]["uri"], "fixes.yaml");
}

TEST(DriverVersionControl, RepositoryUris) {
  EXPECT_EQ(repositoryUri("https://example.org/a/b.git"),
            "https://example.org/a/b.git");
  EXPECT_EQ(repositoryUri("https://me:secret@example.org:8443/a%20b"),
            "https://example.org:8443/a%20b");
  EXPECT_EQ(repositoryUri("https://token@example.org/a"),
            "https://example.org/a");
  EXPECT_EQ(repositoryUri("git@example.org:a/b.git"),
            "ssh://git@example.org/a/b.git");
  EXPECT_EQ(repositoryUri("ssh://git@example.org/a"),
            "ssh://git@example.org/a");
  EXPECT_EQ(repositoryUri("ssh://git:secret@example.org/a"),
            "ssh://example.org/a");
  EXPECT_EQ(repositoryUri("/srv/a b.git"), "file:///srv/a%20b.git");
  EXPECT_EQ(repositoryUri("../b"), "");
  EXPECT_EQ(repositoryUri(""), "");
}

TEST_F(DriverSarifLog, Failures) {
  Result Error;
  Error.Check = "clang-diagnostic-error";
  Error.Level = "error";
  Error.Message = "unknown type name 'X'";
  Error.At = {File, 0, 1, 1};
  Found.Results = {Error};
  Found.Failures = {
      {File, "threadhop x", FailureKind::Crash, "the worker crashed", ""},
      {"", "", FailureKind::Configuration, "wrong option", ""}};
  Json Run = run();
  EXPECT_TRUE(Run["results"].empty());
  Json Invocation = Run["invocations"][0];
  EXPECT_EQ(Invocation["executionSuccessful"], false);
  EXPECT_EQ(Invocation["exitCode"], 2);
  Json Notes = Invocation["toolExecutionNotifications"];
  ASSERT_EQ(Notes.size(), 2U);
  Json Descriptors = Run["tool"]["driver"]["notifications"];
  for (const Json &Note : Notes)
    EXPECT_EQ(Descriptors[Note["descriptor"]["index"].get<unsigned>()]["id"],
              Note["descriptor"]["id"]);
  EXPECT_EQ(Notes[0]["message"]["text"], "Unknown type name 'X'.");
  EXPECT_EQ(Notes[1]["message"]["text"],
            "The worker crashed. To reproduce: threadhop x");
  EXPECT_EQ(Invocation["toolConfigurationNotifications"].size(), 1U);
}

TEST_F(DriverSarifLog, FileOutsideTheRoot) {
  Facts.SourceRoot = "/some/where/else";
  Found.Results = {finding()};
  Json Location = run()["results"][0]["locations"][0]["physicalLocation"]
                       ["artifactLocation"];
  EXPECT_EQ(Location["uri"], "file://" + uriEncoded(File));
  EXPECT_FALSE(Location.contains("uriBaseId"));
}

TEST_F(DriverSarifLog, GoneFile) {
  Found.Results = {finding()};
  llvm::sys::fs::remove(File);
  Json R = run()["results"][0];
  EXPECT_EQ(R["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
  EXPECT_FALSE(R.contains("fixes"));
}

TEST_F(DriverSarifLog, EveryRuleIsThere) {
  Json Rules = run()["tool"]["driver"]["rules"];
  ASSERT_EQ(Rules.size(), threadhop::rules().size());
  for (const auto &[Written, Known] : llvm::zip(Rules, threadhop::rules())) {
    EXPECT_EQ(Written["id"], Known.Name.str());
    EXPECT_LE(Written["fullDescription"]["text"].get<std::string>().size(),
              1024U);
    EXPECT_FALSE(Written["help"]["text"].get<std::string>().empty());
    EXPECT_LE(Written["properties"]["tags"].size(), 20U);
  }
}

TEST_F(DriverSarifLog, TextIsUtf8Always) {
  Found.Results = {finding()};
  Found.Results[0].Message = "byte \xE9";
  Json Log = sarifLog(Found, Facts, Sources);
  EXPECT_TRUE(Json::accept(sarifText(Log)));
}
