//===--- main.cpp - clangd with threadhop's checks ------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Clangd.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstdlib>
#include <string>

using namespace llvm;

/// clangd looks for clang's own headers beside itself, and we are installed
/// elsewhere. Returns an option that names them, or "" where clangd is right.
static std::string resourceOption() {
  static int Symbol;
  std::string Program = sys::fs::getMainExecutable("threadhop-clangd", &Symbol);
  StringRef Package = THREADHOP_RESOURCES;
  SmallString<256> Beside(
      sys::path::parent_path(sys::path::parent_path(Program)));
  sys::path::append(Beside, "lib", "clang", sys::path::filename(Package));
  if (sys::fs::exists(Beside) || !sys::fs::exists(Package))
    return "";
  return ("--resource-dir=" + Package).str();
}

int main(int Argc, char *Argv[]) {
  SmallVector<char *, 16> Args(Argv, Argv + Argc);
  std::string Resources = resourceOption();
  // The last one counts, so the command line may say otherwise. The variable
  // comes before it, and is left alone.
  StringRef Flags = std::getenv("CLANGD_FLAGS");
  if (!Resources.empty() && Argc && !Flags.contains("-resource-dir"))
    Args.insert(Args.begin() + 1, Resources.data());
  Args.push_back(nullptr);
  return clang::clangd::clangdMain(Args.size() - 1, Args.data());
}
