//===--- FunctionPaths.cpp - the ways through a function ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/FunctionPaths.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/FoldingSet.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <map>

using namespace clang;

namespace threadhop {
namespace {

constexpr unsigned MaxPaths = 3000;
constexpr unsigned MaxEvents = 4000;

/// A condition that has the same value each time: it names only local
/// variables, members that are not atomic, and constants.
bool isSteady(const Stmt *Condition) {
  bool Steady = true;
  visitEvaluated(Condition, [&](const Stmt *S) {
    if (isa<CallExpr, CXXConstructExpr, CXXNewExpr, CoroutineSuspendExpr>(S))
      Steady = false;
    if (const auto *Unary = dyn_cast<UnaryOperator>(S))
      if (Unary->isIncrementDecrementOp())
        Steady = false;
    if (const auto *Binary = dyn_cast<BinaryOperator>(S))
      if (Binary->isAssignmentOp())
        Steady = false;
    return Steady;
  });
  return Steady;
}

} // namespace

FunctionPaths::FunctionPaths(const FunctionDecl *Function, ASTContext &Context)
    : Context(Context) {
  const Stmt *Body = visibleBody(Function);
  if (!Body)
    return;
  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true;
  Options.AddEHEdges = false;
  Options.PruneTriviallyFalseEdges = true;
  Options.setAllAlwaysAdd();
  Graph = CFG::buildCFG(Function->getDefinition(), const_cast<Stmt *>(Body),
                        &Context, Options);
  Parents = std::make_unique<ParentMap>(const_cast<Stmt *>(Body));
}

FunctionPaths::~FunctionPaths() = default;

const Stmt *FunctionPaths::parentOf(const Stmt *S) const {
  if (!Parents)
    return nullptr;
  const Stmt *Parent = Parents->getParent(S);
  while (Parent &&
         isa<ParenExpr, ImplicitCastExpr, MaterializeTemporaryExpr,
             CXXBindTemporaryExpr, ExprWithCleanups, ConstantExpr>(Parent))
    Parent = Parents->getParent(Parent);
  return Parent;
}

bool FunctionPaths::isDiscarded(const Expr *E) const {
  const Stmt *Parent = parentOf(E);
  if (!Parent ||
      isa<CompoundStmt, SwitchCase, LabelStmt, AttributedStmt>(Parent))
    return true;
  if (const auto *Cast = dyn_cast<ExplicitCastExpr>(Parent))
    return Cast->getType()->isVoidType();
  auto Within = [&](const Stmt *Part) {
    for (const Stmt *S = E; S && S != Parent; S = Parents->getParent(S))
      if (S == Part)
        return true;
    return false;
  };
  if (const auto *If = dyn_cast<IfStmt>(Parent))
    return Within(If->getThen()) || (If->getElse() && Within(If->getElse()));
  if (const auto *Loop = dyn_cast<WhileStmt>(Parent))
    return Within(Loop->getBody());
  if (const auto *Loop = dyn_cast<ForStmt>(Parent))
    return Within(Loop->getBody()) ||
           (Loop->getInc() && Within(Loop->getInc()));
  if (const auto *Loop = dyn_cast<CXXForRangeStmt>(Parent))
    return Within(Loop->getBody());
  if (const auto *Loop = dyn_cast<DoStmt>(Parent))
    return Within(Loop->getBody());
  if (const auto *Comma = dyn_cast<BinaryOperator>(Parent))
    return Comma->getOpcode() == BO_Comma && Within(Comma->getLHS());
  return false;
}

struct FunctionPaths::Walk {
  Walk(const FunctionPaths &Paths,
       llvm::function_ref<bool(const FunctionPath &)> Visit)
      : Paths(Paths), Visit(Visit) {}

  const FunctionPaths &Paths;
  llvm::function_ref<bool(const FunctionPath &)> Visit;
  FunctionPath Path;
  llvm::DenseMap<const CFGBlock *, unsigned> Visits;
  std::map<llvm::FoldingSetNodeID, bool> Known;
  unsigned Count = 0;
  bool Stopped = false;
  bool Complete = true;

