//===--- Database.h - the translation units to analyse ----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_DATABASE_H
#define THREADHOP_DRIVER_DATABASE_H

#include "driver/Options.h"
#include "llvm/Support/Error.h"

namespace threadhop::driver {

/// One compiler run of the database.
struct Unit {
  std::string File;      ///< Absolute and normalised.
  std::string Directory; ///< Where the compiler ran.
  std::vector<std::string> Command;
};

void to_json(Json &J, const Unit &U);
void from_json(const Json &J, Unit &U);

struct UnitList {
  std::vector<Unit> Units;
  /// What a user should know of the choice, a line each.
  std::vector<std::string> Notes;
  /// Where a build puts what it makes: the folder of the database, unless the
  /// sources are there too.
  std::string BuildFolder;
};

/// Finds the compilation database (unless there are compiler arguments) and
/// selects the units that the command line names, in the database's order for
/// each path. Every path that is wrong is named in the error.
llvm::Expected<UnitList> selectUnits(const Options &Opts);

/// The folder with clang's own headers, or an empty string if neither this
/// program's installation nor the LLVM it was built with has one.
std::string resourceFolder();

} // namespace threadhop::driver

#endif
