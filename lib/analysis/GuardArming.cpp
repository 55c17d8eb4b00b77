//===--- GuardArming.cpp - does an initialiser make a guard hold ----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/GuardArming.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {

bool GuardArming::armsUnknown(const GuardLeaf &Leaf, unsigned Field) {
  if (Leaf.Hidden)
    return false;
  if (Leaf.Fields.size() <= Field || alwaysHolds(Leaf))
    return true;
  if (Leaf.WrapperMayBeEmpty)
    return false;
  // A lock in a plain structure is handed around with it; what a class keeps
  // to itself may be empty.
  return llvm::all_of(llvm::drop_begin(Leaf.Fields, Field),
                      [](const FieldDecl *Member) {
                        return Member->getAccess() == AS_public ||
                               Member->getAccess() == AS_none;
                      });
}

bool GuardArming::armsDefault(const GuardLeaf &Leaf, unsigned Field) {
  if (Leaf.Hidden || Leaf.WrapperMayBeEmpty)
    return false;
  if (Leaf.Info->Model)
    return !Leaf.Info->Model->EmptyWhenDefault;
  return alwaysHolds(Leaf);
}

static bool isEmptyValue(const Expr *E) {
  if (isa<CXXNullPtrLiteralExpr, GNUNullExpr>(E))
    return true;
  if (const CXXRecordDecl *Record = E->getType()->getAsCXXRecordDecl())
    if (Record->getIdentifier() &&
        isOneOf(Record->getName(), {"nullopt_t", "none_t", "None", "monostate",
                                    "defer_lock_t"}))
      return true;
  return E->getType()->isNullPtrType();
}

bool GuardArming::armsLeaf(const CXXConstructExpr *E,
                           const GuardLeaf &Leaf) const {
  const GuardInfo &Info = *Leaf.Info;
  unsigned Given = 0;
  for (const Expr *Arg : E->arguments()) {
    if (isa<CXXDefaultArgExpr>(Arg))
      continue;
    ++Given;
    const CXXRecordDecl *Record =
        Arg->getType().getNonReferenceType()->getAsCXXRecordDecl();
    if (!Record || !Record->getIdentifier())
      continue;
    if (Record->getName() == "defer_lock_t")
      return false;
    if (Info.Model)
      for (const std::string &Deferred : Info.Model->DeferredBy)
        if (publicName(Record) == Deferred)
          return false;
  }
  const CXXConstructorDecl *Constructor = E->getConstructor();
  // The guard is a base class: what that is constructed with counts.
  if (const CXXRecordDecl *Record = Info.Type->getAsCXXRecordDecl();
      Record && Constructor->getParent()->getCanonicalDecl() !=
                    Record->getCanonicalDecl()) {
    const auto *Definition =
        cast_or_null<CXXConstructorDecl>(Constructor->getDefinition());
    if (Definition)
      for (const CXXCtorInitializer *Init : Definition->inits())
        if (Init->isBaseInitializer() || Init->isDelegatingInitializer())
          if (const auto *Base =
                  dyn_cast<CXXConstructExpr>(stripWrapping(Init->getInit())))
            if (const CXXRecordDecl *BaseRecord =
                    Base->getConstructor()->getParent();
                BaseRecord->getCanonicalDecl() == Record->getCanonicalDecl() ||
                BaseRecord->isDerivedFrom(Record) ||
                Init->isDelegatingInitializer())
              return armsLeaf(Base, Leaf);
    return true;
  }
  if (Info.Model)
    return Given != 0 || !Info.Model->EmptyWhenDefault;
  if (Info.Scope) {
    if (Info.Scope->Opening.empty() || !visibleBody(Constructor))
      return true;
    return Info.Scope->Opening.contains(Constructor->getCanonicalDecl());
  }
  // A lock of the project's own: made from nothing it locks nothing.
  if (Info.Kind == GuardKind::Lock && Given == 0)
    return !Constructor->isDefaulted() && !visibleBody(Constructor);
  return true;
}

bool GuardArming::armsArguments(llvm::ArrayRef<const Expr *> Args,
                                const GuardLeaf &Leaf, unsigned Depth) const {
  bool Any = false, Deferred = false, GuardSeen = false;
  for (const Expr *Arg : Args) {
    if (isa<CXXDefaultArgExpr>(Arg))
      continue;
    const Expr *Stripped = stripWrapping(Arg);
    if (isEmptyValue(Stripped)) {
      Deferred = true;
      continue;
    }
    Any = true;
    QualType Type = Arg->getType().getNonReferenceType();
    if (const auto *New = dyn_cast<CXXNewExpr>(Stripped))
      Type = New->getAllocatedType();
    for (const GuardLeaf &Inner : Guards.guardsIn(Type)) {
      GuardSeen = true;
      if (arms(Arg, Inner, 0, Depth - 1))
        return true;
    }
  }
  return Any && !GuardSeen && !Deferred;
}

