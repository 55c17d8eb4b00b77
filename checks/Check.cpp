//===--- Check.cpp - base class of threadhop's checks ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "findings/Rules.h"
#include "models/Loader.h"
#include "support/SystemHeaders.h"

using namespace clang;
using namespace clang::ast_matchers;

namespace threadhop {

Check::Check(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : ClangTidyCheck(Name, Context), CheckName(Name.str()),
      ModelFiles(Options.getLocalOrGlobal("ModelFiles", "").str()) {}

void Check::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "ModelFiles", ModelFiles);
}

void Check::registerMatchers(MatchFinder *Finder) {
  // Any function will do: the first match starts the analysis of the unit,
  // which has its own traversal, shared by all checks.
  Finder->addMatcher(functionDecl().bind("any"), this);
}

void Check::check(const MatchFinder::MatchResult &Result) {
  if (Analyzed)
    return;
  Analyzed = true;
  if (FindingSink *Sink = FindingSink::current())
    Sink->see(*Result.SourceManager);
  Unit = Session::get(*Result.Context, models());
  analyze(*Unit);
}

void Check::onStartOfTranslationUnit() {
  Reported.clear();
  Analyzed = false;
}

void Check::onEndOfTranslationUnit() { Unit.reset(); }

std::shared_ptr<const Models> Check::models() {
  if (Loaded)
    return Loaded;
  auto Result = loadModels(ModelFiles);
  if (!Result) {
    configurationDiag("%0") << llvm::toString(Result.takeError());
    Result = loadModels("");
  }
  Loaded = llvm::cantFail(std::move(Result));
  return Loaded;
}

void Check::report(Finding Found, const SourceManager &SM) {
  assert(findRule(CheckName) && findRule(CheckName)->kind(Found.Kind) &&
         "the page of the check must name the kind");
  // A macro's own body is not where a reader can change anything.
  auto Visible = [&](SourceLocation Loc) { return SM.getExpansionLoc(Loc); };
  Found.Loc = Visible(Found.Loc);
  if (!Reported.insert(Found.Loc).second)
    return;
  if (Found.Range.isValid())
    Found.Range = SM.getExpansionRange(Found.Range).getAsRange();
  for (Step &S : Found.Steps)
    S.Loc = Visible(S.Loc);
  for (Moment &M : Found.Story)
    M.Loc = Visible(M.Loc);

  if (FindingSink *Sink = FindingSink::current())
    Sink->take(CheckName, Found, SM);
  {
    auto Diag = diag(Found.Loc, "%0") << Found.Message;
    if (Found.Range.isValid())
      Diag << Found.Range;
    for (const FixItHint &Fix : Found.Fixes)
      Diag << Fix;
  }
  for (const Step &S : Found.Steps)
    if (S.Loc.isValid())
      diag(S.Loc, "%0", DiagnosticIDs::Note) << S.Message;
}

void addMemberStep(Finding &Found, llvm::ArrayRef<const FieldDecl *> Way,
                   const SourceManager &SM) {
  if (Way.empty() || !Way.front()->getIdentifier() ||
      cast<CXXRecordDecl>(Way.front()->getParent())->isLambda() ||
      isInSystemHeader(Way.front(), SM))
    return;
  Found.Steps.push_back(
      {Way.front()->getLocation(),
       "member '" + Way.front()->getNameAsString() + "' is declared here",
       StepKind::Explain, ""});
}

void addMemberStep(Finding &Found, const SendVerdict &Verdict,
                   const SourceManager &SM) {
  llvm::SmallVector<const FieldDecl *, 2> Way;
  for (const SendStep &Step : Verdict.Steps)
    if (Step.K == SendStep::Member && Step.Field)
      Way.push_back(Step.Field);
  addMemberStep(Found, Way, SM);
}

} // namespace threadhop
