//===--- Views.cpp - what a value looks at --------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Views.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "analysis/ViewsBody.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace clang;

namespace threadhop {
namespace {

constexpr unsigned MaxDepth = 40;

/// Wrappers that neither change a value nor read an lvalue.
const Expr *strip(const Expr *E) {
  for (;;) {
    const Expr *Inner = E->IgnoreParens();
    if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(Inner))
      Inner = Cleanups->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = Bound->getSubExpr();
    else if (const auto *Constant = dyn_cast<ConstantExpr>(Inner))
      Inner = Constant->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(Inner))
      Inner = Default->getExpr();
    else if (const auto *Init = dyn_cast<CXXDefaultInitExpr>(Inner))
      Inner = Init->getExpr();
    else if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(Inner))
      Inner = Opaque->getSourceExpr() ? Opaque->getSourceExpr() : Inner;
    else if (const auto *Subst = dyn_cast<SubstNonTypeTemplateParmExpr>(Inner))
      Inner = Subst->getReplacement();
    else if (const auto *Cast = dyn_cast<CastExpr>(Inner);
             Cast && Cast->getCastKind() != CK_ArrayToPointerDecay &&
             Cast->getCastKind() != CK_FunctionToPointerDecay)
      Inner = Cast->getSubExpr();
    if (Inner == E)
      return E;
    E = Inner;
  }
}

void append(Views &To, const Views &From, const FieldDecl *Prefix = nullptr) {
  for (const View &V : From) {
    View Copy = V;
    if (Prefix)
      Copy.Members.insert(Copy.Members.begin(), Prefix);
    To.push_back(std::move(Copy));
  }
}

void append(Storages &To, const Storages &From) {
  for (const Storage &S : From)
    if (!llvm::is_contained(To, S))
      To.push_back(S);
}

/// The views of one member of a value.
Views select(const Views &Of, const FieldDecl *Field) {
  Views Result;
  for (View V : Of) {
    if (!V.Members.empty()) {
      if (V.Members.front() != Field)
        continue;
      V.Members.erase(V.Members.begin());
    } else if (V.Of.Kind == Storage::Viewed) {
      V.Of.Fields.push_back(Field);
    } else {
      // A closure or container does not say which member it is.
      continue;
    }
    Result.push_back(std::move(V));
  }
  return Result;
}

Views viewsInto(const Storages &Places, SourceLocation Loc) {
  Views Result;
  for (const Storage &S : Places)
    Result.push_back({{}, S, Loc});
  return Result;
}

Storages placesOf(const Views &Of) {
  Storages Result;
  for (const View &V : Of)
    if (V.Members.empty())
      Result.push_back(V.Of);
  return Result;
}

const LambdaCapture *captureOf(const FunctionDecl *In, const VarDecl *Var) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(In);
  if (!Method || !Method->getParent()->isLambda())
    return nullptr;
  for (const LambdaCapture &Capture : Method->getParent()->captures())
    if (Capture.capturesVariable() && Capture.getCapturedVar() == Var)
      return &Capture;
  return nullptr;
}

} // namespace

bool isStandard(const Decl *D) {
  if (isInStd(D))
    return true;
  // libstdc++ keeps its iterators beside std.
  for (const DeclContext *In = D->getDeclContext(); In; In = In->getParent())
    if (const auto *Space = dyn_cast<NamespaceDecl>(In))
      if (Space->getIdentifier() && Space->getName() == "__gnu_cxx")
        return true;
  return false;
}

bool isViewClass(QualType Type) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record)
    return false;
  if (Record->hasAttr<PointerAttr>() ||
      patternOf(Record)->hasAttr<PointerAttr>())
    return true;
  if (Record->hasAttr<OwnerAttr>() || !isStandard(Record))
    return false;
  llvm::StringRef Name = Record->getIdentifier() ? Record->getName() : "";
  return isOneOf(Name, {"basic_string_view", "span", "reference_wrapper",
                        "initializer_list", "sub_match", "match_results",
                        "move_iterator", "reverse_iterator", "ref_view",
                        "subrange", "mdspan", "function_ref"}) ||
         Name.ends_with("_iterator") || Name.ends_with("_iterator_base");
}

