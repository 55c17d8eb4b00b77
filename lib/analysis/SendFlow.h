//===--- SendFlow.h - what happens after a send -----------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows a function's control flow from a send: what can be reached before
// the sender has waited for anybody? What counts as waiting is generous (any
// call that is named so, any await but sends and timers, a loop on an atomic, a
// thread that is joined at a scope's end), so that what is left is certain.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_SENDFLOW_H
#define THREADHOP_ANALYSIS_SENDFLOW_H

#include "analysis/Channels.h"
#include "clang/Analysis/CFG.h"
#include <functional>
#include <memory>

namespace threadhop {

/// Whether the function can wait for somebody else, by its name or its visible
/// body.
bool mayWait(const clang::FunctionDecl *Function, Channels &All,
             unsigned Depth = 4);

/// Whether the end of an object of the type can wait (a std::jthread).
bool endMayWait(clang::QualType Type, Channels &All, unsigned Depth = 4);

class SendFlow {
public:
  SendFlow(const clang::FunctionDecl *Function, Channels &All);

  explicit operator bool() const { return Graph != nullptr; }
  const clang::CFG &graph() const { return *Graph; }

  /// Whether the sender may wait here for the receiver.
  bool waits(const clang::CFGElement &Element) const;

  enum class Step { Go, Stop, Found };
  using Visitor = llvm::function_ref<Step(const clang::CFGElement &)>;
  /// Whether control can take that successor of the block.
  using EdgeFilter =
      std::function<bool(const clang::CFGBlock *, unsigned Successor)>;
  /// Walks from \p From along every path on which the send \p Sent did not
  /// fail; a path ends where \p Visit says Stop. \returns true once it says
  /// Found. The exit of the function is not an element: see \p AtExit.
  bool walk(const clang::Stmt *From, const clang::CallExpr *Sent, Visitor Visit,
            bool *AtExit = nullptr, const EdgeFilter &Edges = nullptr) const;

  /// The statement is an element of the graph.
  bool has(const clang::Stmt *S) const { return Places.count(S); }

private:
  bool feasible(const clang::CFGBlock *Block, unsigned Successor,
                const clang::CallExpr *Sent) const;
  /// A loop that does not hold \p From and waits in its body: it is there to be
  /// run, 'for (auto &Worker : Workers) Worker.join();'.
  bool isWaitingLoop(const clang::Stmt *S, const clang::Stmt *From) const;

  const clang::FunctionDecl *Function;
  Channels &All;
  std::unique_ptr<clang::CFG> Graph;
  llvm::DenseMap<const clang::Stmt *,
                 std::pair<const clang::CFGBlock *, unsigned>>
      Places;
  llvm::SmallPtrSet<const clang::Stmt *, 8> LoopConditions;
};

} // namespace threadhop

#endif
