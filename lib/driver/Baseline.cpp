//===--- Baseline.cpp - the findings of an earlier run --------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Baseline.h"
#include "driver/Fingerprint.h"
#include "driver/Messages.h"
#include "driver/Sarif.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace llvm;

namespace threadhop::driver {

Expected<Baseline> Baseline::read(const std::string &File) {
  auto Run = readSarifRun(File);
  if (!Run)
    return makeError("--baseline: " + toString(Run.takeError()));
  // A part would make everything else look new.
  if (auto Facts = Run->find("properties");
      Facts != Run->end() && Facts->contains("shard"))
    return makeError("--baseline: " + File + ": it is the log of shard " +
                     Facts->at("shard").get<std::string>() +
                     "; put the shards together with 'threadhop merge'");
  Baseline Result;
  Result.Rules = Run->at("tool").at("driver").value("rules", Json::array());
  for (Json &Old : Run->at("results")) {
    Entry New{identityOf(Old), std::move(Old)};
    if (New.Who.BaselineState == "absent")
      continue;
    if (!New.Who.V1.empty())
      Result.ByV1[New.Who.V1].push_back(Result.Entries.size());
    if (!New.Who.V2.empty())
      Result.ByV2[New.Who.V2].push_back(Result.Entries.size());
    Result.Entries.push_back(std::move(New));
  }
  return Result;
}

Expected<std::optional<Baseline>> Baseline::readIfAny(const std::string &File) {
  if (File.empty())
    return std::nullopt;
  auto Old = read(File);
  if (!Old)
    return Old.takeError();
  return std::move(*Old);
}

std::vector<size_t> Baseline::equalTo(const SarifIdentity &Now) const {
  std::vector<size_t> Equal;
  // The older fingerprint counts only where one of the two has no other.
  if (auto It = ByV2.find(Now.V2); It != ByV2.end())
    Equal = It->second;
  if (auto It = ByV1.find(Now.V1); It != ByV1.end())
    copy_if(It->second, std::back_inserter(Equal), [&](size_t Index) {
      return Now.V2.empty() || Entries[Index].Who.V2.empty();
    });
  return Equal;
}

std::vector<bool> Baseline::match(const std::vector<SarifIdentity> &Now) {
  std::vector<bool> Known(Now.size(), false);
  std::vector<std::vector<size_t>> Equal;
  for (const SarifIdentity &Who : Now)
    Equal.push_back(equalTo(Who));
  auto Pass = [&](auto Same) {
    for (size_t I = 0; I != Now.size(); ++I) {
      if (Known[I])
        continue;
      for (size_t Index : Equal[I]) {
        Entry &Old = Entries[Index];
        if (Old.Found || !Same(Old.Who, Now[I]))
          continue;
        Known[I] = Old.Found = true;
        break;
      }
    }
  };
  // Whoever takes a comment away wants to see what it hid.
  auto Shown = [](const SarifIdentity &Old, const SarifIdentity &New) {
    return !Old.Hidden && !New.Hidden;
  };
  auto SameLine = [](const SarifIdentity &Old, const SarifIdentity &New) {
    return Old.Uri == New.Uri && Old.LineHash == New.LineHash;
  };
  Pass([&](const SarifIdentity &Old, const SarifIdentity &New) {
    return Shown(Old, New) && SameLine(Old, New);
  });
  Pass([&](const SarifIdentity &Old, const SarifIdentity &New) {
    return Shown(Old, New) && Old.Uri == New.Uri;
  });
  Pass(Shown);
  Pass([&](const SarifIdentity &, const SarifIdentity &New) {
    return New.Hidden;
  });
  return Known;
}

void Baseline::mark(std::vector<Result> &Results, StringRef SourceRoot,
                    SourceCache &Sources) {
  StringMap<std::vector<std::string>> Hashes;
  std::vector<SarifIdentity> Now;
  std::vector<Result *> Marked;
  for (Result &R : Results) {
    if (R.isCompilerError())
      continue;
    SarifIdentity Who;
    Who.V1 = withoutCount(R.FingerprintV1);
    Who.V2 = withoutCount(R.Fingerprint);
    Who.Hidden = R.HiddenBy.has_value();
    if (!R.At.File.empty())
      Who.Uri = artifactUri(R.At.File, SourceRoot).first;
    if (const SourceText *Source = Sources.get(R.At.File)) {
      auto [It, New] = Hashes.try_emplace(R.At.File);
      if (New)
        It->second = lineHashes(Source->text());
      if (R.At.Line != 0 && R.At.Line <= It->second.size())
        Who.LineHash = withoutCount(It->second[R.At.Line - 1]);
    }
    Now.push_back(std::move(Who));
    Marked.push_back(&R);
  }
  std::vector<bool> Known = match(Now);
  for (size_t I = 0; I != Marked.size(); ++I)
    Marked[I]->Baseline =
        Known[I] ? BaselineState::Unchanged : BaselineState::New;
}

void Baseline::mark(Json &Run) {
  std::vector<SarifIdentity> Now;
  for (const Json &Result : Run["results"])
    Now.push_back(identityOf(Result));
  std::vector<bool> Known = match(Now);
  for (size_t I = 0; I != Now.size(); ++I)
    Run["results"][I]["baselineState"] = Known[I] ? "unchanged" : "new";
}

std::vector<Json>
Baseline::absent(function_ref<bool(StringRef Uri)> Looked) const {
  std::vector<Json> Results;
  for (const Entry &Old : Entries) {
    if (Old.Found || Old.Who.Hidden || !Looked(Old.Who.Uri))
      continue;
    Json &Absent = Results.emplace_back(Old.Result);
    Absent["baselineState"] = "absent";
    // Both count in the old log.
    forEachArtifact(Absent, [](Json &Location) { Location.erase("index"); });
    Absent.erase("ruleIndex");
  }
  return Results;
}

void Baseline::addAbsent(Json &Run, const std::vector<Json> &Absent) const {
  Json &RunRules = Run["tool"]["driver"]["rules"];
  auto Find = [](const Json &In, const Json &Id) {
    return find_if(In, [&](const Json &Rule) { return Rule.at("id") == Id; });
  };
  for (Json Result : Absent) {
    auto Rule = Find(RunRules, Result["ruleId"]);
    Result["ruleIndex"] = Rule - RunRules.cbegin();
    if (Rule == RunRules.cend()) {
      // A check of clang-tidy that found nothing this time.
      auto Old = Find(Rules, Result["ruleId"]);
      if (Old == Rules.cend())
        Result.erase("ruleIndex");
      else
        RunRules.push_back(*Old);
    }
    Run["results"].push_back(std::move(Result));
  }
}

} // namespace threadhop::driver
