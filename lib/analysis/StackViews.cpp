//===--- StackViews.cpp - values that point to local objects ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/StackViews.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"
#include <deque>
#include <functional>

using namespace clang;

namespace threadhop {

static bool isStdNamed(const CXXRecordDecl *Record,
                       std::initializer_list<llvm::StringRef> Names) {
  return Record && isInStd(Record) && Record->getIdentifier() &&
         isOneOf(Record->getName(), Names);
}

bool isView(QualType Type) {
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->getIdentifier())
    return false;
  if (isInStd(Record))
    return Record->getName().contains("iterator") ||
           isOneOf(Record->getName(),
                   {"span", "basic_string_view", "reference_wrapper", "mdspan",
                    "subrange", "ref_view"});
  return isOneOf(Record->getName(),
                 {"string_view", "basic_string_view", "string_ref", "StringRef",
                  "ArrayRef", "Span", "span", "const_buffer", "mutable_buffer",
                  "Slice", "StringPiece"});
}

bool canHoldAddress(QualType Type, unsigned Depth) {
  if (Type.isNull() || !Depth)
    return false;
  if (Type->isFunctionPointerType() || Type->isMemberPointerType())
    return false;
  if (Type->isReferenceType() || Type->isPointerType())
    return true;
  if (const ArrayType *Array = Type->getAsArrayTypeUnsafe())
    return canHoldAddress(Array->getElementType(), Depth - 1);
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return false;
  if (isView(Type))
    return true;
  if (isInStd(Record)) {
    if (isStdNamed(Record, {"function", "any", "move_only_function",
                            "copyable_function", "initializer_list",
                            "coroutine_handle"}))
      return true;
    if (const auto *Special =
            dyn_cast<ClassTemplateSpecializationDecl>(Record)) {
      unsigned Count = 0;
      std::function<bool(const TemplateArgument &)> Holds =
          [&](const TemplateArgument &Arg) {
            if (Arg.getKind() == TemplateArgument::Pack)
              return llvm::any_of(Arg.pack_elements(), Holds);
            // What follows the elements is allocators and the like.
            return Arg.getKind() == TemplateArgument::Type && Count++ < 2 &&
                   canHoldAddress(Arg.getAsType(), Depth - 1);
          };
      return llvm::any_of(Special->getTemplateArgs().asArray(), Holds);
    }
    return false;
  }
  if (!Record->hasDefinition())
    return false;
  Record = Record->getDefinition();
  for (const FieldDecl *Field : Record->fields())
    if (canHoldAddress(Field->getType(), Depth - 1))
      return true;
  return llvm::any_of(Record->bases(), [&](const CXXBaseSpecifier &Base) {
    return canHoldAddress(Base.getType(), Depth - 1);
  });
}

/// Reads what expressions point to, with what the variables hold.
struct StackViews::Reader {
  const StackViews &Views;
  const State &Current;
  Arguments Given;
  unsigned Depth = 16;

  struct Deeper {
    unsigned &Depth;
    explicit Deeper(unsigned &Depth) : Depth(Depth) { --Depth; }
    ~Deeper() { ++Depth; }
  };

  static void add(Locals &Into, const Locals &From) {
    Into.insert(From.begin(), From.end());
  }

  Locals held(const VarDecl *Var, const FieldDecl *Field = nullptr) const {
    Locals Result;
    for (const auto &[Where, What] : Current)
      if (Where.first == Var &&
          (!Field || !Where.second || Where.second == Field))
        add(Result, What);
    return Result;
  }

