//===--- ResumptionTest.cpp - where an await comes back -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Resumption.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

/// What is told of the last await of the coroutine 'f'.
ResumptionVerdict verdict(const std::string &Code,
                          const std::string &Rows = "") {
  AnalyzedSnippet S(Code, Rows);
  auto Awaits = S.all<CoroutineSuspendExpr>("f");
  if (Awaits.empty())
    throw std::runtime_error("'f' does not await");
  return S.session().Resumptions.resumesAt(Awaits.back(), S.function("f"));
}

Resumption where(const std::string &Code, const std::string &Rows = "") {
  return verdict(Code, Rows).Where;
}

TEST(Resumption, NothingIsKnown) {
  ResumptionVerdict V = verdict("task f() { co_await tick(); }");
  EXPECT_EQ(V.Where, Resumption::Unknown);
  EXPECT_EQ(V.Why, "");
}

//===----------------------------------------------------------------------===//
// Annotations
//===----------------------------------------------------------------------===//

const std::string Here = "[[clang::annotate(\"threadhop::resumes_here\")]] ";
const std::string Elsewhere =
    "[[clang::annotate(\"threadhop::resumes_elsewhere\", \"the pool\")]] ";
const std::string AwaiterBody =
    " { bool await_ready(); void await_suspend(std::coroutine_handle<>); void "
    "await_resume(); }; ";

TEST(Resumption, AnnotatedFunction) {
  EXPECT_EQ(where(Here + "event next(); task f() { co_await next(); }"),
            Resumption::SameThread);
  EXPECT_EQ(where(Elsewhere + "event next(); task f() { co_await next(); }"),
            Resumption::Elsewhere);
}

TEST(Resumption, ReasonIsInTheVerdict) {
  ResumptionVerdict V =
      verdict(Elsewhere + "event next(); task f() { co_await next(); }");
  EXPECT_EQ(V.Why, "annotated resumes_elsewhere: the pool");
  EXPECT_TRUE(V.Loc.isValid());
}

TEST(Resumption, AnnotatedMethod) {
  EXPECT_EQ(where("struct pool { " + Elsewhere +
                  "event schedule(); };"
                  "task f(pool &p) { co_await p.schedule(); }"),
            Resumption::Elsewhere);
}

TEST(Resumption, AnnotatedMethodOfATemplate) {
  EXPECT_EQ(where("template <class T> struct pool { " + Elsewhere +
                  "event schedule(); };"
                  "task f(pool<int> &p) { co_await p.schedule(); }"),
            Resumption::Elsewhere);
}

TEST(Resumption, AnnotatedAwaiter) {
  EXPECT_EQ(where("struct " + Here + "a" + AwaiterBody +
                  "task f() { co_await a{}; }"),
            Resumption::SameThread);
}

TEST(Resumption, AnnotatedAwaitable) {
  EXPECT_EQ(where("struct " + Elsewhere +
                  "a { event operator co_await(); };"
                  "task f() { co_await a{}; }"),
            Resumption::Elsewhere);
}

TEST(Resumption, AnnotatedAwaiterBehindAnOperator) {
  EXPECT_EQ(where("struct " + Elsewhere + "w" + AwaiterBody +
                  "struct a { w operator co_await(); };"
                  "task f() { co_await a{}; }"),
            Resumption::Elsewhere);
}

TEST(Resumption, AnnotatedTypedef) {
  EXPECT_EQ(where("using turn " + Elsewhere +
                  "= event; turn next();"
                  "task f() { co_await next(); }"),
            Resumption::Elsewhere);
}

TEST(Resumption, AnnotatedVariablesType) {
  EXPECT_EQ(where("struct " + Here + "a" + AwaiterBody +
                  "task f(a &v) { co_await v; }"),
            Resumption::SameThread);
}

TEST(Resumption, FunctionIsNearerThanType) {
  EXPECT_EQ(where("struct " + Elsewhere + "a" + AwaiterBody + Here +
                  "a next(); task f() { co_await next(); }"),
            Resumption::SameThread);
}

TEST(Resumption, AnnotationWinsOverTheModel) {
  EXPECT_EQ(where(Here + "event next(); task f() { co_await next(); }",
                  R"("awaitables": [ { "function": "next",
                                       "resumes": "elsewhere" } ])"),
            Resumption::SameThread);
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

