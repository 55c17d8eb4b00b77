//===--- OverwrittenWakers.cpp - waiters that a second one overwrites -----===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/OverwrittenWakers.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/SingleWaiter.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace threadhop {
namespace {

/// Reached from other translation units, as far as linkage and access go.
bool isReachable(const FunctionDecl *Function) {
  // As it is written: an argument of an instantiation may be local.
  Function = patternOf(Function);
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  // A class in a function is reached through what the function returns.
  if (Method)
    if (const auto *Around = dyn_cast_or_null<FunctionDecl>(
            Method->getParent()->getDeclContext()))
      return !Method->getParent()->isLambda() &&
             areRelated(Around->getReturnType()->getAsCXXRecordDecl(),
                        Method->getParent()) &&
             isReachable(Around);
  if (!Function->isExternallyVisible())
    return false;
  if (!Method)
    return true;
  return Method->getAccess() != AS_private;
}

/// The words that a function which waits has in its name.
bool isWaitingName(llvm::StringRef Name) {
  for (const char *Word :
       {"wait", "async_", "poll", "when_", "acquire", "recv", "receive", "park",
        "suspend", "register_waker", "register_waiter", "subscribe"})
    if (Name.contains_insensitive(Word))
      return true;
  return false;
}

/// A method that a poll-style object has: it takes a waker and tells whether
/// it is ready.
bool isPollStyle(const SlotStore &Store) {
  return !isAwaitSuspend(Store.Registers) && !Store.Initiated &&
         !Store.Registers->getReturnType()->isVoidType() &&
         Store.Kind != WaiterKind::Handle;
}

class Judge {
public:
  Judge(WaiterUnit &Unit) : Unit(Unit) {}

  std::optional<OverwrittenWaker> judge(SlotStore &Store) {
    if (!Store.Previous.Unhandled)
      return std::nullopt;
    const SlotPlace &Place = Store.Place;
    if (const CXXRecordDecl *Task = sharedTask(Store)) {
      OverwrittenWaker Found;
      Found.Store = Store;
      Found.IsLost = true;
      Found.Notes.push_back(sharedBy(Task, Place));
      return Found;
    }
    if (Place.Root == SlotPlace::Promise)
      return std::nullopt;
    // A variable is in no object.
    if (Place.Owner ? isPromiseType(Place.Owner) || isTask(Place.Owner)
                    : isa<FieldDecl>(Place.Slot))
      return std::nullopt;
    const bool Awaits = isAwaitSuspend(Store.Registers);
    const auto *Method = dyn_cast<CXXMethodDecl>(Store.Registers);
    const CXXRecordDecl *Class = Method ? Method->getParent() : nullptr;
    if (Awaits && (Unit.isProtocolAwaiter(Class) || isPromiseType(Class)))
      return std::nullopt;
    // A callback that is called again and again is no waiter.
    if (Store.Kind == WaiterKind::Callback || Store.Kind == WaiterKind::Promise)
      if (!isTakenOut(Place.Slot, Unit))
        return std::nullopt;
    if (Awaits && (!outlivesAwait(Store, Class) || isConsumed(Store, Class)))
      return std::nullopt;
    if (isAlsoChecked(Store) || isListLink(Place.Slot))
      return std::nullopt;

    OverwrittenWaker Found;
    Found.Store = Store;
    WaiterEvidence Evidence = findWaiters(Store, Unit);
    if (isAnnotatedSingleWaiter(Place.Slot) ||
        (Place.Owner && isAnnotatedSingleWaiter(Place.Owner)) ||
        (Class && isAnnotatedSingleWaiter(Class))) {
      // The contract binds those who wait.
      if (!Evidence.StartedTogether)
        return std::nullopt;
      Found.IsLost = true;
      Found.BrokenBy = Evidence.Second;
      Found.Notes = std::move(Evidence.Notes);
      return Found;
    }
    if (Evidence.Two) {
      Found.IsLost = true;
      Found.Notes = std::move(Evidence.Notes);
      return Found;
    }
    if (const CXXRecordDecl *Handle = copyableHandle(Store)) {
      Found.IsLost = true;
      Found.Notes.push_back(sharedBy(Handle, Place));
      return Found;
    }
    if (!wouldBeLost(Store, Evidence, Class))
      return std::nullopt;
    return Found;
  }

private:
  /// A pointer to objects that are linked by pointers of their own: the head,
  /// tail or link of a list.
  static bool isListLink(const ValueDecl *Slot) {
    QualType Type = Slot->getType();
    if (const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
            Type->getAsCXXRecordDecl());
        Special && isAtomicType(Type) && Special->getTemplateArgs().size() &&
        Special->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
      Type = Special->getTemplateArgs()[0].getAsType();
    if (!Type->isPointerType())
      return false;
    const CXXRecordDecl *Node = Type->getPointeeType()->getAsCXXRecordDecl();
    if (!Node || !Node->hasDefinition())
      return false;
    for (const FieldDecl *Field : Node->getDefinition()->fields())
      if (areRelated(objectClass(Field->getType()), Node))
        return true;
    return false;
  }

