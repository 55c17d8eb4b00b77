//===--- Mutexes.cpp - which mutexes belong to a thread -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Mutexes.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {

bool isAwaitableRecord(const CXXRecordDecl *Record) {
  if (!Record || !Record->hasDefinition())
    return false;
  Record = Record->getDefinition();
  for (const CXXMethodDecl *Method : Record->methods()) {
    if (Method->getOverloadedOperator() == OO_Coawait)
      return true;
    if (Method->getIdentifier() && Method->getName() == "await_ready")
      return true;
  }
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (isAwaitableRecord(Base.getType()->getAsCXXRecordDecl()))
      return true;
  return false;
}

/// The method \p Name without parameters, of the class or a base.
static const CXXMethodDecl *findMethod(const CXXRecordDecl *Record,
                                       llvm::StringRef Name) {
  if (!Record || !Record->hasDefinition())
    return nullptr;
  Record = Record->getDefinition();
  for (const CXXMethodDecl *Method : Record->methods())
    if (Method->getIdentifier() && Method->getName() == Name &&
        Method->getMinRequiredArguments() == 0)
      return Method;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const CXXMethodDecl *Method =
            findMethod(Base.getType()->getAsCXXRecordDecl(), Name))
      return Method;
  return nullptr;
}

static bool hasAwaitableMethod(const CXXRecordDecl *Record) {
  if (!Record || !Record->hasDefinition())
    return false;
  Record = Record->getDefinition();
  for (const CXXMethodDecl *Method : Record->methods())
    if (isAwaitableRecord(Method->getReturnType()
                              .getNonReferenceType()
                              ->getAsCXXRecordDecl()))
      return true;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (hasAwaitableMethod(Base.getType()->getAsCXXRecordDecl()))
      return true;
  return false;
}

/// What the function does to a member mutex, where that is all it is for: it
/// locks one and unlocks none, or the other way round.
MutexOperation Mutexes::forwarded(const CXXMethodDecl *Method,
                                  unsigned Depth) const {
  if (!Depth || !Method->getIdentifier() || Method->isStatic() ||
      !isOneOf(Method->getName(),
               {"Lock", "Unlock", "acquire", "release", "Acquire", "Release",
                "enter", "leave", "Enter", "Leave", "LockExclusive",
                "UnlockExclusive", "exit", "Exit"}))
    return MutexOperation::None;
  const Stmt *Body = visibleBody(Method);
  bool Locks = false, Unlocks = false;
  if (Body && Method->getReturnType()->isVoidType())
    visitEvaluated(Body, [&](const Stmt *S) {
      const auto *Call = dyn_cast<CallExpr>(S);
      if (!Call)
        return true;
      llvm::StringRef Name = calleeName(Call);
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
        if (judge(Member->getObjectType()
                      .getNonReferenceType()
                      ->getAsCXXRecordDecl(),
                  Depth - 1)) {
          Locks |= Name.starts_with("lock");
          Unlocks |= Name.starts_with("unlock");
        }
        return true;
      }
      Locks |= isOneOf(Name, {"pthread_mutex_lock", "pthread_spin_lock",
                              "pthread_rwlock_wrlock", "EnterCriticalSection",
                              "AcquireSRWLockExclusive"});
      Unlocks |= isOneOf(Name, {"pthread_mutex_unlock", "pthread_spin_unlock",
                                "pthread_rwlock_unlock", "LeaveCriticalSection",
                                "ReleaseSRWLockExclusive"});
      return true;
    });
  if (Locks == Unlocks)
    return MutexOperation::None;
  return Locks ? MutexOperation::Lock : MutexOperation::Unlock;
}

bool Mutexes::judge(const CXXRecordDecl *Record, unsigned Depth) const {
  if (!Record)
    return false;
  if (const MutexModel *Model = Index.Mutexes.find(Record, /*Bases=*/true))
    return Model->ThreadOwned;
  if (!Record->hasDefinition() || Record->isDependentContext())
    return false;
  if (auto It = Judged.find(Record->getCanonicalDecl()); It != Judged.end())
    return It->second;
  auto decide = [&] {
    const CXXMethodDecl *Lock = findMethod(Record, "lock");
    if (!Lock)
      Lock = findMethod(Record, "lock_shared");
    if (!Lock || !(findMethod(Record, "unlock") ||
                   findMethod(Record, "unlock_shared"))) {
      bool Locks = false, Unlocks = false;
      for (const CXXMethodDecl *Method : Record->getDefinition()->methods()) {
        MutexOperation Does = forwarded(Method, Depth);
        Locks |= Does == MutexOperation::Lock;
        Unlocks |= Does == MutexOperation::Unlock;
      }
      return Locks && Unlocks && !hasAwaitableMethod(Record);
    }
    if (!Lock->getReturnType()->isVoidType() || hasAwaitableMethod(Record))
      return false;
    const Stmt *Body = visibleBody(Lock);
    if (!Body)
      return true;
    // A lock() that does nothing locks nothing; one that only forwards to a
    // member is as that member.
    bool Empty = true, Forwards = false, ThreadOwned = false;
    visitEvaluated(Body, [&](const Stmt *S) {
      if (isa<Expr>(S))
        Empty = false;
      if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
          Call && Depth && calleeName(Call).starts_with("lock")) {
        Forwards = true;
        ThreadOwned |= judge(
            Call->getObjectType().getNonReferenceType()->getAsCXXRecordDecl(),
            Depth - 1);
      }
      return true;
    });
    return Forwards ? ThreadOwned : !Empty;
  };
  bool Result = decide();
  Judged[Record->getCanonicalDecl()] = Result;
  return Result;
}

bool Mutexes::isThreadMutex(QualType Type) const {
  if (Type.isNull())
    return false;
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  return judge(Type->getAsCXXRecordDecl(), /*Depth=*/3);
}

MutexOperation Mutexes::operation(const CXXMethodDecl *Method) const {
  if (!Method || !Method->getIdentifier())
    return MutexOperation::None;
  const CXXRecordDecl *Record = Method->getParent();
  if (!judge(Record, /*Depth=*/3))
    return MutexOperation::None;
  llvm::StringRef Name = Method->getName();
  if (const MutexModel *Model = Index.Mutexes.find(Record, /*Bases=*/true)) {
    if (llvm::is_contained(Model->Lock, Name))
      return MutexOperation::Lock;
    if (llvm::is_contained(Model->Unlock, Name))
      return MutexOperation::Unlock;
    if (llvm::is_contained(Model->TryLock, Name))
      return MutexOperation::TryLock;
  }
  if (isOneOf(Name, {"lock", "lock_shared", "lock_upgrade"}))
    return MutexOperation::Lock;
  if (isOneOf(Name, {"unlock", "unlock_shared", "unlock_upgrade"}))
    return MutexOperation::Unlock;
  if (Name.starts_with("try_lock"))
    return MutexOperation::TryLock;
  return forwarded(Method, /*Depth=*/3);
}

} // namespace threadhop
