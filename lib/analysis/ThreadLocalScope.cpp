//===--- ThreadLocalScope.cpp - scopes inferred from bodies ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ThreadLocalScope.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace threadhop {
namespace {

constexpr unsigned MaxDepth = 4;

/// What an expression stands on: the variable or member that it denotes,
/// dereferences, indexes or takes the address of.
const Expr *placeOf(const Expr *E) {
  while (E) {
    E = stripForwarding(E);
    if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
      if (Unary->getOpcode() != UO_Deref && Unary->getOpcode() != UO_AddrOf)
        return E;
      E = Unary->getSubExpr();
    } else if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E)) {
      E = Index->getBase();
    } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      if (!isa<FieldDecl>(Member->getMemberDecl()))
        return E;
      E = Member->getBase();
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
      if (Operator->getOperator() != OO_Arrow &&
          Operator->getOperator() != OO_Star &&
          Operator->getOperator() != OO_Subscript)
        return E;
      E = Operator->getArg(0);
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
      // Element access: back(), front(), at(), data(), get(), value().
      bool Access = isOneOf(calleeName(Call),
                   {"back", "front", "at", "data", "get", "value", "begin", "end"});
      if (!Access)
        return E;
      E = Call->getImplicitObjectArgument();
    } else {
      return E;
    }
  }
  return E;
}

/// The thread_local that a function returns a reference or pointer to.
const VarDecl *returnedThreadLocal(const FunctionDecl *Function,
                                   unsigned Depth) {
  const Stmt *Body = Depth ? visibleBody(Function) : nullptr;
  if (!Body || !(Function->getReturnType()->isReferenceType() ||
                 Function->getReturnType()->isPointerType()))
    return nullptr;
  const VarDecl *Result = nullptr;
  visitEvaluated(Body, [&](const Stmt *S) {
    const auto *Return = dyn_cast<ReturnStmt>(S);
    if (!Return || !Return->getRetValue() || Result)
      return true;
    const Expr *Place = placeOf(Return->getRetValue());
    if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(Place)) {
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        if (Var->getTLSKind() != VarDecl::TLS_None)
          Result = Var;
    } else if (const auto *Call = dyn_cast_or_null<CallExpr>(Place)) {
      Result = returnedThreadLocal(Call->getDirectCallee(), Depth - 1);
    }
    return true;
  });
  return Result;
}

const VarDecl *threadLocalAt(const Expr *E, unsigned Depth) {
  const Expr *Place = placeOf(E);
  if (!Place)
    return nullptr;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Place)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Var)
      return nullptr;
    if (Var->getTLSKind() != VarDecl::TLS_None)
      return Var;
    // 'auto &stack = current_stack();'
    if (Depth && Var->isLocalVarDecl() && Var->hasInit() &&
        (Var->getType()->isReferenceType() ||
         Var->getType()->isPointerType()))
      return threadLocalAt(Var->getInit(), Depth - 1);
    return nullptr;
  }
  // A static member named through an object.
  if (const auto *Member = dyn_cast<MemberExpr>(Place)) {
    const auto *Var = dyn_cast<VarDecl>(Member->getMemberDecl());
    return Var && Var->getTLSKind() != VarDecl::TLS_None ? Var : nullptr;
  }
  if (const auto *Call = dyn_cast<CallExpr>(Place))
    return returnedThreadLocal(Call->getDirectCallee(), Depth);
  return nullptr;
}

/// Collects the actions of one function on things that \p Identify accepts.
class ActionCollector {
public:
  using Identifier = llvm::function_ref<const VarDecl *(const Expr *)>;
  ActionCollector(Identifier Identify,
                  llvm::SmallVectorImpl<ThreadLocalAction> &Into)
      : Identify(Identify), Into(Into) {}

  void collect(const FunctionDecl *Function, unsigned Depth) {
    const Stmt *Body = visibleBody(Function);
    if (!Body || !Seen.insert(Function->getCanonicalDecl()).second)
      return;
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(
            cast<FunctionDecl>(Function->getDefinition())))
      for (const CXXCtorInitializer *Init : Constructor->inits())
        if (Init->getInit())
          visit(Init->getInit(), Depth);
    visit(Body, Depth);
  }

