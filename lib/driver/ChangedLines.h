//===--- ChangedLines.h - what changed since a revision ---------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Asks git which lines of the work tree differ from the point where the
// current branch left a revision (their merge base): commits and what is not
// committed yet. Untracked files are new from the first line to the last,
// files that git ignores are not.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_CHANGEDLINES_H
#define THREADHOP_DRIVER_CHANGEDLINES_H

#include "driver/Results.h"
#include "driver/SourceText.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem/UniqueID.h"
#include <map>
#include <string>
#include <vector>

namespace threadhop::driver {

/// The changes of one file. Lines count from 1 and end with "\n", as git's do.
struct FileChanges {
  bool Whole = false;                               ///< Every line is new.
  std::vector<std::pair<unsigned, unsigned>> Lines; ///< First and last.
  /// Lines of the new file behind which lines of the old one are gone, whether
  /// others took their place or not.
  std::vector<unsigned> Removed;

  bool contains(unsigned Line) const;
  /// True if a line is gone between the two, which are there.
  bool removedBetween(unsigned First, unsigned Last) const;
};

/// The changes that a patch of "git diff --unified=0" makes to each of its
/// files, in their order. Nothing for text that is no such patch.
std::optional<std::vector<FileChanges>> parsePatch(llvm::StringRef Patch);

class ChangedLines {
public:
  /// Asks git in the current folder. The error says what git said.
  static llvm::Expected<ChangedLines> since(const std::string &Revision);

  bool empty() const { return Files.empty() && Folders.empty(); }
  /// True if any line of the file is new or gone.
  bool hasFile(llvm::StringRef File) const { return find(File) != nullptr; }

  /// True if a place that the result names, be it the warning's or a note's,
  /// is on a changed line, or if a line is gone between the steps of its flow:
  /// that is how a new suspension under an old guard shows, or an unlock that
  /// was taken away.
  bool concerns(const Result &R, SourceCache &Sources) const;

private:
  const FileChanges *find(llvm::StringRef File) const;

  std::map<llvm::sys::fs::UniqueID, FileChanges> Files;
  /// Real paths of folders whose files all count as new: submodules at another
  /// commit, untracked repositories.
  std::vector<std::string> Folders;
};

} // namespace threadhop::driver

#endif
