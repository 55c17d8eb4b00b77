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
const Row *TypeTable<Row>::find(const CXXRecordDecl *Record, bool Bases) const {
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

/// The call or construction that \p E is; 'std::thread(task)' is written as a
/// cast.
static const Expr *calledBy(const Expr *E) {
  E = stripWrapping(E);
  while (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(E)) {
    if (Cast->getCastKind() != CK_ConstructorConversion)
      break;
    E = stripWrapping(Cast->getSubExpr());
  }
  return E;
}

template <typename Row>
typename FunctionTable<Row>::Found
FunctionTable<Row>::findAll(const Expr *E) const {
  if (!E || empty())
    return {};
  E = calledBy(E);
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
      if (const auto *Ref =
              dyn_cast<DeclRefExpr>(Operator->getArg(0)->IgnoreParenImpCasts()))
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
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    // The object as written: the call itself converts it to the base that has
    // the method.
    QualType Written =
        Member->getImplicitObjectArgument()->IgnoreParenImpCasts()->getType();
    if (Written->isPointerType())
      Written = Written->getPointeeType();
    if (const CXXRecordDecl *Record = Written->getAsCXXRecordDecl())
      Object = Record;
  }
  Found Result = nearest(It->second, Object, /*Bases=*/true);
  if (Result.empty())
    Result = nearest(It->second, Method->getParent(), /*Bases=*/true);
  return Result;
}

template <typename Row>
typename FunctionTable<Row>::Found
FunctionTable<Row>::findAll(const FunctionDecl *Function) const {
  if (!Function || empty())
    return {};
  if (auto It = Free.find(patternOf(Function)); It != Free.end())
    return It->second;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (!Method || !Method->getDeclName().isIdentifier())
    return {};
  auto It = Methods.find(Method->getName());
  if (It == Methods.end())
    return {};
  return nearest(It->second, Method->getParent(), /*Bases=*/true);
}

void ConfinedTable::add(const ConfinedTypeModel *R, const ASTContext &Context) {
  for (const NamedDecl *D : resolveName(R->Type, Context)) {
    if (!isa<CXXRecordDecl, TypedefNameDecl, TypeAliasTemplateDecl>(D))
      continue;
    Objects[D].push_back(R);
    if (R->ByPointer)
      Pointees[D].push_back(R);
    // 'napi_env' is a typedef of a pointer; types that have lost the typedef
    // still point to the same class.
    if (const auto *Typedef = dyn_cast<TypedefNameDecl>(D))
      if (const auto *Pointer =
              Typedef->getUnderlyingType()->getAs<PointerType>())
        if (const CXXRecordDecl *Pointee =
                Pointer->getPointeeType()->getAsCXXRecordDecl())
          Pointees[patternOf(Pointee)].push_back(R);
  }
  if (!R->When)
    return;
  const std::string &Argument =
      R->When->Type.empty() ? R->When->Value : R->When->Type;
  Wanted[R] = resolveName(Argument, Context);
}

bool ConfinedTable::isSafe(const CXXRecordDecl *Record) const {
  if (!Record)
    return false;
  if (auto It = Objects.find(patternOf(Record)); It != Objects.end())
    if (llvm::any_of(It->second,
                     [](const ConfinedTypeModel *R) { return R->Safe; }))
      return true;
  const CXXRecordDecl *Definition = Record->getDefinition();
  return Definition &&
         llvm::any_of(Definition->bases(), [&](const CXXBaseSpecifier &Base) {
           return isSafe(Base.getType()->getAsCXXRecordDecl());
         });
}

bool ConfinedTable::holds(const ConfinedTypeModel *R,
                          const CXXRecordDecl *Record) const {
  const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  auto Argument = [&](unsigned Index) -> const TemplateArgument * {
    return Special && Index < Special->getTemplateArgs().size()
               ? &Special->getTemplateArgs()[Index]
               : nullptr;
  };
  if (R->UnlessSafeArgument)
    if (const TemplateArgument *A = Argument(*R->UnlessSafeArgument))
      if (A->getKind() == TemplateArgument::Type &&
          isSafe(A->getAsType()->getAsCXXRecordDecl()))
        return false;
  if (!R->When)
    return true;
  const TemplateArgument *A = Argument(R->When->Index);
  auto It = Wanted.find(R);
  if (!A || It == Wanted.end())
    return false;
  if (A->getKind() == TemplateArgument::Type) {
    const CXXRecordDecl *Class = A->getAsType()->getAsCXXRecordDecl();
    return Class && llvm::is_contained(It->second, patternOf(Class));
  }
  if (A->getKind() == TemplateArgument::Integral)
    return llvm::any_of(It->second, [&](const NamedDecl *D) {
      const auto *Constant = dyn_cast<EnumConstantDecl>(D);
      return Constant && llvm::APSInt::isSameValue(Constant->getInitVal(),
                                                   A->getAsIntegral());
    });
  return false;
}

