//===--- GuardTypes.cpp - which types are thread-bound guards -------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/GuardTypes.h"
#include "analysis/Annotations.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "support/Compat.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {

bool alwaysHolds(const GuardLeaf &Leaf) {
  if (Leaf.WrapperMayBeEmpty || Leaf.Hidden)
    return false;
  const GuardInfo &Info = *Leaf.Info;
  if (Info.Model)
    return !Info.Model->EmptyWhenDefault;
  const CXXRecordDecl *Record = Info.Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return true;
  if (Record->hasMoveConstructor())
    for (const CXXConstructorDecl *Constructor : Record->ctors())
      if (Constructor->isMoveConstructor() && !Constructor->isDeleted())
        return false;
  return !Record->hasDefaultConstructor() || Info.Kind != GuardKind::Lock;
}

std::optional<WrapperInfo> wrapperOf(QualType Type) {
  if (Type.isNull())
    return std::nullopt;
  const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type->getAsCXXRecordDecl());
  if (!Special || !Special->getIdentifier())
    return std::nullopt;
  bool Known = isInStd(Special);
  if (!Known)
    if (const auto *Space = dyn_cast<NamespaceDecl>(
            Special->getDeclContext()->getRedeclContext())) {
      std::string Name = publicName(Space);
      Known = isOneOf(Name, {"boost", "absl", "folly", "tl", "nonstd",
                             "boost::container", "llvm", "eastl", "kj",
                             "opentelemetry::nostd", "std"});
    }
  if (!Known)
    return std::nullopt;
  WrapperInfo Info;
  llvm::StringRef Name = Special->getName();
  if (isOneOf(Name, {"optional", "Optional", "vector", "deque", "list",
                     "forward_list", "set", "map", "unordered_map",
                     "unordered_set", "multimap", "stack", "queue",
                     "small_vector", "SmallVector", "flat_map", "Maybe",
                     "expected", "InlinedVector"}))
    Info.MayBeEmpty = true;
  else if (isOneOf(Name, {"unique_ptr", "shared_ptr", "scoped_ptr", "Own"}))
    Info.MayBeEmpty = Info.IsPointer = true;
  else if (!isOneOf(Name, {"tuple", "array", "variant", "reverse_iterator"}))
    return std::nullopt;
  bool AllArguments = isOneOf(Name, {"tuple", "variant", "map", "multimap",
                                     "unordered_map", "flat_map", "expected"});
  if (Name == "reverse_iterator")
    return std::nullopt;
  for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray()) {
    if (Arg.getKind() == TemplateArgument::Type) {
      Info.Elements.push_back(Arg.getAsType());
    } else if (Arg.getKind() == TemplateArgument::Pack) {
      for (const TemplateArgument &Inner : Arg.pack_elements())
        if (Inner.getKind() == TemplateArgument::Type)
          Info.Elements.push_back(Inner.getAsType());
    }
    if (!AllArguments)
      break;
    if (Info.Elements.size() == 2 && Name != "tuple" && Name != "variant")
      break;
  }
  return Info;
}

/// The first call in the destructor, or in a member function that it calls,
/// that unlocks a mutex which the object holds or refers to.
static const CXXMemberCallExpr *findUnlock(const FunctionDecl *Function,
                                           const Mutexes &Locks,
                                           unsigned Depth) {
  const CXXMemberCallExpr *Found = nullptr;
  visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
    const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
    if (!Call || Found)
      return !Found;
    const Expr *Object = stripForwarding(Call->getImplicitObjectArgument());
    if (const auto *Unary = dyn_cast<UnaryOperator>(Object))
      if (Unary->getOpcode() == UO_Deref)
        Object = stripForwarding(Unary->getSubExpr());
    if (isa<CXXThisExpr>(Object)) {
      if (Depth)
        Found = findUnlock(Call->getMethodDecl(), Locks, Depth - 1);
    } else if (const auto *Member = dyn_cast<MemberExpr>(Object)) {
      if (isa<FieldDecl>(Member->getMemberDecl()) &&
          Locks.operation(Call->getMethodDecl()) == MutexOperation::Unlock)
        Found = Call;
    }
    return true;
  });
  return Found;
}

/// The row of two paired calls that a constructor begins and the destructor
/// ends, or null.
static const PairedCallsModel *findPairedCalls(const CXXRecordDecl *Record,
                                               const ModelIndex &Index,
                                               SourceLocation &EndLoc) {
  if (Index.PairEnds.empty())
    return nullptr;
  llvm::SmallVector<std::pair<const PairedCallsModel *, SourceLocation>> Ends;
  visitEvaluated(visibleBody(Record->getDestructor()), [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      for (const PairedCallsModel *Row : Index.PairEnds.findAll(Call))
        Ends.push_back({Row, Call->getExprLoc()});
    return true;
  });
  if (Ends.empty())
    return nullptr;
  const PairedCallsModel *Found = nullptr;
  auto lookAt = [&](const Stmt *S) {
    visitEvaluated(S, [&](const Stmt *Inner) {
      if (const auto *Call = dyn_cast<CallExpr>(Inner))
        for (const PairedCallsModel *Row : Index.PairBegins.findAll(Call))
          for (const auto &[End, Loc] : Ends)
            if (Row == End) {
              Found = Row;
              EndLoc = Loc;
            }
      return true;
    });
  };
  for (const CXXConstructorDecl *Constructor : Record->ctors()) {
    lookAt(visibleBody(Constructor));
    if (const auto *Definition = cast_or_null<CXXConstructorDecl>(
            Constructor->getDefinition()))
      for (const CXXCtorInitializer *Init : Definition->inits())
        lookAt(Init->getInit());
  }
  return Found;
}

