//===--- SuspensionTest.cpp - where a function may be suspended -----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Suspension.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

/// The suspensions of the function 'f' as one letter each: Await, Yield, Call,
/// Initial, Final.
std::string suspensions(const std::string &Code, const std::string &Rows = "") {
  AnalyzedSnippet S(Code, Rows);
  Suspensions Points(S.function("f"), S.index(), S.session().Resumptions);
  std::string Kinds;
  for (const SuspensionPoint &Point : Points.points())
    Kinds += "AYCIF"[static_cast<int>(Point.Kind)];
  return Kinds;
}

TEST(Suspensions, Await) {
  EXPECT_EQ(suspensions("task f() { co_await tick(); }"), "A");
}

TEST(Suspensions, InSourceOrder) {
  AnalyzedSnippet S("task f() {\n co_await tick();\n co_yield 1;\n co_await "
                    "tick();\n}");
  Suspensions Points(S.function("f"), S.index(), S.session().Resumptions);
  std::vector<unsigned> Lines;
  for (const SuspensionPoint &Point : Points.points())
    Lines.push_back(
        S.context().getSourceManager().getPresumedLineNumber(Point.Loc));
  EXPECT_EQ(Lines, (std::vector<unsigned>{2, 3, 4}));
}

TEST(Suspensions, Yield) {
  EXPECT_EQ(suspensions("task f() { co_yield 1; }"), "Y");
}

TEST(Suspensions, YieldThatNeverSuspends) {
  EXPECT_EQ(suspensions("struct t { struct promise_type : basic_promise<t, "
                        "std::suspend_never, std::suspend_never> { "
                        "std::suspend_never yield_value(int); }; };"
                        "t f() { co_yield 1; }"),
            "");
}

TEST(Suspensions, InitialAndFinal) {
  EXPECT_EQ(suspensions("lazy f() { co_await tick(); }"), "IAF");
}

TEST(Suspensions, InitialAndFinalThatNeverSuspend) {
  EXPECT_EQ(suspensions("task f() { co_return; }"), "");
}

TEST(Suspensions, InitialOnly) {
  EXPECT_EQ(suspensions("struct t { using promise_type = basic_promise<t, "
                        "std::suspend_always, std::suspend_never>; };"
                        "t f() { co_return; }"),
            "I");
}

TEST(Suspensions, InitialAndFinalAreFound) {
  AnalyzedSnippet S("lazy f() { co_return; } task g() { co_return; }");
  Suspensions F(S.function("f"), S.index(), S.session().Resumptions);
  Suspensions G(S.function("g"), S.index(), S.session().Resumptions);
  ASSERT_TRUE(F.initial());
  EXPECT_EQ(F.initial()->Kind, SuspensionKind::Initial);
  ASSERT_TRUE(F.final());
  EXPECT_EQ(F.final()->Kind, SuspensionKind::Final);
  EXPECT_FALSE(G.initial());
  EXPECT_FALSE(G.final());
  EXPECT_TRUE(G.isCoroutine());
}

TEST(Suspensions, PointIsFoundByItsExpression) {
  AnalyzedSnippet S("task f() { co_await tick(); co_await "
                    "std::suspend_never{}; }");
  Suspensions Points(S.function("f"), S.index(), S.session().Resumptions);
  auto Awaits = S.all<CoroutineSuspendExpr>("f");
  ASSERT_EQ(Awaits.size(), 2u);
  EXPECT_TRUE(Points.at(Awaits[0]));
  EXPECT_FALSE(Points.at(Awaits[1]));
  EXPECT_FALSE(Points.at(nullptr));
}

TEST(Suspensions, NotInALambda) {
  EXPECT_EQ(suspensions("task f() { auto g = []() -> task { co_await tick(); };"
                        " co_return; }"),
            "");
}

TEST(Suspensions, InTheLambdaItself) {
  AnalyzedSnippet S("auto g = []() -> task { co_await tick(); };");
  EXPECT_EQ(S.session().Suspendable.size(), 1u);
}

