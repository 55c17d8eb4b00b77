//===--- PlainCounts.cpp - reference counts that are not atomic -----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/PlainCounts.h"
#include "analysis/Syntax.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"

using namespace clang;

namespace threadhop {
namespace {

struct Change {
  const FieldDecl *Counter;
  bool Up;
  SourceLocation Loc;
};

/// The field that says which integer an lvalue is: the pointer member of
/// '*n_', the last member of 'p_->count'; null unless a pointer or reference
/// leads to it, for an object's own member is shared with nobody.
const FieldDecl *sharedCounter(const Expr *E, bool InPointee) {
  E = stripForwarding(E);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() != UO_Deref)
      return nullptr;
    if (const auto *Member =
            dyn_cast<MemberExpr>(stripForwarding(Unary->getSubExpr())))
      return dyn_cast<FieldDecl>(Member->getMemberDecl());
    return nullptr;
  }
  const auto *Member = dyn_cast<MemberExpr>(E);
  const auto *Field =
      Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
  if (!Field)
    return nullptr;
  const Expr *Base = stripForwarding(Member->getBase());
  if (isa<CXXThisExpr>(Base))
    return InPointee ? Field : nullptr;
  if (Member->isArrow())
    return Field;
  // 'box_->counts.strong', or a reference parameter's member.
  if (const auto *Outer = dyn_cast<MemberExpr>(Base))
    return Outer->isArrow() || sharedCounter(Outer, InPointee) ? Field
                                                               : nullptr;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Base))
    return InPointee && Ref->getDecl()->getType()->isReferenceType() ? Field
                                                                     : nullptr;
  return nullptr;
}

/// The body of the function, or that of the template it comes from where
/// nobody has called it yet: what a count is does not depend on arguments.
const Stmt *bodyOrPattern(const FunctionDecl *Function) {
  if (const Stmt *Body = visibleBody(Function))
    return Body;
  const FunctionDecl *Pattern =
      Function ? Function->getTemplateInstantiationPattern() : nullptr;
  return Pattern ? Pattern->getBody() : nullptr;
}

/// The same member, in an instantiation or in its template.
bool sameCounter(const FieldDecl *A, const FieldDecl *B) {
  return A->getFieldIndex() == B->getFieldIndex() &&
         A->getName() == B->getName() && A->getLocation() == B->getLocation();
}

class ChangeFinder {
public:
  llvm::SmallVector<Change> Changes;

  void function(const FunctionDecl *Function, bool InPointee, unsigned Depth) {
    const Stmt *Body = bodyOrPattern(Function);
    if (!Body || !Seen.insert(Function->getCanonicalDecl()).second)
      return;
    const FunctionDecl *Definition = Function->getDefinition();
    if (!Definition || !Definition->hasBody())
      Definition = Function->getTemplateInstantiationPattern();
    if (const auto *Constructor =
            dyn_cast_or_null<CXXConstructorDecl>(Definition))
      for (const CXXCtorInitializer *Init : Constructor->inits())
        if (Init->getInit())
          statement(Init->getInit(), InPointee, Depth);
    statement(Body, InPointee, Depth);
  }

private:
  void add(const Expr *E, bool Up, SourceLocation Loc, bool InPointee) {
    if (!E->getType()->isIntegerType() || E->getType().isVolatileQualified())
      return;
    if (const FieldDecl *Counter = sharedCounter(E, InPointee))
      Changes.push_back({Counter, Up, Loc});
  }

  void statement(const Stmt *S, bool InPointee, unsigned Depth) {
    // What a lock guards is no plain count.
    bool Locked = false;
    visitEvaluated(S, [&](const Stmt *Inner) {
      if (const auto *Declares = dyn_cast<DeclStmt>(Inner))
        for (const Decl *D : Declares->decls())
          if (const auto *Var = dyn_cast<VarDecl>(D))
            if (const CXXRecordDecl *Type =
                    Var->getType()->getAsCXXRecordDecl())
              Locked |= Type->getIdentifier() &&
                        (Type->getName().ends_with("_lock") ||
                         Type->getName().contains("lock_guard") ||
                         Type->getName().contains("Locker"));
      if (Locked)
        return true;
      if (const auto *Unary = dyn_cast<UnaryOperator>(Inner)) {
        if (Unary->isIncrementDecrementOp())
          add(Unary->getSubExpr(), Unary->isIncrementOp(),
              Unary->getOperatorLoc(), InPointee);
      } else if (const auto *Binary = dyn_cast<BinaryOperator>(Inner)) {
        if (Binary->getOpcode() == BO_AddAssign ||
            Binary->getOpcode() == BO_SubAssign)
          add(Binary->getLHS(), Binary->getOpcode() == BO_AddAssign,
              Binary->getOperatorLoc(), InPointee);
      } else if (const auto *Call = dyn_cast<CallExpr>(Inner)) {
        const FunctionDecl *Callee = Call->getDirectCallee();
        if (!Callee || !Depth)
          return true;
        // A method of this object changes what this object points to; a method
        // of the pointee, or a function given it, changes the pointee's own.
        bool OnThis = false;
        if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
          OnThis = isa<CXXThisExpr>(
              stripForwarding(Member->getImplicitObjectArgument()));
        function(Callee, OnThis ? InPointee : true, Depth - 1);
      }
      return true;
    });
  }

  llvm::SmallPtrSet<const Decl *, 8> Seen;
};

} // namespace

std::optional<PlainCount> inferPlainCount(const CXXRecordDecl *Record) {
  if (!Record || !Record->hasDefinition() || Record->isLambda())
    return std::nullopt;
  Record = Record->getDefinition();
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (!Destructor || !bodyOrPattern(Destructor))
    return std::nullopt;
  ChangeFinder Ends;
  Ends.function(Destructor, /*InPointee=*/false, /*Depth=*/3);
  for (const CXXConstructorDecl *Constructor : Record->ctors()) {
    if (!Constructor->isCopyConstructor() || !bodyOrPattern(Constructor))
      continue;
    ChangeFinder Copies;
    Copies.function(Constructor, /*InPointee=*/false, /*Depth=*/3);
    for (const Change &Up : Copies.Changes)
      for (const Change &Down : Ends.Changes)
        if (Up.Up && !Down.Up && sameCounter(Up.Counter, Down.Counter))
          return PlainCount{Up.Counter, Up.Loc, Down.Loc};
  }
  return std::nullopt;
}

} // namespace threadhop
