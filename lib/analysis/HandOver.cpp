//===--- HandOver.cpp - what a call hands to another thread ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/HandOver.h"
#include "analysis/Hops.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "support/Compat.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {
namespace {

constexpr unsigned MaxDepth = 10;

std::string nameOf(const Expr *E) {
  E = stripForwarding(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Ref->getDecl()->getNameAsString();
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return Member->getMemberDecl()->getNameAsString();
  if (isa<CXXThisExpr>(E))
    return "*this";
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    if (Unary->getOpcode() == UO_Deref || Unary->getOpcode() == UO_AddrOf)
      return nameOf(Unary->getSubExpr());
  return "";
}

/// Whether objects of the class are made to be called, or hide something that
/// is.
bool isCallableObject(QualType Type) {
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record)
    return false;
  if (Record->isLambda())
    return true;
  return declaresCall(Record);
}

bool isCoroutine(const FunctionDecl *Function) {
  if (const Stmt *Body = visibleBody(Function))
    return isa<CoroutineBodyStmt>(Body);
  const CXXRecordDecl *Result = Function->getReturnType()->getAsCXXRecordDecl();
  if (!Result || !Result->hasDefinition())
    return false;
  for (const Decl *D : Result->getDefinition()->decls())
    if (const auto *Named = dyn_cast<NamedDecl>(D))
      if (Named->getIdentifier() && Named->getName() == "promise_type")
        return true;
  return false;
}

class Taker {
public:
  explicit Taker(const ASTContext &Context) : Context(Context) {}
  std::vector<HandedObject> Objects;

  /// Takes the value of \p E, of which the other thread gets a copy, or which
  /// is moved there.
  void value(const Expr *E, unsigned Depth) {
    if (!E || !Depth)
      return;
    E = stripWrapping(E);
    if (const Expr *Moved = movedOperand(E)) {
      object(Moved,
             /*IsMoved=*/Moved->getType().isConstQualified() ? false : true,
             Depth - 1);
      return;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      construct(Construct, Depth);
      return;
    }
    if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
      lambda(Lambda, Depth);
      return;
    }
    if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E)) {
      value(Cast->getSubExpr(), Depth - 1);
      return;
    }
    if (const auto *List = dyn_cast<InitListExpr>(E)) {
      Enclosing.push_back(E->getType());
      for (const Expr *Init : List->inits())
        value(Init, Depth - 1);
      Enclosing.pop_back();
      return;
    }
    if (const auto *Choice = dyn_cast<ConditionalOperator>(E)) {
      value(Choice->getTrueExpr(), Depth - 1);
      value(Choice->getFalseExpr(), Depth - 1);
      return;
    }
    if (const auto *New = dyn_cast<CXXNewExpr>(E)) {
      if (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(
              New->getInitializer() ? stripWrapping(New->getInitializer())
                                    : nullptr))
        taskObject(Construct);
      if (New->hasInitializer())
        value(New->getInitializer(), Depth - 1);
      made(E);
      return;
    }
    if (isa<CXXThisExpr>(E)) {
      add(HandedBy::This, E->getType()->getPointeeType(), E);
      return;
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
      if (Unary->getOpcode() == UO_AddrOf) {
        reference(Unary->getSubExpr(), Depth - 1);
        return;
      }
      if (Unary->getOpcode() == UO_Deref &&
          isa<CXXThisExpr>(stripForwarding(Unary->getSubExpr()))) {
        add(HandedBy::Copy, E->getType(), E);
        return;
      }
    }
    if (const auto *Call = dyn_cast<CallExpr>(E)) {
      if (!E->isLValue()) {
        call(Call, Depth);
        return;
      }
    }
    if (E->isGLValue()) {
      object(E, /*IsMoved=*/false, Depth - 1);
      return;
    }
    made(E);
  }

