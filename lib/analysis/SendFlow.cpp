//===--- SendFlow.cpp - what happens after a send -----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/SendFlow.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "support/Compat.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <set>

using namespace clang;

namespace threadhop {
namespace {

/// The words of a name: snake_case, camelCase.
llvm::SmallVector<std::string> wordsOf(llvm::StringRef Name) {
  llvm::SmallVector<std::string> Words;
  std::string Word;
  auto flush = [&] {
    if (!Word.empty())
      Words.push_back(std::move(Word));
    Word.clear();
  };
  for (char C : Name) {
    if (!llvm::isAlpha(C)) {
      flush();
      continue;
    }
    if (llvm::isUpper(C))
      flush();
    Word += llvm::toLower(C);
  }
  flush();
  return Words;
}

bool saysWait(llvm::StringRef Name) {
  return llvm::any_of(wordsOf(Name), [](const std::string &Word) {
    return isOneOf(Word, {"wait",        "waits",      "join",    "joined",
                          "drain",       "drained",    "flush",   "sync",
                          "acquire",     "await",      "run",     "block",
                          "receive",     "recv",       "ack",     "barrier",
                          "arrive",      "reply",      "answer",  "response",
                          "synchronize", "rendezvous", "settle",  "quiesce",
                          "complete",    "finish",     "dequeue", "take",
                          "pop",         "consume",    "pull"});
  });
}

/// Sleeping, or going on elsewhere, says nothing about the receiver.
bool saysPause(llvm::StringRef Name) {
  return llvm::any_of(wordsOf(Name), [](const std::string &Word) {
    return isOneOf(Word, {"sleep", "yield", "delay", "timer", "timeout",
                          "schedule", "post", "dispatch", "defer"});
  });
}

bool isTimer(QualType Type) {
  const CXXRecordDecl *Record = classOf(Type);
  return Record && Record->getIdentifier() &&
         Record->getName().contains_insensitive("timer");
}

/// A std container's front and pop wait for nobody.
bool isPlainContainer(QualType Type) {
  const CXXRecordDecl *Record = classOf(Type);
  return Record && isInStd(Record) && Record->getIdentifier() &&
         isOneOf(Record->getName(),
                 {"deque", "queue", "list", "vector", "stack", "set", "map",
                  "priority_queue", "optional", "unordered_map",
                  "unordered_set", "basic_string"});
}

/// One of the calls that a co_await is made of: the await itself is judged.
bool isPartOfAwait(const CallExpr *Call) {
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
    return Operator->getOperator() == OO_Coawait;
  return isOneOf(calleeName(Call), {"await_transform", "await_ready",
                                    "await_suspend", "await_resume"});
}

bool isFutureLike(QualType Type) {
  const CXXRecordDecl *Record = classOf(Type);
  if (!Record || !Record->getIdentifier())
    return false;
  llvm::StringRef Name = Record->getName();
  for (llvm::StringRef Part :
       {"future", "task", "result", "async", "promise", "lazy", "handle"})
    if (Name.contains_insensitive(Part))
      return true;
  return false;
}

bool callWaits(const CallExpr *Call, Channels &All, const FunctionDecl *In,
               unsigned Depth) {
  ChannelOp Op = All.operation(Call, In);
  if (Op)
    return Op.receives() || saysWait(calleeName(Call)); // drain_wait
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return false;
  llvm::StringRef Name = calleeName(Call);
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    QualType Object = Member->getImplicitObjectArgument()->getType();
    if (isPlainContainer(Object) || isTimer(Object))
      return false;
    if (Name == "get")
      return isFutureLike(Object);
    // Another thread runs on here.
    if (Name == "async_wait" || Name == "async_receive")
      return true;
  }
  if (isInStd(Callee) && !isa<CXXMethodDecl>(Callee))
    return false;
  if (saysWait(Name))
    return true;
  if (isInStd(Callee))
    return false;
  return mayWait(Callee, All, Depth);
}

} // namespace

bool mayWait(const FunctionDecl *Function, Channels &All, unsigned Depth) {
  if (!Function)
    return false;
  if (Function->getIdentifier() && saysWait(Function->getName()))
    return true;
  const Stmt *Body = visibleBody(Function);
  if (!Body || !Depth ||
      All.Context.getSourceManager().isInSystemHeader(Function->getLocation()))
    return false;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
    if (All.ownMethod(Method).Action != ChannelAction::None)
      return false;
  bool Waits = false;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (Waits)
      return false;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      Waits = callWaits(Call, All, Function, Depth - 1);
    return !Waits;
  });
  return Waits;
}

