//===--- Handlers.cpp - who catches what ----------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Handlers.h"
#include "analysis/Functions.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

TryBlocks::TryBlocks(const Stmt *Body) {
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Try = dyn_cast<CXXTryStmt>(S))
      All.push_back(Try);
    return true;
  });
  for (const CXXTryStmt *Try : All)
    visitEvaluated(Try->getTryBlock(), [&](const Stmt *S) {
      if (isa<CXXThrowExpr, CallExpr, CXXConstructExpr, CXXTryStmt,
              CoawaitExpr>(S))
        Around[S].push_back(Try);
      else if (const auto *Declares = dyn_cast<DeclStmt>(S))
        for (const Decl *D : Declares->decls())
          Around[D].push_back(Try);
      return true;
    });
}

const TryBlocks::List &TryBlocks::around(const Stmt *S) const {
  auto Found = Around.find(S);
  return Found == Around.end() ? None : Found->second;
}

const TryBlocks::List &TryBlocks::around(const VarDecl *Var) const {
  auto Found = Around.find(static_cast<const Decl *>(Var));
  return Found == Around.end() ? None : Found->second;
}

bool catches(const CXXCatchStmt *Handler, QualType Thrown) {
  QualType Caught = Handler->getCaughtType();
  if (Caught.isNull())
    return true;
  Caught = Caught.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  Thrown = Thrown.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  if (Caught == Thrown)
    return true;
  if (Caught->isPointerType() && Thrown->isPointerType()) {
    if (Caught->isVoidPointerType())
      return true;
    Caught = Caught->getPointeeType().getUnqualifiedType();
    Thrown = Thrown->getPointeeType().getUnqualifiedType();
    if (Caught == Thrown)
      return true;
  }
  const auto *Base = Caught->getAsCXXRecordDecl();
  const auto *Derived = Thrown->getAsCXXRecordDecl();
  return Base && Derived && Derived->hasDefinition() &&
         Derived->isDerivedFrom(Base);
}

const CXXCatchStmt *handlerFor(const CXXTryStmt *Try, QualType Thrown) {
  for (unsigned I = 0; I != Try->getNumHandlers(); ++I)
    if (catches(Try->getHandler(I), Thrown))
      return Try->getHandler(I);
  return nullptr;
}

static const Expr *rethrowIn(const Stmt *Body, unsigned Depth) {
  const Expr *Found = nullptr;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (Found)
      return false;
    // Inside a nested handler it is another exception.
    if (isa<CXXCatchStmt>(S) && S != Body)
      return false;
    if (const auto *Try = dyn_cast<CXXTryStmt>(S)) {
      // try { throw; } catch (...) {} sorts the exception, and may end it.
      const Expr *Inner = rethrowIn(Try->getTryBlock(), Depth);
      bool Swallowed = false;
      for (unsigned I = 0; I != Try->getNumHandlers(); ++I) {
        const CXXCatchStmt *Handler = Try->getHandler(I);
        if (rethrowIn(Handler->getHandlerBlock(), Depth)) {
          if (Inner)
            Found = Inner;
        } else if (Handler->getCaughtType().isNull()) {
          Swallowed = true;
        }
      }
      if (Inner && !Swallowed)
        Found = Inner;
      return false;
    }
    if (const auto *Throw = dyn_cast<CXXThrowExpr>(S)) {
      if (!Throw->getSubExpr())
        Found = Throw;
      return !Found;
    }
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && Depth) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (isStdCall(Call, "rethrow_exception") && Call->getNumArgs() == 1 &&
          isStdCall(stripForwarding(Call->getArg(0)), "current_exception"))
        Found = Call;
      else if (Callee && !isInStd(Callee))
        if (const Stmt *Inner = visibleBody(Callee);
            Inner && !isa<CoroutineBodyStmt>(Inner) &&
            rethrowIn(Inner, Depth - 1))
          Found = Call;
    }
    return !Found;
  });
  return Found;
}

const Expr *rethrowIn(const Stmt *Body) { return rethrowIn(Body, 3); }

