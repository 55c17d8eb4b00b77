//===--- Convert.cpp - reads what clang-tidy exported ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Convert.h"
#include "driver/Baseline.h"
#include "driver/Diagnostics.h"
#include "driver/Driver.h"
#include "driver/Fingerprint.h"
#include "driver/Messages.h"
#include "driver/Progress.h"
#include "driver/Sarif.h"
#include "findings/Rules.h"
#include "clang/Tooling/DiagnosticsYaml.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <set>

using namespace llvm;
using namespace clang::tooling;

namespace threadhop::driver {
namespace {

/// Reads files one after the other into one report.
class Reader {
public:
  Reader(std::string SourceRoot, std::vector<std::string> &Files,
         std::vector<std::string> &Warnings)
      : SourceRoot(std::move(SourceRoot)), Files(Files), Warnings(Warnings) {}

  void readPath(const std::string &Path);
  Report finish();

private:
  void readFolder(const std::string &Folder);
  void readFile(const std::string &File);
  void take(const TranslationUnitDiagnostics &Unit, const std::string &File);
  void take(const Diagnostic &Said, const std::string &MainFile,
            DiagnosticConverter &By);
  bool check(Place &At, DiagnosticConverter &By);
  void checkTime(const std::string &Source);
  void fail(const std::string &File, FailureKind Kind, const Twine &Text) {
    To.Failures.push_back({File, "", Kind, Text.str(), ""});
  }

  const std::string SourceRoot;
  std::vector<std::string> &Files;
  std::vector<std::string> &Warnings;
  Report To;
  std::set<std::string> Units;
  /// Errors of the compiler by unit.
  std::map<std::string, unsigned> Errors;
  /// Files that are not what they were, and how many places that concerns.
  std::map<std::string, unsigned> Gone, Shorter;
  std::set<std::string> Checked; ///< Sources whose time was looked at.
  sys::TimePoint<> Written;      ///< The file that is read.
  std::string Current;           ///< Its name.
};

} // namespace

void Reader::readPath(const std::string &Path) {
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(Path, Status))
    return fail(normalisedPath(Path), FailureKind::Missing,
                "cannot be read: " + EC.message());
  if (sys::fs::is_directory(Status))
    readFolder(Path);
  else
    readFile(Path);
}

void Reader::readFolder(const std::string &Folder) {
  std::vector<std::string> Found;
  std::error_code EC;
  sys::fs::recursive_directory_iterator It(Folder, EC), End;
  for (; !EC && It != End; It.increment(EC)) {
    StringRef Extension = sys::path::extension(It->path());
    if ((Extension == ".yaml" || Extension == ".yml") &&
        !sys::fs::is_directory(It->path()))
      Found.push_back(It->path());
  }
  if (EC)
    fail(normalisedPath(Folder), FailureKind::Missing,
         "the folder cannot be read: " + EC.message());
  // clang-tidy writes no file for a unit without a finding.
  else if (Found.empty())
    Warnings.push_back("there is no YAML file in '" + Folder +
                       "': taken as a run without findings");
  sort(Found);
  for (const std::string &File : Found)
    readFile(File);
}

void Reader::readFile(const std::string &File) {
  Current = normalisedPath(File);
  auto Text = MemoryBuffer::getFile(File);
  if (!Text)
    return fail(Current, FailureKind::Missing,
                "cannot be read: " + Text.getError().message());
  sys::fs::file_status Status;
  if (!sys::fs::status(File, Status))
    Written = Status.getLastModificationTime();
  Files.push_back(Current);
  // So run-clang-tidy leaves it where there is no finding.
  if ((*Text)->getBuffer().trim().empty())
    return;

  std::string Wrong;
  auto Keep = [](const SMDiagnostic &Said, void *Into) {
    auto &First = *static_cast<std::string *>(Into);
    if (First.empty() && Said.getKind() == SourceMgr::DK_Error)
      First = (Said.getLineNo() > 0 ? "line " + Twine(Said.getLineNo()) + ": "
                                    : Twine(""))
                  .str() +
              Said.getMessage().str();
  };
  yaml::Input In((*Text)->getBuffer(), /*Ctxt=*/nullptr, Keep, &Wrong);
  // A later clang-tidy may say more.
  In.setAllowUnknownKeys(true);
  do {
    TranslationUnitDiagnostics Unit;
    In >> Unit;
    if (In.error())
      break;
    take(Unit, Current);
  } while (In.nextDocument());
  if (In.error())
    fail(Current, FailureKind::Missing,
         "it is not what clang-tidy's --export-fixes writes" +
             (Wrong.empty() ? "" : " (" + Twine(Wrong) + ")"));
}

