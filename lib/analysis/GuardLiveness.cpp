//===--- GuardLiveness.cpp - guards alive at suspensions ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three parts: GuardCollector finds what the function can hold, GuardTransfer
// says what one CFG element does to it, PathWalker carries the states along
// the CFG.
//
//===----------------------------------------------------------------------===//

#include "analysis/GuardLiveness.h"
#include "analysis/GuardArming.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Analysis/CFG.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/FoldingSet.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <deque>
#include <map>

using namespace clang;

namespace threadhop {
namespace {

std::string sourceText(const Expr *E, const ASTContext &Context) {
  const SourceManager &SM = Context.getSourceManager();
  CharSourceRange Range = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(E->getSourceRange()), SM,
      Context.getLangOpts());
  return Lexer::getSourceText(Range, SM, Context.getLangOpts()).str();
}

//===----------------------------------------------------------------------===//
// What a function can hold
//===----------------------------------------------------------------------===//

class GuardCollector {
public:
  GuardCollector(const FunctionDecl *Function,
                 const GuardLivenessInputs &Inputs)
      : Function(Function), In(Inputs) {}

  std::vector<TrackedGuard>
  collect(const llvm::SmallPtrSetImpl<const Stmt *> &DestroyedTemporaries) {
    if (isa<CoroutineBodyStmt>(visibleBody(Function)))
      for (const ParmVarDecl *Param : Function->parameters())
        addVariable(Param, GuardOrigin::Parameter);
    addCaptures();
    visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
      if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
        for (const Decl *D : Declares->decls())
          if (const auto *Var = dyn_cast<VarDecl>(D))
            if (Var->hasLocalStorage())
              addVariable(Var, GuardOrigin::Local);
      } else if (const auto *Loop = dyn_cast<CXXForRangeStmt>(S)) {
        // The CFG does not end what the loop's header declares.
        for (const DeclStmt *Header :
             {dyn_cast_or_null<DeclStmt>(Loop->getInit()),
              Loop->getRangeStmt()})
          if (Header)
            for (const Decl *D : Header->decls())
              LoopOf[D] = Loop;
      } else if (const auto *Temporary = dyn_cast<CXXBindTemporaryExpr>(S)) {
        if (DestroyedTemporaries.contains(Temporary))
          addTemporary(Temporary);
      } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
        passTemporaries(Call->getDirectCallee(),
                        {Call->getArgs(), Call->getNumArgs()},
                        isa<CXXOperatorCallExpr>(Call));
        addCall(Call);
      } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
        passTemporaries(Construct->getConstructor(),
                        {Construct->getArgs(), Construct->getNumArgs()},
                        /*IsOperator=*/false);
      }
      return true;
    });
    return std::move(Found);
  }

