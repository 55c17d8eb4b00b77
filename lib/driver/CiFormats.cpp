//===--- CiFormats.cpp - results for GitHub and GitLab --------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/CiFormats.h"
#include "findings/Rules.h"
#include <nlohmann/json.hpp>

using namespace llvm;

namespace threadhop::driver {

// A command ends with its line; in properties, comma and colon have a meaning.
static std::string escaped(StringRef Text, bool Property) {
  std::string Result;
  for (char C : Text) {
    if (C == '%')
      Result += "%25";
    else if (C == '\r')
      Result += "%0D";
    else if (C == '\n')
      Result += "%0A";
    else if (Property && C == ':')
      Result += "%3A";
    else if (Property && C == ',')
      Result += "%2C";
    else
      Result += C;
  }
  return Result;
}

static StringRef severityOf(const Result &R) {
  if (R.Level == "error")
    return "error";
  const Rule *Known = findRule(R.Check);
  return Known ? Known->Severity : "warning";
}

std::string githubCommands(ArrayRef<Result> Results, StringRef SourceRoot,
                           SourceCache &Sources) {
  std::string Text;
  for (const Result &R : Results) {
    if (!R.counts() && !R.isCompilerError())
      continue;
    StringRef Severity = severityOf(R);
    Text += "::" + (Severity == "note" ? "notice" : Severity.str()) + " ";
    if (R.At.isValid()) {
      Text += "file=" + escaped(relativeTo(SourceRoot, R.At.File), true) +
              ",line=" + std::to_string(R.At.Line);
      const SourceText *Source = Sources.get(R.At.File);
      // Columns are allowed on one line only.
      if (Source && Source->position(R.End).first == R.At.Line)
        Text += ",col=" + std::to_string(Source->utf16Column(R.At.Offset)) +
                ",endColumn=" + std::to_string(Source->utf16Column(R.End));
      Text += ",";
    }
    std::string Message = R.Message;
    for (const ResultStep &S : R.Steps)
      if (S.At.isValid())
        Message += "\n" + relativeTo(SourceRoot, S.At.File).str() + ":" +
                   std::to_string(S.At.Line) + ": " + S.Message;
    Text += "title=" + escaped(R.Check, true) + "::" + escaped(Message, false) +
            "\n";
  }
  return Text;
}

std::string gitlabReport(ArrayRef<Result> Results, StringRef SourceRoot) {
  Json Issues = Json::array();
  for (const Result &R : Results) {
    if (!R.counts() || R.At.File.empty())
      continue;
    StringRef Severity = severityOf(R);
    Issues.push_back(
        {{"description", R.Message},
         {"check_name", R.Check},
         // GitLab shows only the first of equal ones; ours are numbered.
         {"fingerprint", R.Fingerprint},
         {"severity", Severity == "error"  ? "major"
                      : Severity == "note" ? "info"
                                           : "minor"},
         {"location",
          {{"path", relativeTo(SourceRoot, R.At.File).str()},
           {"lines", {{"begin", std::max(R.At.Line, 1U)}}}}}});
  }
  return Issues.dump(2, ' ', /*ensure_ascii=*/false,
                     Json::error_handler_t::replace) +
         "\n";
}

} // namespace threadhop::driver
