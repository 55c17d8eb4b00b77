//===--- RendezvousClaims.cpp - channels said to be a rendezvous ----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/RendezvousClaims.h"
#include "analysis/Annotations.h"
#include "analysis/Syntax.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace threadhop {

static bool saysRendezvous(llvm::StringRef Name) {
  return Name.contains_insensitive("unbuffered") ||
         Name.contains_insensitive("rendezvous");
}

/// The alias or class that calls itself so, as the type is written.
static const NamedDecl *namedRendezvous(QualType Type) {
  Type = Type.getNonReferenceType();
  for (;;) {
    if (const auto *Special = Type->getAs<TemplateSpecializationType>())
      if (const TemplateDecl *Template =
              Special->getTemplateName().getAsTemplateDecl())
        if (Template->getIdentifier() && saysRendezvous(Template->getName()))
          return Template;
    const auto *Typedef = Type->getAs<TypedefType>();
    if (!Typedef) {
      const auto *Special = Type->getAs<TemplateSpecializationType>();
      if (!Special || !Special->isTypeAlias())
        break;
      Type = Special->getAliasedType();
      continue;
    }
    if (saysRendezvous(Typedef->getDecl()->getName()))
      return Typedef->getDecl();
    Type = Typedef->getDecl()->getUnderlyingType();
  }
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record && Record->getIdentifier() && saysRendezvous(Record->getName())
             ? Record
             : nullptr;
}

std::vector<RendezvousClaim> findFalseClaims(Channels &All) {
  std::vector<RendezvousClaim> Claims;
  auto look = [&](const ValueDecl *D) {
    RendezvousClaim Claim{D, {}, "", "", {}};
    QualType Type = D->getType();
    if (Type->isReferenceType() || Type->isDependentType())
      return;
    if (auto Found = findAnnotation(D, Annotation::Rendezvous)) {
      Claim.Says = "its annotation says";
      Claim.Reason = Found->Reason;
    } else if (auto OfType = findAnnotation(Type, Annotation::Rendezvous)) {
      Claim.Says = "the annotation of its type says";
      Claim.Reason = OfType->Reason;
      Claim.Loc = OfType->Loc;
    } else if (const NamedDecl *Name = namedRendezvous(Type)) {
      Claim.Says = "its type '" + Name->getNameAsString() + "' says";
      Claim.Loc = Name->getLocation();
    } else {
      return;
    }
    Claim.Holds = All.capacity(D);
    if (Claim.Holds.buffers())
      Claims.push_back(std::move(Claim));
  };
  for (const FieldDecl *Field : All.Code.Fields)
    look(Field);
  for (const VarDecl *Var : All.Code.Variables)
    look(Var);
  return Claims;
}

} // namespace threadhop