bool ownsContents(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isArrayType())
    return true;
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Record || isViewClass(Type))
    return false;
  if (Record->hasAttr<OwnerAttr>() || patternOf(Record)->hasAttr<OwnerAttr>())
    return true;
  if (!isStandard(Record) || !Record->getIdentifier())
    return false;
  return isOneOf(Record->getName(),
                 {"basic_string", "vector",        "array",
                  "deque",        "list",          "forward_list",
                  "map",          "set",           "multimap",
                  "multiset",     "unordered_map", "unordered_set",
                  "optional",     "unique_ptr",    "variant",
                  "any",          "path",          "basic_stringstream",
                  "stack",        "queue",         "basic_ostringstream",
                  "expected",     "priority_queue"});
}

ViewAnalysis::ViewAnalysis() = default;
ViewAnalysis::~ViewAnalysis() = default;

bool ViewAnalysis::mayHoldViews(QualType Type) {
  if (Type.isNull())
    return false;
  Type = Type.getCanonicalType();
  if (Type->isReferenceType())
    return true;
  if (Type->isPointerType())
    return !Type->getPointeeType()->isFunctionType();
  if (Type->isArrayType())
    return mayHoldViews(QualType(Type->getBaseElementTypeUnsafe(), 0));
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  auto [Entry, New] = Holds.insert({Type.getTypePtr(), false});
  if (!New)
    return Entry->second;
  bool Result = false;
  if (isViewClass(Type)) {
    Result = true;
  } else if (isStandard(Record)) {
    // The standard library's own pointers are not views; what its templates
    // are made of can be.
    llvm::StringRef Name = Record->getIdentifier() ? Record->getName() : "";
    if (isOneOf(Name, {"function", "move_only_function", "any"}))
      Result = true;
    else if (const auto *Special =
                 dyn_cast<ClassTemplateSpecializationDecl>(Record);
             Special && !isOneOf(Name, {"coroutine_handle", "shared_ptr",
                                        "weak_ptr", "unique_ptr", "atomic"})) {
      auto look = [&](const TemplateArgument &Arg) {
        if (Arg.getKind() == TemplateArgument::Type)
          Result |= !isOneOf(typeName(Arg.getAsType(), Record->getASTContext()),
                             {"void"}) &&
                    mayHoldViews(Arg.getAsType());
      };
      for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray()) {
        look(Arg);
        if (Arg.getKind() == TemplateArgument::Pack)
          for (const TemplateArgument &Inner : Arg.pack_elements())
            look(Inner);
      }
    }
  } else {
    Record = Record->getDefinition();
    for (const FieldDecl *Field : Record->fields())
      Result = Result || mayHoldViews(Field->getType());
    for (const CXXBaseSpecifier &Base : Record->bases())
      Result = Result || mayHoldViews(Base.getType());
  }
  Holds[Type.getTypePtr()] = Result;
  return Result;
}

const ViewAnalysis::Body *ViewAnalysis::bodyOf(const FunctionDecl *Function) {
  std::unique_ptr<Body> &Entry = Bodies[Function->getCanonicalDecl()];
  if (!Entry)
    Entry = std::make_unique<Body>(visibleBody(Function));
  return Entry.get();
}

Storages ViewAnalysis::storageOf(const Expr *E, const FunctionDecl *In) {
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (!E || Depth > MaxDepth)
    return {};
  if (auto Known = KnownPlaces.find(E); Known != KnownPlaces.end())
    return Known->second;
  KnownPlaces[E] = {}; // Of an expression that leads back to itself.
  return KnownPlaces[E] = findStorage(E, In);
}

