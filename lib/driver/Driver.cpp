//===--- Driver.cpp - the threadhop program -------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Driver.h"
#include "driver/Baseline.h"
#include "driver/CachedRun.h"
#include "driver/ChangedLines.h"
#include "driver/CiFormats.h"
#include "driver/Config.h"
#include "driver/Convert.h"
#include "driver/Database.h"
#include "driver/Diagnostics.h"
#include "driver/FailureSummary.h"
#include "driver/Fingerprint.h"
#include "driver/Fixes.h"
#include "driver/Html.h"
#include "driver/IncludeScan.h"
#include "driver/Merge.h"
#include "driver/Messages.h"
#include "driver/OutputFile.h"
#include "driver/Progress.h"
#include "driver/Protocol.h"
#include "driver/Questions.h"
#include "driver/Sarif.h"
#include "driver/Shard.h"
#include "driver/SuppressionFindings.h"
#include "driver/TextWriter.h"
#include "driver/Worker.h"
#include "models/Loader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

using namespace llvm;

namespace threadhop::driver {

static void printErrors(Error Wrong) {
  handleAllErrors(std::move(Wrong),
                  [](const ErrorInfoBase &E) { error(E.message()); });
}

namespace {

/// Takes the outcomes of the units, in whatever order they come.
class Collector : public PoolListener {
public:
  Collector(const Options &Opts, ArrayRef<Unit> Units, StringRef BuildFolder,
            const ConfigChecker &Config, std::string Root, Report &To)
      : Opts(Opts), Units(Units), BuildFolder(BuildFolder), Config(Config),
        Root(std::move(Root)), To(To), Failed(Units.size()),
        Live(Units.size(), Opts.Quiet     ? Progress::Detail::None
                           : Opts.Verbose ? Progress::Detail::EachUnit
                                          : Progress::Detail::Normal) {}

  void started(unsigned Index) override { Live.started(Units[Index].File); }
  void tick() override { Live.tick(); }
  void finished(unsigned Index, UnitOutcome Outcome) override;