private:
  void add(TrackedGuard Guard) { Found.push_back(std::move(Guard)); }

  /// A temporary that is a parameter by value belongs to the callee, who may
  /// move from it.
  void passTemporaries(const FunctionDecl *Callee,
                       llvm::ArrayRef<const Expr *> Args, bool IsOperator) {
    if (!Callee)
      return;
    unsigned Skip = IsOperator && isa<CXXMethodDecl>(Callee) ? 1 : 0;
    for (unsigned I = Skip; I < Args.size(); ++I) {
      unsigned Param = I - Skip;
      if (Param >= Callee->getNumParams() ||
          Callee->getParamDecl(Param)->getType()->isReferenceType())
        continue;
      if (const auto *Temporary =
              dyn_cast<CXXBindTemporaryExpr>(Args[I]->IgnoreParenImpCasts()))
        if (const CXXRecordDecl *Record =
                Temporary->getType()->getAsCXXRecordDecl();
            Record && Record->hasMoveConstructor())
          ByValue.insert(Temporary);
    }
  }

  void addCaptures() {
    const auto *Method = dyn_cast<CXXMethodDecl>(Function);
    if (!Method || !Method->getParent()->isLambda() ||
        !isa<CoroutineBodyStmt>(visibleBody(Function)))
      return;
    for (const LambdaCapture &Capture : Method->getParent()->captures())
      if (Capture.capturesVariable() &&
          Capture.getCaptureKind() == LCK_ByCopy)
        if (const auto *Var = dyn_cast<VarDecl>(Capture.getCapturedVar()))
          addVariable(Var, GuardOrigin::Capture);
  }

  /// An awaiter that holds a guard may release it in await_suspend; only one
  /// whose body can be seen not to is taken to hold it.
  bool awaiterReleases(QualType Type, const GuardLeaf &Leaf) {
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    if (!Record || !isAwaitableRecord(Record))
      return false;
    for (const CXXMethodDecl *Method : Record->getDefinition()->methods())
      if (Method->getIdentifier() && Method->getName() == "await_suspend")
        return In.Releases.mayReleaseMember(
            Method, Leaf.Fields.empty() ? nullptr : Leaf.Fields.front());
    return true;
  }

  void addVariable(const VarDecl *Var, GuardOrigin Origin) {
    QualType Type = Var->getType();
    if (Type->isReferenceType()) {
      // A reference that extends a temporary is the temporary's owner.
      if (!Var->hasInit() || isa<ParmVarDecl>(Var))
        return;
      visitEvaluated(Var->getInit(), [&](const Stmt *S) {
        const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(S);
        if (Temporary && Temporary->getExtendingDecl() == Var)
          addObject(Var, Temporary->getSubExpr()->getType(), Origin);
        return true;
      });
      return;
    }
    if (Type->isPointerType()) {
      addAllocated(Var);
      return;
    }
    addObject(Var, Type, Origin);
  }

  void addObject(const VarDecl *Var, QualType Type, GuardOrigin Origin) {
    llvm::SmallVector<GuardLeaf> Leaves(In.Guards.guardsIn(Type));
    // A factory may open what the class closes.
    if (Leaves.empty() && Var->hasInit())
      if (const auto *Call = dyn_cast<CallExpr>(stripWrapping(Var->getInit())))
        if (auto Info = In.Guards.guardFromFactory(Call->getDirectCallee())) {
          GuardLeaf Leaf;
          Leaf.Info = std::move(Info);
          Leaves.push_back(std::move(Leaf));
        }
    for (const GuardLeaf &Leaf : Leaves) {
      if (awaiterReleases(Type, Leaf))
        continue;
      TrackedGuard Guard;
      Guard.Origin = Origin;
      Guard.Leaf = Leaf;
      Guard.Object.Root = Var->getCanonicalDecl();
      Guard.Object.Fields = Leaf.Fields;
      Guard.Object.Within = Leaf.InWrapper;
      Guard.Loc = Var->getLocation();
      Guard.Range = SourceRange(Guard.Loc);
      Guard.Name = Var->getNameAsString();
      if (Guard.Name.empty() || Var->isImplicit()) {
        Guard.Name = typeName(Type, In.Context);
        Guard.IsNamed = false;
      }
      Guard.Scope = LoopOf.lookup(Var);
      if (Leaf.Info->Kind == GuardKind::Lock && Var->hasInit())
        addMutexes(Var->getInit(), Guard);
      if (const auto *Bindings = dyn_cast<DecompositionDecl>(Var))
        nameBinding(Bindings, Guard);
      add(std::move(Guard));
    }
  }

  /// The mutexes among the arguments that a lock is made with.
  void addMutexes(const Expr *Init, TrackedGuard &Guard) {
    visitEvaluated(Init, [&](const Stmt *S) {
      const auto *Construct = dyn_cast<CXXConstructExpr>(S);
      if (!Construct)
        return true;
      for (const Expr *Arg : Construct->arguments())
        if (In.Locks.isThreadMutex(Arg->getType()) &&
            In.Guards.guardsIn(Arg->getType().getNonReferenceType()).empty())
          if (auto Path = resolveObject(Arg))
            Guard.Mutexes.push_back(*Path);
      return true;
    });
  }

  /// Names the binding that holds the guard: the variable has no name.
  void nameBinding(const DecompositionDecl *Bindings, TrackedGuard &Guard) {
    for (const BindingDecl *Binding : Bindings->bindings()) {
      auto Leaves =
          In.Guards.guardsIn(Binding->getType().getNonReferenceType());
      for (const GuardLeaf &Leaf : Leaves)
        if (Leaf.Info == Guard.Leaf.Info) {
          Guard.Name = Binding->getNameAsString();
          Guard.IsNamed = true;
          Guard.Loc = Binding->getLocation();
          Guard.Range = SourceRange(Guard.Loc);
          return;
        }
    }
  }

  void addAllocated(const VarDecl *Var) {
    for (const GuardLeaf &Leaf :
         In.Guards.guardsIn(Var->getType()->getPointeeType())) {
      TrackedGuard Guard;
      Guard.Origin = GuardOrigin::Allocated;
      Guard.Leaf = Leaf;
      Guard.Object.Root = Var->getCanonicalDecl();
      Guard.Object.Fields = Leaf.Fields;
      Guard.Object.Within = Leaf.InWrapper;
      Guard.Name = Var->getNameAsString();
      Guard.Loc = Var->getLocation();
      Guard.Range = SourceRange(Guard.Loc);
      add(std::move(Guard));
    }
  }

  void addTemporary(const CXXBindTemporaryExpr *Temporary) {
    if (ByValue.contains(Temporary))
      return;
    for (const GuardLeaf &Leaf : In.Guards.guardsIn(Temporary->getType())) {
      if (awaiterReleases(Temporary->getType(), Leaf))
        continue;
      TrackedGuard Guard;
      Guard.Origin = GuardOrigin::Temporary;
      Guard.Leaf = Leaf;
      Guard.Temporary = Temporary;
      Guard.Name = typeName(Temporary->getType(), In.Context);
      Guard.Loc = Temporary->getExprLoc();
      Guard.Range = Temporary->getSourceRange();
      add(std::move(Guard));
    }
  }

  void addCall(const CallExpr *Call) {
    if (const PairedCallsModel *Pair = In.Index.PairBegins.find(Call)) {
      TrackedGuard Guard;
      Guard.Origin = GuardOrigin::PairedCall;
      Guard.Pair = Pair;
      Guard.Acquire = Call;
      auto Info = std::make_shared<GuardInfo>();
      Info->Kind = Pair->Kind;
      Info->Effect = Pair->Effect;
      Guard.Leaf.Info = std::move(Info);
      Guard.Name = llvm::StringRef(Pair->Begin).rsplit("::").second.str();
      if (Guard.Name.empty())
        Guard.Name = Pair->Begin;
      Guard.Loc = Call->getExprLoc();
      Guard.Range = Call->getSourceRange();
      add(std::move(Guard));
      return;
    }
    auto addLock = [&](const Expr *Mutex) {
      TrackedGuard Guard;
      Guard.Origin = GuardOrigin::HandLocked;
      Guard.Acquire = Call;
      auto Info = std::make_shared<GuardInfo>();
      Info->Kind = GuardKind::Lock;
      Info->Type = Mutex->getType();
      Guard.Leaf.Info = std::move(Info);
      if (auto Path = resolveObject(Mutex))
        Guard.Object = *Path;
      else
        Guard.Object.Root = nullptr, Guard.Object.Within = true;
      Guard.Name = sourceText(Mutex, In.Context);
      Guard.Loc = Call->getExprLoc();
      Guard.Range = Call->getSourceRange();
      add(std::move(Guard));
    };
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
      MutexOperation Operation = In.Locks.operation(Member->getMethodDecl());
      if (Operation != MutexOperation::Lock &&
          Operation != MutexOperation::TryLock)
        return;
      const Expr *Object = Member->getImplicitObjectArgument();
      // Locking a lock object is that object's state; a mutex that locks its
      // own member is a mutex, not a user of one.
      if (!In.Guards.guardsIn(Object->getType().getNonReferenceType()).empty())
        return;
      if (Object->getType()->isPointerType() &&
          !In.Guards.guardsIn(Object->getType()->getPointeeType()).empty())
        return;
      addLock(Object);
    } else if (isStdCall(Call, "lock") || isStdCall(Call, "try_lock")) {
      for (const Expr *Arg : Call->arguments())
        if (In.Guards.guardsIn(Arg->getType().getNonReferenceType()).empty() &&
            In.Locks.isThreadMutex(Arg->getType()))
          addLock(Arg);
    }
  }

  const FunctionDecl *Function;
  const GuardLivenessInputs &In;
  std::vector<TrackedGuard> Found;
  llvm::DenseMap<const Decl *, const Stmt *> LoopOf;
  llvm::SmallPtrSet<const Stmt *, 4> ByValue;
};

//===----------------------------------------------------------------------===//
// What one element does
//===----------------------------------------------------------------------===//

/// Which tracked guards hold; and which did until they were moved from.
struct State {
  llvm::BitVector Armed;
  llvm::BitVector Moved;
  /// Locks whose mutex the awaiter of the next suspension was given: it may
  /// unlock that for as long as the coroutine is suspended.
  llvm::BitVector Lent;

  explicit State(unsigned Size) : Armed(Size), Moved(Size), Lent(Size) {}