  /// The objects that the lvalue \p E lies in.
  Locals storage(const Expr *E) {
    if (!E || !Depth)
      return {};
    Deeper Here(Depth);
    E = stripForwarding(E);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
        return Binding->getBinding() ? storage(Binding->getBinding())
                                     : Locals();
      const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
      if (!Var)
        return {};
      if (const auto *Param = dyn_cast<ParmVarDecl>(Var))
        if (auto It = Given.find(Param); It != Given.end())
          return Param->getType()->isReferenceType() ? storage(It->second)
                                                     : Locals();
      if (Var->getType()->isReferenceType())
        return Var->isLocalVarDecl() ? held(Var) : Locals();
      return Views.isLocal(Var) ? Locals{Var} : Locals();
    }
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      if (!isa<FieldDecl>(Member->getMemberDecl()))
        return {};
      if (Member->getMemberDecl()->getType()->isReferenceType())
        return value(Member->getBase());
      return Member->isArrow() ? value(Member->getBase())
                               : storage(Member->getBase());
    }
    if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E)) {
      const Expr *Base = Index->getBase()->IgnoreParenImpCasts();
      return Base->getType()->isArrayType() ? storage(Base) : value(Base);
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
      if (Unary->getOpcode() == UO_Deref)
        return value(Unary->getSubExpr());
      return {};
    }
    if (const auto *Choice = dyn_cast<ConditionalOperator>(E)) {
      Locals Result = storage(Choice->getTrueExpr());
      add(Result, storage(Choice->getFalseExpr()));
      return Result;
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
      switch (Operator->getOperator()) {
      case OO_Star:
      case OO_Arrow:
      case OO_Subscript:
        return through(Operator->getArg(0), Operator->getDirectCallee());
      default:
        return {};
      }
    }
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
      return through(Call->getImplicitObjectArgument(),
                     Call->getDirectCallee());
    if (const auto *Call = dyn_cast<CallExpr>(E))
      return called(Call);
    return {};
  }

  /// What a member function of the object gives access to.
  Locals through(const Expr *Object, const FunctionDecl *Method) {
    const Expr *Inner = stripForwarding(Object);
    QualType Type = Inner->getType();
    if (Type->isPointerType()) {
      Type = Type->getPointeeType();
      if (!isView(Type))
        return isOwner(Type, Method) ? value(Inner) : Locals();
      return value(Inner);
    }
    if (isView(Type))
      return value(Inner);
    return isOwner(Type, Method) ? storage(Inner) : Locals();
  }

  /// Whether what the method of the standard class gives access to lives and
  /// dies with the object.
  static bool isOwner(QualType Type, const FunctionDecl *Method) {
    const CXXRecordDecl *Record =
        Type.getNonReferenceType()->getAsCXXRecordDecl();
    return Method &&
           isStdNamed(Record,
                      {"basic_string", "vector", "array", "deque", "list",
                       "map", "set", "unordered_map", "unordered_set",
                       "optional", "unique_ptr", "variant", "forward_list"});
  }

  /// What the result of the call points to.
  Locals called(const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee)
      return {};
    if (isInStd(Callee)) {
      llvm::StringRef Name = calleeName(Call);
      Locals Result;
      bool References =
          isOneOf(Name, {"ref", "cref", "addressof", "tie", "forward_as_tuple",
                         "as_const", "begin", "cbegin", "data", "get",
                         "as_bytes", "as_writable_bytes"});
      for (const Expr *Arg : Call->arguments())
        add(Result, References && Arg->isLValue() && !isView(Arg->getType())
                        ? storage(Arg)
                        : value(Arg));
      return Result;
    }
    // A helper: one return, or none at all.
    const Stmt *Body = visibleBody(Callee);
    const Expr *Returned = nullptr;
    unsigned Returns = 0;
    visitEvaluated(Body, [&](const Stmt *S) {
      if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
        ++Returns;
        Returned = Return->getRetValue();
      }
      return true;
    });
    if (Returns != 1 || isa<CXXMethodDecl>(Callee))
      return {};
    give(Callee, {Call->getArgs(), Call->getNumArgs()});
    return Call->isGLValue() ? storage(Returned) : value(Returned);
  }

  void give(const FunctionDecl *Callee, llvm::ArrayRef<const Expr *> Args) {
    const FunctionDecl *Definition = Callee->getDefinition();
    if (!Definition)
      return;
    for (unsigned I = 0; I != Definition->getNumParams() && I < Args.size();
         ++I)
      Given[Definition->getParamDecl(I)] = Args[I];
  }

  /// The objects that the value of \p E points to.
  Locals value(const Expr *E) {
    if (!E || !Depth)
      return {};
    Deeper Here(Depth);
    const Expr *Whole = E;
    E = stripForwarding(E);
    QualType Type = E->getType();
    if (Type->isArrayType())
      return Whole->getType()->isPointerType() ? storage(E) : Locals();
    if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
      Locals Result;
      auto Init = Lambda->capture_init_begin();
      for (const LambdaCapture &Capture : Lambda->captures()) {
        const Expr *From = *Init++;
        if (Capture.getCaptureKind() == LCK_ByRef)
          add(Result, storage(From));
        else if (Capture.capturesVariable())
          add(Result, value(From));
      }
      return Result;
    }
    if (!canHoldAddress(Type))
      return {};
    if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
      return value(Default->getExpr());
    if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
      if (Unary->getOpcode() == UO_AddrOf)
        return storage(Unary->getSubExpr());
      if (Unary->getOpcode() == UO_Deref)
        return {};
      return value(Unary->getSubExpr());
    }
    if (const auto *Sum = dyn_cast<BinaryOperator>(E)) {
      Locals Result;
      if (Sum->isAdditiveOp() || Sum->getOpcode() == BO_Comma) {
        add(Result, value(Sum->getLHS()));
        add(Result, value(Sum->getRHS()));
      }
      return Result;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
      if (!Var)
        return {};
      if (const auto *Param = dyn_cast<ParmVarDecl>(Var))
        if (auto It = Given.find(Param); It != Given.end())
          return value(It->second);
      return Var->getType()->isReferenceType() ? Locals() : held(Var);
    }
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
      const auto *Ref =
          dyn_cast<DeclRefExpr>(stripForwarding(Member->getBase()));
      const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
      if (Field && Var && !Member->isArrow())
        return held(Var, Field->getCanonicalDecl());
      return {};
    }
    if (const auto *Choice = dyn_cast<ConditionalOperator>(E)) {
      Locals Result = value(Choice->getTrueExpr());
      add(Result, value(Choice->getFalseExpr()));
      return Result;
    }
    if (const auto *List = dyn_cast<InitListExpr>(E))
      return listed(List);
    if (const auto *Paren = dyn_cast<CXXParenListInitExpr>(E)) {
      Locals Result;
      for (const Expr *Init : Paren->getInitExprs())
        add(Result, value(Init));
      return Result;
    }
    if (const auto *List = dyn_cast<CXXStdInitializerListExpr>(E))
      return value(List->getSubExpr());
    if (const auto *New = dyn_cast<CXXNewExpr>(E))
      return New->getInitializer() ? value(New->getInitializer()) : Locals();
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
      return constructed(Construct);
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
      return through(Call->getImplicitObjectArgument(),
                     Call->getDirectCallee());
    if (const auto *Call = dyn_cast<CallExpr>(E)) {
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
        return Operator->getOperator() == OO_Equal ? value(Operator->getArg(1))
                                                   : Locals();
      return called(Call);
    }
    return {};
  }

  Locals listed(const InitListExpr *List) {
    Locals Result;
    const CXXRecordDecl *Record = List->getType()->getAsCXXRecordDecl();
    std::vector<const FieldDecl *> Fields;
    if (Record && Record->hasDefinition() &&
        !Record->getDefinition()->getNumBases())
      Fields.assign(Record->getDefinition()->field_begin(),
                    Record->getDefinition()->field_end());
    for (unsigned I = 0; I != List->getNumInits(); ++I) {
      const Expr *Init = List->getInit(I);
      bool Binds = I < Fields.size() && Fields[I]->getType()->isReferenceType();
      add(Result, Binds ? storage(Init) : value(Init));
    }
    return Result;
  }

  Locals constructed(const CXXConstructExpr *Construct) {
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    Locals Result;
    if (isView(Construct->getType()) && Construct->getNumArgs()) {
      // A view of the container, or of what another view views.
      for (const Expr *Arg : Construct->arguments()) {
        const Expr *Inner = stripForwarding(Arg);
        if (Inner->getType()->isPointerType() || isView(Inner->getType()))
          add(Result, value(Inner));
        else if (Inner->isGLValue())
          add(Result, storage(Inner));
        else if (!Inner->getType()->isIntegralType(
                     Constructor->getASTContext()))
          add(Result, value(Arg));
      }
      return Result;
    }
    const auto *Definition =
        dyn_cast_or_null<CXXConstructorDecl>(Constructor->getDefinition());
    if (Definition && !Definition->isDefaulted() &&
        !isInStd(Constructor->getParent()) && visibleBody(Definition)) {
      give(Definition, {Construct->getArgs(), Construct->getNumArgs()});
      for (const CXXCtorInitializer *Init : Definition->inits()) {
        if (!Init->isMemberInitializer())
          continue;
        if (Init->getMember()->getType()->isReferenceType())
          add(Result, storage(Init->getInit()));
        else if (canHoldAddress(Init->getMember()->getType()))
          add(Result, value(Init->getInit()));
      }
      return Result;
    }
    // 'std::pair<const char *, int>{buffer, 8}': the array is given by
    // reference and becomes a pointer inside.
    const auto *Special =
        dyn_cast<ClassTemplateSpecializationDecl>(Constructor->getParent());
    llvm::ArrayRef<TemplateArgument> Parts;
    if (isStdNamed(Special, {"pair", "tuple"})) {
      Parts = Special->getTemplateArgs().asArray();
      if (Parts.size() == 1 && Parts[0].getKind() == TemplateArgument::Pack)
        Parts = Parts[0].getPackAsArray();
    }
    unsigned Number = 0;
    for (const Expr *Arg : Construct->arguments()) {
      unsigned I = Number++;
      const Expr *Inner = stripForwarding(Arg);
      if (Parts.size() == Construct->getNumArgs() &&
          Parts[I].getKind() == TemplateArgument::Type &&
          Inner->getType()->isArrayType() && Inner->isLValue() &&
          canHoldAddress(Parts[I].getAsType()))
        add(Result, storage(Inner));
      else
        add(Result, value(Arg));
    }
    return Result;
  }
};

