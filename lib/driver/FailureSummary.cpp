//===--- FailureSummary.cpp - failures with the same cause ----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/FailureSummary.h"
#include "driver/Messages.h"
#include "driver/SourceText.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace threadhop::driver {

static constexpr StringLiteral BuildOnce = "build the project once";
static constexpr StringLiteral GoneFile =
    "the file of the compilation database is not there";

//===----------------------------------------------------------------------===//
// Generated files
//===----------------------------------------------------------------------===//

bool hasGeneratedName(StringRef File) {
  StringRef Name = path::filename(File);
  auto Is = [&](StringRef Start, StringRef End) {
    return Name.size() > Start.size() + End.size() && Name.starts_with(Start) &&
           Name.ends_with(End);
  };
  return Is("ui_", ".h") || Is("moc_", ".cpp") || Is("qrc_", ".cpp") ||
         Name == "mocs_compilation.cpp" || Is("", ".moc") || Is("", ".pb.h") ||
         Is("", ".pb.cc") || Is("", "_export.h") || Is("", "_generated.h") ||
         Is("", ".tab.h") || Is("", ".tab.hpp") || Name == "config.h" ||
         Name == "version.h";
}

static bool isBelow(StringRef File, StringRef Folder) {
  return !Folder.empty() && relativeTo(Folder, File) != File;
}

// Where the unit looks for headers, but for those of the compiler.
static std::vector<std::string> includeFolders(const Unit &What) {
  std::vector<std::string> Folders;
  for (size_t I = 1; I < What.Command.size(); ++I) {
    StringRef Arg = What.Command[I];
    for (StringRef Option : {"-iquote", "-isystem", "-idirafter", "-I", "/I"}) {
      StringRef Folder = Arg;
      if (!Folder.consume_front(Option))
        continue;
      if (Folder.empty() && I + 1 < What.Command.size())
        Folder = What.Command[++I];
      Folders.push_back(normalisedPath(Folder, What.Directory));
      break;
    }
  }
  return Folders;
}

