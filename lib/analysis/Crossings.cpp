//===--- Crossings.cpp - confined objects that reach other threads --------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Crossings.h"
#include "analysis/Annotations.h"
#include "analysis/ErrorTransport.h"
#include "analysis/GuardArming.h"
#include "analysis/Names.h"
#include "analysis/Session.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

OtherOwner ownerOf(const Expr *Source) {
  OtherOwner Owner;
  Owner.Loc = Source->getExprLoc();
  auto Path = resolveObject(Source);
  if (!Path) {
    Owner.K = OtherOwner::Unknown;
    return Owner;
  }
  if (!Path->Fields.empty())
    Owner.Name = Path->Fields.back()->getNameAsString();
  if (!Path->Root) {
    Owner.K = OtherOwner::Member;
    if (Path->Fields.empty())
      Owner.Name = "*this";
    return Owner;
  }
  const auto *Var = dyn_cast<VarDecl>(Path->Root);
  if (!Var) {
    Owner.K = OtherOwner::Unknown;
    return Owner;
  }
  if (Owner.Name.empty())
    Owner.Name = Var->getNameAsString();
  if (!Var->hasLocalStorage())
    Owner.K = OtherOwner::Global;
  else if (isa<ParmVarDecl>(Var))
    Owner.K = OtherOwner::Parameter;
  else if (Var->getType()->isReferenceType())
    Owner.K = OtherOwner::Unknown;
  else
    Owner.K = OtherOwner::Local;
  return Owner;
}

bool isErrorType(QualType Type, const ModelIndex &Index) {
  if (Type.isNull())
    return false;
  auto Names = [](llvm::StringRef Name) {
    std::string Lower = Name.lower();
    for (llvm::StringRef Word : {"error", "exception", "failure", "fault"})
      if (Lower.find(Word) != Lower.npos)
        return true;
    // 'err' as a word of its own: IoErr, ErrInfo, io_err.
    for (size_t At = Lower.find("err"); At != Lower.npos;
         At = Lower.find("err", At + 1)) {
      bool Begins = At == 0 || Name[At - 1] == '_' || Name[At] == 'E';
      bool Ends = At + 3 == Name.size() || Name[At + 3] == '_' ||
                  (Name[At + 3] >= 'A' && Name[At + 3] <= 'Z');
      if (Begins && Ends)
        return true;
    }
    return false;
  };
  if (const auto *Typedef = Type->getAs<TypedefType>())
    if (Names(Typedef->getDecl()->getName()))
      return true;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return false;
  // Those that carry an error, or something else, are no errors themselves.
  if (const ErrorTypeModel *Row = Index.error(Record))
    if (Row->Verdict != ErrorVerdict::Contents)
      return true;
  auto OfClass = [&](const CXXRecordDecl *Class) {
    return Class->getIdentifier() &&
           (Names(Class->getName()) ||
            (isInStd(Class) && Class->getName() == "exception"));
  };
  if (OfClass(Record))
    return true;
  bool Found = false;
  if (Record->hasDefinition())
    Record->forallBases([&](const CXXRecordDecl *Base) {
      Found |= OfClass(Base);
      return true;
    });
  return Found;
}

bool isErrorArgument(QualType Type, const HandedObject &Object,
                     const ASTContext &Context) {
  for (QualType Whole : Object.Inside) {
    const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        Whole->getAsCXXRecordDecl());
    if (!Special || Special->getTemplateArgs().size() < 2)
      continue;
    std::string Name = Special->getName().lower();
    const TemplateArgument &Arg = Special->getTemplateArgs()[1];
    if (Arg.getKind() == TemplateArgument::Type &&
        Context.hasSameUnqualifiedType(Arg.getAsType(), Type))
      for (llvm::StringRef Word : {"expected", "outcome", "result", "either"})
        if (Name.find(Word) != Name.npos)
          return true;
  }
  return false;
}

namespace {

bool isThreadBound(const SendVerdict &Verdict) {
  return Verdict.IsGuard || Verdict.Domain == Confinement::Thread ||
         Verdict.Domain == Confinement::Apartment;
}

/// Handles that can be copied without touching anything.
bool isPlainHandle(QualType Type) {
  if (Type->isPointerType())
    return true;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record && Record->hasDefinition() &&
         Record->getDefinition()->hasTrivialDestructor() && !Record->isLambda();
}

class CrossingFinder {
public:
  CrossingFinder(Session &Unit, const CrossingOptions &Options)
      : Unit(Unit), Options(Options) {}

