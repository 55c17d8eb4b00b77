//===--- ExceptionSharing.cpp - who else holds an exception ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where an exception_ptr or a future comes from, and whether others have it.
//
//===----------------------------------------------------------------------===//

#include "analysis/Names.h"
#include "analysis/SharedExceptions.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace clang;

namespace threadhop {
namespace {

constexpr unsigned MaxDepth = 24;

std::string quoted(const NamedDecl *D) {
  return "'" + D->getNameAsString() + "'";
}

llvm::StringRef recordName(QualType Type) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Record && Record->getIdentifier() ? Record->getName() : "";
}

/// The value goes with it: pointers, shared pointers, views, iterators.
bool isHandle(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    return true;
  llvm::StringRef Name = recordName(Type);
  return isOneOf(Name, {"shared_ptr", "local_shared_ptr", "intrusive_ptr",
                        "span", "reference_wrapper"}) ||
         Name.ends_with("iterator") || Name.ends_with("iterator_base");
}

bool isOnlyOwner(QualType Type) {
  return isOneOf(recordName(Type), {"unique_ptr"});
}

bool isSharedOwner(QualType Type) {
  return isOneOf(recordName(Type), {"shared_ptr", "intrusive_ptr"});
}

/// The body that the function is part of, the outermost one for a lambda.
const Stmt *bodyAround(const VarDecl *Var) {
  const FunctionDecl *Home = functionOf(Var);
  return Home ? visibleBody(Home) : nullptr;
}

bool namesField(const Expr *E, const FieldDecl *Field) {
  const auto *Member = dyn_cast<MemberExpr>(stripForwarding(E));
  return Member && Member->getMemberDecl() == Field;
}

/// True if the function takes the pointer out of the member: the member has
/// none afterwards, and the function is its only holder.
bool isTakenOut(const FieldDecl *Field, const FunctionDecl *In) {
  bool Taken = false;
  visitEvaluated(visibleBody(In), [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (!E || Taken)
      return !Taken;
    if (const Expr *Moved = movedOperand(E); Moved && namesField(Moved, Field))
      Taken = true;
    if (isa<CXXConstructExpr>(E))
      return true;
    Invocation Call = invocationOf(E);
    if (!Call)
      return true;
    llvm::StringRef Name =
        Call.Callee->getIdentifier() ? Call.Callee->getName() : "";
    if (isOneOf(Name, {"swap", "exchange"})) {
      for (const Expr *Arg : Call.Args)
        Taken |= namesField(Arg, Field);
      Taken |= Call.Object && namesField(Call.Object, Field);
    }
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
    if (Operator && Operator->getOperator() == OO_Equal &&
        namesField(Operator->getArg(0), Field)) {
      // Set to nothing: nullptr, {} or exception_ptr().
      const Expr *Value = stripForwarding(Operator->getArg(1));
      while (const auto *Make = dyn_cast<CXXConstructExpr>(Value)) {
        if (Make->getNumArgs() != 1) {
          Taken |= Make->getNumArgs() == 0;
          break;
        }
        Value = stripForwarding(Make->getArg(0));
      }
      Taken |= isa<CXXNullPtrLiteralExpr>(Value) ||
               (isa<InitListExpr>(Value) &&
                !cast<InitListExpr>(Value)->getNumInits());
    }
    return !Taken;
  });
  return Taken;
}

/// Ways in which others get at the variable of a function: captures by lambdas
/// (twice if in a loop that the variable is outside of) and other uses that
/// pass it on.
unsigned sharedUses(const VarDecl *Var) {
  const Stmt *Body = bodyAround(Var);
  unsigned Uses = 0;
  llvm::SmallPtrSet<const Stmt *, 4> Loops, Declaring;
  auto captures = [&](const Stmt *In, unsigned Weight) {
    visitEvaluated(In, [&](const Stmt *S) {
      if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
        for (const LambdaCapture &Capture : Lambda->captures())
          if (Capture.capturesVariable() &&
              Capture.getCapturedVar()->getCanonicalDecl() ==
                  Var->getCanonicalDecl())
            Uses += Weight;
      return true;
    });
  };
  captures(Body, 1);
  visitEvaluated(Body, [&](const Stmt *S) {
    if (!isa<ForStmt, CXXForRangeStmt, WhileStmt, DoStmt>(S))
      return true;
    bool Inside = false;
    visitEvaluated(S, [&](const Stmt *Inner) {
      if (const auto *Declares = dyn_cast<DeclStmt>(Inner))
        for (const Decl *D : Declares->decls())
          Inside |= D == Var;
      return !Inside;
    });
    if (!Inside)
      captures(S, 1);
    return true;
  });
  if (keptBy(Var, Body) == KeptBy::Caller)
    ++Uses;
  return Uses;
}

} // namespace

