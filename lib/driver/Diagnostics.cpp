//===--- Diagnostics.cpp - results out of diagnostics ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include <map>
#include <set>

using namespace clang;
namespace fs = llvm::sys::fs;

namespace threadhop::driver {

Place DiagnosticConverter::placeOf(const tooling::DiagnosticMessage &Message) {
  Place At;
  if (Message.FilePath.empty())
    return At;
  At.File = pathOf(Message.FilePath);
  At.Offset = Message.FileOffset;
  if (const SourceText *Text = Sources.get(At.File))
    std::tie(At.Line, At.Column) = Text->position(At.Offset);
  return At;
}

unsigned DiagnosticConverter::endOf(const Place &At,
                                    const std::vector<Stretch> &Highlights) {
  for (const Stretch &S : Highlights)
    if (S.File == At.File && S.Offset == At.Offset && S.Length != 0)
      return S.Offset + S.Length;
  const SourceText *Text = Sources.get(At.File);
  return Text ? Text->tokenEnd(At.Offset) : At.Offset;
}

std::vector<Stretch>
DiagnosticConverter::highlights(const tooling::DiagnosticMessage &Message) {
  std::vector<Stretch> Result;
  for (const tooling::FileByteRange &Range : Message.Ranges)
    Result.push_back({pathOf(Range.FilePath), Range.FileOffset, Range.Length});
  return Result;
}

std::vector<Change>
DiagnosticConverter::changes(const tooling::DiagnosticMessage &Message) {
  std::vector<Change> Result;
  for (const auto &File : Message.Fix)
    for (const tooling::Replacement &R : File.second)
      if (R.isApplicable())
        Result.push_back({pathOf(R.getFilePath()), R.getOffset(), R.getLength(),
                          R.getReplacementText().str()});
  // A hash map held them.
  llvm::sort(Result, [](const Change &A, const Change &B) {
    return std::tie(A.File, A.Offset, A.Length, A.Text) <
           std::tie(B.File, B.Offset, B.Length, B.Text);
  });
  return Result;
}

Result DiagnosticConverter::convert(const tooling::Diagnostic &Said) {
  if (!Said.BuildDirectory.empty())
    Directory = Said.BuildDirectory;
  Result R;
  R.Check = Said.DiagnosticName;
  R.At = placeOf(Said.Message);
  R.Message = Said.Message.Message;
  R.Level = Said.DiagLevel == tooling::Diagnostic::Error ? "error" : "warning";
  R.Highlights = highlights(Said.Message);
  R.End = endOf(R.At, R.Highlights);
  R.Fixes = changes(Said.Message);
  for (const tooling::DiagnosticMessage &Note : Said.Notes) {
    ResultStep S;
    S.At = placeOf(Note);
    S.Message = Note.Message;
    S.Highlights = highlights(Note);
    S.End = endOf(S.At, S.Highlights);
    S.Fixes = changes(Note);
    R.Steps.push_back(std::move(S));
  }
  return R;
}

void unifyPaths(std::vector<Result> &Results) {
  std::map<fs::UniqueID, std::set<std::string>> Names;
  std::map<std::string, std::string> Better;
  auto ForEachName = [&](llvm::function_ref<void(std::string &)> Do) {
    for (Result &R : Results) {
      Do(R.At.File);
      for (Stretch &S : R.Highlights)
        Do(S.File);
      for (Change &C : R.Fixes)
        Do(C.File);
      for (ResultMoment &M : R.Story)
        Do(M.At.File);
      for (ResultStep &Step : R.Steps) {
        Do(Step.At.File);
        for (Stretch &S : Step.Highlights)
          Do(S.File);
        for (Change &C : Step.Fixes)
          Do(C.File);
      }
    }
  };
  ForEachName([&](std::string &Name) {
    fs::UniqueID ID;
    if (Better.try_emplace(Name, Name).second && !fs::getUniqueID(Name, ID))
      Names[ID].insert(Name);
  });
  bool Any = false;
  for (const auto &[ID, Same] : Names) {
    if (Same.size() < 2)
      continue;
    Any = true;
    llvm::SmallString<256> Real;
    fs::real_path(*Same.begin(), Real);
    std::string Best =
        Same.count(std::string(Real)) ? std::string(Real) : *Same.begin();
    for (const std::string &Name : Same)
      Better[Name] = Best;
  }
  if (Any)
    ForEachName([&](std::string &Name) { Name = Better[Name]; });
}

} // namespace threadhop::driver