private:
  HandedObject &add(HandedBy By, QualType Type, const Expr *Source) {
    HandedObject Object;
    Object.By = By;
    Object.Type = Type.getNonReferenceType();
    Object.Source = Source;
    Object.Loc = Source->getExprLoc();
    Object.Name = nameOf(Source);
    Object.Inside = Enclosing;
    Objects.push_back(std::move(Object));
    return Objects.back();
  }

  void made(const Expr *E) {
    HandedObject &Object = add(HandedBy::Made, E->getType(), E);
    Object.Name.clear();
    Object.Loc = E->getBeginLoc();
  }

  void reference(const Expr *E, unsigned Depth) {
    const Expr *Bare = stripForwarding(E);
    if (isa<FunctionDecl>(
            isa<DeclRefExpr>(Bare)
                ? static_cast<const Decl *>(cast<DeclRefExpr>(Bare)->getDecl())
                : Context.getTranslationUnitDecl()))
      return;
    add(HandedBy::Reference, Bare->getType(), Bare);
    // A callable that is called over there works on its own captures too.
    if (isCallableObject(Bare->getType()))
      object(Bare, /*IsMoved=*/true, Depth);
  }

  /// An object of the sender's that is copied or moved.
  void object(const Expr *E, bool IsMoved, unsigned Depth) {
    if (!Depth)
      return;
    const Expr *Bare = stripForwarding(E);
    const auto *Ref = dyn_cast<DeclRefExpr>(Bare);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    QualType Type = Bare->getType();
    if (Ref && isa<FunctionDecl>(Ref->getDecl()))
      return;
    // A reference that another thread gets by std::ref.
    if (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
        Record && isInStd(Record) && Record->getIdentifier() &&
        Record->getName() == "reference_wrapper" && Var && Var->hasInit()) {
      value(Var->getInit(), Depth - 1);
      return;
    }
    // What a callable, or an object that holds one, was made with.
    if (Var && Var->isLocalVarDecl() && Var->hasInit() &&
        !isa<ParmVarDecl>(Var) && holdsCallable(Type)) {
      size_t Before = Objects.size();
      value(Var->getInit(), Depth - 1);
      for (size_t I = Before; I != Objects.size(); ++I)
        if (!IsMoved && !Objects[I].KeptIn)
          Objects[I].KeptIn = Var;
      if (Objects.size() != Before)
        return;
    }
    // A pointer to an object of this function is that object by reference.
    if (Var && Var->isLocalVarDecl() && Var->hasInit() &&
        Type->isPointerType()) {
      const Expr *Init = stripForwarding(Var->getInit());
      if (const auto *Unary = dyn_cast<UnaryOperator>(Init))
        if (Unary->getOpcode() == UO_AddrOf) {
          add(HandedBy::Copy, Type, Bare);
          reference(Unary->getSubExpr(), Depth - 1);
          return;
        }
    }
    add(IsMoved ? HandedBy::Move : HandedBy::Copy, Type, Bare);
  }

  static bool holdsCallable(QualType Type) {
    if (isCallableObject(Type))
      return true;
    const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        Type->getAsCXXRecordDecl());
    if (!Special)
      return false;
    for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray())
      if (Arg.getKind() == TemplateArgument::Type &&
          isCallableObject(Arg.getAsType()))
        return true;
    return false;
  }

  void construct(const CXXConstructExpr *E, unsigned Depth) {
    const CXXConstructorDecl *Constructor = E->getConstructor();
    if (Constructor->isCopyOrMoveConstructor() && E->getNumArgs() >= 1) {
      const Expr *From = E->getArg(0);
      if (const Expr *Moved = movedOperand(From)) {
        object(Moved, Constructor->isMoveConstructor(), Depth - 1);
        return;
      }
      if (stripWrapping(From)->isLValue()) {
        object(From, /*IsMoved=*/false, Depth - 1);
        return;
      }
      value(From, Depth - 1);
      return;
    }
    size_t Before = Objects.size();
    Enclosing.push_back(E->getType());
    for (unsigned I = 0; I != E->getNumArgs(); ++I) {
      const Expr *Arg = E->getArg(I);
      if (isa<CXXDefaultArgExpr>(Arg))
        continue;
      if (keepsReference(Constructor, I))
        reference(Arg, Depth - 1);
      else
        argument(Arg, Depth - 1);
    }
    Enclosing.pop_back();
    // A wrapper around one callable is that callable.
    if (Objects.size() == Before || !isCallableObject(E->getType()))
      made(E);
  }

  /// Whether the object only refers to that argument of its constructor: what
  /// it does with it is the task's matter.
  static bool keepsReference(const CXXConstructorDecl *Constructor,
                             unsigned Argument) {
    const FunctionDecl *Pattern =
        Constructor->getTemplateInstantiationPattern();
    if (!Pattern)
      Pattern = Constructor;
    if (Argument >= Pattern->getNumParams())
      return false;
    // A forwarding reference says nothing.
    QualType Type = Pattern->getParamDecl(Argument)->getType();
    if (!Type->isLValueReferenceType() || Pattern->isVariadic())
      return false;
    if (!visibleBody(Constructor))
      return !Type.getNonReferenceType().isConstQualified();
    const auto *Definition =
        cast<CXXConstructorDecl>(Constructor->getDefinition());
    for (const CXXCtorInitializer *Init : Definition->inits()) {
      const FieldDecl *Field = Init->getMember();
      const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Init->getInit()));
      const auto *Param = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
      if (Field && Param && Param->getFunctionScopeIndex() == Argument)
        return Field->getType()->isReferenceType();
    }
    return false;
  }

  /// An object with a virtual function that is its task: a runnable. What its
  /// constructor keeps by reference is worked on there.
  void taskObject(const CXXConstructExpr *E) {
    const CXXConstructorDecl *Constructor = E->getConstructor();
    const CXXMethodDecl *Run = nullptr;
    for (const CXXMethodDecl *Method : Constructor->getParent()->methods())
      if (Method->isVirtual() && Method->getIdentifier() &&
          isOneOf(Method->getName(),
                  {"run", "Run", "execute", "Execute", "doWork", "process"}) &&
          visibleBody(Method))
        Run = Method;
    if (!Run || !visibleBody(Constructor))
      return;
    const auto *Definition =
        cast<CXXConstructorDecl>(Constructor->getDefinition());
    for (const CXXCtorInitializer *Init : Definition->inits()) {
      const FieldDecl *Field = Init->getAnyMember();
      if (!Field || !(Field->getType()->isReferenceType() ||
                      Field->getType()->isPointerType()))
        continue;
      const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Init->getInit()));
      const auto *Param = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
      if (!Param || Param->getFunctionScopeIndex() >= E->getNumArgs())
        continue;
      const Expr *Arg =
          stripForwarding(E->getArg(Param->getFunctionScopeIndex()));
      bool IsThis = isa<CXXThisExpr>(Arg);
      if (const auto *Unary = dyn_cast<UnaryOperator>(Arg);
          Unary &&
          (Unary->getOpcode() == UO_Deref || Unary->getOpcode() == UO_AddrOf)) {
        Arg = stripForwarding(Unary->getSubExpr());
        IsThis = isa<CXXThisExpr>(Arg);
      }
      QualType Type = Arg->getType();
      if (Type->isPointerType())
        Type = Type->getPointeeType();
      HandedObject &Object =
          add(IsThis ? HandedBy::This : HandedBy::Reference, Type, Arg);
      Object.Loc = E->getArg(Param->getFunctionScopeIndex())->getExprLoc();
      Object.TaskBody = visibleBody(Run);
      Object.InTask = Field;
      Object.IsCapture = true;
    }
  }

  /// An argument of something that keeps it.
  void argument(const Expr *Arg, unsigned Depth) {
    const Expr *Bare = stripWrapping(Arg);
    QualType Type = Bare->getType();
    if (Type->isArithmeticType() || Type->isEnumeralType() ||
        isa<StringLiteral, CXXNullPtrLiteralExpr>(Bare))
      return;
    value(Arg, Depth);
  }

  void call(const CallExpr *Call, unsigned Depth) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (Callee && isInStd(Callee) && Callee->getIdentifier()) {
      if (isOneOf(Callee->getName(), {"ref", "cref"}) &&
          Call->getNumArgs() == 1) {
        reference(Call->getArg(0), Depth - 1);
        return;
      }
    }
    // Members called for a value give what they give; those that make a view
    // or a copy of the object are not known.
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
      if (isOneOf(calleeName(Member), {"shared_from_this"})) {
        HandedObject &Object = add(HandedBy::Copy, Call->getType(), Call);
        Object.Name = "shared_from_this()";
        return;
      }
    }
    if (Callee && isCoroutine(Callee)) {
      arguments(Call, Callee, Depth);
      return;
    }
    bool Keeps =
        Callee && Callee->getIdentifier() &&
        (Callee->getName().contains("bind") ||
         Callee->getName().starts_with("make_") ||
         Callee->getName().starts_with("Make") ||
         isOneOf(Callee->getName(), {"tuple_cat", "forward_as_tuple", "tie",
                                     "BindOnce", "BindRepeating", "mem_fn"}));
    size_t Before = Objects.size();
    if (Keeps || holdsCallable(Call->getType())) {
      QualType Result = Call->getType();
      if (const auto *Special =
              dyn_cast_or_null<ClassTemplateSpecializationDecl>(
                  Result->getAsCXXRecordDecl());
          Special &&
          isOneOf(Special->getName(), {"unique_ptr", "shared_ptr"}) &&
          Callee->getTemplateSpecializationArgs() &&
          Callee->getTemplateSpecializationArgs()->size() &&
          Callee->getTemplateSpecializationArgs()->get(0).getKind() ==
              TemplateArgument::Type)
        Result = Callee->getTemplateSpecializationArgs()->get(0).getAsType();
      Enclosing.push_back(Result);
      llvm::ArrayRef<const Expr *> Args = argumentsOf(Call);
      for (unsigned I = 0; I != Args.size(); ++I) {
        if (isa<CXXDefaultArgExpr>(Args[I]))
          continue;
        size_t First = Objects.size();
        argument(Args[I], Depth - 1);
        for (size_t O = First; O != Objects.size(); ++O)
          bindTask(Args, I, Objects[O]);
      }
      Enclosing.pop_back();
      // A factory: its closure's own captures.
      if (Objects.size() == Before && visibleBody(Callee))
        factory(Callee, Depth - 1);
      if (Objects.size() != Before) {
        // The whole is made here as well as its parts.
        if (!isCallableObject(Call->getType()))
          made(Call);
        return;
      }
    }
    made(Call);
  }

  /// The closure that a function returns: what it captures of members and
  /// globals is the sender's, what of its parameters is looked at in the call.
  void factory(const FunctionDecl *Callee, unsigned Depth) {
    visitEvaluated(visibleBody(Callee), [&](const Stmt *S) {
      if (const auto *Return = dyn_cast<ReturnStmt>(S))
        if (Return->getRetValue())
          if (const auto *Lambda = dyn_cast<LambdaExpr>(
                  stripForwarding(stripConstruction(Return->getRetValue()))))
            lambda(Lambda, Depth);
      return true;
    });
  }

  static const Expr *stripConstruction(const Expr *E) {
    E = stripWrapping(E);
    while (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      if (Construct->getNumArgs() != 1)
        break;
      E = stripWrapping(Construct->getArg(0));
    }
    return E;
  }

  /// The arguments of a coroutine that runs over there.
  void arguments(const CallExpr *Call, const FunctionDecl *Callee,
                 unsigned Depth) {
    const Stmt *Body = visibleBody(Callee);
    const FunctionDecl *Definition = Body ? Callee->getDefinition() : nullptr;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
      // An immediately called lambda.
      if (const auto *Lambda =
              dyn_cast<LambdaExpr>(stripForwarding(Operator->getArg(0))))
        lambda(Lambda, Depth - 1);
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      if (isa<CXXThisExpr>(
              stripForwarding(Member->getImplicitObjectArgument())))
        if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee)) {
          HandedObject &Object =
              add(HandedBy::This, recordType(Context, Method->getParent()),
                  Member->getImplicitObjectArgument());
          Object.TaskBody = Body;
          Object.Loc = Call->getExprLoc();
        }
    llvm::ArrayRef<const Expr *> Args = argumentsOf(Call);
    for (unsigned I = 0; I != Args.size() && I < Callee->getNumParams(); ++I) {
      if (isa<CXXDefaultArgExpr>(Args[I]))
        continue;
      size_t Before = Objects.size();
      QualType Param = Callee->getParamDecl(I)->getType();
      if (Param->isReferenceType() && stripWrapping(Args[I])->isLValue())
        add(HandedBy::Reference, Args[I]->getType(), stripForwarding(Args[I]));
      else
        argument(Args[I], Depth - 1);
      for (size_t O = Before; O != Objects.size(); ++O)
        if (!Objects[O].TaskBody && Definition) {
          Objects[O].TaskBody = Body;
          Objects[O].InTask = Definition->getParamDecl(I);
        }
    }
  }

  void lambda(const LambdaExpr *Lambda, unsigned Depth) {
    const Stmt *Body = Lambda->getCallOperator()->getBody();
    if (const FunctionTemplateDecl *Generic =
            Lambda->getDependentCallOperator())
      for (const FunctionDecl *Special : Generic->specializations())
        if (Special->hasBody())
          Body = Special->getBody();
    // A variable of the program that the body names needs no capture.
    llvm::SmallPtrSet<const VarDecl *, 4> Globals;
    visitEvaluated(Body, [&](const Stmt *S) {
      const auto *Ref = dyn_cast<DeclRefExpr>(S);
      const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
      if (Var && Var->hasGlobalStorage() &&
          Var->getTLSKind() == VarDecl::TLS_None &&
          !Var->getType()->isArithmeticType() && Globals.insert(Var).second) {
        HandedObject &Object = add(HandedBy::Reference, Ref->getType(), Ref);
        Object.TaskBody = Body;
        Object.InTask = Var;
        Object.IsCapture = true;
        Object.IsGlobal = true;
      }
      return true;
    });
    auto Inits = Lambda->capture_init_begin();
    for (const LambdaCapture &Capture : Lambda->captures()) {
      const Expr *Init = *Inits++;
      size_t Before = Objects.size();
      const ValueDecl *InTask = nullptr;
      if (Capture.capturesThis()) {
        if (Capture.getCaptureKind() == LCK_StarThis)
          add(HandedBy::Copy, Init->getType(), Init).Name = "*this";
        else
          add(HandedBy::This, Init->getType()->getPointeeType(), Init);
      } else if (Capture.capturesVariable()) {
        InTask = Capture.getCapturedVar();
        if (Capture.getCaptureKind() == LCK_ByRef) {
          const Expr *Source = Init;
          if (InTask && Lambda->isInitCapture(&Capture))
            if (const auto *Var = dyn_cast<VarDecl>(InTask))
              if (Var->hasInit())
                Source = Var->getInit();
          reference(Source, Depth - 1);
        } else if (const auto *Var = dyn_cast<VarDecl>(InTask);
                   Var && Lambda->isInitCapture(&Capture) && Var->hasInit()) {
          value(Var->getInit(), Depth - 1);
        } else {
          value(Init, Depth - 1);
        }
      }
      for (size_t I = Before; I != Objects.size(); ++I) {
        HandedObject &Object = Objects[I];
        if (!Object.IsCapture) {
          Object.IsCapture = true;
          Object.Loc = Capture.getLocation();
        }
        if (!Object.TaskBody) {
          Object.TaskBody = Body;
          Object.InTask = InTask;
        }
        if (Object.Name.empty() && InTask)
          Object.Name = InTask->getNameAsString();
      }
    }
  }

  const ASTContext &Context;
  llvm::SmallVector<QualType, 2> Enclosing;
};

} // namespace

