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
#include "analysis/LibraryWaiters.h"
#include "analysis/OverwrittenWakers.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "clang/Lex/Lexer.h"
#include <array>

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

/// Whether the unit has the macro 'assert'.
bool hasAssert(const ASTContext &Context) {
  return Context.Idents.get("assert").hasMacroDefinition();
}

/// Where one waiter at a time may well be the contract, an assertion before the
/// store says so. Only for a plain store that is a statement of its own, into
/// what can be asked whether it is empty.
std::optional<FixItHint> assertion(const SlotStore &Store,
                                   const ASTContext &Context) {
  const SourceManager &SM = Context.getSourceManager();
  const Expr *Target = nullptr;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Store.Store))
    Target =
        Operator->getOperator() == OO_Equal ? Operator->getArg(0) : nullptr;
  else if (const auto *Binary = dyn_cast<BinaryOperator>(Store.Store))
    Target = Binary->getOpcode() == BO_Assign ? Binary->getLHS() : nullptr;
  const CXXRecordDecl *Class =
      Target ? Target->getType()->getAsCXXRecordDecl() : nullptr;
  if (!Class || !Class->getIdentifier() ||
      !isOneOf(Class->getName(), {"coroutine_handle", "optional", "function",
                                  "move_only_function"}) ||
      Target->getBeginLoc().isMacroID() || Target->getEndLoc().isMacroID() ||
      !hasAssert(Context))
    return std::nullopt;
  ParentMap Parents(const_cast<Stmt *>(visibleBody(Store.In)));
  const Stmt *Parent = Parents.getParent(Store.Store);
  while (isa_and_nonnull<ExprWithCleanups>(Parent))
    Parent = Parents.getParent(Parent);
  SourceLocation Begin = Store.Store->getBeginLoc();
  if (!isa_and_nonnull<CompoundStmt>(Parent) || Begin.isMacroID())
    return std::nullopt;
  llvm::StringRef Text =
      Lexer::getSourceText(CharSourceRange::getTokenRange(Target->getBeginLoc(),
                                                          Target->getEndLoc()),
                           SM, Context.getLangOpts());
  if (Text.empty())
    return std::nullopt;
  return FixItHint::CreateInsertion(
      Begin, ("assert(!" + Text + " && \"one waiter at a time\");\n" +
              Lexer::getIndentationForLine(Begin, SM))
                 .str());
}

void addWaiters(Finding &Found, llvm::ArrayRef<WaiterNote> Notes) {
  for (const WaiterNote &Note : Notes)
    Found.Steps.push_back({Note.Loc, Note.Message,
                           Note.Waits ? StepKind::Use : StepKind::Explain,
                           Note.Waits && Note.IsOther ? "another waiter" : ""});
}

/// Where the two wait.
std::array<SourceLocation, 2> placesOf(llvm::ArrayRef<WaiterNote> Notes) {
  std::array<SourceLocation, 2> Places;
  for (const WaiterNote &Note : Notes)
    if (Note.Waits)
      Places[Note.IsOther] = Note.Loc;
  return Places;
}

/// Two waiters and their one slot.
std::vector<Moment> story(const OverwrittenWaker &Lost, const Finding &Found) {
  const SlotStore &Store = Lost.Store;
  std::string Waiter = nameOfWaiter(Store.Kind);
  std::string First = "the first " + Waiter, Second = "the second " + Waiter;
  std::string Slot = "'" + Found.Symbol + "'";
  Moment Overwrites{StepKind::Destroy, Second,
                    Lost.IsLost ? "overwrites the first"
                                : "overwrites the first, if that still waits",
                    Found.Loc};
  Moment End{StepKind::Explain, First,
             llvm::StringRef(fateOf(Store.Kind)).split(' ').second.str(),
             SourceLocation()};
  if (Store.Kind == WaiterKind::Waker)
    End.Text = "is never woken";
  if (Store.Previous.StaleAfter.isValid())
    return {{StepKind::Use, Second, Slot + " is looked at: empty",
             Store.Previous.CheckedAt},
            {StepKind::Suspend, Second, "suspended", Store.Previous.StaleAfter},
            {StepKind::Explain, First, "is put into " + Slot + " meanwhile",
             SourceLocation()},
            Overwrites,
            End};
  // Where two of them are to be seen.
  auto Waits = placesOf(Lost.Notes);
  std::vector<Moment> Story = {
      {StepKind::Create, First, "is put into " + Slot, Waits[0]}};
  if (Waits[1].isValid())
    Story.push_back({StepKind::Use, Second, "comes as well", Waits[1]});
  Story.push_back(Overwrites);
  Story.push_back(End);
  return Story;
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
  if (Lost.BrokenBy) {
    Found.Loc = Lost.BrokenBy->getExprLoc();
    Found.Range = Lost.BrokenBy->getSourceRange();
    Found.Kind = "contract";
    Found.Message += " has one " + Waiter +
                     " by contract, and a second one "
                     "comes before the first is woken; ";
  } else {
    Found.Kind = "overwritten";
    Found.Message += " is overwritten without a look at what is in it; ";
  }
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
  addWaiters(Found, Lost.Notes);
  Found.Story = story(Lost, Found);
  return Found;
}

