//===--- ModelIndex.cpp - the models' names in one unit -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ModelIndex.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {

template <typename Row>
void TypeTable<Row>::add(llvm::StringRef Name, const Row *R,
                         const ASTContext &Context) {
  for (const NamedDecl *D : resolveName(Name, Context))
    if (isa<CXXRecordDecl, TypedefNameDecl, TypeAliasTemplateDecl>(D))
      Rows[D] = R;
}

template <typename Row>
const Row *TypeTable<Row>::find(const CXXRecordDecl *Record,
                                bool Bases) const {
  if (!Record || Rows.empty())
    return nullptr;
  if (const Row *R = Rows.lookup(patternOf(Record)))
    return R;
  const CXXRecordDecl *Definition = Record->getDefinition();
  if (!Bases || !Definition)
    return nullptr;
  for (const CXXBaseSpecifier &Base : Definition->bases())
    if (const Row *R = find(Base.getType()->getAsCXXRecordDecl(), true))
      return R;
  return nullptr;
}

template <typename Row>
const Row *TypeTable<Row>::find(QualType Type, bool Bases) const {
  if (Type.isNull() || Rows.empty())
    return nullptr;
  Type = Type.getNonReferenceType();
  for (QualType Sugar = Type;;) {
    const auto *Typedef = Sugar->getAs<TypedefType>();
    if (!Typedef)
      break;
    // A typedef of a class stands for that class's row, which may be more
    // exact (a derived class with a row of its own).
    if (!Sugar->getAsCXXRecordDecl())
      if (const Row *R = Rows.lookup(Typedef->getDecl()->getCanonicalDecl()))
        return R;
    Sugar = Typedef->getDecl()->getUnderlyingType();
  }
  return find(Type->getAsCXXRecordDecl(), Bases);
}

template <typename Row>
void FunctionTable<Row>::add(llvm::StringRef Name, const Row *R,
                             const ASTContext &Context) {
  auto [Scope, Last] = Name.rsplit("::");
  if (Last.empty())
    std::swap(Scope, Last);
  if (!Scope.empty()) {
    bool IsMethod = false;
    for (const NamedDecl *D : resolveName(Scope, Context))
      if (isa<CXXRecordDecl>(D)) {
        // By object type: the method may be inherited from a base that no row
        // names.
        Methods[Last].push_back({D, R});
        IsMethod = true;
      }
    if (IsMethod)
      return;
  }
  for (const NamedDecl *D : resolveName(Name, Context))
    if (isa<FunctionDecl, VarDecl>(D))
      Free[D].push_back(R);
}

template <typename Row>
typename FunctionTable<Row>::Found
FunctionTable<Row>::nearest(llvm::ArrayRef<ClassRow> Rows,
                            const CXXRecordDecl *Record, bool Bases) {
  Found Result;
  if (!Record)
    return Result;
  const Decl *Pattern = patternOf(Record);
  for (const auto &[Class, R] : Rows)
    if (Class == Pattern)
      Result.push_back(R);
  const CXXRecordDecl *Definition = Record->getDefinition();
  if (!Result.empty() || !Bases || !Definition)
    return Result;
  for (const CXXBaseSpecifier &Base : Definition->bases()) {
    Result = nearest(Rows, Base.getType()->getAsCXXRecordDecl(), true);
    if (!Result.empty())
      break;
  }
  return Result;
}

template <typename Row>
typename FunctionTable<Row>::Found
FunctionTable<Row>::findAll(const Expr *E) const {
  if (!E || empty())
    return {};
  E = stripWrapping(E);
  // A constructor is called "Type::Type".
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    const CXXRecordDecl *Record = Construct->getConstructor()->getParent();
    if (!Record->getIdentifier())
      return {};
    auto It = Methods.find(Record->getName());
    if (It == Methods.end())
      return {};
    return nearest(It->second, Record, /*Bases=*/false);
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call)
    return {};
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return {};
  if (auto It = Free.find(patternOf(Callee)); It != Free.end())
    return It->second;
  // A function object: 'schedule_after(...)' calls the operator of a variable.
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
    if (Operator->getOperator() == OO_Call && Operator->getNumArgs())
      if (const auto *Ref = dyn_cast<DeclRefExpr>(
              Operator->getArg(0)->IgnoreParenImpCasts()))
        if (auto It = Free.find(Ref->getDecl()->getCanonicalDecl());
            It != Free.end())
          return It->second;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (!Method || Methods.empty())
    return {};
  std::string Name = Method->getDeclName().isIdentifier()
                         ? Method->getName().str()
                         : Method->getNameAsString();
  auto It = Methods.find(Name);
  if (It == Methods.end())
    return {};
  const CXXRecordDecl *Object = Method->getParent();
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (const CXXRecordDecl *Record = Member->getObjectType()
                                          .getNonReferenceType()
                                          ->getAsCXXRecordDecl())
      Object = Record;
  Found Result = nearest(It->second, Object, /*Bases=*/true);
  if (Result.empty())
    Result = nearest(It->second, Method->getParent(), /*Bases=*/true);
  return Result;
}

ModelIndex::ModelIndex(const Models &Rows, const ASTContext &Context)
    : Rows(Rows) {
  for (const GuardModel &Row : Rows.Guards)
    Guards.add(Row.Type, &Row, Context);
  for (const MutexModel &Row : Rows.Mutexes)
    Mutexes.add(Row.Type, &Row, Context);
  for (const ExecutorModel &Row : Rows.Executors)
    Executors.add(Row.Type, &Row, Context);
  for (const CoroutineModel &Row : Rows.Coroutines)
    Coroutines.add(Row.Type, &Row, Context);
  for (const SuspendingArgumentModel &Row : Rows.SuspendingArguments)
    SuspendingArguments.add(Row.Type, &Row, Context);
  for (const SuspendingCallModel &Row : Rows.SuspendingCalls)
    SuspendingCalls.add(Row.Function, &Row, Context);
  for (const PairedCallsModel &Row : Rows.PairedCalls) {
    PairBegins.add(Row.Begin, &Row, Context);
    PairEnds.add(Row.End, &Row, Context);
  }
  for (const AwaitableModel &Row : Rows.Awaitables)
    if (Row.Function.empty())
      AwaitableTypes.add(Row.Type, &Row, Context);
    else
      AwaitableFunctions.add(Row.Function, &Row, Context);
}

template class TypeTable<GuardModel>;
template class TypeTable<MutexModel>;
template class TypeTable<AwaitableModel>;
template class TypeTable<ExecutorModel>;
template class TypeTable<CoroutineModel>;
template class TypeTable<SuspendingArgumentModel>;
template class FunctionTable<AwaitableModel>;
template class FunctionTable<SuspendingCallModel>;
template class FunctionTable<PairedCallsModel>;

} // namespace threadhop
