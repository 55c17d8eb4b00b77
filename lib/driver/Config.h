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

#include "driver/Options.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace clang::tidy {
class ClangTidyOptionsProvider;
} // namespace clang::tidy

namespace threadhop::driver {

/// Loads the plugins of --load; their checks are known afterwards.
llvm::Error loadPlugins(const AnalysisOptions &Opts);

/// What clang-tidy is to use for each file. The options must have passed a
/// ConfigChecker. Configuration files are read through \p FS, if given.
std::unique_ptr<clang::tidy::ClangTidyOptionsProvider> makeOptionsProvider(
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
  /// True if a .clang-tidy file turned off every check of threadhop for a
  /// file that was asked about, while others are on.
  bool onlyOthers() const { return OnlyOthers; }

private:
  std::unique_ptr<clang::tidy::ClangTidyOptionsProvider> Provider;
  llvm::StringMap<bool> Known;
  bool OnlyOthers = false;
};

/// Finds what is wrong with a configuration: broken YAML, names of checks and
/// options that do not exist, regular expressions that are none.
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
              const std::string &Message);
  void flush();
  void knowNames();

  const AnalysisOptions &Opts;
  const bool Strict;
  std::vector<std::string> Errors;
  /// The lines of the options in each text that was read, by its name.
  std::map<std::string, std::map<std::string, unsigned>> OptionLines;
  /// Of the text at hand, with their lines.
  std::vector<std::pair<unsigned, std::string>> Found;
  llvm::StringMap<bool> Folders; ///< Whether the search goes on above.
  llvm::StringSet<> Checks;
  llvm::StringSet<> CheckOptions;
  bool LastInherits = false;   ///< Of the text that was read last.
  bool ConfigInherits = false; ///< Of --config.
};

} // namespace threadhop::driver

#endif
