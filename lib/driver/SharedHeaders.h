//===--- SharedHeaders.h - library headers parsed once ----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Units that begin with the same #include lines (see LeadingIncludes.h) get a
// precompiled header of just these lines, made as a unit is parsed when bodies
// of library functions are skipped. Clang then goes on behind the lines, as it
// does with a preamble in an editor: it is exactly what it would have seen.
//
// It is made of system headers only. What is the user's own has to be parsed
// where it is looked at.
//
// A precompiled header lies in a folder, with a list of all that was asked of
// the file system while it was made. It is used if all is answered the same
// today, and can be deleted at any time.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_SHAREDHEADERS_H
#define THREADHOP_DRIVER_SHAREDHEADERS_H

#include "driver/Database.h"
#include "driver/Inputs.h"
#include "driver/LibraryBodies.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <memory>

namespace threadhop::driver {

class SharedHeaders {
public:
  /// A folder that is there, or none.
  explicit SharedHeaders(std::string Folder) : Folder(std::move(Folder)) {}
  ~SharedHeaders();

  /// How making went. Where nothing is known of the bodies that are wanted,
  /// a unit has to be analysed first.
  enum class Making { Done, TooEarly, Impossible };
  Making make(const Unit &What, llvm::ArrayRef<std::string> Includes,
              WantedBodies &Wanted);

  /// A unit that takes its headers from there.
  struct Use {
    Unit What; ///< With the arguments that tell clang so.
    llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files; ///< To lay over.
    Digest Key;
  };
  /// Nothing if there is no precompiled header for the unit, or if the unit
  /// does not begin with the \p Includes. Otherwise \p Inputs has all that the
  /// header was made of.
  std::optional<Use> use(const Unit &What, llvm::ArrayRef<std::string> Includes,
                         InputRecorder &Inputs);
  /// Something was wrong with it; it will not be used again.
  void giveUp(const Digest &Key);

private:
  struct Loaded;

  Digest keyOf(const Unit &What, llvm::ArrayRef<std::string> Includes);
  std::shared_ptr<Loaded> load(const Digest &Key);
  unsigned systemIncludes(const Unit &What,
                          llvm::ArrayRef<std::string> Includes);

  std::string Folder;
  InputStates Today;
  /// What was seen of them when they were first asked for.
  std::map<Input, InputRecorder::Known> Seen;
  std::map<Digest, unsigned> Counted; ///< Of systemIncludes().
  std::map<Digest, std::shared_ptr<Loaded>> Known;
  std::vector<Digest> Recent; ///< Those in memory, the last one used last.
};

} // namespace threadhop::driver

#endif
