//===--- FrameCrossings.cpp - confined objects in coroutine frames --------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule 4B: an await that comes back on another thread takes the frame there,
// and with it what the coroutine's parameters and locals own.
//
//===----------------------------------------------------------------------===//

#include "analysis/Crossings.h"
#include "analysis/ObjectPath.h"
#include "analysis/Session.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <deque>

using namespace clang;

namespace threadhop {
namespace {

/// The lvalue that the initialiser or argument copies, or the handle it is.
const Expr *copiedFrom(const Expr *E) {
  const Expr *Bare = stripWrapping(E);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Bare)) {
    if (!Construct->getConstructor()->isCopyConstructor() ||
        Construct->getNumArgs() < 1)
      return nullptr;
    const Expr *From = stripWrapping(Construct->getArg(0));
    return From->isLValue() ? From : nullptr;
  }
  if (Bare->getType()->isPointerType() && Bare->isLValue())
    return Bare;
  return nullptr;
}

/// Whether the object that is copied stays with somebody who outlives the
/// coroutine's next await: a member, a global, what a reference or pointer
/// leads to.
bool staysBehind(const OtherOwner &Owner, const Expr *From) {
  if (Owner.K == OtherOwner::Member || Owner.K == OtherOwner::Global)
    return true;
  auto Path = resolveObject(From);
  const auto *Var = dyn_cast_or_null<VarDecl>(Path ? Path->Root : nullptr);
  return Var && (Var->getType()->isReferenceType() ||
                 (Var->getType()->isPointerType() && !Path->Fields.empty()));
}

class FrameFinder {
public:
  explicit FrameFinder(Session &Unit) : Unit(Unit) {}

  std::vector<FrameCrossing> run() {
    for (const FunctionDecl *Function : Unit.Suspendable)
      if (isa_and_nonnull<CoroutineBodyStmt>(visibleBody(Function)))
        inCoroutine(Function);
    return std::move(Found);
  }

private:
  void inCoroutine(const FunctionDecl *Function);
  std::optional<OtherOwner> ownerOfParameter(const FunctionDecl *Function,
                                             const ParmVarDecl *Param) const;
  bool usedAfter(const CFG &Graph, const SuspensionPoint &Hop,
                 const VarDecl *Var, bool HasEnd, FrameCrossing &Into) const;

  Session &Unit;
  std::vector<FrameCrossing> Found;
};

/// Somebody who passes a parameter from an object that outlives the call.
std::optional<OtherOwner>
FrameFinder::ownerOfParameter(const FunctionDecl *Function,
                              const ParmVarDecl *Param) const {
  unsigned Index = Param->getFunctionScopeIndex();
  std::optional<OtherOwner> Owner;
  for (const FunctionDecl *Caller : Unit.Code.Functions)
    visitEvaluated(visibleBody(Caller), [&](const Stmt *S) {
      const auto *Call = dyn_cast<CallExpr>(S);
      if (!Call || Owner)
        return !Owner;
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (!Callee || Callee->getCanonicalDecl() != Function->getCanonicalDecl())
        return true;
      const Expr *Arg = writtenArgument(Call, Index);
      const Expr *From = Arg ? copiedFrom(Arg) : nullptr;
      if (!From)
        return true;
      OtherOwner Candidate = ownerOf(From);
      Candidate.Loc = Arg->getExprLoc();
      if (staysBehind(Candidate, From))
        Owner = Candidate;
      return true;
    });
  return Owner;
}

bool FrameFinder::usedAfter(const CFG &Graph, const SuspensionPoint &Hop,
                            const VarDecl *Var, bool HasEnd,
                            FrameCrossing &Into) const {
  Suspensions Points(Into.Coroutine, Unit.Index, Unit.Resumptions);
  const CFGBlock *Start = nullptr;
  unsigned After = 0;
  for (const CFGBlock *Block : Graph)
    for (unsigned I = 0; I != Block->size(); ++I)
      if (auto S = (*Block)[I].getAs<CFGStmt>())
        if (S->getStmt() == Hop.E) {
          Start = Block;
          After = I + 1;
        }
  if (!Start)
    return false;
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  std::deque<std::pair<const CFGBlock *, unsigned>> Work{{Start, After}};
  bool Ends = false;
  while (!Work.empty()) {
    auto [Block, From] = Work.front();
    Work.pop_front();
    bool Stop = false;
    for (unsigned I = From; I != Block->size() && !Stop; ++I) {
      const CFGElement &Element = (*Block)[I];
      if (auto S = Element.getAs<CFGStmt>()) {
        // The next round of a loop has another object of that name.
        if (const auto *Declares = dyn_cast<DeclStmt>(S->getStmt()))
          Stop = llvm::is_contained(Declares->decls(), Var);
        const auto *E = dyn_cast<Expr>(S->getStmt());
        if (!E)
          continue;
        if (const auto *Ref = dyn_cast<DeclRefExpr>(E);
            Ref && Ref->getDecl() == Var) {
          Into.Use = Ref->getLocation();
          return true;
        }
        // An await that may come back to where the object belongs.
        if (isa<CoroutineSuspendExpr>(E) && E != Hop.E)
          if (const SuspensionPoint *Point = Points.at(E))
            Stop = Point->Resumes.Where == Resumption::SameThread ||
                   Point->Resumes.Where == Resumption::Unknown;
      } else if (auto End = Element.getAs<CFGAutomaticObjDtor>()) {
        if (End->getVarDecl() == Var && HasEnd) {
          Ends = true;
          Stop = true;
        }
      }
    }
    if (Stop)
      continue;
    // Parameters live as long as the frame.
    if (Block == &Graph.getExit())
      Ends |= HasEnd && isa<ParmVarDecl>(Var);
    for (const CFGBlock::AdjacentBlock &Next : Block->succs())
      if (const CFGBlock *To = Next.getReachableBlock())
        if (Seen.insert(To).second)
          Work.push_back({To, 0});
  }
  if (Ends)
    Into.Use = visibleBody(Into.Coroutine)->getEndLoc();
  return Ends;
}

