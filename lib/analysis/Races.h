//===--- Races.h - waiting for the first of several operations --*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the calls that race operations (models: a || b, make_parallel_group,
// when_any), says what each of their operands does, through variables and
// coroutines whose bodies are visible, and which branch is taken when one of
// them wins.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_RACES_H
#define THREADHOP_ANALYSIS_RACES_H

#include "analysis/SendFlow.h"

namespace threadhop {

/// What an operand of a race waits for.
enum class OperandKind {
  Unknown,
  Send,
  Receive,
  Stop, ///< Something named like an end: a stop signal.
  Timer,
};

struct RaceOperand {
  const clang::Expr *E = nullptr;
  OperandKind Kind = OperandKind::Unknown;
  ChannelOp Op; ///< Of a send or receive.
  /// What identifies it: a channel's or another object's declaration, or the
  /// function that was called.
  const clang::Decl *Signal = nullptr;
};

struct Race {
  const clang::CallExpr *Call = nullptr; ///< The outermost.
  const RaceModel *Model = nullptr;
  std::vector<RaceOperand> Operands;      ///< By their number in the result.
  const clang::Expr *Await = nullptr;     ///< The co_await around it, or null.
  const clang::VarDecl *Result = nullptr; ///< What keeps its result, or null.
};

class RaceFinder {
public:
  RaceFinder(const ModelIndex &Index, Channels &All);

  /// The races of the function, in source order.
  std::vector<Race> find(const clang::FunctionDecl *Function);

  /// Whether control goes to that successor when operand \p Winner has won.
  static bool taken(const Race &R, unsigned Winner,
                    const clang::CFGBlock *Block, unsigned Successor,
                    const clang::ASTContext &Context);

  RaceOperand operand(const clang::Expr *E, const clang::FunctionDecl *In,
                      unsigned Depth = 3);

  /// Whether a deadline ends the operation: timeout(...), cancel_after(...).
  bool isBounded(const clang::Expr *E) const;

private:
  bool flatten(const clang::CallExpr *Call, const RaceModel *Model, Race &Into,
               const clang::FunctionDecl *In,
               llvm::SmallPtrSetImpl<const clang::Stmt *> &Inner);

  Channels &All;
  FunctionTable<RaceModel> Table;
};

} // namespace threadhop

#endif
