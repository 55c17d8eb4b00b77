//===--- Release.cpp - who may release a guard he is given ----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Release.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Syntax.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace threadhop {

bool isReleasingName(llvm::StringRef Name) {
  return isOneOf(Name,
                 {"unlock",  "unlock_shared", "unlock_upgrade", "Unlock",
                  "release", "Release",       "reset",          "Reset",
                  "end",     "End",           "close",          "Close",
                  "clear",   "dismiss",       "Dismiss",        "detach",
                  "Detach",  "stop",          "Stop",           "finish",
                  "Finish",  "exit",          "Exit",           "leave",
                  "Leave",   "disarm",        "cancel",         "pop",
                  "commit",  "rollback",      "abort",          "done"});
}

bool isAcquiringName(llvm::StringRef Name) {
  return Name.starts_with("try_lock") ||
         isOneOf(Name, {"lock", "lock_shared", "lock_upgrade", "Lock",
                        "relock", "Relock", "acquire", "reacquire", "enter",
                        "owns_lock", "mutex"});
}

namespace {

/// All references to a variable below a statement, lambda bodies included.
class UseFinder : public RecursiveASTVisitor<UseFinder> {
public:
  UseFinder(const ValueDecl *Variable,
            llvm::SmallVectorImpl<const Expr *> &Uses)
      : Variable(Variable), Uses(Uses) {}
  bool shouldVisitImplicitCode() const { return true; }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    if (Ref->getDecl()->getCanonicalDecl() == Variable->getCanonicalDecl())
      Uses.push_back(Ref);
    return true;
  }

private:
  const ValueDecl *Variable;
  llvm::SmallVectorImpl<const Expr *> &Uses;
};

/// All mentions of a member of *this below a statement.
class MemberFinder : public RecursiveASTVisitor<MemberFinder> {
public:
  MemberFinder(const FieldDecl *Field, llvm::SmallVectorImpl<const Expr *> &Uses)
      : Field(Field), Uses(Uses) {}
  bool shouldVisitImplicitCode() const { return true; }
  bool VisitMemberExpr(MemberExpr *Member) {
    const auto *Named = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Named)
      return true;
    if (!Field || Named->getCanonicalDecl() == Field->getCanonicalDecl())
      Uses.push_back(Member);
    return true;
  }

private:
  const FieldDecl *Field;
  llvm::SmallVectorImpl<const Expr *> &Uses;
};

bool isConditionVariableWait(const CallExpr *Call) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
  if (!Method || !Method->getIdentifier() || !Method->getParent()->getIdentifier())
    return false;
  return Method->getName().starts_with("wait") &&
         Method->getParent()->getName().contains("condition_variable");
}

} // namespace

/// Whether the use is reached only under a condition that does not speak of the
/// variable itself.
static bool isConditional(const Expr *Use, const ValueDecl *Variable,
                          const ParentMap &Parents) {
  const Stmt *Child = Use;
  for (const Stmt *Parent = Parents.getParent(Use); Parent;
       Child = Parent, Parent = Parents.getParent(Parent)) {
    const Expr *Condition = nullptr;
    if (const auto *If = dyn_cast<IfStmt>(Parent))
      Condition = If->getCond();
    else if (const auto *Choice = dyn_cast<ConditionalOperator>(Parent))
      Condition = Choice->getCond();
    else if (const auto *While = dyn_cast<WhileStmt>(Parent))
      Condition = While->getCond();
    else if (isa<ForStmt, CXXForRangeStmt, SwitchStmt>(Parent))
      return true;
    else if (const auto *Binary = dyn_cast<BinaryOperator>(Parent);
             Binary && Binary->isLogicalOp() && Binary->getRHS() == Child)
      Condition = Binary->getLHS();
    else if (isa<LambdaExpr>(Parent))
      return false; // When it is called is not known here.
    if (!Condition || Condition == Child)
      continue;
    llvm::SmallVector<const Expr *> Mentions;
    UseFinder(Variable, Mentions).TraverseStmt(const_cast<Expr *>(Condition));
    if (Mentions.empty())
      return true;
  }
  return false;
}

