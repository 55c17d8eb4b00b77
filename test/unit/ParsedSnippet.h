//===--- ParsedSnippet.h - a few lines of C++, parsed -----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_TEST_UNIT_PARSEDSNIPPET_H
#define THREADHOP_TEST_UNIT_PARSEDSNIPPET_H

#include "analysis/Session.h"
#include "analysis/Syntax.h"
#include "models/Loader.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Frontend/ASTUnit.h"
#include <memory>
#include <string>
#include <vector>

namespace threadhop {

/// Stand-ins for the standard library: coroutine_handle, move, mutex, the
/// locks, optional, unique_ptr, thread and the like, a coroutine type 'task'
/// and an awaitable 'event' of which nothing is known (tick() returns one).
/// They keep a test fast: no real header is read.
extern const char *const StdPrelude;

/// A piece of C++20, parsed after StdPrelude. A snippet that does not compile
/// fails the test.
class ParsedSnippet {
public:
  explicit ParsedSnippet(const std::string &Code,
                         std::vector<std::string> Args = {});
  ~ParsedSnippet();

  clang::ASTContext &context() const { return Unit->getASTContext(); }

  /// The declaration with that public name ("ns::f"); a definition before
  /// others, and what is written before what is instantiated. A name that is
  /// not there fails the test.
  const clang::FunctionDecl *function(const std::string &Name) const;
  const clang::VarDecl *variable(const std::string &Name) const;
  const clang::CXXRecordDecl *record(const std::string &Name) const;
  const clang::CXXMethodDecl *method(const std::string &Name) const;
  /// The only instantiation of the function template that has a body.
  const clang::FunctionDecl *instance(const std::string &Name) const;
  /// The only specialisation of the class template.
  const clang::CXXRecordDecl *special(const std::string &Name) const;
  /// The declared type of the variable.
  clang::QualType type(const std::string &Variable) const {
    return variable(Variable)->getType();
  }

  /// All expressions and statements of that class in the function's body.
  template <typename Node>
  std::vector<const Node *> all(const std::string &Function) const {
    return all<Node>(visibleBody(function(Function)));
  }
  template <typename Node>
  static std::vector<const Node *> all(const clang::Stmt *In) {
    std::vector<const Node *> Found;
    visitEvaluated(In, [&](const clang::Stmt *S) {
      if (const auto *Wanted = llvm::dyn_cast<Node>(S))
        Found.push_back(Wanted);
      return true;
    });
    return Found;
  }
  /// The value of the function's first return statement.
  const clang::Expr *returned(const std::string &Function) const;

private:
  std::unique_ptr<clang::ASTUnit> Unit;
};

/// A snippet and the analyses of it, with the models of \p ModelText (the
/// sections alone, without braces: R"("guards": [...])").
class AnalyzedSnippet : public ParsedSnippet {
public:
  explicit AnalyzedSnippet(const std::string &Code,
                           const std::string &ModelText = "",
                           std::vector<std::string> Args = {});

  Session &session() const { return *Analyses; }
  const ModelIndex &index() const { return Analyses->Index; }

private:
  std::unique_ptr<Session> Analyses;
};

/// The rows of a model's sections; a wrong one fails the test.
std::shared_ptr<Models> modelsFrom(const std::string &Sections);

} // namespace threadhop

#endif