  bool merge(const State &Other) {
    State Before = *this;
    Armed |= Other.Armed;
    Moved |= Other.Moved;
    Lent |= Other.Lent;
    return !(Before.Armed == Armed && Before.Moved == Moved &&
             Before.Lent == Lent);
  }
};

class GuardTransfer {
public:
  GuardTransfer(const std::vector<TrackedGuard> &Guards,
                const Suspensions &Points, const GuardLivenessInputs &Inputs)
      : Guards(Guards), Points(Points), In(Inputs) {}

  /// Called at a suspension with the state there.
  std::function<void(const SuspensionPoint &, const State &)> OnSuspension;

  void element(const CFGElement &Element, State &Current) {
    S = &Current;
    if (auto Statement = Element.getAs<CFGStmt>()) {
      statement(Statement->getStmt());
    } else if (auto Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
      // A coroutine's parameters live as long as its frame; the CFG ends them
      // too early.
      const VarDecl *Var = Dtor->getVarDecl();
      if (Var && Var->hasInit())
        passLambda(Var->getInit()); // A scope guard that unlocks at its end.
      if (Var && !isa<ParmVarDecl>(Var))
        for (size_t I = 0; I != Guards.size(); ++I)
          if (Guards[I].Origin == GuardOrigin::Local &&
              Guards[I].Object.Root == Var->getCanonicalDecl())
            disarm(I);
    } else if (auto Dtor = Element.getAs<CFGTemporaryDtor>()) {
      for (size_t I = 0; I != Guards.size(); ++I)
        if (Guards[I].Temporary == Dtor->getBindTemporaryExpr())
          disarm(I);
    }
  }

  /// Narrows the state to what holds where \p Condition has the value.
  void assume(const Expr *Condition, bool Value, State &Current,
              unsigned Depth = 4) {
    S = &Current;
    if (!Condition || !Depth)
      return;
    Condition = stripWrapping(Condition);
    if (const auto *Not = dyn_cast<UnaryOperator>(Condition)) {
      if (Not->getOpcode() == UO_LNot)
        assume(Not->getSubExpr(), !Value, Current, Depth - 1);
      return;
    }
    if (const auto *Compare = dyn_cast<BinaryOperator>(Condition)) {
      if (Compare->isEqualityOp())
        assumeEqual(Compare->getLHS(), Compare->getRHS(),
                    Compare->getOpcode() == BO_EQ, Value);
      return;
    }
    if (const auto *Rewritten =
            dyn_cast<CXXRewrittenBinaryOperator>(Condition)) {
      assumeEqual(Rewritten->getLHS(), Rewritten->getRHS(),
                  Rewritten->getOperator() == BO_EQ, Value);
      return;
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Condition)) {
      if (Operator->getNumArgs() == 2 &&
          (Operator->getOperator() == OO_EqualEqual ||
           Operator->getOperator() == OO_ExclaimEqual))
        assumeEqual(Operator->getArg(0), Operator->getArg(1),
                    Operator->getOperator() == OO_EqualEqual, Value);
      return;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Condition)) {
      const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
      if (Var && Var->isLocalVarDecl() && Var->hasInit() &&
          Var->getType()->isBooleanType())
        assume(Var->getInit(), Value, Current, Depth - 1);
      else if (!Value && Ref->getType()->isPointerType())
        disarmObject(Ref);
      return;
    }
    const auto *Call = dyn_cast<CXXMemberCallExpr>(Condition);
    if (!Call || !Call->getMethodDecl() || Value)
      return;
    const CXXMethodDecl *Method = Call->getMethodDecl();
    // "holds something" is false, or an attempt to lock failed.
    bool Tells = isa<CXXConversionDecl>(Method);
    llvm::StringRef Name = calleeName(Call);
    Tells |= isOneOf(Name, {"owns_lock", "has_value", "is_locked", "isLocked",
                            "owns", "valid", "held"}) ||
             Name.starts_with("try_lock") || Name.starts_with("tryLock");
    if (Tells || In.Locks.operation(Method) == MutexOperation::TryLock)
      disarmObject(Call->getImplicitObjectArgument(), Call);
  }

