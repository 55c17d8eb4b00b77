//===--- GuardLivenessTest.cpp - guards alive at suspensions --------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/GuardLiveness.h"
#include "ParsedSnippet.h"
#include "llvm/ADT/StringExtras.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const char *const Rows = R"("guards": [
  { "type": "span", "kind": "context", "effect": "e", "ends": ["finish_it"] },
  { "type": "std::lock_guard", "kind": "lock", "mutex": "argument" },
  { "type": "std::unique_lock", "kind": "lock", "mutex": "argument",
    "empty_when_default": true, "deferred_by": ["std::defer_lock_t"] } ],
  "paired_calls": [
  { "begin": "attach", "end": "detach", "kind": "owner", "effect": "e" },
  { "begin": "plock", "end": "punlock", "kind": "lock", "effect": "e",
    "object_argument": 0 } ])";

const char *const Types = R"cpp(
struct span { span(); span(int); span(const span &); ~span(); void finish_it();
              void note(); int id(); };
using guard = std::lock_guard<std::mutex>;
using lock = std::unique_lock<std::mutex>;
std::mutex m, n;
void attach(); void detach(); void plock(int *); void punlock(int *);
int *one, *two;
void take(lock); void unknown(lock &); void reads(const lock &);
)cpp";

/// The guards of the coroutine that are held over suspensions: their names with
/// the number of suspensions where there are several, sorted by place.
std::string heldIn(const AnalyzedSnippet &S, const FunctionDecl *F) {
  Suspensions Points(F, S.index(), S.session().Resumptions);
  std::vector<std::string> Names;
  for (const HeldGuard &Held :
       findHeldGuards(F, Points, S.session().guardInputs()))
    Names.push_back(
        Held.Guard.Name +
        (Held.At.size() == 1 ? "" : "*" + std::to_string(Held.At.size())));
  return llvm::join(Names, " ");
}

std::string heldInCode(const std::string &Code) {
  AnalyzedSnippet S(Types + Code, Rows);
  return heldIn(S, S.function("f"));
}

/// The same for a coroutine with that body.
std::string held(const std::string &Body) {
  return heldInCode("task f() { " + Body + " }");
}

//===----------------------------------------------------------------------===//
// Where a guard lives
//===----------------------------------------------------------------------===//

TEST(GuardLiveness, Local) { EXPECT_EQ(held("span s; co_await tick();"), "s"); }

TEST(GuardLiveness, AfterTheAwait) {
  EXPECT_EQ(held("co_await tick(); span s;"), "");
}

TEST(GuardLiveness, ClosedScope) {
  EXPECT_EQ(held("{ span s; } co_await tick();"), "");
}

TEST(GuardLiveness, EachSuspensionIsListed) {
  EXPECT_EQ(held("span s; co_await tick(); co_yield 1; co_await tick();"),
            "s*3");
}

TEST(GuardLiveness, SeveralGuards) {
  EXPECT_EQ(held("span a; { span b; co_await tick(); } co_await tick();"),
            "a*2 b");
}

TEST(GuardLiveness, ReferenceToSomebodyElses) {
  EXPECT_EQ(heldInCode("task f(span &s) { auto &r = s; co_await tick(); }"),
            "");
}

TEST(GuardLiveness, ReferenceThatExtendsATemporary) {
  EXPECT_EQ(held("const span &s = span(); co_await tick();"), "s");
}

TEST(GuardLiveness, TemporaryInTheAwaitingExpression) {
  EXPECT_EQ(heldInCode("event use(const span &); task f() { co_await "
                       "use(span()); }"),
            "span");
}

TEST(GuardLiveness, TemporaryThatEndsBefore) {
  EXPECT_EQ(held("span().note(); co_await tick();"), "");
}

TEST(GuardLiveness, ParameterByValueOverTheImplicitSuspensions) {
  EXPECT_EQ(heldInCode("lazy f(span s) { co_return; }"), "s*2");
}

TEST(GuardLiveness, ParameterByValueOfAnEagerCoroutine) {
  EXPECT_EQ(heldInCode("task f(span s) { co_return; }"), "");
  EXPECT_EQ(heldInCode("task f(span s) { co_await tick(); }"), "s");
}