  static WaiterNote sharedBy(const CXXRecordDecl *Handle,
                             const SlotPlace &Place) {
    return {Handle->getLocation(),
            "'" + Handle->getNameAsString() +
                "' can be copied, and each copy registers in the same '" +
                Place.Owner->getNameAsString() + "'",
            false, false};
  }

  /// The task whose promise keeps the waiter, if it can be copied and its
  /// copies share the coroutine: each of them can be awaited. A handle that
  /// merely forgets to delete its copying is none.
  const CXXRecordDecl *sharedTask(const SlotStore &Store) {
    const SlotPlace &Place = Store.Place;
    if (!isAwaitSuspend(Store.Registers) || !Place.Owner ||
        !isa<FieldDecl>(Place.Slot) || !isPromiseType(Place.Owner))
      return nullptr;
    const auto *Method = cast<CXXMethodDecl>(Store.Registers);
    const CXXRecordDecl *Task = Method->getParent();
    if (Unit.isProtocolAwaiter(Task) || isPromiseType(Task) ||
        Method->getRefQualifier() == RQ_RValue || allFactoriesAreRvalue(Task))
      return nullptr;
    // The task is awaited itself, or makes the awaiter.
    auto Factories = Unit.factoriesOf(Task);
    if (!isTask(Task) && !Factories.empty())
      if (const auto *Maker =
              dyn_cast<CXXMethodDecl>(Factories.front().Function))
        Task = Maker->getParent();
    if (!isTask(Task) || !isCopyable(Task) || !sharesOwner(Task) ||
        isAlsoChecked(Store) || isListLink(Place.Slot) ||
        isAnnotatedSingleWaiter(Place.Slot) || isAnnotatedSingleWaiter(Task))
      return nullptr;
    return Task;
  }

  /// The copies of an object own something together: by a shared pointer, or by
  /// what its copy constructor does.
  static bool sharesOwner(const CXXRecordDecl *Record) {
    Record = Record->getDefinition();
    for (const CXXConstructorDecl *Constructor : Record->ctors())
      if (Constructor->isCopyConstructor() && Constructor->isUserProvided())
        return true;
    for (const FieldDecl *Field : Record->fields()) {
      const CXXRecordDecl *Type = Field->getType()->getAsCXXRecordDecl();
      if (Type && Type->getIdentifier() &&
          Type->getName().ends_with_insensitive("ptr") && isCopyable(Type))
        return true;
    }
    return false;
  }

  /// Parts of a library that its users do not name.
  static bool isInternal(const NamedDecl *Owner) {
    for (const DeclContext *In = Owner->getDeclContext(); In;
         In = In->getParent())
      if (const auto *Space = dyn_cast<NamespaceDecl>(In))
        if (Space->getIdentifier() &&
            isOneOf(Space->getName(), {"detail", "details", "impl", "internal",
                                       "_detail", "detail_", "__detail"}))
          return true;
    return false;
  }

  /// The class is, or is the state of, a coroutine: one awaiter by type.
  bool isTask(const CXXRecordDecl *Owner) const {
    for (const Decl *D : Owner->decls()) {
      const auto *Named = dyn_cast<NamedDecl>(D);
      if (Named && Named->getIdentifier() && Named->getName() == "promise_type")
        return true;
    }
    return false;
  }