Sharing SharedExceptionAnalysis::inCallers(const ParmVarDecl *Param) {
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (Depth > MaxDepth)
    return {};
  if (!HasCallers) {
    HasCallers = true;
    for (const FunctionDecl *Function : Functions)
      visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
        if (isa<CallExpr, CXXConstructExpr>(S))
          if (Invocation Call = invocationOf(cast<Expr>(S)); Call)
            for (const ParmVarDecl *P : Call.Callee->parameters())
              if (recordName(P->getType()) == "exception_ptr") {
                Callers[Call.Callee->getCanonicalDecl()].push_back(
                    {cast<Expr>(S), Function});
                break;
              }
        return true;
      });
  }
  const FunctionDecl *Callee = functionOf(Param);
  auto Known = Callee ? Callers.find(Callee) : Callers.end();
  if (Known == Callers.end())
    return {};
  // A copy: looking into the callers can add to none, but may recurse.
  llvm::SmallVector<Caller, 2> Sites = Known->second;
  for (const auto &[Site, In] : Sites) {
    Invocation Call = invocationOf(Site);
    unsigned Index = Param->getFunctionScopeIndex();
    if (Index >= Call.Args.size())
      continue;
    Sharing Result = ofPointer(Call.Args[Index], In);
    if (Result.Is == Sharing::Parameter)
      Result = inCallers(Result.Param);
    if (Result.Is == Sharing::Yes || Result.Is == Sharing::Object) {
      Result.Is = Sharing::Yes;
      return Result;
    }
  }
  return {};
}

Sharing SharedExceptionAnalysis::ofCapture(const VarDecl *Var,
                                           const FunctionDecl *In) {
  Sharing Yes{Sharing::Yes, "captured " + quoted(Var), Var->getLocation()};
  if (Var->isInitCapture()) {
    // [e = ep]: a copy of ep; [e = std::move(ep)]: no copy.
    if (!Var->getInit() || movedOperand(Var->getInit()))
      return {};
    const Expr *Init = stripForwarding(Var->getInit());
    if (const auto *Copy = dyn_cast<CXXConstructExpr>(Init))
      if (Copy->getNumArgs() == 1) {
        if (movedOperand(Copy->getArg(0)))
          return {};
        Init = stripForwarding(Copy->getArg(0));
      }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Init))
      if (const auto *Original = dyn_cast<VarDecl>(Ref->getDecl()))
        return ofCapture(Original, In);
    return ofPointer(Init, In);
  }
  if (Var->hasGlobalStorage())
    return Yes;
  if (isSharedOwner(Var->getType()) || Var->getType()->isPointerType())
    return Yes;
  const FunctionDecl *Home = functionOf(Var);
  if (sharedUses(Var) >= 2)
    return Yes;
  // One lambda has it; what it was copied from may be in other hands.
  Sharing Original = ofVariable(Var, nullptr, Home ? Home : In);
  if (Original.Is == Sharing::Parameter)
    Original = inCallers(Original.Param);
  return Original.Is == Sharing::No ? Sharing() : Original;
}

/// A variable that is, or holds, an exception_ptr.
Sharing SharedExceptionAnalysis::ofVariable(const VarDecl *Var,
                                            const DeclRefExpr *Ref,
                                            const FunctionDecl *In) {
  if (Var->getTLSKind() != VarDecl::TLS_None)
    return {};
  if (Var->hasGlobalStorage())
    return {Sharing::Yes,
            (Var->isStaticDataMember() || Var->isStaticLocal() ? "static "
                                                               : "global ") +
                quoted(Var),
            Var->getLocation()};
  if (Ref && Ref->refersToEnclosingVariableOrCapture())
    return ofCapture(Var, In);
  if (const auto *Param = dyn_cast<ParmVarDecl>(Var))
    return {Sharing::Parameter, "", Param->getLocation(), Param};
  const FunctionDecl *Home = functionOf(Var);
  if (!Home || Var->isExceptionVariable())
    return {};
  if (Var->getInit()) {
    Sharing Result = ofPointer(Var->getInit(), Home);
    if (Result.Is != Sharing::No)
      return Result;
  }
  Sharing Result;
  visitEvaluated(visibleBody(Home), [&](const Stmt *S) {
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
    if (Result.Is != Sharing::No || !Operator ||
        Operator->getOperator() != OO_Equal || Operator->getNumArgs() != 2)
      return Result.Is == Sharing::No;
    const auto *Target =
        dyn_cast<DeclRefExpr>(stripForwarding(Operator->getArg(0)));
    if (Target && Target->getDecl() == Var)
      Result = ofPointer(Operator->getArg(1), Home);
    return true;
  });
  if (Result.Is == Sharing::No) {
    // The other way round: others were given a copy of it.
    Keeping Given = keepingOf(nullptr, Var, visibleBody(Home));
    if (Given.By == KeptBy::Another && !isa<LambdaExpr>(Given.At))
      return {Sharing::Yes, "a stored copy of " + quoted(Var),
              Given.At->getExprLoc()};
  }
  return Result;
}