void FrameFinder::inCoroutine(const FunctionDecl *Function) {
  Function = Function->getDefinition();
  Suspensions Points(Function, Unit.Index, Unit.Resumptions);
  llvm::SmallVector<const SuspensionPoint *, 2> Hops;
  for (const SuspensionPoint &Point : Points.points())
    if (Point.E && Point.Resumes.Where == Resumption::Elsewhere)
      Hops.push_back(&Point);
  if (Hops.empty())
    return;
  const Stmt *Body = visibleBody(Function);
  struct Candidate {
    const VarDecl *Var;
    const SendVerdict *Verdict;
    OtherOwner Owner;
  };
  llvm::SmallVector<Candidate, 4> Candidates;
  auto confined = [&](QualType Type) -> const SendVerdict * {
    const SendVerdict &Verdict = Unit.Sends.of(Type);
    // A live guard over an await is the guard check's.
    return Verdict.isConfined() && !Verdict.IsGuard && !Verdict.CopyOk
               ? &Verdict
               : nullptr;
  };
  for (const ParmVarDecl *Param : Function->parameters()) {
    QualType Type = Param->getType();
    const SendVerdict *Verdict = confined(Type.getNonReferenceType());
    if (!Verdict)
      continue;
    if (Type->isLValueReferenceType()) {
      OtherOwner Owner{OtherOwner::Parameter, Param->getNameAsString(),
                       Param->getLocation()};
      Candidates.push_back({Param, Verdict, Owner});
    } else if (auto Owner = ownerOfParameter(Function, Param)) {
      Candidates.push_back({Param, Verdict, *Owner});
    }
  }
  llvm::SmallPtrSet<const Decl *, 4> MovedAway;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *E = dyn_cast<Expr>(S))
      if (const Expr *Moved = movedOperand(E))
        if (const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Moved)))
          MovedAway.insert(Ref->getDecl());
    if (const auto *Declares = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D);
            Var && Var->hasLocalStorage() && Var->hasInit() &&
            !Var->getType()->isReferenceType())
          if (const SendVerdict *Verdict = confined(Var->getType()))
            if (const Expr *From = copiedFrom(Var->getInit())) {
              OtherOwner Owner = ownerOf(From);
              if (staysBehind(Owner, From))
                Candidates.push_back({Var, Verdict, Owner});
            }
    return true;
  });
  if (Candidates.empty())
    return;
  // The last thing that the source does to the variable before the hop is to
  // let go of what it holds.
  auto isEmptiedBefore = [&](const VarDecl *Var, SourceLocation Hop,
                             const Stmt *In) {
    const SourceManager &Sources = Unit.Context.getSourceManager();
    auto names = [&](const Expr *E) {
      const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(E));
      return Ref && Ref->getDecl() == Var;
    };
    bool Empty = false;
    visitEvaluated(In, [&](const Stmt *S) {
      const auto *E = dyn_cast<Expr>(S);
      if (!E || !Sources.isBeforeInTranslationUnit(E->getExprLoc(), Hop))
        return true;
      if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
          Call && names(Call->getImplicitObjectArgument()) &&
          calleeName(Call) == "reset")
        Empty = Call->getNumArgs() == 0;
      if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(E);
          Assign && Assign->getOperator() == OO_Equal &&
          names(Assign->getArg(0))) {
        const Expr *Value = stripForwarding(Assign->getArg(1));
        if (const auto *Construct = dyn_cast<CXXConstructExpr>(Value);
            Construct && Construct->getNumArgs() == 1)
          Value = stripForwarding(Construct->getArg(0));
        const auto *Construct = dyn_cast<CXXConstructExpr>(Value);
        const auto *List = dyn_cast<InitListExpr>(Value);
        Empty = isa<CXXNullPtrLiteralExpr>(Value) ||
                (Construct && !Construct->getNumArgs()) ||
                (List && !List->getNumInits());
      }
      return true;
    });
    return Empty;
  };
  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true;
  Options.AddTemporaryDtors = true;
  Options.setAllAlwaysAdd();
  std::unique_ptr<CFG> Graph =
      CFG::buildCFG(Function, const_cast<Stmt *>(Body), &Unit.Context, Options);
  if (!Graph)
    return;
  const SourceManager &SM = Unit.Context.getSourceManager();
  for (const Candidate &C : Candidates) {
    if (MovedAway.contains(C.Var))
      continue;
    for (const SuspensionPoint *Hop : Hops) {
      if (SM.isBeforeInTranslationUnit(Hop->Loc, C.Var->getLocation()) ||
          isEmptiedBefore(C.Var, Hop->Loc, Body))
        continue;
      FrameCrossing Crossing;
      Crossing.Coroutine = Function;
      Crossing.Variable = C.Var;
      Crossing.Verdict = C.Verdict;
      Crossing.Hop = Hop->Loc;
      Crossing.Why = Hop->Resumes.Why;
      Crossing.Owner = C.Owner;
      // The end of a handle that owns nothing touches nothing.
      QualType Type = C.Var->getType();
      const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
      bool HasEnd = Record && Record->hasDefinition() &&
                    !Record->getDefinition()->hasTrivialDestructor();
      if (usedAfter(*Graph, *Hop, C.Var, HasEnd, Crossing)) {
        Found.push_back(std::move(Crossing));
        break;
      }
    }
  }
}

} // namespace

std::vector<FrameCrossing> findFrameCrossings(Session &Unit) {
  return FrameFinder(Unit).run();
}

} // namespace threadhop