  /// The slot is not part of what is made for this one await.
  bool outlivesAwait(const SlotStore &Store, const CXXRecordDecl *Class) {
    const SlotPlace &Place = Store.Place;
    if (Place.Unique && !Place.Shared)
      return false;
    if (Place.Indirect)
      return true;
    if (Place.Root != SlotPlace::This)
      return true;
    return awaitedAs(Class, Place.Slot, Unit) == AwaitedAs::Object;
  }

  /// await_ready, or the function that makes the awaiter, looks at the slot.
  bool isAlsoChecked(const SlotStore &Store) {
    if (!isAwaitSuspend(Store.Registers))
      return false;
    const CXXRecordDecl *Class =
        cast<CXXMethodDecl>(Store.Registers)->getParent();
    auto looks = [&](const FunctionDecl *Function) {
      for (const SlotUseAt &Use : usesOfSlot(Function, Store.Place.Slot, Unit))
        if (Use.Use == SlotUse::Test || Use.Use == SlotUse::Take)
          return true;
      return false;
    };
    for (const CXXMethodDecl *Method : Class->methods())
      if (Method->getIdentifier() && Method->getName() == "await_ready" &&
          visibleBody(Method) && looks(Method->getDefinition()))
        return true;
    for (const WaiterUnit::Factory &Factory : Unit.factoriesOf(Class))
      if (looks(Factory.Function))
        return true;
    return false;
  }

  /// The functions that make the awaiter, if there are any to be seen.
  bool allFactoriesAreRvalue(const CXXRecordDecl *Class) const {
    auto Factories = Unit.factoriesOf(Class);
    if (Factories.empty())
      return false;
    return llvm::all_of(Factories, [](const WaiterUnit::Factory &Factory) {
      return consumedBy(Factory.Function) != nullptr;
    });
  }

