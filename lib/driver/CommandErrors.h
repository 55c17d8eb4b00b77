//===--- CommandErrors.h - what clang says against a command ----*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_COMMANDERRORS_H
#define THREADHOP_DRIVER_COMMANDERRORS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace threadhop::driver {

/// An argument that clang does not take, and what to write in its place; an
/// empty text stands for nothing.
using Correction = std::pair<std::string, std::string>;
using Corrections = std::vector<Correction>;

/// The argument that an error of clang speaks of, known by the words that it
/// quotes.
std::optional<Correction> correctionFor(llvm::StringRef Message,
                                        llvm::ArrayRef<std::string> Args);

/// What to replace, one after the other, so that clang takes the command line,
/// its last argument being a file that need not be there. Errors that speak of
/// no argument stay.
Corrections correctionsFor(std::vector<std::string> Args);

/// Puts \p Better, or nothing, in the place of each \p Argument, with the
/// "-Xclang" before it. Returns false if there is none.
bool replaceArgument(std::vector<std::string> &Args, llvm::StringRef Argument,
                     llvm::StringRef Better);

} // namespace threadhop::driver

#endif
