//===--- WaiterTypes.cpp - what can stand for a waiter --------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/WaiterTypes.h"
#include "analysis/Annotations.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {
namespace {

llvm::StringRef nameOf(const CXXRecordDecl *Record) {
  return Record && Record->getIdentifier() ? Record->getName() : "";
}

/// The first type among the class's template arguments.
QualType firstArgument(const CXXRecordDecl *Record) {
  const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (!Special || !Special->getTemplateArgs().size() ||
      Special->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return {};
  return Special->getTemplateArgs()[0].getAsType();
}

bool isHandleRecord(const CXXRecordDecl *Record) {
  return nameOf(Record) == "coroutine_handle" && isInStd(Record);
}

bool isCallableRecord(const CXXRecordDecl *Record) {
  return isOneOf(nameOf(Record),
                 {"function", "move_only_function", "copyable_function",
                  "Function", "AnyInvocable", "any_invocable",
                  "unique_function", "UniqueFunction", "MoveOnlyFunction",
                  "any_completion_handler", "OnceCallback", "SmallFunction",
                  "inplace_function"});
}

bool hasMethod(const CXXRecordDecl *Record, llvm::StringRef Name) {
  if (!Record || !Record->hasDefinition())
    return false;
  for (const Decl *D : Record->getDefinition()->decls()) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
      D = Template->getTemplatedDecl();
    if (const auto *Method = dyn_cast<CXXMethodDecl>(D))
      if (Method->getIdentifier() && Method->getName() == Name)
        return true;
  }
  return false;
}

WaiterKind kindOf(QualType Type, unsigned Depth) {
  if (Type.isNull() || !Depth)
    return WaiterKind::None;
  Type = Type.getNonReferenceType();
  if (findAnnotation(Type, Annotation::Waker))
    return WaiterKind::Waker;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return WaiterKind::None;
  llvm::StringRef Name = nameOf(Record);
  if (isHandleRecord(Record))
    return WaiterKind::Handle;
  if (isCallableRecord(Record))
    return WaiterKind::Callback;
  if (Name == "promise" && hasMethod(Record, "set_value"))
    return WaiterKind::Promise;
  if (isOneOf(Name, {"optional", "atomic", "unique_ptr", "shared_ptr"}) &&
      isa<ClassTemplateSpecializationDecl>(Record))
    return kindOf(firstArgument(Record), Depth - 1);
  if (isInStd(Record) || !Record->hasDefinition() || Record->isUnion() ||
      Record->isLambda())
    return WaiterKind::None;
  Record = Record->getDefinition();
  // A class around one waiter, with little beside it; not an awaiter, which
  // is a place where a waiter is kept for one await.
  if (hasMethod(Record, "await_suspend"))
    return WaiterKind::None;
  WaiterKind Inner = WaiterKind::None;
  unsigned Fields = 0;
  for (const CXXBaseSpecifier &Base : Record->bases()) {
    WaiterKind Kind = kindOf(Base.getType(), Depth - 1);
    if (Kind != WaiterKind::None)
      Inner = Kind;
  }
  for (const FieldDecl *Field : Record->fields()) {
    if (++Fields > 3)
      return WaiterKind::None;
    WaiterKind Kind = kindOf(Field->getType(), Depth - 1);
    if (Kind != WaiterKind::None) {
      if (Inner != WaiterKind::None)
        return WaiterKind::None;
      Inner = Kind;
    } else if (Field->getType()->isRecordType() &&
               !isInStd(Field->getType()->getAsCXXRecordDecl())) {
      return WaiterKind::None;
    }
  }
  if (Inner == WaiterKind::None)
    return Inner;
  return Name.contains_insensitive("waker") ? WaiterKind::Waker : Inner;
}

} // namespace

WaiterKind waiterKind(QualType Type) { return kindOf(Type, /*Depth=*/4); }

bool isCoroutineHandle(QualType Type) {
  return !Type.isNull() &&
         isHandleRecord(Type.getNonReferenceType()->getAsCXXRecordDecl());
}

bool isAtomicType(QualType Type) {
  if (Type.isNull())
    return false;
  Type = Type.getNonReferenceType();
  if (Type->isAtomicType())
    return true;
  for (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl(); Record;) {
    if (isOneOf(nameOf(Record), {"atomic", "atomic_ref", "atomic_flag",
                                 "__atomic_base", "atomic_bool"}))
      return true;
    if (!Record->hasDefinition() || Record->getNumBases() != 1)
      return false;
    Record = Record->bases_begin()->getType()->getAsCXXRecordDecl();
  }
  return false;
}

