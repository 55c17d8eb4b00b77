//===--- Annotations.cpp - threadhop's annotations ------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Annotations.h"
#include "analysis/Names.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace threadhop {

llvm::StringRef annotationSpelling(Annotation Kind) {
  switch (Kind) {
  case Annotation::ThreadBound:
    return "threadhop::thread_bound";
  case Annotation::ThreadConfined:
    return "threadhop::thread_confined";
  case Annotation::SequenceConfined:
    return "threadhop::sequence_confined";
  case Annotation::Sendable:
    return "threadhop::sendable";
  case Annotation::Hops:
    return "threadhop::hops";
  case Annotation::Stays:
    return "threadhop::stays";
  case Annotation::ResumesHere:
    return "threadhop::resumes_here";
  case Annotation::ResumesElsewhere:
    return "threadhop::resumes_elsewhere";
  case Annotation::Waker:
    return "threadhop::waker";
  case Annotation::SingleWaiter:
    return "threadhop::single_waiter";
  case Annotation::Rendezvous:
    return "threadhop::rendezvous";
  }
  llvm_unreachable("all annotations are spelled");
}

/// The attribute's second argument, where it is a string.
static std::string reasonOf(const AnnotateAttr *Attr) {
  for (const Expr *Arg : Attr->args())
    if (const auto *Text = dyn_cast<clang::StringLiteral>(
            Arg->IgnoreImpCasts()->IgnoreParens()))
      return Text->getString().str();
    else if (const auto *Constant = dyn_cast<ConstantExpr>(Arg))
      if (const auto *Inner = dyn_cast<clang::StringLiteral>(
              Constant->getSubExpr()->IgnoreParenImpCasts()))
        return Inner->getString().str();
  return "";
}

static std::optional<FoundAnnotation> findOn(const Decl *D,
                                             llvm::StringRef Spelling) {
  for (const auto *Attr : D->specific_attrs<AnnotateAttr>())
    if (Attr->getAnnotation() == Spelling)
      return FoundAnnotation{reasonOf(Attr), Attr->getLocation()};
  return std::nullopt;
}

static std::optional<FoundAnnotation> findOnRedecls(const Decl *D,
                                                    llvm::StringRef Spelling) {
  // A parameter is declared anew with each declaration of its function.
  if (const auto *Param = dyn_cast<ParmVarDecl>(D))
    if (const auto *Function =
            dyn_cast<FunctionDecl>(Param->getDeclContext())) {
      unsigned Index = Param->getFunctionScopeIndex();
      for (const FunctionDecl *Redecl : Function->redecls())
        if (Index < Redecl->getNumParams())
          if (auto Found = findOn(Redecl->getParamDecl(Index), Spelling))
            return Found;
      return std::nullopt;
    }
  for (const Decl *Redecl : D->redecls())
    if (auto Found = findOn(Redecl, Spelling))
      return Found;
  return std::nullopt;
}

std::optional<FoundAnnotation> findAnnotation(const Decl *D, Annotation Kind) {
  if (!D)
    return std::nullopt;
  llvm::StringRef Spelling = annotationSpelling(Kind);
  if (auto Found = findOnRedecls(D, Spelling))
    return Found;
  const Decl *Pattern = nullptr;
  if (const auto *Record = dyn_cast<CXXRecordDecl>(D))
    Pattern = patternOf(Record);
  else if (const auto *Function = dyn_cast<FunctionDecl>(D))
    Pattern = Function->getTemplateInstantiationPattern();
  else if (const auto *Param = dyn_cast<ParmVarDecl>(D)) {
    // A parameter of an instantiation has the pattern's attributes only where
    // clang copied them.
    const auto *Function = dyn_cast<FunctionDecl>(Param->getDeclContext());
    const FunctionDecl *From =
        Function ? Function->getTemplateInstantiationPattern() : nullptr;
    unsigned Index = Param->getFunctionScopeIndex();
    if (From && Index < From->getNumParams())
      Pattern = From->getParamDecl(Index);
  }
  if (!Pattern || Pattern == D)
    return std::nullopt;
  return findOnRedecls(Pattern, Spelling);
}

std::optional<FoundAnnotation> findAnnotation(QualType Type, Annotation Kind) {
  while (!Type.isNull()) {
    Type = Type.getNonReferenceType();
    if (const auto *Typedef = Type->getAs<TypedefType>()) {
      if (auto Found = findAnnotation(Typedef->getDecl(), Kind))
        return Found;
      Type = Typedef->getDecl()->getUnderlyingType();
      continue;
    }
    const auto *Special = Type->getAs<TemplateSpecializationType>();
    if (!Special || !Special->isTypeAlias())
      break;
    if (const auto *Template = dyn_cast_or_null<TypeAliasTemplateDecl>(
            Special->getTemplateName().getAsTemplateDecl()))
      if (auto Found = findAnnotation(Template->getTemplatedDecl(), Kind))
        return Found;
    Type = Special->getAliasedType();
  }
  if (Type.isNull())
    return std::nullopt;
  return findAnnotation(Type->getAsCXXRecordDecl(), Kind);
}

} // namespace threadhop
