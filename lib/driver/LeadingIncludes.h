//===--- LeadingIncludes.h - what units have in common ----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Units that are compiled alike and begin with the same #include lines see the
// same declarations behind these lines, whatever else they have.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_LEADINGINCLUDES_H
#define THREADHOP_DRIVER_LEADINGINCLUDES_H

#include "driver/Database.h"
#include "llvm/ADT/ArrayRef.h"

namespace threadhop::driver {

/// The #include <...> lines at the start of a file, with nothing but comments
/// and white space before and between them.
struct LeadingIncludes {
  std::vector<std::string> Names;
  std::vector<unsigned> Ends; ///< Offsets of the lines behind them.
};

LeadingIncludes leadingIncludes(llvm::StringRef Text);

/// The unit's command without outputs, and with \p File in the place of its
/// own. Nothing if its command line brings code of its own before the file,
/// or if it is no plain C++ file.
std::optional<std::vector<std::string>> commandFor(const Unit &What,
                                                   llvm::StringRef File);

/// Units that begin alike.
struct HeaderGroup {
  std::vector<std::string> Includes; ///< What each of them begins with.
  std::vector<unsigned> Units;
};

/// Each unit is in one group at most, and in none where sharing its headers
/// with others would not pay.
std::vector<HeaderGroup> groupByHeaders(llvm::ArrayRef<Unit> Units);

} // namespace threadhop::driver

#endif