bool endMayWait(QualType Type, Channels &All, unsigned Depth) {
  if (Type.isNull() || !Depth)
    return false;
  if (const ArrayType *Array = Type->getAsArrayTypeUnsafe())
    return endMayWait(Array->getElementType(), All, Depth - 1);
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  Record = Record->getDefinition();
  if (const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    if (isInStd(Special)) {
      if (Special->getName() == "future")
        return true; // That of std::async waits.
      for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray())
        if (Arg.getKind() == TemplateArgument::Type &&
            endMayWait(Arg.getAsType(), All, Depth - 1))
          return true;
      return false;
    }
  if (isInStd(Record))
    return Record->getIdentifier() && Record->getName() == "jthread";
  if (All.isChannel(recordType(All.Context, Record)))
    return false;
  if (const CXXDestructorDecl *End = Record->getDestructor())
    if (End->isUserProvided()) {
      // One whose body is elsewhere may do anything.
      if (!visibleBody(End) || mayWait(End, All))
        return true;
    }
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (endMayWait(Base.getType(), All, Depth - 1))
      return true;
  return llvm::any_of(Record->fields(), [&](const FieldDecl *Field) {
    return endMayWait(Field->getType(), All, Depth - 1);
  });
}

SendFlow::SendFlow(const FunctionDecl *Function, Channels &All)
    : Function(Function->getDefinition()), All(All) {
  const Stmt *Body = visibleBody(Function);
  if (!Body)
    return;
  CFG::BuildOptions Options;
  Options.setAllAlwaysAdd();
  Options.AddImplicitDtors = true;
  Options.AddLifetime = true;
  Graph = CFG::buildCFG(this->Function, const_cast<Stmt *>(Body), &All.Context,
                        Options);
  if (!Graph)
    return;
  for (const CFGBlock *Block : *Graph) {
    for (unsigned I = 0; I != Block->size(); ++I)
      if (auto S = (*Block)[I].getAs<CFGStmt>())
        Places.try_emplace(S->getStmt(), Block, I);
  }
  visitEvaluated(Body, [&](const Stmt *S) {
    const Expr *Condition = nullptr;
    if (const auto *Loop = dyn_cast<WhileStmt>(S))
      Condition = Loop->getCond();
    else if (const auto *Loop = dyn_cast<DoStmt>(S))
      Condition = Loop->getCond();
    else if (const auto *Loop = dyn_cast<ForStmt>(S))
      Condition = Loop->getCond();
    if (Condition)
      visitEvaluated(Condition, [&](const Stmt *Inner) {
        LoopConditions.insert(Inner);
        return true;
      });
    return true;
  });
}

bool SendFlow::waits(const CFGElement &Element) const {
  if (auto End = Element.getAs<CFGAutomaticObjDtor>())
    return endMayWait(End->getVarDecl()->getType(), All);
  auto Statement = Element.getAs<CFGStmt>();
  if (!Statement)
    return false;
  const Stmt *S = Statement->getStmt();
  if (const auto *Await = dyn_cast<CoawaitExpr>(S)) {
    if (Await->isImplicit())
      return false;
    const Expr *Operand = stripForwarding(Await->getOperand());
    ChannelOp Op = All.operation(Operand, Function);
    if (Op)
      return Op.receives();
    if (const auto *Call = dyn_cast<CallExpr>(Operand)) {
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
        if (isTimer(Member->getImplicitObjectArgument()->getType()))
          return false;
      return !saysPause(calleeName(Call));
    }
    return true;
  }
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call || isPartOfAwait(Call))
    return false;
  // 'while (!done.load())', and the conversion that '!done' is.
  if (LoopConditions.contains(Call))
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
      const CXXRecordDecl *Record =
          classOf(Member->getImplicitObjectArgument()->getType());
      if (Record && Record->getIdentifier() &&
          Record->getName().contains("atomic"))
        return true;
    }
  return callWaits(Call, All, Function, /*Depth=*/4);
}

/// Whether \p E is the result of the send, or a variable that keeps it.
static bool isResult(const Expr *E, const CallExpr *Sent) {
  E = stripForwarding(E);
  if (E == Sent)
    return true;
  if (const auto *Await = dyn_cast<CoawaitExpr>(E))
    return isResult(Await->getOperand(), Sent);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
      return Var->isLocalVarDecl() && Var->hasInit() &&
             isResult(Var->getInit(), Sent);
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
    return isResult(Call->getImplicitObjectArgument(), Sent);
  return false;
}