  std::vector<Crossing> run() {
    for (const FunctionDecl *Function : Unit.Code.Functions)
      inFunction(Function);
    dropRepeated();
    return std::move(Found);
  }

private:
  void inFunction(const FunctionDecl *Function);
  void atCall(const Expr *Call);
  void judge(const Expr *Call, unsigned Argument, const HopVerdict &Hop,
             HandedObject Object);
  bool judgeValue(Crossing &C);
  bool judgeReference(Crossing &C);
  bool judgeWeak(Crossing &C);
  bool holdsGuard(const HandedObject &Object) const;
  std::optional<OtherOwner> stayingOwner(const VarDecl *Moved,
                                         const Expr *Call) const;
  bool isSafeWrapper(QualType Type) const;
  const Expr *gotFrom(const Expr *Init) const;
  bool touches(Crossing &C, const std::optional<ObjectPath> &Path);
  void dropRepeated();

  Session &Unit;
  const CrossingOptions &Options;
  const FunctionDecl *Current = nullptr;
  std::vector<Crossing> Found;
};

void CrossingFinder::inFunction(const FunctionDecl *Function) {
  Current = Function;
  auto visit = [&](const Stmt *Part) {
    visitEvaluated(Part, [&](const Stmt *S) {
      if (const auto *E = dyn_cast<Expr>(S))
        if (isa<CallExpr, CXXConstructExpr>(E))
          atCall(E);
      return true;
    });
  };
  visit(visibleBody(Function));
  if (const auto *Constructor =
          dyn_cast<CXXConstructorDecl>(Function->getDefinition()))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      if (Init->isWritten() || Init->isInClassMemberInitializer())
        visit(Init->getInit());
}

/// Whether the function belongs to the library that the other is of. Libraries
/// of one family are apart ("boost::asio").
static bool isOfSameLibrary(const FunctionDecl *Function,
                            const FunctionDecl *Other) {
  if (!Other || Function->getDeclContext()
                    ->getEnclosingNamespaceContext()
                    ->isTranslationUnit())
    return false;
  std::string Own = publicName(Function), Its = publicName(Other);
  llvm::SmallVector<llvm::StringRef, 6> OwnParts, ItsParts;
  llvm::StringRef(Own).split(OwnParts, "::");
  llvm::StringRef(Its).split(ItsParts, "::");
  size_t Shared = OwnParts.front() == "boost" ? 2 : 1;
  return OwnParts.size() > Shared && ItsParts.size() > Shared &&
         std::equal(OwnParts.begin(), OwnParts.begin() + Shared,
                    ItsParts.begin());
}

void CrossingFinder::atCall(const Expr *Call) {
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call))
    if (Construct->getConstructor()->isCopyOrMoveConstructor())
      return;
  llvm::ArrayRef<const Expr *> Args = argumentsOf(Call);
  for (unsigned I = 0; I != Args.size(); ++I) {
    const Expr *Bare = stripForwarding(Args[I]);
    QualType Type = Bare->getType();
    if (isa<CXXDefaultArgExpr>(Args[I]) ||
        !(Type->isRecordType() || Type->isPointerType()) ||
        isa<StringLiteral>(Bare))
      continue;
    HopVerdict Hop = Unit.Hops.argument(Call, I);
    bool Goes = Hop.Where == RunsOn::Elsewhere ||
                (Options.UnknownExecutors && Hop.IsUnknownExecutor);
    // What a promise is given, unless this function asks for it itself.
    if (!Goes && Hop.Row && Hop.Row->Payload == SinkPayload::Value &&
        Hop.Row->Hops == Hopping::Maybe &&
        llvm::StringRef(calleeName(dyn_cast<CallExpr>(Call))).contains("et") &&
        !promiseStaysHere(Call, Current)) {
      Hop.Why = "'" + Hop.Row->Function +
                "' gives it to whoever waits for the promise (model '" +
                Hop.Row->From.Library + "')";
      Goes = true;
    }
    if (!Goes && Hop.Where == RunsOn::Unknown) {
      Hop = Unit.Hops.message(Call, I);
      Goes = Hop.Where == RunsOn::Elsewhere;
    }
    // A library keeps the promises of its model in its own way.
    if (!Goes || (Hop.Row && isOfSameLibrary(Current, calleeOf(Call))))
      continue;
    for (HandedObject &Object : handedOver(Args[I], Unit.Context)) {
      bindTask(Args, I, Object);
      judge(Call, I, Hop, std::move(Object));
    }
  }
}

