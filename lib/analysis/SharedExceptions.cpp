//===--- SharedExceptions.cpp - exceptions that others hold too -----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/SharedExceptions.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "support/SystemHeaders.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace clang;

namespace threadhop {
namespace {

constexpr unsigned MaxDepth = 8;

/// Futures and tasks whose copies all rethrow the same exception object.
bool isSharedFuture(QualType Type) {
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->getIdentifier())
    return false;
  if (!isOneOf(Record->getName(),
               {"shared_future", "shared_task", "shared_result"}))
    return false;
  return isOneOf(publicName(Record),
                 {"std::shared_future", "boost::shared_future",
                  "boost::fibers::shared_future", "hpx::shared_future",
                  "hpx::lcos::shared_future", "cppcoro::shared_task",
                  "concurrencpp::shared_result"});
}

bool isRethrow(const Expr *E) {
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  if (!Callee || Call->getNumArgs() != 1 ||
      !isOneOf(calleeName(Call), {"rethrow_exception"}))
    return false;
  return isInStd(Callee) ||
         llvm::StringRef(publicName(Callee)).starts_with("boost::");
}

/// The class shows that several threads use its objects.
bool isSynchronised(const CXXRecordDecl *Record) {
  if (!Record || !Record->hasDefinition())
    return false;
  for (const FieldDecl *Field : Record->getDefinition()->fields()) {
    const auto *Type = Field->getType()->getAsCXXRecordDecl();
    llvm::StringRef Name = Type && Type->getIdentifier() ? Type->getName() : "";
    if (isOneOf(Name, {"mutex", "shared_mutex", "recursive_mutex", "atomic",
                       "timed_mutex", "condition_variable", "atomic_flag",
                       "once_flag", "condition_variable_any", "latch",
                       "counting_semaphore", "shared_timed_mutex"}))
      return true;
  }
  return llvm::any_of(
      Record->getDefinition()->bases(), [](const CXXBaseSpecifier &Base) {
        return isSynchronised(Base.getType()->getAsCXXRecordDecl());
      });
}

/// True if a lock is held in the handler where it changes the exception, and
/// the exception ends there.
bool isUnderLock(const FunctionDecl *Function, const Expr *Write) {
  const SourceManager &SM = Function->getASTContext().getSourceManager();
  SourceLocation At = Write->getExprLoc();
  bool Locked = false;
  visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
    const auto *Block = dyn_cast<CompoundStmt>(S);
    if (!Block || Locked)
      return !Locked;
    if (!SM.isBeforeInTranslationUnit(Block->getBeginLoc(), At) ||
        !SM.isBeforeInTranslationUnit(At, Block->getEndLoc()))
      return true;
    for (const Stmt *Child : Block->body()) {
      if (!SM.isBeforeInTranslationUnit(Child->getBeginLoc(), At))
        break;
      const auto *Declares = dyn_cast<DeclStmt>(Child);
      if (!Declares)
        continue;
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          if (const auto *Record = Var->getType()->getAsCXXRecordDecl();
              Record && Record->getIdentifier())
            Locked |= isOneOf(Record->getName(),
                              {"lock_guard", "unique_lock", "scoped_lock"});
    }
    return true;
  });
  return Locked;
}

/// True if \p Object is what a shared_ptr member of the class points to, and
/// the class can be copied: its objects are handles of one state.
bool isSharedHandle(const Expr *Object, const CXXMethodDecl *Method) {
  const auto *Arrow = dyn_cast<CXXOperatorCallExpr>(stripForwarding(Object));
  if (!Arrow || !Arrow->getNumArgs())
    return false;
  const auto *Owner = Arrow->getArg(0)->getType()->getAsCXXRecordDecl();
  if (!Owner || !Owner->getIdentifier() ||
      !isOneOf(Owner->getName(), {"shared_ptr", "__shared_ptr",
                                  "__shared_ptr_access", "intrusive_ptr"}))
    return false;
  const CXXRecordDecl *Record = Method->getParent();
  for (const CXXConstructorDecl *Constructor : Record->ctors())
    if (Constructor->isCopyConstructor() && Constructor->isDeleted())
      return false;
  return Record->hasUserDeclaredCopyConstructor() ||
         !Record->hasUserDeclaredMoveOperation();
}