private:
  void arm(size_t I) {
    S->Armed.set(I);
    S->Moved.reset(I);
  }
  void disarm(size_t I) { S->Armed.reset(I); }
  void set(size_t I, bool Value) { Value ? arm(I) : disarm(I); }

  /// "x == nullptr", "x != nullopt".
  void assumeEqual(const Expr *L, const Expr *R, bool IsEqual, bool Value) {
    auto isNull = [](const Expr *E) {
      E = stripWrapping(E);
      if (isa<CXXNullPtrLiteralExpr, GNUNullExpr>(E) ||
          E->getType()->isNullPtrType())
        return true;
      const CXXRecordDecl *Record = E->getType()->getAsCXXRecordDecl();
      return Record && Record->getIdentifier() &&
             isOneOf(Record->getName(), {"nullopt_t", "none_t"});
    };
    if (IsEqual != Value)
      return;
    if (isNull(R))
      disarmObject(L);
    else if (isNull(L))
      disarmObject(R);
  }

  /// Disarms everything in the object; a failed attempt only what that attempt
  /// would have locked.
  void disarmObject(const Expr *Object, const Expr *Attempt = nullptr) {
    for (size_t I = 0; I != Guards.size(); ++I)
      if (Guards[I].Origin == GuardOrigin::HandLocked &&
          Guards[I].Acquire == Attempt)
        disarm(I);
    if (auto Path = resolveObject(Object))
      for (size_t I = 0; I != Guards.size(); ++I)
        if (names(*Path, Guards[I]) &&
            Guards[I].Origin != GuardOrigin::HandLocked)
          disarm(I);
  }

  static bool hasObject(const TrackedGuard &Guard) {
    return !Guard.Temporary && Guard.Origin != GuardOrigin::PairedCall &&
           !(Guard.Origin == GuardOrigin::HandLocked && !Guard.Object.Root &&
             Guard.Object.Fields.empty());
  }
  static bool names(const ObjectPath &Path, const TrackedGuard &Guard) {
    return hasObject(Guard) && Guard.Object.overlaps(Path);
  }

  std::optional<bool> stateOf(const ObjectPath &Path) const {
    std::optional<bool> Result;
    for (size_t I = 0; I != Guards.size(); ++I)
      if (names(Path, Guards[I]) &&
          Guards[I].Origin != GuardOrigin::HandLocked)
        Result = Result.value_or(false) || S->Armed.test(I) || S->Moved.test(I);
    return Result;
  }

  bool arms(const Expr *E, const GuardLeaf &Leaf) const {
    auto Lookup = [this](const ObjectPath &Path) { return stateOf(Path); };
    return GuardArming(In.Guards, Lookup).arms(E, Leaf);
  }

  void statement(const Stmt *Statement) {
    if (const auto *Declares = dyn_cast<DeclStmt>(Statement)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          declare(Var);
    } else if (const auto *Temporary =
                   dyn_cast<CXXBindTemporaryExpr>(Statement)) {
      for (size_t I = 0; I != Guards.size(); ++I)
        if (Guards[I].Temporary == Temporary)
          set(I, arms(Temporary->getSubExpr(), Guards[I].Leaf));
    } else if (const auto *Suspend =
                   dyn_cast<CoroutineSuspendExpr>(Statement)) {
      suspend(Suspend);
    } else if (const auto *Delete = dyn_cast<CXXDeleteExpr>(Statement)) {
      disarmObject(Delete->getArgument());
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Statement)) {
      construct(Construct);
    } else if (const auto *Call = dyn_cast<CallExpr>(Statement)) {
      call(Call);
    } else if (const auto *List = dyn_cast<InitListExpr>(Statement)) {
      keepInAggregate(List);
    } else if (const auto *Binary = dyn_cast<BinaryOperator>(Statement)) {
      if (Binary->getOpcode() == BO_Assign)
        assign(Binary->getLHS(), Binary->getRHS());
    }
  }

  /// An aggregate with a reference to a guard may release it later.
  void keepInAggregate(const InitListExpr *List) {
    const CXXRecordDecl *Record = List->getType()->getAsCXXRecordDecl();
    if (!Record || !Record->hasDefinition())
      return;
    unsigned Number = Record->getNumBases();
    for (const FieldDecl *Field : Record->fields()) {
      if (Number >= List->getNumInits())
        return;
      const Expr *Init = List->getInit(Number++);
      if (!isMutableReference(Field->getType()))
        continue;
      if (auto Path = resolveObject(Init))
        for (size_t I = 0; I != Guards.size(); ++I)
          if (names(*Path, Guards[I]) && canBeReleased(Guards[I]))
            disarm(I);
    }
  }

  void suspend(const Expr *E) {
    if (const SuspensionPoint *Point = Points.at(E))
      OnSuspension(*Point, *S);
    S->Lent.reset();
  }

  /// True if what the function yields, or makes, is awaited.
  static bool makesAwaitable(const FunctionDecl *Callee) {
    QualType Type = Callee->getReturnType();
    const CXXRecordDecl *Record = nullptr;
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee))
      Record = Constructor->getParent();
    else
      Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
    return isAwaitableRecord(Record);
  }

  /// An awaiter that is given the mutex of a lock may unlock it.
  void lendMutex(const FunctionDecl *Callee, unsigned Param, const Expr *Arg) {
    if (!makesAwaitable(Callee) || !In.Releases.mayRelease(Callee, Param))
      return;
    std::optional<ObjectPath> Lock;
    const Expr *Inner = stripForwarding(Arg);
    if (const auto *Deref = dyn_cast<UnaryOperator>(Inner);
        Deref && Deref->getOpcode() == UO_Deref)
      Inner = stripForwarding(Deref->getSubExpr());
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Inner);
        Call && calleeName(Call) == "mutex")
      Lock = resolveObject(Call->getImplicitObjectArgument());
    auto Mutex = resolveObject(Arg);
    for (size_t I = 0; I != Guards.size(); ++I) {
      if (Lock && names(*Lock, Guards[I]))
        S->Lent.set(I);
      if (Mutex)
        for (const ObjectPath &Own : Guards[I].Mutexes)
          if (Own.overlaps(*Mutex))
            S->Lent.set(I);
    }
  }

  void declare(const VarDecl *Var) {
    for (size_t I = 0; I != Guards.size(); ++I) {
      const TrackedGuard &Guard = Guards[I];
      if (!hasObject(Guard) || Guard.Object.Root != Var->getCanonicalDecl())
        continue;
      if (Guard.Origin == GuardOrigin::Local)
        set(I, arms(Var->getInit(), Guard.Leaf));
      else if (Guard.Origin == GuardOrigin::Allocated)
        set(I, Var->hasInit() &&
                   isa<CXXNewExpr>(stripForwarding(Var->getInit())) &&
                   arms(Var->getInit(), Guard.Leaf));
    }
  }

  void assign(const Expr *Target, const Expr *Value) {
    auto Path = resolveObject(Target);
    if (!Path)
      return;
    for (size_t I = 0; I != Guards.size(); ++I) {
      const TrackedGuard &Guard = Guards[I];
      if (!names(*Path, Guard) || Guard.Origin == GuardOrigin::HandLocked)
        continue;
      if (Guard.Origin == GuardOrigin::Allocated) {
        set(I, isa<CXXNewExpr>(stripForwarding(Value)));
        continue;
      }
      // The value is judged as what it is: assigning a guard to an optional
      // or pointer that holds one.
      bool Arms = false, Any = false;
      for (const GuardLeaf &Leaf :
           In.Guards.guardsIn(Value->getType().getNonReferenceType())) {
        Any = true;
        Arms |= arms(Value, Leaf);
      }
      if (!Any) {
        const Expr *Stripped = stripWrapping(Value);
        const auto *List = dyn_cast<InitListExpr>(Stripped);
        Arms = !(List && List->getNumInits() == 0) &&
               !Stripped->getType()->isNullPtrType() &&
               arms(Value, Guard.Leaf);
      }
      set(I, Arms);
    }
  }

  /// What a call does to the guards it gets by reference or pointer.
  void passArguments(const FunctionDecl *Callee,
                     llvm::ArrayRef<const Expr *> Args) {
    for (unsigned P = 0; P != Args.size(); ++P) {
      const Expr *Arg = Args[P];
      if (Callee && !isa<CXXConstructorDecl>(Callee) && !isInStd(Callee))
        passLambda(Arg);
      if (!Callee || P >= Callee->getNumParams())
        continue;
      QualType Param = Callee->getParamDecl(P)->getType();
      if (!isMutableReference(Param)) {
        // A pointer to an allocated guard may be deleted by who gets it.
        continue;
      }
      lendMutex(Callee, P, Arg);
      // Who takes a temporary by rvalue reference moves from it.
      if (Param->isRValueReferenceType() && !movedOperand(Arg))
        if (const auto *Made = dyn_cast<MaterializeTemporaryExpr>(skipCasts(Arg)))
          for (size_t I = 0; I != Guards.size(); ++I)
            if (Guards[I].Temporary &&
                Guards[I].Temporary == Made->getSubExpr() &&
                canBeReleased(Guards[I]))
              disarm(I);
      auto Path = resolveObject(Arg);
      if (!Path)
        continue;
      const Expr *Written = stripWrapping(Arg);
      bool IsPointer = Param->isPointerType();
      for (size_t I = 0; I != Guards.size(); ++I) {
        const TrackedGuard &Guard = Guards[I];
        if (!names(*Path, Guard))
          continue;
        if (Param->isRValueReferenceType() && movedOperand(Arg)) {
          if (S->Armed.test(I))
            S->Moved.set(I);
          disarm(I);
          continue;
        }
        if (IsPointer && Guard.Origin != GuardOrigin::Allocated &&
            !isa<UnaryOperator, CallExpr>(Written))
          continue;
        if (isInStd(Callee)) {
          continue;
        }
        if (!canBeReleased(Guard))
          continue;
        if (In.Releases.mayRelease(Callee, P))
          disarm(I);
        if (In.Releases.acquires(Callee, P))
          arm(I);
      }
    }
  }

  static const Expr *skipCasts(const Expr *E) {
    while (const auto *Cast = dyn_cast<ImplicitCastExpr>(E))
      E = Cast->getSubExpr();
    return E;
  }

  /// Exchanges what two objects hold; an object that is not tracked is taken
  /// to hold nothing.
  void swapObjects(const Expr *Left, const Expr *Right) {
    auto find = [&](const Expr *E) -> std::optional<size_t> {
      if (auto Path = resolveObject(E))
        for (size_t I = 0; I != Guards.size(); ++I)
          if (names(*Path, Guards[I]) &&
              Guards[I].Origin != GuardOrigin::HandLocked)
            return I;
      return std::nullopt;
    };
    std::optional<size_t> L = find(Left), R = find(Right);
    bool LeftArmed = L && S->Armed.test(*L), RightArmed = R && S->Armed.test(*R);
    if (L)
      set(*L, RightArmed);
    if (R)
      set(*R, LeftArmed);
  }

  void swapWithTemporary(const Expr *Temporary, const Expr *Other) {
    auto Path = resolveObject(Other);
    if (!Path)
      return;
    for (size_t I = 0; I != Guards.size(); ++I)
      if (names(*Path, Guards[I]) &&
          Guards[I].Origin != GuardOrigin::HandLocked)
        set(I, arms(Temporary, Guards[I].Leaf));
  }

  /// A lock_guard has nothing that could release it.
  bool canBeReleased(const TrackedGuard &Guard) const {
    if (Guard.Origin == GuardOrigin::HandLocked ||
        Guard.Origin == GuardOrigin::Allocated || Guard.Leaf.InWrapper)
      return true;
    const CXXRecordDecl *Record = Guard.Leaf.Info->Type.isNull()
                                      ? nullptr
                                      : Guard.Leaf.Info->Type
                                            ->getAsCXXRecordDecl();
    if (!Record || !Record->hasDefinition())
      return true;
    Record = Record->getDefinition();
    if (Guard.Leaf.Info->Model && !Guard.Leaf.Info->Model->Ends.empty())
      return true;
    for (const CXXMethodDecl *Method : Record->methods()) {
      if (Method->isMoveAssignmentOperator() && !Method->isDeleted())
        return true;
      if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Method);
          Constructor && Constructor->isMoveConstructor() &&
          !Constructor->isDeleted())
        return true;
      if (Method->getIdentifier() && isReleasingName(Method->getName()))
        return true;
    }
    return false;
  }

  /// The lambda that the expression is, or names.
  static const LambdaExpr *lambdaOf(const Expr *E) {
    E = stripForwarding(E);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
      if (Construct->getNumArgs() >= 1)
        E = stripForwarding(Construct->getArg(0));
    if (const auto *Lambda = dyn_cast<LambdaExpr>(E))
      return Lambda;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        if (Var->isLocalVarDecl() && Var->hasInit() &&
            !isa<DeclRefExpr>(stripForwarding(Var->getInit())))
          return lambdaOf(Var->getInit());
    return nullptr;
  }

  /// A lambda that is called, or handed to somebody who may call it, may
  /// release what it captured by reference.
  void passLambda(const Expr *Callable) {
    const LambdaExpr *Lambda = lambdaOf(Callable);
    if (!Lambda)
      return;
    for (size_t I = 0; I != Guards.size(); ++I) {
      const TrackedGuard &Guard = Guards[I];
      if (!hasObject(Guard) || !S->Armed.test(I))
        continue;
      if (!Guard.Object.Root) {
        // A mutex that is a member: the lambda reaches it through this.
        if (Guard.Origin == GuardOrigin::HandLocked &&
            Lambda->getCallOperator()->getBody() &&
            unlocksMember(Lambda->getCallOperator()->getBody(), Guard))
          disarm(I);
        continue;
      }
      const auto *Var = dyn_cast<ValueDecl>(Guard.Object.Root);
      if (Var && In.Releases.mayRelease(Lambda, Var))
        disarm(I);
    }
  }

  bool unlocksMember(const Stmt *Body, const TrackedGuard &Guard) {
    bool Unlocks = false;
    visitEvaluated(Body, [&](const Stmt *Inner) {
      if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Inner))
        if (In.Locks.operation(Call->getMethodDecl()) ==
            MutexOperation::Unlock)
          if (auto Path = resolveObject(Call->getImplicitObjectArgument()))
            Unlocks |= names(*Path, Guard);
      return true;
    });
    return Unlocks;
  }

  void construct(const CXXConstructExpr *Construct) {
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    llvm::SmallVector<const Expr *, 4> Args(Construct->arguments());
    // A lock that adopts a mutex locked by hand answers for it from now on.
    bool Adopts = false;
    for (const Expr *Arg : Args)
      if (const CXXRecordDecl *Record =
              Arg->getType().getNonReferenceType()->getAsCXXRecordDecl())
        Adopts |= Record->getIdentifier() &&
                  Record->getName().starts_with("adopt_lock");
    if (Adopts)
      for (const Expr *Arg : Args)
        if (auto Path = resolveObject(Arg))
          for (size_t I = 0; I != Guards.size(); ++I)
            if (Guards[I].Origin == GuardOrigin::HandLocked &&
                names(*Path, Guards[I]))
              disarm(I);
    // A smart pointer that takes over what was allocated.
    for (const Expr *Arg : Args)
      if (Arg->getType()->isPointerType())
        if (auto Path = resolveObject(Arg))
          for (size_t I = 0; I != Guards.size(); ++I)
            if (Guards[I].Origin == GuardOrigin::Allocated &&
                names(*Path, Guards[I])) {
              if (S->Armed.test(I))
                S->Moved.set(I);
              disarm(I);
            }
    passArguments(Constructor, Args);
  }

  void call(const CallExpr *Call) {
    if (const SuspensionPoint *Point = Points.at(Call))
      OnSuspension(*Point, *S);
    const FunctionDecl *Callee = Call->getDirectCallee();
    for (size_t I = 0; I != Guards.size(); ++I)
      if (Guards[I].Acquire == Call)
        arm(I);
    for (const PairedCallsModel *End : In.Index.PairEnds.findAll(Call))
      for (size_t I = 0; I != Guards.size(); ++I)
        if (Guards[I].Pair && endsPair(*End, Guards[I], Call))
          disarm(I);

    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
      if (Operator->getOperator() == OO_Equal) {
        assign(Operator->getArg(0), Operator->getArg(1));
        if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee))
          passArguments(Method, {Operator->getArg(1)});
        return;
      }
      if (Operator->getOperator() == OO_Call) {
        passLambda(Operator->getArg(0));
        llvm::SmallVector<const Expr *, 4> Args;
        for (unsigned A = 1; A < Operator->getNumArgs(); ++A)
          Args.push_back(Operator->getArg(A));
        passArguments(Callee, Args);
        return;
      }
    }
    llvm::SmallVector<const Expr *, 4> Args(Call->arguments());
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      memberCall(Member);
    if (isStdCall(Call, "swap") && Args.size() == 2)
      return swapObjects(Args[0], Args[1]);
    if (isStdCall(Call, "exchange") && Args.size() == 2) {
      if (auto Path = resolveObject(Args[0]))
        for (size_t I = 0; I != Guards.size(); ++I)
          if (names(*Path, Guards[I]) && S->Armed.test(I))
            S->Moved.set(I);
      return assign(Args[0], Args[1]);
    }
    if (isStdCall(Call, "lock") || isStdCall(Call, "try_lock")) {
      for (const Expr *Arg : Args)
        if (auto Path = resolveObject(Arg))
          for (size_t I = 0; I != Guards.size(); ++I)
            if (names(*Path, Guards[I]) &&
                Guards[I].Origin != GuardOrigin::HandLocked)
              arm(I);
      return;
    }
    if (isa<CXXOperatorCallExpr>(Call) && isa_and_nonnull<CXXMethodDecl>(Callee))
      Args.erase(Args.begin());
    passArguments(Callee, Args);
    releaseGlobals(Callee);
  }

  bool endsPair(const PairedCallsModel &End, const TrackedGuard &Guard,
                const CallExpr *Call) {
    // One call may be ended by several others, and end several others.
    if (Guard.Pair->Begin != End.Begin)
      return false;
    if (!End.ObjectArgument)
      return true;
    const auto *Opened = dyn_cast<CallExpr>(Guard.Acquire);
    unsigned A = *End.ObjectArgument;
    if (!Opened || A >= Opened->getNumArgs() || A >= Call->getNumArgs())
      return true;
    auto Left = resolveObject(Opened->getArg(A));
    auto Right = resolveObject(Call->getArg(A));
    return !Left || !Right || Left->overlaps(*Right);
  }

  /// A helper may unlock a global mutex that was locked by hand.
  void releaseGlobals(const FunctionDecl *Callee) {
    const Stmt *Body = Callee && !isInStd(Callee) ? visibleBody(Callee)
                                                  : nullptr;
    if (!Body || isa<CXXMethodDecl>(Callee))
      return;
    for (size_t I = 0; I != Guards.size(); ++I)
      if (Guards[I].Origin == GuardOrigin::HandLocked && S->Armed.test(I) &&
          Guards[I].Object.Root && unlocksMember(Body, Guards[I]))
        disarm(I);
  }

  void memberCall(const CXXMemberCallExpr *Call) {
    const CXXMethodDecl *Method = Call->getMethodDecl();
    if (!Method)
      return;
    const Expr *Object = Call->getImplicitObjectArgument();
    auto Path = resolveObject(Object);
    MutexOperation Operation = In.Locks.operation(Method);
    // 'unique_lock(...).swap(lock)': the temporary is not tracked.
    if (!Path && Method->getIdentifier() && Method->getName() == "swap" &&
        Call->getNumArgs() == 1)
      return swapWithTemporary(Object, Call->getArg(0));
    if (Operation == MutexOperation::Unlock) {
      std::string Text = sourceText(Object, In.Context);
      for (size_t I = 0; I != Guards.size(); ++I)
        if (Guards[I].Origin == GuardOrigin::HandLocked &&
            ((Path && names(*Path, Guards[I])) || Guards[I].Name == Text))
          disarm(I);
    }
    if (!Path || !Method->getIdentifier() || Method->isConst())
      return;
    if (Method->getName() == "swap" && Call->getNumArgs() == 1)
      return swapObjects(Object, Call->getArg(0));
    for (size_t I = 0; I != Guards.size(); ++I) {
      const TrackedGuard &Guard = Guards[I];
      if (!names(*Path, Guard))
        continue;
      if (Guard.Origin == GuardOrigin::HandLocked) {
        if (Path->Fields.size() < Guard.Object.Fields.size() &&
            S->Armed.test(I) &&
            In.Releases.mayReleaseMember(
                Method, Guard.Object.Fields[Path->Fields.size()]))
          disarm(I);
        continue;
      }
      if (Path->Within && isGuardType(Object, Guard)) {
        guardCall(Call, I); // Which of them is not known; this kind it is.
      } else if (Path->Fields.size() < Guard.Object.Fields.size()) {
        outerCall(Method, Guard.Object.Fields[Path->Fields.size()], I);
      } else if (Guard.Leaf.InWrapper && !Path->Within) {
        wrapperCall(Call, I);
      } else {
        guardCall(Call, I);
      }
    }
  }

  bool isGuardType(const Expr *Object, const TrackedGuard &Guard) const {
    QualType Type = Object->getType().getNonReferenceType();
    if (Type->isPointerType())
      Type = Type->getPointeeType();
    QualType Own = Guard.Leaf.Info->Type;
    return !Own.isNull() && In.Context.hasSameUnqualifiedType(Type, Own);
  }

  /// A method of the guard itself.
  void guardCall(const CXXMemberCallExpr *Call, size_t I) {
    const GuardInfo &Info = *Guards[I].Leaf.Info;
    llvm::StringRef Name = calleeName(Call);
    if (Info.Model && llvm::is_contained(Info.Model->Ends, Name))
      return disarm(I);
    if (Name == "owns_lock" || Name == "mutex")
      return;
    if (isAcquiringName(Name))
      return arm(I);
    if (isReleasingName(Name))
      return disarm(I);
    // Without a name that tells, a body must; a modelled type has no other
    // ends than those of its row.
    if (!Info.Model &&
        In.Releases.mayReleaseMember(Call->getMethodDecl(), nullptr))
      disarm(I);
  }

  /// A method of the optional, pointer or container that holds the guard.
  void wrapperCall(const CXXMemberCallExpr *Call, size_t I) {
    llvm::StringRef Name = calleeName(Call);
    if (isOneOf(Name, {"emplace", "push_back", "emplace_back", "push",
                       "push_front", "emplace_front", "insert", "assign",
                       "resize", "try_emplace", "insert_or_assign"}))
      return arm(I);
    if (Name == "reset" && Call->getNumArgs() >= 1 &&
        !isa<CXXDefaultArgExpr>(Call->getArg(0))) {
      const Expr *Value = stripWrapping(Call->getArg(0));
      return set(I, !isa<CXXNullPtrLiteralExpr>(Value) &&
                        !Value->getType()->isNullPtrType());
    }
    if (Name == "reset" || Name == "release" ||
        Name == "clear" || Name == "erase" || Name.starts_with("pop"))
      disarm(I);
  }

  /// A method of the object that has the guard as a member.
  void outerCall(const CXXMethodDecl *Method, const FieldDecl *Field,
                 size_t I) {
    if (const Stmt *Body = visibleBody(Method))
      visitEvaluated(Body, [&](const Stmt *Inner) {
        const Expr *Object = nullptr;
        if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Inner)) {
          if (isAcquiringName(calleeName(Call)) ||
              calleeName(Call).starts_with("emplace"))
            Object = Call->getImplicitObjectArgument();
        } else if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(Inner)) {
          if (Op->getOperator() == OO_Equal)
            Object = Op->getArg(0);
        }
        if (Object)
          if (auto Path = resolveObject(Object))
            if (!Path->Root && !Path->Fields.empty() &&
                Path->Fields.front() == Field->getCanonicalDecl())
              arm(I);
        return true;
      });
    if (!canBeReleased(Guards[I]))
      return;
    bool Rearmed = S->Armed.test(I);
    if (In.Releases.mayReleaseMember(Method, Field) && Rearmed)
      disarm(I);
  }

  const std::vector<TrackedGuard> &Guards;
  const Suspensions &Points;
  const GuardLivenessInputs &In;
  State *S = nullptr;
};

