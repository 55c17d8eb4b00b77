//===--- Joins.cpp - what a sender does before its task has ended ---------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Joins.h"
#include "analysis/Hops.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <deque>

using namespace clang;

namespace threadhop {
namespace {

bool isWaitName(llvm::StringRef Name) {
  if (Name.contains("_for") || Name.contains("_until") ||
      Name.starts_with("try"))
    return Name == "wait_for_all" || Name == "wait_for_tasks";
  return isOneOf(Name, {"join", "get", "acquire", "arrive_and_wait", "result",
                        "waitForFinished", "waitForDone", "down",
                        "run_and_wait", "Join", "blockingWait", "wait_and_pop",
                        "joinAll", "join_all"}) ||
         Name.starts_with("wait") || Name.starts_with("Wait") ||
         Name.starts_with("sync_wait") || Name.starts_with("syncWait");
}

/// Whether objects of the type wait in their destructors: jthread, containers
/// and owners of it.
bool joinsAtEnd(QualType Type, bool IsAsync, unsigned Depth = 4) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->getIdentifier() || !Depth)
    return false;
  llvm::StringRef Name = Record->getName();
  if (isOneOf(Name, {"jthread", "scoped_thread", "joining_thread",
                     "QFutureSynchronizer"}))
    return true;
  if (IsAsync && isOneOf(Name, {"future"}) && isInStd(Record))
    return true;
  if (const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray())
      if (Arg.getKind() == TemplateArgument::Type &&
          joinsAtEnd(Arg.getAsType(), IsAsync, Depth - 1))
        return true;
  return false;
}

class Window {
public:
  Window(const FunctionDecl *Function, const Expr *Hop,
         const ObjectPath &Object, const ASTContext &Context)
      : Function(Function), Body(visibleBody(Function)), Hop(Hop),
        Object(Object), Context(Context), Parents(const_cast<Stmt *>(Body)) {}

  std::optional<SenderTouch> run(llvm::ArrayRef<const Expr *> Given);

private:
  void collectJoinable(llvm::ArrayRef<const Expr *> Given);
  void add(const Expr *E) {
    if (auto Path = resolveObject(E))
      // Not *this as a whole, which everything lies in.
      if (Path->Root || !Path->Fields.empty())
        Joinable.push_back(*Path);
  }
  bool isJoinable(const Expr *E) const {
    auto Path = resolveObject(E);
    return Path && llvm::any_of(Joinable, [&](const ObjectPath &Of) {
             return Of.Root == Path->Root && Of.Fields == Path->Fields;
           });
  }
  void collectJoins();
  bool isWait(const Stmt *S) const;
  bool joinsInside(const Stmt *S) const;
  std::optional<SenderTouch> touch(const CFGElement &Element) const;
  bool joins(const CFGElement &Element) const;

  const FunctionDecl *Function;
  const Stmt *Body;
  const Expr *Hop;
  const ObjectPath &Object;
  const ASTContext &Context;
  ParentMap Parents;
  bool IsAsync = false;
  bool JoinedAtOnce = false;
  llvm::SmallVector<ObjectPath, 4> Joinable;
  llvm::SmallPtrSet<const Stmt *, 8> Joins;
};

