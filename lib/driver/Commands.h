//===--- Commands.h - cleans the commands of a database ---------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compilation database has the commands of another compiler, or of another
// version of clang, and often of a build that never ran. This is the one place
// where such commands are made into what this clang can take.
//
// Precompiled headers of the project are never used: what they were made of is
// read instead. They are another compiler's or another version's as a rule,
// and what a run finds must not depend on whether the project was built.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_COMMANDS_H
#define THREADHOP_DRIVER_COMMANDS_H

#include "driver/CommandErrors.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <string>
#include <vector>

namespace threadhop::driver {

/// An argument that was left out of a command, for a reason that the user
/// should know.
struct LeftOut {
  enum Reason {
    Unknown,     ///< Clang does not know it, or not for this target.
    FileMissing, ///< The file that it names is not there, or no clang's.
    NoSource,    ///< A precompiled header whose source is not there.
  };
  Reason Why = Unknown;
  std::string Argument;
};

struct CleanCommand {
  std::vector<std::string> Args;
  std::vector<LeftOut> Left;
};

/// The compiler's command without what starts it: "env A=B ccache c++ x.cpp".
std::vector<std::string> withoutLauncher(std::vector<std::string> Args);

class CommandCleaner {
public:
  /// \p All are the commands of the database; those that make precompiled
  /// headers tell what they are made of. They must outlive the cleaner.
  explicit CommandCleaner(
      llvm::ArrayRef<clang::tooling::CompileCommand> All = {});

  CleanCommand clean(const clang::tooling::CompileCommand &Command);

  /// How clang takes an argument.
  struct Meaning {
    enum Kind { Known, Unknown, Input, Rest };
    Kind What = Known;
    unsigned ID = 0;      ///< Of the option.
    unsigned Strings = 1; ///< More than one if the value comes by itself.
    unsigned Name = 0;    ///< Letters before a value in the same string.
  };
  Meaning meaning(llvm::ArrayRef<std::string> Args, size_t Index, bool LikeCl);

  /// The source of the precompiled header with this path, or an empty string.
  std::string sourceOfHeader(llvm::StringRef Path);

private:
  void correct(CleanCommand &Command, llvm::StringRef File, bool LikeCl);

  llvm::ArrayRef<clang::tooling::CompileCommand> All;
  llvm::StringMap<Meaning> Meanings[2]; ///< Of clang, and of clang-cl.
  std::map<std::vector<std::string>, Corrections> Corrected;
  std::map<std::string, std::string> HeaderSources;
  bool KnowsHeaders = false;
};

/// What was left out of the commands of a run, said once.
class LeftOutSummary {
public:
  void add(llvm::ArrayRef<LeftOut> OfUnit);
  /// A line for each reason, or if \p Verbose for each argument.
  std::vector<std::string> lines(bool Verbose) const;

private:
  struct Entry {
    std::string Argument; ///< The first one.
    unsigned Units = 0;
  };
  struct Group {
    /// By option, for values often have the unit's name.
    std::vector<std::pair<std::string, Entry>> Entries;
    unsigned Units = 0;
  };
  std::map<LeftOut::Reason, Group> Groups;
};

} // namespace threadhop::driver

#endif