//===----------------------------------------------------------------------===//
// Along the paths
//===----------------------------------------------------------------------===//

/// The conditions of a function that keep their value throughout: made of
/// constants and variables that are never written after they are declared.
class StableConditions {
public:
  StableConditions(const Stmt *Body, const ASTContext &Context)
      : Body(Body), Context(Context) {}

  /// A number for the condition, or nothing if it may change. A negation has
  /// the number of what it negates; \p Value is flipped for it.
  std::optional<unsigned> find(const Expr *Condition, bool &Value) {
    Condition = stripWrapping(Condition);
    while (const auto *Not = dyn_cast<UnaryOperator>(Condition)) {
      if (Not->getOpcode() != UO_LNot)
        break;
      Value = !Value;
      Condition = stripWrapping(Not->getSubExpr());
    }
    llvm::SmallVector<const VarDecl *, 2> Variables;
    if (!isStable(Condition, Variables) || Variables.empty())
      return std::nullopt;
    llvm::FoldingSetNodeID ID;
    Condition->Profile(ID, Context, /*Canonical=*/true);
    auto [It, New] =
        Numbers.try_emplace(ID.ComputeHash(), static_cast<unsigned>(Numbers.size()));
    if (New)
      for (const VarDecl *Var : Variables)
        UsedBy[Var].push_back(It->second);
    return It->second;
  }