TEST(GuardLiveness, ParameterByReference) {
  EXPECT_EQ(heldInCode("lazy f(span &s, span *p) { co_await tick(); }"), "");
}

TEST(GuardLiveness, InitStatements) {
  EXPECT_EQ(held("if (span s; flag()) co_await tick();"), "s");
  EXPECT_EQ(held("switch (span s; number()) { default: co_await tick(); }"),
            "s");
  EXPECT_EQ(held("for (span s; flag();) co_await tick();"), "s");
}

TEST(GuardLiveness, RangeForInit) {
  EXPECT_EQ(held("int a[2]; for (span s; int i : a) co_await tick();"), "s");
}

TEST(GuardLiveness, AfterAnInitStatement) {
  EXPECT_EQ(held("if (span s; flag()) {} co_await tick();"), "");
}

TEST(GuardLiveness, CaptureOfTheLambda) {
  AnalyzedSnippet S(std::string(Types) + "void g() { span s; auto f = [s]() -> "
                                         "task { co_await tick(); }; }",
                    Rows);
  ASSERT_EQ(S.session().Suspendable.size(), 1u);
  EXPECT_EQ(heldIn(S, S.session().Suspendable[0]), "s");
}

TEST(GuardLiveness, MemberOfALocalAggregate) {
  EXPECT_EQ(heldInCode("struct box { span inner; }; task f() { box b; co_await "
                       "tick(); }"),
            "b");
}

TEST(GuardLiveness, StructuredBindingIsNamed) {
  EXPECT_EQ(
      heldInCode("struct box { int n; span inner; }; box make(); task f() "
                 "{ auto [n, s] = make(); co_await tick(); }"),
      "s");
}

TEST(GuardLiveness, NotInAnInnerLambda) {
  EXPECT_EQ(held("auto g = [] { span s; }; g(); co_await tick();"), "");
}

TEST(GuardLiveness, StaticLocalIsNobodys) {
  EXPECT_EQ(held("static span s; co_await tick();"), "");
}

TEST(GuardLiveness, EachInstanceOfATemplate) {
  AnalyzedSnippet S(
      std::string(Types) +
          "struct cm { void lock(); void unlock(); event w(); };"
          "template <class M> task f(M &x) { std::lock_guard<M> "
          "g(x); co_await tick(); } void u(cm &c) { f(m); f(c); }",
      Rows);
  std::string All;
  for (const FunctionDecl *F : S.session().Suspendable)
    All += heldIn(S, F) + ";";
  EXPECT_TRUE(All == "g;;" || All == ";g;") << All;
}

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

TEST(GuardPaths, BranchThatLeaves) {
  EXPECT_EQ(held("if (flag()) { span s; co_return; } co_await tick();"), "");
}

TEST(GuardPaths, AwaitInOneBranch) {
  EXPECT_EQ(held("span s; if (flag()) co_return; else co_await tick();"), "s");
}

TEST(GuardPaths, UnlockedOnEveryPath) {
  EXPECT_EQ(held("lock l(m); if (flag()) l.unlock(); else l.unlock(); co_await "
                 "tick();"),
            "");
}

TEST(GuardPaths, UnlockedOnOnePath) {
  EXPECT_EQ(held("lock l(m); if (flag()) l.unlock(); co_await tick();"), "l");
}

TEST(GuardPaths, CorrelatedConditions) {
  EXPECT_EQ(
      held("bool b = flag(); lock l(m); if (b) l.unlock(); if (b) co_await "
           "tick();"),
      "");
}

TEST(GuardPaths, CorrelatedWithANegation) {
  EXPECT_EQ(held("const bool b = flag(); lock l(m); if (!b) l.unlock(); if (b) "
                 "co_return; co_await tick();"),
            "");
}

TEST(GuardPaths, ConditionThatChangesIsNotCorrelated) {
  EXPECT_EQ(
      held("bool b = flag(); lock l(m); if (b) l.unlock(); b = flag(); if "
           "(b) co_await tick();"),
      "l");
}

TEST(GuardPaths, OwnsLock) {
  EXPECT_EQ(held("lock l(m); if (flag()) l.unlock(); if (!l.owns_lock()) "
                 "co_await tick();"),
            "");
  EXPECT_EQ(held("lock l(m); if (flag()) l.unlock(); if (l) co_await tick();"),
            "l");
}