void Window::collectJoinable(llvm::ArrayRef<const Expr *> Given) {
  const auto *HopCall = dyn_cast<CallExpr>(Hop);
  IsAsync = HopCall && isStdCall(HopCall, "async");
  for (const Expr *E : Given)
    add(E);
  // The executor, whether it is an argument or the object.
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Hop))
    add(Member->getImplicitObjectArgument());
  for (const Expr *Arg : argumentsOf(Hop))
    if (stripForwarding(Arg)->getType()->isRecordType())
      add(Arg);
  // Where the call's result goes.
  const Stmt *Child = Hop;
  for (const Stmt *Parent = Parents.getParent(Hop); Parent;
       Child = Parent, Parent = Parents.getParent(Parent)) {
    if (const auto *Declares = dyn_cast<DeclStmt>(Parent)) {
      for (const Decl *D : Declares->decls())
        if (const auto *Var = dyn_cast<VarDecl>(D))
          if (Var->hasInit()) {
            bool Within = false;
            visitEvaluated(Var->getInit(), [&](const Stmt *S) {
              Within |= S == Hop;
              return !Within;
            });
            if (Within) {
              ObjectPath Path;
              Path.Root = Var->getCanonicalDecl();
              Joinable.push_back(Path);
            }
          }
      break;
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent)) {
      if (Operator->getOperator() == OO_Equal && Operator->getArg(0) != Child)
        add(Operator->getArg(0));
      break;
    } else if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Parent)) {
      bool OnResult = Member->getCallee() == Child;
      if (OnResult && isWaitName(calleeName(Member)))
        JoinedAtOnce = true;
      if (!OnResult) {
        add(Member->getImplicitObjectArgument());
        break;
      }
    } else if (isa<CallExpr>(Parent)) {
      break;
    } else if (isa<CompoundStmt, LambdaExpr>(Parent)) {
      // The result is dropped: std::async's future waits in its destructor.
      JoinedAtOnce |= IsAsync;
      break;
    } else if (isa<ReturnStmt, CoreturnStmt>(Parent)) {
      break;
    }
  }
  // Futures of promises and tasks that went over, and elements of containers.
  for (unsigned Round = 0; Round != 2; ++Round)
    visitEvaluated(Body, [&](const Stmt *S) {
      if (const auto *Declares = dyn_cast<DeclStmt>(S))
        for (const Decl *D : Declares->decls()) {
          const auto *Var = dyn_cast<VarDecl>(D);
          if (!Var || !Var->hasInit())
            continue;
          const Expr *Init = stripForwarding(Var->getInit());
          if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init))
            if (Construct->getNumArgs() == 1)
              Init = stripForwarding(Construct->getArg(0));
          bool Follows = false;
          if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Init))
            Follows = isOneOf(calleeName(Member),
                              {"get_future", "future", "getFuture", "share",
                               "getSemiFuture", "get_token", "begin", "end"}) &&
                      isJoinable(Member->getImplicitObjectArgument());
          else
            Follows = isJoinable(Init) && !Var->getType()->isArithmeticType();
          if (Follows) {
            ObjectPath Path;
            Path.Root = Var->getCanonicalDecl();
            Joinable.push_back(Path);
          }
        }
      if (const auto *Range = dyn_cast<CXXForRangeStmt>(S))
        if (isJoinable(Range->getRangeInit())) {
          ObjectPath Path;
          Path.Root = Range->getLoopVariable()->getCanonicalDecl();
          Joinable.push_back(Path);
        }
      return true;
    });
}

bool Window::isWait(const Stmt *S) const {
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call)
    return false;
  llvm::StringRef Name = calleeName(Call);
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    const Expr *On = Member->getImplicitObjectArgument();
    if (Name == "clear" &&
        joinsAtEnd(On->getType().getNonReferenceType(), IsAsync))
      return isJoinable(On);
    if (!isWaitName(Name))
      return false;
    if (isJoinable(On))
      return true;
    // A condition variable is waited for with a lock; what it stands for is
    // not to be seen.
    return false;
  }
  if (isWaitName(Name) || Name.contains("join"))
    for (const Expr *Arg : Call->arguments())
      if (isJoinable(Arg))
        return true;
  // std::for_each over threads, with a lambda that joins each.
  bool Mentions = false, Waits = false;
  for (const Expr *Arg : Call->arguments()) {
    const Expr *Bare = stripForwarding(Arg);
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Bare))
      Mentions |= isJoinable(Member->getImplicitObjectArgument());
    Mentions |= isJoinable(Bare);
    if (const auto *Lambda = dyn_cast<LambdaExpr>(Bare))
      visitEvaluated(Lambda->getBody(), [&](const Stmt *Inner) {
        if (const auto *M = dyn_cast<CXXMemberCallExpr>(Inner))
          Waits |= isWaitName(calleeName(M));
        if (const auto *M = dyn_cast<CXXDependentScopeMemberExpr>(Inner))
          Waits |= isWaitName(M->getMember().getAsString());
        return true;
      });
  }
  return Mentions && Waits;
}