  /// The conditions that get a new value where the variable is declared.
  llvm::ArrayRef<unsigned> of(const VarDecl *Var) { return UsedBy[Var]; }

private:
  bool isStable(const Stmt *S, llvm::SmallVectorImpl<const VarDecl *> &Vars) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      if (isa<EnumConstantDecl>(Ref->getDecl()))
        return true;
      const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
      if (!Var || !Var->hasLocalStorage() || Var->getType()->isReferenceType())
        return false;
      if (!Var->getType()->isIntegralOrEnumerationType() &&
          !Var->getType()->isPointerType())
        return false;
      auto [It, New] = Written.try_emplace(Var, false);
      if (New)
        It->second = !isNeverWritten(Var, Body);
      Vars.push_back(Var);
      return !It->second;
    }
    if (!isa<ImplicitCastExpr, ParenExpr, BinaryOperator, UnaryOperator,
             IntegerLiteral, CXXBoolLiteralExpr, CharacterLiteral,
             CXXNullPtrLiteralExpr>(S))
      return false;
    if (const auto *Unary = dyn_cast<UnaryOperator>(S))
      if (Unary->getOpcode() == UO_Deref || Unary->isIncrementDecrementOp())
        return false;
    if (const auto *Binary = dyn_cast<BinaryOperator>(S))
      if (Binary->isAssignmentOp())
        return false;
    for (const Stmt *Child : S->children())
      if (Child && !isStable(Child, Vars))
        return false;
    return true;
  }

  const Stmt *Body;
  const ASTContext &Context;
  llvm::DenseMap<unsigned, unsigned> Numbers;
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<unsigned, 2>> UsedBy;
  llvm::DenseMap<const VarDecl *, bool> Written;
};