TEST(Resumption, ModelledFunction) {
  ResumptionVerdict V = verdict("event next(); task f() { co_await next(); }",
                                R"("awaitables": [ { "function": "next",
                                   "resumes": "elsewhere" } ])");
  EXPECT_EQ(V.Where, Resumption::Elsewhere);
  EXPECT_EQ(V.Why, "resumes on another thread (model 'test')");
}

TEST(Resumption, ModelledMethodThroughAnAlias) {
  EXPECT_EQ(where("namespace d1 { struct pool { event schedule(); }; }"
                  "namespace lib { using d1::pool; }"
                  "task f(d1::pool &p) { co_await p.schedule(); }",
                  R"("awaitables": [ { "function": "lib::pool::schedule",
                                       "resumes": "elsewhere" } ])"),
            Resumption::Elsewhere);
}

TEST(Resumption, ModelledFunctionObject) {
  EXPECT_EQ(where("namespace lib { struct fn { event operator()() const; }; "
                  "inline constexpr fn yield{}; }"
                  "task f() { co_await lib::yield(); }",
                  R"("awaitables": [ { "function": "lib::yield",
                                       "resumes": "same_executor" } ])"),
            Resumption::SameExecutor);
}

TEST(Resumption, ModelledType) {
  EXPECT_EQ(where("task f() { co_await tick(); }",
                  R"("awaitables": [ { "type": "event",
                                       "resumes": "same_thread" } ])"),
            Resumption::SameThread);
}

TEST(Resumption, ModelledBaseOfTheType) {
  EXPECT_EQ(where("struct mine : event {}; task f() { co_await mine{}; }",
                  R"("awaitables": [ { "type": "event",
                                       "resumes": "same_thread" } ])"),
            Resumption::SameThread);
}

TEST(Resumption, ModelledTypeOfAVariable) {
  EXPECT_EQ(where("task f(event &e) { co_await e; }",
                  R"("awaitables": [ { "type": "event",
                                       "resumes": "elsewhere" } ])"),
            Resumption::Elsewhere);
}

TEST(Resumption, FunctionRowBeforeTypeRow) {
  EXPECT_EQ(where("event next(); task f() { co_await next(); }",
                  R"("awaitables": [
                    { "type": "event", "resumes": "same_thread" },
                    { "function": "next", "resumes": "elsewhere" } ])"),
            Resumption::Elsewhere);
}

TEST(Resumption, AwaitTransformedOperandCounts) {
  EXPECT_EQ(
      where("struct a {}; struct t { struct promise_type : basic_promise<t,"
            "std::suspend_never, std::suspend_never> { event "
            "await_transform(a); }; }; t f() { co_await a{}; }",
            R"("awaitables": [ { "type": "a",
                                       "resumes": "elsewhere" } ])"),
      Resumption::Elsewhere);
}

TEST(Resumption, AwaitTransformResultIsNearerThanTheOperand) {
  EXPECT_EQ(
      where("struct a {}; struct t { struct promise_type : basic_promise<t,"
            "std::suspend_never, std::suspend_never> { event "
            "await_transform(a); }; }; t f() { co_await a{}; }",
            R"("awaitables": [
                    { "type": "a", "resumes": "elsewhere" },
                    { "type": "event", "resumes": "same_thread" } ])"),
      Resumption::SameThread);
}

/// A coroutine whose promise makes an 'event' of every 'token'.
const std::string Transforms =
    "struct token {}; token now(); struct t { struct promise_type : "
    "basic_promise<t, std::suspend_never, std::suspend_never> { event "
    "await_transform(token); }; }; ";

TEST(Resumption, FunctionThatNeverSuspends) {
  EXPECT_EQ(where(Transforms + "t f() { co_await now(); }",
                  R"("awaitables": [ { "function": "now",
                                       "resumes": "never_suspends" } ])"),
            Resumption::NeverSuspends);
}

TEST(Resumption, TypeThatNeverSuspendsSaysNothingOfItsTransform) {
  // A task may wrap std::suspend_never into something that reschedules.
  EXPECT_EQ(where(Transforms + "t f() { co_await now(); }",
                  R"("awaitables": [ { "type": "token",
                                       "resumes": "never_suspends" } ])"),
            Resumption::Unknown);
}

//===----------------------------------------------------------------------===//
// The executor in an argument
//===----------------------------------------------------------------------===//

