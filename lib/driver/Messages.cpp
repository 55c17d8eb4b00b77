//===--- Messages.cpp - the driver's own messages -------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Messages.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

namespace threadhop::driver {

static constexpr llvm::StringLiteral Prefix = "threadhop";

void error(const llvm::Twine &Text) {
  llvm::WithColor::error(llvm::errs(), Prefix) << Text << '\n';
}

void warning(const llvm::Twine &Text) {
  llvm::WithColor::warning(llvm::errs(), Prefix) << Text << '\n';
}

void note(const llvm::Twine &Text) {
  llvm::WithColor::note(llvm::errs(), Prefix) << Text << '\n';
}

llvm::Error makeError(const llvm::Twine &Text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Text);
}

std::string didYouMean(llvm::StringRef Word,
                       llvm::ArrayRef<llvm::StringRef> Candidates) {
  // More than a third of the letters wrong is another word.
  unsigned Best = std::max<size_t>(2, Word.size() / 3) + 1;
  llvm::StringRef Closest;
  for (llvm::StringRef Candidate : Candidates) {
    unsigned Distance = Word.edit_distance_insensitive(Candidate, true, Best);
    if (Distance < Best ||
        (Distance == Best && !Closest.empty() && Candidate < Closest)) {
      Best = Distance;
      Closest = Candidate;
    }
  }
  return Closest.empty() ? "" : ("; did you mean '" + Closest + "'?").str();
}

std::string counted(unsigned Number, llvm::StringRef Noun) {
  return (llvm::Twine(Number) + " " + Noun + (Number == 1 ? "" : "s")).str();
}

} // namespace threadhop::driver
