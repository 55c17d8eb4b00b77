//===--- ResultCache.h - reports of earlier runs ----------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A unit's report is found in two steps. What is known before it is looked at
// (the program, the options, the compiler's arguments) names a file with the
// questions that its last analyses asked the file system. The answers of today
// name the report: it is there only if an analysis has seen just these.
//
// Nothing is ever changed in place, so any number of runs may share a folder,
// and every file can be deleted at any time.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_RESULTCACHE_H
#define THREADHOP_DRIVER_RESULTCACHE_H

#include "driver/Database.h"
#include "driver/Inputs.h"
#include "driver/Results.h"
#include "llvm/Support/Error.h"

namespace threadhop::driver {

class ResultCache {
public:
  /// The cache in the folder CacheFolder of the options, which must be there.
  /// Plugins must be loaded before.
  explicit ResultCache(const AnalysisOptions &Opts);

  /// The report of an analysis that would be the same today. Whatever is
  /// missing, broken or unreadable is not found.
  std::optional<UnitReport> find(const Unit &What);

  /// Keeps a report with the answers that the analysis got.
  llvm::Error store(const Unit &What, const InputRecorder::Answers &Answers,
                    const UnitReport &Report);

private:
  using Questions = std::vector<Input>;

  Digest keyOf(const Unit &What) const;
  std::vector<Questions> questionsAt(llvm::StringRef Path) const;

  std::string Folder;
  std::string Common; ///< What the keys of all units have in common.
  InputStates Today;
};

/// What any entry depends on: the form of entries, the program with the \p
/// Plugins, and the variables that change what the compiler does.
std::string surroundings(llvm::ArrayRef<std::string> Plugins);

/// Makes the folder of a cache.
llvm::Error makeCacheFolder(llvm::StringRef Folder);

/// Files of a cache's folder: the name of one; its contents if they are whole,
/// which marks it as used; writing one at once.
std::string entryPath(llvm::StringRef Folder, const Digest &Key,
                      llvm::StringRef Suffix);
std::optional<std::string> loadEntry(llvm::StringRef Path);
void markUsed(llvm::StringRef Path);
llvm::Error saveEntry(llvm::StringRef Path, llvm::StringRef Text);

/// Removes what was not used for the longest time until the rest takes no more
/// than so many bytes; 0 is no limit.
void pruneCache(llvm::StringRef Folder, uint64_t MostBytes);

/// Lists of questions as bytes, and back. What is no such list is no question.
std::string packed(llvm::ArrayRef<std::vector<Input>> Lists);
std::vector<std::vector<Input>> unpacked(llvm::StringRef Bytes);

} // namespace threadhop::driver

#endif