TEST(Suspensions, InADiscardedBranch) {
  EXPECT_EQ(suspensions("task f() { if constexpr (false) co_await tick(); "
                        "co_return; }"),
            "");
}

TEST(Suspensions, InTheTakenBranch) {
  EXPECT_EQ(suspensions("task f() { if constexpr (true) co_await tick(); }"),
            "A");
}

TEST(Suspensions, NestedAwaits) {
  EXPECT_EQ(suspensions("event next(int); task f() { co_await next(co_await "
                        "tick()); }"),
            "AA");
}

TEST(Suspensions, InConditionsAndInitialisers) {
  EXPECT_EQ(suspensions("task f() { if (int n = co_await tick(); n) {} while "
                        "(co_await tick()) {} }"),
            "AA");
}

TEST(Suspensions, AwaitThatNeverSuspends) {
  EXPECT_EQ(suspensions("task f() { co_await std::suspend_never{}; }"), "");
}

TEST(Suspensions, AwaitWhoseReadyIsConstantlyTrue) {
  EXPECT_EQ(suspensions("struct a { bool await_ready() { return true; } void "
                        "await_suspend(std::coroutine_handle<>); void "
                        "await_resume(); }; task f() { co_await a{}; }"),
            "");
}

TEST(Suspensions, AwaitWhoseReadyIsAnExpression) {
  EXPECT_EQ(suspensions("struct a { bool await_ready() { return 1 + 1 == 2; } "
                        "void await_suspend(std::coroutine_handle<>); void "
                        "await_resume(); }; task f() { co_await a{}; }"),
            "");
}

TEST(Suspensions, AwaitWhoseReadyIsTrueOnOnePath) {
  EXPECT_EQ(suspensions("struct a { bool await_ready() { if (flag()) return "
                        "true; return false; } void "
                        "await_suspend(std::coroutine_handle<>); void "
                        "await_resume(); }; task f() { co_await a{}; }"),
            "A");
}

TEST(Suspensions, AwaitWhoseSuspendReturnsFalse) {
  EXPECT_EQ(
      suspensions("struct a { bool await_ready(); bool "
                  "await_suspend(std::coroutine_handle<>) { return false; "
                  "} void await_resume(); }; task f() { co_await a{}; }"),
      "");
}

TEST(Suspensions, AwaitWhoseSuspendReturnsTrue) {
  EXPECT_EQ(suspensions("struct a { bool await_ready(); bool "
                        "await_suspend(std::coroutine_handle<>) { return true; "
                        "} void await_resume(); }; task f() { co_await a{}; }"),
            "A");
}

TEST(Suspensions, MemberOperatorCoAwait) {
  EXPECT_EQ(suspensions("struct a { std::suspend_never operator co_await(); };"
                        "task f() { co_await a{}; }"),
            "");
  EXPECT_EQ(suspensions("struct a { event operator co_await(); };"
                        "task f() { co_await a{}; }"),
            "A");
}

TEST(Suspensions, FreeOperatorCoAwait) {
  EXPECT_EQ(suspensions("struct a {}; std::suspend_never operator co_await(a);"
                        "task f() { co_await a{}; }"),
            "");
}

TEST(Suspensions, AwaitTransformDecides) {
  EXPECT_EQ(suspensions("struct t { struct promise_type : basic_promise<t, "
                        "std::suspend_never, std::suspend_never> { "
                        "std::suspend_never await_transform(int); event "
                        "await_transform(char); }; };"
                        "t f() { co_await 1; co_await 'a'; }"),
            "A");
}

TEST(Suspensions, ModelThatNeverSuspends) {
  EXPECT_EQ(suspensions("event now(); task f() { co_await now(); }",
                        R"("awaitables": [ { "function": "now",
                                             "resumes": "never_suspends" } ])"),
            "");
}

TEST(Suspensions, FunctionThatIsNoCoroutine) {
  EXPECT_EQ(suspensions("void f() { tick(); }"), "");
}

