//===--- Merge.cpp - puts SARIF logs together -----------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Merge.h"
#include "driver/Baseline.h"
#include "driver/Messages.h"
#include "driver/OutputFile.h"
#include "driver/Progress.h"
#include "driver/Sarif.h"
#include "driver/SarifLog.h"
#include "driver/Shard.h"
#include "findings/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <set>

using namespace llvm;

namespace threadhop::driver {
namespace {

/// A result with what decides its place, as sortAndUnique() has it.
struct Sorted {
  std::string File;
  unsigned Line = 0;
  unsigned Column = 0;
  std::string Check;
  std::string Clause;
  // From here on: which of equal ones is the better.
  bool Hidden = false;
  bool NoError = true;
  long FewerSteps = 0;
  std::string Content;
  Json Result;

  auto key() const { return std::tie(File, Line, Column, Check, Clause); }
  auto rank() const { return std::tie(Hidden, NoError, FewerSteps, Content); }
};

/// Puts runs together.
class Merger {
public:
  Error add(const std::string &File);
  Expected<Json> finish();

private:
  /// Adds to an array of the whole what this run's has and it has not.
  void append(const char *Pointer, const Json &Run);
  Error addArtifacts(const Json &Run, const std::string &File);
  Sorted sorted(Json Result) const;
  void sortAndUnique();
  void number(const char *Version);

