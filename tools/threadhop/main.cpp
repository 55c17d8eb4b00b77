//===--- main.cpp - the threadhop driver ----------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Links clang-tidy's own checks, so that --checks may name them.
#include "clang-tidy/ClangTidyForceLinker.h"
#include "driver/Driver.h"

int main(int Argc, const char **Argv) {
  return threadhop::driver::driverMain(Argc, Argv);
}