const char *const Executors = R"cpp(
struct pool {}; struct here {}; struct loop {}; struct any {};
namespace lib {
template <class E> event resume_on(E &, int = 0);
template <class E> event sleep(int, E &);
struct fn { template <class E> event operator()(E &) const; };
inline constexpr fn schedule{};
struct timer { template <class E> event via(E &); };
}
)cpp";
const char *const ExecutorRows = R"("executors": [
    { "type": "pool", "pins": "none" }, { "type": "here", "pins": "caller" },
    { "type": "loop", "pins": "sequence" }, { "type": "any", "pins": "unknown" } ],
  "awaitables": [
    { "function": "lib::resume_on", "resumes": "elsewhere", "via_argument": 0 },
    { "function": "lib::sleep", "resumes": "unknown", "via_argument": 1 },
    { "function": "lib::schedule", "resumes": "elsewhere", "via_argument": 0 },
    { "function": "lib::timer::via", "resumes": "unknown", "via_argument": 0 } ])";

Resumption via(const std::string &Await) {
  return where(std::string(Executors) +
                   "task f(pool p, here h, loop l, any a, lib::timer t) { "
                   "co_await " +
                   Await + "; }",
               ExecutorRows);
}

TEST(ViaArgument, Pool) {
  EXPECT_EQ(via("lib::resume_on(p)"), Resumption::Elsewhere);
}
TEST(ViaArgument, Inline) {
  EXPECT_EQ(via("lib::resume_on(h)"), Resumption::SameThread);
}
TEST(ViaArgument, Sequence) {
  EXPECT_EQ(via("lib::sleep(1, l)"), Resumption::Elsewhere);
}
TEST(ViaArgument, ExecutorThatDoesNotSay) {
  EXPECT_EQ(via("lib::resume_on(a)"), Resumption::Elsewhere);
  EXPECT_EQ(via("lib::sleep(1, a)"), Resumption::Unknown);
}
TEST(ViaArgument, NotTheFirst) {
  EXPECT_EQ(via("lib::sleep(1, h)"), Resumption::SameThread);
}
TEST(ViaArgument, FunctionObjectIsNotCounted) {
  EXPECT_EQ(via("lib::schedule(h)"), Resumption::SameThread);
  EXPECT_EQ(via("lib::schedule(p)"), Resumption::Elsewhere);
}
TEST(ViaArgument, ObjectOfAMethodIsNotCounted) {
  EXPECT_EQ(via("t.via(h)"), Resumption::SameThread);
  EXPECT_EQ(via("t.via(p)"), Resumption::Elsewhere);
}

//===----------------------------------------------------------------------===//
// Completion tokens
//===----------------------------------------------------------------------===//

const char *const Tokens = R"cpp(
struct pool {}; struct here {};
namespace asio {
struct use_awaitable_t {}; inline constexpr use_awaitable_t use_awaitable{};
struct awaitable : event {};
template <class T, class E> struct executor_binder {};
template <class E, class T> executor_binder<T, E> bind_executor(E &, T);
template <class T> T redirect_error(T, int &);
template <class... A> awaitable post(A...);
struct timer { template <class T> awaitable async_wait(T); };
template <class A, class T> awaitable co_spawn(pool &, A, T);
awaitable child(executor_binder<use_awaitable_t, pool>);
}
)cpp";
const char *const TokenRows = R"("executors": [
    { "type": "pool", "pins": "none" }, { "type": "here", "pins": "caller" } ],
  "awaitables": [
    { "type": "asio::awaitable", "resumes": "same_executor" },
    { "function": "asio::bind_executor", "resumes": "elsewhere",
      "via_argument": 0, "completion_token": true },
    { "type": "asio::executor_binder", "resumes": "elsewhere",
      "completion_token": true } ])";

Resumption withToken(const std::string &Body) {
  return where(std::string(Tokens) +
                   "task f(pool p, here h, asio::timer t) { " + Body + " }",
               TokenRows);
}

TEST(CompletionToken, PostToAnExecutorDoesNotHop) {
  EXPECT_EQ(withToken("co_await asio::post(p, asio::use_awaitable);"),
            Resumption::SameExecutor);
}

TEST(CompletionToken, BoundTokenHops) {
  EXPECT_EQ(withToken("co_await asio::post(asio::bind_executor(p, "
                      "asio::use_awaitable));"),
            Resumption::Elsewhere);
}

TEST(CompletionToken, BoundTokenOfAMethod) {
  EXPECT_EQ(withToken("co_await t.async_wait(asio::bind_executor(p, "
                      "asio::use_awaitable));"),
            Resumption::Elsewhere);
}