/// An exception_ptr value.
Sharing SharedExceptionAnalysis::ofPointer(const Expr *E,
                                           const FunctionDecl *In) {
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (!E || Depth > MaxDepth || movedOperand(E))
    return {};
  E = stripWrapping(E);
  if (movedOperand(E) || isStdCall(E, "exchange"))
    return {};
  E = stripForwarding(E);
  if (const auto *Make = dyn_cast<CXXConstructExpr>(E))
    return Make->getNumArgs() == 1 ? ofPointer(Make->getArg(0), In) : Sharing();
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    Sharing Result = ofPointer(Choice->getTrueExpr(), In);
    return Result.Is == Sharing::No ? ofPointer(Choice->getFalseExpr(), In)
                                    : Result;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return ofPlace(Binding->getBinding(), In);
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Var)
      return {};
    if (Var->getType()->isReferenceType() && Var->isLocalVarDecl() &&
        Var->getInit())
      return ofPlace(Var->getInit(), In);
    return ofVariable(Var, Ref, In);
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (Field && isTakenOut(Field, In))
      return {};
    Sharing Result = ofPlace(Member, In);
    // A by-value struct parameter is the function's own copy.
    return Result.Is == Sharing::Parameter ? Sharing() : Result;
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return Unary->getOpcode() == UO_Deref ? ofPlace(E, In) : Sharing();
  if (isa<CallExpr>(E)) {
    const auto *Call = cast<CallExpr>(E);
    if (E->isGLValue())
      return ofPlace(E, In);
    if (isOneOf(calleeName(Call), {"load", "value_or"}) &&
        isa<CXXMemberCallExpr>(Call))
      return ofPlace(cast<CXXMemberCallExpr>(Call)->getImplicitObjectArgument(),
                     In);
    return ofResult(E, In);
  }
  return {};
}

/// What a function with a visible body returns.
Sharing SharedExceptionAnalysis::ofResult(const Expr *E,
                                          const FunctionDecl *In) {
  Invocation Call = invocationOf(E);
  const FunctionDecl *Definition = nullptr;
  if (!Call || isInStd(Call.Callee) || !Call.Callee->getBody(Definition) ||
      !visibleBody(Definition))
    return {};
  Sharing Result;
  visitEvaluated(Definition->getBody(), [&](const Stmt *S) {
    if (const auto *Return = dyn_cast<ReturnStmt>(S);
        Return && Return->getRetValue() && Result.Is == Sharing::No)
      Result = ofPointer(Return->getRetValue(), Definition);
    return true;
  });
  if (Result.Is == Sharing::Parameter && Result.Param &&
      functionOf(Result.Param) == Definition->getCanonicalDecl()) {
    unsigned Index = Result.Param->getFunctionScopeIndex();
    return Index < Call.Args.size() ? ofPointer(Call.Args[Index], In)
                                    : Sharing();
  }
  if (Result.Is == Sharing::Object) {
    if (!Call.Object)
      return {};
    Sharing Of = ofPlace(Call.Object, In);
    if (Of.Is == Sharing::No || Of.Is == Sharing::Parameter)
      return {};
    Result.Is = Of.Is;
  }
  return Result;
}