Storages ViewAnalysis::findStorage(const Expr *E, const FunctionDecl *In) {
  E = strip(E);
  if (const auto *Made = dyn_cast<MaterializeTemporaryExpr>(E)) {
    if (Made->getStorageDuration() == SD_Static ||
        Made->getStorageDuration() == SD_Thread)
      return {};
    if (const auto *Var = dyn_cast_or_null<VarDecl>(Made->getExtendingDecl()))
      return {{Storage::Variable, Var}};
    return {{Storage::Temporary, nullptr, Made}};
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return storageOf(Binding->getBinding(), In);
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Var || Var->isExceptionVariable() || Var->hasGlobalStorage())
      return {};
    if (const LambdaCapture *Capture = captureOf(In, Var);
        Capture && Capture->getCaptureKind() == LCK_ByCopy &&
        !Var->getType()->isReferenceType())
      return {{Storage::Referred, nullptr, nullptr, In->getCanonicalDecl()}};
    if (!Var->getType()->isReferenceType())
      return {{Storage::Variable, Var}};
    if (isa<ParmVarDecl>(Var))
      return {{Storage::Referred, Var}};
    const FunctionDecl *Around = functionOf(Var);
    return storageOf(Var->getInit(), Around ? Around : In);
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return {};
    if (Field->getType()->isReferenceType())
      return placesOf(memberViews(Member, Field, In));
    return Member->isArrow() ? placesOf(viewsOf(Member->getBase(), In))
                             : storageOf(Member->getBase(), In);
  }
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E))
    return placesOf(viewsOf(Index->getBase(), In));
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_Deref)
      return placesOf(viewsOf(Unary->getSubExpr(), In));
    return Unary->isPrefix() ? storageOf(Unary->getSubExpr(), In) : Storages();
  }
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    Storages Result = storageOf(Choice->getTrueExpr(), In);
    append(Result, storageOf(Choice->getFalseExpr(), In));
    return Result;
  }
  if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->getOpcode() == BO_Comma)
      return storageOf(Binary->getRHS(), In);
    return Binary->isAssignmentOp() ? storageOf(Binary->getLHS(), In)
                                    : Storages();
  }
  if (isa<CallExpr>(E) && E->isGLValue())
    return callStorage(E, In);
  return {};
}

/// The views held by what lies in the storage.
Views ViewAnalysis::contents(const Storage &S, const FunctionDecl *In) {
  switch (S.Kind) {
  case Storage::Variable:
    return variable(S.Var, nullptr, In);
  case Storage::Temporary:
    return viewsOf(S.Temp, In);
  case Storage::Referred:
    return {{{},
             {Storage::Viewed, S.Var, nullptr, S.Function},
             S.Var ? S.Var->getLocation() : SourceLocation()}};
  case Storage::Viewed:
    return {};
  }
  return {};
}

/// What the member's own value views: of a reference, what it refers to.
Views ViewAnalysis::memberViews(const MemberExpr *Member,
                                const FieldDecl *Field,
                                const FunctionDecl *In) {
  if (!Member->isArrow())
    return select(viewsOf(Member->getBase(), In), Field);
  Views Result;
  for (const Storage &S : placesOf(viewsOf(Member->getBase(), In)))
    append(Result, select(contents(S, In), Field));
  return Result;
}

Views ViewAnalysis::viewsOf(const Expr *E, const FunctionDecl *In) {
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (!E || Depth > MaxDepth)
    return {};
  if (auto Known = KnownViews.find(E); Known != KnownViews.end())
    return Known->second;
  KnownViews[E] = {};
  return KnownViews[E] = findViews(E, In);
}