// Whether a header is written "x.h" there.
static bool isQuoted(const Place &At) {
  auto Text = MemoryBuffer::getFile(At.File, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  return Text &&
         (*Text)
             ->getBuffer()
             .drop_front(std::min<size_t>(At.Offset, (*Text)->getBufferSize()))
             .starts_with("\"");
}

// Whether the header is one of the project that its build makes: by its name,
// or because it must be in a folder that the build fills.
static bool seemsGenerated(StringRef Header, const Place &At, const Unit &What,
                           StringRef BuildFolder) {
  if (hasGeneratedName(Header))
    return true;
  std::vector<std::string> Folders = includeFolders(What);
  bool Unbuilt = any_of(
      Folders, [](StringRef Folder) { return !fs::is_directory(Folder); });
  // Most commands name a build folder, and most missing headers are some
  // library's; of a plain name more must be known.
  StringRef First = *path::begin(Header);
  if (First == Header)
    return Unbuilt && isQuoted(At);
  if (!Unbuilt && none_of(Folders, [&](StringRef Folder) {
        return Folder == BuildFolder || isBelow(Folder, BuildFolder);
      }))
    return false;
  // A library that is not installed has a folder of a name that is nowhere.
  Folders.push_back(path::parent_path(What.File).str());
  return any_of(Folders, [&](StringRef Folder) {
    SmallString<256> Path(Folder);
    path::append(Path, First);
    return fs::is_directory(Path);
  });
}

//===----------------------------------------------------------------------===//
// Causes
//===----------------------------------------------------------------------===//

// "'x.h' file not found".
static StringRef missingHeader(const Result &Error) {
  StringRef Name = Error.Message;
  if (!Error.isCompilerError() || !Name.consume_back("' file not found") ||
      !Name.consume_front("'"))
    return "";
  return Name;
}

// What clang says of compiled modules that are not there, or not for it.
static bool isAboutModules(const Result &Error) {
  StringRef Text = Error.Message;
  return (Text.starts_with("module '") && Text.ends_with("' not found")) ||
         any_of(ArrayRef<StringRef>{"module file '", "precompiled file '",
                                    "precompiled file: '", "AST file '",
                                    "AST file: '", "' is not a module file",
                                    "' is not a valid module file",
                                    "' is not a valid precompiled module file",
                                    "implicit use of module files is disabled"},
                [&](StringRef Part) { return Text.contains(Part); });
}

StringRef commonReason(const Result &Error) {
  if (!Error.isCompilerError())
    return "";
  bool Common = !missingHeader(Error).empty() || isAboutModules(Error);
  return Common ? StringRef(Error.Message) : "";
}

static void setCause(UnitFailure &F, const Result &Error, const Unit &What,
                     StringRef BuildFolder) {
  if (StringRef Header = missingHeader(Error); !Header.empty()) {
    F.Cause = ("header '" + Header + "' was not found").str();
    if (seemsGenerated(Header, Error.At, What, BuildFolder))
      F.Advice = ("it seems to be generated: " + BuildOnce).str();
    return;
  }
  F.Cause = Error.Message;
  if (isAboutModules(Error)) {
    F.Cause = "imports of compiled modules that are not there, or that another "
              "compiler made";
    F.Advice = ("with this version of clang " + BuildOnce).str();
  } else if (Error.At.isValid()) {
    F.Cause = Error.At.File + ":" + std::to_string(Error.At.Line) + ": " +
              Error.Message;
  }
}

void explainParseFailure(UnitFailure &F, ArrayRef<Result> Results,
                         const Unit &What, StringRef BuildFolder) {
  unsigned Errors =
      count_if(Results, [](const Result &R) { return R.isCompilerError(); });
  F.Kind = FailureKind::Parse;
  F.Text = "the compiler found " + counted(Errors, "error");
  // A file that is missing ends the unit; whatever else there was is of little
  // use. What is in the unit's own code is its own.
  const Result *Chosen = nullptr;
  for (const Result &R : Results)
    if (!commonReason(R).empty())
      Chosen = &R;
    else if (R.isCompilerError() && !Chosen && R.At.File != What.File)
      Chosen = &R;
  if (!Chosen)
    return;
  setCause(F, *Chosen, What, BuildFolder);
  F.Text = F.Cause + (F.Advice.empty() ? "" : "; " + F.Advice);
}

UnitFailure missingFile(const Unit &What, StringRef BuildFolder) {
  UnitFailure F;
  F.File = What.File;
  F.Kind = FailureKind::Missing;
  F.Text = F.Cause = GoneFile.str();
  if (hasGeneratedName(What.File) || isBelow(What.File, BuildFolder)) {
    F.Advice = ("it seems to be generated: " + BuildOnce).str();
    F.Text += "; " + F.Advice;
  }
  return F;
}

UnitFailure missingFolder(const Unit &What) {
  UnitFailure F;
  F.File = What.File;
  F.Kind = FailureKind::Missing;
  F.Text = F.Cause = "the folder '" + What.Directory +
                     "', where the compilation database says that it is "
                     "compiled, is not there";
  return F;
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

static std::string names(ArrayRef<const UnitFailure *> Members,
                         size_t MostNames) {
  std::string Text;
  size_t Shown = std::min(Members.size(), MostNames);
  // One more is as short as saying so.
  if (Shown + 1 == Members.size() && Shown)
    ++Shown;
  for (size_t I = 0; I != Shown; ++I) {
    if (I)
      Text += I + 1 == Members.size() ? " and " : ", ";
    Text += "'" + Members[I]->File + "'";
  }
  if (Shown < Members.size() && Shown)
    Text += " and " + std::to_string(Members.size() - Shown) + " more";
  return Text;
}

std::string FailureGroup::sentence(size_t MostNames) const {
  const UnitFailure &F = first();
  std::string Text;
  if (Members.size() == 1) {
    if (F.Kind == FailureKind::Configuration || F.File.empty())
      return F.Text;
    return "'" + F.File + "' " + F.lead().str() + F.Text;
  }
  std::string Count = std::to_string(Members.size());
  // One of them may know more of the same cause.
  auto Advised = find_if(
      Members, [](const UnitFailure *Of) { return !Of->Advice.empty(); });
  std::string Advice = Advised == Members.end() ? "" : (*Advised)->Advice;
  if (F.Cause == GoneFile) {
    Text = Count +
           " entries of the compilation database are for files that are not "
           "there";
    if (!Advice.empty())
      Advice = ("they seem to be generated: " + BuildOnce).str();
  } else {
    Text = Count + " units " +
           (F.Kind == FailureKind::Parse
                ? "did not parse, so their findings may be incomplete: "
                : "were not analysed: ") +
           F.Cause;
  }
  if (!Advice.empty())
    Text += "; " + Advice;
  std::string Names = names(Members, MostNames);
  return Names.empty() ? Text : Text + ": " + Names;
}

std::vector<FailureGroup> groupFailures(ArrayRef<UnitFailure> Failures) {
  MapVector<std::string, FailureGroup, std::map<std::string, unsigned>> Groups;
  for (size_t I = 0; I != Failures.size(); ++I) {
    const UnitFailure &F = Failures[I];
    std::string Key = std::string(failureKindName(F.Kind)) + '\0';
    // Files that a build will make are one thing, those that are gone another.
    if (F.Cause.empty())
      Key += std::to_string(I);
    else if (F.Kind == FailureKind::Missing)
      Key += F.Cause + '\0' + F.Advice;
    else
      Key += F.Cause + '\0';
    Groups[Key].Members.push_back(&F);
  }
  std::vector<FailureGroup> Result;
  for (auto &[Key, Group] : Groups)
    Result.push_back(std::move(Group));
  return Result;
}

std::optional<std::vector<Result>>
withoutRepeatedErrors(ArrayRef<Result> Results) {
  StringMap<unsigned> Places;
  bool Any = false;
  for (const Result &R : Results)
    if (StringRef Reason = commonReason(R); !Reason.empty())
      Any |= ++Places[Reason] > 1;
  if (!Any)
    return std::nullopt;
  std::vector<Result> Kept;
  for (const Result &R : Results) {
    StringRef Reason = commonReason(R);
    if (Reason.empty()) {
      Kept.push_back(R);
      continue;
    }
    unsigned &Count = Places[Reason];
    if (!Count)
      continue;
    Kept.push_back(R);
    if (Count > 1) {
      ResultStep Rest;
      Rest.Message = "the same at " + counted(Count - 1, "more place");
      Kept.back().Steps.push_back(std::move(Rest));
    }
    Count = 0;
  }
  return Kept;
}

} // namespace threadhop::driver