bool StackViews::isLocal(const VarDecl *Var) const {
  return Var->hasLocalStorage() && !Var->getType()->isReferenceType() &&
         Var->getParentFunctionOrMethod() &&
         cast<FunctionDecl>(Var->getParentFunctionOrMethod())
                 ->getCanonicalDecl() == Function->getCanonicalDecl();
}

void StackViews::element(const CFGElement &Element, State &Current) const {
  auto Statement = Element.getAs<CFGStmt>();
  if (!Statement)
    return;
  const Stmt *S = Statement->getStmt();
  auto set = [&](const VarDecl *Var, const FieldDecl *Field, Locals What) {
    if (!Field)
      for (auto It = Current.begin(); It != Current.end();)
        It = It->first.first == Var ? Current.erase(It) : std::next(It);
    Current[{Var, Field}] = std::move(What);
  };
  auto assign = [&](const Expr *Target, const Expr *Value) {
    Reader Read{*this, Current, Arguments()};
    Target = Target->IgnoreParenImpCasts();
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Target)) {
      const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
      if (Var && Var->hasLocalStorage() && !Var->getType()->isReferenceType())
        set(Var, nullptr, Read.value(Value));
      return;
    }
    const auto *Member = dyn_cast<MemberExpr>(Target);
    if (!Member)
      return;
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    const Expr *Base = stripForwarding(Member->getBase());
    // 'message->text = &s' of a smart pointer fills what it points to.
    if (const auto *Arrow = dyn_cast<CXXOperatorCallExpr>(Base))
      if (Arrow->getOperator() == OO_Arrow || Arrow->getOperator() == OO_Star)
        Base = stripForwarding(Arrow->getArg(0));
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Base))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
          Var && Field && Var->hasLocalStorage())
        set(Var, Field->getCanonicalDecl(), Read.value(Value));
  };
  if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declares->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D);
          Var && Var->hasLocalStorage()) {
        Reader Read{*this, Current, Arguments()};
        Locals What;
        if (const Expr *Init = Var->getInit())
          What = Var->getType()->isReferenceType() ? Read.storage(Init)
                                                   : Read.value(Init);
        // Aggregates are kept by member where that is plain.
        set(Var, nullptr, std::move(What));
      }
  } else if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
    if (Assign->getOpcode() == BO_Assign)
      assign(Assign->getLHS(), Assign->getRHS());
  } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
    if (Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2)
      assign(Operator->getArg(0), Operator->getArg(1));
  } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
    // 'parts.push_back(view)'.
    if (isOneOf(calleeName(Call),
                {"push_back", "emplace_back", "insert", "emplace", "push"})) {
      const auto *Ref = dyn_cast<DeclRefExpr>(
          stripForwarding(Call->getImplicitObjectArgument()));
      const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
      if (Var && Var->hasLocalStorage() && isInStd(Call->getMethodDecl())) {
        Reader Read{*this, Current, Arguments()};
        for (const Expr *Arg : Call->arguments())
          Reader::add(Current[{Var, nullptr}], Read.value(Arg));
      }
    }
  }
}

