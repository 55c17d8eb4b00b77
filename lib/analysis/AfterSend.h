//===--- AfterSend.h - what a sender may not do yet -------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What goes wrong after a send that does not wait for its receiver: a local
// object that the message points to ends or is written, the reply part of a
// shared message is read, a second send is taken for a fence (ANALYSIS.md 3C
// and 3E have the premises).
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_AFTERSEND_H
#define THREADHOP_ANALYSIS_AFTERSEND_H

#include "analysis/SendFlow.h"
#include "analysis/StackViews.h"
#include <optional>

namespace clang {
class MemberExpr;
} // namespace clang

namespace threadhop {

/// The sends of one function and what follows them.
struct Sender {
  Sender(const clang::FunctionDecl *Function, Channels &All);

  struct Send {
    ChannelOp Op;
    Capacity Holds;
  };

  const clang::FunctionDecl *Function;
  Channels &All;
  std::vector<Send> Sends;      ///< Those that buffer, in source order.
  std::optional<SendFlow> Flow; ///< Where there are any.
  std::optional<StackViews> Views;
};

/// A local object that a queued message points to.
struct BorrowedObject {
  const clang::VarDecl *Object;
  bool Overwritten = false;  ///< Else it ends.
  clang::SourceLocation Loc; ///< Where that happens.
};

std::optional<BorrowedObject> findBorrowed(const Sender &From,
                                           const Sender::Send &Sent);

/// A member of a shared message that is read before anybody can have filled it.
struct EarlyRead {
  const clang::MemberExpr *Read;
  clang::SourceLocation Written; ///< By other code, if that is visible.
};

std::optional<EarlyRead> findEarlyRead(const Sender &From,
                                       const Sender::Send &Sent);

} // namespace threadhop

#endif