TEST(Suspensions, FunctionWithoutABody) {
  EXPECT_EQ(suspensions("task f();"), "");
}

TEST(Suspensions, InstanceOfATemplate) {
  AnalyzedSnippet S("template <class A> task f(A a) { co_await a; } void g() { "
                    "f(tick()); f(std::suspend_never{}); }");
  std::string Counts;
  for (const FunctionDecl *F : S.session().Suspendable)
    Counts += std::to_string(
        Suspensions(F, S.index(), S.session().Resumptions).points().size());
  EXPECT_TRUE(Counts == "10" || Counts == "01") << Counts;
}

//===----------------------------------------------------------------------===//
// Stackful coroutines
//===----------------------------------------------------------------------===//

const char *const StackfulRows = R"("suspending_calls": [
    { "function": "fiber::yield" }, { "function": "fiber::job::join" },
    { "function": "fiber::channel::channel" } ],
  "suspending_arguments": [ { "type": "asio::basic_yield_context" } ])";

const char *const Stackful = R"cpp(
namespace fiber { void yield(); struct job { void join(); bool joinable(); };
  struct channel { channel(); }; }
namespace asio {
template <class E> struct basic_yield_context { basic_yield_context
  operator[](int &) const; };
using yield_context = basic_yield_context<int>;
void read(int, yield_context); void post(yield_context);
void post(int, yield_context); void post(yield_context, int);
yield_context bind_executor(int, yield_context);
int get_associated_executor(yield_context);
template <class F> void spawn(int, F) {}
}
)cpp";

std::string stackful(const std::string &Body) {
  return suspensions(std::string(Stackful) +
                         "void f(asio::yield_context yield, fiber::job &j) { " +
                         Body + " }",
                     StackfulRows);
}

TEST(Stackful, ModelledFunction) {
  EXPECT_EQ(stackful("fiber::yield();"), "C");
}
TEST(Stackful, ModelledMethod) { EXPECT_EQ(stackful("j.join();"), "C"); }
TEST(Stackful, OtherMethod) { EXPECT_EQ(stackful("j.joinable();"), ""); }
TEST(Stackful, ModelledArgument) {
  EXPECT_EQ(stackful("asio::read(1, yield);"), "C");
}
TEST(Stackful, ArgumentThatKeepsTheError) {
  EXPECT_EQ(stackful("int e; asio::read(1, yield[e]);"), "C");
}
TEST(Stackful, CallThatOnlyCarriesTheContext) {
  EXPECT_EQ(stackful("asio::get_associated_executor(yield);"), "");
  EXPECT_EQ(stackful("asio::bind_executor(1, yield);"), "");
}
TEST(Stackful, PostWithTheContextAsToken) {
  EXPECT_EQ(stackful("asio::post(yield);"), "C");
  EXPECT_EQ(stackful("asio::post(1, yield);"), "C");
}
TEST(Stackful, PostWithTheContextAsExecutor) {
  EXPECT_EQ(stackful("asio::post(yield, 1);"), "");
}
TEST(Stackful, NotInALambda) {
  EXPECT_EQ(stackful("auto g = [] { fiber::yield(); };"), "");
}
TEST(Stackful, Spawn) {
  EXPECT_EQ(stackful("asio::spawn(1, [](asio::yield_context) {});"), "");
}

TEST(Stackful, CallIsNoPointOfACoroutine) {
  EXPECT_EQ(suspensions(std::string(Stackful) +
                            "task f() { fiber::yield(); co_await tick(); }",
                        StackfulRows),
            "A");
}

TEST(Stackful, SessionListsFunctionsWithSuspendingCalls) {
  AnalyzedSnippet S(std::string(Stackful) +
                        "void f() { fiber::yield(); } void g() {}",
                    StackfulRows);
  ASSERT_EQ(S.session().Suspendable.size(), 1u);
  EXPECT_EQ(S.session().Suspendable[0], S.function("f"));
}

} // namespace