/// Carries states along the CFG, one for each set of assumptions, until nothing
/// changes.
class PathWalker {
public:
  /// More states than this for a block are merged: precision is given up, not
  /// time.
  static constexpr size_t MaxStates = 16;
  using Assumptions = std::map<unsigned, bool>;

  PathWalker(const CFG &Graph, GuardTransfer &Transfer,
             StableConditions &Conditions)
      : Graph(Graph), Transfer(Transfer), Conditions(Conditions) {}

  void run(State Entry) {
    arrive(&Graph.getEntry(), {}, Entry);
    while (!Work.empty()) {
      auto [Block, Key] = Work.front();
      Work.pop_front();
      auto It = States[Block].find(Key);
      if (It == States[Block].end())
        continue; // Merged away meanwhile.
      State Current = It->second;
      Assumptions Holding = Key;
      for (const CFGElement &Element : *Block) {
        forget(Element, Holding);
        Transfer.element(Element, Current);
      }
      leave(Block, Holding, Current);
    }
  }

  /// The state at the end, over all paths.
  State atExit(unsigned Size) {
    State Result(Size);
    for (const auto &[Key, Each] : States[&Graph.getExit()])
      Result.merge(Each);
    return Result;
  }

private:
  void forget(const CFGElement &Element, Assumptions &Holding) {
    auto Statement = Element.getAs<CFGStmt>();
    const auto *Declares =
        Statement ? dyn_cast<DeclStmt>(Statement->getStmt()) : nullptr;
    if (!Declares || Holding.empty())
      return;
    for (const Decl *D : Declares->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D))
        for (unsigned Number : Conditions.of(Var))
          Holding.erase(Number);
  }

  void leave(const CFGBlock *Block, const Assumptions &Holding,
             const State &Current) {
    const auto *Condition =
        dyn_cast_or_null<Expr>(Block->getTerminatorCondition());
    bool TwoWay = Condition && Block->succ_size() == 2 &&
                  !isa_and_nonnull<SwitchStmt>(Block->getTerminatorStmt());
    unsigned Number = 0;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs()) {
      bool Value = Number++ == 0;
      if (!Next.isReachable())
        continue;
      State Narrowed = Current;
      Assumptions Assumed = Holding;
      if (TwoWay) {
        Transfer.assume(Condition, Value, Narrowed);
        bool Taken = Value;
        if (auto Stable = Conditions.find(Condition, Taken)) {
          auto [It, New] = Assumed.try_emplace(*Stable, Taken);
          if (!New && It->second != Taken)
            continue; // No path goes here.
        }
      }
      arrive(Next.getReachableBlock(), Assumed, Narrowed);
    }
  }

  void arrive(const CFGBlock *Block, Assumptions Key, const State &New) {
    auto &Known = States[Block];
    if (Merged.contains(Block))
      Key.clear();
    auto It = Known.find(Key);
    if (It != Known.end()) {
      if (It->second.merge(New))
        Work.push_back({Block, Key});
      return;
    }
    if (Known.size() < MaxStates) {
      Known.emplace(Key, New);
      Work.push_back({Block, Key});
      return;
    }
    State All = New;
    for (const auto &[Each, Old] : Known)
      All.merge(Old);
    Known.clear();
    Merged.insert(Block);
    Known.emplace(Assumptions(), All);
    Work.push_back({Block, Assumptions()});
  }

  const CFG &Graph;
  GuardTransfer &Transfer;
  StableConditions &Conditions;
  std::map<const CFGBlock *, std::map<Assumptions, State>> States;
  llvm::SmallPtrSet<const CFGBlock *, 4> Merged;
  std::deque<std::pair<const CFGBlock *, Assumptions>> Work;
};