void Reader::take(const TranslationUnitDiagnostics &Unit,
                  const std::string &File) {
  std::string MainFile = Unit.MainSourceFile;
  if (!MainFile.empty())
    Units.insert(MainFile);
  DiagnosticConverter By(std::string(sys::path::parent_path(File)));
  for (const Diagnostic &Said : Unit.Diagnostics)
    take(Said, MainFile, By);
}

void Reader::checkTime(const std::string &Source) {
  sys::fs::file_status Status;
  if (!Checked.insert(Source).second || sys::fs::status(Source, Status))
    return;
  if (Status.getLastModificationTime() > Written)
    Warnings.push_back("'" + Source + "' was changed after '" + Current +
                       "' was written: places in it may be others now");
}

// Takes the position from a place that cannot be one any more.
bool Reader::check(Place &At, DiagnosticConverter &By) {
  if (At.File.empty())
    return true;
  checkTime(At.File);
  const SourceText *Source = By.source(At.File);
  if (Source && At.Offset <= Source->text().size())
    return true;
  ++(Source ? Shorter : Gone)[At.File];
  // The offset still tells equal ones apart.
  At.Line = At.Column = 0;
  return false;
}

void Reader::take(const Diagnostic &Said, const std::string &MainFile,
                  DiagnosticConverter &By) {
  Result R = By.convert(Said);
  if (R.Check == "clang-tidy-config")
    return fail(MainFile.empty() ? R.At.File : normalisedPath(MainFile),
                FailureKind::Configuration, R.Message);
  // What carried them through clang-tidy would be seen in its text and in
  // editors, as a note, a range or a part of the message.
  if (const Rule *Known = findRule(R.Check))
    if (auto Said = Known->readMessage(R.Message)) {
      R.Kind = Said->Kind.str();
      R.Symbol = Said->Symbol.str();
    }
  if (!check(R.At, By))
    R.End = 0;
  for (ResultStep &S : R.Steps)
    if (!check(S.At, By))
      S.End = 0;
  if (R.isCompilerError())
    ++Errors[MainFile.empty() ? R.At.File : normalisedPath(MainFile)];
  setContent(R, SourceRoot);
  To.Results.push_back(std::move(R));
}

Report Reader::finish() {
  auto Places = [](unsigned Count) {
    return " (" + counted(Count, "place") + " in it)";
  };
  for (const auto &[File, Count] : Gone)
    fail(File, FailureKind::Missing,
         "it is not there, though clang-tidy spoke of it" + Places(Count));
  for (const auto &[File, Count] : Shorter)
    fail(File, FailureKind::Missing,
         "it is shorter than when clang-tidy read it" + Places(Count));
  for (const auto &[File, Count] : Errors)
    fail(File, FailureKind::Parse,
         "the compiler found " + counted(Count, "error"));
  To.Units = To.Analysed = Units.size();
  unifyPaths(To.Results);
  sortAndUnique(To.Results);
  return std::move(To);
}

Report readExported(const std::vector<std::string> &Paths,
                    const std::string &SourceRoot,
                    std::vector<std::string> &Files,
                    std::vector<std::string> &Warnings) {
  Reader All(SourceRoot, Files, Warnings);
  for (const std::string &Path : Paths)
    All.readPath(Path);
  return All.finish();
}

int convertMain(const Options &Opts) {
  RunFacts Facts = factsOf(Opts);
  Facts.Converted.emplace();
  auto Known = Baseline::readIfAny(Opts.BaselineFile);
  if (!Known)
    return error("convert: " + toString(Known.takeError())), 2;
  std::vector<std::string> Warnings;
  Report R =
      readExported(Opts.Paths, Facts.SourceRoot, *Facts.Converted, Warnings);
  SourceCache Sources;
  setFingerprints(R.Results, Sources);
  if (*Known)
    (*Known)->mark(R.Results, Facts.SourceRoot, Sources);
  // Nobody knows what clang-tidy looked at, so nothing is said to be gone.
  bool Written = writeReport(Opts, R, /*Known=*/nullptr, {}, Facts, Sources);
  for (const std::string &Text : Warnings)
    warning("convert: " + Text);
  for (const UnitFailure &F : R.Failures)
    error("convert: " + (F.File.empty() ? "" : "'" + F.File + "': ") + F.Text);
  if (!Opts.Quiet) {
    errs() << "threadhop: " << counted(R.findings(), "finding") << " in "
           << counted(Facts.Converted->size(), "file") << " of clang-tidy";
    if (unsigned Old = R.inBaseline())
      errs() << "; " << Old << " of the baseline still there";
    errs() << '\n';
  }
  return Written ? R.exitStatus() : 2;
}

} // namespace threadhop::driver