bool locksMemberOf(const VarDecl *Var, const Stmt *Block) {
  bool Locks = false;
  visitEvaluated(Block, [&](const Stmt *S) {
    const auto *Make = dyn_cast<CXXConstructExpr>(S);
    if (!Make || !Make->getNumArgs())
      return true;
    const CXXRecordDecl *Record = Make->getConstructor()->getParent();
    if (!Record->getIdentifier() ||
        !isOneOf(Record->getName(),
                 {"lock_guard", "unique_lock", "scoped_lock"}))
      return true;
    const auto *Member = dyn_cast<MemberExpr>(stripForwarding(Make->getArg(0)));
    const auto *Ref =
        Member ? dyn_cast<DeclRefExpr>(stripForwarding(Member->getBase()))
               : nullptr;
    Locks |= Ref && Ref->getDecl() == Var;
    return true;
  });
  return Locks;
}

/// True if the exception does not get from \p At to \p Try: a handler between
/// them ends all that \p Handler could catch.
bool endsBefore(const CXXTryStmt *Try, const CXXCatchStmt *Handler,
                const Stmt *At, const TryBlocks &Blocks) {
  const TryBlocks::List &Around = Blocks.around(At);
  auto Own = llvm::find(Around, Try);
  if (Own == Around.end())
    return false;
  for (const CXXTryStmt *Inner : llvm::make_range(std::next(Own), Around.end()))
    for (unsigned I = 0; I != Inner->getNumHandlers(); ++I) {
      const CXXCatchStmt *First = Inner->getHandler(I);
      bool Gets = Handler->getCaughtType().isNull()
                      ? First->getCaughtType().isNull()
                      : catches(First, Handler->getCaughtType());
      if (Gets && !letsGo(First))
        return true;
    }
  return false;
}

} // namespace

bool isBoostException(QualType Type) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  auto is = [](const CXXRecordDecl *R) {
    return R->getIdentifier() && R->getName() == "exception" &&
           publicName(R) == "boost::exception";
  };
  if (is(Record))
    return true;
  bool Found = false;
  Record->forallBases([&](const CXXRecordDecl *Base) {
    Found |= is(Base);
    return true;
  });
  return Found;
}

/// The shared exceptions that the expression itself can throw.
std::vector<SharedSource>
SharedExceptionAnalysis::sourcesAt(const Expr *E, const FunctionDecl *In) {
  std::vector<SharedSource> Result;
  auto add = [&](const Sharing &Why, const Expr *Rethrow) {
    if (Why.Is != Sharing::No)
      Result.push_back({E, Rethrow, Why});
  };
  if (const auto *Await = dyn_cast<CoawaitExpr>(E)) {
    const Expr *Operand = stripForwarding(Await->getOperand());
    if (isSharedFuture(Operand->getType())) {
      add(ofFuture(Operand, In), E);
      return Result;
    }
    Invocation Call = invocationOf(Operand);
    if (Call && isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Call.Callee)))
      for (const SharedSource &Inner : sourcesOf(Call.Callee))
        if (Inner.Why.Is == Sharing::Yes)
          add(Inner.Why, Inner.Rethrow);
    return Result;
  }
  if (isRethrow(E)) {
    add(ofPointer(cast<CallExpr>(E)->getArg(0), In), E);
    return Result;
  }
  Invocation Call = invocationOf(E);
  if (!Call)
    return Result;
  if (Call.Object && isSharedFuture(Call.Object->getType())) {
    if (Call.Callee->getIdentifier() &&
        isOneOf(Call.Callee->getName(), {"get", "get_or"}))
      add(ofFuture(Call.Object, In), E);
    return Result;
  }
  if (isInStd(Call.Callee) ||
      isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Call.Callee)))
    return Result;
  for (const SharedSource &Inner : sourcesOf(Call.Callee)) {
    Sharing Why = Inner.Why;
    if (Why.IsFuture && Why.Param) {
      unsigned Index = Why.Param->getFunctionScopeIndex();
      Why =
          Index < Call.Args.size() ? ofFuture(Call.Args[Index], In) : Sharing();
    } else if (Why.Is == Sharing::Parameter) {
      unsigned Index = Why.Param->getFunctionScopeIndex();
      Why = Index < Call.Args.size() ? ofPointer(Call.Args[Index], In)
                                     : Sharing();
    } else if (Why.Is == Sharing::Object) {
      // A task or future of one consumer looks the same; what several threads
      // use says so.
      Sharing Of = Call.Object ? ofPlace(Call.Object, In) : Sharing();
      const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
      if (Of.Is == Sharing::No || Of.Is == Sharing::Parameter || !Method ||
          !isSynchronised(Method->getParent()))
        continue;
      // Copies of a handle share the state that it points to.
      const auto *Handle = dyn_cast<CXXMethodDecl>(In);
      Why.Is = Of.Is == Sharing::Object && Handle &&
                       isSharedHandle(Call.Object, Handle)
                   ? Sharing::Yes
                   : Of.Is;
    }
    add(Why, Inner.Rethrow);
  }
  return Result;
}