Views ViewAnalysis::findViews(const Expr *E, const FunctionDecl *In) {
  E = strip(E);
  if (const auto *Made = dyn_cast<MaterializeTemporaryExpr>(E))
    return viewsOf(Made->getSubExpr(), In);
  if (const auto *Cast = dyn_cast<CastExpr>(E)) {
    if (Cast->getCastKind() == CK_ArrayToPointerDecay)
      return viewsInto(storageOf(Cast->getSubExpr(), In), E->getExprLoc());
    return {};
  }
  if (E->getType()->isVoidType() || !mayHoldViews(E->getType()))
    return {};
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return viewsOf(Binding->getBinding(), In);
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    return Var ? variable(Var, Ref, In) : Views();
  }
  if (isa<CXXThisExpr>(E)) {
    // In a lambda it is the object of a function around it.
    if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(In);
        Method && !Method->getParent()->isLambda())
      return {{{},
               {Storage::Referred, nullptr, nullptr, In->getCanonicalDecl()},
               E->getExprLoc()}};
    return {};
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return {};
    if (!Field->getType()->isReferenceType())
      return memberViews(Member, Field, In);
    Views Result;
    for (const Storage &S : placesOf(memberViews(Member, Field, In)))
      append(Result, contents(S, In));
    return Result;
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_AddrOf)
      return viewsInto(storageOf(Unary->getSubExpr(), In), E->getExprLoc());
    if (Unary->getOpcode() != UO_Deref)
      return viewsOf(Unary->getSubExpr(), In);
    Views Result;
    for (const Storage &S : storageOf(E, In))
      append(Result, contents(S, In));
    return Result;
  }
  if (isa<ArraySubscriptExpr>(E)) {
    Views Result;
    for (const Storage &S : storageOf(E, In))
      append(Result, contents(S, In));
    return Result;
  }
  if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->isAdditiveOp())
      return viewsOf(Binary->getLHS()->getType()->isPointerType()
                         ? Binary->getLHS()
                         : Binary->getRHS(),
                     In);
    return viewsOf(Binary->isCompoundAssignmentOp() ? Binary->getLHS()
                                                    : Binary->getRHS(),
                   In);
  }
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    Views Result = viewsOf(Choice->getTrueExpr(), In);
    append(Result, viewsOf(Choice->getFalseExpr(), In));
    return Result;
  }
  if (const auto *List = dyn_cast<CXXStdInitializerListExpr>(E))
    return viewsOf(List->getSubExpr(), In);
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    Views Result;
    auto Init = Lambda->capture_init_begin();
    for (const LambdaCapture &Capture : Lambda->captures()) {
      const Expr *Value = *Init++;
      if (!Value || !Capture.capturesVariable())
        continue;
      if (Capture.getCaptureKind() == LCK_ByRef)
        append(Result, viewsInto(storageOf(Value, In), Capture.getLocation()));
      else
        append(Result, viewsOf(Value, In));
    }
    // Which capture it is does not matter to the closure's owner.
    for (View &V : Result)
      V.Members.clear();
    return Result;
  }
  if (isa<CXXConstructExpr, InitListExpr, CXXParenListInitExpr,
          CXXInheritedCtorInitExpr>(E))
    return construction(E, In);
  if (isa<CallExpr>(E))
    return call(E, In);
  return {};
}

/// What the variable's value views where \p Use reads it (null: anywhere).
Views ViewAnalysis::variable(const VarDecl *Var, const Expr *Use,
                             const FunctionDecl *In) {
  if (auto Known = KnownVariables.find({Var, Use});
      Known != KnownVariables.end())
    return Known->second;
  KnownVariables[{Var, Use}] = {};
  return KnownVariables[{Var, Use}] = findVariable(Var, Use, In);
}

Views ViewAnalysis::findVariable(const VarDecl *Var, const Expr *Use,
                                 const FunctionDecl *In) {
  if (!mayHoldViews(Var->getType().getNonReferenceType()) ||
      Var->hasGlobalStorage() || Var->isExceptionVariable())
    return {};
  const FunctionDecl *Home = functionOf(Var);
  if (Var->isInitCapture())
    Home = nullptr;
  Views Result;
  if (isa<ParmVarDecl>(Var))
    Result.push_back({{}, {Storage::Viewed, Var}, Var->getLocation()});
  else
    Result = viewsOf(Var->getInit(), Home ? Home : In);
  if (!Home || !visibleBody(Home))
    return Result;
  const Body *B = bodyOf(Home);
  auto At = Use ? B->Uses.find(Use) : B->Uses.end();
  for (const Change &C : B->Changes) {
    if (C.Root != Var)
      continue;
    if (At != B->Uses.end() && C.Order > At->second.first)
      break;
    if (C.Kind == Change::Assigned && At != B->Uses.end() &&
        B->isInside(At->second.second, C.Region)) {
      llvm::erase_if(Result, [&](const View &V) {
        return V.Members.size() >= C.Members.size() &&
               std::equal(C.Members.begin(), C.Members.end(),
                          V.Members.begin());
      });
    }
    Views Set = changed(C, Home);
    for (View V : Set) {
      V.Members.insert(V.Members.begin(), C.Members.begin(), C.Members.end());
      Result.push_back(std::move(V));
    }
  }
  return Result;
}