bool Window::joinsInside(const Stmt *S) const {
  bool Found = false;
  visitEvaluated(S, [&](const Stmt *Inner) {
    Found |= Joins.contains(Inner);
    return !Found;
  });
  return Found;
}

void Window::collectJoins() {
  visitEvaluated(Body, [&](const Stmt *S) {
    if (isWait(S))
      Joins.insert(S);
    return true;
  });
  // A loop over threads that joins each has joined all, however many there are.
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Range = dyn_cast<CXXForRangeStmt>(S)) {
      if (isJoinable(Range->getRangeInit()) && joinsInside(Range->getBody()))
        Joins.insert(stripWrapping(Range->getRangeInit()));
    } else if (const auto *For = dyn_cast<ForStmt>(S)) {
      if (For->getCond() && joinsInside(For->getBody()) &&
          !joinsInside(For->getCond())) {
        bool Starts = false;
        visitEvaluated(For->getBody(), [&](const Stmt *Inner) {
          Starts |= Inner == Hop;
          return true;
        });
        if (!Starts)
          Joins.insert(For->getCond());
      }
    }
    return true;
  });
}

bool Window::joins(const CFGElement &Element) const {
  if (auto S = Element.getAs<CFGStmt>())
    return Joins.contains(S->getStmt());
  if (auto End = Element.getAs<CFGAutomaticObjDtor>()) {
    const VarDecl *Var = End->getVarDecl();
    bool Handle = llvm::any_of(Joinable, [&](const ObjectPath &Path) {
      return Path.Root == Var->getCanonicalDecl() && Path.Fields.empty();
    });
    if (!Handle)
      return false;
    if (joinsAtEnd(Var->getType(), IsAsync))
      return true;
    // An executor of this function's own waits for its threads at the end; a
    // plain thread or another's future does not.
    if (Var->getType()->isReferenceType() || Var->getType()->isPointerType())
      return false;
    const CXXRecordDecl *Record = Var->getType()->getAsCXXRecordDecl();
    if (!Record || !Record->getIdentifier())
      return false;
    std::string Name = Record->getName().lower();
    return Name.find("pool") != Name.npos || Name.find("group") != Name.npos ||
           Name.find("arena") != Name.npos ||
           Name.find("executor") != Name.npos;
  }
  return false;
}

std::optional<SenderTouch> Window::touch(const CFGElement &Element) const {
  if (auto End = Element.getAs<CFGAutomaticObjDtor>()) {
    const VarDecl *Var = End->getVarDecl();
    if (Object.Root == Var->getCanonicalDecl())
      return SenderTouch{SenderTouch::End, Var->getLocation()};
    return std::nullopt;
  }
  auto S = Element.getAs<CFGStmt>();
  const auto *E = S ? dyn_cast<Expr>(S->getStmt()) : nullptr;
  if (!E)
    return std::nullopt;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    for (const LambdaCapture &Capture : Lambda->captures()) {
      if (Capture.capturesVariable() &&
          Object.Root == Capture.getCapturedVar()->getCanonicalDecl())
        return SenderTouch{SenderTouch::Use, Capture.getLocation()};
    }
    return std::nullopt;
  }
  if (!isa<DeclRefExpr, MemberExpr>(E))
    return std::nullopt;
  // Of 'a.b.c' only the whole counts.
  if (const Stmt *Parent = Parents.getParent(E))
    if (const auto *Member = dyn_cast<MemberExpr>(Parent);
        Member && isa<FieldDecl>(Member->getMemberDecl()))
      return std::nullopt;
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    if (isa<CXXMethodDecl>(Member->getMemberDecl()))
      return std::nullopt;
  auto Path = resolveObject(E);
  if (!Path)
    return std::nullopt;
  if (!Path->Root && Path->Fields.empty())
    return std::nullopt; // A call on *this: not looked into.
  if (!Path->overlaps(Object))
    return std::nullopt;
  // A function of the object that holds it.
  if (Path->Fields.size() < Object.Fields.size())
    if (const Stmt *Parent =
            Parents.getParentIgnoreParenImpCasts(const_cast<Expr *>(E)))
      if (const auto *Member = dyn_cast<MemberExpr>(Parent))
        if (isa<CXXMethodDecl>(Member->getMemberDecl()))
          return std::nullopt;
  return SenderTouch{SenderTouch::Use, E->getExprLoc()};
}