static bool names(const Expr *E, const VarDecl *Var) {
  E = stripForwarding(E);
  // A copy or move of it.
  while (const auto *Copy = dyn_cast<CXXConstructExpr>(E)) {
    if (Copy->getNumArgs() != 1 ||
        !Copy->getConstructor()->isCopyOrMoveConstructor())
      break;
    E = stripForwarding(Copy->getArg(0));
  }
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  return Ref && Ref->getDecl() == Var;
}

bool letsGo(const CXXCatchStmt *Handler) {
  const Stmt *Block = Handler->getHandlerBlock();
  if (rethrowIn(Block))
    return true;
  const VarDecl *Var = Handler->getExceptionDecl();
  bool Goes = false;
  visitEvaluated(Block, [&](const Stmt *S) {
    if (const auto *Throw = dyn_cast<CXXThrowExpr>(S);
        Throw && Throw->getSubExpr() && Var && names(Throw->getSubExpr(), Var))
      Goes = true;
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return !Goes;
    if (isStdCall(Call, "throw_with_nested"))
      Goes = true;
    if (calleeName(Call) == "current_exception")
      Goes = Goes || keptBy(Call, Block) != KeptBy::Nobody;
    return !Goes;
  });
  return Goes;
}

/// True if what is assigned to outlives the function.
static bool isNotLocal(const Expr *Target) {
  Target = stripForwarding(Target);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Target)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    return Var && (Var->hasGlobalStorage() ||
                   Ref->refersToEnclosingVariableOrCapture() ||
                   Var->getType()->isReferenceType());
  }
  if (const auto *Member = dyn_cast<MemberExpr>(Target))
    return Member->isArrow() || isNotLocal(Member->getBase());
  if (const auto *Unary = dyn_cast<UnaryOperator>(Target))
    return Unary->getOpcode() == UO_Deref;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Target))
    return Operator->getOperator() == OO_Arrow ||
           (Operator->getNumArgs() && isNotLocal(Operator->getArg(0)));
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Target))
    return isNotLocal(Call->getImplicitObjectArgument());
  return isa<CXXThisExpr>(Target);
}

/// True if the other end of a promise can be outside of the function.
static bool isReachable(const Expr *Promise, const Stmt *Body) {
  if (isNotLocal(Promise))
    return true;
  const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Promise));
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Var)
    return false;
  if (isa<ParmVarDecl>(Var))
    return true;
  // A local promise: its future may be returned.
  llvm::SmallVector<const VarDecl *, 4> Related = {Var};
  bool Returned = false;
  auto mentions = [&](const Stmt *In) {
    bool Found = false;
    visitEvaluated(In, [&](const Stmt *S) {
      if (const auto *Inner = dyn_cast<DeclRefExpr>(S))
        for (const VarDecl *R : Related)
          Found |= Inner->getDecl() == R;
      return !Found;
    });
    return Found;
  };
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Local = dyn_cast<VarDecl>(D);
            Local && Local->getInit() && mentions(Local->getInit()))
          Related.push_back(Local);
    } else if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      Returned |= Return->getRetValue() && mentions(Return->getRetValue());
    } else if (const auto *E = dyn_cast<Expr>(S)) {
      if (const Expr *Moved = movedOperand(E))
        Returned |= mentions(Moved);
    }
    return true;
  });
  return Returned;
}