  /// The first log's, which becomes the whole's.
  Json Whole;
  std::string Root; ///< Of its sources: a URI.
  std::vector<Sorted> Results;
  Json Invocations = Json::array();
  std::vector<Report> Reports;
  std::map<std::string, Json> Rules;
  std::map<std::string, std::pair<Json, std::string>> Artifacts;
  /// The log of each shard.
  std::map<unsigned, std::string> Shards;
  unsigned ShardCount = 0;
};

} // namespace

static Error wrongLog(const std::string &File, const Twine &Text) {
  return makeError(File + ": " + Text);
}

static std::string decoded(StringRef Uri) {
  std::string Path;
  while (!Uri.empty()) {
    uint8_t Byte;
    if (Uri.starts_with("%") && Uri.size() > 2 &&
        !Uri.substr(1, 2).getAsInteger(16, Byte)) {
      Path += static_cast<char>(Byte);
      Uri = Uri.substr(3);
      continue;
    }
    Path += Uri.front();
    Uri = Uri.drop_front();
  }
  return Path;
}

Sorted Merger::sorted(Json Result) const {
  Sorted S;
  if (auto Places = Result.find("locations");
      Places != Result.end() && !Places->empty() &&
      Places->at(0).contains("physicalLocation")) {
    const Json &Place = Places->at(0)["physicalLocation"];
    const Json &Location = Place.at("artifactLocation");
    auto Uri = Location.at("uri").get<std::string>();
    S.File = decoded(Location.contains("uriBaseId") ? Root + Uri : Uri);
    if (auto Region = Place.find("region"); Region != Place.end()) {
      S.Line = Region->value("startLine", 0U);
      S.Column = Region->value("startColumn", 0U);
    }
  }
  const Json &Properties = Result.at("properties");
  S.Check = Result.at("ruleId").get<std::string>();
  S.Clause = Properties.at("clause").get<std::string>();
  S.Hidden = identityOf(Result).Hidden;
  S.NoError = Result.at("level") != "error";
  if (auto Related = Result.find("relatedLocations"); Related != Result.end())
    S.FewerSteps = -static_cast<long>(Related->size());
  S.Content = Properties.at("content").get<std::string>();
  S.Result = std::move(Result);
  return S;
}

Error Merger::addArtifacts(const Json &Run, const std::string &File) {
  for (const Json &Artifact : Run.at("artifacts")) {
    auto Uri = Artifact.at("location").at("uri").get<std::string>();
    auto [It, New] = Artifacts.try_emplace(Uri, Artifact, File);
    const Json &Known = It->second.first;
    if (!New && Known.contains("hashes") && Artifact.contains("hashes") &&
        Known["hashes"] != Artifact["hashes"])
      return wrongLog(File, "it saw another '" + decoded(Uri) + "' than '" +
                                It->second.second +
                                "'; only runs over the same sources can be "
                                "merged");
    if (!Known.contains("hashes"))
      It->second = {Artifact, File};
  }
  return Error::success();
}

Error Merger::add(const std::string &File) {
  auto Run = readSarifRun(File);
  if (!Run)
    return Run.takeError();
  try {
    const Json &Driver = Run->at("tool").at("driver");
    if (auto Version = Driver.at("version").get<std::string>();
        Version != THREADHOP_VERSION)
      return wrongLog(File, "threadhop " + Version +
                                " wrote it, and this is " THREADHOP_VERSION);
    const Json &Facts = Run->at("properties");
    if (auto Text = Facts.value("shard", ""); !Text.empty()) {
      auto Shard = parseShard(Text);
      if (!Shard)
        return wrongLog(File, "'" + Text + "' is no shard");
      if (ShardCount && ShardCount != Shard->Count)
        return wrongLog(File, "it is shard " + Text + ", and others are of " +
                                  Twine(ShardCount));
      ShardCount = Shard->Count;
      auto [It, New] = Shards.try_emplace(Shard->Index, File);
      if (!New)
        return wrongLog(File, "it is shard " + Text + ", and so is '" +
                                  It->second + "'");
    }
    if (Error Wrong = addArtifacts(*Run, File))
      return Wrong;
    for (const Json &Rule : Driver.at("rules"))
      Rules.try_emplace(Rule.at("id").get<std::string>(), Rule);
    for (const Json &Invocation : Run->at("invocations"))
      Invocations.push_back(Invocation);
    Reports.push_back(reportOf(*Run));
    if (Whole.is_null())
      Root = Run->at("originalUriBaseIds")
                 .at("%SRCROOT%")
                 .at("uri")
                 .get<std::string>();
    for (Json &Result : Run->at("results")) {
      // What an older run had is not a result of this one.
      if (identityOf(Result).BaselineState == "absent")
        continue;
      Results.push_back(sorted(std::move(Result)));
    }
    if (Whole.is_null()) {
      Whole = std::move(*Run);
    } else {
      // Where the others come from, if that is somewhere else.
      append("/versionControlProvenance", *Run);
      append("/conversion/analysisToolLogFiles", *Run);
    }
  } catch (const Json::exception &E) {
    return wrongLog(File, Twine("it is no log of threadhop: ") + E.what());
  }
  return Error::success();
}

void Merger::append(const char *Pointer, const Json &Run) {
  Json::json_pointer At(Pointer);
  if (!Run.contains(At))
    return;
  if (!Whole.contains(At)) {
    At = At.parent_pointer().empty() ? At : At.parent_pointer();
    Whole[At] = Run[At];
    return;
  }
  // Json::contains(), which is_contained() would ask, means keys.
  for (const Json &Entry : Run[At])
    if (Json &Known = Whole[At]; find(Known, Entry) == Known.end())
      Known.push_back(Entry);
}

// What the runs say of themselves, added up.
static Report added(ArrayRef<Report> Reports) {
  Report Sum;
  for (const Report &R : Reports) {
    Sum.Units += R.Units;
    Sum.Analysed += R.Analysed;
    Sum.Skipped += R.Skipped;
    Sum.Muted += R.Muted;
    Sum.LeftOut += R.LeftOut;
    Sum.Unchanged += R.Unchanged;
    Sum.OnUnchangedLines += R.OnUnchangedLines;
    Sum.Hidden.NoLint += R.Hidden.NoLint;
    Sum.Hidden.HeaderFilter += R.Hidden.HeaderFilter;
    Sum.Hidden.LineFilter += R.Hidden.LineFilter;
    Sum.Seconds += R.Seconds;
    Sum.Interrupted |= R.Interrupted;
    append_range(Sum.Failures, R.Failures);
  }
  return Sum;
}

void Merger::sortAndUnique() {
  sort(Results, [](const Sorted &A, const Sorted &B) {
    return A.key() != B.key() ? A.key() < B.key() : A.rank() < B.rank();
  });
  auto Last = Results.begin();
  for (Sorted &S : Results) {
    if (&S == &*Last)
      continue;
    if (S.key() != Last->key()) {
      if (&*++Last != &S)
        *Last = std::move(S);
      continue;
    }
    // A log of an earlier release may have said it better, but not what it is
    // known by today.
    for (const auto &[Name, Print] : S.Result["partialFingerprints"].items())
      Last->Result["partialFingerprints"].emplace(Name, Json(Print));
  }
  if (!Results.empty())
    Results.erase(std::next(Last), Results.end());
}

// Equal fingerprints are numbered anew, as setFingerprints() does it.
void Merger::number(const char *Version) {
  std::map<std::string, unsigned> Seen;
  for (bool Hidden : {false, true})
    for (Sorted &S : Results) {
      Json &Prints = S.Result["partialFingerprints"];
      auto Print = Prints.find(Version);
      if (S.Hidden != Hidden || Print == Prints.end())
        continue;
      std::string Hex = withoutCount(Print->get<std::string>());
      *Print = Hex + ":" + std::to_string(++Seen[Hex]);
    }
}

Expected<Json> Merger::finish() {
  if (ShardCount && Shards.size() != ShardCount) {
    std::vector<std::string> Missing;
    for (unsigned I = 1; I <= ShardCount; ++I)
      if (!Shards.count(I))
        Missing.push_back(std::to_string(I) + "/" + std::to_string(ShardCount));
    return makeError("the log of shard " + join(Missing, ", ") + " is missing");
  }
  sortAndUnique();
  for (const char *Version : {FindingV1, FindingV2})
    number(Version);

  // Indexes of rules and artifacts count in the order of their first use;
  // threadhop's own rules are all there.
  Json NewRules = Json::array(), NewArtifacts = Json::array();
  std::map<std::string, size_t> RuleIndex, ArtifactIndex;
  for (const Json &Rule : Whole["tool"]["driver"]["rules"])
    if (auto Id = Rule["id"].get<std::string>(); findRule(Id)) {
      RuleIndex[Id] = NewRules.size();
      NewRules.push_back(Rule);
    }
  auto SetIndex = [&](Json &Location) {
    auto Uri = Location["uri"].get<std::string>();
    auto [It, New] = ArtifactIndex.try_emplace(Uri, NewArtifacts.size());
    if (New)
      NewArtifacts.push_back(Artifacts.at(Uri).first);
    Location["index"] = It->second;
  };
  Json NewResults = Json::array();
  for (Sorted &S : Results) {
    auto [It, New] = RuleIndex.try_emplace(S.Check, NewRules.size());
    if (New)
      NewRules.push_back(Rules.at(S.Check));
    S.Result["ruleIndex"] = It->second;
    // As the writer of logs comes to them.
    for (const char *Part : {"relatedLocations", "locations", "suppressions",
                             "codeFlows", "fixes"})
      if (auto Found = S.Result.find(Part); Found != S.Result.end())
        forEachArtifact(*Found, SetIndex);
    NewResults.push_back(std::move(S.Result));
  }
  forEachArtifact(Invocations, SetIndex);

  Whole["tool"]["driver"]["rules"] = std::move(NewRules);
  Whole["results"] = std::move(NewResults);
  Whole["artifacts"] = std::move(NewArtifacts);
  Whole["invocations"] = std::move(Invocations);
  Whole["properties"] = sarifRunProperties(added(Reports), "");
  return std::move(Whole);
}

Expected<Json> mergeLogs(const std::vector<std::string> &Files) {
  Merger To;
  for (const std::string &File : Files)
    if (Error Wrong = To.add(File))
      return std::move(Wrong);
  return To.finish();
}

Report reportOf(const Json &Run) {
  Report R;
  const Json &Facts = Run.at("properties");
  Facts.at("units").get_to(R.Units);
  Facts.at("analysed").get_to(R.Analysed);
  Facts.at("skipped").get_to(R.Skipped);
  // Logs of earlier releases do not have these.
  R.Muted = Facts.value("muted", 0U);
  R.LeftOut = Facts.value("leftOut", 0U);
  Facts.at("unchanged").get_to(R.Unchanged);
  Facts.at("onUnchangedLines").get_to(R.OnUnchangedLines);
  Facts.at("seconds").get_to(R.Seconds);
  Facts.at("interrupted").get_to(R.Interrupted);
  const Json &Hidden = Facts.at("hidden");
  Hidden.at("nolint").get_to(R.Hidden.NoLint);
  Hidden.at("headerFilter").get_to(R.Hidden.HeaderFilter);
  Hidden.at("lineFilter").get_to(R.Hidden.LineFilter);
  for (const Json &File : Facts.at("failedUnits"))
    R.Failures.push_back(
        {File.get<std::string>(), "", FailureKind::Crash, "", ""});
  for (const Json &Found : Run.at("results")) {
    SarifIdentity Who = identityOf(Found);
    if (Who.BaselineState == "absent")
      continue;
    Result New;
    New.Check = Found.at("ruleId").get<std::string>();
    StringRef Uri = Who.Uri;
    Uri.consume_front("file://");
    New.At.File = decoded(Uri);
    // Level would make a compiler's warning an error here.
    if (Who.Hidden)
      New.HiddenBy.emplace();
    if (!Who.BaselineState.empty())
      New.Baseline = Who.BaselineState == "new" ? BaselineState::New
                                                : BaselineState::Unchanged;
    R.Results.push_back(std::move(New));
  }
  return R;
}

static bool printed(Error Wrong) {
  if (!Wrong)
    return false;
  error("merge: " + toString(std::move(Wrong)));
  return true;
}

int mergeMain(const MergeOptions &Opts) {
  auto Run = mergeLogs(Opts.Files);
  if (!Run)
    return printed(Run.takeError()), 2;
  bool Trusted = all_of((*Run)["invocations"], [](const Json &Invocation) {
    return Invocation.at("executionSuccessful").get<bool>();
  });
  unsigned Gone = 0;
  auto Known = Baseline::readIfAny(Opts.BaselineFile);
  if (!Known)
    return printed(Known.takeError()), 2;
  if (auto &Old = *Known) {
    Old->mark(*Run);
    Report R = reportOf(*Run);
    // A run over a part of the lines says nothing about the rest.
    bool Whole = Trusted && !R.Skipped && !R.Unchanged && !R.OnUnchangedLines;
    std::vector<Json> Absent = Old->absent([&](StringRef) { return Whole; });
    Gone = Absent.size();
    Old->addAbsent(*Run, Absent);
  }
  Report R = reportOf(*Run);
  R.Gone = Gone;
  std::string Text = sarifText(sarifLogOf(std::move(*Run)));
  if (printed(writeFile(Opts.OutputFile.empty() ? "-" : Opts.OutputFile, Text)))
    return 2;
  if (!Trusted)
    error("merge: a run that is merged could not be trusted (exit status 2), "
          "so the whole cannot be either");
  if (!Opts.Quiet)
    errs() << summary(R, /*Verbose=*/false);
  return Trusted ? R.exitStatus() : 2;
}

} // namespace threadhop::driver
