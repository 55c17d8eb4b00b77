//===--- TextWriter.cpp - results as the compiler prints them -------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/TextWriter.h"
#include "support/Compat.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;

namespace threadhop::driver {
namespace {

/// Feeds clang's own printer.
class TextWriter {
public:
  TextWriter(bool Colors, llvm::raw_ostream &OS)
      : OS(OS), Printer(OS, Options.argument()),
        Engine(llvm::IntrusiveRefCntPtr<DiagnosticIDs>(new DiagnosticIDs),
               Options.argument(), &Printer, /*ShouldOwnClient=*/false),
        Files(FileSystemOptions()), Sources(Engine, Files) {
    (*Options).ShowColors = Colors;
    Printer.BeginSourceFile(Language, nullptr);
  }

  void write(const Result &R);

private:
  void report(DiagnosticsEngine::Level Level, const Place &At,
              const std::string &Message, llvm::ArrayRef<Stretch> Highlights,
              llvm::ArrayRef<Change> Fixes);
  SourceLocation locate(llvm::StringRef File, unsigned Offset);
  CharSourceRange range(llvm::StringRef File, unsigned Offset, unsigned Length);

  llvm::raw_ostream &OS;
  DiagnosticOptionsHolder Options;
  LangOptions Language;
  TextDiagnosticPrinter Printer;
  DiagnosticsEngine Engine;
  FileManager Files;
  SourceManager Sources;
};

} // namespace

// Invalid where the file is gone or has become shorter since the analysis.
SourceLocation TextWriter::locate(llvm::StringRef File, unsigned Offset) {
  if (File.empty())
    return {};
  auto Entry = Files.getOptionalFileRef(File);
  if (!Entry)
    return {};
  FileID ID = Sources.getOrCreateFileID(*Entry, SrcMgr::C_User);
  auto Buffer = Sources.getBufferOrNone(ID);
  if (!Buffer || Offset > Buffer->getBufferSize())
    return {};
  return Sources.getLocForStartOfFile(ID).getLocWithOffset(Offset);
}

CharSourceRange TextWriter::range(llvm::StringRef File, unsigned Offset,
                                  unsigned Length) {
  SourceLocation Begin = locate(File, Offset);
  SourceLocation End = locate(File, Offset + Length);
  if (Begin.isInvalid() || End.isInvalid())
    return {};
  return CharSourceRange::getCharRange(Begin, End);
}

void TextWriter::report(DiagnosticsEngine::Level Level, const Place &At,
                        const std::string &Message,
                        llvm::ArrayRef<Stretch> Highlights,
                        llvm::ArrayRef<Change> Fixes) {
  SourceLocation Loc = locate(At.File, At.Offset);
  // Without the file there is still the place, or at least the name.
  if (Loc.isInvalid() && At.isValid())
    OS << At.File << ':' << At.Line << ':' << At.Column << ": ";
  else if (Loc.isInvalid() && !At.File.empty())
    OS << At.File << ": ";
  auto Diag =
      Engine.Report(Loc, Engine.getDiagnosticIDs()->getCustomDiagID(
                             static_cast<DiagnosticIDs::Level>(Level), "%0"));
  Diag << Message;
  for (const Stretch &S : Highlights)
    if (auto R = range(S.File, S.Offset, S.Length); R.isValid())
      Diag << R;
  for (const Change &C : Fixes)
    if (auto R = range(C.File, C.Offset, C.Length); R.isValid())
      Diag << FixItHint::CreateReplacement(R, C.Text);
}

void TextWriter::write(const Result &R) {
  std::string Name = R.Check;
  for (const std::string &Alias : R.Aliases)
    Name += "," + Alias;
  if (R.WarningAsError)
    Name += ",-warnings-as-errors";
  report(R.Level == "error" ? DiagnosticsEngine::Error
                            : DiagnosticsEngine::Warning,
         R.At, R.Message + " [" + Name + "]", R.Highlights, R.Fixes);
  for (const ResultStep &S : R.Steps)
    report(DiagnosticsEngine::Note, S.At, S.Message, S.Highlights, S.Fixes);
}

void writeText(llvm::ArrayRef<Result> Results, bool Colors,
               llvm::raw_ostream &OS) {
  OS.enable_colors(Colors);
  TextWriter Writer(Colors, OS);
  for (const Result &R : Results)
    if (R.counts() || R.isCompilerError())
      Writer.write(R);
}

} // namespace threadhop::driver