/// The initialiser that a constructor gives to the member, following bases.
static const Expr *memberInitializer(const CXXConstructorDecl *Constructor,
                                     const FieldDecl *Field, bool &Visible) {
  const auto *Definition =
      cast_or_null<CXXConstructorDecl>(Constructor->getDefinition());
  Visible = Definition &&
            (Definition->hasBody() || Definition->isDefaulted());
  if (!Visible)
    return nullptr;
  for (const CXXCtorInitializer *Init : Definition->inits()) {
    if (Init->isAnyMemberInitializer() &&
        Init->getAnyMember()->getCanonicalDecl() == Field->getCanonicalDecl())
      return Init->getInit();
    if (Init->isBaseInitializer() || Init->isDelegatingInitializer())
      if (const auto *Inner =
              dyn_cast<CXXConstructExpr>(stripWrapping(Init->getInit()))) {
        bool InnerVisible = false;
        if (const Expr *Found = memberInitializer(Inner->getConstructor(),
                                                  Field, InnerVisible))
          return Found;
      }
  }
  return nullptr;
}

/// Whether the constructor's body makes the member hold: assigns to it or calls
/// something on it that fills it.
static bool bodyArmsMember(const CXXConstructorDecl *Constructor,
                           const FieldDecl *Field) {
  bool Arms = false;
  visitEvaluated(visibleBody(Constructor), [&](const Stmt *S) {
    const Expr *Object = nullptr;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Operator->getOperator() == OO_Equal)
        Object = Operator->getArg(0);
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      if (Call->getMethodDecl() && !Call->getMethodDecl()->isConst() &&
          !isOneOf(calleeName(Call), {"reset", "clear", "unlock", "release"}))
        Object = Call->getImplicitObjectArgument();
    }
    if (Object)
      if (auto Path = resolveObject(Object))
        Arms |= !Path->Root && !Path->Fields.empty() &&
                Path->Fields.front() == Field->getCanonicalDecl();
    return true;
  });
  return Arms;
}

bool GuardArming::armsConstruct(const CXXConstructExpr *E,
                                const GuardLeaf &Leaf, unsigned Field,
                                unsigned Depth) const {
  const CXXConstructorDecl *Constructor = E->getConstructor();
  if (Constructor->isCopyOrMoveConstructor() && E->getNumArgs() >= 1)
    return arms(E->getArg(0), Leaf, Field, Depth - 1);
  llvm::SmallVector<const Expr *, 4> Args(E->arguments());
  if (Field == Leaf.Fields.size()) {
    if (!Leaf.InWrapper)
      return armsLeaf(E, Leaf);
    bool Given = false;
    for (const Expr *Arg : Args)
      Given |= !isa<CXXDefaultArgExpr>(Arg);
    if (!Given)
      return !Leaf.WrapperMayBeEmpty &&
             !(Leaf.Info->Model && Leaf.Info->Model->EmptyWhenDefault);
    return armsArguments(Args, Leaf, Depth);
  }
  const FieldDecl *Member = Leaf.Fields[Field];
  if (isInStd(Constructor) && !Args.empty())
    return armsArguments(Args, Leaf, Depth); // std::pair.
  bool Visible = false;
  const Expr *Init = memberInitializer(Constructor, Member, Visible);
  if (!Visible)
    return armsUnknown(Leaf, Field);
  if (bodyArmsMember(Constructor, Member))
    return true;
  if (!Init)
    return armsDefault(Leaf, Field);
  return arms(Init, Leaf, Field + 1, Depth - 1);
}

/// The element of an aggregate's initialiser list that is for the member.
static const Expr *listElement(const InitListExpr *List,
                               const FieldDecl *Field) {
  const CXXRecordDecl *Record = List->getType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return nullptr;
  unsigned Index = 0;
  for (const CXXBaseSpecifier &Base : Record->bases()) {
    if (Index < List->getNumInits() &&
        Base.getType()->getAsCXXRecordDecl() == Field->getParent()) {
      const Expr *Inner = List->getInit(Index);
      if (const auto *InnerList = dyn_cast<InitListExpr>(stripWrapping(Inner)))
        return listElement(InnerList, Field);
      return Inner;
    }
    ++Index;
  }
  for (const FieldDecl *Each : Record->fields()) {
    if (Each->getCanonicalDecl() == Field->getCanonicalDecl())
      return Index < List->getNumInits() ? List->getInit(Index) : nullptr;
    if (!Each->isUnnamedBitField())
      ++Index;
  }
  return nullptr;
}

