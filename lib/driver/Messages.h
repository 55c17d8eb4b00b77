//===--- Messages.h - the driver's own messages -----------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_MESSAGES_H
#define THREADHOP_DRIVER_MESSAGES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace threadhop::driver {

/// Print "threadhop: error: ..." and the like on standard error.
void error(const llvm::Twine &Text);
void warning(const llvm::Twine &Text);
void note(const llvm::Twine &Text);

/// An llvm::Error that is only text.
llvm::Error makeError(const llvm::Twine &Text);

/// "; did you mean 'x'?" for the candidate that is close to \p Word, else "".
std::string didYouMean(llvm::StringRef Word,
                       llvm::ArrayRef<llvm::StringRef> Candidates);

/// "1 unit", "2 units".
std::string counted(unsigned Number, llvm::StringRef Noun);

} // namespace threadhop::driver

#endif
