//===--- ObjectPath.cpp - which object an expression names ----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ObjectPath.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {

bool ObjectPath::overlaps(const ObjectPath &Other) const {
  if (Root != Other.Root)
    return false;
  size_t Common = std::min(Fields.size(), Other.Fields.size());
  for (size_t I = 0; I != Common; ++I)
    if (Fields[I] != Other.Fields[I])
      return false;
  return true;
}

static std::optional<ObjectPath> within(std::optional<ObjectPath> Path) {
  if (Path)
    Path->Within = true;
  return Path;
}

static std::optional<ObjectPath> resolve(const Expr *E, unsigned Depth) {
  if (!E || !Depth)
    return std::nullopt;
  E = stripForwarding(E);
  if (isa<CXXThisExpr>(E))
    return ObjectPath();
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_Deref || Unary->getOpcode() == UO_AddrOf)
      return resolve(Unary->getSubExpr(), Depth - 1);
    return std::nullopt;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const ValueDecl *D = Ref->getDecl();
    if (const auto *Binding = dyn_cast<BindingDecl>(D)) {
      if (const VarDecl *Holding = Binding->getHoldingVar())
        return Holding->getInit() ? resolve(Holding->getInit(), Depth - 1)
                                  : std::nullopt;
      return Binding->getBinding() ? resolve(Binding->getBinding(), Depth - 1)
                                   : std::nullopt;
    }
    const auto *Var = dyn_cast<VarDecl>(D);
    if (!Var)
      return std::nullopt;
    // A reference is another name; a pointer is followed only to an address
    // written in its initialiser.
    if (Var->isLocalVarDecl() && Var->hasInit()) {
      if (Var->getType()->isReferenceType()) {
        const Expr *Init = Var->getInit();
        if (auto Target = resolve(Init, Depth - 1))
          return Target;
      } else if (Var->getType()->isPointerType()) {
        const Expr *Init = stripForwarding(Var->getInit());
        bool IsAddress = isStdCall(Init, "addressof");
        if (const auto *Unary = dyn_cast<UnaryOperator>(Init))
          IsAddress |= Unary->getOpcode() == UO_AddrOf;
        if (IsAddress)
          if (auto Target = resolve(Init, Depth - 1))
            return Target;
      }
    }
    if (const CXXRecordDecl *Record = Var->getType()->getAsCXXRecordDecl())
      if (Var->isLocalVarDecl() && Var->hasInit() && isInStd(Record) &&
          Record->getIdentifier() && Record->getName() == "reference_wrapper")
        if (auto Target = resolve(Var->getInit(), Depth - 1))
          return Target;
    ObjectPath Path;
    Path.Root = Var->getCanonicalDecl();
    return Path;
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    // A copy of a reference_wrapper.
    const CXXRecordDecl *Record = Construct->getConstructor()->getParent();
    if (Construct->getNumArgs() >= 1 && isInStd(Record) &&
        Record->getIdentifier() && Record->getName() == "reference_wrapper")
      return resolve(Construct->getArg(0), Depth - 1);
    return std::nullopt;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Var = dyn_cast<VarDecl>(Member->getMemberDecl())) {
      ObjectPath Path;
      Path.Root = Var->getCanonicalDecl();
      return Path;
    }
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return std::nullopt;
    auto Path = resolve(Member->getBase(), Depth - 1);
    if (Path && !Path->Within)
      Path->Fields.push_back(Field->getCanonicalDecl());
    return Path;
  }
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E))
    return within(resolve(Index->getBase(), Depth - 1));
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    switch (Operator->getOperator()) {
    case OO_Star:
    case OO_Arrow:
    case OO_Subscript:
      return within(resolve(Operator->getArg(0), Depth - 1));
    case OO_Equal:
      return resolve(Operator->getArg(0), Depth - 1);
    default:
      return std::nullopt;
    }
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    if (isOneOf(calleeName(Call),
                {"value", "get", "front", "back", "at", "emplace", "data",
                 "emplace_back", "emplace_front", "top"}) &&
        (Call->getType()->isPointerType() || Call->isGLValue()))
      return within(resolve(Call->getImplicitObjectArgument(), Depth - 1));
    return std::nullopt;
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (isStdCall(Call, "get") || isStdCall(Call, "get_if")) {
      if (Call->getNumArgs() == 1)
        return within(resolve(Call->getArg(0), Depth - 1));
    } else if ((isStdCall(Call, "addressof") || isStdCall(Call, "ref")) && Call->getNumArgs() == 1) {
      return resolve(Call->getArg(0), Depth - 1);
    }
  }
  return std::nullopt;
}

std::optional<ObjectPath> resolveObject(const Expr *E) {
  return resolve(E, /*Depth=*/12);
}

} // namespace threadhop
