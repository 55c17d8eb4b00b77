//===--- ConfigQuestions.cpp - answers about the configuration ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "clang-tidy/ClangTidy.h"
#include "driver/Config.h"
#include "driver/Database.h"
#include "driver/Messages.h"
#include "driver/Questions.h"
#include "driver/SourceText.h"
#include "models/Loader.h"
#include "support/Compat.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace clang::tidy;
using namespace llvm;

namespace threadhop::driver {

// A name in a folder stands for every file that may be there.
static std::string fileFor(const std::string &Path) {
  std::string File = normalisedPath(Path);
  if (!sys::fs::is_directory(File))
    return File;
  SmallString<256> Name(File);
  sys::path::append(Name, "source.cpp");
  return std::string(Name);
}

int dumpConfig(const Options &Opts) {
  std::string File = fileFor(Opts.Paths.empty() ? "." : Opts.Paths.front());
  ConfigChecker Checker(Opts.Analysis);
  Checker.checkCommandLine();
  Checker.checkFilesFor(File);
  for (const std::string &Text : Checker.errors())
    error(Text);
  for (const std::string &Text : Checker.warnings())
    warning(Text);
  if (!Checker.errors().empty())
    return 2;
  auto Provider = makeOptionsProvider(Opts.Analysis);
  ClangTidyOptions Options =
      ClangTidyOptions::getDefaults().merge(Provider->getOptions(File), 0);
  Options.CheckOptions = enabledCheckOptions(Options);
  outs() << configurationAsText(Options) << '\n';
  return 0;
}

// What the checks say of their options' values when they are made: they are
// run over an empty file in the place of this one.
static std::vector<std::string> wrongValues(const AnalysisOptions &Opts,
                                            const std::string &File) {
  auto Memory =
      IntrusiveRefCntPtr<vfs::InMemoryFileSystem>(new vfs::InMemoryFileSystem);
  Memory->addFile(File, 0, MemoryBuffer::getMemBuffer("\n"));
  auto FS = IntrusiveRefCntPtr<vfs::OverlayFileSystem>(
      new vfs::OverlayFileSystem(vfs::getRealFileSystem()));
  FS->pushOverlay(Memory);
  // Without carets clang does not count its warnings in a last line.
  clang::tooling::FixedCompilationDatabase Database(
      sys::path::parent_path(File),
      {"-xc++", "-std=c++20", "-fno-caret-diagnostics"});
  ClangTidyContext Context(makeOptionsProvider(Opts));
  std::vector<std::string> Wrong;
  for (const ClangTidyError &Error :
       runClangTidy(Context, Database, {File}, FS, /*ApplyAnyFix=*/false))
    if (Error.DiagnosticName == "clang-tidy-config")
      Wrong.push_back(Error.Message.Message);
  return Wrong;
}

static Expected<std::vector<std::string>> filesOf(const Options &Opts) {
  std::vector<std::string> Files;
  for (const std::string &Path : Opts.Paths)
    Files.push_back(fileFor(Path));
  if (!Files.empty())
    return Files;
  if (!Opts.CompilerArguments) {
    auto Selected = selectUnits(Opts);
    if (Selected)
      for (const Unit &U : Selected->Units)
        Files.push_back(U.File);
    else if (!Opts.BuildPath.empty())
      return Selected.takeError();
    else
      // No database; the current folder has a configuration all the same.
      consumeError(Selected.takeError());
  }
  if (Files.empty())
    Files.push_back(fileFor("."));
  return Files;
}

int verifyConfig(const Options &Opts) {
  auto Files = filesOf(Opts);
  if (!Files) {
    error(toString(Files.takeError()));
    return 2;
  }
  // All that the files say is looked at, whether a run would use it or not.
  AnalysisOptions Analysis = Opts.Analysis;
  Analysis.WithTidyChecks = true;
  ConfigChecker Checker(Analysis, /*Strict=*/true);
  Checker.checkCommandLine();
  for (const std::string &File : *Files)
    Checker.checkFilesFor(File);
  std::vector<std::string> Errors = Checker.errors();
  if (!Opts.Analysis.ModelFiles.empty())
    if (auto Loaded = loadModels(Opts.Analysis.ModelFiles); !Loaded)
      Errors.push_back(toString(Loaded.takeError()));
  // A configuration that cannot be read has no values. Equal ones are looked
  // at once for each folder that they come from.
  if (Errors.empty()) {
    auto Provider = makeOptionsProvider(Analysis);
    std::set<std::string> Seen;
    for (const std::string &File : *Files)
      if (Seen.insert(configurationAsText(Provider->getOptions(File))).second)
        for (const std::string &Text : wrongValues(Analysis, File))
          Errors.push_back(Checker.withPlace(Text, File));
  }
  std::set<std::string> Printed;
  for (const std::string &Text : Errors)
    if (Printed.insert(Text).second)
      error(Text);
  if (Errors.empty())
    outs() << "No config errors detected.\n";
  return Errors.empty() ? 0 : 2;
}

} // namespace threadhop::driver