bool contains(const Stmt *Outer, const Stmt *Inner) {
  bool Found = false;
  visitEvaluated(Outer, [&](const Stmt *S) {
    Found |= S == Inner;
    return !Found;
  });
  return Found;
}

std::unique_ptr<CFG> buildCFG(const FunctionDecl *Function,
                              const ASTContext &Context) {
  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true;
  Options.AddTemporaryDtors = true;
  Options.AddInitializers = true;
  Options.setAllAlwaysAdd();
  return CFG::buildCFG(Function, const_cast<Stmt *>(visibleBody(Function)),
                       const_cast<ASTContext *>(&Context), Options);
}

} // namespace

std::vector<HeldGuard> findHeldGuards(const FunctionDecl *Function,
                                      const Suspensions &Points,
                                      const GuardLivenessInputs &Inputs) {
  if (Points.points().empty() || !visibleBody(Function))
    return {};
  Function = Function->getDefinition();
  std::unique_ptr<CFG> Graph = buildCFG(Function, Inputs.Context);
  if (!Graph)
    return {};

  // Only what the CFG destroys is a temporary; others became variables.
  llvm::SmallPtrSet<const Stmt *, 8> Destroyed;
  for (const CFGBlock *Block : *Graph)
    for (const CFGElement &Element : *Block)
      if (auto Dtor = Element.getAs<CFGTemporaryDtor>())
        Destroyed.insert(Dtor->getBindTemporaryExpr());

  std::vector<TrackedGuard> Guards =
      GuardCollector(Function, Inputs).collect(Destroyed);
  if (Guards.empty())
    return {};

  const unsigned Size = Guards.size();
  std::vector<std::vector<const SuspensionPoint *>> At(Size);
  auto record = [&](const SuspensionPoint &Point, const State &Current) {
    for (unsigned I : Current.Armed.set_bits())
      if (!Current.Lent.test(I) && !llvm::is_contained(At[I], &Point) &&
          (!Guards[I].Scope || !Point.E ||
           contains(Guards[I].Scope, Point.E)))
        At[I].push_back(&Point);
  };
  State Entry(Size);
  State Parameters = Entry;
  auto Unknown = [](const ObjectPath &) { return std::optional<bool>(); };
  for (unsigned I = 0; I != Size; ++I) {
    const TrackedGuard &Guard = Guards[I];
    if (Guard.Origin == GuardOrigin::Parameter &&
        GuardArming::armsUnknown(Guard.Leaf)) {
      Entry.Armed.set(I);
      Parameters.Armed.set(I);
    } else if (Guard.Origin == GuardOrigin::Capture) {
      // An init-capture says how the guard came to be.
      const auto *Var = cast<VarDecl>(Guard.Object.Root);
      if (Var->isInitCapture()
              ? GuardArming(Inputs.Guards, Unknown)
                    .arms(Var->getInit(), Guard.Leaf)
              : GuardArming::armsUnknown(Guard.Leaf))
        Entry.Armed.set(I);
    }
  }
  if (const SuspensionPoint *Initial = Points.initial())
    record(*Initial, Parameters);

  GuardTransfer Transfer(Guards, Points, Inputs);
  Transfer.OnSuspension = record;
  StableConditions Conditions(visibleBody(Function), Inputs.Context);
  PathWalker Walker(*Graph, Transfer, Conditions);
  Walker.run(Entry);
  if (const SuspensionPoint *Final = Points.final()) {
    State Exit = Walker.atExit(Size);
    for (unsigned I = 0; I != Size; ++I)
      if (Guards[I].Origin != GuardOrigin::Parameter)
        Exit.Armed.reset(I);
    record(*Final, Exit);
  }

  std::vector<HeldGuard> Held;
  for (unsigned I = 0; I != Size; ++I) {
    if (At[I].empty())
      continue;
    HeldGuard Result;
    Result.Guard = std::move(Guards[I]);
    for (const SuspensionPoint &Point : Points.points())
      if (llvm::is_contained(At[I], &Point))
        Result.At.push_back(Point);
    Held.push_back(std::move(Result));
  }
  return Held;
}

} // namespace threadhop
