//===--- Results.cpp - what a run found -----------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Results.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SHA256.h"
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

namespace threadhop::driver {

llvm::StringRef UnitFailure::lead() const {
  if (Kind == FailureKind::Configuration)
    return "";
  return Kind == FailureKind::Parse
             ? "did not parse, so its findings may be incomplete: "
             : "was not analysed: ";
}

bool UnitFailure::isReproducible() const {
  return !Command.empty() && Kind != FailureKind::Missing &&
         Kind != FailureKind::Configuration;
}

bool Result::isCompilerError() const {
  return Level == "error" && !WarningAsError &&
         llvm::StringRef(Check).starts_with("clang-diagnostic-");
}

bool Result::counts() const {
  return !isCompilerError() && !HiddenBy &&
         Baseline != BaselineState::Unchanged;
}

bool UnitReport::isClean() const {
  return ConfigErrors.empty() && llvm::none_of(Results, [](const Result &R) {
           return R.isCompilerError();
         });
}

unsigned Report::findings() const {
  return llvm::count_if(Results, [](const Result &R) { return R.counts(); });
}

unsigned Report::suppressed() const {
  return llvm::count_if(Results,
                        [](const Result &R) { return R.HiddenBy.has_value(); });
}

unsigned Report::inBaseline() const {
  return llvm::count_if(Results, [](const Result &R) {
    return !R.HiddenBy && R.Baseline == BaselineState::Unchanged;
  });
}

unsigned Report::failedUnits() const {
  std::set<std::string> Failed;
  for (const UnitFailure &F : Failures)
    Failed.insert(F.File);
  return Failed.size();
}

void setContent(Result &R, const std::string &Root) {
  Json Said = R;
  // Every name of a file, however deep.
  auto Shorten = [&](auto &Self, Json &J) -> void {
    if (J.is_object())
      if (auto File = J.find("file"); File != J.end() && File->is_string()) {
        auto Name = File->get<std::string>();
        if (llvm::StringRef(Name).starts_with(Root))
          *File = Name.substr(Root.size());
      }
    if (J.is_structured())
      for (Json &Child : J)
        Self(Self, Child);
  };
  Shorten(Shorten, Said);
  std::vector<uint8_t> Bytes = Json::to_cbor(Said);
  auto Hash = llvm::SHA256::hash(Bytes);
  R.Content =
      llvm::toHex(llvm::ArrayRef(Hash).take_front(8), /*LowerCase=*/true);
}

bool isBetter(const Result &A, const Result &B) {
  auto Rank = [](const Result &R) {
    return std::tuple(
        R.HiddenBy.has_value(), R.Level != "error",
        -llvm::count_if(R.Steps,
                        [](const ResultStep &S) { return S.At.isValid(); }),
        llvm::StringRef(R.Content));
  };
  return Rank(A) < Rank(B);
}

int Report::exitStatus() const {
  if (Interrupted || !Failures.empty())
    return 2;
  return findings() ? 1 : 0;
}

void sortAndUnique(std::vector<Result> &Results) {
  auto Key = [](const Result &R) {
    return std::tie(R.At.File, R.At.Line, R.At.Column, R.Check, R.Message,
                    R.At.Offset);
  };
  llvm::sort(Results, [&](const Result &A, const Result &B) {
    auto KeyA = Key(A), KeyB = Key(B);
    return KeyA != KeyB ? KeyA < KeyB : isBetter(A, B);
  });
  Results.erase(std::unique(Results.begin(), Results.end(),
                            [&](const Result &A, const Result &B) {
                              return Key(A) == Key(B);
                            }),
                Results.end());
}

static const std::pair<FailureKind, const char *> FailureKinds[] = {
    {FailureKind::Parse, "parse"},
    {FailureKind::Crash, "crash"},
    {FailureKind::Timeout, "timeout"},
    {FailureKind::Memory, "memory"},
    {FailureKind::Missing, "missing"},
    {FailureKind::Configuration, "configuration"},
    {FailureKind::NotRun, "not-run"},
};

const char *failureKindName(FailureKind Kind) {
  for (const auto &[Value, Name] : FailureKinds)
    if (Value == Kind)
      return Name;
  return "crash";
}

// Empty fields are left out: most results have few of them.
template <typename T>
static void put(Json &J, const char *Name, const T &Value) {
  if (Value != T())
    J[Name] = Value;
}

template <typename T>
static void put(Json &J, const char *Name, const std::vector<T> &Value) {
  if (!Value.empty())
    J[Name] = Value;
}

template <typename T> static void get(const Json &J, const char *Name, T &To) {
  if (auto It = J.find(Name); It != J.end())
    It->get_to(To);
}

void to_json(Json &J, const Place &P) {
  J = Json::object();
  put(J, "file", P.File);
  put(J, "line", P.Line);
  put(J, "column", P.Column);
  put(J, "offset", P.Offset);
}

void from_json(const Json &J, Place &P) {
  get(J, "file", P.File);
  get(J, "line", P.Line);
  get(J, "column", P.Column);
  get(J, "offset", P.Offset);
}

void to_json(Json &J, const Stretch &S) {
  J = Json{{"file", S.File}, {"offset", S.Offset}, {"length", S.Length}};
}

void from_json(const Json &J, Stretch &S) {
  get(J, "file", S.File);
  get(J, "offset", S.Offset);
  get(J, "length", S.Length);
}

void to_json(Json &J, const Change &C) {
  J = Json{{"file", C.File},
           {"offset", C.Offset},
           {"length", C.Length},
           {"text", C.Text}};
}

void from_json(const Json &J, Change &C) {
  get(J, "file", C.File);
  get(J, "offset", C.Offset);
  get(J, "length", C.Length);
  get(J, "text", C.Text);
}

void to_json(Json &J, const ResultStep &S) {
  to_json(J, S.At);
  put(J, "end", S.End);
  J["message"] = S.Message;
  J["kind"] = S.Kind;
  put(J, "lane", S.Lane);
  put(J, "highlights", S.Highlights);
  put(J, "fixes", S.Fixes);
}

void from_json(const Json &J, ResultStep &S) {
  from_json(J, S.At);
  get(J, "end", S.End);
  get(J, "message", S.Message);
  get(J, "kind", S.Kind);
  get(J, "lane", S.Lane);
  get(J, "highlights", S.Highlights);
  get(J, "fixes", S.Fixes);
}

void to_json(Json &J, const ResultMoment &M) {
  to_json(J, M.At);
  J["text"] = M.Text;
  J["kind"] = M.Kind;
  put(J, "lane", M.Lane);
}

void from_json(const Json &J, ResultMoment &M) {
  from_json(J, M.At);
  get(J, "text", M.Text);
  get(J, "kind", M.Kind);
  get(J, "lane", M.Lane);
}

void to_json(Json &J, const Result &R) {
  J = Json{{"check", R.Check}};
  put(J, "aliases", R.Aliases);
  J.update(Json(R.At));
  put(J, "end", R.End);
  J["level"] = R.Level;
  put(J, "warningAsError", R.WarningAsError);
  J["message"] = R.Message;
  put(J, "kind", R.Kind);
  put(J, "symbol", R.Symbol);
  put(J, "function", R.Function);
  put(J, "fingerprint", R.Fingerprint);
  put(J, "fingerprintV1", R.FingerprintV1);
  put(J, "highlights", R.Highlights);
  put(J, "steps", R.Steps);
  put(J, "story", R.Story);
  put(J, "fixes", R.Fixes);
  if (R.HiddenBy) {
    Json Comment = R.HiddenBy->At;
    put(Comment, "end", R.HiddenBy->End);
    put(Comment, "reason", R.HiddenBy->Reason);
    J["hiddenBy"] = std::move(Comment);
  }
  if (R.Baseline != BaselineState::None)
    J["baselineState"] = R.Baseline == BaselineState::New ? "new" : "unchanged";
}

void from_json(const Json &J, Result &R) {
  get(J, "check", R.Check);
  get(J, "aliases", R.Aliases);
  from_json(J, R.At);
  get(J, "end", R.End);
  get(J, "level", R.Level);
  get(J, "warningAsError", R.WarningAsError);
  get(J, "message", R.Message);
  get(J, "kind", R.Kind);
  get(J, "symbol", R.Symbol);
  get(J, "function", R.Function);
  get(J, "fingerprint", R.Fingerprint);
  get(J, "fingerprintV1", R.FingerprintV1);
  get(J, "highlights", R.Highlights);
  get(J, "steps", R.Steps);
  get(J, "story", R.Story);
  get(J, "fixes", R.Fixes);
  if (auto It = J.find("hiddenBy"); It != J.end()) {
    R.HiddenBy.emplace();
    from_json(*It, R.HiddenBy->At);
    get(*It, "end", R.HiddenBy->End);
    get(*It, "reason", R.HiddenBy->Reason);
  }
  if (auto It = J.find("baselineState"); It != J.end())
    R.Baseline = *It == "new" ? BaselineState::New : BaselineState::Unchanged;
}

static void to_json(Json &J, const SuppressionComment::Item &I) {
  J = Json{{"pattern", I.Pattern}, {"enabled", I.Enabled}, {"used", I.Used}};
}

static void from_json(const Json &J, SuppressionComment::Item &I) {
  get(J, "pattern", I.Pattern);
  get(J, "enabled", I.Enabled);
  get(J, "used", I.Used);
}

void to_json(Json &J, const SuppressionComment &C) {
  J = C.At;
  J.update(Json{{"end", C.End},
                {"directive", C.Directive},
                {"reason", C.Reason},
                {"inMainFile", C.InMainFile},
                {"conditional", C.Conditional}});
  J["items"] = Json::array();
  for (const SuppressionComment::Item &I : C.Items) {
    to_json(J["items"].emplace_back(), I);
  }
}

void from_json(const Json &J, SuppressionComment &C) {
  from_json(J, C.At);
  get(J, "end", C.End);
  get(J, "directive", C.Directive);
  get(J, "reason", C.Reason);
  get(J, "inMainFile", C.InMainFile);
  get(J, "conditional", C.Conditional);
  for (const Json &I : J.at("items"))
    from_json(I, C.Items.emplace_back());
}

static void to_json(Json &J, const Suppressed &S) {
  J = Json{{"nolint", S.NoLint},
           {"headerFilter", S.HeaderFilter},
           {"lineFilter", S.LineFilter}};
}

static void from_json(const Json &J, Suppressed &S) {
  get(J, "nolint", S.NoLint);
  get(J, "headerFilter", S.HeaderFilter);
  get(J, "lineFilter", S.LineFilter);
}

void to_json(Json &J, const UnitReport &R) {
  J = Json{{"results", R.Results},
           {"configErrors", R.ConfigErrors},
           {"comments", R.Comments},
           {"suppressed", R.Hidden},
           {"seconds", R.Seconds}};
  put(J, "cacheProblem", R.CacheProblem);
  if (R.SharedHeaders)
    J["sharedHeaders"] = true;
}

void from_json(const Json &J, UnitReport &R) {
  get(J, "results", R.Results);
  get(J, "configErrors", R.ConfigErrors);
  get(J, "comments", R.Comments);
  get(J, "suppressed", R.Hidden);
  get(J, "seconds", R.Seconds);
  get(J, "cacheProblem", R.CacheProblem);
  get(J, "sharedHeaders", R.SharedHeaders);
}

void to_json(Json &J, const UnitFailure &F) {
  J = Json::object();
  put(J, "file", F.File);
  J["kind"] = failureKindName(F.Kind);
  J["text"] = F.Text;
  put(J, "details", F.Details);
  put(J, "cause", F.Cause);
  put(J, "advice", F.Advice);
  put(J, "command", F.Command);
}

void from_json(const Json &J, UnitFailure &F) {
  get(J, "file", F.File);
  get(J, "text", F.Text);
  get(J, "details", F.Details);
  get(J, "cause", F.Cause);
  get(J, "advice", F.Advice);
  get(J, "command", F.Command);
  std::string Kind;
  get(J, "kind", Kind);
  for (const auto &[Value, Name] : FailureKinds)
    if (Kind == Name)
      F.Kind = Value;
}

void to_json(Json &J, const Report &R) {
  J = Json{{"tool", {{"name", "threadhop"}, {"version", THREADHOP_VERSION}}},
           {"exitStatus", R.exitStatus()},
           {"units", R.Units},
           {"analysed", R.Analysed},
           {"skipped", R.Skipped},
           {"muted", R.Muted},
           {"leftOut", R.LeftOut},
           {"unchanged", R.Unchanged},
           {"onUnchangedLines", R.OnUnchangedLines},
           {"seconds", R.Seconds},
           {"interrupted", R.Interrupted},
           {"suppressed", R.Hidden},
           {"cache", {{"hits", R.Cache.Hits}, {"misses", R.Cache.Misses}}},
           {"failures", R.Failures}};
  put(J, "shard", R.Shard);
  put(J, "goneFromBaseline", R.Gone);
  for (const char *List : {"results", "suppressedResults", "baselineResults"})
    J[List] = Json::array();
  for (const Result &Found : R.Results)
    J[Found.HiddenBy                               ? "suppressedResults"
      : Found.Baseline == BaselineState::Unchanged ? "baselineResults"
                                                   : "results"]
        .push_back(Found);
}

void from_json(const Json &J, Report &R) {
  get(J, "units", R.Units);
  get(J, "analysed", R.Analysed);
  get(J, "skipped", R.Skipped);
  get(J, "muted", R.Muted);
  get(J, "leftOut", R.LeftOut);
  get(J, "unchanged", R.Unchanged);
  get(J, "onUnchangedLines", R.OnUnchangedLines);
  get(J, "seconds", R.Seconds);
  get(J, "interrupted", R.Interrupted);
  get(J, "suppressed", R.Hidden);
  get(J, "failures", R.Failures);
  get(J, "shard", R.Shard);
  for (const char *List : {"results", "suppressedResults", "baselineResults"})
    if (auto It = J.find(List); It != J.end())
      for (const Json &Found : *It)
        R.Results.push_back(Found.get<Result>());
}

} // namespace threadhop::driver
