//===--- Sarif.cpp - results as a SARIF log -------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Sarif.h"
#include "driver/FailureSummary.h"
#include "driver/Fingerprint.h"
#include "driver/Flow.h"
#include "driver/Options.h"
#include "findings/Rules.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include <ctime>
#include <nlohmann/json.hpp>
#include <set>

using namespace llvm;

namespace threadhop::driver {

static constexpr char RootId[] = "%SRCROOT%";

// Links worth reading in a message.
static constexpr size_t MaxLinks = 5;

std::string sourceRootOf(StringRef Folder) {
  for (StringRef At = Folder; !At.empty(); At = sys::path::parent_path(At)) {
    SmallString<256> Git(At);
    sys::path::append(Git, ".git");
    if (sys::fs::exists(Git))
      return At.str();
  }
  return Folder.str();
}

static std::string timeText(std::chrono::system_clock::time_point Time) {
  std::time_t Seconds = std::chrono::system_clock::to_time_t(Time);
  std::tm Parts;
  ::gmtime_r(&Seconds, &Parts);
  char Text[32];
  std::strftime(Text, sizeof(Text), "%Y-%m-%dT%H:%M:%SZ", &Parts);
  return Text;
}

namespace {

/// Builds the one run of a log.
class SarifWriter {
public:
  SarifWriter(const Report &R, const RunFacts &Facts, SourceCache &Sources)
      : R(R), Facts(Facts), Sources(Sources) {}

  Json log();

private:
  Json invocation();
  Json conversion();
  void addCommand(Json &Invocation);
  Json notification(const FailureGroup &Group);
  Json compilerErrors();
  Json result(const Result &Found);
  Json suppression(const HidingComment &Comment);
  Json codeFlow(const Result &Found, ArrayRef<FlowStep> Steps);
  Json fix(ArrayRef<Change> Changes, StringRef Description);

  Json message(StringRef Text) { return {{"text", Text.str()}}; }
  Json artifactLocation(StringRef File);
  Json region(StringRef File, unsigned Offset, unsigned End, bool Snippet);
  Json physicalLocation(const Place &At, unsigned End, bool Context);
  Json location(const Place &At, unsigned End, StringRef Text,
                bool Context = false);
  unsigned ruleIndex(StringRef Check);
  StringRef levelOf(const Result &Found);