bool ReleaseAnalysis::isReleasingUse(const Expr *Use,
                                     const ParentMap &Parents,
                                     const Stmt *Body, unsigned Depth) {
  const Stmt *Current = Use;
  for (;;) {
    const Stmt *Parent = Parents.getParent(Current);
    if (!Parent)
      return false;
    if (const auto *Cast = dyn_cast<CastExpr>(Parent)) {
      if (Cast->getCastKind() == CK_ToVoid)
        return false;
      if (Cast->getCastKind() == CK_LValueToRValue &&
          !Cast->getType()->isPointerType())
        return false;
      if (Cast->getCastKind() == CK_NoOp && Cast->getType().isConstQualified())
        return false;
      Current = Parent;
      continue;
    }
    if (isa<ParenExpr, ExprWithCleanups, MaterializeTemporaryExpr,
            CXXBindTemporaryExpr>(Parent)) {
      Current = Parent;
      continue;
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(Parent)) {
      if (Unary->getOpcode() != UO_Deref && Unary->getOpcode() != UO_AddrOf)
        return false;
      Current = Parent;
      continue;
    }
    if (const auto *Member = dyn_cast<MemberExpr>(Parent)) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Member->getMemberDecl());
      if (!Method) {
        Current = Parent;
        continue;
      }
      if (Method->isConst() || Method->isStatic() || !Method->getIdentifier())
        return false;
      llvm::StringRef Name = Method->getName();
      if (isAcquiringName(Name))
        return false;
      if (isReleasingName(Name) || !Depth)
        return true;
      return mayReleaseMember(Method, nullptr);
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent)) {
      OverloadedOperatorKind Kind = Operator->getOperator();
      if (Kind == OO_Star || Kind == OO_Arrow || Kind == OO_Subscript) {
        Current = Parent;
        continue;
      }
      if (Kind == OO_Equal)
        return Operator->getArg(0)->IgnoreParenImpCasts() == Current ||
               !isa<DeclRefExpr>(Current) || Operator->getArg(0) == Current;
      const auto *Method =
          dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
      if (Method && Method->isConst() && Operator->getArg(0) == Current)
        return false;
      return true;
    }
    if (const auto *Call = dyn_cast<CallExpr>(Parent)) {
      if (isStdCall(Call, "get") || isStdCall(Call, "addressof") ||
          isStdCall(Call, "as_const")) {
        Current = Parent;
        continue;
      }
      if (isConditionVariableWait(Call))
        return false;
      const FunctionDecl *Callee = Call->getDirectCallee();
      for (unsigned I = 0; I != Call->getNumArgs(); ++I) {
        if (Call->getArg(I) != Current)
          continue;
        if (!Callee || I >= Callee->getNumParams())
          return true;
        QualType Param = Callee->getParamDecl(I)->getType();
        if (!isMutableReference(Param))
          return false;
        if (Param->isRValueReferenceType())
          return true;
        return mayRelease(Callee, I, Depth);
      }
      return true;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent)) {
      for (unsigned I = 0; I != Construct->getNumArgs(); ++I) {
        if (Construct->getArg(I) != Current)
          continue;
        const CXXConstructorDecl *Constructor = Construct->getConstructor();
        if (I >= Constructor->getNumParams())
          return true;
        QualType Param = Constructor->getParamDecl(I)->getType();
        if (!isMutableReference(Param))
          return false;
        if (Param->isRValueReferenceType())
          return true;
        return mayRelease(Constructor, I, Depth);
      }
      return true;
    }
    if (isa<LambdaExpr>(Parent))
      return false; // The uses in its body are looked at on their own.
    if (const auto *Statement = dyn_cast<DeclStmt>(Parent)) {
      // Another name for it.
      for (const Decl *D : Statement->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          if (Var->getInit() == Current ||
              (Var->getInit() && stripForwarding(Var->getInit()) ==
                                     stripForwarding(cast<Expr>(Current))))
            if (Var->getType()->isReferenceType() ||
                Var->getType()->isPointerType())
              return !Depth || releasedIn(Body, Var, Depth - 1);
      return false;
    }
    if (isa<ReturnStmt, CoreturnStmt, InitListExpr>(Parent))
      return true;
    if (isa<Expr>(Parent))
      return true;
    return false;
  }
}

bool ReleaseAnalysis::releasedIn(const Stmt *Body, const ValueDecl *Variable,
                                 unsigned Depth) {
  llvm::SmallVector<const Expr *> Uses;
  UseFinder(Variable, Uses).TraverseStmt(const_cast<Stmt *>(Body));
  if (Uses.empty())
    return false;
  ParentMap Parents(const_cast<Stmt *>(Body));
  for (const Expr *Use : Uses)
    if (!isConditional(Use, Variable, Parents) &&
        isReleasingUse(Use, Parents, Body, Depth))
      return true;
  return false;
}

