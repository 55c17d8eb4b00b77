//===--- Analysis.cpp - analyses one unit ---------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Analysis.h"
#include "clang-tidy/ClangTidy.h"
#include "driver/Config.h"
#include "driver/Diagnostics.h"
#include "driver/HiddenFindings.h"
#include "driver/SourceText.h"
#include "findings/Finding.h"
#include "support/Compat.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <chrono>
#include <map>

using namespace clang;
using namespace clang::tidy;

namespace threadhop::driver {
namespace {

/// The one command of the unit.
class UnitDatabase : public tooling::CompilationDatabase {
public:
  explicit UnitDatabase(const Unit &What)
      : Command(What.Directory, What.File, What.Command, "") {}

  std::vector<tooling::CompileCommand>
  getCompileCommands(llvm::StringRef) const override {
    return {Command};
  }

private:
  tooling::CompileCommand Command;
};

/// Keeps the structure of findings, to be put to the diagnostics that
/// clang-tidy lets pass.
class StructureSink : public FindingSink {
public:
  struct KeptStep {
    std::string Message;
    StepKind Kind;
    std::string Lane;
  };
  struct KeptMoment {
    StepKind Kind;
    std::string Lane;
    tooling::DiagnosticMessage What;
  };
  struct Kept {
    std::string Kind;
    std::string Symbol;
    std::string Function;
    std::vector<KeptStep> Steps;
    std::vector<KeptMoment> Story;
    /// As clang-tidy would have it, if it shows it.
    ClangTidyError Error;
    bool InMainFile;
    bool InSystemHeader;
    mutable bool Shown = false;
  };

  explicit StructureSink(HiddenFindings &Hidden) : Hidden(Hidden) {}

  void see(const SourceManager &SM) override { Hidden.see(SM); }
  void take(llvm::StringRef CheckName, const Finding &Found,
            const SourceManager &SM) override {
    Kept K{Found.Kind.str(),
           Found.Symbol,
           Found.Function,
           {},
           {},
           asError(CheckName, Found, SM),
           SM.isInMainFile(Found.Loc),
           SM.isInSystemHeader(Found.Loc)};
    // A step without a place gives no note.
    for (const Step &S : Found.Steps)
      if (S.Loc.isValid())
        K.Steps.push_back({S.Message, S.Kind, S.Lane});
    for (const Moment &M : Found.Story)
      K.Story.push_back({M.Kind, M.Lane,
                         M.Loc.isValid()
                             ? tooling::DiagnosticMessage(M.Text, SM, M.Loc)
                             : tooling::DiagnosticMessage(M.Text)});
    Findings.try_emplace({CheckName.str(), SM.getFilename(Found.Loc).str(),
                          SM.getFileOffset(Found.Loc), Found.Message},
                         std::move(K));
  }

  const Kept *find(const ClangTidyError &Error) const {
    auto It = Findings.find({Error.DiagnosticName, Error.Message.FilePath,
                             Error.Message.FileOffset, Error.Message.Message});
    return It == Findings.end() ? nullptr : &It->second;
  }