void CrossingFinder::judge(const Expr *Call, unsigned Argument,
                           const HopVerdict &Hop, HandedObject Object) {
  if (Object.Type.isNull() || Object.Type->isDependentType())
    return;
  // Put into what makes it fit to go: seastar::foreign_ptr.
  if (llvm::any_of(Object.Inside,
                   [&](QualType Whole) { return isSafeWrapper(Whole); }))
    return;
  Crossing C;
  C.Function = Current;
  C.Call = Call;
  C.Argument = Argument;
  C.Hop = Hop;
  C.Object = std::move(Object);
  bool Crosses =
      C.Object.By == HandedBy::Reference || C.Object.By == HandedBy::This
          ? judgeReference(C)
          : judgeValue(C);
  if (!Crosses)
    return;
  // Whose caller the object really comes from.
  if (C.Object.Source)
    if (auto Path = resolveObject(C.Object.Source))
      C.Through = dyn_cast_or_null<ParmVarDecl>(Path->Root);
  Found.push_back(std::move(C));
}

bool CrossingFinder::isSafeWrapper(QualType Type) const {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || isInStd(Record) || Unit.Sends.of(Type).isConfined())
    return false;
  const ConfinedTypeModel *Row = Unit.Index.ConfinedTypes.find(Type);
  return (Row && Row->Safe) || findAnnotation(Type, Annotation::Sendable);
}

/// Whether the guard in the object holds anything when it is handed over.
bool CrossingFinder::holdsGuard(const HandedObject &Object) const {
  auto Leaves = Unit.Guards.guardsIn(Object.Type);
  if (Leaves.empty())
    return true;
  GuardArming Arming(Unit.Guards,
                     [](const ObjectPath &) { return std::optional<bool>(); });
  const Expr *Bare = Object.Source ? stripForwarding(Object.Source) : nullptr;
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(Bare);
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Var) {
    if (Object.By != HandedBy::Made)
      return true;
    return llvm::any_of(Leaves, [&](const GuardLeaf &Leaf) {
      return Arming.arms(Object.Source, Leaf);
    });
  }
  if (isa<ParmVarDecl>(Var) || !Var->isLocalVarDecl())
    return true;
  bool Holds = llvm::any_of(Leaves, [&](const GuardLeaf &Leaf) {
    return Arming.arms(Var->getInit(), Leaf);
  });
  // What the last call on it before the hand-over does.
  const SourceManager &SM = Unit.Context.getSourceManager();
  visitEvaluated(visibleBody(Current), [&](const Stmt *S) {
    const auto *Member = dyn_cast<CXXMemberCallExpr>(S);
    if (!Member || !SM.isBeforeInTranslationUnit(Member->getExprLoc(),
                                                 Object.Source->getExprLoc()))
      return true;
    const auto *On = dyn_cast<DeclRefExpr>(
        stripForwarding(Member->getImplicitObjectArgument()));
    if (!On || On->getDecl() != Var)
      return true;
    if (isOneOf(calleeName(Member), {"unlock", "release", "reset", "end",
                                     "exit", "close", "dismiss"}))
      Holds = false;
    else if (isOneOf(calleeName(Member), {"lock", "emplace"}))
      Holds = true;
    return true;
  });
  return Holds;
}