/// What leaves the function.
const std::vector<SharedSource> &
SharedExceptionAnalysis::sourcesOf(const FunctionDecl *Function) {
  auto &Entry = Sources[Function->getCanonicalDecl()];
  if (Entry)
    return *Entry;
  Entry = std::make_unique<std::vector<SharedSource>>();
  std::vector<SharedSource> *Result = Entry.get();
  const FunctionDecl *Definition = nullptr;
  if (!Function->getBody(Definition) || !visibleBody(Definition) ||
      Depth > MaxDepth)
    return *Result;
  const SourceManager &SM = Definition->getASTContext().getSourceManager();
  if (isInSystemHeader(Definition, SM))
    return *Result;
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  const Stmt *Body = visibleBody(Definition);
  TryBlocks Blocks(Body);
  std::vector<SharedSource> Found;
  visitEvaluated(Body, [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (!E || !isa<CallExpr, CXXConstructExpr, CoawaitExpr>(E))
      return true;
    for (const CXXTryStmt *Try : Blocks.around(E))
      for (unsigned I = 0; I != Try->getNumHandlers(); ++I)
        if (Try->getHandler(I)->getCaughtType().isNull() &&
            !letsGo(Try->getHandler(I)))
          return true;
    for (SharedSource &Inner : sourcesAt(E, Definition))
      if (Found.size() < 32)
        Found.push_back(std::move(Inner));
    return true;
  });
  *Result = std::move(Found);
  return *Result;
}

/// Looks for try blocks in what a handler runs that throw the exception again.
void SharedExceptionAnalysis::sorted(const Stmt *Body,
                                     const SharedSource &Source,
                                     const FunctionDecl *In,
                                     const Expr *SortedBy,
                                     std::vector<SharedExceptionUse> &Into,
                                     unsigned Level) {
  if (!Level)
    return;
  TryBlocks Blocks(Body);
  for (const CXXTryStmt *Try : Blocks.all()) {
    bool Again = rethrowIn(Try->getTryBlock()) != nullptr;
    visitEvaluated(Try->getTryBlock(), [&](const Stmt *S) {
      // What is nested in a shared exception is shared like it.
      if (const auto *Call = dyn_cast<CallExpr>(S))
        Again |= isStdCall(Call, "rethrow_if_nested");
      return !Again;
    });
    if (Again)
      handlers(Try, Source, In, SortedBy, Blocks, Into, Level - 1);
  }
  visitEvaluated(Body, [&](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    const FunctionDecl *Definition = nullptr;
    if (!Callee || isInStd(Callee) || !Callee->getBody(Definition) ||
        !visibleBody(Definition) ||
        isa<CoroutineBodyStmt>(visibleBody(Definition)))
      return true;
    sorted(visibleBody(Definition), Source, Definition,
           SortedBy ? SortedBy : Call, Into, Level - 1);
    return true;
  });
}

