//===--- Rules.h - metadata of the checks -----------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the front matter of docs/checks/<name>.md says of each check. That page
// is the only place where this is written; this table is made from it.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_FINDINGS_RULES_H
#define THREADHOP_FINDINGS_RULES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <vector>

namespace threadhop {

/// One option of a check.
struct RuleOption {
  llvm::StringRef Name;
  llvm::StringRef Type;
  llvm::StringRef Default;
  llvm::StringRef Text;
};

/// One kind of finding: what is wrong, however it is worded. Its name is a part
/// of the fingerprints and stays for ever.
struct FindingKind {
  llvm::StringRef Name; ///< As in "not-kept".
  llvm::StringRef Text; ///< A clause without a period.
  /// How this release words it: '*' stands for any text, "<symbol>" for the
  /// symbol.
  std::vector<llvm::StringRef> Messages;
};

/// What a message says, without its words.
struct KindAndSymbol {
  llvm::StringRef Kind;
  llvm::StringRef Symbol; ///< May be empty.
};

/// The metadata of one check.
struct Rule {
  llvm::StringRef Name;      ///< With the module's prefix: "threadhop-...".
  llvm::StringRef Summary;   ///< One sentence, without a period.
  llvm::StringRef Severity;  ///< A SARIF level: error, warning or note.
  llvm::StringRef Precision; ///< very-high, high, medium or low.
  bool Preview;              ///< Off unless asked for.
  llvm::StringRef Since;     ///< The release that brought it.
  std::vector<llvm::StringRef> Tags;
  std::vector<RuleOption> Options;
  std::vector<FindingKind> Kinds;
  llvm::StringRef Help; ///< The page below its front matter, Markdown.

  /// Where the page can be read online.
  std::string url() const;

  /// The kind of that name, or null.
  const FindingKind *kind(llvm::StringRef Name) const;

  /// The kind and the symbol of a finding whose message is all that is known,
  /// as in what clang-tidy exports: there is no place for them in a diagnostic
  /// that its users would not see. The first kind that fits; none for a message
  /// of another release.
  std::optional<KindAndSymbol> readMessage(llvm::StringRef Message) const;
};

/// Where a page of docs/ can be read online, such as "checks/lost-waker.md".
std::string pageUrl(llvm::StringRef Page);

/// All checks, in the order of their names.
llvm::ArrayRef<Rule> rules();

/// The rule of that name (with prefix), or null.
const Rule *findRule(llvm::StringRef Name);

} // namespace threadhop

#endif
