//===--- ThreadLocalAddresses.cpp - addresses kept too long ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ThreadLocalAddresses.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/BitVector.h"
#include <deque>
#include <map>

using namespace clang;

namespace threadhop {
namespace {

const VarDecl *storageOf(const Expr *E, unsigned Depth);
const VarDecl *pointeeOf(const Expr *E, unsigned Depth);

/// The thread_local that one of the function's return statements names.
const VarDecl *returned(const FunctionDecl *Function, unsigned Depth,
                        const VarDecl *(*Of)(const Expr *, unsigned)) {
  const Stmt *Body = visibleBody(Function);
  const VarDecl *Result = nullptr;
  if (Body && !isa<CoroutineBodyStmt>(Body))
    visitEvaluated(Body, [&](const Stmt *S) {
      if (const auto *Return = dyn_cast<ReturnStmt>(S))
        if (Return->getRetValue() && !Result)
          Result = Of(Return->getRetValue(), Depth - 1);
      return true;
    });
  return Result;
}

const Expr *skipNoOps(const Expr *E) {
  for (;;) {
    const Expr *Inner = E->IgnoreParens();
    if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(Inner))
      Inner = Cleanups->getSubExpr();
    else if (const auto *Cast = dyn_cast<CastExpr>(Inner);
             Cast && Cast->getCastKind() != CK_LValueToRValue &&
             Cast->getCastKind() != CK_ArrayToPointerDecay)
      Inner = Cast->getSubExpr();
    if (Inner == E)
      return E;
    E = Inner;
  }
}

bool isElementAccess(llvm::StringRef Name) {
  return isOneOf(Name, {"at", "front", "back", "value", "top"});
}

/// The thread_local that the lvalue lies in.
const VarDecl *storageOf(const Expr *E, unsigned Depth) {
  if (!E || !Depth)
    return nullptr;
  E = skipNoOps(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Var)
      return nullptr;
    if (Var->getTLSKind() != VarDecl::TLS_None)
      return Var->getType()->isReferenceType() ? nullptr : Var;
    if (Var->isLocalVarDecl() && Var->getType()->isReferenceType() &&
        Var->hasInit())
      return storageOf(Var->getInit(), Depth - 1);
    return nullptr;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Var = dyn_cast<VarDecl>(Member->getMemberDecl()))
      return Var->getTLSKind() != VarDecl::TLS_None ? Var : nullptr;
    return Member->isArrow() ? pointeeOf(Member->getBase(), Depth - 1)
                             : storageOf(Member->getBase(), Depth - 1);
  }
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E))
    return pointeeOf(Index->getBase(), Depth - 1);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_Deref)
      return pointeeOf(Unary->getSubExpr(), Depth - 1);
    return nullptr;
  }
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    if (const VarDecl *Var = storageOf(Choice->getTrueExpr(), Depth - 1))
      return Var;
    return storageOf(Choice->getFalseExpr(), Depth - 1);
  }
  if (!E->isGLValue())
    return nullptr;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    // An element of a thread's own container, the value in its optional.
    const FunctionDecl *Callee = Operator->getDirectCallee();
    if (Operator->getOperator() == OO_Subscript && Callee && isInStd(Callee))
      return storageOf(Operator->getArg(0), Depth - 1);
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
    if (Call->getMethodDecl() && isInStd(Call->getMethodDecl()) &&
        isElementAccess(calleeName(Call)))
      return storageOf(Call->getImplicitObjectArgument(), Depth - 1);
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (Call->getNumArgs() == 1 &&
        (isStdCall(Call, "move") || isStdCall(Call, "as_const") ||
         isStdCall(Call, "forward") || isStdCall(Call, "get")))
      return storageOf(Call->getArg(0), Depth - 1);
    return returned(Call->getDirectCallee(), Depth, storageOf);
  }
  return nullptr;
}

/// The thread_local that the pointer value points into.
const VarDecl *pointeeOf(const Expr *E, unsigned Depth) {
  if (!E || !Depth)
    return nullptr;
  E = skipNoOps(E);
  if (const auto *Cast = dyn_cast<CastExpr>(E)) {
    if (Cast->getCastKind() == CK_ArrayToPointerDecay)
      return storageOf(Cast->getSubExpr(), Depth - 1);
    // The value of a local pointer that was set once.
    const auto *Ref =
        dyn_cast<DeclRefExpr>(Cast->getSubExpr()->IgnoreParens());
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (Var && Var->isLocalVarDecl() && Var->hasInit() &&
        Var->getTLSKind() == VarDecl::TLS_None)
      return pointeeOf(Var->getInit(), Depth - 1);
    return nullptr;
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_AddrOf)
      return storageOf(Unary->getSubExpr(), Depth - 1);
    return nullptr;
  }
  if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (!Binary->isAdditiveOp())
      return nullptr;
    const Expr *Side = Binary->getLHS()->getType()->isPointerType()
                           ? Binary->getLHS()
                           : Binary->getRHS();
    return pointeeOf(Side, Depth - 1);
  }
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    if (const VarDecl *Var = pointeeOf(Choice->getTrueExpr(), Depth - 1))
      return Var;
    return pointeeOf(Choice->getFalseExpr(), Depth - 1);
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
    if (Call->getMethodDecl() && isInStd(Call->getMethodDecl()) &&
        isOneOf(calleeName(Call), {"data", "c_str", "begin"}))
      return storageOf(Call->getImplicitObjectArgument(), Depth - 1);
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (isStdCall(Call, "addressof") && Call->getNumArgs() == 1)
      return storageOf(Call->getArg(0), Depth - 1);
    return returned(Call->getDirectCallee(), Depth, pointeeOf);
  }
  return nullptr;
}

