//===--- DroppedMessages.h - receives that lose a race ----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_DROPPEDMESSAGES_H
#define THREADHOP_ANALYSIS_DROPPEDMESSAGES_H

#include "analysis/Races.h"

namespace threadhop {

/// A receive whose message is thrown away when it completes and loses.
struct DroppedMessage {
  const clang::CallExpr *Receive;
  std::string Channel; ///< Its name, if it has one.
  clang::SourceLocation Race;
  clang::SourceLocation Other; ///< An operand that can win.
  std::string Why;
  bool OnlyTimers = false; ///< It races nothing but times.
};

std::vector<DroppedMessage>
findDroppedMessages(const clang::FunctionDecl *Function, RaceFinder &Races,
                    Channels &All);

} // namespace threadhop

#endif
