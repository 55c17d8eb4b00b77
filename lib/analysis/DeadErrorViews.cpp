//===--- DeadErrorViews.cpp - errors that view dead storage ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/DeadErrorViews.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "support/SystemHeaders.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {
namespace {

constexpr unsigned MaxDepth = 16;
constexpr size_t MaxEscapes = 64;

/// The operand of something that throws it: a throw expression, or a function
/// of a library that is known to do nothing else.
const Expr *thrownOperand(const Expr *E) {
  if (const auto *Throw = dyn_cast<CXXThrowExpr>(E))
    return Throw->getSubExpr();
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call || !Call->getNumArgs() || !Call->getDirectCallee())
    return nullptr;
  if (isStdCall(Call, "throw_with_nested"))
    return Call->getArg(0);
  llvm::StringRef Name = calleeName(Call);
  if (isOneOf(Name,
              {"throw_exception", "throw_with_location", "throw_exception_"})) {
    std::string Whole = publicName(Call->getDirectCallee());
    if (llvm::StringRef(Whole).starts_with("boost::"))
      return Call->getArg(0);
  }
  return nullptr;
}

/// The error that the call puts into an exception_ptr or promise.
const Expr *keptOperand(const Expr *E) {
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call || !Call->getNumArgs())
    return nullptr;
  llvm::StringRef Name = calleeName(Call);
  if (isOneOf(Name, {"make_exception_ptr", "copy_exception"}) &&
      Call->getNumArgs() == 1)
    return Call->getArg(0);
  return nullptr;
}

bool isNoexcept(const FunctionDecl *Function) {
  const auto *Type = Function->getType()->getAs<FunctionProtoType>();
  return Type && !isUnresolvedExceptionSpec(Type->getExceptionSpecType()) &&
         Type->isNothrow();
}

/// True if the handler may read the member of the error that is a view.
bool reads(const CXXCatchStmt *Handler, const ErrorView &E) {
  const VarDecl *Var = Handler->getExceptionDecl();
  if (!Var)
    return false;
  const FieldDecl *Field =
      E.What.Members.empty() ? nullptr : E.What.Members.front();
  bool Reads = false;
  llvm::SmallPtrSet<const Stmt *, 8> Settled;
  visitEvaluated(Handler->getHandlerBlock(), [&](const Stmt *S) {
    if (const auto *Member = dyn_cast<MemberExpr>(S)) {
      const auto *Ref =
          dyn_cast<DeclRefExpr>(Member->getBase()->IgnoreParenImpCasts());
      if (!Ref || Ref->getDecl() != Var)
        return true;
      Settled.insert(Ref);
      if (const auto *Of = dyn_cast<FieldDecl>(Member->getMemberDecl())) {
        Reads |= !Field || Of == Field;
      } else if (const auto *Method =
                     dyn_cast<CXXMethodDecl>(Member->getMemberDecl())) {
        // what() and the like; an accessor of the member is seen.
        visitEvaluated(visibleBody(Method), [&](const Stmt *Inner) {
          if (const auto *In = dyn_cast<MemberExpr>(Inner))
            Reads |= In->getMemberDecl() == Field;
          return true;
        });
      }
      return true;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (Ref->getDecl() == Var && !Settled.contains(Ref))
        Reads = true;
    return true;
  });
  return Reads;
}

} // namespace

bool DeadErrorViewAnalysis::isWorthEntering(const Invocation &Call) const {
  if (!visibleBody(Call.Callee) || isNoexcept(Call.Callee))
    return false;
  // Of a library only what may run a callable of ours.
  const SourceManager &SM = Context.getSourceManager();
  if (!isInSystemHeader(Call.Callee, SM))
    return true;
  return llvm::any_of(Call.Args, [](const Expr *Arg) {
    const auto *Record =
        Arg->getType().getNonReferenceType()->getAsCXXRecordDecl();
    return Record && Record->isLambda();
  });
}