/// What the change sets, relative to the changed object.
Views ViewAnalysis::changed(const Change &C, const FunctionDecl *In) {
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (Depth > MaxDepth)
    return {};
  if (C.Kind == Change::Assigned)
    return viewsOf(C.E, In);
  Invocation Call = invocationOf(C.E);
  Views Result;
  if (C.Kind == Change::Added) {
    for (const Expr *Arg : Call.Args) {
      // Elements are made of the arguments: a string pushed to views is viewed.
      bool Viewed = false;
      if (const auto *Special =
              dyn_cast_or_null<ClassTemplateSpecializationDecl>(
                  Call.Object->getType()->getAsCXXRecordDecl()))
        Viewed = llvm::any_of(Special->getTemplateArgs().asArray(),
                              [](const TemplateArgument &A) {
                                return A.getKind() == TemplateArgument::Type &&
                                       isViewClass(A.getAsType());
                              });
      append(Result, taken(Arg, Viewed, In));
    }
    for (View &V : Result)
      V.Members.clear();
    return Result;
  }
  const VarDecl *Param = nullptr;
  if (C.Kind == Change::PassedTo)
    Param = Call.Callee->getParamDecl(C.Argument);
  for (const View &V : effectOn(Call.Callee, Param))
    append(Result, inCaller(V, Call, In));
  return Result;
}

const Views &ViewAnalysis::effectOn(const FunctionDecl *Function,
                                    const VarDecl *Param) {
  const FunctionDecl *Definition = nullptr;
  if (Function->getBody(Definition) && Param)
    Param = Definition->getParamDecl(
        cast<ParmVarDecl>(Param)->getFunctionScopeIndex());
  std::unique_ptr<Views> &Entry =
      Effects[{Function->getCanonicalDecl(), Param}];
  if (Entry)
    return *Entry;
  Entry = std::make_unique<Views>();
  Views *Known = Entry.get();
  if (!visibleBody(Function))
    return *Known;
  const Body *B = bodyOf(Function);
  Views Found;
  for (size_t I = 0; I != B->Changes.size(); ++I) {
    const Change &C = B->Changes[I];
    if (C.Root != Param)
      continue;
    for (View V : changed(C, Definition)) {
      V.Members.insert(V.Members.begin(), C.Members.begin(), C.Members.end());
      Found.push_back(std::move(V));
    }
  }
  *Known = std::move(Found);
  return *Known;
}

Views ViewAnalysis::inCaller(const View &V, const Invocation &Call,
                             const FunctionDecl *Caller) {
  const Storage &S = V.Of;
  if (S.Kind != Storage::Referred && S.Kind != Storage::Viewed)
    return {V};
  const Expr *Arg = nullptr;
  if (S.Var) {
    const auto *Param = cast<ParmVarDecl>(S.Var);
    const FunctionDecl *Of = functionOf(Param);
    if (!Of || Of != Call.Callee->getCanonicalDecl())
      return {V}; // Of a function around the lambda that is called.
    unsigned Index = Param->getFunctionScopeIndex();
    if (Index < Call.Args.size())
      Arg = Call.Args[Index];
  } else {
    if (S.Function != Call.Callee->getCanonicalDecl())
      return {V};
    Arg = Call.Object;
  }
  if (!Arg)
    return {};
  bool IsPointerToObject = !S.Var && Arg->getType()->isPointerType();
  Views Result;
  if (S.Kind == Storage::Referred) {
    for (const Storage &Place : IsPointerToObject
                                    ? placesOf(viewsOf(Arg, Caller))
                                    : storageOf(Arg, Caller))
      Result.push_back({V.Members, Place, V.Loc});
    return Result;
  }
  Views Held;
  if (IsPointerToObject)
    for (const Storage &Place : placesOf(viewsOf(Arg, Caller)))
      append(Held, contents(Place, Caller));
  else
    Held = viewsOf(Arg, Caller);
  for (const FieldDecl *Field : S.Fields)
    Held = select(Held, Field);
  for (const View &Inner : Held) {
    View Whole = V;
    Whole.Members.append(Inner.Members.begin(), Inner.Members.end());
    Whole.Of = Inner.Of;
    Result.push_back(std::move(Whole));
  }
  return Result;
}

} // namespace threadhop