  /// Puts everything into the report, in the units' order.
  void finish();

private:
  const Options &Opts;
  ArrayRef<Unit> Units;
  const StringRef BuildFolder;
  const ConfigChecker &Config;
  const std::string Root;
  Report &To;
  /// The results so far, by what makes them the same. A header's findings come
  /// from every unit that includes it; which of them stays must not depend on
  /// which unit was done first.
  std::map<std::string, Result> Found;
  std::vector<std::vector<UnitFailure>> Failed;
  SuppressionFindings Suppressions;
  Progress Live;
};

} // namespace

void Collector::finished(unsigned Index, UnitOutcome Outcome) {
  const std::string &File = Units[Index].File;
  auto Fail = [&](UnitFailure Failure) {
    Failure.File = File;
    Failure.Command = Opts.commandFor(File);
    Failed[Index].push_back(std::move(Failure));
  };
  unsigned New = 0;
  if (!Outcome.Done) {
    Fail(std::move(Outcome.Failure));
  } else {
    UnitReport &Unit = Outcome.Report;
    ++To.Analysed;
    To.Hidden.NoLint += Unit.Hidden.NoLint;
    To.Hidden.HeaderFilter += Unit.Hidden.HeaderFilter;
    To.Hidden.LineFilter += Unit.Hidden.LineFilter;
    unsigned CompilerErrors = count_if(
        Unit.Results, [](const Result &R) { return R.isCompilerError(); });
    if (CompilerErrors) {
      UnitFailure Failure;
      explainParseFailure(Failure, Unit.Results, Units[Index], BuildFolder);
      Fail(std::move(Failure));
    }
    for (std::string &Text : Unit.ConfigErrors)
      Fail({"", "", FailureKind::Configuration, Config.withPlace(Text, File),
            ""});
    // Without all of the code nobody knows what a comment hides.
    if (!CompilerErrors)
      Suppressions.add(Unit);
    for (Result &R : Unit.Results) {
      setContent(R, Root);
      R.FromBrokenUnit = CompilerErrors != 0;
      std::string Key = R.At.File + '\0' + std::to_string(R.At.Offset) + '\0' +
                        R.Check + '\0' + R.Message;
      auto [It, First] = Found.try_emplace(Key, R);
      New += First && R.counts();
      if (First)
        continue;
      bool Broken = It->second.FromBrokenUnit && R.FromBrokenUnit;
      if (isBetter(R, It->second))
        It->second = std::move(R);
      It->second.FromBrokenUnit = Broken;
    }
    if (Opts.Analysis.Profile && !Outcome.Printed.empty()) {
      Live.clear();
      errs() << Outcome.Printed;
    }
  }
  Live.finished(File, New, Outcome.Report.Seconds,
                Failed[Index].empty()
                    ? nullptr
                    : failureKindName(Failed[Index].front().Kind));
}

void Collector::finish() {
  Live.clear();
  To.Seconds = Live.elapsed();
  // A wrong option is wrong in every unit.
  std::set<std::string> ConfigErrors;
  for (std::vector<UnitFailure> &Failures : Failed)
    for (UnitFailure &F : Failures)
      if (F.Kind != FailureKind::Configuration ||
          ConfigErrors.insert(F.Text).second)
        To.Failures.push_back(std::move(F));
  for (auto &[Key, Kept] : Found)
    To.Results.push_back(std::move(Kept));
  Found.clear();
  bool Whole = (Opts.Paths.empty() || Opts.CompilerArguments) &&
               To.Failures.empty() && To.Analysed == Units.size();
  for (Result &R : Suppressions.findings(Opts, Whole)) {
    setContent(R, Root);
    To.Results.push_back(std::move(R));
  }
  unifyPaths(To.Results);
  sortAndUnique(To.Results);
}

// Whether the folder of a file is there. Clang-tidy says so wherever it asks
// for the configuration of one that is not.
static bool isInFolder(StringRef File) {
  return sys::fs::is_directory(sys::path::parent_path(File));
}

// Everything that must be right before the first unit is looked at. Returns
// false after printing what is not.
static bool checkConfiguration(const Options &Opts, ArrayRef<Unit> Units,
                               ConfigChecker &Checker) {
  Checker.checkCommandLine();
  if (Opts.ListChecks || Units.empty())
    Checker.checkFilesFor(
        normalisedPath(Opts.Paths.empty() ? "source.cpp" : Opts.Paths.front()));
  for (const Unit &U : Units)
    if (isInFolder(U.File))
      Checker.checkFilesFor(U.File);
  bool InFile = false;
  for (const std::string &Text : Checker.errors()) {
    error(Text);
    InFile |= StringRef(Text).contains(".clang-tidy:");
  }
  for (const std::string &Text : Checker.warnings())
    warning(Text);
  if (InFile)
    note("--config='{}' leaves .clang-tidy files aside");
  if (!Opts.Analysis.ModelFiles.empty())
    if (auto Loaded = loadModels(Opts.Analysis.ModelFiles); !Loaded) {
      printErrors(Loaded.takeError());
      return false;
    }
  return Checker.errors().empty();
}

// Takes out the units that read no changed file.
static void keepChanged(std::vector<Unit> &Units, const ChangedLines &Changed,
                        const Options &Opts, Report &To) {
  std::vector<bool> Reads =
      Changed.empty() ? std::vector<bool>(Units.size(), false)
                      : unitsThatRead(Units, Opts.Jobs, [&](StringRef File) {
                          return Changed.hasFile(File);
                        });
  size_t Index = 0;
  erase_if(Units, [&](const Unit &) { return !Reads[Index++]; });
  To.Unchanged = Reads.size() - Units.size();
}

// What the baseline has and the run did not find, though it looked: with
// everything analysed nothing can have escaped, else only the units' own files
// are sure to have been seen whole.
static std::vector<Json> absentResults(const Baseline &Known,
                                       const Options &Opts, const Report &R,
                                       ArrayRef<Unit> Units,
                                       StringRef SourceRoot) {
  if (!Opts.ChangedSince.empty() || !Opts.Analysis.LineFilter.empty() ||
      R.Interrupted)
    return {};
  bool Whole = Opts.Paths.empty() && R.Failures.empty() && !R.Skipped;
  std::set<std::string> Seen;
  for (const Unit &U : Units)
    if (none_of(R.Failures,
                [&](const UnitFailure &F) { return F.File == U.File; }))
      Seen.insert(artifactUri(U.File, SourceRoot).first);
  return Known.absent(
      [&](StringRef Uri) { return Whole || Seen.count(Uri.str()); });
}

// Takes out the results that have nothing to do with a changed line.
static void keepChanged(Report &R, const ChangedLines &Changed,
                        SourceCache &Sources) {
  erase_if(R.Results, [&](const Result &Found) {
    bool Old = !Found.isCompilerError() && !Changed.concerns(Found, Sources);
    R.OnUnchangedLines += Old && Found.counts();
    return Old;
  });
}

// Takes out the units that need no worker: no check is on, or there is no
// file. Returns the rest.
static std::vector<Unit> runnable(UnitList Selected, const Options &Opts,
                                  Report &To) {
  CheckFilter Filter(Opts.Analysis);
  std::vector<Unit> Rest;
  auto Fail = [&](UnitFailure Failure) {
    Failure.Command = Opts.commandFor(Failure.File);
    To.Failures.push_back(std::move(Failure));
  };
  for (Unit &U : Selected.Units) {
    bool HasConfig = isInFolder(U.File);
    bool Enabled = !HasConfig || Filter.anyEnabled(U.File);
    To.LeftOut += HasConfig && Filter.choice().LeavesOut;
    if (!Enabled) {
      ++To.Skipped;
      To.Muted += !Filter.choice().MutedBy.empty();
    } else if (!sys::fs::exists(U.File))
      Fail(missingFile(U, Selected.BuildFolder));
    else if (!sys::fs::is_directory(U.Directory))
      Fail(missingFolder(U));
    else
      Rest.push_back(std::move(U));
  }
  return Rest;
}

static std::string rendered(const Options &Opts, const Report &R,
                            const RunFacts &Facts, SourceCache &Sources,
                            const Json &Sarif) {
  // For people, who need no error more than once.
  auto Short = Opts.Verbose ? std::nullopt : withoutRepeatedErrors(R.Results);
  ArrayRef<Result> Results = Short ? *Short : R.Results;
  switch (Opts.Format) {
  case OutputFormat::Sarif:
    return sarifText(Sarif);
  case OutputFormat::Json:
    return Json(R).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  case OutputFormat::Github:
    return githubCommands(Results, Facts.SourceRoot, Sources);
  case OutputFormat::Gitlab:
    return gitlabReport(R.Results, Facts.SourceRoot);
  case OutputFormat::Text:
    break;
  }
  std::string Text;
  raw_string_ostream OS(Text);
  bool Colors = Opts.UseColor.value_or(Opts.OutputFile.empty() &&
                                       sys::Process::StandardOutHasColors());
  writeText(Results, Colors, OS);
  return Text;
}

static void printFailures(const Report &R, bool Verbose) {
  static constexpr size_t MostNames = 3;
  // Errors in the units' own code; their places have been printed.
  static constexpr unsigned MostAlone = 20;
  unsigned Alone = 0;
  for (const FailureGroup &Group : groupFailures(R.Failures)) {
    const UnitFailure &F = Group.first();
    if (F.Kind == FailureKind::Parse && F.Cause.empty() &&
        ++Alone > MostAlone && !Verbose)
      continue;
    error(Group.sentence(Verbose ? Group.Members.size() : MostNames));
    errs() << F.Details;
    if (F.isReproducible())
      note("to reproduce: " + F.Command);
  }
  if (Alone > MostAlone && !Verbose)
    error(counted(Alone - MostAlone, "more unit") +
          " did not parse; --verbose names them all");
}

RunFacts factsOf(const Options &Opts) {
  RunFacts Facts;
  SmallString<256> Current;
  sys::fs::current_path(Current);
  Facts.WorkingFolder = std::string(Current);
  Facts.SourceRoot = sourceRootOf(Current);
  Facts.CommandLine = Opts.CommandLine;
  if (Opts.wantsSarif())
    Facts.Checkout = versionControlOf(Facts.SourceRoot);
  return Facts;
}

bool writeReport(const Options &Opts, const Report &R, const Baseline *Known,
                 const std::vector<Json> &Absent, const RunFacts &Facts,
                 SourceCache &Sources) {
  bool Good = true;
  auto Write = [&](StringRef Path, const std::string &Text) {
    if (Error Wrong = writeFile(Path, Text)) {
      printErrors(std::move(Wrong));
      Good = false;
    }
  };
  Json Sarif;
  if (Opts.wantsSarif())
    Sarif = sarifLog(R, Facts, Sources);
  // What is more than that is refused with the whole log.
  static constexpr size_t GitHubTakes = 25000;
  if (!Sarif.is_null() && R.Results.size() > GitHubTakes)
    warning("the log has " + Twine(R.Results.size()) +
            " results; GitHub takes no log with more than " +
            Twine(GitHubTakes));
  if (!Sarif.is_null() && Known)
    Known->addAbsent(Sarif["runs"][0], Absent);
  Write(Opts.OutputFile.empty() ? "-" : Opts.OutputFile,
        rendered(Opts, R, Facts, Sources, Sarif));
  if (!Opts.SarifFile.empty())
    Write(Opts.SarifFile, sarifText(Sarif));
  if (!Opts.HtmlFile.empty())
    Write(Opts.HtmlFile, htmlReport(R, Facts.SourceRoot, Sources));
  return Good;
}

// Behind the output, which shows the code as it was.
static bool fix(const Options &Opts, const Report &R, const RunFacts &Facts) {
  FixOutcome Outcome = applyFixes(R.Results, Opts.Analysis, Facts.Start);
  for (const std::string &Text : Outcome.Left)
    warning(Text);
  for (const std::string &Text : Outcome.Errors)
    error(Text);
  if (!Opts.Quiet)
    errs() << "threadhop: " << counted(Outcome.Applied, "finding")
           << " fixed in " << counted(Outcome.Files, "file") << '\n';
  return Outcome.Errors.empty();
}

static int run(const Options &Opts) {
  if (Error Wrong = loadPlugins(Opts.Analysis)) {
    printErrors(std::move(Wrong));
    return 2;
  }
  if (!Opts.Explain.empty())
    return explainCheck(Opts.Explain);
  ConfigChecker Checker(Opts.Analysis);
  if (Opts.ListChecks)
    return checkConfiguration(Opts, {}, Checker) ? listChecks(Opts) : 2;
  if (Opts.VerifyConfig)
    return verifyConfig(Opts);
  if (Opts.DumpConfig)
    return dumpConfig(Opts);

  auto Start = std::chrono::system_clock::now();
  auto Selected = selectUnits(Opts);
  if (!Selected) {
    printErrors(Selected.takeError());
    return 2;
  }
  if (!checkConfiguration(Opts, Selected->Units, Checker))
    return 2;
  auto Known = Baseline::readIfAny(Opts.BaselineFile);
  if (!Known) {
    printErrors(Known.takeError());
    return 2;
  }
  for (const std::string &Text : Selected->Notes)
    if (!Opts.Quiet)
      note(Text);

  Report R;
  if (Opts.Shard.Count > 1) {
    R.Shard = std::to_string(Opts.Shard.Index) + "/" +
              std::to_string(Opts.Shard.Count);
    keepShard(Selected->Units, Opts.Shard);
  }
  R.Units = Selected->Units.size();
  std::optional<ChangedLines> Changed;
  if (!Opts.ChangedSince.empty()) {
    auto Lines = ChangedLines::since(Opts.ChangedSince);
    if (!Lines) {
      printErrors(Lines.takeError());
      return 2;
    }
    Changed = std::move(*Lines);
    keepChanged(Selected->Units, *Changed, Opts, R);
  }
  std::string BuildFolder = Selected->BuildFolder;
  std::vector<Unit> Units = runnable(std::move(*Selected), Opts, R);
  if (R.Skipped && R.Skipped + R.Unchanged == R.Units && R.Shard.empty()) {
    error("no check is enabled" +
          Twine(R.Units == 1 ? " for the file" : " for any file") +
          (R.Muted == R.Units ? ": .clang-tidy files turn everything off; "
                                "--checks='threadhop-*' turns threadhop's on"
                              : ""));
    return 2;
  }

  PoolOptions Pool;
  static int Symbol;
  Pool.Program =
      sys::fs::getMainExecutable(Opts.CommandLine[0].c_str(), &Symbol);
  Pool.Analysis = Opts.Analysis;
  Pool.Jobs = Opts.Jobs;
  Pool.Timeout = Opts.Timeout;
  RunFacts Facts = factsOf(Opts);
  Facts.Start = Start;
  Collector To(Opts, Units, BuildFolder, Checker, Facts.SourceRoot, R);
  R.Interrupted = !runUnitsCached(Units, Pool, Opts.Cache, To, R.Cache);
  To.finish();

  SourceCache Sources;
  setFingerprints(R.Results, Sources);
  Facts.End = std::chrono::system_clock::now();
  // Before results of old lines go: each takes its counterpart with it.
  std::vector<Json> Absent;
  Baseline *Old = *Known ? &**Known : nullptr;
  if (Old) {
    Old->mark(R.Results, Facts.SourceRoot, Sources);
    Absent = absentResults(*Old, Opts, R, Units, Facts.SourceRoot);
    R.Gone = Absent.size();
  }
  if (Changed)
    keepChanged(R, *Changed, Sources);
  bool Written = writeReport(Opts, R, Old, Absent, Facts, Sources);
  if (!R.Cache.Problem.empty())
    warning(R.Cache.Problem);
  printFailures(R, Opts.Verbose);
  if (!Opts.Quiet)
    errs() << summary(R, Opts.Verbose);
  if (Opts.Fix && !R.Interrupted)
    Written &= fix(Opts, R, Facts);
  return Written ? R.exitStatus() : 2;
}

int driverMain(int Argc, const char **Argv) {
  InitLLVM Init(Argc, Argv, /*InstallPipeSignalExitHandler=*/false);
  // A reader that goes away is an error to report, not a reason to die.
  ::signal(SIGPIPE, SIG_IGN);
  if (Argc == 2 && StringRef(Argv[1]) == WorkerArgument)
    return workerMain();

  // Before "--" is looked for: it may come from a response file.
  SmallVector<const char *> Args(Argv, Argv + Argc);
  BumpPtrAllocator Allocator;
  cl::ExpansionContext Expansion(Allocator, cl::TokenizeGNUCommandLine);
  if (Error Wrong = Expansion.expandResponseFiles(Args)) {
    printErrors(std::move(Wrong));
    return 2;
  }
  if (Args.size() > 1 && StringRef(Args[1]) == "merge") {
    Args.erase(Args.begin() + 1);
    auto Opts = parseMergeOptions(Args.size(), Args.data());
    return Opts ? mergeMain(*Opts) : 2;
  }
  if (Args.size() > 1 && StringRef(Args[1]) == "convert") {
    Args.erase(Args.begin() + 1);
    auto Opts = parseConvertOptions(Args.size(), Args.data());
    return Opts ? convertMain(*Opts) : 2;
  }
  std::optional<Options> Opts = parseOptions(Args.size(), Args.data());
  if (!Opts)
    return 2;
  int Status = run(*Opts);
  // Of --list-checks and --explain; results are checked where they are written.
  outs().flush();
  if (outs().has_error()) {
    error("cannot write to standard output: " + outs().error().message());
    outs().clear_error();
    return 2;
  }
  return Status;
}

} // namespace threadhop::driver