void SharedExceptionAnalysis::handlers(
    const CXXTryStmt *Try, const SharedSource &Source, const FunctionDecl *In,
    const Expr *SortedBy, const TryBlocks &Blocks,
    std::vector<SharedExceptionUse> &Into, unsigned Level) {
  for (unsigned I = 0; I != Try->getNumHandlers(); ++I) {
    const CXXCatchStmt *Handler = Try->getHandler(I);
    if (Source.At && endsBefore(Try, Handler, Source.At, Blocks))
      continue;
    const VarDecl *Var = Handler->getExceptionDecl();
    const Stmt *Block = Handler->getHandlerBlock();
    SharedExceptionUse Use{In, Handler, Source, {}, nullptr, SortedBy};
    if (Handler->getCaughtType().isNull()) {
      sorted(Block, Source, In, SortedBy, Into, Level);
      continue;
    }
    bool ByValue = !Handler->getCaughtType()->isReferenceType();
    if (ByValue) {
      if (isBoostException(Handler->getCaughtType()))
        Into.push_back(std::move(Use));
    } else if (Var) {
      Use.Rethrown = rethrowIn(Block);
      Use.Writes = writesTo(Var, Block);
      bool Guarded = locksMemberOf(Var, Block);
      if (!Use.Rethrown)
        llvm::erase_if(Use.Writes, [&](const ObjectWrite &W) {
          return isUnderLock(In, W.At);
        });
      if (!Use.Writes.empty() && !Guarded)
        Into.push_back(std::move(Use));
    }
    sorted(Block, Source, In, SortedBy, Into, Level);
  }
}

/// A handler that gives its exception to others, and changes it afterwards.
void SharedExceptionAnalysis::givenAway(const CXXCatchStmt *Handler,
                                        const FunctionDecl *In,
                                        std::vector<SharedExceptionUse> &Into) {
  const VarDecl *Var = Handler->getExceptionDecl();
  if (!Var || !Var->getType()->isReferenceType())
    return;
  const Stmt *Block = Handler->getHandlerBlock();
  const Expr *Given = nullptr;
  visitEvaluated(Block, [&](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    if (Given || !Call || !isStdCall(Call, "current_exception"))
      return !Given;
    Keeping Where = keepingOf(Call, nullptr, Block);
    if (Where.By == KeptBy::Another)
      Given = Where.At;
    return true;
  });
  if (!Given)
    return;
  const SourceManager &SM = In->getASTContext().getSourceManager();
  SharedExceptionUse Use;
  Use.Function = In;
  Use.Handler = Handler;
  Use.Source.At = Use.Source.Rethrow = Given;
  Use.Source.IsGiven = true;
  Use.Source.Why = {Sharing::Yes, "whoever was given it", SourceLocation()};
  Use.Writes = writesTo(Var, Block);
  llvm::erase_if(Use.Writes, [&](const ObjectWrite &W) {
    return !SM.isBeforeInTranslationUnit(Given->getExprLoc(),
                                         W.At->getExprLoc());
  });
  if (!Use.Writes.empty() && !locksMemberOf(Var, Block))
    Into.push_back(std::move(Use));
}

std::vector<SharedExceptionUse>
SharedExceptionAnalysis::find(const FunctionDecl *Function) {
  std::vector<SharedExceptionUse> Found;
  const Stmt *Body = visibleBody(Function);
  TryBlocks Blocks(Body);
  for (const CXXTryStmt *Try : Blocks.all()) {
    std::vector<SharedSource> Here;
    visitEvaluated(Try->getTryBlock(), [&](const Stmt *S) {
      if (const auto *E = dyn_cast<Expr>(S);
          E && isa<CallExpr, CXXConstructExpr, CoawaitExpr>(E))
        for (SharedSource &Source : sourcesAt(E, Function)) {
          if (Source.Why.Is == Sharing::Parameter)
            Source.Why = inCallers(Source.Why.Param);
          if (Source.Why.Is != Sharing::No)
            Here.push_back(std::move(Source));
        }
      return true;
    });
    for (unsigned I = 0; I != Try->getNumHandlers(); ++I)
      givenAway(Try->getHandler(I), Function, Found);
    for (const SharedSource &Source : Here)
      handlers(Try, Source, Function, nullptr, Blocks, Found, 3);
  }
  return Found;
}

} // namespace threadhop
