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
#include <vector>

namespace threadhop {

/// One option of a check.
struct RuleOption {
  llvm::StringRef Name;
  llvm::StringRef Type;
  llvm::StringRef Default;
  llvm::StringRef Text;
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
  llvm::StringRef Help; ///< The page below its front matter, Markdown.

  /// Where the page can be read online.
  std::string url() const;
};

/// Where a page of docs/ can be read online, such as "checks/lost-waker.md".
std::string pageUrl(llvm::StringRef Page);

/// All checks, in the order of their names.
llvm::ArrayRef<Rule> rules();

/// The rule of that name (with prefix), or null.
const Rule *findRule(llvm::StringRef Name);

} // namespace threadhop

#endif