/// The confined handle that a free function is given to get another from:
/// 'lua_newthread(L)'. Null for other expressions.
const Expr *CrossingFinder::gotFrom(const Expr *Init) const {
  const auto *Call = dyn_cast_or_null<CallExpr>(stripForwarding(Init));
  if (!Call || isa<CXXMemberCallExpr, CXXOperatorCallExpr>(Call))
    return nullptr;
  const SendVerdict &Own = Unit.Sends.of(Call->getType());
  for (const Expr *Arg : Call->arguments()) {
    QualType Type = stripForwarding(Arg)->getType();
    if (Own.isConfined() && isPlainHandle(Type) &&
        Unit.Sends.of(Type).isConfined() &&
        Unit.Context.hasSameUnqualifiedType(Type.getNonReferenceType(),
                                            Call->getType()) &&
        resolveObject(Arg))
      return Arg;
  }
  return nullptr;
}

/// Another owner of what the moved variable owns: it was copied from one, or
/// was copied to one before.
std::optional<OtherOwner> CrossingFinder::stayingOwner(const VarDecl *Moved,
                                                       const Expr *Call) const {
  if (!Moved || Moved->getType()->isReferenceType())
    return std::nullopt;
  auto copied = [&](const Expr *E) -> const Expr * {
    const auto *Construct = dyn_cast<CXXConstructExpr>(stripWrapping(E));
    if (Construct && Construct->getConstructor()->isCopyConstructor() &&
        Construct->getNumArgs() >= 1 &&
        stripWrapping(Construct->getArg(0))->isLValue())
      return Construct->getArg(0);
    return nullptr;
  };
  if (!isa<ParmVarDecl>(Moved) && Moved->hasInit())
    if (const Expr *From = copied(Moved->getInit())) {
      OtherOwner Owner = ownerOf(From);
      const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(From));
      // Not one that was moved away itself.
      if (Owner.K != OtherOwner::None && (!Ref || Ref->getDecl() != Moved))
        return Owner;
    }
  // A copy of it in a variable, member or container that stays.
  std::optional<OtherOwner> Stays;
  const SourceManager &SM = Unit.Context.getSourceManager();
  auto isMoved = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripWrapping(E));
    return Ref && Ref->getDecl() == Moved;
  };
  visitEvaluated(visibleBody(Current), [&](const Stmt *S) {
    if (const auto *E = dyn_cast<Expr>(S);
        E &&
        !SM.isBeforeInTranslationUnit(E->getBeginLoc(), Call->getBeginLoc()))
      return false;
    if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D);
            Var && Var != Moved && Var->hasInit())
          if (const Expr *From = copied(Var->getInit()); From && isMoved(From))
            Stays = OtherOwner{OtherOwner::Local, Var->getNameAsString(),
                               Var->getLocation()};
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2) {
        const Expr *From = Operator->getArg(1);
        if (const Expr *Inner = copied(From))
          From = Inner;
        if (isMoved(From) && stripWrapping(From)->isLValue())
          Stays = ownerOf(Operator->getArg(0));
      }
    } else if (const auto *Member = dyn_cast<CXXMemberCallExpr>(S)) {
      if (isOneOf(calleeName(Member),
                  {"push_back", "emplace_back", "insert", "emplace", "push"}))
        for (const Expr *Arg : Member->arguments()) {
          const Expr *From = copied(Arg) ? copied(Arg) : Arg;
          if (isMoved(From) && stripWrapping(From)->isLValue())
            Stays = ownerOf(Member->getImplicitObjectArgument());
        }
    }
    return true;
  });
  return Stays;
}

/// Fills in what the sender does with the object before it has waited for the
/// task; false if it does nothing.
bool CrossingFinder::touches(Crossing &C,
                             const std::optional<ObjectPath> &Path) {
  llvm::SmallVector<const Expr *, 4> Given;
  for (const Expr *Arg : argumentsOf(C.Call))
    for (const HandedObject &Object : handedOver(Arg, Unit.Context))
      if (Object.Source)
        Given.push_back(Object.Source);
  // An object that cannot be told is touched when the function ends.
  ObjectPath Elsewhere;
  Elsewhere.Root = Current;
  C.Touch = touchBeforeJoin(Current, C.Call, Path ? *Path : Elsewhere, Given,
                            Unit.Context);
  return C.Touch.has_value();
}