TEST(GuardPaths, LoopThatUnlocksAndRelocks) {
  EXPECT_EQ(held("lock l(m); while (flag()) { l.unlock(); co_await tick(); "
                 "l.lock(); }"),
            "");
}

TEST(GuardPaths, LoopThatLocksForTheNextRound) {
  EXPECT_EQ(held("lock l; while (flag()) { co_await tick(); l = lock(m); }"),
            "l");
}

TEST(GuardPaths, LoopBodyScope) {
  EXPECT_EQ(held("for (;;) { { span s; } co_await tick(); }"), "");
}

TEST(GuardPaths, BreakOutOfTheScope) {
  EXPECT_EQ(held("for (;;) { span s; if (flag()) break; } co_await tick();"),
            "");
}

TEST(GuardPaths, Goto) {
  EXPECT_EQ(held("{ span s; if (flag()) goto out; co_return; } out: co_await "
                 "tick();"),
            "");
}

TEST(GuardPaths, ShortCircuit) {
  EXPECT_EQ(
      held("lock l(m); if (flag() && (l.unlock(), true)) co_await tick();"),
      "");
}

TEST(GuardPaths, CatchBlock) {
  EXPECT_EQ(held("try { span s; } catch (...) {} co_await tick();"), "");
}

TEST(GuardPaths, ManyConditionsAreMergedNotLost) {
  std::string Body = "lock l(m); ";
  for (char C = 'a'; C != 'i'; ++C)
    Body += std::string("bool ") + C + " = flag(); if (" + C + ") number(); ";
  EXPECT_EQ(held(Body + "co_await tick();"), "l");
}

//===----------------------------------------------------------------------===//
// Releases
//===----------------------------------------------------------------------===//

TEST(GuardReleases, Unlock) {
  EXPECT_EQ(held("lock l(m); l.unlock(); co_await tick();"), "");
}

TEST(GuardReleases, UnlockAndLock) {
  EXPECT_EQ(held("lock l(m); l.unlock(); l.lock(); co_await tick();"), "l");
}

TEST(GuardReleases, EndOfTheModel) {
  EXPECT_EQ(held("span s; s.finish_it(); co_await tick();"), "");
  EXPECT_EQ(held("span s; s.note(); co_await tick();"), "s");
}

TEST(GuardReleases, Deferred) {
  EXPECT_EQ(held("lock l(m, std::defer_lock); co_await tick();"), "");
  EXPECT_EQ(held("lock l(m, std::defer_lock); l.lock(); co_await tick();"),
            "l");
}

TEST(GuardReleases, Empty) { EXPECT_EQ(held("lock l; co_await tick();"), ""); }

TEST(GuardReleases, MovedIntoACall) {
  EXPECT_EQ(held("lock l(m); take(std::move(l)); co_await tick();"), "");
}

TEST(GuardReleases, MovedIntoAnotherVariable) {
  EXPECT_EQ(held("lock l(m); lock k = std::move(l); co_await tick();"), "k");
}

TEST(GuardReleases, MovedIntoAScopeThatCloses) {
  EXPECT_EQ(held("lock l(m); { lock k = std::move(l); } co_await tick();"), "");
}

TEST(GuardReleases, AssignedEmpty) {
  EXPECT_EQ(held("lock l(m); l = {}; co_await tick();"), "");
  EXPECT_EQ(held("lock l(m); l = lock(); co_await tick();"), "");
}

TEST(GuardReleases, AssignedAnother) {
  EXPECT_EQ(held("lock l; l = lock(m); co_await tick();"), "l");
}

TEST(GuardReleases, Exchange) {
  EXPECT_EQ(held("lock l(m); { auto k = std::exchange(l, lock()); } co_await "
                 "tick();"),
            "");
}

TEST(GuardReleases, Swap) {
  EXPECT_EQ(held("lock l(m); { lock k; std::swap(l, k); } co_await tick();"),
            "");
  EXPECT_EQ(held("lock l(m); lock k; k.swap(l); co_await tick();"), "k");
}