private:
  void add(const Expr *Object, ActionKind Kind, llvm::StringRef Name,
           SourceLocation Loc) {
    if (const VarDecl *Var = Identify(Object))
      Into.push_back({Var, Kind, Name.str(), Loc});
  }

  void visit(const Stmt *S, unsigned Depth) {
    visitEvaluated(S, [&](const Stmt *Inner) {
      act(Inner, Depth);
      return true;
    });
  }

  void act(const Stmt *S, unsigned Depth) {
    if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
      if (Binary->isAssignmentOp()) {
        ActionKind Kind = Binary->getOpcode() == BO_AddAssign
                              ? ActionKind::Increment
                          : Binary->getOpcode() == BO_SubAssign
                              ? ActionKind::Decrement
                              : ActionKind::Set;
        add(Binary->getLHS(), Kind, "", Binary->getOperatorLoc());
      }
      return;
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
      if (Unary->isIncrementDecrementOp())
        add(Unary->getSubExpr(),
            Unary->isIncrementOp() ? ActionKind::Increment
                                   : ActionKind::Decrement,
            "", Unary->getOperatorLoc());
      return;
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      switch (Operator->getOperator()) {
      case OO_Equal:
        return add(Operator->getArg(0), ActionKind::Set, "",
                   Operator->getOperatorLoc());
      case OO_PlusPlus:
      case OO_PlusEqual:
        return add(Operator->getArg(0), ActionKind::Increment, "",
                   Operator->getOperatorLoc());
      case OO_MinusMinus:
      case OO_MinusEqual:
        return add(Operator->getArg(0), ActionKind::Decrement, "",
                   Operator->getOperatorLoc());
      default:
        return;
      }
    }
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return;
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      if (const CXXMethodDecl *Method = Member->getMethodDecl();
          Method && !Method->isConst() && Method->getIdentifier())
        add(Member->getImplicitObjectArgument(), ActionKind::Call,
            Method->getName(), Member->getExprLoc());
    if (Callee) {
      // std::exchange(tls, x) and std::swap(tls, x) set it.
      bool Sets = isStdCall(Call, "exchange") || isStdCall(Call, "swap");
      for (unsigned I = 0; I != Call->getNumArgs(); ++I) {
        unsigned Param = I;
        if (Param >= Callee->getNumParams() ||
            !isMutableReference(Callee->getParamDecl(Param)->getType()))
          continue;
        if (isStdCall(Call, "move") || isStdCall(Call, "forward"))
          continue;
        if (Callee->getParamDecl(Param)->getType()->isPointerType() &&
            !isa<UnaryOperator>(stripForwarding(Call->getArg(I))))
          continue; // The pointer's value is read; what it names is not set.
        add(Call->getArg(I), Sets ? ActionKind::Set : ActionKind::Pass,
            Callee->getIdentifier() ? Callee->getName() : "",
            Call->getExprLoc());
      }
      if (Depth && !isInStd(Callee))
        collect(Callee, Depth - 1);
    }
  }

  Identifier Identify;
  llvm::SmallVectorImpl<ThreadLocalAction> &Into;
  llvm::SmallPtrSet<const Decl *, 8> Seen;
};

/// The first word of a name: "pop" of "pop_back", "tryPop" and "Pop".
std::string verbOf(llvm::StringRef Name) {
  Name = Name.ltrim('_');
  auto Word = [](llvm::StringRef &Rest) {
    size_t End = 1;
    while (End < Rest.size() && Rest[End] != '_' &&
           !(llvm::isUpper(Rest[End]) && llvm::isLower(Rest[End - 1])))
      ++End;
    std::string Result = Rest.take_front(End).lower();
    Rest = Rest.drop_front(End).ltrim('_');
    return Result;
  };
  if (Name.empty())
    return "";
  std::string First = Word(Name);
  if (First == "try" && !Name.empty())
    First = Word(Name);
  return First;
}

bool isSetting(const ThreadLocalAction &A) {
  if (A.Kind == ActionKind::Set)
    return true;
  if (A.Kind != ActionKind::Call && A.Kind != ActionKind::Pass)
    return false;
  return isOneOf(verbOf(A.Name),
                   {"set", "assign", "store", "swap", "exchange", "switch", "replace", "change", "update", "select"});
}

bool isClosing(const ThreadLocalAction &A) {
  if (A.Kind == ActionKind::Decrement)
    return true;
  if (A.Kind != ActionKind::Call && A.Kind != ActionKind::Pass)
    return false;
  return isOneOf(verbOf(A.Name),
                   {"pop", "erase", "remove", "exit", "leave", "end", "close", "clear", "reset", "restore", "detach", "stop", "unlock", "uninstall", "unset", "deactivate", "unregister", "finish", "disable", "dec", "decrement", "unlink", "drop", "undo", "uninit", "unbind", "resize", "pull", "revert"});
}

/// Whether the action can open a scope. Taking something out of a thread_local
/// (and giving it back later) is a cache, not a scope.
bool isOpening(const ThreadLocalAction &A) {
  if (isSetting(A) || A.Kind == ActionKind::Increment)
    return true;
  if (A.Kind != ActionKind::Call && A.Kind != ActionKind::Pass)
    return false;
  return isOneOf(verbOf(A.Name),
                   {"push", "emplace", "insert", "add", "append", "enter", "begin", "open", "start", "attach", "install", "activate", "register", "enable", "link", "inc", "increment", "bind", "new", "create", "make", "lock", "init", "put", "prepend"});
}

bool isPair(const ThreadLocalAction &Open, const ThreadLocalAction &Close) {
  if (Open.Kind == ActionKind::Increment)
    return Close.Kind == ActionKind::Decrement || Close.Kind == ActionKind::Set;
  if (!isOpening(Open))
    return false;
  if (isClosing(Close))
    return Close.Kind != ActionKind::Decrement ||
           Open.Kind == ActionKind::Set || Open.Kind == ActionKind::Call;
  return isSetting(Close) && isSetting(Open);
}

