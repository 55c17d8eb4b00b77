//===--- ReceiverLoop.h - the loop that receives messages -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The innermost loop around a receive, the variables that hold its message, and
// whether the loop can end for a reason that has nothing to do with what is in
// the channel. A range-based for over a channel is such a loop too.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_RECEIVERLOOP_H
#define THREADHOP_ANALYSIS_RECEIVERLOOP_H

#include "analysis/Channels.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace clang {
class IfStmt;
class VarDecl;
} // namespace clang

namespace threadhop {

bool isLoop(const clang::Stmt *S);

/// Whether the code names such a declaration.
bool mentions(const clang::Stmt *S,
              llvm::function_ref<bool(const clang::Decl *)> Is);

bool contains(const clang::Stmt *Whole, const clang::Stmt *Part);

class ReceiverLoop {
public:
  ReceiverLoop(const clang::FunctionDecl *Function, const ChannelOp &Op,
               const clang::ValueDecl *Channel);

  explicit operator bool() const { return Loop != nullptr; }

  bool saysOfChannel(const clang::Stmt *S) const;
  bool saysOfMessage(const clang::Stmt *S) const;

  /// Whether the loop can end where \p E is \p Value, for a reason that has
  /// nothing to do with what is in the channel.
  bool leavesOn(const clang::Expr *E, bool Value, unsigned Depth = 6) const;

  /// Where the loop ends for such a reason; invalid if it does not.
  clang::SourceLocation end() const;

  const clang::Stmt *Loop = nullptr;
  const clang::Stmt *Body = nullptr;

private:
  using Guard = std::pair<const clang::IfStmt *, bool>;

  void assigned(const clang::Expr *Target, const clang::Expr *Value,
                const ChannelOp &Op);
  void look(const clang::Stmt *S, llvm::SmallVectorImpl<Guard> &Guards,
            bool Nested, clang::SourceLocation &Found) const;

  const clang::ValueDecl *Channel;
  const clang::CallExpr *Receive = nullptr;
  llvm::SmallPtrSet<const clang::VarDecl *, 4> Messages;
};

} // namespace threadhop

#endif
