//===--- ConfigChecker.cpp - finds what is wrong with a configuration -----===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "clang-tidy/ClangTidyOptions.h"
#include "config/TolerantFile.h"
#include "driver/Config.h"
#include "driver/Messages.h"
#include "driver/SourceText.h"
#include "support/Compat.h"
#include "clang/Format/Format.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/SourceMgr.h"

using namespace clang::tidy;
using namespace llvm;

namespace threadhop::driver {

ConfigChecker::ConfigChecker(const AnalysisOptions &Opts, bool Strict)
    : Opts(Opts), Strict(Strict) {}

// Making every check is the price of knowing their options, so this is done
// only when there is a name to look up.
void ConfigChecker::knowNames() {
  if (!Checks.empty())
    return;
  auto All = allCheckAndOptionNames();
  Checks = std::move(All.Checks);
  CheckOptions = std::move(All.Options);
}

static std::vector<StringRef> keysOf(const StringSet<> &Set) {
  std::vector<StringRef> Keys(Set.keys().begin(), Set.keys().end());
  sort(Keys);
  return Keys;
}

static bool isNameCharacter(char C) {
  return isAlnum(C) || StringRef("-_.*").contains(C);
}

// The first line of the text where the word stands outside a comment, or 0.
static unsigned lineOf(StringRef Word, StringRef Text) {
  unsigned Number = 0;
  for (StringRef Rest = Text; !Rest.empty();) {
    StringRef Line;
    std::tie(Line, Rest) = Rest.split('\n');
    ++Number;
    StringRef Code = Line.ltrim().starts_with("#") ? "" : Line;
    if (size_t Comment = Code.find(" #"); Comment != StringRef::npos)
      Code = Code.take_front(Comment);
    for (size_t At = Code.find(Word); At != StringRef::npos;
         At = Code.find(Word, At + 1)) {
      // "-name" is the name with a minus, "other-name" is another one.
      StringRef Before = Code.take_front(At);
      Before.consume_back("-");
      StringRef After = Code.substr(At + Word.size());
      if ((Before.empty() || !isNameCharacter(Before.back())) &&
          (After.empty() || !isNameCharacter(After.front())))
        return Number;
    }
  }
  return 0;
}

// The line of a comment that is a part of a list's item.
static unsigned lineOfComment(StringRef Item, StringRef Text) {
  unsigned Number = 0;
  for (StringRef Line : split(Text, '\n')) {
    ++Number;
    Line = Line.trim();
    if (Line.starts_with("#") &&
        (Item.starts_with(Line.rtrim(',')) || Line.starts_with(Item)))
      return Number;
  }
  return 0;
}

void ConfigChecker::report(StringRef Word, StringRef Text, StringRef Name,
                           const std::string &Message, bool MayPass) {
  unsigned Line =
      Word.starts_with("#") ? lineOfComment(Word, Text) : lineOf(Word, Text);
  std::string Place = Name.str();
  if (Line)
    Place += ":" + std::to_string(Line);
  Found.push_back({Line, Place + ": " + Message, Word.str(),
                   MayPass && InProjectFile && !Strict});
}

// What was found in one text, in the order of its lines; what is passed over
// in it is said once.
void ConfigChecker::flush() {
  sort(Found, [](const Problem &A, const Problem &B) {
    return std::tie(A.Line, A.Message) < std::tie(B.Line, B.Message);
  });
  static constexpr unsigned MostNamed = 5;
  unsigned Passed = 0;
  std::string Warning;
  for (Problem &P : Found) {
    if (!P.Passes) {
      Errors.push_back(std::move(P.Message));
      continue;
    }
    ++Passed;
    if (Passed == 1)
      Warning = std::move(P.Message);
    else if (Passed - 1 <= MostNamed)
      Warning +=
          (Passed > 2                          ? ", '"
           : StringRef(Warning).ends_with("?") ? " Passed over as well: '"
                                               : "; passed over as well: '") +
          P.Word + "'" + (P.Line ? " in line " + std::to_string(P.Line) : "");
  }
  if (Passed > MostNamed + 1)
    Warning += " and " + std::to_string(Passed - 1 - MostNamed) +
               " more, which --verify-config names";
  if (Passed)
    Warnings.push_back(std::move(Warning));
  Found.clear();
}

// A misspelt name of ours is an error wherever it stands: without it the file
// does not say what its author meant.
static bool isOurs(StringRef Word, StringRef Suggestion) {
  return Word.starts_with("threadhop") || Suggestion.contains("'threadhop-") ||
         Suggestion.contains("'ModelFiles'");
}

void ConfigChecker::checkGlobs(StringRef Globs, StringRef Text,
                               StringRef Name) {
  for (StringRef Rest = Globs; !Rest.empty();) {
    size_t End = Rest.find_first_of(",\n");
    StringRef Item = Rest.take_front(End).trim();
    Rest = End == StringRef::npos ? "" : Rest.substr(End + 1);
    Item.consume_front("-");
    Item = Item.trim();
    // Warnings of the compiler are named freely, and a pattern may well match
    // nothing.
    if (Item.empty())
      continue;
    if (Item.starts_with("#")) {
      report(Item, Text, Name,
             "a comment inside of a list of checks is none: all up to the next "
             "comma is taken for the name of a check",
             /*MayPass=*/true);
      continue;
    }
    if (Item.contains('*') || Item.starts_with("clang-diagnostic-"))
      continue;
    knowNames();
    if (Checks.contains(Item))
      continue;
    std::string Suggestion = didYouMean(Item, keysOf(Checks));
    report(Item, Text, Name, "unknown check '" + Item.str() + "'" + Suggestion,
           !isOurs(Item, Suggestion));
  }
}

void ConfigChecker::checkOptionKey(StringRef Key, StringRef Text,
                                   StringRef Name) {
  // Checks of clang-tidy may make up option names as they go; ours do not, and
  // neither do the options for all checks, which have no dot.
  bool Ours = Key.starts_with("threadhop-");
  if (!Ours && Key.contains('.') && !Strict)
    return;
  knowNames();
  if (CheckOptions.contains(Key))
    return;
  StringRef Check = Key.split('.').first;
  if (Key.contains('.') && !Checks.contains(Check)) {
    std::string Suggestion = didYouMean(Check, keysOf(Checks));
    report(Key, Text, Name,
           "unknown check '" + Check.str() + "' in the option '" + Key.str() +
               "'" + Suggestion,
           !isOurs(Check, Suggestion));
    return;
  }
  std::vector<StringRef> Candidates;
  for (StringRef Candidate : keysOf(CheckOptions))
    if (Key.contains('.') ? Candidate.split('.').first == Check
                          : !Candidate.contains('.'))
      Candidates.push_back(Candidate);
  std::string Suggestion = didYouMean(Key, Candidates);
  report(Key, Text, Name, "unknown option '" + Key.str() + "'" + Suggestion,
         !isOurs(Key, Suggestion));
}

void ConfigChecker::checkRegex(StringRef Regex, StringRef Text,
                               StringRef Name) {
  // Empty is how --dump-config writes that there is none.
  std::string Message;
  if (!Regex.empty() && !llvm::Regex(Regex).isValid(Message))
    report(Regex, Text, Name,
           "'" + Regex.str() + "' is no regular expression: " + Message,
           /*MayPass=*/false);
}

void ConfigChecker::checkStyle(StringRef Style, StringRef Text,
                               StringRef Name) {
  // A style's own file is somebody else's.
  if (Style == "none" || Style == "file")
    return;
  if (auto Parsed = clang::format::getStyle(Style, "", "none"); !Parsed)
    report(Style, Text, Name,
           "unknown FormatStyle '" + Style.str() +
               "': " + toString(Parsed.takeError()),
           /*MayPass=*/true);
}

// YAML columns count from 0; of what is missing, a line is 0 or -1.
static std::string placeOf(const SMDiagnostic &Diag, StringRef Name) {
  std::string Place = Name.str();
  if (Diag.getLineNo() > 0)
    Place += ":" + std::to_string(Diag.getLineNo());
  if (Diag.getLineNo() > 0 && Diag.getColumnNo() >= 0)
    Place += ":" + std::to_string(Diag.getColumnNo() + 1);
  return Place;
}

// A key that is unknown, or a value that cannot be read.
void ConfigChecker::leaveOut(const SMDiagnostic &Diag, StringRef Name) {
  StringRef Message = Diag.getMessage();
  StringRef Word = Message.split('\'').second.rsplit('\'').first;
  std::string Suggestion;
  if (Message.starts_with("unknown key"))
    Suggestion = didYouMean(Word, knownConfigKeys());
  unsigned Line = std::max(Diag.getLineNo(), 0);
  Found.push_back(
      {Line, placeOf(Diag, Name) + ": " + Message.str() + Suggestion,
       Word.empty() ? Message.str() : Word.str(), InProjectFile && !Strict});
}

void ConfigChecker::checkText(StringRef Text, StringRef Name) {
  std::vector<std::string> Wrong;
  auto Take = [&](const SMDiagnostic &Diag) {
    Wrong.push_back(placeOf(Diag, Name) + ": " + Diag.getMessage().str());
  };
  MemoryBufferRef Buffer(Text, Name);
  auto Parsed =
      InProjectFile
          ? parseTolerantly(
                Buffer, parseConfigurationWithDiags,
                [&](const SMDiagnostic &Diag) { leaveOut(Diag, Name); }, Take)
          : parseConfigurationWithDiags(Buffer, Take);
  if (!Parsed) {
    if (Wrong.empty())
      Wrong.push_back(Name.str() + ": " + Parsed.getError().message());
    Found.clear();
    append_range(Errors, Wrong);
    return;
  }
  LastInherits = Parsed->InheritParentConfig.value_or(false);
  if (Parsed->Checks)
    checkGlobs(*Parsed->Checks, Text, Name);
  if (Parsed->WarningsAsErrors)
    checkGlobs(*Parsed->WarningsAsErrors, Text, Name);
  if (Parsed->HeaderFilterRegex)
    checkRegex(*Parsed->HeaderFilterRegex, Text, Name);
  if (Parsed->ExcludeHeaderFilterRegex)
    checkRegex(*Parsed->ExcludeHeaderFilterRegex, Text, Name);
  std::vector<StringRef> Keys(Parsed->CheckOptions.keys().begin(),
                              Parsed->CheckOptions.keys().end());
  sort(Keys);
  for (StringRef Key : Keys) {
    OptionLines[Name.str()][Key.str()] = lineOf(Key, Text);
    checkOptionKey(Key, Text, Name);
  }
  if (Parsed->FormatStyle)
    checkStyle(*Parsed->FormatStyle, Text, Name);
  flush();
}

void ConfigChecker::checkCommandLine() {
  if (Opts.Checks)
    checkGlobs(*Opts.Checks, "", "--checks");
  if (Opts.WarningsAsErrors)
    checkGlobs(*Opts.WarningsAsErrors, "", "--warnings-as-errors");
  if (Opts.HeaderFilter)
    checkRegex(*Opts.HeaderFilter, "", "--header-filter");
  if (Opts.ExcludeHeaderFilter)
    checkRegex(*Opts.ExcludeHeaderFilter, "", "--exclude-header-filter");
  // In the order of the options above.
  for (Problem &P : Found)
    Errors.push_back(std::move(P.Message));
  Found.clear();
  if (!Opts.LineFilter.empty()) {
    ClangTidyGlobalOptions Global;
    if (std::error_code EC = parseLineFilter(Opts.LineFilter, Global))
      Errors.push_back("--line-filter: '" + Opts.LineFilter +
                       "' is no line filter: " + EC.message());
  }
  if (Opts.Config) {
    checkText(*Opts.Config, Opts.ConfigName);
    ConfigInherits = LastInherits;
  }
}

// Returns whether there is a configuration in the folder's file.
bool ConfigChecker::readFile(StringRef File, bool &Inherits) {
  if (!sys::fs::is_regular_file(File))
    return false;
  auto Text = MemoryBuffer::getFile(File);
  if (!Text) {
    Errors.push_back("cannot read '" + File.str() +
                     "': " + Text.getError().message());
    return true;
  }
  // clang-tidy passes over empty files too.
  if ((*Text)->getBuffer().empty())
    return false;
  LastInherits = false;
  InProjectFile = true;
  checkText((*Text)->getBuffer(), File);
  InProjectFile = false;
  Inherits = LastInherits;
  return true;
}

void ConfigChecker::checkFilesFor(StringRef File) {
  if (Opts.Config && !ConfigInherits)
    return;
  for (StringRef Folder = sys::path::parent_path(File); !Folder.empty();
       Folder = sys::path::parent_path(Folder)) {
    auto [It, New] = Folders.try_emplace(Folder, true);
    if (New) {
      bool Inherits = true;
      SmallString<256> Name(Folder);
      sys::path::append(Name, ".clang-tidy");
      if (readFile(Name, Inherits))
        It->second = Inherits;
    }
    if (!It->second)
      return;
  }
}

std::string ConfigChecker::withPlace(const std::string &Message,
                                     StringRef File) const {
  // "... for option 'name'": the only quoted word that is a known name.
  auto PlaceIn = [&](const std::string &Name) -> std::string {
    auto Lines = OptionLines.find(Name);
    if (Lines != OptionLines.end())
      for (const auto &[Key, Line] : Lines->second)
        if (StringRef(Message).contains("'" + Key + "'"))
          return Name + (Line ? ":" + std::to_string(Line) : "") + ": ";
    return "";
  };
  if (Opts.Config) {
    if (std::string Place = PlaceIn(Opts.ConfigName); !Place.empty())
      return Place + Message;
    if (!ConfigInherits)
      return Message;
  }
  for (StringRef Folder = sys::path::parent_path(File); !Folder.empty();
       Folder = sys::path::parent_path(Folder)) {
    SmallString<256> Name(Folder);
    sys::path::append(Name, ".clang-tidy");
    if (std::string Place = PlaceIn(std::string(Name)); !Place.empty())
      return Place + Message;
    auto Goes = Folders.find(Folder);
    if (Goes == Folders.end() || !Goes->second)
      break;
  }
  return Message;
}

} // namespace threadhop::driver
