//===--- TaskUses.cpp - what a task does with a confined object -----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/TaskUses.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "support/Compat.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallSet.h"
#include <functional>

using namespace clang;

namespace threadhop {
namespace {} // namespace

bool isFreshObject(const Expr *Init, const Sendability &Sends) {
  if (!Init)
    return false;
  const Expr *Bare = stripForwarding(Init);
  if (isa<CXXNewExpr>(Bare))
    return true;
  const auto *Call = dyn_cast<CallExpr>(Bare);
  if (!Call || isa<CXXMemberCallExpr>(Call) || isa<CXXOperatorCallExpr>(Call))
    return false;
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || isa<CXXMethodDecl>(Callee))
    return false;
  return llvm::none_of(Call->arguments(), [&](const Expr *Arg) {
    return Sends.ofPointee(stripForwarding(Arg)->getType()).isConfined();
  });
}

namespace {

class UseFinder {
public:
  UseFinder(const Sendability &Sends, const ModelIndex &Index,
            const GuardTypes &Guards)
      : Sends(Sends), Index(Index), Guards(Guards) {}

  std::optional<TaskUse> look(const Stmt *Body, const ValueDecl *Var,
                              unsigned Depth) {
    if (!Body || !Depth || !Seen.insert({Body, Var}).second)
      return std::nullopt;
    ParentMap Parents(const_cast<Stmt *>(Body));
    std::optional<TaskUse> Found;
    std::function<void(const Stmt *)> Visit = [&](const Stmt *S) {
      visitEvaluated(S, [&](const Stmt *Inner) {
        if (Found)
          return false;
        if (const auto *Lambda = dyn_cast<LambdaExpr>(Inner)) {
          // A callable made in the task may run in it, or be posted back.
          if (!Parents.getParent(Inner) || !runsHere(Lambda, Parents, Body))
            return true;
          for (const LambdaCapture &Capture : Lambda->captures())
            if (Var ? Capture.capturesVariable() &&
                          Capture.getCapturedVar() == Var &&
                          Capture.getCaptureKind() == LCK_ByRef
                    : Capture.capturesThis())
              if (auto Use = look(Lambda->getCallOperator()->getBody(), Var,
                                  Depth - 1))
                Found = Use;
          return !Found;
        }
        const auto *E = dyn_cast<Expr>(Inner);
        if (const FieldDecl *Made = madeHere(E))
          MadeByTask.insert(Made);
        if (E && names(E, Var))
          if (auto Use = useOf(E, Body, Parents, Depth))
            if (!isLocked(E, Parents, Use->Verdict->Domain))
              Found = Use;
        return !Found;
      });
    };
    Visit(Body);
    return Found;
  }

private:
  static bool names(const Expr *E, const ValueDecl *Var) {
    if (!Var)
      return isa<CXXThisExpr>(E);
    // A member of the task object.
    if (isa<FieldDecl>(Var)) {
      const auto *Member = dyn_cast<MemberExpr>(E);
      return Member && Member->getMemberDecl() == Var &&
             isa<CXXThisExpr>(stripForwarding(Member->getBase()));
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    return Ref && Ref->getDecl()->getCanonicalDecl() == Var->getCanonicalDecl();
  }

  /// The member that the expression gives a new object of its own: what a task
  /// makes for itself is at home on its thread. A pointer that was there before
  /// is not touched by that.
  const FieldDecl *madeHere(const Expr *E) const {
    const Expr *Target = nullptr, *Value = nullptr;
    if (const auto *Assign = dyn_cast_or_null<BinaryOperator>(E);
        Assign && Assign->getOpcode() == BO_Assign) {
      Target = Assign->getLHS();
      Value = Assign->getRHS();
    } else if (const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(E);
               Operator && Operator->getOperator() == OO_Equal &&
               Operator->getNumArgs() == 2) {
      Target = Operator->getArg(0);
      Value = Operator->getArg(1);
    } else if (const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(E);
               Call && Call->getNumArgs() == 1 && calleeName(Call) == "reset") {
      Target = Call->getImplicitObjectArgument();
      Value = Call->getArg(0);
    }
    if (!Target)
      return nullptr;
    const auto *Member = dyn_cast<MemberExpr>(stripForwarding(Target));
    const auto *Field =
        Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
    if (!Field)
      return nullptr;
    QualType Type = Field->getType().getNonReferenceType();
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    if (!Type->isPointerType() &&
        !(Record && isInStd(Record) && Record->getName() == "unique_ptr"))
      return nullptr;
    return isFreshObject(Value, Sends) ? Field : nullptr;
  }

  /// Whether the expression is, or leads to, something confined.
  std::optional<TaskUse> useOf(const Expr *E, const Stmt *Body,
                               const ParentMap &Parents, unsigned Depth) {
    const Expr *Top = E;
    std::string Name;
    const FieldDecl *Field = nullptr;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      Name = Ref->getDecl()->getNameAsString();
    auto use = [&](const SendVerdict &Verdict,
                   QualType Type) -> std::optional<TaskUse> {
      return TaskUse{Top->getExprLoc(), Name, Type, Field, &Verdict};
    };
    while (true) {
      QualType Type = Top->getType();
      // What is confined by itself is touched however it is named; a pointer
      // to *this is no handle until a function of the library uses it.
      const SendVerdict &Verdict = Sends.of(Type.getNonReferenceType());
      if (!isa<CXXThisExpr>(Top) && Verdict.isConfined() &&
          Verdict.Steps.empty())
        return use(Verdict, Type);
      const Stmt *Parent = Parents.getParent(Top);
      while (Parent && isa<ImplicitCastExpr, ParenExpr>(Parent)) {
        Top = cast<Expr>(Parent);
        Parent = Parents.getParent(Parent);
      }
      const Expr *Next = nullptr;
      if (const auto *Member = dyn_cast_or_null<MemberExpr>(Parent)) {
        if (const auto *Of = dyn_cast<FieldDecl>(Member->getMemberDecl())) {
          if (MadeByTask.contains(Of))
            return std::nullopt;
          Next = Member;
          Field = Of;
          Name = Of->getNameAsString();
        } else if (const auto *Method =
                       dyn_cast<CXXMethodDecl>(Member->getMemberDecl())) {
          const auto *Call =
              dyn_cast_or_null<CXXMemberCallExpr>(Parents.getParent(Member));
          // An element, or an iterator to them, of a container.
          if (Call && wrapperOf(Top->getType().getNonReferenceType())) {
            if (isOneOf(calleeName(Call),
                        {"front", "back", "at", "value", "get"})) {
              Top = Call;
              continue;
            }
            if (isOneOf(calleeName(Call),
                        {"begin", "cbegin", "rbegin", "crbegin", "find",
                         "lower_bound", "upper_bound"}))
              if (const VarDecl *Iterator = initialised(Call, Parents))
                return named(look(Body, Iterator, Depth - 1), Name, Field);
          }
          return inMethod(Method, Member, Top, Depth, Name, Field);
        }
      } else if (const auto *Unary = dyn_cast_or_null<UnaryOperator>(Parent)) {
        if (Unary->getOpcode() == UO_Deref)
          Next = Unary;
      } else if (const auto *Index =
                     dyn_cast_or_null<ArraySubscriptExpr>(Parent)) {
        if (Index->getBase() == Top)
          Next = Index;
      } else if (const auto *Operator =
                     dyn_cast_or_null<CXXOperatorCallExpr>(Parent)) {
        // A smart pointer or container: on to what it holds.
        if (Operator->getNumArgs() && Operator->getArg(0) == Top &&
            (Operator->getOperator() == OO_Arrow ||
             Operator->getOperator() == OO_Star ||
             Operator->getOperator() == OO_Subscript))
          Next = Operator;
      }
      if (!Next) {
        // The whole object is used: what it contains is.
        QualType Whole = Top->getType().getNonReferenceType();
        if (isa<CXXThisExpr>(E) && Top->getType()->isPointerType())
          return std::nullopt; // 'this' is only passed on.
        const SendVerdict &Verdict = Sends.of(Whole);
        if (!Verdict.isConfined())
          return std::nullopt;
        // A pointer that a further closure carries on touches nothing.
        if (!Verdict.Steps.empty() &&
            Verdict.Steps.front().K == SendStep::Pointee) {
          const Stmt *Carrier = Parent;
          while (isa_and_nonnull<CXXConstructExpr, MaterializeTemporaryExpr,
                                 CXXBindTemporaryExpr>(Carrier))
            Carrier = Parents.getParent(Carrier);
          if (isa_and_nonnull<LambdaExpr>(Carrier))
            return std::nullopt;
        }
        // A loop by reference touches what its body does with the elements.
        if (const auto *Declares = dyn_cast_or_null<DeclStmt>(Parent))
          if (const auto *Range = dyn_cast_or_null<CXXForRangeStmt>(
                  Parents.getParent(const_cast<DeclStmt *>(Declares))))
            if (Range->getRangeStmt() == Declares &&
                Range->getLoopVariable()->getType()->isReferenceType())
              return named(
                  look(Range->getBody(), Range->getLoopVariable(), Depth - 1),
                  Name, Field);
        return use(Verdict, Whole);
      }
      Top = Next;
    }
  }

  /// What is done to an element is said of the container.
  static std::optional<TaskUse> named(std::optional<TaskUse> Use,
                                      llvm::StringRef Name,
                                      const FieldDecl *Field) {
    if (Use) {
      Use->Name = Name.str();
      Use->Field = Field;
    }
    return Use;
  }

  /// The variable whose initialiser the expression is.
  static const VarDecl *initialised(const Expr *E, const ParentMap &Parents) {
    const Stmt *Parent = Parents.getParent(E);
    while (Parent &&
           isa<ImplicitCastExpr, CXXConstructExpr, ExprWithCleanups,
               MaterializeTemporaryExpr, CXXBindTemporaryExpr>(Parent))
      Parent = Parents.getParent(Parent);
    const auto *Declares = dyn_cast_or_null<DeclStmt>(Parent);
    if (!Declares)
      return nullptr;
    for (const Decl *D : Declares->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D); Var && Var->hasInit()) {
        bool Within = false;
        visitEvaluated(Var->getInit(), [&](const Stmt *S) {
          Within |= S == E;
          return !Within;
        });
        if (Within)
          return Var;
      }
    return nullptr;
  }