/// What the condition says of the send: true, it succeeded; false, it failed;
/// nothing if it speaks of something else. \p Unclear if it cannot be told.
static std::optional<bool> saysOfSend(const Expr *E, const CallExpr *Sent,
                                      bool &Unclear) {
  E = stripWrapping(E);
  if (const auto *Not = dyn_cast<UnaryOperator>(E))
    if (Not->getOpcode() == UO_LNot) {
      auto Inner = saysOfSend(Not->getSubExpr(), Sent, Unclear);
      return Inner ? std::optional(!*Inner) : std::nullopt;
    }
  if (isResult(E, Sent)) {
    if (stripForwarding(E)->getType()->isBooleanType())
      return true;
    Unclear = true;
    return std::nullopt;
  }
  const Expr *Left = nullptr, *Right = nullptr;
  bool Equal = false;
  if (const auto *Compare = dyn_cast<BinaryOperator>(E)) {
    if (Compare->isEqualityOp()) {
      Left = Compare->getLHS();
      Right = Compare->getRHS();
      Equal = Compare->getOpcode() == BO_EQ;
    }
  }
  if (!Left)
    return std::nullopt;
  if (!isResult(Left, Sent))
    std::swap(Left, Right);
  if (!isResult(Left, Sent))
    return std::nullopt;
  const auto *Ref = dyn_cast<DeclRefExpr>(stripForwarding(Right));
  if (Ref && isOneOf(Ref->getDecl()->getName(),
                     {"success", "ok", "Success", "Ok", "done", "sent"}))
    return Equal;
  if (const auto *Literal =
          dyn_cast<CXXBoolLiteralExpr>(stripForwarding(Right)))
    return Literal->getValue() == Equal;
  if (Ref && Equal)
    return false; // '== closed', '== full'
  Unclear = true;
  return std::nullopt;
}

bool SendFlow::feasible(const CFGBlock *Block, unsigned Successor,
                        const CallExpr *Sent) const {
  const Stmt *Condition = Block->getTerminatorCondition();
  const auto *E = dyn_cast_or_null<Expr>(Condition);
  if (!E || Block->succ_size() != 2 || !Sent)
    return true;
  bool Unclear = false;
  auto Says = saysOfSend(E, Sent, Unclear);
  if (Unclear)
    return false; // Nothing certain can be said of what follows.
  if (!Says)
    return true;
  return (Successor == 0) == *Says;
}

bool SendFlow::isWaitingLoop(const Stmt *S, const Stmt *From) const {
  const Stmt *Inside = nullptr;
  if (const auto *For = dyn_cast_or_null<ForStmt>(S))
    Inside = For->getBody();
  else if (const auto *While = dyn_cast_or_null<WhileStmt>(S))
    Inside = While->getBody();
  else if (const auto *Range = dyn_cast_or_null<CXXForRangeStmt>(S))
    Inside = Range->getBody();
  if (!Inside)
    return false;
  bool Waits = false, Holds = false;
  visitEvaluated(S, [&](const Stmt *Inner) {
    Holds |= Inner == From;
    return !Holds;
  });
  if (Holds)
    return false;
  visitEvaluated(Inside, [&](const Stmt *Inner) {
    Waits = Waits || waits(CFGStmt(Inner));
    return !Waits;
  });
  return Waits;
}

bool SendFlow::walk(const Stmt *From, const CallExpr *Sent, Visitor Visit,
                    bool *AtExit, const EdgeFilter &Edges) const {
  auto It = Places.find(From);
  if (!Graph || It == Places.end())
    return false;
  std::set<const CFGBlock *> Seen;
  std::vector<std::pair<const CFGBlock *, unsigned>> Work{
      {It->second.first, It->second.second + 1}};
  while (!Work.empty()) {
    auto [Block, First] = Work.back();
    Work.pop_back();
    bool Stopped = false;
    for (unsigned I = First; I < Block->size() && !Stopped; ++I) {
      switch (Visit((*Block)[I])) {
      case Step::Go:
        break;
      case Step::Stop:
        Stopped = true;
        break;
      case Step::Found:
        return true;
      }
    }
    if (Stopped)
      continue;
    if (Block == &Graph->getExit() && AtExit) {
      *AtExit = true;
      return true;
    }
    unsigned Number = 0;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs()) {
      unsigned Successor = Number++;
      const CFGBlock *Target = Next.getReachableBlock();
      if (Target && feasible(Block, Successor, Sent) &&
          !(Successor == 1 &&
            isWaitingLoop(Block->getTerminatorStmt(), From)) &&
          (!Edges || Edges(Block, Successor)) && Seen.insert(Target).second)
        Work.push_back({Target, 0});
    }
  }
  return false;
}

} // namespace threadhop
