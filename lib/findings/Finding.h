//===--- Finding.h - what a check found -------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A check makes one Finding. Plugin and language server show it as a
// diagnostic with notes; the driver also gets the structure (who acts in a
// step, and what kind of step it is), which SARIF's thread flows need.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_FINDINGS_FINDING_H
#define THREADHOP_FINDINGS_FINDING_H

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace clang {
class SourceManager;
} // namespace clang

namespace threadhop {

/// What happens at a step of a finding.
enum class StepKind {
  Explain,  ///< Why the tool thinks so: a member, a body, an inference.
  Create,   ///< The value comes to be.
  Suspend,  ///< A coroutine may be suspended here.
  HandOver, ///< The value is given to another thread.
  Use,      ///< The value is used.
  Destroy,  ///< The value ends.
};

/// The name of a kind, as the structured output spells it.
llvm::StringRef stepKindName(StepKind Kind);

/// One step of a finding's explanation; shown as a note.
struct Step {
  clang::SourceLocation Loc;
  std::string Message; ///< A lower-case clause without a period.
  StepKind Kind = StepKind::Explain;
  /// Who acts: empty for the code that holds the value, else a short name of
  /// the other thread or coroutine ("another thread").
  std::string Lane;
};

/// One moment of what goes wrong, as a drawn diagram shows it: shorter than a
/// step, in order of time, and not always a place of the source.
struct Moment {
  StepKind Kind;
  std::string Lane; ///< As in a step: who acts.
  std::string Text; ///< A few words.
  /// The finding's place or a step's, or an invalid one for what follows
  /// without being written anywhere.
  clang::SourceLocation Loc;
};

/// One result of one check.
struct Finding {
  clang::SourceLocation Loc;
  clang::SourceRange Range; ///< Highlighted; may be invalid.
  std::string Message;      ///< A lower-case clause without a period.
  /// Which mistake of those that the check finds, as the front matter of its
  /// page names it. Kind, symbol and function are what a finding is known by
  /// later on.
  llvm::StringRef Kind;
  /// The variable, member or type it speaks of, as the message spells it; empty
  /// for what has no name.
  std::string Symbol;
  std::string Function; ///< The qualified name of the function around it.
  std::vector<Step> Steps;
  /// What happens, in order of time. Empty: the finding's place, then the
  /// steps that do not only explain.
  std::vector<Moment> Story;
  std::vector<clang::FixItHint> Fixes;
};

/// Takes findings with their structure, as the driver does.
class FindingSink {
public:
  virtual ~FindingSink();
  /// The sources of a unit whose findings follow; each check tells them.
  virtual void see(const clang::SourceManager &SM);
  virtual void take(llvm::StringRef CheckName, const Finding &Found,
                    const clang::SourceManager &SM) = 0;

  /// Makes a sink the current one of this thread, and the previous one again
  /// at its end.
  class Scope {
  public:
    explicit Scope(FindingSink &Sink);
    ~Scope();
    Scope(const Scope &) = delete;
    Scope &operator=(const Scope &) = delete;

  private:
    FindingSink *Previous;
  };

  /// The sink of this thread, or null.
  static FindingSink *current();
};

} // namespace threadhop

#endif