  /// The class of the object that the function takes as an rvalue: its own, or
  /// that of a parameter. Null if it takes none so.
  static const CXXRecordDecl *consumedBy(const FunctionDecl *Factory) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Factory);
    if (Method && Method->getRefQualifier() == RQ_RValue)
      return Method->getParent();
    for (const ParmVarDecl *Param : Factory->parameters())
      if (Param->getType()->isRValueReferenceType())
        return Param->getType()->getPointeeCXXRecordDecl();
    return nullptr;
  }

  /// The slot's object is awaited as an rvalue: an operation for one await.
  bool isConsumed(const SlotStore &Store, const CXXRecordDecl *Class) const {
    return allFactoriesAreRvalue(Class) &&
           llvm::all_of(Unit.factoriesOf(Class),
                        [&](const WaiterUnit::Factory &Factory) {
                          return areRelated(consumedBy(Factory.Function),
                                            Store.Place.Owner);
                        });
  }

  /// The class of the handles that share the slot's object: those who wait
  /// have a copy each.
  const CXXRecordDecl *copyableHandle(const SlotStore &Store) const {
    const SlotPlace &Place = Store.Place;
    if (!Place.Shared || Place.Root != SlotPlace::This)
      return nullptr;
    const auto *Method = dyn_cast<CXXMethodDecl>(Store.Registers);
    if (!Method)
      return nullptr;
    const CXXRecordDecl *Handle = Method->getParent();
    if (isAwaitSuspend(Method)) {
      if (allFactoriesAreRvalue(Handle))
        return nullptr;
      auto Factories = Unit.factoriesOf(Handle);
      // The awaiter is made by the handle.
      for (const WaiterUnit::Factory &Factory : Factories) {
        const auto *Maker = dyn_cast<CXXMethodDecl>(Factory.Function);
        if (!Maker || Maker->getParent()->isLambda() ||
            isPromiseType(Maker->getParent()))
          return nullptr;
        if (areRelated(Maker->getParent(), Place.Owner))
          return nullptr;
        return isCopyable(Maker->getParent()) ? Maker->getParent() : nullptr;
      }
    }
    return isCopyable(Handle) ? Handle : nullptr;
  }

  bool wouldBeLost(const SlotStore &Store, const WaiterEvidence &Evidence,
                   const CXXRecordDecl *Class) {
    const SlotPlace &Place = Store.Place;
    // What nobody else can reach has the waiters that are to be seen.
    if (!isReachable(Store.Registers) ||
        (Place.Owner && !Place.Owner->isExternallyVisible()) ||
        isInternal(Place.Owner ? static_cast<const NamedDecl *>(Place.Owner)
                               : Store.Registers))
      return false;
    // Nor has an object that does not leave the unit.
    if (Evidence.AnySite && !Evidence.Open)
      return false;
    // A handle that cannot be copied is the only one who waits.
    if (Place.Shared)
      return false;
    const bool Awaits = isAwaitSuspend(Store.Registers);
    if (Awaits) {
      if (allFactoriesAreRvalue(Class))
        return false;
      // Made from an object that is awaited, not for the one operation.
      if (Place.Indirect && !isMadeFromOwner(Store, Class))
        return false;
    } else {
      // A function that is given a handle serves an awaiter, which is not to
      // be seen.
      if (Store.Kind == WaiterKind::Handle ||
          !Store.Registers->getIdentifier() ||
          !isWaitingName(Store.Registers->getName()))
        return false;
      const auto *Method = dyn_cast<CXXMethodDecl>(Store.Registers);
      // A poll-style object with one owner keeps the newest waker.
      if (isPollStyle(Store) && (!Method || !Method->isConst()))
        return false;
    }
    llvm::SmallVector<const NamedDecl *, 8> Said{Place.Slot, Store.Registers,
                                                 Store.In};
    if (Place.Owner)
      Said.push_back(Place.Owner);
    if (Class) {
      Said.push_back(Class);
      for (const WaiterUnit::Factory &Factory : Unit.factoriesOf(Class))
        Said.push_back(Factory.Function);
    }
    return !statesSingleWaiter(Said, Unit.Context);
  }

  /// The awaiter comes from a member function of the slot's object, from its
  /// operator co_await, or from a function that is given the object by
  /// reference.
  bool isMadeFromOwner(const SlotStore &Store,
                       const CXXRecordDecl *Class) const {
    for (const WaiterUnit::Factory &Factory : Unit.factoriesOf(Class)) {
      if (const auto *Method = dyn_cast<CXXMethodDecl>(Factory.Function))
        if (areRelated(Method->getParent(), Store.Place.Owner))
          return true;
      for (const ParmVarDecl *Param : Factory.Function->parameters())
        if (Param->getType()->isReferenceType() &&
            areRelated(objectClass(Param->getType()), Store.Place.Owner))
          return true;
    }
    if (!Unit.factoriesOf(Class).empty())
      return false;
    // A handle on the object that is awaited itself.
    return areRelated(dyn_cast<CXXRecordDecl>(Class->getDeclContext()),
                      Store.Place.Owner) ||
           isMadeByAll(Store, Class);
  }

  /// Several coroutines make such awaiters where they await them, of an object
  /// that each of them was given.
  bool isMadeByAll(const SlotStore &Store, const CXXRecordDecl *Class) const {
    llvm::SmallPtrSet<const Decl *, 4> Awaiting;
    for (const WaiterUnit::Await &Await : Unit.Awaits) {
      if (!Await.In || !areRelated(Await.Suspend->getParent(), Class))
        continue;
      const Expr *Made = stripForwarding(Await.E->getCommonExpr());
      llvm::ArrayRef<const Expr *> Given;
      if (const auto *List = dyn_cast<InitListExpr>(Made))
        Given = {List->getInits(), List->getNumInits()};
      else if (isa<CXXConstructExpr>(Made))
        Given = argumentsOf(Made);
      for (const Expr *Part : Given)
        if (areRelated(objectClass(stripForwarding(Part)->getType()),
                       Store.Place.Owner) &&
            isGiven(Part))
          Awaiting.insert(patternOf(Await.In));
    }
    return Awaiting.size() > 1;
  }

  /// The expression names what a reference or pointer parameter leads to.
  static bool isGiven(const Expr *E) {
    auto Path = resolveObject(E);
    const auto *Param =
        Path ? dyn_cast_or_null<ParmVarDecl>(Path->Root) : nullptr;
    return Param && (Param->getType()->isReferenceType() ||
                     Param->getType()->isPointerType());
  }

  WaiterUnit &Unit;
};

} // namespace

std::vector<OverwrittenWaker> findOverwrittenWakers(WaiterUnit &Unit) {
  std::vector<OverwrittenWaker> Found;
  Judge J(Unit);
  for (SlotStore &Store : findSlotStores(Unit))
    if (auto Result = J.judge(Store))
      Found.push_back(std::move(*Result));
  return Found;
}

} // namespace threadhop