  const Report &R;
  const RunFacts &Facts;
  SourceCache &Sources;
  Json Rules = Json::array();
  StringMap<unsigned> RuleIndex;
  Json Artifacts = Json::array();
  StringMap<unsigned> ArtifactIndex;
  StringMap<std::vector<std::string>> LineHashes;
};

} // namespace

unsigned SarifWriter::ruleIndex(StringRef Check) {
  auto [It, New] = RuleIndex.try_emplace(Check, Rules.size());
  if (New)
    Rules.push_back(sarifForeignRule(Check));
  return It->second;
}

StringRef SarifWriter::levelOf(const Result &Found) {
  if (Found.Level == "error")
    return "error";
  if (const Rule *Known = findRule(Found.Check))
    return Known->Severity;
  return "warning";
}

Json SarifWriter::artifactLocation(StringRef File) {
  auto [It, New] = ArtifactIndex.try_emplace(File, Artifacts.size());
  auto [Uri, Relative] = artifactUri(File, Facts.SourceRoot);
  Json Location = {{"uri", Uri}};
  if (Relative)
    Location["uriBaseId"] = RootId;
  if (New) {
    Json Artifact = {{"location", Location}};
    if (const SourceText *Source = Sources.get(File)) {
      StringRef Text = Source->text();
      auto Hash = SHA256::hash(arrayRefFromStringRef(Text));
      Artifact["length"] = Text.size();
      StringRef Extension = sys::path::extension(File);
      // Not what the converter failed to read.
      if (Extension != ".yaml" && Extension != ".yml") {
        Artifact["sourceLanguage"] = Extension == ".c" ? "c" : "cplusplus";
        Artifact["roles"] = Json::array({"analysisTarget"});
      }
      if (json::isUTF8(Text))
        Artifact["encoding"] = "UTF-8";
      Artifact["hashes"] = {{"sha-256", toHex(Hash, /*LowerCase=*/true)}};
    }
    Artifacts.push_back(std::move(Artifact));
  }
  Location["index"] = It->second;
  return Location;
}

Json SarifWriter::region(StringRef File, unsigned Offset, unsigned End,
                         bool Snippet) {
  const SourceText *Source = Sources.get(File);
  if (!Source)
    return nullptr;
  End = std::max(Offset, End);
  auto [Line, Column] = Source->position(Offset);
  auto [EndLine, EndColumn] = Source->position(End);
  Json Region = {{"startLine", Line},
                 {"startColumn", Source->utf16Column(Offset)},
                 {"endLine", EndLine},
                 {"endColumn", Source->utf16Column(End)}};
  if (Snippet && End > Offset && End <= Source->text().size())
    Region["snippet"] = message(Source->text().slice(Offset, End));
  return Region;
}

Json SarifWriter::physicalLocation(const Place &At, unsigned End,
                                   bool Context) {
  Json Location = {{"artifactLocation", artifactLocation(At.File)}};
  if (!At.isValid())
    return Location;
  Json Region = region(At.File, At.Offset, End, /*Snippet=*/true);
  if (Region.is_null()) {
    // The file is gone; its bytes are all that is known of the columns.
    Location["region"] = {{"startLine", At.Line}};
    return Location;
  }
  unsigned First = Region["startLine"], Last = Region["endLine"];
  Location["region"] = std::move(Region);
  if (!Context)
    return Location;
  const SourceText *Source = Sources.get(At.File);
  // The lines around, so that the place can be read without the file.
  First = First > 1 ? First - 1 : First;
  // What follows the last line's end is no line.
  if (Last + 1 < Source->lines() || !Source->line(Last + 1).empty())
    ++Last;
  std::string Lines;
  for (unsigned Line = First; Line <= Last; ++Line)
    Lines += Source->line(Line).str() + "\n";
  Location["contextRegion"] = {
      {"startLine", First}, {"endLine", Last}, {"snippet", message(Lines)}};
  return Location;
}

Json SarifWriter::location(const Place &At, unsigned End, StringRef Text,
                           bool Context) {
  Json Location = Json::object();
  if (!At.File.empty())
    Location["physicalLocation"] = physicalLocation(At, End, Context);
  if (!Text.empty())
    Location["message"] = message(sarifSentence(Text));
  return Location;
}

Json SarifWriter::fix(ArrayRef<Change> Changes, StringRef Description) {
  MapVector<StringRef, Json> ByFile;
  for (const Change &C : Changes) {
    Json Deleted = region(C.File, C.Offset, C.Offset + C.Length,
                          /*Snippet=*/false);
    // The file is gone, or is not the one that was analysed.
    if (Deleted.is_null() ||
        C.Offset + C.Length > Sources.get(C.File)->text().size())
      return nullptr;
    Json Replacement = {{"deletedRegion", Deleted}};
    if (!C.Text.empty())
      Replacement["insertedContent"] = message(C.Text);
    ByFile[C.File].push_back(std::move(Replacement));
  }
  Json ArtifactChanges = Json::array();
  for (auto &[File, Replacements] : ByFile)
    ArtifactChanges.push_back({{"artifactLocation", artifactLocation(File)},
                               {"replacements", Replacements}});
  return {{"description", message(sarifSentence(Description))},
          {"artifactChanges", ArtifactChanges}};
}

// One thread flow for each lane: SARIF's way to say that steps happen on
// different threads.
Json SarifWriter::codeFlow(const Result &Found, ArrayRef<FlowStep> Steps) {
  MapVector<StringRef, Json> Lanes;
  unsigned Order = 0;
  for (const FlowStep &S : Steps) {
    unsigned End = S.End;
    if (const SourceText *Source = End ? nullptr : Sources.get(S.At->File))
      End = Source->tokenEnd(S.At->Offset);
    Lanes[S.Lane].push_back({{"location", location(*S.At, End, S.Message)},
                             {"kinds", Json::array({S.Kind.str()})},
                             {"importance", "essential"},
                             {"executionOrder", ++Order}});
  }
  Json Flows = Json::array();
  for (auto &[Lane, Locations] : Lanes) {
    std::string Who = Lane.empty() ? Found.Function.empty()
                                         ? "the code itself"
                                         : "who runs '" + Found.Function + "'"
                                   : Lane.str();
    Json Flow = {{"id", Lane.empty() ? "here" : Lane.str()},
                 {"message", message(sarifSentence(Who))},
                 {"locations", std::move(Locations)}};
    Flows.push_back(std::move(Flow));
  }
  return {{"threadFlows", Flows}};
}

Json SarifWriter::suppression(const HidingComment &Comment) {
  Json Out = {{"kind", "inSource"}, {"status", "accepted"}};
  if (!Comment.Reason.empty())
    Out["justification"] = Comment.Reason;
  Out["location"] = location(Comment.At, Comment.End, "");
  return Out;
}

Json SarifWriter::result(const Result &Found) {
  std::string Text = sarifSentence(Found.Message);
  // GitHub shows a related location only if the message links to it.
  Json Related = Json::array();
  std::string Links;
  for (const ResultStep &S : Found.Steps) {
    if (S.At.File.empty())
      continue;
    Json Location = location(S.At, S.End, S.Message);
    size_t Id = Related.size() + 1;
    Location["id"] = Id;
    Related.push_back(std::move(Location));
    if (Id > MaxLinks)
      continue;
    std::string Label = S.Message;
    erase_if(Label, [](char C) { return C == '[' || C == ']'; });
    Links += (Links.empty() ? " See: [" : "; [") + Label + "](" +
             std::to_string(Id) + ")";
  }
  if (!Links.empty())
    Text += Links + ".";

  Json Location = location(Found.At, Found.End, "", /*Context=*/true);
  if (!Found.Function.empty())
    Location["logicalLocations"] = Json::array(
        {{{"fullyQualifiedName", Found.Function}, {"kind", "function"}}});
  Json Out = {{"ruleId", Found.Check},
              {"ruleIndex", ruleIndex(Found.Check)},
              {"level", levelOf(Found).str()},
              {"message", message(Text)},
              {"locations", Json::array({Location})}};
  if (!Related.empty())
    Out["relatedLocations"] = std::move(Related);
  Json Fingerprints = Json::object();
  if (const SourceText *Source = Sources.get(Found.At.File)) {
    auto [It, New] = LineHashes.try_emplace(Found.At.File);
    if (New)
      It->second = lineHashes(Source->text());
    if (Found.At.Line != 0 && Found.At.Line <= It->second.size())
      Fingerprints["primaryLocationLineHash"] = It->second[Found.At.Line - 1];
  }
  if (!Found.Fingerprint.empty())
    Fingerprints[FindingV2] = Found.Fingerprint;
  if (!Found.FingerprintV1.empty())
    Fingerprints[FindingV1] = Found.FingerprintV1;
  if (!Fingerprints.empty())
    Out["partialFingerprints"] = std::move(Fingerprints);
  if (Found.Baseline != BaselineState::None)
    Out["baselineState"] =
        Found.Baseline == BaselineState::New ? "new" : "unchanged";
  Out["suppressions"] = Json::array();
  if (Found.HiddenBy)
    Out["suppressions"].push_back(suppression(*Found.HiddenBy));
  if (std::vector<FlowStep> Steps = flowOf(Found); !Steps.empty())
    Out["codeFlows"] = Json::array({codeFlow(Found, Steps)});
  Json Fixes = Json::array();
  auto AddFix = [&](ArrayRef<Change> Changes, StringRef Description) {
    if (Changes.empty())
      return;
    if (Json Fix = fix(Changes, Description); !Fix.is_null())
      Fixes.push_back(std::move(Fix));
  };
  AddFix(Found.Fixes, "change as '" + Found.Check + "' suggests");
  for (const ResultStep &S : Found.Steps)
    AddFix(S.Fixes, S.Message);
  if (!Fixes.empty())
    Out["fixes"] = std::move(Fixes);
  // The last two are for 'threadhop merge'.
  Out["properties"] = Json::object();
  if (!Found.Kind.empty())
    Out["properties"]["kind"] = Found.Kind;
  if (!Found.Symbol.empty())
    Out["properties"]["symbol"] = Found.Symbol;
  Out["properties"]["clause"] = Found.Message;
  Out["properties"]["content"] = Found.Content;
  return Out;
}

// One notification for what the compiler says, with all places that have it.
Json SarifWriter::compilerErrors() {
  Json Notifications = Json::array();
  StringMap<size_t> Known;
  for (const Result &Error : R.Results) {
    if (!Error.isCompilerError())
      continue;
    Json Place = location(Error.At, Error.End, "");
    StringRef Reason = commonReason(Error);
    size_t Index = Notifications.size();
    if (!Reason.empty())
      Index = Known.try_emplace(Reason, Index).first->second;
    if (Index == Notifications.size())
      Notifications.push_back(
          {{"descriptor", {{"id", "compile-error"}, {"index", 0}}},
           {"level", "error"},
           {"message", message(sarifSentence(Error.Message))}});
    if (!Error.At.File.empty())
      Notifications[Index]["locations"].push_back(std::move(Place));
  }
  return Notifications;
}

Json SarifWriter::notification(const FailureGroup &Group) {
  const UnitFailure &F = Group.first();
  bool Config = F.Kind == FailureKind::Configuration;
  bool Parse = F.Kind == FailureKind::Parse;
  Json Descriptor = {{"id", Config  ? "configuration-error"
                            : Parse ? "compile-error"
                                    : "unit-failed"},
                     {"index", Config  ? 2
                               : Parse ? 0
                                       : 1}};
  bool Several = Group.Members.size() > 1;
  std::string Text =
      sarifSentence(Several ? Group.sentence(/*MostNames=*/0) : F.Text);
  if (!F.Command.empty())
    Text += " To reproduce: " + F.Command;
  Json Out = {{"descriptor", Descriptor},
              {"level", "error"},
              {"message", message(Text)}};
  for (const UnitFailure *Of : Group.Members)
    if (!Of->File.empty())
      Out["locations"].push_back(
          {{"physicalLocation",
            {{"artifactLocation", artifactLocation(Of->File)}}}});
  return Out;
}

Json SarifWriter::invocation() {
  Json Execution = compilerErrors(), Configuration = Json::array();
  for (const FailureGroup &Group : groupFailures(R.Failures))
    (Group.first().Kind == FailureKind::Configuration ? Configuration
                                                      : Execution)
        .push_back(notification(Group));
  int Status = R.exitStatus();
  Json Out = {{"executionSuccessful", Status != 2},
              {"exitCode", Status},
              {"exitCodeDescription", Status == 0   ? "no findings"
                                      : Status == 1 ? "findings"
                                                    : "not to be trusted"},
              {"toolExecutionNotifications", Execution},
              {"toolConfigurationNotifications", Configuration}};
  if (Facts.Start.time_since_epoch().count()) {
    Out["startTimeUtc"] = timeText(Facts.Start);
    Out["endTimeUtc"] = timeText(Facts.End);
  }
  if (!Facts.Converted)
    addCommand(Out);
  return Out;
}

void SarifWriter::addCommand(Json &Invocation) {
  if (!Facts.CommandLine.empty()) {
    Invocation["commandLine"] =
        join(map_range(Facts.CommandLine, shellQuoted), " ");
    Invocation["arguments"] = Json(std::vector<std::string>(
        Facts.CommandLine.begin() + 1, Facts.CommandLine.end()));
  }
  if (!Facts.WorkingFolder.empty())
    Invocation["workingDirectory"] = {
        {"uri", "file://" + uriEncoded(Facts.WorkingFolder) + "/"}};
}

// How the log came to be where no run of ours wrote it.
Json SarifWriter::conversion() {
  Json Invocation = {{"executionSuccessful", R.exitStatus() != 2}};
  addCommand(Invocation);
  Json Read = Json::array();
  for (const std::string &File : *Facts.Converted) {
    auto [Uri, Relative] = artifactUri(File, Facts.SourceRoot);
    Json &Location = Read.emplace_back(Json{{"uri", Uri}});
    if (Relative)
      Location["uriBaseId"] = RootId;
  }
  return {{"tool",
           {{"driver",
             {{"name", "threadhop convert"},
              {"version", THREADHOP_VERSION},
              {"semanticVersion", THREADHOP_VERSION},
              {"organization", "threadhop"},
              {"informationUri", ProjectUri}}}}},
          {"invocation", Invocation},
          {"analysisToolLogFiles", Read}};
}

Json SarifWriter::log() {
  for (const Rule &Known : threadhop::rules()) {
    RuleIndex[Known.Name] = Rules.size();
    Rules.push_back(sarifRule(Known));
  }
  Json Results = Json::array();
  for (const Result &Found : R.Results)
    if (!Found.isCompilerError())
      Results.push_back(result(Found));
  Json Invocation = invocation();
  StringRef Root = StringRef(Facts.SourceRoot).rtrim('/');
  Json Run = {
      {"tool", {{"driver", sarifDriver(std::move(Rules))}}},
      {"automationDetails", {{"id", "threadhop/"}}},
      {"invocations", Json::array({Invocation})},
      {"originalUriBaseIds",
       {{RootId,
         {{"uri", "file://" + uriEncoded(Root) + "/"},
          {"description", message("The root of the analysed sources.")}}}}},
      {"artifacts", Artifacts},
      {"columnKind", "utf16CodeUnits"},
      {"defaultEncoding", "UTF-8"},
      {"newlineSequences", Json::array({"\r\n", "\n", "\r"})},
      {"results", Results},
      {"properties", sarifRunProperties(R, Facts.SourceRoot)},
  };
  if (Facts.Converted)
    Run["conversion"] = conversion();
  if (const auto &Checkout = Facts.Checkout) {
    Json Details = {{"repositoryUri", Checkout->RepositoryUri},
                    {"revisionId", Checkout->Revision}};
    if (!Checkout->Branch.empty())
      Details["branch"] = Checkout->Branch;
    Details["mappedTo"] = {{"uriBaseId", RootId}};
    Run["versionControlProvenance"] = Json::array({Details});
  }
  return sarifLogOf(std::move(Run));
}

Json sarifRunProperties(const Report &R, StringRef SourceRoot) {
  Json Out = {{"units", R.Units},
              {"analysed", R.Analysed},
              {"skipped", R.Skipped},
              {"muted", R.Muted},
              {"leftOut", R.LeftOut},
              {"unchanged", R.Unchanged},
              {"onUnchangedLines", R.OnUnchangedLines},
              {"seconds", R.Seconds},
              {"interrupted", R.Interrupted},
              {"hidden",
               {{"nolint", R.Hidden.NoLint},
                {"headerFilter", R.Hidden.HeaderFilter},
                {"lineFilter", R.Hidden.LineFilter}}},
              {"failedUnits", Json::array()}};
  std::set<std::string> Failed;
  for (const UnitFailure &F : R.Failures)
    if (std::string Uri =
            SourceRoot.empty() ? F.File : artifactUri(F.File, SourceRoot).first;
        !F.File.empty() && Failed.insert(Uri).second)
      Out["failedUnits"].push_back(Uri);
  if (!R.Shard.empty())
    Out["shard"] = R.Shard;
  return Out;
}

Json sarifLogOf(Json Run) {
  return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
          {"version", "2.1.0"},
          {"runs", Json::array({std::move(Run)})}};
}

Json sarifLog(const Report &R, const RunFacts &Facts, SourceCache &Sources) {
  return SarifWriter(R, Facts, Sources).log();
}

std::string sarifText(const Json &Log) {
  // Nobody reads a large log, and most of it would be blanks.
  static constexpr size_t MostIndented = 1000;
  const Json &Results = Log.at("runs").at(0).at("results");
  return Log.dump(Results.size() > MostIndented ? -1 : 2, ' ',
                  /*ensure_ascii=*/false, Json::error_handler_t::replace) +
         "\n";
}

} // namespace threadhop::driver
