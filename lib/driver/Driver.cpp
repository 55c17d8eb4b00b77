//===--- Driver.cpp - the threadhop program -------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Driver.h"
#include "driver/CachedRun.h"
#include "driver/CiFormats.h"
#include "driver/Config.h"
#include "driver/Database.h"
#include "driver/Fingerprint.h"
#include "driver/Messages.h"
#include "driver/OutputFile.h"
#include "driver/Progress.h"
#include "driver/Protocol.h"
#include "driver/Questions.h"
#include "driver/Sarif.h"
#include "driver/TextWriter.h"
#include "driver/Worker.h"
#include "models/Loader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
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
  Collector(const Options &Opts, ArrayRef<Unit> Units, Report &To)
      : Opts(Opts), Units(Units), To(To), Failed(Units.size()),
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
  Report &To;
  /// The results so far with their units, by what makes them the same. A
  /// header's findings come from every unit that includes it; which of them
  /// stays must not depend on which unit was done first.
  std::map<std::string, std::pair<unsigned, Result>> Found;
  std::vector<std::vector<UnitFailure>> Failed;
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
    if (CompilerErrors)
      Fail({"", "", FailureKind::Parse,
            "the compiler found " + counted(CompilerErrors, "error"), ""});
    for (std::string &Text : Unit.ConfigErrors)
      Fail({"", "", FailureKind::Configuration, std::move(Text), ""});
    for (Result &R : Unit.Results) {
      bool Finding = !R.isCompilerError();
      std::string Key = R.At.File + '\0' + std::to_string(R.At.Offset) + '\0' +
                        R.Check + '\0' + R.Message;
      auto [It, First] = Found.try_emplace(Key, Index, Result());
      New += First && Finding;
      if (First || Index < It->second.first)
        It->second = {Index, std::move(R)};
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

// One name for each file: a header that is reached through a symbolic link is
// the same header.
static void unifyPaths(std::vector<Result> &Results) {
  std::map<sys::fs::UniqueID, std::set<std::string>> Names;
  std::map<std::string, std::string> Better;
  auto ForEachName = [&](function_ref<void(std::string &)> Do) {
    for (Result &R : Results) {
      Do(R.At.File);
      for (Stretch &S : R.Highlights)
        Do(S.File);
      for (Change &C : R.Fixes)
        Do(C.File);
      for (ResultStep &Step : R.Steps) {
        Do(Step.At.File);
        for (Stretch &S : Step.Highlights)
          Do(S.File);
        for (Change &C : Step.Fixes)
          Do(C.File);
      }
    }
  };
  ForEachName([&](std::string &Name) {
    sys::fs::UniqueID ID;
    if (Better.try_emplace(Name, Name).second &&
        !sys::fs::getUniqueID(Name, ID))
      Names[ID].insert(Name);
  });
  bool Any = false;
  for (const auto &[ID, Same] : Names) {
    if (Same.size() < 2)
      continue;
    Any = true;
    SmallString<256> Real;
    sys::fs::real_path(*Same.begin(), Real);
    std::string Best =
        Same.count(std::string(Real)) ? std::string(Real) : *Same.begin();
    for (const std::string &Name : Same)
      Better[Name] = Best;
  }
  if (Any)
    ForEachName([&](std::string &Name) { Name = Better[Name]; });
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
    To.Results.push_back(std::move(Kept.second));
  Found.clear();
  unifyPaths(To.Results);
  sortAndUnique(To.Results);
}

// Everything that must be right before the first unit is looked at. Returns
// false after printing what is not.
static bool checkConfiguration(const Options &Opts, ArrayRef<Unit> Units) {
  ConfigChecker Checker(Opts.Analysis);
  Checker.checkCommandLine();
  if (Opts.ListChecks || Units.empty())
    Checker.checkFilesFor(
        normalisedPath(Opts.Paths.empty() ? "source.cpp" : Opts.Paths.front()));
  for (const Unit &U : Units)
    Checker.checkFilesFor(U.File);
  bool InFile = false;
  for (const std::string &Text : Checker.errors()) {
    error(Text);
    InFile |= StringRef(Text).contains(".clang-tidy:");
  }
  if (InFile)
    note("--config='{}' leaves .clang-tidy files aside");
  if (!Opts.Analysis.ModelFiles.empty())
    if (auto Loaded = loadModels(Opts.Analysis.ModelFiles); !Loaded) {
      printErrors(Loaded.takeError());
      return false;
    }
  return Checker.errors().empty();
}

// Takes out the units that need no worker: no check is on, or there is no
// file. Returns the rest.
static std::vector<Unit> runnable(std::vector<Unit> Units, const Options &Opts,
                                  Report &To) {
  CheckFilter Filter(Opts.Analysis);
  std::vector<Unit> Rest;
  auto Fail = [&](const Unit &U, const Twine &Text) {
    To.Failures.push_back({U.File, Opts.commandFor(U.File),
                           FailureKind::Missing, Text.str(), ""});
  };
  for (Unit &U : Units) {
    if (!Filter.anyEnabled(U.File))
      ++To.Skipped;
    else if (!sys::fs::exists(U.File))
      Fail(U, "the file of the compilation database is not there");
    else if (!sys::fs::is_directory(U.Directory))
      Fail(U, "the folder '" + U.Directory +
                  "', where the compilation database says that it is "
                  "compiled, is not there");
    else
      Rest.push_back(std::move(U));
  }
  if (Filter.onlyOthers() && !Opts.Analysis.Checks && !Opts.Analysis.Config &&
      !Opts.Quiet)
    warning("the configuration turns every check of threadhop off for some "
            "files; --checks='threadhop-*' turns them on");
  return Rest;
}

static std::string rendered(const Options &Opts, const Report &R,
                            const RunFacts &Facts, SourceCache &Sources,
                            const Json &Sarif) {
  switch (Opts.Format) {
  case OutputFormat::Sarif:
    return sarifText(Sarif);
  case OutputFormat::Json:
    return Json(R).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  case OutputFormat::Github:
    return githubCommands(R.Results, Facts.SourceRoot, Sources);
  case OutputFormat::Gitlab:
    return gitlabReport(R.Results, Facts.SourceRoot);
  case OutputFormat::Text:
    break;
  }
  std::string Text;
  raw_string_ostream OS(Text);
  bool Colors = Opts.UseColor.value_or(Opts.OutputFile.empty() &&
                                       sys::Process::StandardOutHasColors());
  writeText(R.Results, Colors, OS);
  return Text;
}

static void printFailures(const Report &R) {
  for (const UnitFailure &F : R.Failures) {
    if (F.Kind == FailureKind::Configuration) {
      error(F.Text);
      continue;
    }
    error("'" + F.File + "' " +
          (F.Kind == FailureKind::Parse
               ? "did not parse, so its findings may be incomplete: "
               : "was not analysed: ") +
          F.Text);
    errs() << F.Details;
    if (!F.Command.empty() && F.Kind != FailureKind::Missing)
      note("to reproduce: " + F.Command);
  }
}

// Writes all that was asked for. Whatever cannot be written is named, and the
// rest is written all the same.
static bool writeReport(const Options &Opts, const Report &R,
                        const RunFacts &Facts, SourceCache &Sources) {
  bool Good = true;
  auto Write = [&](StringRef Path, const std::string &Text) {
    if (Error Wrong = writeFile(Path, Text)) {
      printErrors(std::move(Wrong));
      Good = false;
    }
  };
  Json Sarif;
  if (!Opts.SarifFile.empty() || Opts.Format == OutputFormat::Sarif)
    Sarif = sarifLog(R, Facts, Sources);
  Write(Opts.OutputFile.empty() ? "-" : Opts.OutputFile,
        rendered(Opts, R, Facts, Sources, Sarif));
  if (!Opts.SarifFile.empty())
    Write(Opts.SarifFile, sarifText(Sarif));
  return Good;
}

static int run(const Options &Opts) {
  if (Error Wrong = loadPlugins(Opts.Analysis)) {
    printErrors(std::move(Wrong));
    return 2;
  }
  if (!Opts.Explain.empty())
    return explainCheck(Opts.Explain);
  if (Opts.ListChecks)
    return checkConfiguration(Opts, {}) ? listChecks(Opts) : 2;

  RunFacts Facts;
  Facts.Start = std::chrono::system_clock::now();
  auto Selected = selectUnits(Opts);
  if (!Selected) {
    printErrors(Selected.takeError());
    return 2;
  }
  if (!checkConfiguration(Opts, Selected->Units))
    return 2;
  for (const std::string &Text : Selected->Notes)
    if (!Opts.Quiet)
      note(Text);

  Report R;
  R.Units = Selected->Units.size();
  std::vector<Unit> Units = runnable(std::move(Selected->Units), Opts, R);
  if (R.Skipped == R.Units) {
    error("no check is enabled" +
          Twine(R.Units == 1 ? " for the file" : " for any file"));
    return 2;
  }

  PoolOptions Pool;
  static int Symbol;
  Pool.Program =
      sys::fs::getMainExecutable(Opts.CommandLine[0].c_str(), &Symbol);
  Pool.Analysis = Opts.Analysis;
  Pool.Jobs = Opts.Jobs;
  Pool.Timeout = Opts.Timeout;
  Collector To(Opts, Units, R);
  R.Interrupted = !runUnitsCached(Units, Pool, Opts.Cache, To, R.Cache);
  To.finish();

  SourceCache Sources;
  setFingerprints(R.Results, Sources);
  Facts.End = std::chrono::system_clock::now();
  Facts.CommandLine = Opts.CommandLine;
  SmallString<256> Current;
  sys::fs::current_path(Current);
  Facts.WorkingFolder = std::string(Current);
  Facts.SourceRoot = sourceRootOf(Current);
  bool Written = writeReport(Opts, R, Facts, Sources);
  if (!R.Cache.Problem.empty())
    warning(R.Cache.Problem);
  printFailures(R);
  if (!Opts.Quiet)
    errs() << summary(R, Opts.Verbose);
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