/// Whether others can get at the object that the expression names or points
/// to.
Sharing SharedExceptionAnalysis::ofPlace(const Expr *E,
                                         const FunctionDecl *In) {
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (!E || Depth > MaxDepth)
    return {};
  E = stripForwarding(E);
  if (isa<CXXThisExpr>(E))
    return {Sharing::Object, "*this", E->getExprLoc()};
  if (const auto *Make = dyn_cast<CXXConstructExpr>(E))
    return Make->getNumArgs() == 1 ? ofPlace(Make->getArg(0), In) : Sharing();
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return ofPlace(Unary->getSubExpr(), In);
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E))
    return ofPlace(Index->getBase(), In);
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Var = dyn_cast<VarDecl>(Member->getMemberDecl()))
      return ofVariable(Var, nullptr, In);
    Sharing Result = ofPlace(Member->getBase(), In);
    if (Result.Is != Sharing::No) {
      Result.What = "member " + quoted(Member->getMemberDecl());
      Result.Loc = Member->getMemberDecl()->getLocation();
    }
    return Result;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return ofPlace(Binding->getBinding(), In);
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Var || Var->getTLSKind() != VarDecl::TLS_None)
      return {};
    if (Var->hasGlobalStorage())
      return ofVariable(Var, nullptr, In);
    if (Ref->refersToEnclosingVariableOrCapture())
      return ofCapture(Var, In);
    if (isa<ParmVarDecl>(Var)) {
      if (Var->getType()->isReferenceType() || isHandle(Var->getType()))
        return {Sharing::Yes, quoted(Var), Var->getLocation()};
      return {};
    }
    const FunctionDecl *Home = functionOf(Var);
    if (!Home || !Var->getInit() || isOnlyOwner(Var->getType()) ||
        Var->isExceptionVariable())
      return {};
    Sharing Result = ofPlace(Var->getInit(), Home);
    if (Result.Is == Sharing::No && isSharedOwner(Var->getType()) &&
        sharedUses(Var) >= 1)
      return {Sharing::Yes, quoted(Var), Var->getLocation()};
    return Result;
  }
  Invocation Call = isa<CallExpr>(E) ? invocationOf(E) : Invocation();
  if (!Call)
    return {};
  if (Call.Object && isInStd(Call.Callee))
    return ofPlace(Call.Object, In);
  if (!isInStd(Call.Callee)) {
    // Accessors of members; operators of the user's own pointers.
    if (Call.Object) {
      bool GivesPart = E->isGLValue() || isHandle(E->getType());
      return GivesPart ? ofPlace(Call.Object, In) : Sharing();
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
      return Operator->getNumArgs() ? ofPlace(Operator->getArg(0), In)
                                    : Sharing();
    // A function that gives out its static variable.
    const FunctionDecl *Definition = nullptr;
    Sharing Result;
    if (Call.Callee->getBody(Definition))
      visitEvaluated(visibleBody(Definition), [&](const Stmt *S) {
        const auto *Return = dyn_cast<ReturnStmt>(S);
        const Expr *Value = Return ? Return->getRetValue() : nullptr;
        if (!Value)
          return true;
        const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Value));
        const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
        if (Var && Var->hasGlobalStorage())
          Result = ofVariable(Var, nullptr, Definition);
        return true;
      });
    return Result;
  }
  if (Call.Args.size() == 1)
    return ofPlace(Call.Args[0], In);
  // Comparison of iterators and the like: operator* and -> outside a class.
  return {};
}

/// A future whose type hands out one exception object to all its copies.
Sharing SharedExceptionAnalysis::ofFuture(const Expr *E,
                                          const FunctionDecl *In) {
  Sharing Yes{Sharing::Yes, "a copy of the shared future", E->getExprLoc(),
              nullptr, true};
  if (E->getType()->isPointerType())
    return Yes;
  const Expr *Object = stripForwarding(E);
  if (const auto *Member = dyn_cast<MemberExpr>(Object)) {
    Yes.What = "every copy of shared future " + quoted(Member->getMemberDecl());
    Yes.Loc = Member->getMemberDecl()->getLocation();
    return Yes;
  }
  const auto *Ref = dyn_cast<DeclRefExpr>(Object);
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Var) {
    // f.share().get(): there is only this one.
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Object))
      if (calleeName(Call) == "share")
        return {};
    if (isa<CXXConstructExpr>(Object))
      return {};
    return Yes;
  }
  Yes.What = "every copy of shared future " + quoted(Var);
  Yes.Loc = Var->getLocation();
  if (const auto *Param = dyn_cast<ParmVarDecl>(Var)) {
    if (!Ref->refersToEnclosingVariableOrCapture())
      Yes.Param = Param;
    return Yes;
  }
  if (Var->hasGlobalStorage() || Var->getType()->isReferenceType() ||
      Ref->refersToEnclosingVariableOrCapture() || Var->isInitCapture())
    return Yes;
  const FunctionDecl *Home = functionOf(Var);
  const Expr *Init = Var->getInit();
  if (!Home || !Init)
    return Yes;
  // Made here from a unique future, and never copied: nobody else has it.
  Init = stripWrapping(Init);
  while (const auto *Make = dyn_cast<CXXConstructExpr>(Init)) {
    if (Make->getNumArgs() != 1)
      break;
    QualType From = Make->getArg(0)->getType();
    Init = stripWrapping(Make->getArg(0));
    if (recordName(From) == "future" || recordName(From) == "unique_future")
      break;
  }
  bool Unique = recordName(Init->getType()) == "future" ||
                recordName(Init->getType()) == "unique_future";
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Init))
    Unique |= calleeName(Call) == "share";
  if (!Unique)
    return Yes;
  unsigned Uses = 0, Own = 0;
  visitEvaluated(visibleBody(Home), [&](const Stmt *S) {
    if (const auto *Use = dyn_cast<DeclRefExpr>(S))
      Uses += Use->getDecl() == Var;
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S))
      if (const auto *Of = dyn_cast<DeclRefExpr>(
              Call->getImplicitObjectArgument()->IgnoreParenImpCasts()))
        Own += Of->getDecl() == Var;
    return true;
  });
  return Uses == Own ? Sharing() : Yes;
}

} // namespace threadhop
