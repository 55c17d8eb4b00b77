//===--- ViewsOfCalls.cpp - what constructors and calls make --------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "analysis/ViewsBody.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop {
namespace {

void append(Views &To, const Views &From) {
  To.append(From.begin(), From.end());
}

Views into(const Storages &Places, SourceLocation Loc) {
  Views Result;
  for (const Storage &S : Places)
    Result.push_back({{}, S, Loc});
  return Result;
}

llvm::StringRef nameOf(const FunctionDecl *Function) {
  return Function->getIdentifier() ? Function->getName() : "";
}

/// True if the class template's arguments name a view class, and none is the
/// type itself: then an element made of an object of the type views it.
bool elementsView(QualType Made, QualType Arg) {
  const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Made->getAsCXXRecordDecl());
  if (!Special)
    return false;
  bool Views = false;
  auto look = [&](const TemplateArgument &A) {
    if (A.getKind() != TemplateArgument::Type)
      return true;
    Views |= isViewClass(A.getAsType());
    return A.getAsType().getCanonicalType().getUnqualifiedType() !=
           Arg.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  };
  for (const TemplateArgument &A : Special->getTemplateArgs().asArray()) {
    if (!look(A))
      return false;
    if (A.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &Inner : A.pack_elements())
        if (!look(Inner))
          return false;
  }
  return Views;
}

bool isPassedThrough(const Expr *Call) {
  for (llvm::StringRef Name :
       {"move", "forward", "as_const", "move_if_noexcept", "forward_like"})
    if (isStdCall(Call, Name))
      return true;
  return false;
}

/// True if something takes the pointer away from its unique_ptr.
bool isGivenAway(const VarDecl *Var, const Stmt *Body) {
  bool Given = false;
  visitEvaluated(Body, [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (!E)
      return true;
    auto names = [&](const Expr *Operand) {
      const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Operand));
      return Ref && Ref->getDecl() == Var;
    };
    if (const Expr *Moved = movedOperand(E); Moved && names(Moved))
      Given = true;
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
      if (calleeName(Call) == "release" &&
          names(Call->getImplicitObjectArgument()))
        Given = true;
    return !Given;
  });
  return Given;
}

} // namespace

Views ViewAnalysis::taken(const Expr *Arg, bool IsOwnerViewed,
                          const FunctionDecl *In) {
  if (IsOwnerViewed && ownsContents(Arg->getType()))
    return into(storageOf(Arg, In), Arg->getExprLoc());
  Views Result = viewsOf(Arg, In);
  for (View &V : Result)
    V.Loc = Arg->getExprLoc();
  return Result;
}

/// A view that an accessor of the object gives.
Views ViewAnalysis::viewing(const Expr *Object, const FunctionDecl *In) {
  QualType Type = Object->getType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  if (!ownsContents(Type))
    return isViewClass(Type) || Type->isPointerType() ? viewsOf(Object, In)
                                                      : Views();
  // A unique_ptr's object lives on where somebody took it.
  const auto *Record = Type->getAsCXXRecordDecl();
  if (Record && Record->getIdentifier() && Record->getName() == "unique_ptr")
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Object)))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        if (const FunctionDecl *Home = functionOf(Var))
          if (isGivenAway(Var, visibleBody(Home)))
            return {};
  if (Object->getType()->isPointerType())
    return viewsOf(Object, In);
  return into(storageOf(Object, In), Object->getExprLoc());
}

Views ViewAnalysis::initialised(const FieldDecl *Field, const Expr *Init,
                                const FunctionDecl *In) {
  Views Result = Field->getType()->isReferenceType()
                     ? into(storageOf(Init, In), Init->getExprLoc())
                     : viewsOf(Init, In);
  for (View &V : Result) {
    V.Members.insert(V.Members.begin(), Field);
    V.Loc = Init->getExprLoc();
  }
  return Result;
}