const ConfinedTypeModel *ConfinedTable::ofRecord(const Map &Rows,
                                                 const CXXRecordDecl *Record,
                                                 bool IsBase) const {
  if (!Record)
    return nullptr;
  if (auto It = Rows.find(patternOf(Record)); It != Rows.end())
    for (const ConfinedTypeModel *R : llvm::reverse(It->second))
      if (!(IsBase && R->Safe) && holds(R, Record))
        return R;
  const CXXRecordDecl *Definition = Record->getDefinition();
  if (!Definition)
    return nullptr;
  for (const CXXBaseSpecifier &Base : Definition->bases())
    if (const ConfinedTypeModel *R =
            ofRecord(Rows, Base.getType()->getAsCXXRecordDecl(), true))
      return R;
  return nullptr;
}

const ConfinedTypeModel *ConfinedTable::ofType(const Map &Rows,
                                               QualType Type) const {
  for (QualType Sugar = Type;;) {
    const auto *Typedef = Sugar->getAs<TypedefType>();
    if (!Typedef)
      break;
    if (!Sugar->getAsCXXRecordDecl())
      if (auto It = Rows.find(Typedef->getDecl()->getCanonicalDecl());
          It != Rows.end())
        return It->second.back();
    Sugar = Typedef->getDecl()->getUnderlyingType();
  }
  return ofRecord(Rows, Type->getAsCXXRecordDecl(), /*IsBase=*/false);
}

const ConfinedTypeModel *ConfinedTable::find(QualType Type) const {
  if (Type.isNull() || empty())
    return nullptr;
  if (const ConfinedTypeModel *R = ofType(Objects, Type.getNonReferenceType()))
    return R;
  if (Type->isReferenceType() || Type->isPointerType())
    return findPointee(Type->getPointeeType());
  return nullptr;
}

std::pair<ErrorVerdict, llvm::StringRef> verdictOf(const ErrorTypeModel &Row,
                                                   const CXXRecordDecl *Error) {
  const CXXRecordDecl *Pattern = patternOf(Error);
  if (!Row.IfMember.Name.empty() && Pattern && Pattern->getDefinition())
    for (const FieldDecl *Field : Pattern->getDefinition()->fields())
      if (Field->getName() == Row.IfMember.Name)
        return {Row.IfMember.Verdict, Row.IfMember.Reason};
  return {Row.Verdict, Row.Reason};
}

const ErrorTypeModel *ModelIndex::error(const CXXRecordDecl *Error) const {
  if (!Error)
    return nullptr;
  if (const ErrorTypeModel *Own = ErrorTypes.find(Error, /*Bases=*/false))
    return Own;
  const CXXRecordDecl *Definition = Error->getDefinition();
  if (!Definition)
    return nullptr;
  const ErrorTypeModel *Worst = nullptr;
  auto Severity = [](const ErrorTypeModel *Row) {
    switch (Row ? Row->Verdict : ErrorVerdict::Safe) {
    case ErrorVerdict::Unsafe:
      return 4;
    case ErrorVerdict::Conditional:
      return 3;
    case ErrorVerdict::WhenShared:
      return 2;
    case ErrorVerdict::Contents:
      return 1;
    case ErrorVerdict::Safe:
      return 0;
    }
    return 0;
  };
  for (const CXXBaseSpecifier &Base : Definition->bases()) {
    const ErrorTypeModel *Row = error(Base.getType()->getAsCXXRecordDecl());
    if (Severity(Row) > Severity(Worst))
      Worst = Row;
  }
  return Worst;
}

