//===--- touch-after-publish
//----------------------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports an await_suspend that uses a member of the awaiter after another
// thread could have resumed the coroutine: the awaiter is in the coroutine's
// frame, and both may be gone.
//
// Silent on purpose: plain stores, which no other thread sees yet, what is
// copied to a local variable before, and awaiters that live outside of the
// coroutine.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "analysis/AwaitProtocol.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"

using namespace clang;

namespace threadhop {
namespace {

class TouchAfterPublishCheck : public Check {
public:
  using Check::Check;

private:
  void analyze(Session &Unit) override;
};

Finding describe(const TouchAfterPublish &Touch) {
  Finding Found;
  Found.Loc = Touch.Touched;
  Found.Kind = "used";
  Found.Symbol = Touch.Member ? Touch.Member->getNameAsString() : "";
  Found.Function = Touch.Function->getQualifiedNameAsString();
  Found.Message = (Touch.Member ? "member '" + Found.Symbol + "' of the awaiter"
                                : std::string("the awaiter")) +
                  " is used after another thread may have resumed the "
                  "coroutine: the awaiter may be destroyed by then";
  Found.Steps.push_back({Touch.Published,
                         "the handle is within reach of another thread from "
                         "here: " +
                             Touch.Why,
                         StepKind::HandOver, ""});
  Found.Story = {
      {StepKind::HandOver, "", "the handle is within reach of another thread",
       Touch.Published},
      {StepKind::Destroy, "another thread",
       "resumes the coroutine, and the awaiter may end", SourceLocation()},
      {StepKind::Use, "",
       (Touch.Member ? "'" + Found.Symbol + "' of the awaiter"
                     : std::string("the awaiter")) +
           " is used",
       Found.Loc}};
  return Found;
}

void TouchAfterPublishCheck::analyze(Session &Unit) {
  for (const TouchAfterPublish &Touch :
       findTouchesAfterPublish(WaiterUnit::of(Unit)))
    report(describe(Touch), Unit.Context.getSourceManager());
}

} // namespace
} // namespace threadhop

THREADHOP_DEFINE_CHECK(touch_after_publish, threadhop::TouchAfterPublishCheck)