  void block(const CFGBlock *Block) {
    if (Stopped)
      return;
    if (Block == &Paths.Graph->getExit()) {
      finish();
      return;
    }
    unsigned &Seen = Visits[Block];
    if (Seen == 2)
      return;
    if (Path.Events.size() > MaxEvents) {
      Complete = false;
      return;
    }
    ++Seen;
    size_t Before = Path.Events.size();
    const Expr *ReturnedBefore = Path.Returned;
    PathEnd EndBefore = Path.End;
    for (const CFGElement &Element : *Block) {
      PathEvent Event;
      Event.Block = Block;
      if (auto Statement = Element.getAs<CFGStmt>()) {
        Event.S = Statement->getStmt();
        if (const auto *Return = dyn_cast<ReturnStmt>(Event.S))
          Path.Returned = Return->getRetValue();
        if (isa<CXXThrowExpr>(Event.S))
          Path.End = PathEnd::Leave;
      } else if (auto Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
        Event.Kind = PathEvent::Destroy;
        Event.Var = Dtor->getVarDecl();
        Event.S = Dtor->getTriggerStmt();
      } else {
        continue;
      }
      Path.Events.push_back(Event);
    }
    if (Block->hasNoReturnElement())
      Path.End = PathEnd::Leave;
    successors(Block);
    Path.Events.resize(Before);
    Path.Returned = ReturnedBefore;
    Path.End = EndBefore;
    --Visits[Block];
  }

  void successors(const CFGBlock *Block) {
    const Stmt *Condition = Block->getTerminatorCondition();
    const Stmt *Terminator = Block->getTerminatorStmt();
    bool TwoWays = Condition && Block->succ_size() == 2 && Terminator &&
                   !isa<SwitchStmt, CXXTryStmt, CXXForRangeStmt>(Terminator);
    unsigned Way = 0;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs()) {
      bool Taken = Way++ == 0;
      const CFGBlock *Target = Next.getReachableBlock();
      if (!Target)
        continue;
      if (!Condition || Block->succ_size() < 2) {
        block(Target);
        continue;
      }
      PathEvent Event;
      Event.Kind = PathEvent::Branch;
      Event.S = Condition;
      Event.Taken = Taken;
      Event.IsSwitch = !TwoWays;
      Event.Block = Block;
      if (isa_and_nonnull<SwitchStmt>(Terminator))
        Event.Taken = false;
      if (!TwoWays || !isSteady(Condition)) {
        step(Event, Target);
        continue;
      }
      const Expr *Asked = stripWrapping(cast<Expr>(Condition));
      bool Value = Taken;
      while (const auto *Not = dyn_cast<UnaryOperator>(Asked)) {
        if (Not->getOpcode() != UO_LNot)
          break;
        Asked = stripWrapping(Not->getSubExpr());
        Value = !Value;
      }
      llvm::FoldingSetNodeID Id;
      Asked->Profile(Id, Paths.Context, /*Canonical=*/true);
      auto [It, New] = Known.try_emplace(Id, Value);
      if (!New && It->second != Value)
        continue;
      step(Event, Target);
      if (New)
        Known.erase(Id);
    }
  }

  void step(const PathEvent &Event, const CFGBlock *Target) {
    Path.Events.push_back(Event);
    block(Target);
    Path.Events.pop_back();
  }

  void finish() {
    if (++Count > MaxPaths) {
      Complete = false;
      Stopped = true;
      return;
    }
    if (!Visit(Path))
      Stopped = true;
  }
};

bool FunctionPaths::each(
    llvm::function_ref<bool(const FunctionPath &)> Visit) const {
  if (!Graph)
    return true;
  Walk W(*this, Visit);
  W.block(&Graph->getEntry());
  return W.Complete;
}

bool FunctionPaths::otherWayReaches(const PathEvent &Branch,
                                    const CFGBlock *Target) const {
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  llvm::SmallVector<const CFGBlock *, 8> Work;
  unsigned Way = 0;
  for (const CFGBlock::AdjacentBlock &Next : Branch.Block->succs()) {
    bool Taken = Way++ == 0;
    if (Taken != Branch.Taken)
      if (const CFGBlock *Other = Next.getReachableBlock())
        Work.push_back(Other);
  }
  while (!Work.empty()) {
    const CFGBlock *Block = Work.pop_back_val();
    // Coming back to the condition is another look at it.
    if (Block == Branch.Block || !Seen.insert(Block).second)
      continue;
    if (Block == Target)
      return true;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs())
      if (const CFGBlock *To = Next.getReachableBlock())
        Work.push_back(To);
  }
  return false;
}

} // namespace threadhop
