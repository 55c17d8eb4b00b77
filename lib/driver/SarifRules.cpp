//===--- SarifRules.cpp - the tool and its rules in SARIF logs ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Sarif.h"
#include "driver/SuppressionFindings.h"
#include "findings/Rules.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include <nlohmann/json.hpp>

using namespace llvm;

namespace threadhop::driver {

// GitHub takes 1024 characters.
static constexpr size_t MaxDescription = 1000;

static Json message(StringRef Text) { return {{"text", Text.str()}}; }

// The first paragraph of a page, without Markdown's marks.
static std::string firstParagraph(StringRef Page) {
  std::string Text;
  while (!Page.empty()) {
    StringRef Line;
    std::tie(Line, Page) = Page.split('\n');
    Line = Line.trim();
    bool Prose = !Line.empty() && !Line.starts_with("#") &&
                 !Line.starts_with("```") && !Line.starts_with("|") &&
                 !Line.starts_with("<");
    if (!Prose && !Text.empty())
      break;
    if (!Prose)
      continue;
    Text += (Text.empty() ? "" : " ") + Line.str();
  }
  erase(Text, '`');
  if (Text.size() > MaxDescription) {
    size_t End = StringRef(Text).take_front(MaxDescription).rfind(". ");
    Text.resize(End == StringRef::npos ? MaxDescription : End + 1);
  }
  return Text;
}

static std::string problemSeverity(StringRef Level) {
  return Level == "note" ? "recommendation" : Level.str();
}

// Each name with what it stands for.
static Json kinds(ArrayRef<FindingKind> Known) {
  Json Out = Json::object();
  for (const FindingKind &Each : Known)
    Out[Each.Name.str()] = sarifSentence(Each.Text);
  return Out;
}

Json sarifRule(const Rule &Known) {
  std::string Summary = sarifSentence(Known.Summary);
  std::string Full = firstParagraph(Known.Help);
  Json Tags = Json::array();
  for (StringRef Tag : Known.Tags)
    Tags.push_back(Tag.str());
  return {
      {"id", Known.Name.str()},
      {"name", pascalCaseName(Known.Name)},
      {"shortDescription", message(Summary)},
      {"fullDescription", message(Full.empty() ? Summary : Full)},
      {"help", {{"text", Known.Help.str()}, {"markdown", Known.Help.str()}}},
      {"helpUri", Known.url()},
      {"defaultConfiguration",
       {{"enabled", !Known.Preview}, {"level", Known.Severity.str()}}},
      {"properties",
       {{"tags", Tags},
        {"precision", Known.Precision.str()},
        {"problem.severity", problemSeverity(Known.Severity)},
        {"since", Known.Since.str()},
        {"kinds", kinds(Known.Kinds)}}},
  };
}

// A check of clang-tidy or of a plugin, of which only the name is known.
Json sarifForeignRule(StringRef Check) {
  auto [Module, Name] = Check.split('-');
  std::string Uri;
  if (Module == "clang" && Name.starts_with("diagnostic-"))
    Uri = "https://clang.llvm.org/docs/DiagnosticsReference.html";
  else if (Module == "clang")
    Uri = "https://clang.llvm.org/docs/analyzer/checkers.html";
  else
    Uri = clangTidyPage(Check);
  std::string Text = "The check '" + Check.str() + "' of clang-tidy.";
  bool Ours = !suppressionRule(Check).empty();
  if (Ours) {
    Uri = std::string(ProjectUri) + "/blob/main/docs/ci.md";
    Text = suppressionRule(Check);
  }
  Json Properties = {
      {"tags", Json::array({Ours ? "suppression" : "clang-tidy"})},
      {"problem.severity", "warning"}};
  if (Ours)
    Properties["kinds"] = kinds(suppressionKinds(Check));
  return {
      {"id", Check.str()},
      {"name", pascalCaseName(Check)},
      {"shortDescription", message(Text)},
      {"fullDescription", message(Text)},
      {"help",
       {{"text", "See " + Uri + "."},
        {"markdown", "See [" + Check.str() + "](" + Uri + ")."}}},
      {"helpUri", Uri},
      {"defaultConfiguration", {{"level", "warning"}}},
      {"properties", Properties},
  };
}

Json sarifDriver(Json Rules) {
  auto Descriptor = [&](const char *Id, const char *Name, const char *Short,
                        const char *Full, const char *Help) -> Json {
    return {{"id", Id},
            {"name", Name},
            {"shortDescription", message(Short)},
            {"fullDescription", message(Full)},
            {"help", message(Help)},
            {"defaultConfiguration", {{"level", "error"}}}};
  };
  return {
      {"name", "threadhop"},
      {"fullName",
       "threadhop " THREADHOP_VERSION " (LLVM " LLVM_VERSION_STRING ")"},
      {"version", THREADHOP_VERSION},
      {"semanticVersion", THREADHOP_VERSION},
      {"organization", "threadhop"},
      {"informationUri", ProjectUri},
      {"language", "en-US"},
      {"rules", std::move(Rules)},
      {"notifications",
       {Descriptor("compile-error", "CompileError",
                   "The compiler found an error.",
                   "A translation unit did not parse, so its results may be "
                   "incomplete.",
                   "Fix the error, or the arguments in the compilation "
                   "database."),
        Descriptor("unit-failed", "UnitFailed",
                   "A translation unit was not analysed.",
                   "A file was not there, or the worker that analysed it "
                   "crashed or took too long; the results of that unit are "
                   "missing.",
                   "Run the command that the notification names."),
        Descriptor("configuration-error", "ConfigurationError",
                   "The configuration is wrong.",
                   "A check could not be configured as asked, so the results "
                   "may be others than wanted.",
                   "Fix the configuration at the place that is named.")}},
  };
}

} // namespace threadhop::driver