Keeping keepingOf(const Expr *Made, const VarDecl *Var, const Stmt *Body,
                  unsigned Depth) {
  Keeping Result;
  if (!Depth || !Body)
    return Result;
  const Expr *Wanted = Made ? stripForwarding(Made) : nullptr;
  auto isIt = [&](const Expr *E) {
    if (!E)
      return false;
    if (Var)
      return names(E, Var);
    E = stripForwarding(E);
    while (const auto *Copy = dyn_cast<CXXConstructExpr>(E)) {
      if (E == Wanted || Copy->getNumArgs() != 1)
        break;
      E = stripForwarding(Copy->getArg(0));
    }
    return E == Wanted;
  };
  auto found = [&](KeptBy By, const Expr *At) {
    if (By == KeptBy::Nobody || Result.By == KeptBy::Another)
      return;
    Result = {By, At};
  };
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      if (isIt(Return->getRetValue()))
        found(KeptBy::Caller, Return->getRetValue());
      return true;
    }
    if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Local = dyn_cast<VarDecl>(D);
            Local && Local != Var && isIt(Local->getInit())) {
          Keeping Inner = keepingOf(nullptr, Local, Body, Depth - 1);
          found(Inner.By, Inner.At);
        }
      return true;
    }
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      // Whoever runs the lambda has it.
      auto Init = Lambda->capture_init_begin();
      for (const LambdaCapture &Capture : Lambda->captures()) {
        const Expr *Value = *Init++;
        if (Capture.capturesVariable() &&
            Capture.getCaptureKind() == LCK_ByCopy && isIt(Value))
          found(KeptBy::Another, Lambda);
      }
      return true;
    }
    const auto *E = dyn_cast<Expr>(S);
    if (!E || isa<CXXConstructExpr>(E))
      return true;
    Invocation Call = invocationOf(E);
    if (!Call)
      return true;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
      if (Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2 &&
          isIt(Operator->getArg(1))) {
        const Expr *Target = Operator->getArg(0);
        if (isNotLocal(Target)) {
          found(KeptBy::Another, E);
        } else if (const auto *Ref =
                       dyn_cast<DeclRefExpr>(stripForwarding(Target))) {
          const auto *Local = dyn_cast<VarDecl>(Ref->getDecl());
          if (Local && Local != Var) {
            const FunctionDecl *Home = functionOf(Local);
            Keeping Inner = keepingOf(
                nullptr, Local, Home ? visibleBody(Home) : Body, Depth - 1);
            found(Inner.By, Inner.At);
          }
        }
      }
      return true;
    }
    llvm::StringRef Name =
        Call.Callee->getIdentifier() ? Call.Callee->getName() : "";
    for (unsigned I = 0; I < Call.Args.size(); ++I) {
      if (!isIt(Call.Args[I]))
        continue;
      if (isOneOf(Name, {"rethrow_exception", "rethrowException"})) {
        found(KeptBy::Caller, E);
      } else if (isOneOf(Name, {"set_exception", "setException",
                                "set_exception_at_thread_exit", "set_error"}) &&
                 Call.Object) {
        const FunctionDecl *Home = nullptr;
        if (const auto *Ref =
                dyn_cast<DeclRefExpr>(stripForwarding(Call.Object)))
          Home = functionOf(Ref->getDecl());
        const Stmt *Around = Home ? visibleBody(Home) : Body;
        if (isReachable(Call.Object, Around ? Around : Body))
          found(KeptBy::Another, E);
      } else if (isOneOf(Name, {"push_back", "emplace_back", "push", "emplace",
                                "insert", "store", "exchange"}) &&
                 Call.Object) {
        if (isNotLocal(Call.Object))
          found(KeptBy::Another, E);
      } else if (const Stmt *Inner = visibleBody(Call.Callee);
                 Inner && I < Call.Callee->getNumParams() &&
                 !isInStd(Call.Callee)) {
        const FunctionDecl *Definition = nullptr;
        Call.Callee->getBody(Definition);
        Keeping There =
            keepingOf(nullptr, Definition->getParamDecl(I), Inner, Depth - 1);
        // What the callee returns is looked at no further.
        if (There.By == KeptBy::Another ||
            (There.At && isa<CallExpr>(There.At) &&
             calleeName(cast<CallExpr>(There.At)) == "rethrow_exception"))
          found(There.By, E);
      }
    }
    return true;
  });
  return Result;
}

KeptBy keptBy(const Expr *Made, const Stmt *Body) {
  return keepingOf(Made, nullptr, Body).By;
}
KeptBy keptBy(const VarDecl *Var, const Stmt *Body) {
  return keepingOf(nullptr, Var, Body).By;
}

} // namespace threadhop
