//===--- LibraryWaiters.cpp - a library's objects for one waiter ----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/LibraryWaiters.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Syntax.h"
#include "analysis/WaiterFlow.h"
#include "analysis/WakerSlots.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;

namespace threadhop {
namespace {

/// One slot of the objects of a class: the class as it is written, and the
/// number of the slot in its row.
using SlotOfClass = std::pair<const CXXRecordDecl *, unsigned>;

struct Wait {
  const FunctionDecl *In;
  const Expr *Object;
  const Expr *Site;
};

class Finder {
public:
  explicit Finder(WaiterUnit &Unit) : Unit(Unit), Index(Unit.Analyses.Index) {}

  std::vector<SecondWaiter> find() {
    if (Index.WaiterSlots.empty())
      return {};
    for (const FunctionDecl *Function : Unit.Functions)
      visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
        if (const auto *Suspend = dyn_cast<CoroutineSuspendExpr>(S))
          awaited(Function, Suspend);
        else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S))
          called(Function, Call);
        return true;
      });
    std::vector<SecondWaiter> Found;
    for (auto &[Slot, Waits] : Slots)
      if (Waits.size() > 1 || isStartedAgain(Waits.front()))
        judge(Slot.first, Waits, Found);
    return Found;
  }

private:
  const WaiterSlotModel *rowOf(const CXXRecordDecl *Class) const {
    return Index.WaiterSlots.find(Class, /*Bases=*/true);
  }

  /// 'co_await object', or of what one of its functions returns. What is done
  /// with such a result otherwise may come one after the other.
  void awaited(const FunctionDecl *In, const CoroutineSuspendExpr *Suspend) {
    const Expr *Operand = stripForwarding(Suspend->getOperand());
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Operand))
      add(In, Call, Suspend);
    add(In, objectClass(Operand->getType()), "co_await", Operand, Suspend);
  }

  /// A call that waits itself. A plain function that blocks is over when it
  /// returns to its caller.
  void called(const FunctionDecl *In, const CXXMemberCallExpr *Call) {
    if (!Call->getType()->isRecordType() && isTask(In))
      add(In, Call, Call);
  }

  void add(const FunctionDecl *In, const CXXMemberCallExpr *Call,
           const Expr *Site) {
    const CXXMethodDecl *Method = Call->getMethodDecl();
    const Expr *Object = Call->getImplicitObjectArgument();
    if (Method && Method->getIdentifier())
      add(In, objectClass(Object->getType()), Method->getName(), Object, Site);
  }

  /// A lambda that is given to something that runs it beside the caller.
  bool isTask(const FunctionDecl *In) const {
    WaiterUnit::Place Lambda = Unit.lambdaAt(In);
    if (!Lambda.In)
      return false;
    const Stmt *Parent = Unit.paths(Lambda.In).parentOf(Lambda.E);
    while (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(Parent)) {
      if (Construct->getNumArgs() != 1)
        break;
      Parent = Unit.paths(Lambda.In).parentOf(Construct);
    }
    const auto *Given = dyn_cast_or_null<Expr>(Parent);
    if (!Given || !isa<CallExpr, CXXConstructExpr>(Given))
      return false;
    for (auto [Number, Arg] : llvm::enumerate(argumentsOf(Given)))
      if (stripForwarding(Arg) == Lambda.E) {
        HopVerdict Verdict = Unit.Analyses.Hops.argument(Given, Number);
        return Verdict.Where == RunsOn::Elsewhere ||
               (Verdict.Row && Verdict.Row->RunsInline != InlineRun::Always &&
                !Verdict.Blocks);
      }
    return false;
  }

  void add(const FunctionDecl *In, const CXXRecordDecl *Class,
           llvm::StringRef Name, const Expr *Object, const Expr *Site) {
    const WaiterSlotModel *Row = Class ? rowOf(Class) : nullptr;
    if (!Row)
      return;
    for (auto [Number, Names] : llvm::enumerate(Row->Waits))
      if (llvm::is_contained(Names, Name))
        Slots[SlotOfClass(patternOf(Class), Number)].push_back(
            {In, Object, Site});
  }

  /// One wait is two where its function is started twice.
  bool isStartedAgain(const Wait &Only) const {
    return isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Only.In)) ||
           !Unit.callsOf(Only.In).empty() || Unit.lambdaAt(Only.In).In;
  }

  void judge(const CXXRecordDecl *Class, llvm::ArrayRef<Wait> Waits,
             std::vector<SecondWaiter> &Found) {
    const WaiterSlotModel *Row = rowOf(Class);
    WaiterTrace Trace(Unit, /*Awaits=*/true, [&](const CallExpr *Call) {
      const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
      const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
      return Method && !Method->isConst() && !isWait(*Row, *Method) &&
             areRelated(patternOf(Method->getParent()), Class);
    });
    for (const Wait &W : Waits)
      Trace.wait(W.In, W.Object, W.Site);
    for (WaiterEvidence &Evidence : Trace.finishEach()) {
      if (!Evidence.StartedTogether)
        continue;
      SecondWaiter Second;
      Second.Row = Row;
      Second.Type = publicName(Class);
      Second.Evidence = std::move(Evidence);
      Found.push_back(std::move(Second));
    }
  }

  static bool isWait(const WaiterSlotModel &Row, const CXXMethodDecl &Method) {
    if (!Method.getIdentifier())
      return true;
    // What empties the object for the next round wakes nobody.
    if (isOneOf(Method.getName(), {"reset", "Reset", "clear"}))
      return true;
    return llvm::any_of(Row.Waits, [&](const auto &Names) {
      return llvm::is_contained(Names, Method.getName());
    });
  }

  WaiterUnit &Unit;
  const ModelIndex &Index;
  llvm::MapVector<SlotOfClass, std::vector<Wait>> Slots;
};

} // namespace

std::vector<SecondWaiter> findSecondWaiters(WaiterUnit &Unit) {
  return Finder(Unit).find();
}

} // namespace threadhop
