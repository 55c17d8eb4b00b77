//===--- Crossings.h - confined objects that reach other threads *- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Puts hops, what they hand over, sendability, ownership and joins together:
// rules 2B, 4A and 4B. Every premise has a place in the source; where one
// cannot be seen, there is no crossing.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_CROSSINGS_H
#define THREADHOP_ANALYSIS_CROSSINGS_H

#include "analysis/HandOver.h"
#include "analysis/Hops.h"
#include "analysis/Joins.h"
#include "analysis/Sendability.h"
#include "analysis/TaskUses.h"

namespace clang {
class ParmVarDecl;
} // namespace clang

namespace threadhop {

class Session;

/// Who has the object, or another owner of it, beside the task.
struct OtherOwner {
  enum Kind {
    None,      ///< The only owner goes over.
    Local,     ///< A local variable.
    Parameter, ///< What a parameter refers to, or was copied to.
    Member,
    Global,
    Unknown, ///< Something that a call gave.
  } K = None;
  std::string Name;
  clang::SourceLocation Loc;
};

struct Crossing {
  const clang::FunctionDecl *Function = nullptr;
  const clang::Expr *Call = nullptr; ///< That hands it over.
  unsigned Argument = 0;
  HopVerdict Hop;
  HandedObject Object;
  const SendVerdict *Verdict = nullptr;
  OtherOwner Owner;
  std::optional<SenderTouch> Touch;
  std::optional<TaskUse> Use;
  /// The object is a weak pointer; the task uses what it locks.
  bool IsWeak = false;
  /// A parameter of Function through which its caller's object goes over.
  const clang::ParmVarDecl *Through = nullptr;
};

struct CrossingOptions {
  /// Executors whose threads are not known are taken to be other threads.
  bool UnknownExecutors = false;
};

/// The crossings in the calls of all functions of the unit. One that goes
/// through a parameter is reported once: in the function, or, where the
/// parameter's type is its caller's choice, in the caller.
std::vector<Crossing> findCrossings(Session &Unit,
                                    const CrossingOptions &Options);

/// A confined parameter or local of a coroutine that another thread resumes,
/// while another owner stays behind.
struct FrameCrossing {
  const clang::FunctionDecl *Coroutine = nullptr;
  const clang::VarDecl *Variable = nullptr;
  const SendVerdict *Verdict = nullptr;
  clang::SourceLocation Hop; ///< The await that hops.
  std::string Why;           ///< How that is known.
  clang::SourceLocation Use; ///< After it; the variable's end if none.
  OtherOwner Owner;
};
std::vector<FrameCrossing> findFrameCrossings(Session &Unit);

/// Who keeps the object that the expression names, for the function it is in.
OtherOwner ownerOf(const clang::Expr *Source);

/// True for types that are errors: derived from std::exception, named by a
/// model, or with the word in the name of the class, a base or an alias.
bool isErrorType(clang::QualType Type, const ModelIndex &Index);

/// Whether \p Type is what an 'expected', 'outcome' or 'result' around the
/// object has for errors.
bool isErrorArgument(clang::QualType Type, const HandedObject &Object,
                     const clang::ASTContext &Context);

} // namespace threadhop

#endif