constexpr unsigned MaxDepth = 10;

/// The thread_local whose address the variable gets from the initialiser.
const VarDecl *addressIn(const VarDecl *Var, const Expr *Init) {
  if (!Init)
    return nullptr;
  QualType Type = Var->getType();
  if (Type->isReferenceType())
    return storageOf(Init, MaxDepth);
  if (Type->isPointerType())
    return pointeeOf(Init, MaxDepth);
  return nullptr;
}

/// What a range-for iterates over is kept in implicit variables.
const Expr *rangeOf(const CXXForRangeStmt *Loop) {
  return Loop->getRangeInit();
}

struct Holder {
  const VarDecl *Var;
  const VarDecl *Target;
  const CXXForRangeStmt *Loop = nullptr;
};

/// May-state of one holder: it has the address; it has had it since before one
/// of these suspensions.
struct State {
  llvm::BitVector Holds;
  std::vector<llvm::BitVector> Since;

  bool merge(const State &Other) {
    bool Changed = false;
    auto join = [&](llvm::BitVector &Into, const llvm::BitVector &From) {
      llvm::BitVector Before = Into;
      Into |= From;
      Changed |= Before != Into;
    };
    join(Holds, Other.Holds);
    for (size_t I = 0; I != Since.size(); ++I)
      join(Since[I], Other.Since[I]);
    return Changed;
  }
};

class Analyzer {
public:
  Analyzer(const FunctionDecl *Function, const Suspensions &Points,
           const ASTContext &Context)
      : Function(Function), Points(Points), Context(Context) {}

  std::vector<StaleAddress> run();

private:
  void collect();
  void element(const CFGElement &Element, State &Current);
  void use(const Expr *E, State &Current);
  std::optional<size_t> holderOf(const ValueDecl *D) const;
  void reset(size_t I, State &Current, bool Holds) {
    Holds ? Current.Holds.set(I) : Current.Holds.reset(I);
    Current.Since[I].reset();
  }

  const FunctionDecl *Function;
  const Suspensions &Points;
  const ASTContext &Context;
  std::vector<Holder> Holders;
  llvm::SmallPtrSet<const Stmt *, 8> Assigned;
  /// The suspensions and the first use found for each holder.
  std::vector<llvm::BitVector> FoundAt;
  std::vector<SourceLocation> FoundUse;
};

void Analyzer::collect() {
  // A pointer may get the address later than where it is declared.
  std::map<const VarDecl *, const VarDecl *> Targets;
  std::vector<const VarDecl *> Order;
  auto note = [&](const VarDecl *Var, const VarDecl *Target) {
    if (Target && Targets.try_emplace(Var, Target).second)
      Order.push_back(Var);
  };
  visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
    if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          if (Var->isLocalVarDecl() && !Var->isStaticLocal() &&
              !Var->isImplicit())
            note(Var, addressIn(Var, Var->getInit()));
    } else if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
      if (Assign->getOpcode() != BO_Assign)
        return true;
      const auto *Ref = dyn_cast<DeclRefExpr>(Assign->getLHS()->IgnoreParens());
      if (!Ref)
        return true;
      Assigned.insert(Ref);
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        if (Var->isLocalVarDecl() && !Var->isStaticLocal() &&
            Var->getType()->isPointerType())
          note(Var, addressIn(Var, Assign->getRHS()));
    } else if (const auto *Loop = dyn_cast<CXXForRangeStmt>(S)) {
      // The loop goes on with the iterator that it took at its start.
      if (const VarDecl *Target = storageOf(rangeOf(Loop), MaxDepth))
        if (const DeclStmt *Begin = Loop->getBeginStmt())
          Holders.push_back(
              {cast<VarDecl>(Begin->getSingleDecl()), Target, Loop});
    }
    return true;
  });
  for (const VarDecl *Var : Order)
    Holders.push_back({Var, Targets[Var], nullptr});
}

std::optional<size_t> Analyzer::holderOf(const ValueDecl *D) const {
  if (const auto *Binding = dyn_cast<BindingDecl>(D))
    D = dyn_cast<ValueDecl>(Binding->getDecomposedDecl());
  for (size_t I = 0; I != Holders.size(); ++I)
    if (Holders[I].Var == D)
      return I;
  return std::nullopt;
}

