//===--- Config.h - the configuration of the checks -------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang-tidy's own providers read the configuration; this adds the driver's
// defaults and command line to them, and refuses what clang-tidy lets pass.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_CONFIG_H
#define THREADHOP_DRIVER_CONFIG_H

#include "clang-tidy/ClangTidyOptions.h"
#include "config/CheckSelection.h"
#include "driver/Options.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class SMDiagnostic;
} // namespace llvm

namespace threadhop::driver {

/// Loads the plugins of --load; their checks are known afterwards.
llvm::Error loadPlugins(const AnalysisOptions &Opts);

/// Which checks run on a file, and what was decided on the way.
struct CheckChoice {
  std::string Globs; ///< For clang-tidy.
  /// The .clang-tidy that turns everything off there; empty: none does.
  std::string MutedBy;
  /// The project's list has checks of clang-tidy's that are not run.
  bool LeavesOut = false;
};

/// Tells clang-tidy what to use for each file, and a driver why.
class OptionsProvider : public clang::tidy::FileOptionsBaseProvider {
public:
  OptionsProvider(const AnalysisOptions &Opts,
                  clang::tidy::ClangTidyGlobalOptions Global,
                  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS);
  std::vector<OptionsSource> getRawOptions(llvm::StringRef File) override;
  CheckChoice choice(llvm::StringRef File);

private:
  using Sources = std::vector<OptionsSource>;
  Sources fromFiles(llvm::StringRef File);
  CheckChoice choose(Sources &Files);
  PlaceConfig holdingFor(llvm::StringRef Folder);

  const std::vector<std::string> Defaults;
  const bool WithTidyChecks;
  /// Of --config.
  std::optional<clang::tidy::ClangTidyOptions> Config;
  llvm::StringMap<std::optional<OptionsSource>> Read; ///< By folder.
};

/// Makes one. The options must have passed a ConfigChecker. Configuration files
/// are read through \p FS, if given.
std::unique_ptr<OptionsProvider> makeOptionsProvider(
    const AnalysisOptions &Opts,
    llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS = nullptr);

/// Names of the checks that are on for \p File, sorted.
std::vector<std::string>
enabledChecks(clang::tidy::ClangTidyOptionsProvider &Provider,
              llvm::StringRef File);

/// Whether the patterns of checks name warnings of the compiler, which are no
/// checks that could be listed.
bool wantsCompilerWarnings(llvm::StringRef Globs);

/// Tells whether any check is on, with the answers of equal configurations
/// remembered.
class CheckFilter {
public:
  explicit CheckFilter(const AnalysisOptions &Opts);
  ~CheckFilter();
  bool anyEnabled(llvm::StringRef File);
  /// Of the file that was asked about last.
  const CheckChoice &choice() const { return Last; }

private:
  std::unique_ptr<OptionsProvider> Provider;
  llvm::StringMap<bool> Known;
  CheckChoice Last;
};

/// Finds what is wrong with a configuration: broken YAML, names of checks and
/// options that do not exist, regular expressions that are none. What is
/// unknown in a project's file is no error unless it is a name of ours: the
/// file was written for another version of clang-tidy.
class ConfigChecker {
public:
  /// \p Strict takes an unknown option of any check as an error; else only
  /// those of threadhop's, as some checks of clang-tidy make up names.
  explicit ConfigChecker(const AnalysisOptions &Opts, bool Strict = false);

  /// The command line's part. Call it once.
  void checkCommandLine();
  /// The .clang-tidy files that hold for \p File, each once.
  void checkFilesFor(llvm::StringRef File);

  /// A message of a check about its options, with the place of the option that
  /// it names as \p File gets it.
  std::string withPlace(const std::string &Message, llvm::StringRef File) const;

  /// One line each, with the place first: "FILE:LINE: ..." or "--checks: ...".
  const std::vector<std::string> &errors() const { return Errors; }
  /// What is passed over in the project's files: one line for each file.
  const std::vector<std::string> &warnings() const { return Warnings; }

private:
  bool readFile(llvm::StringRef File, bool &Inherits);
  void checkText(llvm::StringRef Text, llvm::StringRef Name);
  void checkGlobs(llvm::StringRef Globs, llvm::StringRef Text,
                  llvm::StringRef Name);
  void checkOptionKey(llvm::StringRef Key, llvm::StringRef Text,
                      llvm::StringRef Name);
  void checkStyle(llvm::StringRef Style, llvm::StringRef Text,
                  llvm::StringRef Name);
  void checkRegex(llvm::StringRef Regex, llvm::StringRef Text,
                  llvm::StringRef Name);
  void report(llvm::StringRef Word, llvm::StringRef Text, llvm::StringRef Name,
              const std::string &Message, bool MayPass);
  void leaveOut(const llvm::SMDiagnostic &Diag, llvm::StringRef Name);
  void flush();
  void knowNames();

  const AnalysisOptions &Opts;
  const bool Strict;
  std::vector<std::string> Errors;
  std::vector<std::string> Warnings;
  /// The lines of the options in each text that was read, by its name.
  std::map<std::string, std::map<std::string, unsigned>> OptionLines;
  struct Problem {
    unsigned Line; ///< 0 if it is not known.
    std::string Message;
    std::string Word; ///< What it speaks of.
    bool Passes;      ///< The run goes on without it.
  };
  std::vector<Problem> Found;    ///< Of the text at hand.
  bool InProjectFile = false;    ///< The text at hand is no option's.
  llvm::StringMap<bool> Folders; ///< Whether the search goes on above.
  llvm::StringSet<> Checks;
  llvm::StringSet<> CheckOptions;
  bool LastInherits = false;   ///< Of the text that was read last.
  bool ConfigInherits = false; ///< Of --config.
};

} // namespace threadhop::driver

#endif
