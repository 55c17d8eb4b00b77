//===--- Check.h - base class of threadhop's checks -------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_CHECKS_CHECK_H
#define THREADHOP_CHECKS_CHECK_H

#include "analysis/Session.h"
#include "clang-tidy/ClangTidyCheck.h"
#include "findings/Finding.h"
#include "llvm/ADT/DenseSet.h"
#include <memory>

namespace threadhop {

/// A clang-tidy check that makes findings. What a finding looks like as a
/// diagnostic is decided here, once.
class Check : public clang::tidy::ClangTidyCheck {
public:
  Check(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);

  bool
  isLanguageVersionSupported(const clang::LangOptions &Lang) const override {
    return Lang.CPlusPlus;
  }
  std::optional<clang::TraversalKind> getCheckTraversalKind() const override {
    return clang::TK_AsIs;
  }
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;
  void registerMatchers(clang::ast_matchers::MatchFinder *Finder) final;
  void check(const clang::ast_matchers::MatchFinder::MatchResult &Result) final;
  void onStartOfTranslationUnit() override;
  void onEndOfTranslationUnit() override;

protected:
  /// Looks at one translation unit. Called once for each, when it is parsed.
  virtual void analyze(Session &Unit) = 0;

  /// Reports \p Found as a warning with a note for each step; once for each
  /// place, however many instantiations find it.
  void report(Finding Found, const clang::SourceManager &SM);

  /// The models to use; where a file of the option ModelFiles is wrong, that
  /// is reported and the built-in ones are used.
  std::shared_ptr<const Models> models();

private:
  std::string CheckName;
  const std::string ModelFiles;
  std::shared_ptr<const Models> Loaded;
  std::shared_ptr<Session> Unit;
  bool Analyzed = false;
  llvm::DenseSet<clang::SourceLocation> Reported;
};

/// Adds where the member is declared that the message explains itself with: the
/// first of \p Way, which leads to the part that decides, unless that is a
/// capture or stands in a system header.
void addMemberStep(Finding &Found, llvm::ArrayRef<const clang::FieldDecl *> Way,
                   const clang::SourceManager &SM);
/// The same for the way that the verdict went.
void addMemberStep(Finding &Found, const SendVerdict &Verdict,
                   const clang::SourceManager &SM);

} // namespace threadhop

/// Defines the factory that Checks.inc names; one in each Check.cpp.
#define THREADHOP_DEFINE_CHECK(Ident, Class)                                   \
  std::unique_ptr<clang::tidy::ClangTidyCheck> threadhop_make_##Ident(         \
      llvm::StringRef Name, clang::tidy::ClangTidyContext *Context) {          \
    return std::make_unique<Class>(Name, Context);                             \
  }

#endif
