//===--- OutputFile.cpp - writes a file whole or not at all ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/OutputFile.h"
#include "driver/Messages.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace threadhop::driver {

// The stream ends the program if nobody asks it for its error.
static std::error_code writeTo(raw_fd_ostream &OS, StringRef Text) {
  OS << Text;
  OS.flush();
  std::error_code Wrong = OS.error();
  OS.clear_error();
  return Wrong;
}

static Error failed(StringRef Path, const Twine &Reason) {
  return makeError("cannot write '" + Path + "': " + Reason);
}

Error writeFile(StringRef Path, StringRef Text) {
  if (Path == "-") {
    if (std::error_code EC = writeTo(outs(), Text))
      return makeError("cannot write the results to standard output: " +
                       EC.message());
    return Error::success();
  }
  sys::fs::file_status Status;
  bool There = !sys::fs::status(Path, Status);
  if (There && sys::fs::is_directory(Status))
    return failed(Path, "it is a folder");
  if (There && !sys::fs::is_regular_file(Status)) {
    std::error_code EC;
    raw_fd_ostream OS(Path, EC, sys::fs::CD_OpenExisting, sys::fs::FA_Write,
                      sys::fs::OF_None);
    if (!EC)
      EC = writeTo(OS, Text);
    return EC ? failed(Path, EC.message()) : Error::success();
  }
  // Renaming would replace a link by a file.
  SmallString<256> Target(Path);
  if (There && sys::fs::is_symlink_file(Path))
    sys::fs::real_path(Path, Target);
  auto Temp = sys::fs::TempFile::create(Target + ".tmp%%%%%%");
  if (!Temp)
    return failed(Path, toString(Temp.takeError()));
  std::error_code EC;
  {
    raw_fd_ostream OS(Temp->FD, /*shouldClose=*/false);
    EC = writeTo(OS, Text);
  }
  if (EC) {
    consumeError(Temp->discard());
    return failed(Path, EC.message());
  }
  if (Error Wrong = Temp->keep(Target))
    return failed(Path, toString(std::move(Wrong)));
  return Error::success();
}

} // namespace threadhop::driver