/// For a lock whose template arguments are mutexes: true if one is a thread's.
static bool locksThreadMutex(const CXXRecordDecl *Record,
                             const Mutexes &Locks) {
  const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (!Special)
    return true;
  bool Any = false;
  auto judge = [&](const TemplateArgument &Arg) {
    if (Arg.getKind() == TemplateArgument::Type)
      Any |= Locks.isThreadMutex(Arg.getAsType());
  };
  for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray())
    if (Arg.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &Inner : Arg.pack_elements())
        judge(Inner);
    else
      judge(Arg);
  return Any;
}

static std::string describeScope(const ThreadLocalScope &Scope) {
  std::string Name = Scope.Variable->getNameAsString();
  if (Scope.Asymmetric)
    return "its constructor works on the object it is given, but its "
           "destructor undoes that on thread_local '" +
           Name + "' of whichever thread ends it";
  return "its constructor changes thread_local '" + Name +
         "' and its destructor changes it back, on whichever thread that runs";
}

static std::string boundEffect(const FoundAnnotation &Found) {
  std::string Effect = "its type is annotated thread_bound";
  return Found.Reason.empty() ? Effect : Effect + ": " + Found.Reason;
}

std::shared_ptr<GuardInfo>
GuardTypes::decideClass(const CXXRecordDecl *Record) const {
  auto Info = std::make_shared<GuardInfo>();
  Info->Type = recordType(Context, Record);
  if (auto Found = findAnnotation(Record, Annotation::ThreadBound)) {
    Info->Effect = boundEffect(*Found);
    return Info;
  }
  if (const GuardModel *Model = Index.Guards.find(Record, /*Bases=*/false)) {
    if (Model->Safe)
      return nullptr;
    if (Model->MutexIsArgument && !locksThreadMutex(Record, Locks))
      return nullptr;
    Info->Model = Model;
    Info->Kind = Model->Kind;
    if (Model->Kind != GuardKind::Lock)
      Info->Effect = Model->Effect;
    return Info;
  }
  if (isInStd(Record) || !Record->hasDefinition() || Record->isLambda() ||
      Record->isDependentContext())
    return nullptr;
  if (findAnnotation(Record, Annotation::Sendable))
    return nullptr;
  Record = Record->getDefinition();
  // A class that is a guard by its base is classified through that base.
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (!Destructor || Destructor->isDeleted())
    return nullptr;
  if (const CXXMemberCallExpr *Unlock =
          findUnlock(Destructor, Locks, /*Depth=*/2)) {
    Info->Kind = GuardKind::Lock;
    Info->UnlockLoc = Unlock->getExprLoc();
    return Info;
  }
  if (Record->hasAttr<ScopedLockableAttr>() && !visibleBody(Destructor)) {
    Info->Kind = GuardKind::Lock;
    return Info;
  }
  if (const PairedCallsModel *Pair =
          findPairedCalls(Record, Index, Info->UnlockLoc)) {
    Info->Kind = Pair->Kind;
    Info->Effect = Pair->Effect;
    return Info;
  }
  if (auto Scope = inferThreadLocalScope(Record)) {
    Info->Effect = describeScope(*Scope);
    Info->Scope = std::move(Scope);
    return Info;
  }
  return nullptr;
}

std::shared_ptr<const GuardInfo>
GuardTypes::guardClass(const CXXRecordDecl *Record) const {
  if (!Record)
    return nullptr;
  Record = Record->getCanonicalDecl();
  auto It = Classes.find(Record);
  if (It != Classes.end())
    return It->second;
  Classes[Record] = nullptr; // Ends recursion.
  auto Info = decideClass(Record);
  Classes[Record] = Info;
  return Info;
}

std::shared_ptr<const GuardInfo>
GuardTypes::guardFromFactory(const FunctionDecl *Factory) const {
  if (!Factory || isInStd(Factory))
    return nullptr;
  const CXXRecordDecl *Record =
      Factory->getReturnType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || isInStd(Record) ||
      Index.Guards.find(Record, /*Bases=*/true))
    return nullptr;
  auto Scope = inferFactoryScope(Factory, Record->getDefinition());
  if (!Scope)
    return nullptr;
  auto Info = std::make_shared<GuardInfo>();
  Info->Type = Factory->getReturnType();
  Info->Effect = "'" + Factory->getNameAsString() +
                 "' changes thread_local '" +
                 Scope->Variable->getNameAsString() +
                 "' and the destructor of what it returns changes it back, on "
                 "whichever thread that runs";
  Info->Scope = std::move(Scope);
  return Info;
}

