//===--- HopsTest.cpp - who runs this callable ----------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Hops.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

// A list, a deque, and a callable that hides its type.
const std::string Containers = R"(
namespace std {
template <class T> struct list { template <class... A> void emplace_back(A &&...); };
template <class T> struct deque {
  void push_back(T); void pop_front(); T &front(); bool empty() const;
};
template <class> struct function;
template <class R> struct function<R()> {
  template <class F> function(F f); function(const function &); R operator()() const;
};
}
)";

/// Where the first parameter of the function (or method) 'f' runs.
HopVerdict verdict(const std::string &Code) {
  AnalyzedSnippet S(Containers + Code);
  return S.session().Hops.parameter(S.function("f"), 0);
}
RunsOn where(const std::string &Code) { return verdict(Code).Where; }

TEST(Hops, CalledHere) {
  EXPECT_EQ(where("void f(std::function<void()> g) { g(); }"), RunsOn::Caller);
}

TEST(Hops, NotSeen) {
  EXPECT_EQ(where("void other(int); void f(int i) { other(i); }"),
            RunsOn::Unknown);
}

TEST(Hops, GivenToAThread) {
  HopVerdict V = verdict("void f(void (*g)()) { std::thread t(g); }");
  EXPECT_EQ(V.Where, RunsOn::Elsewhere);
  EXPECT_TRUE(V.Loc.isValid());
}

TEST(Hops, ThroughFunctionsThatForward) {
  EXPECT_EQ(where("void last(void (*g)()) { std::thread t(g); }"
                  "void middle(void (*g)()) { auto h = g; last(h); }"
                  "void f(void (*g)()) { middle(g); }"),
            RunsOn::Elsewhere);
}

TEST(Hops, IntoAContainerOfThreads) {
  EXPECT_EQ(where("std::list<std::thread> all;"
                  "void f(void (*g)()) { all.emplace_back(g); }"),
            RunsOn::Elsewhere);
}

const std::string Queue = "std::deque<std::function<void()>> queue;";
const std::string Post =
    "void post(std::function<void()> g) { queue.push_back(g); }";

/// Where the parameter of 'post' of the class 'loop' with these members runs.
RunsOn posted(const std::string &Members) {
  AnalyzedSnippet S(Containers + "struct loop { " + Queue + Post + Members +
                    " };");
  return S.session().Hops.parameter(S.method("loop::post"), 0).Where;
}

TEST(Hops, QueueThatAThreadDrains) {
  EXPECT_EQ(posted("void work() { queue.front()(); queue.pop_front(); }"
                   "void start() { std::thread t([this] { work(); }); }"),
            RunsOn::Elsewhere);
}

TEST(Hops, QueueThatItsOwnerDrains) {
  EXPECT_EQ(posted("void run() { queue.front()(); queue.pop_front(); }"),
            RunsOn::Caller);
}

TEST(Hops, QueueWithALockMayBeDrainedByAnybody) {
  EXPECT_EQ(posted("std::mutex m;"
                   "void run() { queue.front()(); queue.pop_front(); }"),
            RunsOn::Unknown);
}

TEST(Hops, QueueThatNobodyIsSeenToDrain) {
  EXPECT_EQ(posted(""), RunsOn::Unknown);
}

TEST(Hops, ThreadThatLeavesTheQueueAlone) {
  EXPECT_EQ(posted("int n; void start() { std::thread t([this] { ++n; }); }"),
            RunsOn::Unknown);
}

TEST(Hops, AnnotatedFunction) {
  AnalyzedSnippet S(
      "[[clang::annotate(\"threadhop::hops\", \"own thread\")]] void go(int);"
      "void f() { go(1); }");
  HopVerdict V = S.session().Hops.argument(S.all<CallExpr>("f").front(), 0);
  EXPECT_EQ(V.Where, RunsOn::Elsewhere);
  EXPECT_EQ(V.Why, "'go' is annotated hops: own thread");
}

TEST(Hops, AnnotatedParameterWinsOverTheBody) {
  EXPECT_EQ(
      where("void go([[clang::annotate(\"threadhop::stays\")]] void (*g)()) "
            "{ std::thread t(g); } void f(void (*g)()) { go(g); }"),
      RunsOn::Caller);
}

TEST(Hops, RecursionEnds) {
  EXPECT_EQ(where("void f(int i) { f(i); }"), RunsOn::Unknown);
}

} // namespace