bool ReleaseAnalysis::acquires(const FunctionDecl *Function, unsigned Index) {
  const Stmt *Body = visibleBody(Function);
  if (!Body || Index >= Function->getNumParams())
    return false;
  const ParmVarDecl *Param = Function->getDefinition()->getParamDecl(Index);
  bool Locks = false;
  visitEvaluated(Body, [&](const Stmt *S) {
    const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
    if (Call && isAcquiringName(calleeName(Call)) &&
        !isOneOf(calleeName(Call), {"owns_lock", "mutex"})) {
      const auto *Ref = dyn_cast<DeclRefExpr>(
          stripForwarding(Call->getImplicitObjectArgument()));
      Locks |= Ref && Ref->getDecl() == Param;
    }
    return true;
  });
  return Locks;
}

bool ReleaseAnalysis::mayRelease(const FunctionDecl *Function, unsigned Index,
                                 unsigned Depth) {
  const Stmt *Body = visibleBody(Function);
  if (!Body || !Depth)
    return true;
  const FunctionDecl *Definition = Function->getDefinition();
  auto Key = std::make_pair(Definition, Index);
  auto [It, New] = Known.try_emplace(Key, false);
  if (!New)
    return It->second;
  const ParmVarDecl *Param = Definition->getParamDecl(Index);
  bool Result = releasedIn(Body, Param, Depth - 1);
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Definition))
    for (const CXXCtorInitializer *Init : Constructor->inits()) {
      llvm::SmallVector<const Expr *> Uses;
      UseFinder(Param, Uses).TraverseStmt(Init->getInit());
      if (Uses.empty())
        continue;
      // A member that refers to the guard keeps it for later.
      const FieldDecl *Field = Init->getAnyMember();
      auto Kept = resolveObject(Init->getInit());
      if (Field && isMutableReference(Field->getType()) && Kept &&
          Kept->Root == Param->getCanonicalDecl()) {
        Result = true;
        break;
      }
      ParentMap Parents(Init->getInit());
      for (const Expr *Use : Uses)
        Result |= isReleasingUse(Use, Parents, Body, Depth - 1);
    }
  Known[Key] = Result;
  return Result;
}

bool ReleaseAnalysis::mayRelease(const FunctionDecl *Function,
                                 unsigned Index) {
  return mayRelease(Function, Index, /*Depth=*/4);
}

bool ReleaseAnalysis::mayRelease(const LambdaExpr *Lambda,
                                 const ValueDecl *Variable) {
  const CXXMethodDecl *Operator = Lambda->getCallOperator();
  if (const FunctionTemplateDecl *Generic =
          Lambda->getDependentCallOperator()) {
    for (const FunctionDecl *Special : Generic->specializations())
      if (const Stmt *Body = visibleBody(Special))
        if (releasedIn(Body, Variable, /*Depth=*/4))
          return true;
    return false;
  }
  const Stmt *Body = Operator ? Operator->getBody() : nullptr;
  return Body && releasedIn(Body, Variable, /*Depth=*/4);
}

bool ReleaseAnalysis::mayReleaseMember(const CXXMethodDecl *Method,
                                       const FieldDecl *Field) {
  const Stmt *Body = visibleBody(Method);
  if (!Body)
    return true;
  auto Key = std::make_pair(
      static_cast<const FunctionDecl *>(Method->getDefinition()),
      Field ? 1000u + Field->getFieldIndex() : ~0u - 2);
  auto [It, New] = Known.try_emplace(Key, false);
  if (!New)
    return It->second;
  llvm::SmallVector<const Expr *> Uses;
  MemberFinder(Field, Uses).TraverseStmt(const_cast<Stmt *>(Body));
  bool Result = false;
  ParentMap Parents(const_cast<Stmt *>(Body));
  for (const Expr *Use : Uses) {
    // Without a particular member, writing any of them may disarm the object.
    if (!Field) {
      const Stmt *Parent = Parents.getParent(Use);
      if (const auto *Binary = dyn_cast_or_null<BinaryOperator>(Parent))
        Result |= Binary->isAssignmentOp();
    }
    Result |= isReleasingUse(Use, Parents, Body, /*Depth=*/2);
  }
  Known[Key] = Result;
  return Result;
}

} // namespace threadhop