Views ViewAnalysis::construction(const Expr *E, const FunctionDecl *In) {
  Views Result;
  if (isa<InitListExpr, CXXParenListInitExpr>(E)) {
    llvm::SmallVector<const Expr *, 8> Inits;
    const FieldDecl *UnionField = nullptr;
    if (const auto *List = dyn_cast<InitListExpr>(E)) {
      if (!List->isSemanticForm() && List->getSemanticForm())
        List = List->getSemanticForm();
      for (const Expr *Init : List->inits())
        Inits.push_back(Init);
      UnionField = List->getInitializedFieldInUnion();
    } else {
      for (const Expr *Init : cast<CXXParenListInitExpr>(E)->getInitExprs())
        Inits.push_back(Init);
    }
    const auto *Record = E->getType()->getAsCXXRecordDecl();
    if (!Record) {
      for (const Expr *Init : Inits)
        append(Result, viewsOf(Init, In));
      return Result;
    }
    if (UnionField)
      return Inits.empty() ? Views() : initialised(UnionField, Inits[0], In);
    size_t Next = 0;
    for ([[maybe_unused]] const CXXBaseSpecifier &Base : Record->bases())
      if (Next < Inits.size())
        append(Result, viewsOf(Inits[Next++], In));
    for (const FieldDecl *Field : Record->fields()) {
      if (Field->isUnnamedBitField())
        continue;
      if (Next >= Inits.size())
        break;
      append(Result, initialised(Field, Inits[Next++], In));
    }
    return Result;
  }
  if (const auto *Inherited = dyn_cast<CXXInheritedCtorInitExpr>(E)) {
    // The inheriting constructor's parameters are passed on in their order.
    const auto *Base = Inherited->getConstructor();
    for (View V : constructedViews(Base)) {
      const auto *Param = dyn_cast_or_null<ParmVarDecl>(V.Of.Var);
      if (Param && In && functionOf(Param) == Base->getCanonicalDecl()) {
        unsigned Index = Param->getFunctionScopeIndex();
        if (Index < In->getNumParams() && V.Of.Kind != Storage::Variable)
          V.Of.Var = In->getParamDecl(Index);
      }
      Result.push_back(V);
    }
    return Result;
  }
  const auto *Construct = cast<CXXConstructExpr>(E);
  const CXXConstructorDecl *Constructor = Construct->getConstructor();
  Invocation Call = invocationOf(Construct);
  if (Call.Args.empty())
    return Result;
  bool IsStd = isStandard(Constructor);
  if (Constructor->isCopyOrMoveConstructor() &&
      (IsStd || !Constructor->isUserProvided()))
    return viewsOf(Call.Args[0], In);
  if (!IsStd) {
    for (const View &V : constructedViews(Constructor))
      append(Result, inCaller(V, Call, In));
    for (View &V : Result)
      V.Loc = Construct->getExprLoc();
    return Result;
  }
  bool IsView = isViewClass(Construct->getType());
  llvm::StringRef Name = Constructor->getParent()->getIdentifier()
                             ? Constructor->getParent()->getName()
                             : "";
  for (const Expr *Arg : Call.Args) {
    if (Name == "reference_wrapper" && !isViewClass(Arg->getType()))
      append(Result, into(storageOf(Arg, In), Arg->getExprLoc()));
    else
      append(Result,
             taken(Arg,
                   IsView || elementsView(Construct->getType(), Arg->getType()),
                   In));
  }
  // Which part of a library object it is has no name of the user's.
  for (View &V : Result)
    V.Members.clear();
  return Result;
}

const Views &ViewAnalysis::constructedViews(const FunctionDecl *Function) {
  std::unique_ptr<Views> &Entry = Made[Function->getCanonicalDecl()];
  if (Entry)
    return *Entry;
  Entry = std::make_unique<Views>();
  Views *Known = Entry.get();
  const FunctionDecl *Definition = nullptr;
  if (!Function->getBody(Definition) || Definition->isDependentContext())
    return *Known;
  Views Found;
  for (const CXXCtorInitializer *Init :
       cast<CXXConstructorDecl>(Definition)->inits()) {
    if (const FieldDecl *Field = Init->getAnyMember())
      append(Found, initialised(Field, Init->getInit(), Definition));
    else
      append(Found, viewsOf(Init->getInit(), Definition));
  }
  append(Found, effectOn(Function, nullptr));
  *Known = std::move(Found);
  return *Known;
}

const Views &ViewAnalysis::returnedViews(const FunctionDecl *Function) {
  std::unique_ptr<Views> &Entry = Returned[Function->getCanonicalDecl()];
  if (Entry)
    return *Entry;
  Entry = std::make_unique<Views>();
  Views *Known = Entry.get();
  const FunctionDecl *Definition = nullptr;
  const Stmt *Body = Function->getBody(Definition);
  if (!Body || Definition->isDependentContext() || isa<CoroutineBodyStmt>(Body))
    return *Known;
  Views Found;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Return = dyn_cast<ReturnStmt>(S))
      append(Found, viewsOf(Return->getRetValue(), Definition));
    return true;
  });
  *Known = std::move(Found);
  return *Known;
}

const Storages &ViewAnalysis::returnedStorage(const FunctionDecl *Function) {
  std::unique_ptr<Storages> &Entry =
      ReturnedPlaces[Function->getCanonicalDecl()];
  if (Entry)
    return *Entry;
  Entry = std::make_unique<Storages>();
  Storages *Known = Entry.get();
  const FunctionDecl *Definition = nullptr;
  const Stmt *Body = Function->getBody(Definition);
  if (!Body || Definition->isDependentContext() || isa<CoroutineBodyStmt>(Body))
    return *Known;
  Storages Found;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Return = dyn_cast<ReturnStmt>(S))
      Found.append(storageOf(Return->getRetValue(), Definition));
    return true;
  });
  *Known = std::move(Found);
  return *Known;
}

