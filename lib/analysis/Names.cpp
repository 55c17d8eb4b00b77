//===--- Names.cpp - names and patterns of declarations -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Names.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace threadhop {

const CXXRecordDecl *patternOf(const CXXRecordDecl *Record) {
  if (!Record)
    return nullptr;
  if (const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    Record = Special->getSpecializedTemplate()->getTemplatedDecl();
  else if (const CXXRecordDecl *Member =
               Record->getTemplateInstantiationPattern())
    Record = Member;
  // A member class of a class template may itself be declared by a template.
  if (const ClassTemplateDecl *Template = Record->getDescribedClassTemplate()) {
    while (const ClassTemplateDecl *From =
               Template->getInstantiatedFromMemberTemplate())
      Template = From;
    Record = Template->getTemplatedDecl();
  }
  return Record->getCanonicalDecl();
}

const FunctionDecl *patternOf(const FunctionDecl *Function) {
  if (!Function)
    return nullptr;
  if (const FunctionDecl *Pattern =
          Function->getTemplateInstantiationPattern(/*ForDefinition=*/false))
    Function = Pattern;
  return Function->getCanonicalDecl();
}

std::string publicName(const NamedDecl *D) {
  std::string Name = D->getDeclName().isEmpty() ? "" : D->getNameAsString();
  for (const DeclContext *Context = D->getDeclContext();
       Context && !Context->isTranslationUnit();
       Context = Context->getParent()) {
    const auto *Named = dyn_cast<NamedDecl>(Context);
    if (!Named || Named->getDeclName().isEmpty())
      continue;
    if (const auto *Space = dyn_cast<NamespaceDecl>(Named))
      if (Space->isInline())
        continue;
    Name = Named->getNameAsString() + "::" + Name;
  }
  return Name;
}

/// The name of a C handle as its library writes it: a global typedef of void,
/// of a pointer, or of a class that is global itself.
static const TypedefNameDecl *handleTypedef(QualType Type) {
  const auto *Typedef = Type->getAs<TypedefType>();
  if (!Typedef)
    return nullptr;
  const TypedefNameDecl *Name = Typedef->getDecl();
  if (!Name->getDeclContext()->getRedeclContext()->isTranslationUnit())
    return nullptr;
  QualType Of = Type.getCanonicalType();
  if (Of->isVoidType() || Of->isPointerType())
    return Name;
  const CXXRecordDecl *Record = Of->getAsCXXRecordDecl();
  return Record && !isa<ClassTemplateSpecializationDecl>(Record) &&
                 Record->getDeclContext()
                     ->getRedeclContext()
                     ->isTranslationUnit()
             ? Name
             : nullptr;
}

std::string typeName(QualType Type, const ASTContext &Context) {
  QualType Bare = Type.getNonReferenceType();
  if (const TypedefNameDecl *Handle = handleTypedef(Bare))
    return Handle->getNameAsString();
  if (Bare->isPointerType())
    if (const TypedefNameDecl *Handle = handleTypedef(Bare->getPointeeType()))
      return Handle->getNameAsString() + " *";
  PrintingPolicy Policy(Context.getPrintingPolicy());
  Policy.SuppressTagKeyword = true;
  Policy.SuppressUnwrittenScope = true;
  Policy.SuppressDefaultTemplateArgs = true;
  Policy.Bool = true;
  Policy.AnonymousTagLocations = false;
  return Type.getNonReferenceType()
      .getCanonicalType()
      .getUnqualifiedType()
      .getAsString(Policy);
}

bool isInStd(const Decl *D) {
  for (const DeclContext *Context = D->getDeclContext(); Context;
       Context = Context->getParent())
    if (Context->isStdNamespace())
      return true;
  return false;
}

namespace {

/// Lookup of one qualified name.
class Resolver {
public:
  explicit Resolver(const ASTContext &Context) : Context(Context) {}

  llvm::SmallVector<const NamedDecl *, 2> resolve(llvm::StringRef Name) {
    llvm::SmallVector<llvm::StringRef, 6> Parts;
    Name.split(Parts, "::");
    llvm::SmallVector<const DeclContext *, 2> Scopes = {
        Context.getTranslationUnitDecl()};
    llvm::SmallVector<const NamedDecl *, 2> Found;
    for (size_t I = 0; I != Parts.size(); ++I) {
      DeclarationName Part = nameOf(Parts[I]);
      if (Part.isEmpty())
        return {};
      Found.clear();
      for (const DeclContext *Scope : Scopes)
        lookUp(Scope, Part, Found, /*Depth=*/0);
      if (I + 1 == Parts.size())
        break;
      Scopes.clear();
      for (const NamedDecl *D : Found)
        if (const auto *Inner = dyn_cast<DeclContext>(D))
          Scopes.push_back(Inner);
    }
    llvm::SmallVector<const NamedDecl *, 2> Canonical;
    for (const NamedDecl *D : Found) {
      if (const auto *Function = dyn_cast<FunctionDecl>(D))
        D = patternOf(Function);
      else if (const auto *Record = dyn_cast<CXXRecordDecl>(D))
        D = patternOf(Record);
      else
        D = cast<NamedDecl>(D->getCanonicalDecl());
      if (!llvm::is_contained(Canonical, D))
        Canonical.push_back(D);
    }
    return Canonical;
  }

private:
  /// The name that the unit has for \p Part; empty if it has none.
  DeclarationName nameOf(llvm::StringRef Part) {
    llvm::StringRef Operator = Part;
    if (Operator.consume_front("operator") && !Operator.empty() &&
        !llvm::isAlnum(Operator[0]) && Operator[0] != '_') {
      for (int Kind = OO_None + 1; Kind != NUM_OVERLOADED_OPERATORS; ++Kind)
        if (Operator.trim() ==
            getOperatorSpelling(OverloadedOperatorKind(Kind)))
          return Context.DeclarationNames.getCXXOperatorName(
              OverloadedOperatorKind(Kind));
      return {};
    }
    // An identifier that the unit never spells names nothing in it.
    auto Known = Context.Idents.find(Part);
    return Known == Context.Idents.end() ? DeclarationName()
                                         : DeclarationName(Known->second);
  }

  void lookUp(const DeclContext *Scope, DeclarationName Name,
              llvm::SmallVectorImpl<const NamedDecl *> &Into, unsigned Depth) {
    if (const auto *Record = dyn_cast<CXXRecordDecl>(Scope))
      if (const CXXRecordDecl *Definition = Record->getDefinition())
        Scope = Definition;
    size_t Before = Into.size();
    for (const NamedDecl *D : Scope->lookup(Name))
      unwrap(D, Into);
    if (Into.size() != Before || Depth > 4)
      return;
    for (const UsingDirectiveDecl *Directive : Scope->using_directives())
      lookUp(Directive->getNominatedNamespace(), Name, Into, Depth + 1);
    if (const auto *Record = dyn_cast<CXXRecordDecl>(Scope))
      if (Record->hasDefinition())
        for (const CXXBaseSpecifier &Base : Record->bases())
          if (const CXXRecordDecl *BaseRecord =
                  Base.getType()->getAsCXXRecordDecl())
            lookUp(BaseRecord, Name, Into, Depth + 1);
  }

  /// Adds \p D, or what it is another name of.
  void unwrap(const NamedDecl *D,
              llvm::SmallVectorImpl<const NamedDecl *> &Into) {
    if (const auto *Shadow = dyn_cast<UsingShadowDecl>(D))
      return unwrap(Shadow->getTargetDecl(), Into);
    if (const auto *Alias = dyn_cast<NamespaceAliasDecl>(D)) {
      Into.push_back(Alias->getNamespace());
      return;
    }
    if (const auto *Template = dyn_cast<ClassTemplateDecl>(D)) {
      Into.push_back(Template->getTemplatedDecl());
      return;
    }
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D)) {
      Into.push_back(Template->getTemplatedDecl());
      return;
    }
    if (const auto *Template = dyn_cast<TypeAliasTemplateDecl>(D)) {
      Into.push_back(Template);
      return unwrapType(Template->getTemplatedDecl()->getUnderlyingType(),
                        Into);
    }
    Into.push_back(D);
    if (const auto *Typedef = dyn_cast<TypedefNameDecl>(D))
      unwrapType(Typedef->getUnderlyingType(), Into);
  }

  void unwrapType(QualType Type,
                  llvm::SmallVectorImpl<const NamedDecl *> &Into) {
    if (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl()) {
      Into.push_back(Record);
      return;
    }
    // The alias template of a dependent type: what it names is known by its
    // template even before its arguments are.
    if (const auto *Special = Type->getAs<TemplateSpecializationType>())
      if (const TemplateDecl *Template =
              Special->getTemplateName().getAsTemplateDecl())
        unwrap(Template, Into);
  }

  const ASTContext &Context;
};

} // namespace

llvm::SmallVector<const NamedDecl *, 2> resolveName(llvm::StringRef Name,
                                                    const ASTContext &Context) {
  return Resolver(Context).resolve(Name);
}

} // namespace threadhop
