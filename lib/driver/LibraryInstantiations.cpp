//===--- LibraryInstantiations.cpp - what libraries instantiate -----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/LibraryInstantiations.h"
#include "support/Compat.h"
#include "support/UserCodeVisitor.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;

namespace threadhop::driver {
namespace {

/// Collects types whose members have no body yet, and the types that templates
/// of libraries know.
class Finder : public UserCodeVisitor<Finder> {
public:
  using UserCodeVisitor::UserCodeVisitor;

  bool found() const {
    return llvm::any_of(Waiting, [&](const CXXRecordDecl *Record) {
      return Known.contains(Record);
    });
  }

  bool VisitLambdaExpr(LambdaExpr *Lambda) {
    if (const FunctionTemplateDecl *Generic =
            Lambda->getDependentCallOperator())
      check(Generic, Lambda->getLambdaClass());
    return true;
  }

  bool VisitFunctionTemplateDecl(FunctionTemplateDecl *Template) {
    const FunctionDecl *Function = Template->getTemplatedDecl();
    if (Function->getOverloadedOperator() == OO_Call)
      if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
        check(Template, Method->getParent());
    return true;
  }

  // Members of the instantiations of class templates.
  bool VisitCXXMethodDecl(CXXMethodDecl *Method) {
    if (Method->isDependentContext() ||
        (Method->getOverloadedOperator() != OO_Call &&
         !isa<CXXDestructorDecl>(Method)) ||
        Method->hasBody())
      return true;
    const FunctionDecl *Pattern = Method->getTemplateInstantiationPattern();
    if (Pattern && saysAnything(Pattern))
      wait(Method->getParent());
    return true;
  }

  // How types get to a library: as arguments of its classes and functions.
  bool VisitExpr(Expr *E) {
    use(E->getType());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) { return use(Ref->getDecl()); }
  bool VisitMemberExpr(MemberExpr *Ref) { return use(Ref->getMemberDecl()); }
  bool VisitCXXConstructExpr(CXXConstructExpr *Construct) {
    return use(Construct->getConstructor());
  }
  bool VisitValueDecl(ValueDecl *D) {
    use(D->getType());
    return true;
  }
  bool VisitCXXRecordDecl(CXXRecordDecl *Record) {
    if (Record->isThisDeclarationADefinition() && !Record->isDependentType())
      for (const CXXBaseSpecifier &Base : Record->bases())
        use(Base.getType());
    return true;
  }

private:
  static bool saysAnything(const FunctionDecl *Pattern) {
    const Stmt *Body = Pattern->getBody();
    return Body && Body->child_begin() != Body->child_end();
  }

  void wait(const CXXRecordDecl *Record) {
    Waiting.insert(Record->getCanonicalDecl());
  }

  void check(const FunctionTemplateDecl *Template,
             const CXXRecordDecl *Record) {
    if (Record->isDependentContext())
      return;
    const FunctionTemplateDecl *Pattern = Template;
    while (const auto *From = Pattern->getInstantiatedFromMemberTemplate())
      Pattern = From;
    if (!saysAnything(Pattern->getTemplatedDecl()))
      return;
    for (const FunctionDecl *Special : Template->specializations())
      if (Special->hasBody())
        return;
    wait(Record);
  }

  bool isLibrary(const Decl *D) const { return isInSystemHeader(D, SM); }

  // What pointers, references and arrays lead to; null if that depends on
  // template arguments.
  static const Type *behind(QualType T) {
    if (T.isNull() || T->isDependentType())
      return nullptr;
    const Type *Behind = T.getCanonicalType().getTypePtr();
    while (true) {
      if (QualType Pointee = Behind->getPointeeType(); !Pointee.isNull())
        Behind = Pointee.getTypePtr();
      else if (const auto *Array = dyn_cast<ArrayType>(Behind))
        Behind = Array->getElementType().getTypePtr();
      else
        return Behind;
    }
  }

  void use(QualType T) {
    const Type *Behind = behind(T);
    const auto *Class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        Behind ? Behind->getAsCXXRecordDecl() : nullptr);
    if (Class && Used.insert(Class).second && isLibrary(Class))
      give(Class->getTemplateArgs().asArray());
  }

  bool use(const ValueDecl *D) {
    const auto *Function = dyn_cast<FunctionDecl>(D);
    if (!Function || !Used.insert(Function).second || !isLibrary(Function))
      return true;
    if (const auto *Args = Function->getTemplateSpecializationArgs())
      give(Args->asArray());
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
      use(recordType(Method->getASTContext(), Method->getParent()));
    return true;
  }

  void give(llvm::ArrayRef<TemplateArgument> Args) {
    for (const TemplateArgument &Arg : Args) {
      if (Arg.getKind() == TemplateArgument::Pack)
        give(Arg.getPackAsArray());
      else if (Arg.getKind() == TemplateArgument::Type)
        give(Arg.getAsType());
    }
  }

  // With all that its objects consist of.
  void give(QualType T) {
    const Type *Behind = behind(T);
    if (!Behind)
      return;
    if (const auto *Function = Behind->getAs<FunctionProtoType>()) {
      give(Function->getReturnType());
      for (QualType Param : Function->getParamTypes())
        give(Param);
      return;
    }
    const CXXRecordDecl *Record = Behind->getAsCXXRecordDecl();
    if (!Record || !Known.insert(Record->getCanonicalDecl()).second)
      return;
    if (const auto *Class = dyn_cast<ClassTemplateSpecializationDecl>(Record))
      if (isLibrary(Class))
        give(Class->getTemplateArgs().asArray());
    Record = Record->getDefinition();
    if (!Record)
      return;
    for (const CXXBaseSpecifier &Base : Record->bases())
      give(Base.getType());
    for (const FieldDecl *Field : Record->fields())
      give(Field->getType());
  }

  llvm::DenseSet<const CXXRecordDecl *> Waiting, Known;
  llvm::DenseSet<const Decl *> Used;
};

} // namespace

bool libraryMayInstantiate(ASTContext &Context) {
  Finder In(Context.getSourceManager());
  In.TraverseDecl(Context.getTranslationUnitDecl());
  return In.found();
}

} // namespace threadhop::driver
