//===--- Sendability.cpp - what may not cross threads ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Sendability.h"
#include "analysis/Annotations.h"
#include "analysis/Names.h"
#include "analysis/PlainCounts.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {

llvm::StringRef domainName(Confinement Domain) {
  switch (Domain) {
  case Confinement::Thread:
    return "thread";
  case Confinement::Sequence:
    return "sequence";
  case Confinement::Apartment:
    return "apartment";
  case Confinement::Gil:
    return "interpreter lock";
  case Confinement::Isolate:
    return "isolate";
  case Confinement::Loop:
    return "event loop";
  case Confinement::Shard:
    return "shard";
  }
  return "thread";
}

bool locksForItself(const CXXRecordDecl *Record) {
  bool Private = false, Mutex = false;
  for (const FieldDecl *Field : Record->fields()) {
    Private |= Field->getAccess() != AS_public;
    if (const CXXRecordDecl *Class = Field->getType()->getAsCXXRecordDecl())
      Mutex |= Class->getIdentifier() &&
               Class->getName().lower().find("mutex") != std::string::npos;
  }
  return Private && Mutex;
}

QualType smartPointee(QualType Type) {
  const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type.isNull() ? nullptr : Type->getAsCXXRecordDecl());
  if (!Special || !Special->hasDefinition() ||
      !Special->getTemplateArgs().size() ||
      Special->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return {};
  if (!Special->getIdentifier() ||
      Special->getName().lower().find("iterator") != std::string::npos)
    return {};
  QualType Argument = Special->getTemplateArgs()[0].getAsType();
  for (const CXXMethodDecl *Method : Special->getDefinition()->methods())
    if (Method->getOverloadedOperator() == OO_Arrow) {
      QualType Result = Method->getReturnType();
      if (!Result->isPointerType())
        return {};
      QualType Pointee = Result->getPointeeType();
      // not_null<T *> and the like name the pointer.
      QualType Named =
          Argument->isPointerType() ? Argument->getPointeeType() : Argument;
      if (Named.getCanonicalType().getUnqualifiedType() ==
          Pointee.getCanonicalType().getUnqualifiedType())
        return Pointee;
      return {};
    }
  return {};
}

namespace {

/// Classes that hide the type of what they hold.
bool isErasing(const CXXRecordDecl *Record) {
  return Record->getIdentifier() &&
         isOneOf(Record->getName(),
                 {"function", "any", "move_only_function", "copyable_function",
                  "function_ref", "unique_function", "Function", "fu2",
                  "any_invocable", "AnyInvocable", "any_completion_handler",
                  "OnceCallback", "RepeatingCallback", "packaged_task"}) &&
         !Record->isLambda();
}

/// Smart pointers whose own count is fine, so that what they point to decides.
bool isCountedAtomically(const CXXRecordDecl *Record) {
  return Record->getIdentifier() &&
         isOneOf(Record->getName(), {"shared_ptr", "__shared_ptr",
                                     "QSharedPointer", "RefCountedThreadSafe"});
}

unsigned rank(const SendVerdict &Verdict) {
  switch (Verdict.K) {
  case SendVerdict::Safe:
    return 0;
  case SendVerdict::Unknown:
    return 1;
  case SendVerdict::Confined:
    return Verdict.CopyOk ? 2 : Verdict.MoveOk ? 3 : 4;
  }
  return 0;
}

/// The names of a closure's captures by field.
std::string captureName(const CXXRecordDecl *Closure, const FieldDecl *Field) {
  llvm::DenseMap<const ValueDecl *, FieldDecl *> Captures;
  FieldDecl *This = nullptr;
  Closure->getCaptureFields(Captures, This);
  if (This == Field)
    return "this";
  for (auto [Var, Of] : Captures)
    if (Of == Field)
      return Var->getNameAsString();
  return "";
}

} // namespace

const SendVerdict &Sendability::of(QualType Type) const {
  unsigned Low = ~0U;
  return lookUp(Type, Low);
}

const SendVerdict &Sendability::ofPointee(QualType Type) const {
  const SendVerdict &Own = of(Type);
  if (Own.isConfined() || Type.isNull())
    return Own;
  if (Type->isReferenceType() || Type->isPointerType())
    return of(Type->getPointeeType());
  return Own;
}