Views ViewAnalysis::libraryCall(const Expr *E, const Invocation &Call,
                                const FunctionDecl *In) {
  llvm::StringRef Name = nameOf(Call.Callee);
  Views Result;
  if (Call.Args.empty())
    return Result;
  if (isPassedThrough(E))
    return viewsOf(Call.Args[0], In);
  if (isOneOf(Name, {"addressof", "ref", "cref"})) {
    if (isViewClass(Call.Args[0]->getType()) && Name != "addressof")
      return viewsOf(Call.Args[0], In);
    return into(storageOf(Call.Args[0], In), E->getExprLoc());
  }
  if (isOneOf(Name,
              {"data", "begin", "end", "cbegin", "cend", "rbegin", "rend",
               "as_bytes", "as_writable_bytes", "next", "prev", "to_address"}))
    return viewing(Call.Args[0], In);
  if (isOneOf(Name, {"tie", "forward_as_tuple"})) {
    for (const Expr *Arg : Call.Args)
      append(Result, into(storageOf(Arg, In), Arg->getExprLoc()));
    return Result;
  }
  if (isOneOf(Name, {"make_pair", "make_tuple", "make_optional", "bind",
                     "bind_front", "make_any", "exchange", "to_array"}))
    for (const Expr *Arg : Call.Args)
      append(Result, viewsOf(Arg, In));
  if (isOneOf(Name, {"get", "any_cast", "get_if"}))
    return viewsOf(Call.Args[0], In);
  // An algorithm gives back a place in what it was given.
  if (Result.empty() &&
      (E->getType()->isPointerType() || isViewClass(E->getType())))
    for (const Expr *Arg : Call.Args)
      if (Arg->getType()->isPointerType() || isViewClass(Arg->getType()))
        append(Result, viewsOf(Arg, In));
  return Result;
}

Views ViewAnalysis::libraryObject(const Expr *E, const Invocation &Call,
                                  const FunctionDecl *In) {
  llvm::StringRef Name = nameOf(Call.Callee);
  Views Result;
  if (E->isGLValue()) {
    // An element: it views what the container's elements view.
    for (const Storage &S : callStorage(E, In))
      append(Result, contents(S, In));
    return Result;
  }
  if (Name == "value_or") {
    Result = viewsOf(Call.Object, In);
    for (const Expr *Arg : Call.Args)
      append(Result, viewsOf(Arg, In));
    return Result;
  }
  if (isa<CXXConversionDecl>(Call.Callee) || E->getType()->isPointerType() ||
      isViewClass(E->getType()))
    return viewing(Call.Object, In);
  return Result;
}

Views ViewAnalysis::call(const Expr *E, const FunctionDecl *In) {
  Invocation Call = invocationOf(E);
  if (!Call)
    return {};
  Views Result;
  if (!Call.Object &&
      Call.Callee->getDeclContext()->getRedeclContext()->isTranslationUnit() &&
      isOneOf(nameOf(Call.Callee), {"strchr", "strrchr", "strstr", "strpbrk",
                                    "memchr", "strcpy", "strcat"}))
    return Call.Args.empty() ? Result : viewsOf(Call.Args[0], In);
  if (isStandard(Call.Callee))
    return Call.Object ? libraryObject(E, Call, In) : libraryCall(E, Call, In);
  if (Call.Callee->getReturnType()->isReferenceType()) {
    for (const Storage &S : callStorage(E, In))
      append(Result, contents(S, In));
    // A builder's function gives its object back, with what it set.
    if (Call.Object)
      for (const View &V : effectOn(Call.Callee, nullptr))
        append(Result, inCaller(V, Call, In));
    return Result;
  }
  for (const View &V : returnedViews(Call.Callee))
    append(Result, inCaller(V, Call, In));
  return Result;
}

Storages ViewAnalysis::callStorage(const Expr *E, const FunctionDecl *In) {
  Invocation Call = invocationOf(E);
  if (!Call)
    return {};
  Storages Result;
  auto targets = [&](const Views &Of) {
    for (const View &V : Of)
      if (V.Members.empty())
        Result.push_back(V.Of);
  };
  llvm::StringRef Name = nameOf(Call.Callee);
  if (isStandard(Call.Callee)) {
    if (Call.Object) {
      const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
      if (Operator && Operator->isAssignmentOp())
        return storageOf(Call.Object, In);
      targets(viewing(Call.Object, In));
      return Result;
    }
    if (Call.Args.empty())
      return Result;
    if (isPassedThrough(E) || isOneOf(Name, {"get", "any_cast"}))
      return storageOf(Call.Args[0], In);
    if (isOneOf(Name, {"min", "max"}) && Call.Args.size() >= 2) {
      Result = storageOf(Call.Args[0], In);
      Result.append(storageOf(Call.Args[1], In));
    }
    return Result;
  }
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee))
    if (Method->isDefaulted() && Call.Object)
      return storageOf(Call.Object, In);
  for (const Storage &S : returnedStorage(Call.Callee))
    targets(inCaller({{}, S, E->getExprLoc()}, Call, In));
  return Result;
}

} // namespace threadhop