  /// The findings that nobody asked for with find().
  template <typename F> void forEachNotShown(F Do) const {
    for (const auto &[Key, Kept] : Findings)
      if (!Kept.Shown)
        Do(Kept);
  }

private:
  HiddenFindings &Hidden;
  std::map<std::tuple<std::string, std::string, unsigned, std::string>, Kept>
      Findings;
};

} // namespace

// What clang-tidy says, with the structure that the check gave.
static Result convert(const ClangTidyError &Error, const StructureSink &Sink,
                      DiagnosticConverter &To) {
  Result R = To.convert(Error);
  R.Aliases = Error.EnabledDiagnosticAliases;
  R.WarningAsError = Error.IsWarningAsError;
  if (Error.IsWarningAsError)
    R.Level = "error";
  if (const StructureSink::Kept *Kept = Sink.find(Error)) {
    Kept->Shown = true;
    R.Kind = Kept->Kind;
    R.Symbol = Kept->Symbol;
    R.Function = Kept->Function;
    // Notes come in the order of the steps; clang may have put more between.
    size_t Next = 0;
    for (ResultStep &S : R.Steps) {
      if (Next == Kept->Steps.size())
        break;
      if (Kept->Steps[Next].Message != S.Message)
        continue;
      S.Kind = stepKindName(Kept->Steps[Next].Kind).str();
      S.Lane = Kept->Steps[Next].Lane;
      ++Next;
    }
    for (const StructureSink::KeptMoment &M : Kept->Story)
      R.Story.push_back({To.placeOf(M.What), M.What.Message,
                         stepKindName(M.Kind).str(), M.Lane});
  }
  return R;
}

// Model files are read past the file system, and by the first unit only.
static void addModelFiles(ClangTidyOptionsProvider &Provider, const Unit &What,
                          InputRecorder &To) {
  ClangTidyOptions Options = Provider.getOptions(What.File);
  for (const auto &Option : Options.CheckOptions) {
    if (Option.getKey() != "ModelFiles" &&
        !Option.getKey().ends_with(".ModelFiles"))
      continue;
    for (llvm::StringRef File : llvm::split(Option.getValue().Value, ';'))
      if (!File.trim().empty())
        To.addFile(normalisedPath(File.trim(), What.Directory));
  }
}

// Checks that are not ours look at what they like, and so do the compiler's
// warnings.
static bool maySkipBodies(const AnalysisOptions &Opts,
                          ClangTidyOptionsProvider &Provider,
                          llvm::StringRef File) {
  if (!Opts.SkipBodies || Opts.Profile)
    return false;
  ClangTidyOptions Options =
      ClangTidyOptions::getDefaults().merge(Provider.getOptions(File), 0);
  return !Options.SystemHeaders.value_or(false) &&
         !wantsCompilerWarnings(*Options.Checks) &&
         llvm::all_of(enabledCheckNames(Options), [](llvm::StringRef Name) {
           return Name.starts_with("threadhop-");
         });
}

// \p Shared, if any, is another form of the unit.
static UnitReport analyseOnce(const Unit &What, const AnalysisOptions &Opts,
                              InputRecorder &Files,
                              const SharedHeaders::Use *Shared = nullptr) {
  auto Start = std::chrono::steady_clock::now();
  auto FS = llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem>(
      new llvm::vfs::OverlayFileSystem(
          llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>(&Files)));
  auto Provider = makeOptionsProvider(Opts, FS);
  addModelFiles(*Provider, What, Files);
  ClangTidyContext Context(std::move(Provider));
  if (Shared)
    FS->pushOverlay(Shared->Files);
  UnitDatabase Database(Shared ? Shared->What : What);
  HiddenFindings Hidden(What.File, What.Directory, Opts.Comments);
  StructureSink Sink(Hidden);
  std::vector<ClangTidyError> Errors;
  {
    FindingSink::Scope Scope(Sink);
    Errors =
        runClangTidy(Context, Database, {What.File}, FS,
                     /*ApplyAnyFix=*/false, Opts.Profile, Opts.ProfileFolder);
  }

  UnitReport Report;
  DiagnosticConverter To(What.Directory);
  for (const ClangTidyError &Error : Errors) {
    if (Error.DiagnosticName == "clang-tidy-config")
      Report.ConfigErrors.push_back(Error.Message.Message);
    else
      Report.Results.push_back(convert(Error, Sink, To));
  }
  const ClangTidyStats &Stats = Context.getStats();
  Sink.forEachNotShown([&](const StructureSink::Kept &Kept) {
    Result R = convert(Kept.Error, Sink, To);
    if (Hidden.hide(R) && HiddenFindings::passesFilters(
                              R, Kept.InMainFile, Kept.InSystemHeader, Context))
      Report.Results.push_back(std::move(R));
  });
  if (Opts.Comments)
    Report.Comments = Hidden.comments(Opts, Stats.ErrorsIgnoredNOLINT);
  Report.Hidden = {Stats.ErrorsIgnoredNOLINT, Stats.ErrorsIgnoredNonUserCode,
                   Stats.ErrorsIgnoredLineFilter};
  Report.Seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - Start)
          .count();
  return Report;
}