TEST(CompletionToken, BoundToAnInlineExecutor) {
  EXPECT_EQ(withToken("co_await asio::post(asio::bind_executor(h, "
                      "asio::use_awaitable));"),
            Resumption::SameThread);
}

TEST(CompletionToken, WithinAnotherToken) {
  EXPECT_EQ(withToken("int e; co_await asio::post(asio::redirect_error("
                      "asio::bind_executor(p, asio::use_awaitable), e));"),
            Resumption::Elsewhere);
}

TEST(CompletionToken, InAVariable) {
  EXPECT_EQ(
      withToken("auto token = asio::bind_executor(p, asio::use_awaitable);"
                "co_await asio::post(token);"),
      Resumption::Elsewhere);
}

TEST(CompletionToken, NotOfAnArgumentBeforeTheLast) {
  EXPECT_EQ(withToken("co_await asio::co_spawn(p, asio::child("
                      "asio::bind_executor(p, asio::use_awaitable)), "
                      "asio::use_awaitable);"),
            Resumption::SameExecutor);
}

TEST(CompletionToken, IsNoRowOfTheAwaitItself) {
  EXPECT_EQ(where("namespace asio { event bind_executor(); }"
                  "task f() { co_await asio::bind_executor(); }",
                  TokenRows),
            Resumption::Unknown);
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

/// The verdict on an awaiter with that await_suspend.
ResumptionVerdict ofBody(const std::string &Suspend) {
  return verdict("void enqueue(std::coroutine_handle<>); struct a { bool "
                 "await_ready(); void await_resume(); " +
                 Suspend + " }; task f() { co_await a{}; }");
}

TEST(ResumptionBody, ResumedWithin) {
  EXPECT_EQ(
      ofBody("void await_suspend(std::coroutine_handle<> h) { h.resume(); "
             "}")
          .Where,
      Resumption::SameThread);
}

TEST(ResumptionBody, CalledWithin) {
  EXPECT_EQ(
      ofBody("void await_suspend(std::coroutine_handle<> h) { h(); }").Where,
      Resumption::SameThread);
}

TEST(ResumptionBody, ThreadStarted) {
  ResumptionVerdict V = ofBody(
      "void await_suspend(std::coroutine_handle<> h) { std::thread([h] { "
      "h.resume(); }).detach(); }");
  EXPECT_EQ(V.Where, Resumption::Elsewhere);
  EXPECT_TRUE(V.Loc.isValid());
}

TEST(ResumptionBody, HandleAsTheThreadsFunction) {
  EXPECT_EQ(
      ofBody("void await_suspend(std::coroutine_handle<> h) { std::thread "
             "t(h); t.detach(); }")
          .Where,
      Resumption::Elsewhere);
}

TEST(ResumptionBody, TemplatedHandle) {
  EXPECT_EQ(ofBody("template <class P> void "
                   "await_suspend(std::coroutine_handle<P> h) { h.resume(); }")
                .Where,
            Resumption::SameThread);
}

TEST(ResumptionBody, ThreadThatDoesNotGetTheHandle) {
  EXPECT_EQ(
      ofBody("void await_suspend(std::coroutine_handle<> h) { std::thread("
             "[] {}).detach(); enqueue(h); }")
          .Where,
      Resumption::Unknown);
}

TEST(ResumptionBody, HandedToSomebody) {
  EXPECT_EQ(
      ofBody("void await_suspend(std::coroutine_handle<> h) { enqueue(h); "
             "}")
          .Where,
      Resumption::Unknown);
}

TEST(ResumptionBody, ResumedOnOnePathOnly) {
  EXPECT_EQ(
      ofBody("void await_suspend(std::coroutine_handle<> h) { if (flag()) "
             "h.resume(); else enqueue(h); }")
          .Where,
      Resumption::Unknown);
}

TEST(ResumptionBody, Kept) {
  EXPECT_EQ(ofBody("std::coroutine_handle<> kept; void "
                   "await_suspend(std::coroutine_handle<> h) { kept = h; }")
                .Where,
            Resumption::Unknown);
}

TEST(ResumptionBody, ModelWinsOverTheBody) {
  EXPECT_EQ(where("struct a { bool await_ready(); void await_resume(); void "
                  "await_suspend(std::coroutine_handle<> h) { h.resume(); } };"
                  "task f() { co_await a{}; }",
                  R"("awaitables": [ { "type": "a",
                                       "resumes": "elsewhere" } ])"),
            Resumption::Elsewhere);
}