bool CrossingFinder::judgeValue(Crossing &C) {
  HandedObject &Object = C.Object;
  const SendVerdict &Verdict = Unit.Sends.of(Object.Type);
  // A plain pointer to an object that has a confined part.
  if (!Verdict.isConfined() && Object.Type->isPointerType() &&
      Object.By != HandedBy::Made) {
    Object.Type = Object.Type->getPointeeType();
    return judgeReference(C);
  }
  if (!Verdict.isConfined())
    return judgeWeak(C);
  // An error in a message is the other check's.
  auto isError = [&](QualType Type) {
    return isErrorType(Type, Unit.Index) ||
           isErrorArgument(Type, Object, Unit.Context);
  };
  if ((C.Hop.IsMessage ||
       (C.Hop.Row && C.Hop.Row->Payload == SinkPayload::Value)) &&
      (isError(Object.Type) || llvm::any_of(Object.Inside, isError)))
    return false;
  C.Verdict = &Verdict;
  if (Verdict.IsGuard)
    return holdsGuard(Object);
  std::optional<std::optional<TaskUse>> Known;
  auto useInTask = [&] {
    if (!Known)
      Known = findTaskUse(Object.TaskBody, Object.InTask, Unit.Sends,
                          Unit.Index, Unit.Guards);
    return *Known;
  };
  // A task that takes the interpreter lock before it uses a plain handle.
  if (Verdict.Domain == Confinement::Gil && isPlainHandle(Object.Type) &&
      Object.TaskBody && Object.InTask && !useInTask())
    return false;
  // The copy is the task's own.
  if (Verdict.CopyOk &&
      (Object.By == HandedBy::Copy || Object.By == HandedBy::Made))
    return false;
  // One task at a time, and this thread waits for it.
  if (C.Hop.Blocks && !C.Hop.Concurrent && !isThreadBound(Verdict))
    return false;
  // Behind a pointer, a part of the object must be touched.
  if (Verdict.Steps.size() >= 2 &&
      Verdict.Steps.front().K == SendStep::Pointee && Object.TaskBody &&
      Object.InTask) {
    C.Use = useInTask();
    if (!C.Use)
      return false;
  }
  const Expr *Bare = Object.Source ? stripForwarding(Object.Source) : nullptr;
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(Bare);
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  std::optional<ObjectPath> Path = Bare ? resolveObject(Bare) : std::nullopt;

  if (Object.KeptIn && Object.By != HandedBy::Copy) {
    // The callable has been copied, and with it what it owns.
    C.Owner = {OtherOwner::Local, Object.KeptIn->getNameAsString(),
               Object.KeptIn->getLocation()};
    ObjectPath Keeper;
    Keeper.Root = Object.KeptIn->getCanonicalDecl();
    return C.Hop.Concurrent || touches(C, Keeper);
  }

  if (Object.By == HandedBy::Made) {
    if (Object.Type->isPointerType() && Verdict.MoveOk) {
      if (!Bare || isFreshObject(Bare, Unit.Sends) || !isa<CallExpr>(Bare))
        return false;
      C.Owner.K = OtherOwner::Unknown;
      return touches(C, std::nullopt);
    }
    if (Verdict.MoveOk)
      return false;
    // Made here, for use there.
    return isThreadBound(Verdict) || touches(C, std::nullopt);
  }

  if (Object.By == HandedBy::Move) {
    if (Verdict.MoveOk) {
      auto Stays = stayingOwner(Var, C.Call);
      if (!Stays)
        return false;
      C.Owner = *Stays;
      return touches(C, std::nullopt);
    }
    C.Owner.K = OtherOwner::None;
    return isThreadBound(Verdict) || touches(C, Path);
  }

  C.Owner = ownerOf(Bare);
  if (C.Hop.Concurrent || isThreadBound(Verdict)) {
    if (isPlainHandle(Object.Type) && Object.TaskBody && Object.InTask) {
      C.Use = useInTask();
      if (!C.Use)
        return false;
    }
    // Made here and not touched again: given away.
    if (Verdict.MoveOk && Var && Var->isLocalVarDecl() &&
        isFreshObject(Var->getInit(), Unit.Sends) && !C.Hop.Concurrent)
      return touches(C, Path) && C.Touch->K == SenderTouch::Use;
    touches(C, Path);
    return true;
  }
  if (isPlainHandle(Object.Type) && Var && Var->isLocalVarDecl() &&
      !Var->getType()->isReferenceType()) {
    if (touches(C, Path) && C.Touch->K == SenderTouch::Use)
      return true;
    if (isFreshObject(Var->getInit(), Unit.Sends))
      return false;
    // Got from another handle of the same thing: a coroutine of a virtual
    // machine is the machine.
    if (const Expr *From = gotFrom(Var->getInit())) {
      C.Owner = ownerOf(From);
      if (touches(C, resolveObject(From)) && C.Touch->K == SenderTouch::Use)
        return true;
    }
    C.Owner.K = OtherOwner::Unknown;
    return touches(C, std::nullopt);
  }
  return touches(C, Path);
}

