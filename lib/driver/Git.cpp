//===--- Git.cpp - runs git -----------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Git.h"
#include "driver/Messages.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace llvm;

namespace threadhop::driver {

static std::string contentOf(StringRef File) {
  auto Text = MemoryBuffer::getFile(File);
  return Text ? (*Text)->getBuffer().str() : "";
}

// The line that says why: what comes before may be warnings and hints.
static std::string reasonIn(StringRef Printed) {
  for (StringRef Rest = Printed; !Rest.empty();) {
    StringRef Line;
    std::tie(Line, Rest) = Rest.split('\n');
    if (Line.consume_front("fatal: ") || Line.consume_front("error: "))
      return Line.trim().str();
  }
  return Printed.split('\n').first.trim().str();
}

Expected<std::string> runGit(StringRef Folder, ArrayRef<StringRef> Arguments) {
  auto Program = sys::findProgramByName("git");
  if (!Program)
    return makeError("there is no program 'git'");
  SmallString<128> Out, Err;
  if (std::error_code EC =
          sys::fs::createTemporaryFile("threadhop-git", "out", Out))
    return makeError("cannot make a temporary file: " + EC.message());
  FileRemover RemoveOut(Out);
  if (std::error_code EC =
          sys::fs::createTemporaryFile("threadhop-git", "err", Err))
    return makeError("cannot make a temporary file: " + EC.message());
  FileRemover RemoveErr(Err);

  SmallVector<StringRef> All = {*Program, "-C", Folder};
  append_range(All, Arguments);
  std::optional<StringRef> Redirects[] = {StringRef(""), Out.str(), Err.str()};
  std::string Wrong;
  int Status = sys::ExecuteAndWait(*Program, All, /*Env=*/std::nullopt,
                                   Redirects, /*SecondsToWait=*/0,
                                   /*MemoryLimit=*/0, &Wrong);
  if (Status == 0)
    return contentOf(Out);
  std::string Reason = Wrong.empty() ? reasonIn(contentOf(Err)) : Wrong;
  return makeError(Reason.empty() ? "git ended with status " + Twine(Status)
                                  : Twine(Reason));
}

} // namespace threadhop::driver
