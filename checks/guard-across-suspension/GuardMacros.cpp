//===--- GuardMacros.cpp - guards known by their macros -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GuardMacros.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/MacroInfo.h"
#include "clang/Lex/Token.h"

using namespace clang;

namespace threadhop {

class GuardMacros::Recorder : public PPCallbacks {
public:
  Recorder(std::shared_ptr<GuardMacros> Owner, const SourceManager &SM)
      : Owner(std::move(Owner)), SM(SM) {}

  void MacroExpands(const Token &Name, const MacroDefinition &,
                    SourceRange Range, const MacroArgs *) override {
    const IdentifierInfo *Identifier = Name.getIdentifierInfo();
    if (!Identifier)
      return;
    auto It = Owner->ByName.find(Identifier->getName());
    if (It == Owner->ByName.end())
      return;
    SourceLocation Loc = SM.getExpansionLoc(Range.getBegin());
    // A guard macro that another one of the models uses is that one.
    if (!Owner->Uses.empty() && Owner->Uses.back().Loc == Loc)
      return;
    Owner->Uses.push_back({Loc, It->second});
  }

private:
  std::shared_ptr<GuardMacros> Owner;
  const SourceManager &SM;
};

GuardMacros::GuardMacros(const Models &Rows) {
  for (const GuardMacroModel &Row : Rows.GuardMacros)
    ByName[Row.Macro] = &Row;
}

std::unique_ptr<PPCallbacks> GuardMacros::record(const SourceManager &Manager) {
  SM = &Manager;
  Uses.clear();
  return std::make_unique<Recorder>(shared_from_this(), Manager);
}

/// True if \p Loc lies in the text of \p Range.
static bool contains(SourceRange Range, SourceLocation Loc,
                     const SourceManager &SM) {
  SourceLocation Begin = SM.getExpansionLoc(Range.getBegin());
  SourceLocation End = SM.getExpansionLoc(Range.getEnd());
  return Begin.isValid() && End.isValid() && SM.isWrittenInSameFile(Begin, Loc) &&
         SM.getFileOffset(Begin) <= SM.getFileOffset(Loc) &&
         SM.getFileOffset(Loc) <= SM.getFileOffset(End);
}

static const Stmt *bodyOf(const FunctionDecl *Function) {
  const Stmt *Body = visibleBody(Function);
  if (const auto *Coroutine = dyn_cast_or_null<CoroutineBodyStmt>(Body))
    Body = Coroutine->getBody();
  return Body;
}

/// Visits blocks and lambdas below \p S.
template <typename Visitor> static void visitScopes(const Stmt *S, Visitor V) {
  if (!S)
    return;
  if (!V(S))
    return;
  for (const Stmt *Child : S->children())
    visitScopes(Child, V);
}

std::vector<GuardMacros::Use>
GuardMacros::usesIn(const FunctionDecl *Function) const {
  std::vector<Use> Inside;
  const Stmt *Body = bodyOf(Function);
  if (!Body || Uses.empty())
    return Inside;
  for (const Use &Each : Uses) {
    if (Each.Model->Safe || !contains(Body->getSourceRange(), Each.Loc, *SM))
      continue;
    bool InInner = false;
    visitScopes(Body, [&](const Stmt *S) {
      if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
        InInner |= contains(Lambda->getBody()->getSourceRange(), Each.Loc,
                             *SM);
        return false;
      }
      // A member function of a local class is a function of its own.
      if (const auto *Declares = dyn_cast<DeclStmt>(S))
        for (const Decl *D : Declares->decls())
          if (isa<TagDecl>(D))
            InInner |= contains(D->getSourceRange(), Each.Loc, *SM);
      return !InInner;
    });
    if (!InInner)
      Inside.push_back(Each);
  }
  return Inside;
}

std::vector<const SuspensionPoint *>
suspensionsInScope(SourceLocation Loc, const FunctionDecl *Function,
                   const Suspensions &Points, const ASTContext &Context) {
  const SourceManager &SM = Context.getSourceManager();
  const Stmt *Scope = bodyOf(Function);
  visitScopes(Scope, [&](const Stmt *S) {
    if (isa<LambdaExpr>(S))
      return false;
    if (isa<CompoundStmt>(S) && contains(S->getSourceRange(), Loc, SM))
      Scope = S;
    return true;
  });
  std::vector<const SuspensionPoint *> Inside;
  for (const SuspensionPoint &Point : Points.points()) {
    if (!Point.E)
      continue;
    SourceLocation At = SM.getExpansionLoc(Point.Loc);
    if (contains(Scope->getSourceRange(), At, SM) &&
        SM.getFileOffset(At) > SM.getFileOffset(Loc))
      Inside.push_back(&Point);
  }
  return Inside;
}

} // namespace threadhop
