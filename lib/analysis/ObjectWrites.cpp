//===--- ObjectWrites.cpp - who changes an object -------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ObjectWrites.h"
#include "analysis/Functions.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace threadhop {
namespace {

constexpr unsigned MaxDepth = 4;

llvm::StringRef nameOf(const NamedDecl *D) {
  return D && D->getIdentifier() ? D->getName() : "";
}

/// Atomics and mutexes take care of themselves.
bool isSynchronised(QualType Type) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  llvm::StringRef Name = nameOf(Record);
  return Type.getNonReferenceType()->isAtomicType() ||
         isOneOf(Name, {"atomic", "atomic_flag", "atomic_ref", "mutex",
                        "shared_mutex", "recursive_mutex", "once_flag",
                        "timed_mutex", "condition_variable"});
}

/// True if the class has a const member function of that name and as many
/// parameters.
bool hasConstOverload(const CXXMethodDecl *Method) {
  for (const CXXRecordDecl *Record = Method->getParent(); Record;) {
    for (const NamedDecl *Other : Record->lookup(Method->getDeclName())) {
      if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Other))
        Other = Template->getTemplatedDecl();
      const auto *Overload = dyn_cast<CXXMethodDecl>(Other);
      if (Overload && Overload->isConst() &&
          Overload->getNumParams() == Method->getNumParams())
        return true;
    }
    break;
  }
  return false;
}

class Finder {
public:
  Finder(const VarDecl *Var, unsigned Depth) : Root(Var), Depth(Depth) {
    Aliases.insert(Var);
  }

  void look(const Stmt *Body);
  std::vector<ObjectWrite> Found;

private:
  bool denotes(const Expr *E);
  bool pointsTo(const Expr *E);
  bool isAccess(const CXXMethodDecl *Method);
  bool changesItself(const CXXMethodDecl *Method, const Expr **Where);
  void declare(const VarDecl *Var);
  void expression(const Expr *E);
  void call(const Expr *E);
  void add(const Expr *E, std::string How, const Expr *Inner = nullptr) {
    Found.push_back({E, std::move(How), Inner});
  }

  const VarDecl *Root; ///< Null: *this.
  unsigned Depth;
  llvm::SmallPtrSet<const ValueDecl *, 4> Aliases;
};

/// The pointer's target is the object, or a part of it.
bool Finder::pointsTo(const Expr *E) {
  E = stripForwarding(E);
  if (!Root && isa<CXXThisExpr>(E))
    return true;
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return Unary->getOpcode() == UO_AddrOf && denotes(Unary->getSubExpr());
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Aliases.contains(Ref->getDecl()) &&
           Ref->getDecl()->getType()->isPointerType();
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (isStdCall(Call, "addressof") && Call->getNumArgs() == 1)
      return denotes(Call->getArg(0));
    if (calleeName(Call) == "get_error_info" && Call->getNumArgs() == 1)
      return denotes(Call->getArg(0));
  }
  return false;
}

/// True if the function only gives access to the object: what is done with
/// its result tells.
bool Finder::isAccess(const CXXMethodDecl *Method) {
  if (Method->isConst())
    return false; // Gives nothing that could be changed.
  QualType Result = Method->getReturnType();
  if (!isMutableReference(Result))
    return false;
  llvm::StringRef Name = nameOf(Method->getParent());
  if (Method->getOverloadedOperator() == OO_Subscript &&
      isInStd(Method->getParent()) && Name.contains("map"))
    return false; // Inserts what is not there.
  if (hasConstOverload(Method))
    return true;
  const Expr *Where = nullptr;
  return visibleBody(Method) && !isInStd(Method) &&
         !changesItself(Method, &Where);
}

/// The glvalue is the object, or a part of it.
bool Finder::denotes(const Expr *E) {
  E = stripForwarding(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return Binding->getBinding() && denotes(Binding->getBinding());
    return Aliases.contains(Ref->getDecl()) &&
           !Ref->getDecl()->getType()->isPointerType();
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field || Field->getType()->isReferenceType())
      return false;
    return Member->isArrow() ? pointsTo(Member->getBase())
                             : denotes(Member->getBase());
  }
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E))
    return denotes(Index->getBase());
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_Deref)
      return pointsTo(Unary->getSubExpr());
    return Unary->isPrefix() && Unary->isIncrementDecrementOp() &&
           denotes(Unary->getSubExpr());
  }
  if (!E->isGLValue())
    return false;
  Invocation Call = isa<CallExpr>(E) ? invocationOf(E) : Invocation();
  if (Call && Call.Object)
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
        Method && isAccess(Method))
      return Call.Object->getType()->isPointerType() ? pointsTo(Call.Object)
                                                     : denotes(Call.Object);
  if (Call && isStdCall(E, "get") && Call.Args.size() == 1)
    return denotes(Call.Args[0]);
  return false;
}

bool Finder::changesItself(const CXXMethodDecl *Method, const Expr **Where) {
  const Stmt *Body = visibleBody(Method);
  if (!Body || Depth >= MaxDepth)
    return false;
  Finder Inner(nullptr, Depth + 1);
  Inner.look(Body);
  if (Inner.Found.empty())
    return false;
  *Where = Inner.Found.front().At;
  return true;
}

void Finder::declare(const VarDecl *Var) {
  if (!Var->getInit())
    return;
  QualType Type = Var->getType();
  // Of a constant reference only const_cast and Boost can change anything.
  if (!Type->isReferenceType() && !Type->isPointerType())
    return;
  if (Type->isReferenceType() ? denotes(Var->getInit())
                              : pointsTo(Var->getInit()))
    Aliases.insert(Var);
}

