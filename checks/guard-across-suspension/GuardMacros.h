//===--- GuardMacros.h - guards known by their macros -----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Profiler macros expand to nothing where the profiler is switched off, and
// some to unnamed types; their scope is then found by the macro's name. Nothing
// can end such a scope but its block, so the rule is lexical.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_CHECKS_GUARDMACROS_H
#define THREADHOP_CHECKS_GUARDMACROS_H

#include "analysis/Suspension.h"
#include "models/Model.h"
#include "clang/Lex/PPCallbacks.h"
#include "llvm/ADT/StringMap.h"
#include <memory>

namespace threadhop {

class GuardMacros : public std::enable_shared_from_this<GuardMacros> {
public:
  /// A use of a guard macro; Loc is where the user wrote it.
  struct Use {
    clang::SourceLocation Loc;
    const GuardMacroModel *Model;
  };

  /// \p Rows must outlive the object.
  explicit GuardMacros(const Models &Rows);

  /// The callbacks that record uses; they keep the object alive.
  std::unique_ptr<clang::PPCallbacks> record(const clang::SourceManager &SM);

  /// The uses inside the function's body, but not in a lambda of it.
  std::vector<Use> usesIn(const clang::FunctionDecl *Function) const;

private:
  class Recorder;
  llvm::StringMap<const GuardMacroModel *> ByName;
  std::vector<Use> Uses;
  const clang::SourceManager *SM = nullptr;
};

/// The suspensions between \p Loc and the end of the innermost block around it.
std::vector<const SuspensionPoint *>
suspensionsInScope(clang::SourceLocation Loc,
                   const clang::FunctionDecl *Function,
                   const Suspensions &Points,
                   const clang::ASTContext &Context);

} // namespace threadhop

#endif
