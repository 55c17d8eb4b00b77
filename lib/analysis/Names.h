//===--- Names.h - names and patterns of declarations -----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_NAMES_H
#define THREADHOP_ANALYSIS_NAMES_H

#include "clang/AST/Type.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace clang {
class ASTContext;
class CallExpr;
class CXXRecordDecl;
class Decl;
class Expr;
class FunctionDecl;
class NamedDecl;
} // namespace clang

namespace threadhop {

/// The class as its author wrote it: the templated class of the primary
/// template for every specialisation, the member pattern for a nested class of
/// an instantiation; canonical.
const clang::CXXRecordDecl *patternOf(const clang::CXXRecordDecl *Record);

/// The function as written, canonical.
const clang::FunctionDecl *patternOf(const clang::FunctionDecl *Function);

/// The qualified name without inline and anonymous namespaces and without
/// template arguments: "opentelemetry::trace::Scope".
std::string publicName(const clang::NamedDecl *D);

/// A type as a message shows it: aliases and tag words dropped where they hide
/// what matters, "std::lock_guard<std::mutex>".
std::string typeName(clang::QualType Type, const clang::ASTContext &Context);

/// True if \p D is a member of namespace std, at any depth.
bool isInStd(const clang::Decl *D);

/// Resolves qualified names ("ns::type", "ns::type::member") in a translation
/// unit, through inline namespaces, namespace aliases, using declarations and
/// directives, typedefs and alias templates.
///
/// \returns the canonical declarations: classes as patternOf gives them,
/// functions and function templates (as their pattern), variables, typedefs
/// themselves beside what they name; empty if the unit has no such name.
llvm::SmallVector<const clang::NamedDecl *, 2>
resolveName(llvm::StringRef QualifiedName, const clang::ASTContext &Context);

} // namespace threadhop

#endif