const SendVerdict &Sendability::lookUp(QualType Type, unsigned &Low) const {
  static const SendVerdict Nothing;
  if (Type.isNull())
    return Nothing;
  Type = Type.getUnqualifiedType();
  // An alias can have an annotation or a model of its own.
  const clang::Type *Key =
      Type->getAs<TypedefType>() || Type->getAs<TemplateSpecializationType>()
          ? Type.getTypePtr()
          : Type.getCanonicalType().getUnqualifiedType().getTypePtr();
  if (auto It = Known.find(Key); It != Known.end())
    return *It->second;
  const clang::Type *Canonical =
      Type.getCanonicalType().getUnqualifiedType().getTypePtr();
  if (auto It = InProgress.find(Canonical); It != InProgress.end()) {
    Low = std::min(Low, It->second);
    return Nothing;
  }
  unsigned Own = InProgress.size();
  InProgress.emplace(Canonical, Own);
  unsigned Lowest = ~0U;
  SendVerdict Verdict = decide(Type, Lowest);
  InProgress.erase(Canonical);
  if (Lowest < Own && !Verdict.isConfined()) {
    // It rests on a type that is still being looked at. Its verdict holds for
    // the asker; whoever asks later gets it again.
    Low = std::min(Low, Lowest);
    if (Verdict.K == SendVerdict::Safe)
      return Nothing;
    static const SendVerdict Opaque = [] {
      SendVerdict V;
      V.K = SendVerdict::Unknown;
      return V;
    }();
    return Opaque;
  }
  auto [It, New] =
      Known.emplace(Key, std::make_unique<SendVerdict>(std::move(Verdict)));
  return *It->second;
}

SendVerdict Sendability::decide(QualType Type, unsigned &Low) const {
  SendVerdict Verdict;
  auto confined = [&](Confinement Domain, bool MoveOk, std::string Reason,
                      SourceLocation Loc) {
    Verdict.K = SendVerdict::Confined;
    Verdict.Domain = Domain;
    Verdict.MoveOk = MoveOk;
    Verdict.Witness = Type;
    Verdict.Reason = std::move(Reason);
    Verdict.Loc = Loc;
    return Verdict;
  };
  auto because = [](const FoundAnnotation &Found, llvm::StringRef Default) {
    return Found.Reason.empty() ? Default.str() : Found.Reason;
  };

  // 1. Annotations. Those of a class speak of pointers to it, too.
  bool IsHandle = Type->isPointerType() || Type->isReferenceType();
  QualType Object = IsHandle ? Type->getPointeeType() : Type;
  if (findAnnotation(Object, Annotation::Sendable))
    return Verdict;
  if (auto Found = findAnnotation(Object, Annotation::ThreadConfined))
    return confined(Confinement::Thread, false,
                    because(*Found, "it is annotated thread_confined"),
                    Found->Loc);
  if (auto Found = findAnnotation(Object, Annotation::SequenceConfined))
    return confined(Confinement::Sequence, true,
                    because(*Found, "it is annotated sequence_confined"),
                    Found->Loc);
  if (!IsHandle)
    if (auto Found = findAnnotation(Object, Annotation::ThreadBound)) {
      Verdict.IsGuard = true;
      return confined(Confinement::Thread, false,
                      because(*Found, "it is annotated thread_bound"),
                      Found->Loc);
    }

  // 2. Models.
  if (const ConfinedTypeModel *Row = Index.ConfinedTypes.find(Type)) {
    if (!Row->Safe) {
      std::string Reason = Row->Reason;
      if (Reason.empty())
        Reason = "it belongs to its " + domainName(Row->Domain).str();
      Verdict.IsCount = llvm::StringRef(Reason).contains("reference count");
      Verdict.CopyOk = Row->CopyOk;
      return confined(Row->Domain, Row->MoveOk, Reason, {});
    }
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    if (!Record || !isCountedAtomically(Record))
      return Verdict;
  }

  if (IsHandle) {
    // What a plain pointer leads to is not ours to judge; see ofPointee().
    Verdict.K =
        Type->isVoidPointerType() ? SendVerdict::Unknown : SendVerdict::Safe;
    return Verdict;
  }
  if (const ArrayType *Array = Context.getAsArrayType(Type)) {
    SendVerdict Element = lookUp(Array->getElementType(), Low);
    if (Element.isConfined())
      Element.Steps.insert(
          Element.Steps.begin(),
          {SendStep::Element, nullptr, Array->getElementType(), ""});
    return Element;
  }
  if (Type->isDependentType()) {
    Verdict.K = SendVerdict::Unknown;
    return Verdict;
  }
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return Verdict;
  if (!Record->hasDefinition()) {
    Verdict.K = SendVerdict::Unknown;
    return Verdict;
  }
  return decideRecord(Type, Record->getDefinition(), Low);
}

