//===--- EnclosingName.h - in which function a place is ---------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Found from the text alone, so that it is the same whoever asks: the driver,
// which has an AST, and the converter, which has only a place. Macros and
// conditional compilation can mislead it; the same text always gives the same
// name.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_ENCLOSINGNAME_H
#define THREADHOP_DRIVER_ENCLOSINGNAME_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <utility>
#include <vector>

namespace threadhop::driver {

/// The names of the functions, classes and namespaces of one file.
class EnclosingNames {
public:
  explicit EnclosingNames(llvm::StringRef Text);

  /// The name around an offset, as in "ns::type::function"; empty outside.
  const std::string &at(unsigned Offset) const;

private:
  /// From an offset on, until the next entry, the name is this.
  std::vector<std::pair<unsigned, std::string>> Names{{0, ""}};
};

} // namespace threadhop::driver

#endif