bool ModelIndex::fits(const SinkModel &Row,
                      llvm::ArrayRef<const Expr *> Args) const {
  if (!Row.Arguments.empty() && !llvm::is_contained(Row.Arguments, Args.size()))
    return false;
  if (Row.FirstParameterType.empty())
    return true;
  if (Args.empty())
    return false;
  auto It = FirstTypes.find(Row.FirstParameterType);
  if (It == FirstTypes.end())
    return false;
  // The argument before its conversion to what the parameter is.
  QualType Type = Args.front()->IgnoreParenImpCasts()->getType();
  for (QualType Sugar : {Type, Args.front()->getType()}) {
    Sugar = Sugar.getNonReferenceType();
    if (Sugar->isPointerType())
      Sugar = Sugar->getPointeeType();
    llvm::SmallVector<const NamedDecl *, 4> Names;
    if (const auto *Typedef = Sugar->getAs<TypedefType>())
      Names.push_back(Typedef->getDecl()->getCanonicalDecl());
    if (const auto *Tag = Sugar->getAs<EnumType>())
      Names.push_back(Tag->getDecl()->getCanonicalDecl());
    if (const CXXRecordDecl *Class = Sugar->getAsCXXRecordDecl()) {
      Names.push_back(patternOf(Class));
      if (Class->hasDefinition())
        Class->forallBases([&](const CXXRecordDecl *Base) {
          Names.push_back(patternOf(Base));
          return true;
        });
    }
    for (const NamedDecl *Name : Names)
      if (llvm::is_contained(It->second, Name))
        return true;
  }
  return false;
}

const SinkModel *ModelIndex::sink(const Expr *Call) const {
  llvm::SmallVector<const SinkModel *, 2> Found = Sinks.findAll(Call);
  if (Found.empty())
    return nullptr;
  llvm::SmallVector<const Expr *, 6> Args;
  const Expr *Inner = calledBy(Call);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Inner))
    Args.append(Construct->arg_begin(), Construct->arg_end());
  else if (const auto *Plain = dyn_cast<CallExpr>(Inner)) {
    Args.append(Plain->arg_begin(), Plain->arg_end());
    // The object of an operator is not counted.
    if (isa<CXXOperatorCallExpr>(Plain) && !Args.empty())
      Args.erase(Args.begin());
  }
  while (!Args.empty() && isa<CXXDefaultArgExpr>(Args.back()))
    Args.pop_back();
  const SinkModel *Best = nullptr;
  for (const SinkModel *Row : Found)
    if (fits(*Row, Args) && (!Best || (Best->FirstParameterType.empty() &&
                                       !Row->FirstParameterType.empty())))
      Best = Row;
  return Best;
}

ModelIndex::ModelIndex(const Models &Rows, const ASTContext &Context)
    : Rows(Rows) {
  for (const GuardModel &Row : Rows.Guards)
    Guards.add(Row.Type, &Row, Context);
  for (const MutexModel &Row : Rows.Mutexes)
    Mutexes.add(Row.Type, &Row, Context);
  for (const ExecutorModel &Row : Rows.Executors)
    if (Row.Function.empty())
      Executors.add(Row.Type, &Row, Context);
    else
      ExecutorFunctions.add(Row.Function, &Row, Context);
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
  for (const ConfinedTypeModel &Row : Rows.ConfinedTypes)
    ConfinedTypes.add(&Row, Context);
  for (const ErrorTypeModel &Row : Rows.ErrorTypes)
    ErrorTypes.add(Row.Type, &Row, Context);
  for (const SinkModel &Row : Rows.Sinks) {
    if (Row.Function.empty())
      SinkCoroutines.add(Row.Coroutine, &Row, Context);
    else
      Sinks.add(Row.Function, &Row, Context);
    if (!Row.FirstParameterType.empty())
      FirstTypes[Row.FirstParameterType] =
          resolveName(Row.FirstParameterType, Context);
  }
  for (const WaiterSlotModel &Row : Rows.WaiterSlots) {
    WaiterSlots.add(Row.Type, &Row, Context);
    if (!Row.LentBy.empty())
      WaiterSlotLenders.add(Row.LentBy, &Row, Context);
    for (const std::string &Name : Row.Binders)
      WaiterSlotBinders.add(Name, &Row, Context);
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
template class FunctionTable<ExecutorModel>;
template class FunctionTable<SinkModel>;
template class TypeTable<ErrorTypeModel>;
template class TypeTable<SinkModel>;
template class TypeTable<ChannelModel>;
template class FunctionTable<ChannelModel>;
template class FunctionTable<RaceModel>;
template class TypeTable<WaiterSlotModel>;
template class FunctionTable<WaiterSlotModel>;

} // namespace threadhop