std::optional<SenderTouch> Window::run(llvm::ArrayRef<const Expr *> Given) {
  if (!Body)
    return SenderTouch{SenderTouch::Return, Hop->getExprLoc()};
  collectJoinable(Given);
  if (JoinedAtOnce)
    return std::nullopt;
  collectJoins();
  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true;
  Options.AddTemporaryDtors = true;
  Options.AddInitializers = true;
  Options.setAllAlwaysAdd();
  std::unique_ptr<CFG> Graph =
      CFG::buildCFG(Function, const_cast<Stmt *>(Body),
                    const_cast<ASTContext *>(&Context), Options);
  const auto *Variable = dyn_cast_or_null<VarDecl>(Object.Root);
  // After the end, the callers' objects are touched by whoever has them.
  bool OutlivesCall = !Variable || !Variable->hasLocalStorage() ||
                      Variable->getType()->isReferenceType() ||
                      isa<ParmVarDecl>(Variable);
  SenderTouch AtReturn{SenderTouch::Return, Body->getEndLoc()};
  if (!Graph)
    return AtReturn;
  const CFGBlock *Start = nullptr;
  unsigned After = 0;
  for (const CFGBlock *Block : *Graph)
    for (unsigned I = 0; I != Block->size() && !Start; ++I)
      if (auto S = (*Block)[I].getAs<CFGStmt>())
        if (S->getStmt() == Hop) {
          Start = Block;
          After = I + 1;
        }
  if (!Start)
    return AtReturn;
  // Forward over the paths; a wait ends a path.
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  std::deque<std::pair<const CFGBlock *, unsigned>> Work{{Start, After}};
  std::optional<SenderTouch> Ended;
  while (!Work.empty()) {
    auto [Block, From] = Work.front();
    Work.pop_front();
    bool Joined = false;
    for (unsigned I = From; I != Block->size() && !Joined; ++I) {
      const CFGElement &Element = (*Block)[I];
      if (joins(Element)) {
        Joined = true;
        break;
      }
      if (auto Touch = touch(Element)) {
        // A use says more than the end of a scope.
        if (Touch->K == SenderTouch::Use)
          return Touch;
        if (!Ended)
          Ended = Touch;
      }
    }
    if (Joined)
      continue;
    if (Block == &Graph->getExit()) {
      if (OutlivesCall && !Ended)
        Ended = AtReturn;
      continue;
    }
    for (const CFGBlock::AdjacentBlock &Next : Block->succs())
      if (const CFGBlock *To = Next.getReachableBlock())
        if (Seen.insert(To).second)
          Work.push_back({To, 0});
  }
  return Ended;
}

} // namespace

std::optional<SenderTouch> touchBeforeJoin(const FunctionDecl *Function,
                                           const Expr *Hop,
                                           const ObjectPath &Object,
                                           llvm::ArrayRef<const Expr *> Given,
                                           const ASTContext &Context) {
  return Window(Function, Hop, Object, Context).run(Given);
}

} // namespace threadhop
