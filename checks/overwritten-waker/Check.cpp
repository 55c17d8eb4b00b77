//===--- overwritten-waker ------------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports a registration that stores a waiter in the only slot of an object
// without a look at the waiter that is there: that one is never woken.
//
// It *is* lost where the unit shows two waiters of one object, and *would be*
// lost where other code can reach the function and nothing says that one waiter
// is all there can be.
//
// Silent on purpose: slots of the awaiter itself, lists, the continuation of a
// task in its promise, and whatever checks, asserts, exchanges or wakes the
// previous waiter.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/HandlerSlots.h"
#include "analysis/OverwrittenWakers.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace threadhop {
namespace {

class OverwrittenWakerCheck : public Check {
public:
  OverwrittenWakerCheck(llvm::StringRef Name,
                        clang::tidy::ClangTidyContext *Context)
      : Check(Name, Context),
        RequireEvidence(Options.get("RequireEvidence", false)) {}

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override {
    Check::storeOptions(Opts);
    Options.store(Opts, "RequireEvidence", RequireEvidence);
  }

private:
  void analyze(Session &Unit) override;

  const bool RequireEvidence;
};

std::string nameOfWaiter(WaiterKind Kind) {
  switch (Kind) {
  case WaiterKind::Waker:
    return "waker";
  case WaiterKind::Callback:
    return "handler";
  case WaiterKind::Promise:
    return "promise";
  default:
    return "waiter";
  }
}

std::string fateOf(WaiterKind Kind) {
  switch (Kind) {
  case WaiterKind::Waker:
    return "its task is never woken";
  case WaiterKind::Callback:
    return "it is never called";
  case WaiterKind::Promise:
    return "it is never fulfilled";
  default:
    return "it is never resumed";
  }
}

Finding describe(const OverwrittenWaker &Lost) {
  const SlotStore &Store = Lost.Store;
  const ValueDecl *Slot = Store.Place.Slot;
  std::string Waiter = nameOfWaiter(Store.Kind);
  std::string Name = "'" + Slot->getNameAsString() + "'";
  Finding Found;
  Found.Loc = Store.Store->getExprLoc();
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Store.Store))
    Found.Loc = Operator->getArg(0)->getExprLoc();
  else if (const auto *Binary = dyn_cast<BinaryOperator>(Store.Store))
    Found.Loc = Binary->getLHS()->getExprLoc();
  Found.Range = Store.Store->getSourceRange();
  Found.Symbol = Slot->getNameAsString();
  Found.Function = Store.In->getQualifiedNameAsString();
  Found.Message = "the only slot " + Name + " for a " + Waiter;
  if (Store.Place.Owner)
    Found.Message += " of '" + Store.Place.Owner->getNameAsString() + "'";
  Found.Message += " is overwritten without a look at what is in it; ";
  if (Lost.IsLost)
    Found.Message +=
        "the earlier " + Waiter + " is lost: " + fateOf(Store.Kind);
  else
    Found.Message += "if a second " + Waiter + " comes before the first is " +
                     "woken, the first is lost: " + fateOf(Store.Kind);
  if (Store.Previous.StaleAfter.isValid()) {
    Found.Steps.push_back({Store.Previous.CheckedAt,
                           Name + " is looked at here", StepKind::Use, ""});
    Found.Steps.push_back(
        {Store.Previous.StaleAfter,
         "suspended here: another " + Waiter + " can register before the store",
         StepKind::Suspend, ""});
  }
  Found.Steps.push_back({Slot->getLocation(), Name + " keeps one " + Waiter,
                         StepKind::Create, ""});
  for (const Expr *Call : Store.Calls)
    Found.Steps.push_back(
        {Call->getExprLoc(), "stored there from here", StepKind::HandOver, ""});
  for (const WaiterNote &Note : Lost.Notes)
    Found.Steps.push_back({Note.Loc, Note.Message,
                           Note.Waits ? StepKind::Use : StepKind::Explain,
                           Note.Waits && Note.IsOther ? "another waiter" : ""});
  return Found;
}

Finding describe(const ReplacedHandler &Lost) {
  Finding Found;
  Found.Loc = Lost.Second;
  Found.Symbol = Lost.Slot;
  Found.Function = Lost.Function->getQualifiedNameAsString();
  Found.Message = "'" + Lost.Slot +
                  "' keeps one handler, and the one that is in it is "
                  "overwritten without a look at it; the earlier handler is "
                  "lost: it is never called";
  Found.Steps.push_back(
      {Lost.First, "the earlier handler is put in here", StepKind::Create, ""});
  return Found;
}

void OverwrittenWakerCheck::analyze(Session &Unit) {
  const SourceManager &SM = Unit.Context.getSourceManager();
  for (const ReplacedHandler &Lost : findReplacedHandlers(WaiterUnit::of(Unit)))
    report(describe(Lost), SM);
  for (const OverwrittenWaker &Lost :
       findOverwrittenWakers(WaiterUnit::of(Unit)))
    if (Lost.IsLost || !RequireEvidence)
      report(describe(Lost), SM);
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(overwritten_waker, threadhop::OverwrittenWakerCheck)
