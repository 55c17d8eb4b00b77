//===--- VersionControl.h - which revision was analysed ---------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_VERSIONCONTROL_H
#define THREADHOP_DRIVER_VERSIONCONTROL_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace threadhop::driver {

/// The state of a checkout.
struct VersionControl {
  std::string RepositoryUri; ///< Without a name and password.
  std::string Revision;
  std::string Branch; ///< Empty if none is checked out.
};

/// What git says of the repository whose root is \p Root; nothing if it is
/// none, has no commit yet, or git is not there.
std::optional<VersionControl> versionControlOf(llvm::StringRef Root);

/// The URI of a remote as git's configuration spells it: "git@host:a/b.git" is
/// ssh://git@host/a/b.git, a path is a file URI, and what looks like a password
/// is taken out.
std::string repositoryUri(llvm::StringRef Remote);

} // namespace threadhop::driver

#endif
