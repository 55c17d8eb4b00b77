//===--- Compat.h - differences between LLVM versions -----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only place that may ask for LLVM_VERSION_MAJOR.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_SUPPORT_COMPAT_H
#define THREADHOP_SUPPORT_COMPAT_H

#include "llvm/Config/llvm-config.h"

#include "clang-tidy/ClangTidy.h"
#include "clang-tidy/ClangTidyModule.h"
#if LLVM_VERSION_MAJOR < 22
// From 22 on the registry is declared beside the module.
#include "clang-tidy/ClangTidyModuleRegistry.h"
#endif
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticOptions.h"

namespace threadhop {

/// The type that a class declares.
inline clang::QualType recordType(const clang::ASTContext &Context,
                                  const clang::CXXRecordDecl *Record) {
#if LLVM_VERSION_MAJOR < 22
  return Context.getRecordType(Record);
#else
  return Context.getCanonicalTagType(Record);
#endif
}

/// Names of the checks that are on with these options, sorted.
inline std::vector<std::string>
enabledCheckNames(const clang::tidy::ClangTidyOptions &Options) {
#if LLVM_VERSION_MAJOR < 22
  return clang::tidy::getCheckNames(
      Options, /*AllowEnablingAnalyzerAlphaCheckers=*/false);
#else
  return clang::tidy::getCheckNames(
      Options, /*AllowEnablingAnalyzerAlphaCheckers=*/false,
      /*ExperimentalCustomChecks=*/false);
#endif
}

/// The options of the checks that are on, with their values, written or
/// default.
inline clang::tidy::ClangTidyOptions::OptionMap
enabledCheckOptions(const clang::tidy::ClangTidyOptions &Options) {
#if LLVM_VERSION_MAJOR < 22
  return clang::tidy::getCheckOptions(
      Options, /*AllowEnablingAnalyzerAlphaCheckers=*/false);
#else
  return clang::tidy::getCheckOptions(
      Options, /*AllowEnablingAnalyzerAlphaCheckers=*/false,
      /*ExperimentalCustomChecks=*/false);
#endif
}

/// Names of all checks and of all their options.
struct CheckAndOptionNames {
  llvm::StringSet<> Checks;
  llvm::StringSet<> Options;
};
inline CheckAndOptionNames allCheckAndOptionNames() {
#if LLVM_VERSION_MAJOR < 22
  auto All = clang::tidy::getAllChecksAndOptions(
      /*AllowEnablingAnalyzerAlphaCheckers=*/false);
  return {std::move(All.Names), std::move(All.Options)};
#else
  auto All = clang::tidy::getAllChecksAndOptions(
      /*AllowEnablingAnalyzerAlphaCheckers=*/false,
      /*ExperimentalCustomChecks=*/false);
  return {std::move(All.Checks), std::move(All.Options)};
#endif
}

/// Diagnostic options in the form that engines and printers take; it must
/// outlive them.
class DiagnosticOptionsHolder {
public:
#if LLVM_VERSION_MAJOR < 21
  clang::DiagnosticOptions *argument() { return Options.get(); }
  clang::DiagnosticOptions &operator*() { return *Options; }

private:
  llvm::IntrusiveRefCntPtr<clang::DiagnosticOptions> Options =
      new clang::DiagnosticOptions;
#else
  clang::DiagnosticOptions &argument() { return Options; }
  clang::DiagnosticOptions &operator*() { return Options; }

private:
  clang::DiagnosticOptions Options;
#endif
};

/// How PrecompiledPreamble::Build takes its diagnostics engine.
#if LLVM_VERSION_MAJOR < 22
using PreambleDiagnostics = clang::DiagnosticsEngine &;
#else
using PreambleDiagnostics = llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine>;
#endif

} // namespace threadhop

#endif
