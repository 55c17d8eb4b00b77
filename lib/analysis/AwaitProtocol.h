//===--- AwaitProtocol.h - handles that are out before the coroutine is  -*- C++
//-*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds in the bodies of await_suspend the paths that give the handle away and
// then say "not suspended", so that the coroutine is resumed twice; and those
// that touch the awaiter after the handle was within reach of another thread,
// which may have resumed the coroutine and destroyed the awaiter by then.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_AWAITPROTOCOL_H
#define THREADHOP_ANALYSIS_AWAITPROTOCOL_H

#include "analysis/WaiterUnit.h"

namespace threadhop {

struct ResumedTwice {
  const clang::FunctionDecl *Function = nullptr;
  clang::SourceLocation Published; ///< Where the handle is given away.
  clang::SourceLocation Returned;  ///< Where it goes on all the same.
  /// Who resumes it from where it was put; null if it was handed to a call.
  const clang::FunctionDecl *Taker = nullptr;
  bool ReturnsHandle = false;
  bool MayReturn = false; ///< The value returned is not constant.
};

std::vector<ResumedTwice> findResumedTwice(WaiterUnit &Unit);

struct TouchAfterPublish {
  const clang::FunctionDecl *Function = nullptr;
  const clang::FieldDecl *Member = nullptr; ///< Null for *this.
  clang::SourceLocation Published;
  std::string Why; ///< How another thread comes by the handle.
  clang::SourceLocation Touched;
};

std::vector<TouchAfterPublish> findTouchesAfterPublish(WaiterUnit &Unit);

} // namespace threadhop

#endif
