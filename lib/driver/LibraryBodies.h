//===--- LibraryBodies.h - what need not be parsed --------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most of the time that a unit takes goes into the bodies of library functions:
// parsing them, and instantiating at the end of the file what they call. The
// analyses read few of them. Sema never skips a body that a declaration depends
// on (constexpr, deduced return types), so what is left means the same.
//
// Two things could go missing, and both are noticed: a body that an analysis
// asks for, and a template of the user's that only a library's body would have
// instantiated. For the former the unit is analysed again, with all bodies; so
// it is for the first units, from which the later ones learn what will be asked
// for. For the latter the bodies of templates do, and short ones: what is left
// out then instantiates nothing of the user's, and is seldom asked for.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_LIBRARYBODIES_H
#define THREADHOP_DRIVER_LIBRARYBODIES_H

#include "support/Bodies.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <set>
#include <string>

namespace threadhop::driver {

/// Of the bodies of functions in system headers.
enum class Skip {
  Nothing,
  Functions, ///< Those not wanted, unless of templates, or short.
  Bodies     ///< Those not wanted.
};

/// The functions in system headers whose bodies were asked for so far: by file
/// and offset.
class WantedBodies {
public:
  using Offsets = std::set<unsigned>;

  /// Shares what is known with other runs of the same program through a cache's
  /// folder, which may be empty.
  explicit WantedBodies(std::string CacheFolder = "");

  const Offsets *in(llvm::StringRef File) const;
  bool contains(llvm::StringRef File, unsigned Offset) const;
  void add(llvm::StringRef File, unsigned Offset);

  /// Takes what others have learned meanwhile.
  void refresh();
  /// Tells others what was added, if anything was.
  void save();

  /// What to skip in a unit: all others if something is known, it mostly went
  /// well, and with this unit too. A try that fails costs half an analysis, or
  /// little if it is \p Cheap, for a unit that shares its headers.
  Skip worthSkipping(llvm::StringRef Unit, bool Cheap = false);
  /// It did not go well with this unit, and learning will not help.
  void needTemplates(llvm::StringRef Unit) { add(Unit, NeedsTemplates); }
  bool needsTemplates(llvm::StringRef Unit) const {
    return contains(Unit, NeedsTemplates);
  }
  void learned() {
    Changed |= !Known;
    Known = true;
  }
  bool isKnown() const { return Known; }
  void skipped(llvm::StringRef Unit, bool Well);

private:
  /// What is known of units is kept among offsets.
  static constexpr unsigned NeedsTemplates = ~0U, WentWell = ~1U;

  void pause(unsigned AfterFailures);
  std::string path() const;

  std::string Folder;
  llvm::StringMap<Offsets> Files;
  bool Known = false;
  bool Changed = false;
  unsigned Failures = 0, Pause = 0;
};

/// While it lives, every parse of this process skips what it is told to, and
/// which bodies of functions in system headers are asked for is learned.
class LibraryBodies : public BodyListener {
public:
  LibraryBodies(WantedBodies &Wanted, Skip What);
  ~LibraryBodies() override;
  LibraryBodies(const LibraryBodies &) = delete;

  Skip skips() const { return What; }
  /// Whether the analysis got everything that it would have got without.
  bool isComplete() const { return !Missed && !Doubt; }
  /// Whether that will hardly be otherwise the next time.
  bool inDoubt() const { return Doubt; }
  void doubt() { Doubt = true; }

  void asked(const clang::FunctionDecl *Definition, bool Skipped) override;

  WantedBodies &Wanted;

private:
  const Skip What;
  bool Missed = false, Doubt = false;
  llvm::DenseSet<const clang::FunctionDecl *> Seen;
};

} // namespace threadhop::driver

#endif
