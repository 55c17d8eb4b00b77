//===--- Results.h - what a run found ---------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain data without any of clang's types: it travels from a worker to the
// driver, and every kind of output is written from it.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_RESULTS_H
#define THREADHOP_DRIVER_RESULTS_H

#include "llvm/ADT/StringRef.h"
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace threadhop::driver {

/// Keeps the keys of an object in the order they were written.
using Json = nlohmann::ordered_json;

/// A place in a file. Lines and columns count from 1, columns in bytes; a
/// place without a file (a message about the command line) has Line 0.
struct Place {
  std::string File; ///< Absolute and normalised.
  unsigned Offset = 0;
  unsigned Line = 0;
  unsigned Column = 0;

  bool isValid() const { return Line != 0; }
};

/// A stretch of a file.
struct Stretch {
  std::string File;
  unsigned Offset = 0;
  unsigned Length = 0;
};

/// One textual change of a fix.
struct Change {
  std::string File;
  unsigned Offset = 0;
  unsigned Length = 0;
  std::string Text;
};

/// One step of the explanation: a note.
struct ResultStep {
  Place At;
  unsigned End = 0; ///< Offset behind what the step speaks of.
  std::string Message;
  std::string Kind = "explain"; ///< As stepKindName() spells it.
  std::string Lane;             ///< Who acts; empty: the code itself.
  std::vector<Stretch> Highlights;
  std::vector<Change> Fixes;
};

/// One moment of what goes wrong, for a drawn diagram.
struct ResultMoment {
  Place At; ///< The result's or a step's, or none.
  std::string Text;
  std::string Kind; ///< As stepKindName() spells it.
  std::string Lane; ///< Who acts; empty: the code itself.
};

/// How a result stands to those of an earlier run.
enum class BaselineState { None, New, Unchanged };

/// A NOLINT comment that hides a result.
struct HidingComment {
  Place At;
  unsigned End = 0; ///< Offset behind it.
  std::string Reason;
};

/// One result of one check, or an error of the compiler.
struct Result {
  std::string Check;
  std::vector<std::string> Aliases; ///< Other checks that say the same.
  Place At;
  unsigned End = 0; ///< Offset behind what the result speaks of.
  std::string Message;
  std::string Level = "warning"; ///< "warning" or "error".
  bool WarningAsError = false;
  std::vector<Stretch> Highlights;
  std::vector<ResultStep> Steps;
  std::vector<ResultMoment> Story; ///< In order of time; may be empty.
  std::vector<Change> Fixes;
  std::string Kind; ///< As in Finding; empty for what is no check of ours.
  std::string Symbol;
  std::string Function;
  /// What it is known by later on; made when the run is complete.
  std::string Fingerprint;
  /// The same as earlier releases made it, for their baselines.
  std::string FingerprintV1;
  /// The comment that hides it, if any; only checks of threadhop tell.
  std::optional<HidingComment> HiddenBy;
  BaselineState Baseline = BaselineState::None;
  /// A hash of all that it says, the same in every checkout of the sources.
  std::string Content;
  /// It comes only from units that did not parse.
  bool FromBrokenUnit = false;

  /// True for errors of the compiler: they make a unit fail and are no
  /// findings.
  bool isCompilerError() const;
  /// True for what is shown and makes the exit status 1: a finding that no
  /// comment hides and no baseline knows.
  bool counts() const;
};

/// A NOLINT comment that speaks of threadhop's checks, or of all checks.
struct SuppressionComment {
  /// One entry of its list that may speak of a check of threadhop.
  struct Item {
    std::string Pattern;
    bool Enabled = false; ///< A check that it names is on.
    bool Used = false;    ///< It hid a finding.
  };
  Place At;
  unsigned End = 0;        ///< Offset behind it.
  std::string Directive;   ///< "NOLINT", "NOLINTNEXTLINE", "NOLINTBEGIN".
  std::string Reason;      ///< The text behind it.
  std::vector<Item> Items; ///< Without a list: one, "*".
  bool InMainFile = false;
  /// Inside an #if, so that other units may see what this one does not.
  bool Conditional = false;
};

/// Diagnostics that a unit had and did not show, as clang-tidy counts them.
struct Suppressed {
  unsigned NoLint = 0;
  unsigned HeaderFilter = 0;
  unsigned LineFilter = 0;
};

/// What a worker answers for one unit.
struct UnitReport {
  std::vector<Result> Results;
  std::vector<std::string> ConfigErrors;
  std::vector<SuppressionComment> Comments; ///< If they were asked for.
  Suppressed Hidden;
  double Seconds = 0;
  std::string CacheProblem;   ///< Why the report could not be kept.
  bool SharedHeaders = false; ///< It came from a precompiled header.

  /// True if nothing was wrong with the unit.
  bool isClean() const;
  /// True if an analysis of the same inputs would be wasted: what the compiler
  /// refuses it refuses again.
  bool isWorthKeeping() const { return ConfigErrors.empty(); }
};

/// What the cache of reports did for a run.
struct CacheUse {
  std::string Folder; ///< Empty when there was none.
  unsigned Hits = 0;
  unsigned Misses = 0;
  /// Precompiled headers that units of this run used, and how many did.
  unsigned HeaderGroups = 0;
  unsigned SharedHeaders = 0;
  std::string Problem; ///< The first one of a worker.
};

/// Why a unit's results cannot be trusted.
enum class FailureKind {
  Parse,         ///< The compiler found errors.
  Crash,         ///< The worker died.
  Timeout,       ///< It took longer than allowed.
  Memory,        ///< It took more memory than allowed.
  Missing,       ///< The file or its folder is not there.
  Configuration, ///< A check or a model file could not be configured.
  NotRun,        ///< The run ended before its turn.
};

struct UnitFailure {
  std::string File;    ///< Empty when it is no single unit's failure.
  std::string Command; ///< What to type to see it again; may be empty.
  FailureKind Kind = FailureKind::Crash;
  std::string Text;    ///< One sentence without the file and without a period.
  std::string Details; ///< More lines, such as the crashed worker's last words.
  /// What other units may have in common with it, which then are told as one;
  /// empty if it is this unit's alone.
  std::string Cause = {};
  std::string Advice = {}; ///< What helps against the cause; may be empty.

  /// What comes between the file and the text.
  llvm::StringRef lead() const;
  /// Whether the command shows it again.
  bool isReproducible() const;
};

/// Everything that a run found.
struct Report {
  std::vector<Result> Results; ///< In order, each once.
  std::vector<UnitFailure> Failures;
  unsigned Units = 0;    ///< Selected units.
  unsigned Analysed = 0; ///< Units that a worker reported on.
  unsigned Skipped = 0;  ///< Units for which no check is on.
  unsigned Muted = 0;    ///< Of these, those that a project's file turned off.
  /// Units whose .clang-tidy lists checks of clang-tidy's that were not run.
  unsigned LeftOut = 0;
  unsigned Unchanged = 0;        ///< Units that read no changed file.
  unsigned OnUnchangedLines = 0; ///< Results that --changed-since hides.
  unsigned Gone = 0; ///< Results of the baseline that are no longer there.
  std::string Shard; ///< "2/3" if this run is a part of one.
  Suppressed Hidden;
  CacheUse Cache;
  double Seconds = 0;
  bool Interrupted = false;

  unsigned findings() const; ///< Results that count.
  unsigned suppressed() const;
  unsigned inBaseline() const;
  /// Units whose results cannot be trusted.
  unsigned failedUnits() const;
  /// The run's exit status: 2 not to be trusted, 1 findings, 0 none.
  int exitStatus() const;
};

/// Fills in Content. Names of files below \p Root count without it.
void setContent(Result &R, const std::string &Root);

/// Of two results at the same place with the same message, as two units give
/// them for a header, says whether the first is the one to keep: shown rather
/// than hidden, an error rather than a warning, with more steps. The rest is
/// settled by the content, never by which came first.
bool isBetter(const Result &A, const Result &B);

/// Puts results into the order of all output, each once. Of equal ones the
/// better stays.
void sortAndUnique(std::vector<Result> &Results);

const char *failureKindName(FailureKind Kind);

void to_json(Json &J, const Place &P);
void from_json(const Json &J, Place &P);
void to_json(Json &J, const Stretch &S);
void from_json(const Json &J, Stretch &S);
void to_json(Json &J, const Change &C);
void from_json(const Json &J, Change &C);
void to_json(Json &J, const ResultStep &S);
void from_json(const Json &J, ResultStep &S);
void to_json(Json &J, const ResultMoment &M);
void from_json(const Json &J, ResultMoment &M);
void to_json(Json &J, const Result &R);
void from_json(const Json &J, Result &R);
void to_json(Json &J, const SuppressionComment &C);
void from_json(const Json &J, SuppressionComment &C);
void to_json(Json &J, const UnitReport &R);
void from_json(const Json &J, UnitReport &R);
void to_json(Json &J, const UnitFailure &F);
void from_json(const Json &J, UnitFailure &F);
/// The whole report, as --format json prints it: "results" are those that
/// count, what is hidden or known follows in lists of its own.
void to_json(Json &J, const Report &R);
void from_json(const Json &J, Report &R);

} // namespace threadhop::driver

#endif