/// Joins two clauses of a path.
static std::string joinPath(std::string Head, const std::string &Tail) {
  return Tail.empty() ? Head : Head + "; its " + Tail;
}

void GuardTypes::collect(QualType Type, unsigned Depth,
                         llvm::SmallVectorImpl<GuardLeaf> &Into) const {
  if (Type.isNull() || Type->isDependentType() || !Depth)
    return;
  if (const ArrayType *Array = Context.getAsArrayType(Type)) {
    for (const GuardLeaf &Inner : guardsIn(Array->getElementType())) {
      GuardLeaf Leaf = Inner;
      Leaf.Fields.clear();
      Leaf.InWrapper = true;
      Leaf.Path = joinPath("elements are '" +
                               typeName(Array->getElementType(), Context) + "'",
                           Inner.Path);
      Into.push_back(std::move(Leaf));
    }
    return;
  }
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return;
  if (auto Info = guardClass(Record)) {
    GuardLeaf Leaf;
    Leaf.Info = std::move(Info);
    Into.push_back(std::move(Leaf));
    return;
  }
  // Judged safe, or an own type whose author vouches for it.
  if (Index.Guards.find(Record, /*Bases=*/false) ||
      findAnnotation(Record, Annotation::Sendable))
    return;
  if (auto Wrapper = wrapperOf(Type)) {
    for (QualType Element : Wrapper->Elements)
      for (const GuardLeaf &Inner : guardsIn(Element)) {
        GuardLeaf Leaf = Inner;
        // Behind a pointer, the state of an object's members is not ours to
        // know.
        if (Wrapper->IsPointer && !Inner.Fields.empty() && !alwaysHolds(Inner))
          Leaf.Hidden = true;
        Leaf.Fields.clear();
        Leaf.InWrapper = true;
        Leaf.WrapperMayBeEmpty |= Wrapper->MayBeEmpty;
        Leaf.Path = joinPath("'" + typeName(Type, Context) + "' holds '" +
                                 typeName(Element, Context) + "'",
                             Inner.Path);
        Into.push_back(std::move(Leaf));
      }
    return;
  }
  if (!Record->hasDefinition() || Record->isDependentContext())
    return;
  Record = Record->getDefinition();
  // Library classes other than pair keep their guards to themselves.
  bool IsPair = isInStd(Record) && Record->getIdentifier() &&
                Record->getName() == "pair";
  const SourceManager &SM = Context.getSourceManager();
  if (!IsPair && SM.isInSystemHeader(Record->getLocation()) &&
      !Record->isLambda())
    return;
  for (const CXXBaseSpecifier &Base : Record->bases())
    for (const GuardLeaf &Inner : guardsIn(Base.getType())) {
      GuardLeaf Leaf = Inner;
      Leaf.Path = joinPath("base class is '" +
                               typeName(Base.getType(), Context) + "'",
                           Inner.Path);
      Into.push_back(std::move(Leaf));
    }
  for (const FieldDecl *Field : Record->fields())
    for (const GuardLeaf &Inner : guardsIn(Field->getType())) {
      GuardLeaf Leaf = Inner;
      Leaf.Fields.insert(Leaf.Fields.begin(), Field);
      std::string Name = Field->getNameAsString();
      Leaf.Path =
          joinPath(Name.empty() ? "capture is '" +
                                      typeName(Field->getType(), Context) + "'"
                                : "member '" + Name + "' is '" +
                                      typeName(Field->getType(), Context) + "'",
                   Inner.Path);
      Into.push_back(std::move(Leaf));
    }
}

llvm::ArrayRef<GuardLeaf> GuardTypes::guardsIn(QualType Type) const {
  if (Type.isNull() || Type->isReferenceType() || Type->isPointerType() ||
      Type->isDependentType())
    return {};
  // A typedef can bind a class that its own author did not.
  bool IsAlias = Type->getAs<TypedefType>() ||
                 Type->getAs<TemplateSpecializationType>();
  std::optional<FoundAnnotation> Bound;
  if (IsAlias && Type->getAsCXXRecordDecl() &&
      !guardClass(Type->getAsCXXRecordDecl()))
    Bound = findAnnotation(Type, Annotation::ThreadBound);
  const clang::Type *Key =
      Bound ? Type.getTypePtr() : Type.getCanonicalType().getTypePtr();
  auto It = Types.find(Key);
  if (It != Types.end())
    return It->second;
  Types[Key]; // Ends recursion.
  llvm::SmallVector<GuardLeaf> Leaves;
  if (Bound) {
    auto Info = std::make_shared<GuardInfo>();
    Info->Type = Type;
    Info->Effect = boundEffect(*Bound);
    Leaves.emplace_back().Info = std::move(Info);
  } else {
    collect(Type.getCanonicalType(), /*Depth=*/6, Leaves);
  }
  auto &Stored = Types[Key];
  Stored.assign(Leaves.begin(), Leaves.end());
  return Stored;
}

} // namespace threadhop