/// A weak pointer that is only carried is none of ours; what the task does with
/// the object once it has locked it is.
bool CrossingFinder::judgeWeak(Crossing &C) {
  const HandedObject &Object = C.Object;
  const CXXRecordDecl *Record = Object.Type->getAsCXXRecordDecl();
  if (!Record || !Record->getIdentifier() || !Object.TaskBody ||
      !Object.InTask || Record->getName() != "weak_ptr")
    return false;
  const VarDecl *Locked = nullptr;
  visitEvaluated(Object.TaskBody, [&](const Stmt *S) {
    if (const auto *Declares = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declares->decls()) {
        const auto *Var = dyn_cast<VarDecl>(D);
        const auto *Call =
            Var && Var->hasInit()
                ? dyn_cast<CXXMemberCallExpr>(stripForwarding(Var->getInit()))
                : nullptr;
        if (!Call || calleeName(Call) != "lock")
          continue;
        const auto *On = dyn_cast<DeclRefExpr>(
            stripForwarding(Call->getImplicitObjectArgument()));
        if (On && On->getDecl() == Object.InTask)
          Locked = Var;
      }
    return true;
  });
  if (!Locked)
    return false;
  C.Use =
      findTaskUse(Object.TaskBody, Locked, Unit.Sends, Unit.Index, Unit.Guards);
  if (!C.Use || !C.Use->Verdict->isConfined() || C.Use->Verdict->IsGuard)
    return false;
  C.IsWeak = true;
  C.Verdict = C.Use->Verdict;
  C.Owner.K = OtherOwner::Unknown;
  return C.Hop.Concurrent || isThreadBound(*C.Verdict) ||
         touches(C, std::nullopt);
}

