//===--- JoinsTest.cpp - what a sender does before its task has ended -----===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Joins.h"
#include "ParsedSnippet.h"
#include "analysis/HandOver.h"
#include "analysis/Hops.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const std::string Threads = R"(
namespace std {
struct jthread { template <class F> explicit jthread(F &&) {} ~jthread(); void join(); };
template <class T> struct future { T get(); void wait(); bool wait_for(int); ~future(); };
template <class T> struct promise { future<T> get_future(); ~promise(); };
enum class launch { async = 1 };
template <class F> future<int> async(launch, F) { return {}; }
}
struct object { ~object(); void use() const; };
struct latch { void wait(); void down(); };
struct pool { template <class F> void post(F) {} void wait(); };
)";

/// What 'f' does to its variable 'o' after the first call that is given a
/// closure, before it waits.
std::optional<SenderTouch::Kind> touch(const std::string &Code) {
  ParsedSnippet S(Threads + Code);
  const FunctionDecl *F = S.function("f");
  const Expr *Hop = nullptr;
  const LambdaExpr *Task = nullptr;
  for (const Expr *E : S.all<Expr>("f")) {
    if (Hop || !isa<CallExpr, CXXConstructExpr>(E))
      continue;
    for (const Expr *Arg : argumentsOf(E))
      if (const auto *Lambda = dyn_cast<LambdaExpr>(stripForwarding(Arg))) {
        Hop = E;
        Task = Lambda;
      }
  }
  EXPECT_TRUE(Hop) << "no call is given a closure";
  if (!Hop)
    return std::nullopt;
  llvm::SmallVector<const Expr *> Given;
  std::vector<HandedObject> Objects = handedOver(Task, S.context());
  for (const HandedObject &Object : Objects)
    if (Object.Source)
      Given.push_back(Object.Source);
  ObjectPath Path;
  Path.Root = S.variable("o")->getCanonicalDecl();
  auto Found = touchBeforeJoin(F, Hop, Path, Given, S.context());
  return Found ? std::optional(Found->K) : std::nullopt;
}

TEST(Joins, UsedBeforeTheJoin) {
  EXPECT_EQ(touch("void f() { object o; std::thread t([&o] {}); o.use(); "
                  "t.join(); }"),
            SenderTouch::Use);
}

TEST(Joins, JoinedFirst) {
  EXPECT_EQ(touch("void f() { object o; std::thread t([&o] {}); t.join(); "
                  "o.use(); }"),
            std::nullopt);
}

TEST(Joins, JoinedOnOnePathOnly) {
  EXPECT_EQ(touch("void f(bool b) { object o; std::thread t([&o] {}); if (b) "
                  "t.join(); o.use(); }"),
            SenderTouch::Use);
}

TEST(Joins, ScopeOfTheObjectEnds) {
  EXPECT_EQ(touch("void f(pool &p) { object o; p.post([&o] {}); }"),
            SenderTouch::End);
}

TEST(Joins, TheObjectOutlivesTheFunction) {
  EXPECT_EQ(touch("void f(pool &p, object &o) { p.post([&o] {}); }"),
            SenderTouch::Return);
}

TEST(Joins, EndOfAJthread) {
  EXPECT_EQ(touch("void f() { object o; { std::jthread t([&o] {}); } o.use(); "
                  "}"),
            std::nullopt);
}

TEST(Joins, FutureOfAsyncWaitsAtItsEnd) {
  EXPECT_EQ(touch("void f(object &o) { auto w = std::async(std::launch::async, "
                  "[&o] {}); }"),
            std::nullopt);
}

TEST(Joins, FutureAskedAtOnce) {
  EXPECT_EQ(touch("int f(object &o) { return std::async(std::launch::async, "
                  "[&o] {}).get(); }"),
            std::nullopt);
}

TEST(Joins, WaitWithATimeLimitIsNone) {
  EXPECT_EQ(touch("void f(std::future<int> &w, object &o) { w = "
                  "std::async(std::launch::async, [&o] {}); w.wait_for(1); "
                  "o.use(); }"),
            SenderTouch::Use);
}

TEST(Joins, LatchThatTheTaskGot) {
  EXPECT_EQ(touch("void f(pool &p, object &o) { latch l; p.post([&o, &l] { "
                  "l.down(); }); l.wait(); o.use(); }"),
            std::nullopt);
}

TEST(Joins, LatchOfSomebodyElse) {
  EXPECT_EQ(touch("void f(pool &p, object &o, latch &l) { p.post([&o] {}); "
                  "l.wait(); o.use(); }"),
            SenderTouch::Use);
}

TEST(Joins, FutureOfThePromiseThatTheTaskGot) {
  EXPECT_EQ(touch("void f(pool &p, object &o) { std::promise<int> r; auto w = "
                  "r.get_future(); p.post([&o, &r] {}); w.get(); o.use(); }"),
            std::nullopt);
}

TEST(Joins, TheExecutorIsWaitedFor) {
  EXPECT_EQ(touch("void f(pool &p, object &o) { p.post([&o] {}); p.wait(); "
                  "o.use(); }"),
            std::nullopt);
}

TEST(Joins, TheNextRoundOfALoop) {
  EXPECT_EQ(
      touch("void f(pool &p) { object o; while (true) p.post([&o] {}); }"),
      SenderTouch::Use);
}

} // namespace