// Arguments from a configuration file are not in the unit's command.
static bool addsArguments(ClangTidyOptionsProvider &Provider,
                          llvm::StringRef File) {
  std::string Text = configurationAsText(Provider.getOptions(File));
  // The last one came with LLVM 22.
  return llvm::any_of(llvm::split(Text, '\n'), [](llvm::StringRef Line) {
    return Line.starts_with("ExtraArgs") || Line.starts_with("RemovedArgs");
  });
}

SharedHeaders::Making makeHeaders(const Unit &What,
                                  llvm::ArrayRef<std::string> Includes,
                                  const AnalysisOptions &Opts,
                                  WantedBodies &Wanted,
                                  SharedHeaders &Headers) {
  auto Provider = makeOptionsProvider(Opts);
  if (!maySkipBodies(Opts, *Provider, What.File) ||
      addsArguments(*Provider, What.File))
    return SharedHeaders::Making::Impossible;
  Wanted.refresh();
  return Headers.make(What, Includes, Wanted);
}

namespace {

/// An analysis that may have missed something.
struct Attempt {
  UnitReport Report;
  bool IsWhole = false; ///< It has not.
  bool NeedsTemplates = false;
  std::optional<Digest> Headers; ///< The precompiled ones that it took.
};

} // namespace

static Attempt attempt(Skip How, const Unit &What,
                       llvm::ArrayRef<std::string> Includes,
                       const AnalysisOptions &Opts, InputRecorder &Files,
                       WantedBodies &Wanted, SharedHeaders &Headers) {
  LibraryBodies Bodies(Wanted, How);
  std::optional<SharedHeaders::Use> Shared;
  if (How == Skip::Bodies && !Includes.empty())
    Shared = Headers.use(What, Includes, Files);
  Attempt Result;
  Result.Report = analyseOnce(What, Opts, Files, Shared ? &*Shared : nullptr);
  Result.IsWhole = Bodies.isComplete() && Result.Report.isClean();
  Result.NeedsTemplates = Bodies.inDoubt();
  if (Shared) {
    // What was looked at before may have changed until clang read it.
    Files.addFile(What.File);
    Result.IsWhole &= Files.isStable();
    Result.Report.SharedHeaders = true;
    Result.Headers = Shared->Key;
  }
  return Result;
}

UnitReport analyse(const Unit &What, llvm::ArrayRef<std::string> Includes,
                   const AnalysisOptions &Opts, InputRecorder &Files,
                   WantedBodies &Wanted, SharedHeaders &Headers) {
  auto Provider = makeOptionsProvider(Opts, &Files);
  if (!maySkipBodies(Opts, *Provider, What.File))
    return analyseOnce(What, Opts, Files);
  if (!Includes.empty() && addsArguments(*Provider, What.File))
    Includes = {};
  auto Start = std::chrono::steady_clock::now();
  Wanted.refresh();
  Skip How = Wanted.worthSkipping(What.File, /*Cheap=*/!Includes.empty());
  std::optional<Digest> Suspect;
  Attempt Try;
  while (true) {
    Try = attempt(How, What, Includes, Opts, Files, Wanted, Headers);
    if (How == Skip::Bodies)
      Wanted.skipped(What.File, /*Well=*/Try.IsWhole);
    if (Try.IsWhole || How == Skip::Nothing)
      break;
    if (Try.Headers && !Try.Report.isClean())
      Suspect = Try.Headers;
    if (Try.NeedsTemplates)
      Wanted.needTemplates(What.File);
    How = Try.NeedsTemplates ? Skip::Functions : Skip::Nothing;
  }
  if (Try.Report.isClean()) {
    Wanted.learned();
    // Then it was not the unit's fault.
    if (Suspect)
      Headers.giveUp(*Suspect);
  }
  Wanted.save();
  Try.Report.Seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - Start)
          .count();
  return std::move(Try.Report);
}

} // namespace threadhop::driver