/// The errors with views that the expression throws or keeps, said of the
/// function's parameters and variables.
std::vector<ErrorView>
DeadErrorViewAnalysis::thrownBy(const Expr *E, const FunctionDecl *Function) {
  std::vector<ErrorView> Result;
  if (const Expr *Operand = thrownOperand(E)) {
    QualType Type = Operand->getType().getNonReferenceType();
    if (Looks.mayHoldViews(Type))
      for (const View &V : Looks.viewsOf(Operand, Function))
        Result.push_back({Type, V, E, nullptr, nullptr, {}});
    return Result;
  }
  if (const Expr *Operand = keptOperand(E)) {
    QualType Type = Operand->getType().getNonReferenceType();
    if (!Looks.mayHoldViews(Type))
      return Result;
    Keeping Where = keepingOf(E, nullptr, visibleBody(Function));
    if (Where.By == KeptBy::Nobody)
      return Result;
    const auto *At = dyn_cast<CallExpr>(Where.At);
    bool IsThrown = At && Where.By == KeptBy::Caller &&
                    isOneOf(calleeName(At), {"rethrow_exception"});
    for (const View &V : Looks.viewsOf(Operand, Function))
      Result.push_back({Type,
                        V,
                        E,
                        IsThrown ? Where.At : nullptr,
                        IsThrown ? nullptr : Where.At,
                        {}});
    return Result;
  }
  Invocation Call = invocationOf(E);
  if (!Call || !isWorthEntering(Call))
    return Result;
  for (const ErrorView &Inner : summary(Call.Callee).Escapes)
    for (const View &V : Looks.inCaller(Inner.What, Call, Function)) {
      ErrorView Outer = Inner;
      Outer.Site = nullptr;
      Outer.What = V;
      Outer.Calls.insert(Outer.Calls.begin(), E);
      if (Result.size() < MaxEscapes)
        Result.push_back(std::move(Outer));
    }
  return Result;
}

void DeadErrorViewAnalysis::judge(ErrorView E, const Stmt *Site,
                                  const FunctionDecl *Function,
                                  const TryBlocks &Blocks, Summary &Into) {
  const Storage &S = E.What.Of;
  const FunctionDecl *Home = S.Var ? functionOf(S.Var) : nullptr;
  bool IsOwn = S.Kind == Storage::Variable && Home &&
               Home == Function->getCanonicalDecl();
  // What a lambda that was called here views by reference is its own
  // function's, which may be any caller of this one.
  bool IsOuter = S.Kind == Storage::Variable && Home && !IsOwn &&
                 (!E.Calls.empty() || isWithin(Function, Home));
  bool IsCallers = S.Kind == Storage::Referred || S.Kind == Storage::Viewed;
  if (S.Kind == Storage::Variable && !Home)
    return;
  const CXXCatchStmt *Reader = nullptr;
  if (!E.Kept) {
    // From the inside out: the first handler that ends it decides.
    const TryBlocks::List &Alive = Blocks.around(S.Var);
    if (E.Site)
      Site = E.Site;
    for (const CXXTryStmt *Try : llvm::reverse(Blocks.around(Site))) {
      const CXXCatchStmt *Handler = handlerFor(Try, E.Error);
      if (!Handler)
        continue;
      bool Lives =
          IsOuter || IsCallers || (IsOwn && !llvm::is_contained(Alive, Try));
      if (!Lives && reads(Handler, E)) {
        Reader = Handler;
        break;
      }
      if (!letsGo(Handler))
        return;
      // It goes on as it is, or nested or kept.
    }
    if (!Reader && isNoexcept(Function))
      return;
  }
  if (!Reader && (IsOuter || IsCallers)) {
    if (Into.Escapes.size() < MaxEscapes)
      Into.Escapes.push_back(std::move(E));
    return;
  }
  DeadErrorView Dead;
  static_cast<ErrorView &>(Dead) = std::move(E);
  Dead.Function = Function;
  Dead.Handler = Reader;
  Into.Dead.push_back(std::move(Dead));
}

const DeadErrorViewAnalysis::Summary &
DeadErrorViewAnalysis::summary(const FunctionDecl *Function) {
  std::unique_ptr<Summary> &Entry = Known[Function->getCanonicalDecl()];
  if (Entry)
    return *Entry;
  Entry = std::make_unique<Summary>(); // Of a recursion: nothing.
  Summary *Result = Entry.get();
  const FunctionDecl *Definition = nullptr;
  const Stmt *Body = Function->getBody(Definition);
  if (!Body || Definition->isDependentContext() || Depth > MaxDepth)
    return *Result;
  ++Depth;
  TryBlocks Blocks(Body);
  Summary Found;
  auto look = [&](const Expr *E) {
    for (ErrorView &V : thrownBy(E, Definition))
      judge(std::move(V), E, Definition, Blocks, Found);
  };
  auto visit = [&](const Stmt *S) {
    // A coroutine's exception comes out where it is awaited.
    if (const auto *Await = dyn_cast<CoawaitExpr>(S)) {
      const Expr *Operand = stripWrapping(Await->getOperand());
      Invocation Call = invocationOf(Operand);
      if (Call && isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Call.Callee)))
        look(Operand);
      return true;
    }
    if (!isa<CXXThrowExpr, CallExpr, CXXConstructExpr>(S))
      return true;
    Invocation Call = invocationOf(cast<Expr>(S));
    if (!Call || !isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Call.Callee)))
      look(cast<Expr>(S));
    return true;
  };
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Definition))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      visitEvaluated(Init->getInit(), visit);
  visitEvaluated(Body, visit);
  --Depth;
  *Result = std::move(Found);
  return *Result;
}

} // namespace threadhop
