//===--- Syntax.h - small questions about expressions -----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_SYNTAX_H
#define THREADHOP_ANALYSIS_SYNTAX_H

#include "clang/AST/Type.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <initializer_list>

namespace clang {
class ASTContext;
class CallExpr;
class CXXConstructExpr;
class CXXRecordDecl;
class Expr;
class FunctionDecl;
class Stmt;
class VarDecl;
} // namespace clang

namespace threadhop {

/// \p E without parentheses, implicit casts, cleanups, temporaries that are
/// only materialised or bound, and constant wrappers.
const clang::Expr *stripWrapping(const clang::Expr *E);

/// As stripWrapping, and without explicit casts, std::move, std::forward,
/// std::as_const and std::addressof-free value-preserving calls.
const clang::Expr *stripForwarding(const clang::Expr *E);

/// The argument of a call of std::move, std::forward, std::forward_like or a
/// cast to an rvalue reference; else null.
const clang::Expr *movedOperand(const clang::Expr *E);

/// True for a call of a function with that name in namespace std.
bool isStdCall(const clang::Expr *E, llvm::StringRef Name);

/// The unqualified name of what a call calls; empty for operators and unnamed
/// callees.
llvm::StringRef calleeName(const clang::CallExpr *Call);

/// The arguments of a call or construction, without the object of an operator.
llvm::ArrayRef<const clang::Expr *> argumentsOf(const clang::Expr *Call);

/// What the call or construction calls; null if that cannot be told.
const clang::FunctionDecl *calleeOf(const clang::Expr *Call);

/// True if the class, which has a definition, declares an operator() of its
/// own; a member template too: what std::bind returns.
bool declaresCall(const clang::CXXRecordDecl *Record);

/// The argument number \p Index as the call is written: the object of a call
/// of its operator() is none. Null if there are not so many.
const clang::Expr *writtenArgument(const clang::CallExpr *Call, unsigned Index);

/// True if \p Name is one of \p Names.
bool isOneOf(llvm::StringRef Name,
             std::initializer_list<llvm::StringRef> Names);

/// The body of the function, from whichever declaration has it; null if it is
/// not visible, or dependent.
const clang::Stmt *visibleBody(const clang::FunctionDecl *Function);

/// Visits \p S and what it contains in source order, but not the bodies of
/// lambdas and not unevaluated operands. The callback returns false to leave a
/// subtree out.
void visitEvaluated(const clang::Stmt *S,
                    llvm::function_ref<bool(const clang::Stmt *)> Visit);

/// True if the expression binds to, or yields, something that may be written
/// through: a non-const lvalue or rvalue reference or pointer parameter.
bool isMutableReference(clang::QualType ParamType);

/// True if nothing in \p Body assigns to \p Var, takes its address or binds it
/// to a non-const reference.
bool isNeverWritten(const clang::VarDecl *Var, const clang::Stmt *Body);

} // namespace threadhop

#endif
