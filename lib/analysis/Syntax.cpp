//===--- Syntax.cpp - small questions about expressions -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Syntax.h"
#include "analysis/Names.h"
#include "support/Bodies.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {

const Expr *stripWrapping(const Expr *E) {
  while (E) {
    const Expr *Inner = E->IgnoreParenImpCasts();
    if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(Inner))
      Inner = Cleanups->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = Temporary->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = Bound->getSubExpr();
    else if (const auto *Constant = dyn_cast<ConstantExpr>(Inner))
      Inner = Constant->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(Inner))
      Inner = Default->getExpr();
    else if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(Inner))
      Inner = Opaque->getSourceExpr() ? Opaque->getSourceExpr() : Inner;
    else if (const auto *Subst = dyn_cast<SubstNonTypeTemplateParmExpr>(Inner))
      Inner = Subst->getReplacement();
    if (Inner == E)
      return E;
    E = Inner;
  }
  return E;
}

bool isStdCall(const Expr *E, llvm::StringRef Name) {
  const auto *Call = dyn_cast_or_null<CallExpr>(E ? stripWrapping(E) : nullptr);
  if (!Call)
    return false;
  const FunctionDecl *Callee = Call->getDirectCallee();
  return Callee && Callee->getIdentifier() && Callee->getName() == Name &&
         isInStd(Callee);
}

const Expr *movedOperand(const Expr *E) {
  if (!E)
    return nullptr;
  E = stripWrapping(E);
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (Call->getNumArgs() == 1 &&
        (isStdCall(Call, "move") || isStdCall(Call, "forward") ||
         isStdCall(Call, "forward_like")) &&
        Call->isXValue())
      return Call->getArg(0);
    return nullptr;
  }
  if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E))
    if (Cast->isXValue() && Cast->getSubExpr()->isLValue())
      return Cast->getSubExpr();
  return nullptr;
}

const Expr *stripForwarding(const Expr *E) {
  while (E) {
    E = stripWrapping(E);
    const Expr *Inner = E;
    if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E))
      Inner = Cast->getSubExpr();
    else if (const auto *Call = dyn_cast<CallExpr>(E)) {
      if (Call->getNumArgs() == 1 &&
          (isStdCall(E, "move") || isStdCall(E, "forward") ||
           isStdCall(E, "as_const") || isStdCall(E, "move_if_noexcept")))
        Inner = Call->getArg(0);
    }
    if (Inner == E)
      return E;
    E = Inner;
  }
  return E;
}

llvm::StringRef calleeName(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || !Callee->getIdentifier())
    return "";
  return Callee->getName();
}

llvm::ArrayRef<const Expr *> argumentsOf(const Expr *E) {
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return {Construct->getArgs(), Construct->getNumArgs()};
  const auto *Call = cast<CallExpr>(E);
  llvm::ArrayRef<const Expr *> Args(Call->getArgs(), Call->getNumArgs());
  if (isa<CXXOperatorCallExpr>(Call) &&
      isa_and_nonnull<CXXMethodDecl>(Call->getDirectCallee()))
    return Args.drop_front();
  return Args;
}

const FunctionDecl *calleeOf(const Expr *E) {
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return Construct->getConstructor();
  return cast<CallExpr>(E)->getDirectCallee();
}

bool declaresCall(const CXXRecordDecl *Record) {
  Record = Record->getDefinition();
  return Record && llvm::any_of(Record->decls(), [](const Decl *D) {
           if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
             D = Template->getTemplatedDecl();
           const auto *Method = dyn_cast<CXXMethodDecl>(D);
           return Method && Method->getOverloadedOperator() == OO_Call;
         });
}

const Expr *writtenArgument(const CallExpr *Call, unsigned Index) {
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
    if (Operator->getOperator() == OO_Call)
      ++Index;
  return Index < Call->getNumArgs() ? Call->getArg(Index) : nullptr;
}

bool isOneOf(llvm::StringRef Name,
             std::initializer_list<llvm::StringRef> Names) {
  return llvm::is_contained(Names, Name);
}

const Stmt *visibleBody(const FunctionDecl *Function) {
  if (!Function)
    return nullptr;
  const FunctionDecl *Definition = nullptr;
  const Stmt *Body = Function->getBody(Definition);
  if (!Definition)
    Definition = Function->getDefinition();
  if (!Definition || Definition->isDependentContext())
    return nullptr;
  if (BodyListener *Listener = BodyListener::current())
    if (Body || Definition->hasSkippedBody())
      Listener->asked(Definition, /*Skipped=*/!Body);
  return Body;
}

void visitEvaluated(const Stmt *S,
                    llvm::function_ref<bool(const Stmt *)> Visit) {
  if (!S || !Visit(S))
    return;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const Expr *Init : Lambda->capture_inits())
      visitEvaluated(Init, Visit);
    return;
  }
  if (isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr>(S))
    return;
  if (const auto *TypeId = dyn_cast<CXXTypeidExpr>(S))
    if (!TypeId->isPotentiallyEvaluated())
      return;
  if (const auto *If = dyn_cast<IfStmt>(S))
    if (If->isConstexpr()) {
      // The branch that is not taken may still be there.
      const Expr *Condition = If->getCond();
      bool Value = false;
      if (Condition && !Condition->isValueDependent()) {
        if (const auto *Constant = dyn_cast<ConstantExpr>(Condition);
            Constant && Constant->hasAPValueResult() &&
            Constant->getAPValueResult().isInt()) {
          Value = Constant->getAPValueResult().getInt().getBoolValue();
          visitEvaluated(If->getInit(), Visit);
          visitEvaluated(Value ? If->getThen() : If->getElse(), Visit);
          return;
        }
      }
    }
  // The await's own calls repeat its operand through opaque values.
  if (const auto *Suspend = dyn_cast<CoroutineSuspendExpr>(S)) {
    visitEvaluated(Suspend->getCommonExpr(), Visit);
    return;
  }
  if (const auto *Coroutine = dyn_cast<CoroutineBodyStmt>(S)) {
    visitEvaluated(Coroutine->getBody(), Visit);
    return;
  }
  if (const auto *Return = dyn_cast<CoreturnStmt>(S)) {
    visitEvaluated(Return->getPromiseCall() ? Return->getPromiseCall()
                                            : Return->getOperand(),
                   Visit);
    return;
  }
  if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(S)) {
    visitEvaluated(Default->getExpr(), Visit);
    return;
  }
  for (const Stmt *Child : S->children())
    visitEvaluated(Child, Visit);
}

bool isMutableReference(QualType Param) {
  if (Param.isNull())
    return false;
  if (Param->isReferenceType() || Param->isPointerType())
    return !Param->getPointeeType().isConstQualified();
  return false;
}

bool isNeverWritten(const VarDecl *Var, const Stmt *Body) {
  if (Var->getType().isConstQualified())
    return true;
  // A use is a read exactly where the value is loaded; count both.
  unsigned Uses = 0, Loads = 0;
  auto Names = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParens());
    return Ref && Ref->getDecl() == Var;
  };
  bool Captured = false;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && Names(Ref))
      ++Uses;
    if (const auto *Cast = dyn_cast<ImplicitCastExpr>(S);
        Cast && Cast->getCastKind() == CK_LValueToRValue &&
        Names(Cast->getSubExpr()))
      ++Loads;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable() && Capture.getCapturedVar() == Var &&
            Capture.getCaptureKind() == LCK_ByRef)
          Captured = true;
    return true;
  });
  return !Captured && Uses == Loads;
}

} // namespace threadhop
