//===--- ChangedLines.cpp - what changed since a revision -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/ChangedLines.h"
#include "driver/Git.h"
#include "driver/Messages.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
namespace fs = llvm::sys::fs;

namespace threadhop::driver {

bool FileChanges::contains(unsigned Line) const {
  return Whole || any_of(Lines, [&](const std::pair<unsigned, unsigned> &L) {
           return L.first <= Line && Line <= L.second;
         });
}

bool FileChanges::removedBetween(unsigned First, unsigned Last) const {
  return any_of(Removed, [&](unsigned Behind) {
    return First <= Behind && Behind < Last;
  });
}

// "12" or "12,3"; without a count it is 1.
static bool takeRange(StringRef &Text, unsigned &Start, unsigned &Count) {
  Count = 1;
  if (Text.consumeInteger(10, Start))
    return false;
  return !Text.consume_front(",") || !Text.consumeInteger(10, Count);
}

std::optional<std::vector<FileChanges>> parsePatch(StringRef Patch) {
  std::vector<FileChanges> Files;
  auto NextLine = [&] {
    StringRef Line;
    std::tie(Line, Patch) = Patch.split('\n');
    return Line;
  };
  while (!Patch.empty()) {
    StringRef Line = NextLine();
    if (Line.starts_with("diff --git ")) {
      Files.emplace_back();
      continue;
    }
    // What a hunk holds is passed over below, so no line of a source file gets
    // here; the other lines of a header tell nothing more.
    if (!Line.consume_front("@@ -"))
      continue;
    unsigned OldStart, OldCount, NewStart, NewCount;
    if (Files.empty() || !takeRange(Line, OldStart, OldCount) ||
        !Line.consume_front(" +") || !takeRange(Line, NewStart, NewCount) ||
        !Line.starts_with(" @@"))
      return std::nullopt;
    FileChanges &File = Files.back();
    if (NewCount)
      File.Lines.push_back({NewStart, NewStart + NewCount - 1});
    // Without new lines git names the line before.
    if (OldCount)
      File.Removed.push_back(NewCount ? NewStart - 1 : NewStart);
    for (unsigned Left = OldCount + NewCount; Left != 0;) {
      if (Patch.empty())
        return std::nullopt;
      StringRef Content = NextLine();
      if (Content.starts_with("\\"))
        continue;
      if (!Content.starts_with("-") && !Content.starts_with("+"))
        return std::nullopt;
      --Left;
    }
  }
  return Files;
}

namespace {

/// One entry of "git diff --raw -z".
struct RawEntry {
  StringRef Mode; ///< Of the work tree's side.
  char Status;
  StringRef Path; ///< Below the root, the new one of a renamed file.
};

} // namespace

// Takes the entries off \p Text; the patch follows behind an empty field.
static std::optional<std::vector<RawEntry>> takeEntries(StringRef &Text) {
  std::vector<RawEntry> Entries;
  auto Field = [&] {
    StringRef Result;
    std::tie(Result, Text) = Text.split('\0');
    return Result;
  };
  while (Text.starts_with(":")) {
    // ":100644 100644 OLD NEW R095", then one path or two.
    SmallVector<StringRef, 5> Words;
    Field().split(Words, ' ');
    if (Words.size() != 5 || Words[4].empty())
      return std::nullopt;
    char Status = Words[4][0];
    StringRef Path = Field();
    if (Status == 'R' || Status == 'C')
      Path = Field();
    Entries.push_back({Words[1], Status, Path});
  }
  Text.consume_front(StringRef("\0", 1));
  return Entries;
}

static Error failed(const std::string &Revision, const Twine &Text) {
  return makeError("--changed-since=" + Revision + ": " + Text);
}

Expected<ChangedLines> ChangedLines::since(const std::string &Revision) {
  auto Fail = [&](const Twine &Text) { return failed(Revision, Text); };
  SmallString<256> Current;
  if (std::error_code EC = fs::current_path(Current))
    return Fail("cannot tell the current folder: " + EC.message());
  auto Root = runGit(Current, {"rev-parse", "--show-toplevel"});
  if (!Root)
    return Fail("git finds no work tree in '" + Current +
                "': " + toString(Root.takeError()));
  // The name itself may end with a line feed.
  StringRef Top = *Root;
  Top.consume_back("\n");

  std::string Commit = Revision + "^{commit}";
  auto Known = runGit(
      Top, {"rev-parse", "--verify", "--quiet", "--end-of-options", Commit});
  if (!Known) {
    consumeError(Known.takeError());
    return Fail("git knows no such commit; in a clone that is shallow or has "
                "one branch only it has to be fetched first");
  }
  auto Base = runGit(Top, {"merge-base", StringRef(*Known).trim(), "HEAD"});
  if (!Base) {
    consumeError(Base.takeError());
    return Fail("it has no commit in common with the current branch; in a "
                "shallow clone more of the history has to be fetched");
  }
  // Whatever the user's configuration says of diffs.
  auto Diff =
      runGit(Top, {"diff", "--patch-with-raw", "-z", "--unified=0",
                   "--inter-hunk-context=0", "--find-renames", "--text",
                   "--no-color", "--no-ext-diff", "--no-textconv",
                   "--no-relative", "--submodule=short",
                   "--ignore-submodules=none", StringRef(*Base).trim(), "--"});
  if (!Diff)
    return Fail(toString(Diff.takeError()));
  auto Untracked = runGit(
      Top, {"ls-files", "-z", "--others", "--exclude-standard", "--full-name"});
  if (!Untracked)
    return Fail(toString(Untracked.takeError()));

  ChangedLines Result;
  auto Add = [&](StringRef Path, FileChanges Changes) {
    SmallString<256> File(Top);
    sys::path::append(File, Path);
    // A link is another name; what it leads to changed or did not.
    fs::UniqueID ID;
    if (fs::is_symlink_file(File) || fs::getUniqueID(File, ID))
      return;
    if (fs::is_directory(File)) {
      SmallString<256> Real;
      fs::real_path(File, Real);
      Result.Folders.push_back(std::string(Real));
      return;
    }
    if (Changes.Whole || !Changes.Lines.empty() || !Changes.Removed.empty())
      Result.Files[ID] = std::move(Changes);
  };
  static const FileChanges AllNew = {/*Whole=*/true, {}, {}};

  StringRef Patch = *Diff;
  auto Entries = takeEntries(Patch);
  if (!Entries)
    return Fail("git's list of changed files cannot be read");
  auto Hunks = parsePatch(Patch);
  // A change of type is shown as two files; an unmerged path has no patch.
  auto Sections = [](const RawEntry &E) {
    return E.Status == 'U' ? 0 : E.Status == 'T' ? 2 : 1;
  };
  size_t Wanted = 0;
  for (const RawEntry &E : *Entries)
    Wanted += Sections(E);
  if (!Hunks || Hunks->size() != Wanted)
    return Fail("git's patch cannot be read");
  size_t Section = 0;
  for (const RawEntry &E : *Entries) {
    if (E.Status == 'M' || E.Status == 'R' || E.Status == 'C')
      Add(E.Path, std::move((*Hunks)[Section]));
    else if (E.Status != 'D')
      Add(E.Path, AllNew);
    Section += Sections(E);
  }
  for (StringRef Path : split(*Untracked, '\0'))
    if (!Path.empty())
      Add(Path, AllNew);
  return Result;
}

const FileChanges *ChangedLines::find(StringRef File) const {
  fs::UniqueID ID;
  if (fs::getUniqueID(File, ID))
    return nullptr;
  if (auto It = Files.find(ID); It != Files.end())
    return &It->second;
  if (Folders.empty())
    return nullptr;
  SmallString<256> Real;
  fs::real_path(File, Real);
  static const FileChanges AllNew = {/*Whole=*/true, {}, {}};
  for (StringRef Folder : Folders) {
    StringRef Rest = Real;
    if (Rest.consume_front(Folder) && Rest.starts_with("/"))
      return &AllNew;
  }
  return nullptr;
}

bool ChangedLines::concerns(const Result &R, SourceCache &Sources) const {
  // The first and last line of the flow in each file that changed.
  std::map<const FileChanges *, std::pair<unsigned, unsigned>> Flow;
  auto Look = [&](const Place &At, bool InFlow) {
    const FileChanges *Changes = At.isValid() ? find(At.File) : nullptr;
    if (!Changes)
      return false;
    unsigned Line = At.Line;
    // A lone carriage return ends a line for clang, and none for git.
    if (const SourceText *Source = Sources.get(At.File))
      Line = 1 + Source->text().take_front(At.Offset).count('\n');
    if (InFlow) {
      auto [It, New] = Flow.try_emplace(Changes, Line, Line);
      It->second.first = std::min(It->second.first, Line);
      It->second.second = std::max(It->second.second, Line);
    }
    return Changes->contains(Line);
  };
  bool Found = Look(R.At, /*InFlow=*/true);
  for (const ResultStep &S : R.Steps)
    Found |= Look(S.At, S.Kind != "explain");
  return Found || any_of(Flow, [](const auto &Entry) {
           return Entry.first->removedBetween(Entry.second.first,
                                              Entry.second.second);
         });
}

} // namespace threadhop::driver