bool isContainer(QualType Type) {
  if (Type.isNull())
    return false;
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  if (isInStd(Record))
    return isOneOf(nameOf(Record),
                   {"vector", "deque", "list", "forward_list", "queue",
                    "priority_queue", "stack", "map", "multimap", "set",
                    "multiset", "unordered_map", "unordered_multimap",
                    "unordered_set", "unordered_multiset"});
  for (const char *Name : {"push_back", "push", "push_front", "emplace_back",
                           "insert", "enqueue", "try_push", "emplace"})
    if (hasMethod(Record, Name))
      return true;
  return false;
}

bool isUniqueMap(QualType Type) {
  if (Type.isNull())
    return false;
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  return isOneOf(nameOf(Record),
                 {"map", "unordered_map", "flat_map", "flat_hash_map",
                  "node_hash_map", "btree_map", "F14FastMap", "F14NodeMap",
                  "unordered_flat_map", "unordered_node_map"});
}

bool isPromiseType(const CXXRecordDecl *Record) {
  if (!Record || !Record->hasDefinition())
    return false;
  if (hasMethod(Record, "get_return_object") ||
      hasMethod(Record, "unhandled_exception") ||
      hasMethod(Record, "final_suspend") ||
      hasMethod(Record, "initial_suspend"))
    return true;
  for (const CXXBaseSpecifier &Base : Record->getDefinition()->bases())
    if (isPromiseType(Base.getType()->getAsCXXRecordDecl()))
      return true;
  // The promise types of real libraries keep what needs no result type in a
  // base, which has none of those members.
  llvm::StringRef Name = nameOf(Record);
  return Name.contains_insensitive("promise") && !isInStd(Record);
}

bool isAwaitSuspend(const FunctionDecl *Function) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Function);
  return Method && Method->getIdentifier() &&
         Method->getName() == "await_suspend" && Method->getNumParams() >= 1 &&
         isCoroutineHandle(Method->getParamDecl(0)->getType());
}

bool isCopyable(const CXXRecordDecl *Record) {
  if (!Record || !Record->hasDefinition())
    return false;
  Record = Record->getDefinition();
  for (const CXXConstructorDecl *Constructor : Record->ctors())
    if (Constructor->isCopyConstructor())
      return !Constructor->isDeleted() &&
             Constructor->getAccess() != AS_private;
  if (Record->hasUserDeclaredMoveConstructor() ||
      Record->hasUserDeclaredMoveAssignment() ||
      Record->defaultedCopyConstructorIsDeleted())
    return false;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (!isCopyable(Base.getType()->getAsCXXRecordDecl()))
      return false;
  for (const FieldDecl *Field : Record->fields())
    if (const CXXRecordDecl *Type = Field->getType()->getAsCXXRecordDecl())
      if (!isCopyable(Type))
        return false;
  return true;
}

static bool saysPending(llvm::StringRef Name) {
  return Name.equals_insensitive("pending") ||
         Name.equals_insensitive("kpending") ||
         Name.equals_insensitive("not_ready") ||
         Name.equals_insensitive("notready") ||
         Name.equals_insensitive("would_block") ||
         Name.ends_with_insensitive("_pending");
}

bool isPollEnum(QualType Type) {
  if (Type.isNull())
    return false;
  const auto *Enum = Type.getNonReferenceType()->getAs<EnumType>();
  if (!Enum)
    return false;
  for (const EnumConstantDecl *Constant : Enum->getDecl()->enumerators())
    if (saysPending(Constant->getName()))
      return true;
  return false;
}

static const EnumConstantDecl *pollConstant(const Expr *E) {
  if (!E)
    return nullptr;
  E = stripForwarding(E);
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  const auto *Constant =
      Ref ? dyn_cast<EnumConstantDecl>(Ref->getDecl()) : nullptr;
  return Constant && isPollEnum(Ref->getType()) ? Constant : nullptr;
}

bool isPendingValue(const Expr *E) {
  const EnumConstantDecl *Constant = pollConstant(E);
  return Constant && saysPending(Constant->getName());
}

bool isReadyValue(const Expr *E) {
  const EnumConstantDecl *Constant = pollConstant(E);
  return Constant && Constant->getName().contains_insensitive("ready") &&
         !saysPending(Constant->getName());
}

const CXXRecordDecl *smartPointee(QualType Type, bool &Shared) {
  if (Type.isNull())
    return nullptr;
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record)
    return nullptr;
  llvm::StringRef Name = nameOf(Record);
  bool Pointer = Name.ends_with_insensitive("ptr") ||
                 Name.ends_with_insensitive("pointer");
  if (!Pointer && !hasMethod(Record, "get"))
    return nullptr;
  QualType Argument = firstArgument(Record);
  if (Argument.isNull() || !Pointer)
    return nullptr;
  Shared = isCopyable(Record);
  return Argument->getAsCXXRecordDecl();
}

} // namespace threadhop
