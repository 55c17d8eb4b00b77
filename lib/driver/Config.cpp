//===--- Config.cpp - the configuration of the checks ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Config.h"
#include "config/CheckSelection.h"
#include "config/TolerantFile.h"
#include "driver/Messages.h"
#include "driver/SourceText.h"
#include "support/Compat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace clang::tidy;
using namespace llvm;

namespace threadhop::driver {

Error loadPlugins(const AnalysisOptions &Opts) {
  for (const std::string &Plugin : Opts.Plugins) {
    std::string Message;
    if (sys::DynamicLibrary::LoadLibraryPermanently(Plugin.c_str(), &Message))
      return makeError("cannot load '" + Plugin + "': " + Message);
  }
  return Error::success();
}

static ClangTidyOptions defaultOptions() {
  ClangTidyOptions Defaults;
  Defaults.WarningsAsErrors = "";
  // Half of a coroutine library's users live in headers.
  Defaults.HeaderFilterRegex = ".*";
  Defaults.ExcludeHeaderFilterRegex = "";
  Defaults.SystemHeaders = false;
  Defaults.FormatStyle = "none";
  Defaults.User = sys::Process::GetEnv("USER");
  return Defaults;
}

static ClangTidyOptions overridingOptions(const AnalysisOptions &Opts) {
  ClangTidyOptions Override;
  Override.Checks = Opts.Checks;
  Override.WarningsAsErrors = Opts.WarningsAsErrors;
  Override.HeaderFilterRegex = Opts.HeaderFilter;
  Override.ExcludeHeaderFilterRegex = Opts.ExcludeHeaderFilter;
  Override.SystemHeaders = Opts.SystemHeaders;
  if (!Opts.ModelFiles.empty())
    Override.CheckOptions["ModelFiles"] =
        ClangTidyOptions::ClangTidyValue(Opts.ModelFiles);
  return Override;
}

static ErrorOr<ClangTidyOptions> parseQuietly(MemoryBufferRef Text) {
  auto Ignore = [](const SMDiagnostic &) {}; // The ConfigChecker has said it.
  return parseTolerantly(Text, parseConfigurationWithDiags, Ignore, Ignore);
}

OptionsProvider::OptionsProvider(const AnalysisOptions &Opts,
                                 ClangTidyGlobalOptions Global,
                                 IntrusiveRefCntPtr<vfs::FileSystem> FS)
    : FileOptionsBaseProvider(std::move(Global), defaultOptions(),
                              overridingOptions(Opts), std::move(FS)),
      Defaults(defaultChecks(Opts.Preview)),
      WithTidyChecks(Opts.WithTidyChecks) {
  ConfigHandlers = {{".clang-tidy", parseQuietly}};
  if (Opts.Config)
    if (auto Parsed =
            parseConfiguration(MemoryBufferRef(*Opts.Config, Opts.ConfigName)))
      Config = std::move(*Parsed);
}

// What the project's files say, the nearest last.
OptionsProvider::Sources OptionsProvider::fromFiles(StringRef File) {
  Sources Files;
  if (Config && !Config->InheritParentConfig.value_or(false))
    return Files;
  // LLVM 19's own walk answers a second question about a folder otherwise.
  for (StringRef Folder = sys::path::parent_path(File); !Folder.empty();
       Folder = sys::path::parent_path(Folder)) {
    auto [It, New] = Read.try_emplace(Folder);
    if (New)
      It->second = tryReadConfigFile(Folder);
    if (!It->second)
      continue;
    Files.push_back(*It->second);
    if (!It->second->first.InheritParentConfig.value_or(false))
      break;
  }
  std::reverse(Files.begin(), Files.end());
  return Files;
}

static ClangTidyOptions
merged(ArrayRef<ClangTidyOptionsProvider::OptionsSource> Sources) {
  ClangTidyOptions Result;
  unsigned Order = 0;
  for (const auto &[Options, Source] : Sources)
    Result.mergeWith(Options, ++Order);
  return Result;
}

PlaceConfig OptionsProvider::holdingFor(StringRef Folder) {
  SmallString<256> File(Folder);
  sys::path::append(File, "source.cpp");
  Sources Files = fromFiles(File);
  return {merged(Files), Files.empty() ? "" : Files.back().second};
}

// The last word has what the command line names.
CheckChoice OptionsProvider::choose(Sources &Files) {
  CheckChoice Choice;
  // So that the list means the same wherever it is given.
  Choice.Globs = "-*,";
  PlaceConfig Project = {merged(Files),
                         Files.empty() ? "" : Files.back().second};
  std::string Theirs = Project.Options.Checks.value_or("");
  std::vector<std::string> Ours;
  if (mutes(Project, [this](StringRef Folder) { return holdingFor(Folder); }))
    Choice.MutedBy = Project.File;
  else
    Ours = ourChecks(Defaults, Theirs);
  if (WithTidyChecks) {
    Choice.Globs += Theirs + ",-threadhop*,";
  } else if (Choice.MutedBy.empty()) {
    bool Whole;
    Choice.LeavesOut = any_of(leftOn(Theirs, Whole), [](StringRef Pattern) {
      return !Pattern.starts_with("threadhop");
    });
  }
  Choice.Globs += join(Ours, ",");
  for (const ClangTidyOptions *Asked :
       {Config ? &*Config : nullptr, &OverrideOptions})
    if (Asked && Asked->Checks)
      Choice.Globs += "," + *Asked->Checks;
  return Choice;
}

// LLVM 19 asks for the filter of headers before it names a file, which stands
// for one of the current folder.
static std::string absolute(StringRef File) {
  return normalisedPath(File.empty() ? "source.cpp" : File);
}

CheckChoice OptionsProvider::choice(StringRef File) {
  Sources Files = fromFiles(absolute(File));
  return choose(Files);
}

std::vector<ClangTidyOptionsProvider::OptionsSource>
OptionsProvider::getRawOptions(StringRef File) {
  std::string Absolute = absolute(File);
  Sources Files = fromFiles(Absolute);
  CheckChoice Choice = choose(Files);
  Sources Raw = DefaultOptionsProvider::getRawOptions(Absolute);
  append_range(Raw, Files);
  if (Config)
    Raw.emplace_back(*Config, OptionsSourceTypeConfigCommandLineOption);
  Raw.emplace_back(OverrideOptions, OptionsSourceTypeCheckCommandLineOption);
  // Lists are put together by clang-tidy; this one is complete.
  for (auto &[Options, Source] : Raw)
    Options.Checks.reset();
  Raw.back().first.Checks = Choice.Globs;
  return Raw;
}

std::unique_ptr<OptionsProvider>
makeOptionsProvider(const AnalysisOptions &Opts,
                    IntrusiveRefCntPtr<vfs::FileSystem> FS) {
  ClangTidyGlobalOptions Global;
  if (!Opts.LineFilter.empty())
    parseLineFilter(Opts.LineFilter, Global);
  return std::make_unique<OptionsProvider>(
      Opts, std::move(Global), FS ? std::move(FS) : vfs::getRealFileSystem());
}

static ClangTidyOptions optionsFor(ClangTidyOptionsProvider &Provider,
                                   StringRef File) {
  return ClangTidyOptions::getDefaults().merge(Provider.getOptions(File), 0);
}

std::vector<std::string> enabledChecks(ClangTidyOptionsProvider &Provider,
                                       StringRef File) {
  return enabledCheckNames(optionsFor(Provider, File));
}

CheckFilter::CheckFilter(const AnalysisOptions &Opts)
    : Provider(makeOptionsProvider(Opts)) {}

CheckFilter::~CheckFilter() = default;

bool wantsCompilerWarnings(StringRef Globs) {
  for (StringRef Glob : split(Globs, ','))
    if (Glob.trim().starts_with("clang-diagnostic-"))
      return true;
  return false;
}

bool CheckFilter::anyEnabled(StringRef File) {
  Last = Provider->choice(File);
  auto [It, New] = Known.try_emplace(Last.Globs, false);
  if (New) {
    ClangTidyOptions Options = ClangTidyOptions::getDefaults();
    Options.Checks = Last.Globs;
    It->second = !enabledCheckNames(Options).empty() ||
                 wantsCompilerWarnings(Last.Globs);
  }
  return It->second;
}

} // namespace threadhop::driver