StackViews::StackViews(const FunctionDecl *Function, const CFG &Graph)
    : Function(Function) {
  std::map<const CFGBlock *, State> States{{&Graph.getEntry(), State()}};
  std::deque<const CFGBlock *> Work{&Graph.getEntry()};
  while (!Work.empty()) {
    const CFGBlock *Block = Work.front();
    Work.pop_front();
    State Current = States.at(Block);
    for (const CFGElement &Element : *Block) {
      if (auto Statement = Element.getAs<CFGStmt>())
        if (isa<CallExpr>(Statement->getStmt()))
          Before[Statement->getStmt()] = Current;
      element(Element, Current);
    }
    for (const CFGBlock::AdjacentBlock &Next : Block->succs()) {
      const CFGBlock *Target = Next.getReachableBlock();
      if (!Target)
        continue;
      auto [It, New] = States.try_emplace(Target, Current);
      bool Changed = New;
      if (!New)
        for (const auto &[Where, What] : Current)
          for (const VarDecl *Var : What)
            Changed |= It->second[Where].insert(Var).second;
      if (Changed)
        Work.push_back(Target);
    }
  }
}

StackViews::Locals StackViews::pointedTo(const Expr *E, const Stmt *At) const {
  auto It = Before.find(At);
  if (It == Before.end())
    return {};
  Reader Read{*this, It->second, Arguments()};
  return Read.value(E);
}

StackViews::Locals StackViews::viewed(const Expr *E, const Stmt *At) const {
  auto It = Before.find(At);
  if (It == Before.end() || !E->isGLValue())
    return {};
  Reader Read{*this, It->second, Arguments()};
  return Read.storage(E);
}

} // namespace threadhop
