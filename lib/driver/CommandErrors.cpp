//===--- CommandErrors.cpp - what clang says against a command ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/CommandErrors.h"
#include "support/Compat.h"
#include "support/CompatOptions.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Driver/Compilation.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/Job.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/TargetParser/Host.h"
#include <algorithm>

using namespace llvm;

namespace threadhop::driver {
namespace {

class ErrorTexts : public clang::DiagnosticConsumer {
public:
  std::vector<std::string> Texts;

  void HandleDiagnostic(clang::DiagnosticsEngine::Level Level,
                        const clang::Diagnostic &Info) override {
    if (Level < clang::DiagnosticsEngine::Error)
      return;
    SmallString<128> Text;
    Info.FormatDiagnostic(Text);
    Texts.push_back(std::string(Text));
  }
};

} // namespace

// All that clang does before it looks at a file.
static std::vector<std::string> errorsOf(ArrayRef<std::string> Args) {
  ErrorTexts Errors;
  DiagnosticOptionsHolder Options;
  clang::DiagnosticsEngine Engine(
      IntrusiveRefCntPtr<clang::DiagnosticIDs>(new clang::DiagnosticIDs),
      Options.argument(), &Errors, /*ShouldOwnClient=*/false);
  clang::driver::Driver Driver(Args[0], sys::getDefaultTargetTriple(), Engine,
                               "threadhop", vfs::getRealFileSystem());
  Driver.setCheckInputsExist(false);
  std::vector<const char *> Strings;
  for (const std::string &Arg : Args)
    Strings.push_back(Arg.c_str());
  Strings.insert(Strings.begin() + 1, "-fsyntax-only");
  std::unique_ptr<clang::driver::Compilation> Compilation(
      Driver.BuildCompilation(Strings));
  if (!Compilation || !Errors.Texts.empty() ||
      Compilation->getJobs().size() != 1)
    return std::move(Errors.Texts);
  ArrayRef<const char *> Frontend =
      Compilation->getJobs().begin()->getArguments();
  if (Frontend.empty() || StringRef(Frontend.front()) != "-cc1")
    return {};
  clang::CompilerInvocation Invocation;
  clang::CompilerInvocation::CreateFromArgs(Invocation, Frontend.drop_front(),
                                            Engine);
  if (Errors.Texts.empty())
    checkTarget(Engine, Invocation.getTargetOpts());
  return std::move(Errors.Texts);
}

// What is between quotes, up to another text that clang suggests.
static std::vector<std::string> quotedWords(StringRef Message) {
  std::vector<std::string> Words;
  SmallVector<StringRef> Parts;
  Message.split("did you mean").first.split(Parts, '\'');
  for (size_t I = 1; I < Parts.size(); I += 2) {
    std::string Word = Parts[I].str();
    // The frontend's arguments with a value of its own.
    if (StringRef(Word).starts_with("-"))
      std::replace(Word.begin(), Word.end(), ' ', '=');
    Words.push_back(std::move(Word));
  }
  return Words;
}

// "-fsanitize=a,b" without "b". The newest standard that there is stands for
// those to come.
static std::string without(StringRef Option, StringRef Values,
                           ArrayRef<std::string> Bad) {
  if (Option == "-std=" && Values.starts_with("gnu++"))
    return "-std=gnu++26";
  if (Option == "-std=" && Values.starts_with("c++"))
    return "-std=c++26";
  SmallVector<StringRef> Kept;
  Values.split(Kept, ',');
  size_t Before = Kept.size();
  erase_if(Kept, [&](StringRef Value) { return is_contained(Bad, Value); });
  if (Kept.empty() || Kept.size() == Before)
    return "";
  return Option.str() + join(Kept, ",");
}

std::optional<Correction> correctionFor(StringRef Message,
                                        ArrayRef<std::string> Args) {
  std::vector<std::string> Words = quotedWords(Message);
  for (const std::string &Arg : Args) {
    auto [Name, Value] = StringRef(Arg).split('=');
    if (!is_contained(Words, Arg))
      continue;
    if (Name == "-std")
      return Correction(Arg, without("-std=", Value, {}));
    return Correction(Arg, std::string());
  }
  // "unsupported argument 'b' to option '-fsanitize='".
  for (const std::string &Word : Words)
    for (const std::string &Arg : Args) {
      StringRef Value = Arg;
      if (StringRef(Word).starts_with("-") && StringRef(Word).ends_with("=") &&
          Value.consume_front(Word))
        return Correction(Arg, without(Word, Value, Words));
    }
  // "unknown target CPU 'b'".
  for (const std::string &Arg : Args)
    if (StringRef Value = StringRef(Arg).split('=').second;
        !Value.empty() && is_contained(Words, Value))
      return Correction(Arg, std::string());
  return std::nullopt;
}

bool replaceArgument(std::vector<std::string> &Args, StringRef Argument,
                     StringRef Better) {
  bool Any = false;
  for (size_t I = 1; I < Args.size();) {
    if (Args[I] != Argument) {
      ++I;
      continue;
    }
    Any = true;
    if (!Better.empty()) {
      Args[I++] = Better.str();
      continue;
    }
    bool OfFrontend = Args[I - 1] == "-Xclang";
    size_t Begin = I - OfFrontend, End = I + 1;
    // The value of an argument that the frontend does not know.
    if (OfFrontend && End + 1 < Args.size() && Args[End] == "-Xclang" &&
        !StringRef(Args[End + 1]).starts_with("-"))
      End += 2;
    Args.erase(Args.begin() + Begin, Args.begin() + End);
    I = Begin;
  }
  return Any;
}

Corrections correctionsFor(std::vector<std::string> Args) {
  Corrections Result;
  static constexpr unsigned MostRounds = 16;
  CrashRecoveryContext::Enable();
  for (unsigned Round = 0; Round != MostRounds; ++Round) {
    std::vector<std::string> Errors;
    CrashRecoveryContext Guard;
    if (!Guard.RunSafely([&] { Errors = errorsOf(Args); }))
      break;
    bool Any = false;
    for (const std::string &Message : Errors)
      if (auto Found = correctionFor(Message, ArrayRef(Args).drop_front())) {
        Any |= replaceArgument(Args, Found->first, Found->second);
        Result.push_back(std::move(*Found));
      }
    if (!Any)
      break;
  }
  CrashRecoveryContext::Disable();
  return Result;
}

} // namespace threadhop::driver