TEST(GuardReleases, Optional) {
  EXPECT_EQ(held("std::optional<span> o; co_await tick();"), "");
  EXPECT_EQ(held("std::optional<span> o; o.emplace(); co_await tick();"), "o");
  EXPECT_EQ(held("std::optional<span> o(std::in_place); o.reset(); co_await "
                 "tick();"),
            "");
  EXPECT_EQ(held("std::optional<span> o(std::in_place); o = std::nullopt; "
                 "co_await tick();"),
            "");
}

TEST(GuardReleases, UniquePtr) {
  EXPECT_EQ(held("auto p = std::make_unique<span>(); co_await tick();"), "p");
  EXPECT_EQ(held("auto p = std::make_unique<span>(); p.reset(); co_await "
                 "tick();"),
            "");
  EXPECT_EQ(held("auto p = std::make_unique<span>(); p = nullptr; co_await "
                 "tick();"),
            "");
}

TEST(GuardReleases, NewAndDelete) {
  EXPECT_EQ(held("auto *p = new span; co_await tick(); delete p;"), "p");
  EXPECT_EQ(held("auto *p = new span; delete p; co_await tick();"), "");
}

TEST(GuardReleases, CalleeThatMayRelease) {
  EXPECT_EQ(held("lock l(m); unknown(l); co_await tick();"), "");
}

TEST(GuardReleases, CalleeThatOnlyReads) {
  EXPECT_EQ(held("lock l(m); reads(l); co_await tick();"), "l");
}

TEST(GuardReleases, LambdaThatUnlocksIsCalled) {
  EXPECT_EQ(held("lock l(m); auto u = [&] { l.unlock(); }; u(); co_await "
                 "tick();"),
            "");
}

TEST(GuardReleases, AwaiterThatKeepsTheLock) {
  EXPECT_EQ(
      heldInCode("struct w : event { lock &l; w(lock &l) : l(l) {} }; task "
                 "f() { lock l(m); co_await w(l); }"),
      "");
}

TEST(GuardReleases, LockGuardCannotBeReleased) {
  EXPECT_EQ(heldInCode("void give(guard &); task f() { guard g(m); give(g); "
                       "co_await tick(); }"),
            "g");
}

TEST(GuardReleases, CoroutineMutex) {
  EXPECT_EQ(heldInCode("struct cm { void lock(); void unlock(); event w(); }; "
                       "task f(cm &c) { std::unique_lock<cm> l(c); co_await "
                       "tick(); }"),
            "");
}

//===----------------------------------------------------------------------===//
// By hand
//===----------------------------------------------------------------------===//

TEST(HandLocked, Held) { EXPECT_EQ(held("m.lock(); co_await tick();"), "m"); }

TEST(HandLocked, Unlocked) {
  EXPECT_EQ(held("m.lock(); m.unlock(); co_await tick();"), "");
}

TEST(HandLocked, AnotherIsUnlocked) {
  EXPECT_EQ(held("m.lock(); n.unlock(); co_await tick();"), "m");
}

TEST(HandLocked, TryLockThatFailed) {
  EXPECT_EQ(held("if (!m.try_lock()) co_await tick(); else m.unlock();"), "");
  EXPECT_EQ(held("if (m.try_lock()) co_await tick();"), "m");
}

TEST(HandLocked, StdLock) {
  EXPECT_EQ(held("std::lock(m, n); n.unlock(); co_await tick();"), "m");
}

TEST(HandLocked, Adopted) {
  EXPECT_EQ(held("m.lock(); { guard g(m, std::adopt_lock); } co_await tick();"),
            "");
  EXPECT_EQ(held("m.lock(); guard g(m, std::adopt_lock); co_await tick();"),
            "g");
}

TEST(HandLocked, HelperThatUnlocksIt) {
  EXPECT_EQ(
      heldInCode("void done() { m.unlock(); } task f() { m.lock(); done(); "
                 "co_await tick(); }"),
      "");
}

TEST(PairedCalls, Open) {
  EXPECT_EQ(held("attach(); co_await tick(); detach();"), "attach");
}

TEST(PairedCalls, Closed) {
  EXPECT_EQ(held("attach(); detach(); co_await tick();"), "");
}

TEST(PairedCalls, ByObject) {
  EXPECT_EQ(held("plock(one); punlock(one); co_await tick();"), "");
  EXPECT_EQ(held("plock(one); punlock(two); co_await tick();"), "plock");
}

} // namespace