bool GuardArming::arms(const Expr *E, const GuardLeaf &Leaf, unsigned Field,
                       unsigned Depth) const {
  if (!E || !Depth)
    return armsUnknown(Leaf, Field);
  E = stripWrapping(E);
  if (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(E))
    return arms(Cast->getSubExpr(), Leaf, Field, Depth);
  if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
    return arms(Default->getExpr(), Leaf, Field, Depth);
  if (isEmptyValue(E))
    return false;
  if (const auto *Conditional = dyn_cast<AbstractConditionalOperator>(E))
    return arms(Conditional->getTrueExpr(), Leaf, Field, Depth - 1) ||
           arms(Conditional->getFalseExpr(), Leaf, Field, Depth - 1);
  if (const auto *List = dyn_cast<InitListExpr>(E)) {
    if (const InitListExpr *Semantic =
            List->isSemanticForm() ? nullptr : List->getSemanticForm())
      List = Semantic;
    if (List->isTransparent() && List->getNumInits() == 1)
      return arms(List->getInit(0), Leaf, Field, Depth - 1);
    if (Field < Leaf.Fields.size()) {
      const Expr *Element = listElement(List, Leaf.Fields[Field]);
      return Element ? arms(Element, Leaf, Field + 1, Depth - 1)
                     : armsDefault(Leaf, Field + 1);
    }
    if (!Leaf.InWrapper)
      return true;
    llvm::SmallVector<const Expr *, 4> Inits(List->inits());
    return armsArguments(Inits, Leaf, Depth);
  }
  if (const auto *Std = dyn_cast<CXXStdInitializerListExpr>(E))
    return arms(Std->getSubExpr(), Leaf, Field, Depth - 1);
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    if (Field >= Leaf.Fields.size())
      return false;
    unsigned Index = 0;
    const CXXRecordDecl *Closure = Lambda->getLambdaClass();
    for (const FieldDecl *Capture : Closure->fields()) {
      if (Capture->getCanonicalDecl() ==
          Leaf.Fields[Field]->getCanonicalDecl())
        break;
      ++Index;
    }
    auto Inits = Lambda->capture_inits();
    if (Index < static_cast<unsigned>(Inits.end() - Inits.begin()))
      return arms(*(Inits.begin() + Index), Leaf, Field + 1, Depth - 1);
    return armsUnknown(Leaf, Field);
  }
  if (const auto *New = dyn_cast<CXXNewExpr>(E))
    return New->hasInitializer()
               ? arms(New->getInitializer(), Leaf, Field, Depth - 1)
               : armsUnknown(Leaf, Field);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return armsConstruct(Construct, Leaf, Field, Depth);
  // What is moved or copied from an object that is tracked holds if that does.
  const Expr *Source = E;
  if (isStdCall(E, "exchange"))
    Source = cast<CallExpr>(E)->getArg(0);
  if (auto Path = resolveObject(Source))
    if (auto State = StateOf(*Path))
      return *State;
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (isOneOf(calleeName(Call), {"make_unique", "make_shared", "make_pair",
                                   "make_tuple", "make_optional"})) {
      llvm::SmallVector<const Expr *, 4> Args(Call->arguments());
      return Args.empty() ? armsUnknown(Leaf, Field)
                          : armsArguments(Args, Leaf, Depth);
    }
    const FunctionDecl *Callee = Call->getDirectCallee();
    const Stmt *Body =
        Callee && !isInStd(Callee) ? visibleBody(Callee) : nullptr;
    if (Body && !isa<CoroutineBodyStmt>(Body)) {
      bool Any = false, Seen = false;
      visitEvaluated(Body, [&](const Stmt *S) {
        if (const auto *Return = dyn_cast<ReturnStmt>(S))
          if (const Expr *Value = Return->getRetValue()) {
            Seen = true;
            Any |= arms(Value, Leaf, Field, Depth - 1);
          }
        return true;
      });
      if (Seen)
        return Any;
    }
  }
  return armsUnknown(Leaf, Field);
}

} // namespace threadhop
