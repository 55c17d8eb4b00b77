//===--- HiddenFindings.cpp - what NOLINT comments hide in a unit ---------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/HiddenFindings.h"
#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "driver/Config.h"
#include "findings/Finding.h"
#include "findings/Rules.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Regex.h"

using namespace clang;
using namespace clang::tidy;

namespace threadhop::driver {

ClangTidyError asError(llvm::StringRef CheckName, const Finding &Found,
                       const SourceManager &SM) {
  ClangTidyError Error(CheckName, ClangTidyError::Warning, "",
                       /*IsWarningAsError=*/false);
  Error.Message = tooling::DiagnosticMessage(Found.Message, SM, Found.Loc);
  if (Found.Range.isValid()) {
    auto Range = Lexer::getAsCharRange(Found.Range, SM, LangOptions());
    if (Range.isValid())
      Error.Message.Ranges.emplace_back(SM, Range);
  }
  for (const Step &S : Found.Steps)
    if (S.Loc.isValid())
      Error.Notes.emplace_back(S.Message, SM, S.Loc);
  return Error;
}

void HiddenFindings::see(const SourceManager &SM) {
  if (!Wanted || !Seen.empty())
    return;
  // The main file stands for having looked.
  Seen.insert(MainFile);
  for (auto It = SM.fileinfo_begin(); It != SM.fileinfo_end(); ++It) {
    auto Text = It->second->getBufferDataIfLoaded();
    if (!Text || !Text->contains("NOLINT"))
      continue;
    FileID ID = SM.translateFile(It->first);
    if (ID.isInvalid() ||
        SrcMgr::isSystem(SM.getFileCharacteristic(SM.getLocForStartOfFile(ID))))
      continue;
    Seen.insert(normalisedPath(It->first.getName(), Directory));
  }
}

HiddenFindings::File &HiddenFindings::file(const std::string &Name) {
  File &F = Files[Name];
  if (!F.Directives) {
    const SourceText *Text = Sources.get(Name);
    F.Directives = std::make_unique<NoLintDirectives>(Text ? Text->text() : "");
  }
  return F;
}

bool HiddenFindings::hide(Result &R) {
  const SourceText *Text = Sources.get(R.At.File);
  if (!Text)
    return false;
  File &F = file(R.At.File);
  std::vector<size_t> By = F.Directives->hiding(R.At.Offset, R.Check);
  if (By.empty())
    return false;
  ++Hidden;
  const NoLintDirective &Nearest = F.Directives->all()[By.front()];
  R.HiddenBy.emplace();
  R.HiddenBy->At.File = R.At.File;
  R.HiddenBy->At.Offset = Nearest.Offset;
  std::tie(R.HiddenBy->At.Line, R.HiddenBy->At.Column) =
      Text->position(Nearest.Offset);
  R.HiddenBy->End = Nearest.End;
  R.HiddenBy->Reason = Nearest.Reason;
  for (size_t I : By)
    for (std::string &Pattern : F.Directives->all()[I].patterns())
      if (matchesCheck(Pattern, R.Check))
        F.Used[I].insert(std::move(Pattern));
  return true;
}

static bool isWantedHeader(llvm::StringRef File,
                           const ClangTidyOptions &Options) {
  return llvm::Regex(Options.HeaderFilterRegex.value_or("")).match(File) &&
         !llvm::Regex(Options.ExcludeHeaderFilterRegex.value_or(""))
              .match(File);
}

// As clang-tidy's consumer of diagnostics decides it.
bool HiddenFindings::passesFilters(const Result &R, bool InMainFile,
                                   bool InSystemHeader,
                                   const ClangTidyContext &Context) {
  const ClangTidyOptions &Options = Context.getOptions();
  if (!InMainFile) {
    if (InSystemHeader && !Options.SystemHeaders.value_or(false))
      return false;
    if (!isWantedHeader(R.At.File, Options))
      return false;
  }
  const auto &Filters = Context.getGlobalOptions().LineFilter;
  if (Filters.empty())
    return true;
  for (const FileFilter &Filter : Filters)
    if (llvm::StringRef(R.At.File).ends_with(Filter.Name))
      return Filter.LineRanges.empty() ||
             llvm::any_of(
                 Filter.LineRanges, [&](const FileFilter::LineRange &Range) {
                   return Range.first <= R.At.Line && R.At.Line <= Range.second;
                 });
  return false;
}

std::vector<SuppressionComment>
HiddenFindings::comments(const AnalysisOptions &Opts, unsigned ByNoLint) {
  auto Provider = makeOptionsProvider(Opts);
  ClangTidyOptions Options = Provider->getOptions(MainFile);
  std::vector<std::string> Enabled = enabledChecks(*Provider, MainFile);
  llvm::erase_if(Enabled, [](llvm::StringRef Check) {
    return !Check.starts_with("threadhop-");
  });
  std::vector<SuppressionComment> Result;
  for (const std::string &Name : Seen) {
    const SourceText *Text = Sources.get(Name);
    if (!Text || (Name != MainFile && !isWantedHeader(Name, Options)))
      continue;
    File &F = file(Name);
    F.Directives->lookAround();
    for (size_t I = 0; I != F.Directives->all().size(); ++I) {
      const NoLintDirective &D = F.Directives->all()[I];
      if (!D.InComment || D.Name == "NOLINTEND")
        continue;
      SuppressionComment C;
      C.At.File = Name;
      C.At.Offset = D.Offset;
      std::tie(C.At.Line, C.At.Column) = Text->position(D.Offset);
      C.End = D.End;
      C.Directive = D.Name;
      C.Reason = D.Reason;
      C.InMainFile = Name == MainFile;
      C.Conditional = D.Conditional;
      for (const std::string &Pattern : D.patterns()) {
        bool Ours = llvm::StringRef(Pattern).starts_with("threadhop-");
        auto Matches = [&](llvm::StringRef Check) {
          return matchesCheck(Pattern, Check);
        };
        if (!Ours && llvm::none_of(rules(), [&](const Rule &Known) {
              return Matches(Known.Name);
            }))
          continue;
        bool Used = F.Used[I].count(Pattern) || (!Ours && ByNoLint > Hidden);
        C.Items.push_back({Pattern, llvm::any_of(Enabled, Matches), Used});
      }
      if (!C.Items.empty())
        Result.push_back(std::move(C));
    }
  }
  return Result;
}

} // namespace threadhop::driver