void Finder::call(const Expr *E) {
  Invocation Call = invocationOf(E);
  if (!Call)
    return;
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    if (Constructor->isMoveConstructor() && !Constructor->isTrivial()) {
      const Expr *Moved = movedOperand(Call.Args[0]);
      if (Moved && denotes(Moved))
        add(E, "moves out of it");
      return;
    }
  } else if (Method && Method->isMoveAssignmentOperator() &&
             !Method->isTrivial() && Call.Args.size() == 1) {
    if (const Expr *Moved = movedOperand(Call.Args[0]); Moved && denotes(Moved))
      add(E, "moves out of it");
  }
  std::string Name = Call.Callee->getNameAsString();
  if (Call.Object && Method && !Method->isConst() && !Method->isStatic()) {
    bool IsIt = Call.Object->getType()->isPointerType() ? pointsTo(Call.Object)
                                                        : denotes(Call.Object);
    // The operators of an atomic are its base's.
    QualType Type = Call.Object->IgnoreParenImpCasts()->getType();
    if (Type->isPointerType())
      Type = Type->getPointeeType();
    if (IsIt && !isSynchronised(Type)) {
      const Expr *Where = nullptr;
      bool IsAssignment =
          isa<CXXOperatorCallExpr>(E) &&
          cast<CXXOperatorCallExpr>(E)->getOperator() == OO_Equal;
      std::string How =
          IsAssignment ? "assigns to it" : "calls non-const '" + Name + "'";
      if (isInStd(Method)) {
        bool Inserts = Method->getOverloadedOperator() == OO_Subscript &&
                       nameOf(Method->getParent()).contains("map");
        if (Inserts || !hasConstOverload(Method))
          add(E, How);
      } else if (visibleBody(Method)) {
        if (changesItself(Method, &Where))
          add(E, How, Where);
      } else if (Method->isDefaulted()) {
        add(E, How);
      } else if (!hasConstOverload(Method) &&
                 (Method->getReturnType()->isVoidType() ||
                  Method->getNumParams())) {
        // What only returns something may have forgotten its const.
        add(E, How);
      }
    }
  }
  for (unsigned I = 0; I < Call.Args.size() && I < Call.Callee->getNumParams();
       ++I) {
    const ParmVarDecl *Param = Call.Callee->getParamDecl(I);
    QualType Type = Param->getType();
    bool IsIt = Type->isPointerType()
                    ? pointsTo(Call.Args[I])
                    : Type->isReferenceType() && denotes(Call.Args[I]);
    if (!IsIt)
      continue;
    // Boost's takes the exception as const, and changes what is mutable in it.
    if (I == 0 && Call.Callee->getOverloadedOperator() == OO_LessLess &&
        llvm::StringRef(publicName(Call.Callee)).starts_with("boost::")) {
      add(E, "adds error information with '<<'");
      continue;
    }
    if (!isMutableReference(Type) || Type->isRValueReferenceType() ||
        isSynchronised(Call.Args[I]->getType()))
      continue;
    if (isInStd(Call.Callee)) {
      if (isOneOf(nameOf(Call.Callee),
                  {"swap", "exchange", "erase", "erase_if", "getline"}))
        add(E, "calls 'std::" + Name + "' on it");
      continue;
    }
    const FunctionDecl *Definition = nullptr;
    if (Depth >= MaxDepth || !Call.Callee->getBody(Definition) ||
        !visibleBody(Definition))
      continue;
    Finder Inner(Definition->getParamDecl(I), Depth + 1);
    Inner.look(Definition->getBody());
    if (!Inner.Found.empty())
      add(E, "'" + Name + "' changes it", Inner.Found.front().At);
  }
}

void Finder::expression(const Expr *E) {
  auto part = [&](const Expr *Target) {
    const auto *Member = dyn_cast<MemberExpr>(stripForwarding(Target));
    return Member ? "assigns to '" +
                        Member->getMemberDecl()->getNameAsString() + "'"
                  : std::string("assigns to it");
  };
  if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->isAssignmentOp() && denotes(Binary->getLHS()) &&
        !isSynchronised(Binary->getLHS()->getType()))
      add(E, part(Binary->getLHS()));
    return;
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->isIncrementDecrementOp() && denotes(Unary->getSubExpr()) &&
        !isSynchronised(Unary->getSubExpr()->getType()))
      add(E, part(Unary->getSubExpr()));
    return;
  }
  if (isa<CallExpr, CXXConstructExpr>(E))
    call(E);
}

void Finder::look(const Stmt *Body) {
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Loop = dyn_cast<CXXForRangeStmt>(S)) {
      const VarDecl *Var = Loop->getLoopVariable();
      if (Var && isMutableReference(Var->getType()) && Loop->getRangeInit() &&
          denotes(Loop->getRangeInit()))
        Aliases.insert(Var);
    } else if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          declare(Var);
    } else if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      // A lambda that refers to it is taken to be called.
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable() &&
            Capture.getCaptureKind() == LCK_ByRef &&
            Aliases.contains(Capture.getCapturedVar())) {
          look(Lambda->getBody());
          break;
        }
    } else if (const auto *E = dyn_cast<Expr>(S)) {
      expression(E);
    }
    return true;
  });
}

} // namespace

std::vector<ObjectWrite> writesTo(const VarDecl *Var, const Stmt *Body) {
  Finder F(Var, 0);
  F.look(Body);
  return std::move(F.Found);
}

} // namespace threadhop
