//===--- Options.h - the driver's command line ------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_OPTIONS_H
#define THREADHOP_DRIVER_OPTIONS_H

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace threadhop::driver {

using Json = nlohmann::ordered_json;

/// What decides which results a unit gives. Workers are given all of it.
struct AnalysisOptions {
  std::optional<std::string> Checks;
  std::optional<std::string> Config; ///< Of --config or --config-file.
  std::string ConfigName;            ///< Where it came from, for messages.
  std::optional<std::string> HeaderFilter;
  std::optional<std::string> ExcludeHeaderFilter;
  std::optional<std::string> WarningsAsErrors;
  std::optional<bool> SystemHeaders;
  std::string LineFilter;
  std::string ModelFiles; ///< Absolute paths with semicolons between.
  std::vector<std::string> Plugins;
  std::string ProfileFolder;
  bool Profile = false;
  bool Preview = false;
  bool WithTidyChecks = false; ///< Those of the project's list run as well.
  bool Comments = false;       ///< Report the NOLINT comments as well.
  unsigned MemoryLimit = 0;    ///< Megabytes for each worker; 0: no limit.
  std::string CacheFolder;     ///< Where reports are kept; empty: nowhere.
  bool SkipBodies = true; ///< Of library functions, while nobody wants them.
  /// Where precompiled headers that units share are kept; empty: nowhere.
  std::string HeaderFolder;
};

void to_json(Json &J, const AnalysisOptions &O);
void from_json(const Json &J, AnalysisOptions &O);

/// A part of the units: the first of three is 1/3.
struct ShardOption {
  unsigned Index = 1;
  unsigned Count = 1;
};

/// Which NOLINT comments that hide nothing are findings.
enum class UnusedSuppressions { Ignored, Named, All };

/// Where reports are kept between runs, as the command line wants it.
struct CacheOptions {
  bool Off = false;
  bool RetryFailed = false; ///< Units that did not parse are analysed again.
  std::string Folder;       ///< Empty: the user's folder for caches.
  uint64_t MostBytes = 0;   ///< 0: no limit.
  bool ShareHeaders = true; ///< Parse library headers once for many units.
};

enum class OutputFormat { Text, Sarif, Github, Gitlab, Json };

struct Options {
  AnalysisOptions Analysis;
  CacheOptions Cache;

  std::vector<std::string> Paths;
  std::string BuildPath;
  /// The arguments after "--", if it was given.
  std::optional<std::vector<std::string>> CompilerArguments;
  std::vector<std::string> ExtraArgs;
  std::vector<std::string> ExtraArgsBefore;
  std::vector<std::string> RemovedArgs;
  std::string ChangedSince; ///< A revision of git, or empty.

  OutputFormat Format = OutputFormat::Text;
  std::string OutputFile;
  std::string SarifFile;
  std::string HtmlFile;
  bool wantsSarif() const {
    return !SarifFile.empty() || Format == OutputFormat::Sarif;
  }
  std::optional<bool> UseColor;
  bool Quiet = false;
  bool Verbose = false;

  ShardOption Shard;
  std::string BaselineFile;
  UnusedSuppressions Unused = UnusedSuppressions::Ignored;
  bool RequireReason = false; ///< Of each NOLINT comment for our checks.
  bool Fix = false;

  unsigned Jobs = 1;
  unsigned Timeout = 0; ///< Seconds for each unit; 0: no limit.

  bool ListChecks = false;
  bool VerifyConfig = false;
  bool DumpConfig = false;
  std::string Explain; ///< The check to explain, or empty.

  /// The command line as it was typed, for reports.
  std::vector<std::string> CommandLine;

  /// The command that analyses one file again, as one would type it.
  std::string commandFor(const std::string &File) const;
};

/// The command line of "threadhop merge".
struct MergeOptions {
  std::vector<std::string> Files;
  std::string OutputFile;
  std::string BaselineFile;
  bool Quiet = false;
};

/// Reads the command line behind "merge", as parseOptions() does its own.
std::optional<MergeOptions> parseMergeOptions(int Argc, const char **Argv);

/// Reads the command line behind "convert": what is read and what is written.
std::optional<Options> parseConvertOptions(int Argc, const char **Argv);

/// Reads the command line. Prints what is wrong with it and returns nothing
/// for a wrong one; does not return for --help and --version.
std::optional<Options> parseOptions(int Argc, const char **Argv);

/// Quotes a word for a POSIX shell where it needs it.
std::string shellQuoted(const std::string &Word);

} // namespace threadhop::driver

#endif
