//===--- NoLint.h - NOLINT comments -----------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_NOLINT_H
#define THREADHOP_DRIVER_NOLINT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace threadhop::driver {

/// One directive as clang-tidy reads it: it hides diagnostics of its own line
/// (NOLINT), of the next one, or up to the end of its block.
struct NoLintDirective {
  std::string Name;
  unsigned Offset = 0;
  unsigned End = 0; ///< Offset behind the name and the list.
  unsigned Line = 0;
  /// The list in parentheses, as written; nothing means all checks.
  std::optional<std::string> Checks;
  std::string Reason;
  /// The offset of its NOLINTEND.
  std::optional<unsigned> BlockEnd;
  bool InComment = false;
  /// Inside a conditional block of the preprocessor, the guard of the whole
  /// file aside.
  bool Conditional = false;

  /// The patterns of the list, "*" without one.
  std::vector<std::string> patterns() const;
  /// True if a pattern of the list is true of the check.
  bool names(llvm::StringRef Check) const;
};

/// Whether the pattern of a NOLINT list is true of a check.
bool matchesCheck(llvm::StringRef Pattern, llvm::StringRef Check);

class NoLintDirectives {
public:
  explicit NoLintDirectives(llvm::StringRef Text);

  llvm::ArrayRef<NoLintDirective> all() const { return Directives; }
  /// Indexes of those that hide a diagnostic of that check at that offset, the
  /// nearest first.
  std::vector<size_t> hiding(unsigned Offset, llvm::StringRef Check) const;

  /// Fills in InComment and Conditional, which takes a lexer.
  void lookAround();

private:
  llvm::StringRef Text;
  std::vector<NoLintDirective> Directives;
};

} // namespace threadhop::driver

#endif
