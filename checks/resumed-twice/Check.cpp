//===--- resumed-twice
//----------------------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports an await_suspend that gives the handle away and then lets the
// coroutine go on: whoever has the handle resumes it a second time.
//
// Silent on purpose: a handle that is taken back, a result that comes from
// taking it back, and protocols whose resumer looks at the same member.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/AwaitProtocol.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"

using namespace clang;

namespace threadhop {
namespace {

class ResumedTwiceCheck : public Check {
public:
  using Check::Check;

private:
  void analyze(Session &Unit) override;
};

Finding describe(const ResumedTwice &Twice) {
  Finding Found;
  Found.Loc = Twice.Returned;
  Found.Kind = "not-taken-back";
  Found.Symbol = Twice.Function->getParamDecl(0)->getNameAsString();
  Found.Function = Twice.Function->getQualifiedNameAsString();
  std::string Goes =
      Twice.ReturnsHandle
          ? "this resumes the coroutine at once"
          : std::string(Twice.MayReturn ? "when this is false, the "
                                          "coroutine is not suspended"
                                        : "the coroutine is not suspended");
  Found.Message = Goes + ", but its handle '" + Found.Symbol +
                  "' was given away before and is not taken back: the "
                  "coroutine is resumed a second time";
  Found.Steps.push_back({Twice.Published, "the handle is given away here",
                         StepKind::HandOver, ""});
  if (Twice.Taker)
    Found.Steps.push_back(
        {Twice.Taker->getLocation(),
         "'" + Twice.Taker->getNameAsString() + "' resumes whom it finds there",
         StepKind::Use, "whoever resumes"});
  Found.Story = {{StepKind::HandOver, "",
                  "handle '" + Found.Symbol + "' is given away",
                  Twice.Published},
                 {StepKind::Use, "whoever resumes",
                  (Twice.Taker ? "'" + Twice.Taker->getNameAsString() + "' "
                               : std::string()) +
                      "resumes the coroutine",
                  Twice.Taker ? Twice.Taker->getLocation() : SourceLocation()},
                 {StepKind::Use, "",
                  Twice.ReturnsHandle ? "resumes the coroutine as well"
                                      : "the coroutine goes on here as well",
                  Found.Loc}};
  return Found;
}

void ResumedTwiceCheck::analyze(Session &Unit) {
  for (const ResumedTwice &Twice : findResumedTwice(WaiterUnit::of(Unit)))
    report(describe(Twice), Unit.Context.getSourceManager());
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(resumed_twice, threadhop::ResumedTwiceCheck)
