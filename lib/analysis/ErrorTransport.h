//===--- ErrorTransport.h - errors that travel to other threads -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule 1A: an error is handed to another thread by a promise, an
// exception_ptr, the result or an exception of a task, or a channel, and holds
// something that must not go there while another owner stays behind.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_ERRORTRANSPORT_H
#define THREADHOP_ANALYSIS_ERRORTRANSPORT_H

#include "analysis/Crossings.h"

namespace threadhop {

class Session;

/// How an error leaves for another thread.
enum class TransportKind {
  Promise,   ///< set_exception, set_value and the like.
  Task,      ///< It leaves a task whose caller gets it.
  Coroutine, ///< It leaves a coroutine that another thread has resumed.
  Channel,   ///< A message.
  Captured,  ///< An exception_ptr that goes to a task, or that a task leaves.
};

struct TransportedError {
  const clang::FunctionDecl *Function = nullptr;
  TransportKind Kind = TransportKind::Promise;
  /// The error's type, and the value that is handed over.
  clang::QualType Error;
  clang::SourceLocation Loc;
  /// The call or throw that hands it over, and what that is: "'std::promise'".
  clang::SourceLocation TransportLoc;
  std::string How;
  /// What must not go with it. Null for an error that a model speaks of.
  const SendVerdict *Verdict = nullptr;
  clang::QualType Part;
  clang::SourceLocation Copied; ///< Where the part was copied.
  OtherOwner Owner;
  std::optional<SenderTouch> Touch;
  const ErrorTypeModel *Row = nullptr;
  std::string Reason; ///< Of the row.
  /// For erased payloads: the path to the member that hides its type.
  std::string Erased;
  clang::SourceLocation ErasedLoc;
};

struct TransportOptions {
  /// Members whose type is erased count unless they are annotated.
  bool StrictErasedPayload = false;
};

std::vector<TransportedError> findTransportedErrors(Session &Unit,
                                                    const TransportOptions &);

/// True for a call on a promise whose future the function itself asks, and that
/// nobody else has: nothing changes threads.
bool promiseStaysHere(const clang::Expr *Call,
                      const clang::FunctionDecl *Function);

/// A part of the type whose own type is erased: the path to it as a clause,
/// and its declaration; empty if there is none.
std::pair<std::string, clang::SourceLocation>
erasedPart(clang::QualType Type, const clang::ASTContext &Context);

} // namespace threadhop

#endif