Finding describe(const ReplacedHandler &Lost) {
  Finding Found;
  Found.Loc = Lost.Second;
  Found.Kind = Lost.SecondBinds ? "second-operation" : "handler";
  Found.Symbol = Lost.Slot;
  Found.Function = Lost.Function->getQualifiedNameAsString();
  std::string Keeps = "'" + Lost.Slot + "' keeps one handler, and ";
  if (!Lost.SecondBinds)
    Found.Message =
        Keeps + "the one that is in it is overwritten without a look at it; "
                "the earlier handler is lost: it is never called";
  else
    Found.Message =
        Keeps + "a second operation is bound to it while " +
        (Lost.FirstBinds ? "the first may be running" : "a handler is in it") +
        "; the earlier handler is lost: " +
        (Lost.FirstBinds ? Lost.Row->Second : "it is never called");
  if (!Lost.Repeated)
    Found.Steps.push_back({Lost.First,
                           Lost.FirstBinds
                               ? "the earlier operation is bound to it here"
                               : "the earlier handler is put in here",
                           StepKind::Create, ""});
  else
    Found.Steps.push_back({Lost.Second,
                           "each round of the loop replaces the handler of the "
                           "one before",
                           StepKind::Explain, ""});
  Found.Story = {{StepKind::Create, "",
                  Lost.FirstBinds ? "a first operation is bound to it"
                                  : "the first handler is put in",
                  Lost.First},
                 {StepKind::Destroy, "",
                  Lost.SecondBinds ? "a second operation overwrites its handler"
                                   : "a second one overwrites it",
                  Lost.Second},
                 {StepKind::Explain, "the first handler", "is never called",
                  SourceLocation()}};
  return Found;
}

Finding describe(const SecondWaiter &Second) {
  Finding Found;
  Found.Loc = Second.Evidence.Second->getExprLoc();
  Found.Kind = "second-waiter";
  Found.Symbol = Second.Type;
  Found.Function = Second.Evidence.In->getQualifiedNameAsString();
  Found.Message = "'" + Second.Type +
                  "' has room for one waiter, and a second one waits on the "
                  "same object before the first is woken: " +
                  Second.Row->Second;
  addWaiters(Found, Second.Evidence.Notes);
  auto Waits = placesOf(Second.Evidence.Notes);
  Found.Story = {{StepKind::Suspend, "the first waiter", "waits", Waits[0]},
                 {StepKind::Use, "the second waiter",
                  "waits on the same object",
                  Waits[1].isValid() ? Waits[1] : Found.Loc},
                 {StepKind::Explain, "the second waiter", Second.Row->Second,
                  SourceLocation()}};
  return Found;
}

void OverwrittenWakerCheck::analyze(Session &Unit) {
  const SourceManager &SM = Unit.Context.getSourceManager();
  for (const ReplacedHandler &Lost : findReplacedHandlers(WaiterUnit::of(Unit)))
    report(describe(Lost), SM);
  for (const SecondWaiter &Second : findSecondWaiters(WaiterUnit::of(Unit)))
    report(describe(Second), SM);
  for (const OverwrittenWaker &Lost :
       findOverwrittenWakers(WaiterUnit::of(Unit)))
    if (Lost.IsLost || !RequireEvidence) {
      Finding Found = describe(Lost);
      if (!Lost.IsLost)
        if (auto Fix = assertion(Lost.Store, Unit.Context))
          Found.Fixes.push_back(*Fix);
      report(std::move(Found), SM);
    }
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(overwritten_waker, threadhop::OverwrittenWakerCheck)
