//===--- SarifLog.cpp - reads threadhop's SARIF logs ----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/SarifLog.h"
#include "driver/Messages.h"
#include "driver/Sarif.h"
#include "driver/SourceText.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace threadhop::driver {

// What comes behind "[json.exception.parse_error.101] ".
static StringRef reasonOf(const Json::exception &E) {
  StringRef What = E.what();
  size_t End = What.find("] ");
  return End == StringRef::npos ? What : What.substr(End + 2);
}

static Error checkResult(const Json &Result, const Twine &Where) {
  for (const char *Name : {"ruleId", "message", "partialFingerprints"})
    if (!Result.contains(Name))
      return makeError(Where + " has no '" + Name + "'");
  const Json &Prints = Result["partialFingerprints"];
  if (!Prints.contains(FindingV1) && !Prints.contains(FindingV2))
    return makeError(Where + " has no fingerprint '" + FindingV2 + "' or '" +
                     FindingV1 + "'");
  // Wrong types throw here rather than later.
  (void)identityOf(Result);
  return Error::success();
}

static Expected<Json> takeRun(Json &Log) {
  if (!Log.is_object() || !Log.contains("runs"))
    return makeError("it is no SARIF log: there is no 'runs'");
  if (Log.value("version", "") != "2.1.0")
    return makeError("it is no SARIF log of version 2.1.0");
  Json &Runs = Log["runs"];
  if (!Runs.is_array() || Runs.size() != 1)
    return makeError("it has not one run, as every log of threadhop has");
  Json &Run = Runs[0];
  auto Tool = Run.at("tool").at("driver").at("name").get<std::string>();
  if (Tool != "threadhop")
    return makeError("it is a log of '" + Tool + "', not of threadhop");
  Json &Results = Run.at("results");
  for (size_t I = 0; I != Results.size(); ++I)
    if (Error Wrong =
            checkResult(Results[I], "runs[0].results[" + Twine(I) + "]"))
      return std::move(Wrong);
  return std::move(Run);
}

Expected<Json> readSarifRun(const std::string &File) {
  auto Text = MemoryBuffer::getFile(File);
  if (!Text)
    return makeError("cannot read '" + File +
                     "': " + Text.getError().message());
  StringRef Content = (*Text)->getBuffer();
  // Some tools put a byte order mark before it.
  Content.consume_front("\xef\xbb\xbf");
  try {
    Json Log = Json::parse(Content.begin(), Content.end());
    auto Run = takeRun(Log);
    if (!Run)
      return makeError(File + ": " + toString(Run.takeError()));
    return Run;
  } catch (const Json::parse_error &E) {
    SourceText Source(MemoryBuffer::getMemBufferCopy(Content, File));
    auto [Line, Column] = Source.position(E.byte ? E.byte - 1 : 0);
    // "parse error at line 2, column 3: what".
    StringRef What = reasonOf(E);
    return makeError(
        File + ":" + Twine(Line) + ":" + Twine(Column) +
        ": it is no JSON: " + What.substr(What.find(": ") + 2).trim());
  } catch (const Json::exception &E) {
    return makeError(File + ": it is no log of threadhop: " + reasonOf(E));
  }
}

std::string withoutCount(const std::string &Fingerprint) {
  return StringRef(Fingerprint).rsplit(':').first.str();
}

SarifIdentity identityOf(const Json &Result) {
  SarifIdentity Who;
  const Json &Prints = Result.at("partialFingerprints");
  Who.V1 = withoutCount(Prints.value(FindingV1, ""));
  Who.V2 = withoutCount(Prints.value(FindingV2, ""));
  Who.LineHash = withoutCount(Prints.value("primaryLocationLineHash", ""));
  if (auto Places = Result.find("locations");
      Places != Result.end() && !Places->empty())
    if (auto Physical = Places->at(0).find("physicalLocation");
        Physical != Places->at(0).end())
      Who.Uri = Physical->at("artifactLocation").at("uri").get<std::string>();
  if (auto Hidden = Result.find("suppressions"); Hidden != Result.end())
    Who.Hidden = !Hidden->empty();
  Who.BaselineState = Result.value("baselineState", "");
  return Who;
}

} // namespace threadhop::driver