llvm::SmallVector<ThreadLocalAction> actionsOf(const FunctionDecl *Function) {
  llvm::SmallVector<ThreadLocalAction> Actions;
  auto Identify = [](const Expr *E) { return threadLocalAt(E, MaxDepth); };
  ActionCollector(Identify, Actions).collect(Function, MaxDepth);
  return Actions;
}

/// True if the function stores the variable's value away: what gives something
/// back to a thread's free list does, a scope that restores does not.
bool storesValueOf(const FunctionDecl *Function, const VarDecl *Variable) {
  bool Stores = false;
  visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
    const auto *Assign = dyn_cast<BinaryOperator>(S);
    if (!Assign || Assign->getOpcode() != BO_Assign)
      return true;
    const Expr *Value = stripForwarding(Assign->getRHS());
    const auto *Ref = dyn_cast<DeclRefExpr>(Value);
    if (Ref && Ref->getDecl() == Variable)
      Stores = true;
    return true;
  });
  return Stores;
}

/// The class behind a variable or parameter of type R, R& or R*.
const CXXRecordDecl *pointedClass(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  return Type->getAsCXXRecordDecl();
}

/// The actions of a constructor on an object that it was given or holds.
llvm::SmallVector<ThreadLocalAction>
actionsOnOthers(const FunctionDecl *Function, const CXXRecordDecl *Class) {
  llvm::SmallVector<ThreadLocalAction> Actions;
  auto Identify = [&](const Expr *E) -> const VarDecl * {
    E = stripForwarding(E);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      if (const auto *Param = dyn_cast<ParmVarDecl>(Ref->getDecl()))
        if (const CXXRecordDecl *Type = pointedClass(Param->getType()))
          if (Type->getCanonicalDecl() == Class->getCanonicalDecl())
            return Param;
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      if (Unary->getOpcode() == UO_Deref)
        E = stripForwarding(Unary->getSubExpr());
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
        if (const CXXRecordDecl *Type = pointedClass(Field->getType()))
          if (Type->getCanonicalDecl() == Class->getCanonicalDecl() &&
              Function->getNumParams())
            return Function->getParamDecl(0); // Any non-null marker.
    return nullptr;
  };
  ActionCollector(Identify, Actions).collect(Function, /*Depth=*/0);
  return Actions;
}

} // namespace

const VarDecl *threadLocalOf(const Expr *E) {
  return E ? threadLocalAt(E, MaxDepth) : nullptr;
}

llvm::SmallVector<ThreadLocalAction>
threadLocalActions(const FunctionDecl *Function) {
  return actionsOf(Function);
}

std::optional<ThreadLocalScope>
inferThreadLocalScope(const CXXRecordDecl *Record) {
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (!Destructor || !visibleBody(Destructor))
    return std::nullopt;
  llvm::SmallVector<ThreadLocalAction> Closing = actionsOf(Destructor);
  if (Closing.empty())
    return std::nullopt;

  std::optional<ThreadLocalScope> Scope;
  auto tryConstructor = [&](const CXXConstructorDecl *Constructor) {
    if (Constructor->isCopyOrMoveConstructor() || !visibleBody(Constructor))
      return;
    for (const ThreadLocalAction &Open : actionsOf(Constructor))
      for (const ThreadLocalAction &Close : Closing)
        if (Open.Variable == Close.Variable && isPair(Open, Close) &&
            !storesValueOf(Destructor, Close.Variable)) {
          if (!Scope)
            Scope = ThreadLocalScope{Open.Variable, false, Open, Close, {}};
          Scope->Opening.insert(Constructor->getCanonicalDecl());
          return;
        }
    for (const ThreadLocalAction &Close : Closing) {
      const CXXRecordDecl *Class = pointedClass(Close.Variable->getType());
      if (!Class || !isClosing(Close) || isInStd(Class))
        continue;
      for (ThreadLocalAction Open : actionsOnOthers(Constructor, Class))
        if (Open.Kind == ActionKind::Call &&
            verbOf(Open.Name) != verbOf(Close.Name)) {
          Open.Variable = nullptr;
          if (!Scope)
            Scope = ThreadLocalScope{Close.Variable, true, Open, Close, {}};
          Scope->Opening.insert(Constructor->getCanonicalDecl());
          return;
        }
    }
  };
  for (const CXXConstructorDecl *Constructor : Record->ctors())
    tryConstructor(Constructor);
  // Constructor templates: their instantiations have bodies.
  for (const Decl *D : Record->decls())
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
      for (const FunctionDecl *Special : Template->specializations())
        if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Special))
          tryConstructor(Constructor);
  return Scope;
}

std::optional<ThreadLocalScope>
inferFactoryScope(const FunctionDecl *Factory, const CXXRecordDecl *Record) {
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (!Destructor || !visibleBody(Destructor) || !visibleBody(Factory))
    return std::nullopt;
  for (const ThreadLocalAction &Open : actionsOf(Factory))
    for (const ThreadLocalAction &Close : actionsOf(Destructor))
      if (Open.Variable == Close.Variable && isPair(Open, Close))
        return ThreadLocalScope{Open.Variable, false, Open, Close, {}};
  return std::nullopt;
}

} // namespace threadhop
