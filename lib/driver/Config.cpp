//===--- Config.cpp - the configuration of the checks ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Config.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "clang-tidy/GlobList.h"
#include "driver/Messages.h"
#include "findings/Rules.h"
#include "support/Compat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/DynamicLibrary.h"
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

// The names instead of a pattern: a preview check must stay off.
static std::string defaultChecks(bool Preview) {
  std::vector<StringRef> Names;
  for (const Rule &R : rules())
    if (Preview || !R.Preview)
      Names.push_back(R.Name);
  return join(Names, ",");
}

std::unique_ptr<ClangTidyOptionsProvider>
makeOptionsProvider(const AnalysisOptions &Opts,
                    IntrusiveRefCntPtr<vfs::FileSystem> FS) {
  ClangTidyGlobalOptions Global;
  if (!Opts.LineFilter.empty())
    parseLineFilter(Opts.LineFilter, Global);

  ClangTidyOptions Defaults;
  Defaults.Checks = defaultChecks(Opts.Preview);
  Defaults.WarningsAsErrors = "";
  // Half of a coroutine library's users live in headers.
  Defaults.HeaderFilterRegex = ".*";
  Defaults.ExcludeHeaderFilterRegex = "";
  Defaults.SystemHeaders = false;
  Defaults.FormatStyle = "none";
  Defaults.User = sys::Process::GetEnv("USER");

  ClangTidyOptions Override;
  Override.Checks = Opts.Checks;
  Override.WarningsAsErrors = Opts.WarningsAsErrors;
  Override.HeaderFilterRegex = Opts.HeaderFilter;
  Override.ExcludeHeaderFilterRegex = Opts.ExcludeHeaderFilter;
  Override.SystemHeaders = Opts.SystemHeaders;
  if (!Opts.ModelFiles.empty())
    Override.CheckOptions["ModelFiles"] =
        ClangTidyOptions::ClangTidyValue(Opts.ModelFiles);

  if (Opts.Config)
    if (auto Parsed =
            parseConfiguration(MemoryBufferRef(*Opts.Config, Opts.ConfigName)))
      return std::make_unique<ConfigOptionsProvider>(
          std::move(Global), ClangTidyOptions::getDefaults().merge(Defaults, 0),
          std::move(*Parsed), std::move(Override), std::move(FS));
  return std::make_unique<FileOptionsProvider>(
      std::move(Global), std::move(Defaults), std::move(Override),
      std::move(FS));
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
  ClangTidyOptions Options = optionsFor(*Provider, File);
  auto [It, New] = Known.try_emplace(*Options.Checks, false);
  if (New) {
    std::vector<std::string> Names = enabledCheckNames(Options);
    It->second = !Names.empty() || wantsCompilerWarnings(*Options.Checks);
    OnlyOthers |= !Names.empty() && none_of(Names, [](StringRef Name) {
      return Name.starts_with("threadhop-");
    });
  }
  return It->second;
}

} // namespace threadhop::driver