void Analyzer::use(const Expr *E, State &Current) {
  const auto *Ref = cast<DeclRefExpr>(E);
  auto I = holderOf(Ref->getDecl());
  if (!I || Current.Since[*I].none())
    return;
  // Setting a pointer uses nothing; assigning to a reference writes through it.
  if (Assigned.contains(Ref) &&
      !Holders[*I].Var->getType()->isReferenceType())
    return;
  FoundAt[*I] |= Current.Since[*I];
  const SourceManager &SM = Context.getSourceManager();
  SourceLocation Loc = Holders[*I].Loop ? Holders[*I].Loop->getForLoc()
                                        : Ref->getLocation();
  if (FoundUse[*I].isInvalid() ||
      SM.isBeforeInTranslationUnit(Loc, FoundUse[*I]))
    FoundUse[*I] = Loc;
}

void Analyzer::element(const CFGElement &Element, State &Current) {
  auto Statement = Element.getAs<CFGStmt>();
  if (!Statement)
    return;
  const Stmt *S = Statement->getStmt();
  if (isa<DeclRefExpr>(S)) {
    use(cast<Expr>(S), Current);
  } else if (const auto *Declares = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declares->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D))
        if (auto I = holderOf(Var))
          reset(*I, Current,
                Holders[*I].Loop || addressIn(Var, Var->getInit()));
  } else if (const auto *Assign = dyn_cast<BinaryOperator>(S)) {
    if (Assign->getOpcode() != BO_Assign)
      return;
    const auto *Ref = dyn_cast<DeclRefExpr>(Assign->getLHS()->IgnoreParens());
    if (auto I = Ref ? holderOf(Ref->getDecl()) : std::nullopt)
      if (!Holders[*I].Var->getType()->isReferenceType())
        reset(*I, Current, addressIn(Holders[*I].Var, Assign->getRHS()));
  }
  // After everything that the expression itself evaluates first.
  if (const auto *E = dyn_cast<Expr>(S))
    if (const SuspensionPoint *Point = Points.at(E)) {
      if (Point->Resumes.Where == Resumption::SameThread)
        return;
      size_t Number = Point - Points.points().data();
      for (unsigned I : Current.Holds.set_bits())
        Current.Since[I].set(Number);
    }
}

std::vector<StaleAddress> Analyzer::run() {
  collect();
  if (Holders.empty())
    return {};
  CFG::BuildOptions Options;
  Options.setAllAlwaysAdd();
  std::unique_ptr<CFG> Graph =
      CFG::buildCFG(Function, const_cast<Stmt *>(visibleBody(Function)),
                    const_cast<ASTContext *>(&Context), Options);
  if (!Graph)
    return {};
  const unsigned Count = Holders.size(), Width = Points.points().size();
  FoundAt.assign(Count, llvm::BitVector(Width));
  FoundUse.assign(Count, SourceLocation());
  State Empty{llvm::BitVector(Count), std::vector(Count, llvm::BitVector(Width))};
  std::map<const CFGBlock *, State> States{{&Graph->getEntry(), Empty}};
  std::deque<const CFGBlock *> Work{&Graph->getEntry()};
  while (!Work.empty()) {
    const CFGBlock *Block = Work.front();
    Work.pop_front();
    State Current = States.at(Block);
    for (const CFGElement &Element : *Block)
      this->element(Element, Current);
    for (const CFGBlock::AdjacentBlock &Next : Block->succs()) {
      const CFGBlock *Target = Next.getReachableBlock();
      if (!Target)
        continue;
      auto [It, New] = States.try_emplace(Target, Current);
      if (New || It->second.merge(Current))
        Work.push_back(Target);
    }
  }
  std::vector<StaleAddress> Stale;
  for (unsigned I = 0; I != Count; ++I) {
    if (FoundUse[I].isInvalid())
      continue;
    StaleAddress Result;
    Result.Holder = Holders[I].Var;
    Result.Variable = Holders[I].Target;
    Result.Loc = Holders[I].Var->getLocation();
    if (Holders[I].Loop)
      Result.Loc = rangeOf(Holders[I].Loop)->getExprLoc();
    else if (const auto *Bindings =
                 dyn_cast<DecompositionDecl>(Holders[I].Var)) {
      Result.Name = Bindings->bindings().front()->getNameAsString();
      Result.Loc = Bindings->bindings().front()->getLocation();
    } else
      Result.Name = Holders[I].Var->getNameAsString();
    for (unsigned P : FoundAt[I].set_bits())
      Result.At.push_back(Points.points()[P]);
    Result.Use = FoundUse[I];
    Stale.push_back(std::move(Result));
  }
  return Stale;
}

} // namespace

const VarDecl *threadLocalStorageOf(const Expr *E) {
  return storageOf(E, MaxDepth);
}

std::vector<StaleAddress> findStaleAddresses(const FunctionDecl *Function,
                                             const Suspensions &Points,
                                             const ASTContext &Context) {
  if (Points.points().empty() || !visibleBody(Function))
    return {};
  return Analyzer(Function->getDefinition(), Points, Context).run();
}

} // namespace threadhop