TEST(NeverSuspends, BodiesSay) {
  for (auto [Code, Never] :
       {std::pair("co_await std::suspend_never{}", true),
        std::pair("co_await std::suspend_always{}", false),
        std::pair("co_await tick()", false), std::pair("co_yield 1", false)}) {
    AnalyzedSnippet S("task f() { " + std::string(Code) + "; }");
    EXPECT_EQ(S.session().Resumptions.neverSuspends(
                  S.all<CoroutineSuspendExpr>("f").at(0)),
              Never)
        << Code;
  }
}

TEST(NeverSuspends, VirtualReadyIsNotKnown) {
  AnalyzedSnippet S(
      "struct a { virtual bool await_ready() { return true; } void "
      "await_suspend(std::coroutine_handle<>); void "
      "await_resume(); }; task f(a &v) { co_await v; }");
  EXPECT_FALSE(S.session().Resumptions.neverSuspends(
      S.all<CoroutineSuspendExpr>("f").at(0)));
}

TEST(NeverSuspends, FinalReadyIsKnown) {
  AnalyzedSnippet S(
      "struct a { virtual bool await_ready() = 0; void "
      "await_suspend(std::coroutine_handle<>); void "
      "await_resume(); }; struct b final : a { bool await_ready() "
      "override { return true; } }; task f(b &v) { co_await v; }");
  EXPECT_TRUE(S.session().Resumptions.neverSuspends(
      S.all<CoroutineSuspendExpr>("f").at(0)));
}

TEST(ResumptionBody, VirtualSuspendIsNotKnown) {
  EXPECT_EQ(ofBody("virtual void await_suspend(std::coroutine_handle<> h) { "
                   "h.resume(); }")
                .Where,
            Resumption::Unknown);
}

TEST(NeverSuspends, AnnotationWins) {
  // Whoever annotates it says that there is a suspension.
  EXPECT_EQ(where("struct " + Elsewhere +
                  "a { bool await_ready() { return true; "
                  "} void await_suspend(std::coroutine_handle<>); void "
                  "await_resume(); }; task f() { co_await a{}; }"),
            Resumption::Elsewhere);
}

//===----------------------------------------------------------------------===//
// The coroutine's type
//===----------------------------------------------------------------------===//

TEST(CoroutineType, BringsHome) {
  EXPECT_EQ(where("task f() { co_await tick(); }",
                  R"("coroutines": [ { "type": "task",
                                       "resumes": "same_thread" } ])"),
            Resumption::SameThread);
  EXPECT_EQ(where("task f() { co_await tick(); }",
                  R"("coroutines": [ { "type": "task",
                                       "resumes": "same_executor" } ])"),
            Resumption::SameExecutor);
}

TEST(CoroutineType, CompletingThreadIsUnknown) {
  EXPECT_EQ(where("task f() { co_await tick(); }",
                  R"("coroutines": [ { "type": "task",
                                       "resumes": "completing_thread" } ])"),
            Resumption::Unknown);
}

TEST(CoroutineType, AwaitableRowIsNearer) {
  EXPECT_EQ(where("task f() { co_await tick(); }",
                  R"("coroutines": [ { "type": "task",
                                       "resumes": "same_thread" } ],
                     "awaitables": [ { "function": "tick",
                                       "resumes": "elsewhere" } ])"),
            Resumption::Elsewhere);
}

TEST(CoroutineType, OfTheAwaitedTaskOnlyIfItStays) {
  const char *Code = "struct child : event {}; task f(child c) { co_await c; }";
  EXPECT_EQ(where(Code, R"("coroutines": [ { "type": "child",
                                             "resumes": "same_thread" } ])"),
            Resumption::SameThread);
  EXPECT_EQ(where(Code, R"("coroutines": [ { "type": "child",
                                             "resumes": "same_executor" } ])"),
            Resumption::Unknown);
}

TEST(CoroutineType, OfASpecialisation) {
  EXPECT_EQ(
      where("template <class T> struct io { using promise_type = "
            "basic_promise<io, std::suspend_never, std::suspend_never>; };"
            "io<int> f() { co_await tick(); }",
            R"("coroutines": [ { "type": "io",
                                       "resumes": "same_executor" } ])"),
      Resumption::SameExecutor);
}

} // namespace