SendVerdict Sendability::decideRecord(QualType Type,
                                      const CXXRecordDecl *Record,
                                      unsigned &Low) const {
  SendVerdict Verdict;
  auto consider = [&](const SendVerdict &Part, SendStep Step) {
    if (rank(Part) <= rank(Verdict))
      return;
    SendVerdict Whole = Part;
    // Copies of what only points to it share it.
    Whole.CopyOk &= Step.K != SendStep::Pointee;
    Whole.Steps.insert(Whole.Steps.begin(), std::move(Step));
    Verdict = std::move(Whole);
  };

  // 3. Live guards.
  if (auto Guard = Guards.guardClass(Record)) {
    Verdict.K = SendVerdict::Confined;
    Verdict.Domain = Confinement::Thread;
    Verdict.IsGuard = true;
    Verdict.Witness = Type;
    Verdict.Loc = Guard->UnlockLoc;
    if (Guard->Kind == GuardKind::Lock)
      Verdict.Reason =
          "the mutex must be unlocked by the thread that locked it";
    else
      Verdict.Reason = Guard->Effect;
    return Verdict;
  }
  if (Index.Guards.find(Record, /*Bases=*/false))
    return Verdict; // Modelled as no such guard.

  // 4. Plain reference counts.
  const SourceManager &SM = Context.getSourceManager();
  if (!isInStd(Record))
    if (auto Count = inferPlainCount(Record)) {
      Verdict.K = SendVerdict::Confined;
      Verdict.Domain = Confinement::Sequence;
      Verdict.MoveOk = true;
      Verdict.IsCount = true;
      Verdict.Witness = Type;
      Verdict.Loc = Count->Increment;
      Verdict.Reason = "its reference count is not atomic";
      return Verdict;
    }
  if (isErasing(Record)) {
    Verdict.K = SendVerdict::Unknown;
    return Verdict;
  }

  // 5. What it points to or holds.
  if (auto Wrapper = wrapperOf(Type)) {
    for (QualType Element : Wrapper->Elements) {
      if (Wrapper->IsPointer) {
        SendStep Step{SendStep::Pointee, nullptr, Element, ""};
        consider(lookUp(Context.getPointerType(Element), Low), Step);
        consider(lookUp(Element, Low), Step);
      } else {
        consider(lookUp(Element, Low),
                 {SendStep::Element, nullptr, Element, ""});
      }
    }
    return Verdict;
  }
  if (Record->getIdentifier() && Record->getName() == "reference_wrapper")
    if (const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record))
      if (Special->getTemplateArgs().size() &&
          Special->getTemplateArgs()[0].getKind() == TemplateArgument::Type) {
        QualType Target = Special->getTemplateArgs()[0].getAsType();
        consider(lookUp(Context.getPointerType(Target), Low),
                 {SendStep::Pointee, nullptr, Target, ""});
        return Verdict;
      }
  if (QualType Pointee = smartPointee(Type); !Pointee.isNull()) {
    SendStep Step{SendStep::Pointee, nullptr, Pointee, ""};
    consider(lookUp(Context.getPointerType(Pointee), Low), Step);
    if (!isInStd(Record) && !Pointee->isVoidType())
      consider(lookUp(Pointee, Low), Step);
    if (Verdict.isConfined() || isInStd(Record))
      return Verdict;
  }

  // 6. Structure. Library classes keep theirs to themselves.
  if (Record->isDependentContext()) {
    Verdict.K = SendVerdict::Unknown;
    return Verdict;
  }
  bool IsPair =
      isInStd(Record) && Record->getIdentifier() && Record->getName() == "pair";
  if (!IsPair && !Record->isLambda() &&
      SM.isInSystemHeader(Record->getLocation()))
    return Verdict;
  if (!Record->isLambda() && locksForItself(Record))
    return Verdict;
  for (const CXXBaseSpecifier &Base : Record->bases())
    consider(lookUp(Base.getType(), Low),
             {SendStep::Base, nullptr, Base.getType(), ""});
  for (const FieldDecl *Field : Record->fields()) {
    // What a reference member refers to is used by whoever has the object, as
    // a pointer's is; a closure's captures by reference are its task's matter.
    if (Record->isLambda() && Field->getType()->isReferenceType())
      continue;
    if (Record->isLambda()) {
      std::string Name = captureName(Record, Field);
      if (Name == "this")
        continue;
      consider(lookUp(Field->getType(), Low),
               {SendStep::Capture, Field, Field->getType(), Name});
      continue;
    }
    consider(
        lookUp(Field->getType(), Low),
        {SendStep::Member, Field, Field->getType(), Field->getNameAsString()});
  }
  return Verdict;
}

std::string Sendability::path(const SendVerdict &Verdict) const {
  std::string Text;
  for (const SendStep &Step : Verdict.Steps) {
    std::string Type = "'" + typeName(Step.Type, Context) + "'";
    std::string Its = Text.empty() ? "" : "; its ";
    switch (Step.K) {
    case SendStep::Base:
      Text += Its + "base class is " + Type;
      break;
    case SendStep::Member:
      Text += Its +
              (Step.Name.empty() ? "unnamed member is "
                                 : "member '" + Step.Name + "' is ") +
              Type;
      break;
    case SendStep::Capture:
      Text += Its +
              (Step.Name.empty() ? "capture is "
                                 : "capture '" + Step.Name + "' is ") +
              Type;
      break;
    case SendStep::Element:
      Text += (Text.empty() ? "it holds " : ", which holds ") + Type;
      break;
    case SendStep::Pointee:
      Text += (Text.empty() ? "it points to " : ", which points to ") + Type;
      break;
    }
  }
  return Text;
}

std::string Sendability::explain(QualType Type,
                                 const SendVerdict &Verdict) const {
  std::string Path = path(Verdict);
  std::string Witness = "'" + typeName(Verdict.Witness, Context) + "'";
  if (Path.empty())
    return Verdict.Reason;
  // A pointer at the end of the path is named by its pointee already.
  return Path + ": " + Verdict.Reason;
}

} // namespace threadhop
