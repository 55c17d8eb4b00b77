//===--- Hops.h - who runs this callable ------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tells for an argument of a call whether it is run, or handed over, on another
// thread. Sources, in this order: annotations (hops, stays), models (sinks),
// and inference inside the translation unit: a parameter that reaches such a
// call through any depth of forwarding, wrapping and storing. A parameter that
// is put into a queue of the object runs where that queue is drained: on the
// threads the object starts, or by whoever calls the member function that does.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_HOPS_H
#define THREADHOP_ANALYSIS_HOPS_H

#include "analysis/ModelIndex.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <string>

namespace clang {
class CXXConstructExpr;
class CXXMethodDecl;
class CXXRecordDecl;
class FieldDecl;
class LambdaExpr;
class Stmt;
class ValueDecl;
} // namespace clang

namespace threadhop {

/// Where a callable or value that is handed over runs.
enum class RunsOn {
  Unknown,
  Caller,    ///< On the calling thread: inline, or by its own loop.
  Elsewhere, ///< On another thread.
};

/// The verdict on one argument, with what a note can say of it.
struct HopVerdict {
  RunsOn Where = RunsOn::Unknown;
  std::string Why;           ///< "'std::thread' runs it on a new thread".
  clang::SourceLocation Loc; ///< What proves it, where that is visible.
  /// The call returns after the task has ended.
  bool Blocks = false;
  /// Several threads run the task at once.
  bool Concurrent = false;
  /// What is handed over is no task but a value, for another thread to take.
  bool IsMessage = false;
  /// Unknown only because the executor's threads are: perhaps elsewhere.
  bool IsUnknownExecutor = false;
  /// The model that says so, if one does.
  const SinkModel *Row = nullptr;
};

class HopAnalysis {
public:
  HopAnalysis(const ModelIndex &Index, const clang::ASTContext &Context)
      : Index(Index), Context(Context) {}

  /// Where the argument number \p Argument of the call or construction runs.
  /// For a member call, the object is not an argument.
  HopVerdict argument(const clang::Expr *Call, unsigned Argument);

  /// Whether the call puts that argument into a channel between threads: a
  /// visible class that keeps it under a mutex or atomics until another of its
  /// functions, synchronised the same way, gives it out. Such a class need have
  /// no visible consumer.
  HopVerdict message(const clang::Expr *Call, unsigned Argument);

  /// Where the parameter of the function runs, from the function's body.
  HopVerdict parameter(const clang::FunctionDecl *Function, unsigned Index);

private:
  HopVerdict body(const clang::FunctionDecl *Function, unsigned Index);
  HopVerdict stored(const clang::FieldDecl *Queue,
                    const clang::CXXMethodDecl *By);
  HopVerdict modelled(const clang::Expr *Call, unsigned Argument);

  const ModelIndex &Index;
  const clang::ASTContext &Context;
  unsigned Depth = 0;
  llvm::DenseMap<std::pair<const clang::FunctionDecl *, unsigned>, HopVerdict>
      Known;
};

} // namespace threadhop

#endif