bool CrossingFinder::judgeReference(Crossing &C) {
  HandedObject &Object = C.Object;
  QualType Type = Object.Type;
  const SendVerdict &Verdict = Unit.Sends.of(Type);
  if (!Object.TaskBody)
    return false;
  // What is confined may lie behind a reference that the object has.
  if (!Verdict.isConfined()) {
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    if (!Record || !Record->hasDefinition() || Record->isLambda() ||
        Verdict.K == SendVerdict::Unknown ||
        Unit.Context.getSourceManager().isInSystemHeader(
            Record->getLocation()) ||
        locksForItself(Record->getDefinition()) ||
        findAnnotation(Type, Annotation::Sendable))
      return false;
  }
  C.Verdict = &Verdict;
  if (Verdict.IsGuard && Verdict.Steps.empty()) {
    // Somebody else's guard; ending it over there is what is wrong.
    const CXXMemberCallExpr *Ends = nullptr;
    visitEvaluated(Object.TaskBody, [&](const Stmt *S) {
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(S))
        if (const auto *On = dyn_cast<DeclRefExpr>(
                stripForwarding(Member->getImplicitObjectArgument())))
          if (On->getDecl() == Object.InTask &&
              isOneOf(calleeName(Member), {"unlock", "release", "reset", "end",
                                           "End", "exit", "close"}))
            Ends = Member;
      return true;
    });
    if (!Ends || calleeName(Ends) == "release")
      return false;
    C.Use = TaskUse{Ends->getExprLoc(), Object.Name, Type, nullptr, &Verdict};
    return holdsGuard(Object);
  }
  if (C.Hop.Blocks && !C.Hop.Concurrent && !isThreadBound(Verdict))
    return false;
  C.Use = findTaskUse(Object.TaskBody, Object.InTask, Unit.Sends, Unit.Index,
                      Unit.Guards);
  if (!C.Use)
    return false;
  const SendVerdict &Used = *C.Use->Verdict;
  C.Verdict = &Used;
  if (Used.IsGuard)
    return false;
  C.Owner = Object.Source ? ownerOf(Object.Source) : OtherOwner();
  std::optional<ObjectPath> Path =
      Object.Source ? resolveObject(Object.Source) : std::nullopt;
  if (Object.By == HandedBy::This) {
    Path = ObjectPath();
    C.Owner.K = OtherOwner::Member;
    if (C.Use->Field) {
      Path->Fields.push_back(C.Use->Field->getCanonicalDecl());
      C.Owner.Name = C.Use->Field->getNameAsString();
    }
  }
  if (C.Hop.Concurrent || isThreadBound(Used)) {
    bool Touched = touches(C, Path);
    return !Object.IsGlobal || (Touched && C.Touch->K == SenderTouch::Use);
  }
  if (!touches(C, Path) || (Object.IsGlobal && C.Touch->K != SenderTouch::Use))
    return false;
  // A thread of the object's own may be the only one that uses its members.
  if (Object.By == HandedBy::This && C.Touch->K == SenderTouch::Return &&
      isa<CXXConstructExpr>(C.Call) && C.Use->Field) {
    const auto *Class = dyn_cast<CXXRecordDecl>(C.Use->Field->getParent());
    if (!Class)
      return false;
    const auto *Now = dyn_cast<CXXMethodDecl>(Current);
    std::optional<SourceLocation> Other;
    for (const CXXMethodDecl *Method : Class->methods()) {
      const Stmt *Body = visibleBody(Method);
      if (!Body || isa<CXXConstructorDecl, CXXDestructorDecl>(Method) ||
          Body == Object.TaskBody ||
          (Now && Method->getCanonicalDecl() == Now->getCanonicalDecl()) ||
          Method->getAccess() == AS_private)
        continue;
      visitEvaluated(Body, [&](const Stmt *S) {
        if (const auto *Member = dyn_cast<MemberExpr>(S))
          if (Member->getMemberDecl()->getCanonicalDecl() ==
              C.Use->Field->getCanonicalDecl())
            Other = Member->getExprLoc();
        return true;
      });
    }
    if (!Other)
      return false;
    C.Touch = SenderTouch{SenderTouch::Use, *Other};
  }
  return true;
}

/// The same object is often seen twice: in a function that hands its parameter
/// over, and in the function's callers.
void CrossingFinder::dropRepeated() {
  auto ChosenByCaller = [](const ParmVarDecl *Param) {
    const auto *Function = cast<FunctionDecl>(Param->getDeclContext());
    const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
    unsigned Index = Param->getFunctionScopeIndex();
    if (!Pattern || Function->isVariadic())
      return false;
    // Packs change the numbers; what is after one is taken to be of it.
    if (Index >= Pattern->getNumParams())
      return true;
    for (unsigned I = 0; I <= Index; ++I)
      if (Pattern->getParamDecl(I)->isParameterPack())
        return true;
    return Pattern->getParamDecl(Index)->getType()->isDependentType();
  };
  llvm::SmallPtrSet<const ParmVarDecl *, 8> InCallee;
  for (const Crossing &C : Found)
    if (C.Through && !ChosenByCaller(C.Through))
      InCallee.insert(C.Through);
  llvm::SmallPtrSet<const ParmVarDecl *, 8> AtCaller;
  for (const Crossing &C : Found)
    if (const FunctionDecl *Callee = calleeOf(C.Call))
      if (const FunctionDecl *Definition = Callee->getDefinition())
        if (C.Argument < Definition->getNumParams())
          AtCaller.insert(Definition->getParamDecl(C.Argument));
  llvm::erase_if(Found, [&](const Crossing &C) {
    if (C.Through && ChosenByCaller(C.Through) && AtCaller.contains(C.Through))
      return true;
    if (const FunctionDecl *Callee = calleeOf(C.Call))
      if (const FunctionDecl *Definition = Callee->getDefinition())
        if (C.Argument < Definition->getNumParams())
          return InCallee.contains(Definition->getParamDecl(C.Argument));
    return false;
  });
}

} // namespace

std::vector<Crossing> findCrossings(Session &Unit,
                                    const CrossingOptions &Options) {
  return CrossingFinder(Unit, Options).run();
}

} // namespace threadhop
