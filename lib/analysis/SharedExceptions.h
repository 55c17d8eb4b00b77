//===--- SharedExceptions.h - exceptions that others hold too ---*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds handlers that get an exception object which others hold as well, and
// change it. An exception is shared if it comes out of a shared_future, or is
// rethrown from an exception_ptr that is a copy of a member, a static variable,
// an element, or something captured; through functions with visible bodies on
// both sides: what the try block calls, and what the handler calls that throws
// the current exception again to sort it.
//
// [propagation]: operations on exception_ptr do not race; access to the object
// it refers to may.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_SHAREDEXCEPTIONS_H
#define THREADHOP_ANALYSIS_SHAREDEXCEPTIONS_H

#include "analysis/Functions.h"
#include "analysis/Handlers.h"
#include "analysis/ObjectWrites.h"
#include "clang/Basic/SourceLocation.h"
#include <memory>

namespace clang {
class CXXCatchStmt;
class ParmVarDecl;
} // namespace clang

namespace threadhop {

/// Whether a place, an exception_ptr or a future is in other hands too.
struct Sharing {
  enum Answer {
    No,
    Yes,
    Parameter, ///< If that of the caller's argument is.
    Object,    ///< If the object of the member function is.
  } Is = No;
  std::string What; ///< "member 'ep_'", "static 'last'".
  clang::SourceLocation Loc;
  const clang::ParmVarDecl *Param = nullptr;
  bool IsFuture = false;
};

/// An expression that throws a shared exception.
struct SharedSource {
  const clang::Expr *At = nullptr; ///< In the function that has the try block.
  /// What rethrows it: At, or in a function that At calls.
  const clang::Expr *Rethrow = nullptr;
  Sharing Why;
  /// It is the handler's own exception, of which At gives others a reference.
  bool IsGiven = false;
};

/// A handler that changes, or copies at a cost to all, a shared exception.
struct SharedExceptionUse {
  const clang::FunctionDecl *Function = nullptr;
  const clang::CXXCatchStmt *Handler = nullptr;
  SharedSource Source;
  /// Empty if it is caught by value and that is already wrong.
  std::vector<ObjectWrite> Writes;
  const clang::Expr *Rethrown = nullptr;
  /// Handler lies in a function that this call in another handler reaches.
  const clang::Expr *SortedBy = nullptr;
};

class SharedExceptionAnalysis {
public:
  explicit SharedExceptionAnalysis(
      std::vector<const clang::FunctionDecl *> Functions)
      : Functions(std::move(Functions)) {}

  std::vector<SharedExceptionUse> find(const clang::FunctionDecl *Function);

private:
  Sharing ofPointer(const clang::Expr *E, const clang::FunctionDecl *In);
  Sharing ofFuture(const clang::Expr *E, const clang::FunctionDecl *In);
  Sharing ofPlace(const clang::Expr *E, const clang::FunctionDecl *In);
  Sharing ofVariable(const clang::VarDecl *Var, const clang::DeclRefExpr *Ref,
                     const clang::FunctionDecl *In);
  Sharing ofCapture(const clang::VarDecl *Var, const clang::FunctionDecl *In);
  Sharing ofResult(const clang::Expr *Call, const clang::FunctionDecl *In);
  Sharing inCallers(const clang::ParmVarDecl *Param);

  std::vector<SharedSource> sourcesAt(const clang::Expr *E,
                                      const clang::FunctionDecl *In);
  const std::vector<SharedSource> &
  sourcesOf(const clang::FunctionDecl *Function);
  void handlers(const clang::CXXTryStmt *Try, const SharedSource &Source,
                const clang::FunctionDecl *In, const clang::Expr *SortedBy,
                const TryBlocks &Blocks, std::vector<SharedExceptionUse> &Into,
                unsigned Depth);
  void givenAway(const clang::CXXCatchStmt *Handler,
                 const clang::FunctionDecl *In,
                 std::vector<SharedExceptionUse> &Into);
  void sorted(const clang::Stmt *Body, const SharedSource &Source,
              const clang::FunctionDecl *In, const clang::Expr *SortedBy,
              std::vector<SharedExceptionUse> &Into, unsigned Depth);

  std::vector<const clang::FunctionDecl *> Functions;
  unsigned Depth = 0;
  bool HasCallers = false;
  using Caller = std::pair<const clang::Expr *, const clang::FunctionDecl *>;
  llvm::DenseMap<const clang::FunctionDecl *, llvm::SmallVector<Caller, 2>>
      Callers;
  llvm::DenseMap<const clang::FunctionDecl *,
                 std::unique_ptr<std::vector<SharedSource>>>
      Sources;
};

/// True for boost::exception and what derives from it.
bool isBoostException(clang::QualType Type);

} // namespace threadhop

#endif
