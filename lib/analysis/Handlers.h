//===--- Handlers.h - who catches what --------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Questions about try blocks, handlers and kept exceptions: [except.handle] and
// [propagation] of the standard.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_HANDLERS_H
#define THREADHOP_ANALYSIS_HANDLERS_H

#include "clang/AST/Type.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

namespace clang {
class CXXCatchStmt;
class CXXTryStmt;
class Expr;
class FunctionDecl;
class Stmt;
class VarDecl;
} // namespace clang

namespace threadhop {

/// The try blocks that the parts of a body lie in. A handler is not part of its
/// own try block; lambdas are not entered.
class TryBlocks {
public:
  explicit TryBlocks(const clang::Stmt *Body);

  using List = llvm::SmallVector<const clang::CXXTryStmt *, 2>;
  /// Around an expression: outermost first.
  const List &around(const clang::Stmt *S) const;
  /// Around the declaration of a variable.
  const List &around(const clang::VarDecl *Var) const;
  bool empty() const { return All.empty(); }
  llvm::ArrayRef<const clang::CXXTryStmt *> all() const { return All; }

private:
  List All;
  List None;
  llvm::DenseMap<const void *, List> Around;
};

/// True if the handler catches an exception of the type.
bool catches(const clang::CXXCatchStmt *Handler, clang::QualType Thrown);

/// The handler of the try block that gets an exception of the type, or null.
const clang::CXXCatchStmt *handlerFor(const clang::CXXTryStmt *Try,
                                      clang::QualType Thrown);

/// True if the exception can go on from the handler: `throw;`, the variable
/// thrown again, nested into another, or kept by an exception_ptr that somebody
/// else gets.
bool letsGo(const clang::CXXCatchStmt *Handler);

/// The first place in \p Body that throws the current exception again: itself,
/// or in a function it calls. Null if there is none.
const clang::Expr *rethrowIn(const clang::Stmt *Body);

/// What becomes of an exception_ptr.
enum class KeptBy {
  Nobody,  ///< It stays in the function.
  Caller,  ///< It is thrown again, or returned.
  Another, ///< It is put where others find it.
};

/// What becomes of the exception_ptr that \p Made gives, in the body.
KeptBy keptBy(const clang::Expr *Made, const clang::Stmt *Body);
/// What becomes of the exception_ptr in the variable.
KeptBy keptBy(const clang::VarDecl *Var, const clang::Stmt *Body);

/// The use that the result of keptBy() speaks of.
struct Keeping {
  KeptBy By = KeptBy::Nobody;
  const clang::Expr *At = nullptr;
};
Keeping keepingOf(const clang::Expr *Made, const clang::VarDecl *Var,
                  const clang::Stmt *Body, unsigned Depth = 4);

} // namespace threadhop

#endif