const FunctionDecl *callableOf(const Expr *E) {
  E = stripForwarding(E);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    if (Construct->getNumArgs() == 1)
      return callableOf(Construct->getArg(0));
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E))
    return Lambda->getCallOperator();
  if (const auto *Address = dyn_cast<UnaryOperator>(E))
    if (Address->getOpcode() == UO_AddrOf)
      return callableOf(Address->getSubExpr());
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Function = dyn_cast<FunctionDecl>(Ref->getDecl()))
      return Function;
    if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
      if (Var->isLocalVarDecl() && Var->hasInit())
        return callableOf(Var->getInit());
  }
  return nullptr;
}

void bindTask(llvm::ArrayRef<const Expr *> Args, unsigned Argument,
              HandedObject &Object) {
  if (Object.TaskBody || Object.IsCapture)
    return;
  for (unsigned I = 0; I < Argument && I < Args.size(); ++I) {
    const FunctionDecl *Task = callableOf(Args[I]);
    if (!Task || !visibleBody(Task))
      continue;
    Task = Task->getDefinition();
    unsigned Number = Argument - I - 1;
    const auto *Method = dyn_cast<CXXMethodDecl>(Task);
    bool HasObject =
        Method && Method->isInstance() && !Method->getParent()->isLambda();
    if (HasObject && Number == 0) {
      Object.TaskBody = visibleBody(Task);
      Object.InTask = nullptr;
      return;
    }
    Number -= HasObject;
    if (Number < Task->getNumParams()) {
      Object.TaskBody = visibleBody(Task);
      Object.InTask = Task->getParamDecl(Number);
    }
    return;
  }
}

std::vector<HandedObject> handedOver(const Expr *E, const ASTContext &Context) {
  Taker T(Context);
  T.value(E, MaxDepth);
  return std::move(T.Objects);
}

} // namespace threadhop