  /// Whether the callable is run where it is made: called, kept by a local
  /// object, or given to a function that is known to call it. One that is
  /// posted or stored runs wherever that takes it.
  bool runsHere(const LambdaExpr *Lambda, const ParentMap &Parents,
                const Stmt *Body) const {
    const Stmt *Child = Lambda;
    for (const Stmt *Parent = Parents.getParent(Child); Parent;
         Child = Parent, Parent = Parents.getParent(Parent)) {
      if (const auto *Call = dyn_cast<CallExpr>(Parent))
        return runsArgument(Call, Child, /*Depth=*/3);
      if (const auto *Declares = dyn_cast<DeclStmt>(Parent)) {
        const auto *Var = dyn_cast_or_null<VarDecl>(
            Declares->isSingleDecl() ? Declares->getSingleDecl() : nullptr);
        return !Var || isRunThrough(Var, Body);
      }
      if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent);
          Construct && Index.sink(Construct))
        return false;
      if (!isa<Expr>(Parent) || isa<LambdaExpr, CXXNewExpr>(Parent))
        return false;
    }
    return true;
  }

  /// What the argument is a copy of, perhaps in a wrapper that hides its type.
  static const Expr *copied(const Expr *E) {
    E = stripForwarding(E);
    while (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      if (Construct->getNumArgs() != 1)
        break;
      E = stripForwarding(Construct->getArg(0));
    }
    return E;
  }

  /// A local variable that is, or holds, the callable.
  bool isRunThrough(const VarDecl *Var, const Stmt *Body) const {
    bool Runs = false, GoesOn = false;
    visitEvaluated(Body, [&](const Stmt *S) {
      if (const auto *Call = dyn_cast<CallExpr>(S))
        for (const Expr *Arg : Call->arguments()) {
          const auto *Ref = dyn_cast<DeclRefExpr>(copied(Arg));
          if (!Ref || Ref->getDecl() != Var)
            continue;
          bool Here = runsArgument(Call, Arg, /*Depth=*/3);
          Runs |= Here;
          GoesOn |= !Here;
        }
      return true;
    });
    return Runs || !GoesOn;
  }

  bool runsArgument(const CallExpr *Call, const Stmt *Arg,
                    unsigned Depth) const {
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
    bool IsCalled = Operator && Operator->getOperator() == OO_Call;
    if (Call->getCallee() == Arg || (IsCalled && Operator->getArg(0) == Arg))
      return true;
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Depth)
      return false;
    if (const SinkModel *Row = Index.sink(Call))
      return Row->RunsInline == InlineRun::Always || Row->Blocks ||
             Row->Hops == Hopping::Policy;
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
    // Algorithms and std::invoke; containers and wrappers only keep it.
    if (isInStd(Callee))
      return !Method && Callee->getIdentifier() &&
             !Callee->getName().starts_with("make_") &&
             !isOneOf(Callee->getName(),
                      {"bind", "bind_front", "bind_back", "not_fn", "ref",
                       "cref", "move", "forward", "exchange", "swap"});
    unsigned Skip = Operator && Method && !Method->isStatic() ? 1 : 0;
    for (unsigned I = Skip; I != Call->getNumArgs(); ++I)
      if (Call->getArg(I) == Arg && I - Skip < Callee->getNumParams()) {
        const ParmVarDecl *Param =
            Callee->getDefinition()
                ? Callee->getDefinition()->getParamDecl(I - Skip)
                : nullptr;
        return Param && callsParameter(visibleBody(Callee), Param, Depth - 1);
      }
    return false;
  }

  bool callsParameter(const Stmt *Body, const ParmVarDecl *Param,
                      unsigned Depth) const {
    bool Calls = false;
    visitEvaluated(Body, [&](const Stmt *S) {
      const auto *Call = dyn_cast<CallExpr>(S);
      if (!Call || Calls)
        return !Calls;
      auto isParam = [&](const Expr *E) {
        const auto *Ref = dyn_cast<DeclRefExpr>(copied(E));
        return Ref && Ref->getDecl() == Param;
      };
      Calls = isParam(Call->getCallee());
      for (const Expr *Arg : Call->arguments())
        Calls |= isParam(Arg) && runsArgument(Call, Arg, Depth);
      return !Calls;
    });
    return Calls;
  }

  std::optional<TaskUse> inMethod(const CXXMethodDecl *Method,
                                  const MemberExpr *Member, const Expr *Object,
                                  unsigned Depth, llvm::StringRef Name,
                                  const FieldDecl *Field) {
    if (const Stmt *Body = visibleBody(Method))
      if (!Sends.context().getSourceManager().isInSystemHeader(
              Method->getLocation()))
        return look(Body, nullptr, Depth - 1);
    // A function that is inherited from a confined class of a library.
    QualType Class = Sends.context().getPointerType(
        Object->getType()->isPointerType()
            ? Object->getType()->getPointeeType()
            : Object->getType().getNonReferenceType());
    const ConfinedTypeModel *Row = Index.ConfinedTypes.find(Class);
    if (!Row || Row->Safe || Method->isStatic())
      return std::nullopt;
    // A function that the user's own class declares does what its body does,
    // which is not here.
    QualType Declaring = Sends.context().getPointerType(
        recordType(Sends.context(), Method->getParent()));
    if (const ConfinedTypeModel *Own = Index.ConfinedTypes.find(Declaring);
        !Own || (!isOwnRow(*Own, Method->getParent())))
      return std::nullopt;
    if (isSignal(Method))
      return std::nullopt;
    const SendVerdict &Verdict = Sends.of(Class);
    if (!Verdict.isConfined())
      return std::nullopt;
    return TaskUse{Member->getExprLoc(), Name.empty() ? "*this" : Name.str(),
                   Class, Field, &Verdict};
  }

  /// Whether the row names this very class, not a base of it.
  static bool isOwnRow(const ConfinedTypeModel &Row,
                       const CXXRecordDecl *Class) {
    return publicName(Class) == Row.Type || !Class->hasDefinition() ||
           !Class->getNumBases() ||
           Class->getASTContext().getSourceManager().isInSystemHeader(
               Class->getLocation());
  }

  /// Qt's signals are declared after an access specifier that the compiler
  /// annotates or that leaves nothing; moc defines them. The functions that Qt
  /// documents as thread-safe are named.
  static bool isSignal(const CXXMethodDecl *Method) {
    return Method->getIdentifier() &&
           isOneOf(Method->getName(),
                   {"deleteLater", "thread", "connect", "disconnect",
                    "metaObject", "tr", "isSignalConnected"});
  }

  /// Whether a lock that the task takes is held here: a guard declared before,
  /// in a block around it.
  bool isLocked(const Expr *E, const ParentMap &Parents,
                Confinement Domain) const {
    const Stmt *Child = E;
    for (const Stmt *Parent = Parents.getParent(E); Parent;
         Child = Parent, Parent = Parents.getParent(Parent)) {
      const auto *Block = dyn_cast<CompoundStmt>(Parent);
      if (!Block)
        continue;
      for (const Stmt *Before : Block->body()) {
        if (Before == Child)
          break;
        const auto *Declares = dyn_cast<DeclStmt>(Before);
        if (Domain == Confinement::Gil && takesInterpreterLock(Before))
          return true;
        if (!Declares)
          continue;
        for (const Decl *D : Declares->decls())
          if (const auto *Var = dyn_cast<VarDecl>(D))
            for (const GuardLeaf &Leaf : Guards.guardsIn(Var->getType()))
              if (Leaf.Info->Kind == GuardKind::Lock)
                return true;
      }
    }
    return false;
  }

  /// 'gil_scoped_acquire held;', 'auto s = PyGILState_Ensure();'.
  static bool takesInterpreterLock(const Stmt *S) {
    bool Found = false;
    visitEvaluated(S, [&](const Stmt *Inner) {
      if (const auto *Call = dyn_cast<CallExpr>(Inner))
        Found |= isOneOf(calleeName(Call),
                         {"PyGILState_Ensure", "PyEval_RestoreThread"});
      else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Inner)) {
        std::string Name =
            Construct->getConstructor()->getParent()->getName().lower();
        Found |=
            Name.find("gil") != Name.npos && Name.find("release") == Name.npos;
      }
      return !Found;
    });
    return Found;
  }

  const Sendability &Sends;
  const ModelIndex &Index;
  const GuardTypes &Guards;
  llvm::SmallPtrSet<const FieldDecl *, 4> MadeByTask;
  llvm::SmallSet<std::pair<const Stmt *, const ValueDecl *>, 8> Seen;
};

} // namespace

std::optional<TaskUse> findTaskUse(const Stmt *Body, const ValueDecl *Var,
                                   const Sendability &Sends,
                                   const ModelIndex &Index,
                                   const GuardTypes &Guards) {
  return UseFinder(Sends, Index, Guards).look(Body, Var, /*Depth=*/5);
}

} // namespace threadhop
