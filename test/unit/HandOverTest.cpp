//===--- HandOverTest.cpp - what a call hands to another thread -----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/HandOver.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const std::string Types = R"(
struct object { object(); object(const object &); object(object &&); ~object(); };
struct pool { template <class F> void post(F) {} };
namespace std {
template <class> struct function;
template <class R> struct function<R()> {
  template <class F> function(F f) {} function(const function &);
  function(function &&); R operator()() const;
};
template <class F, class... A> tuple<F, A...> bind(F, A...) { return {}; }
}
)";

const char *text(HandedBy By) {
  switch (By) {
  case HandedBy::Copy:
    return "copy";
  case HandedBy::Move:
    return "move";
  case HandedBy::Made:
    return "made";
  case HandedBy::Reference:
    return "reference";
  case HandedBy::This:
    return "this";
  }
  return "";
}

/// What goes over with the argument of the call of 'post' in 'f', as
/// "copy o, made".
std::string over(const std::string &Code, const char *Function = "f") {
  ParsedSnippet S(Types + Code);
  std::string Text;
  for (const auto *Call : S.all<CXXMemberCallExpr>(Function)) {
    if (calleeName(Call) != "post")
      continue;
    std::vector<HandedObject> Objects =
        handedOver(Call->getArg(0), S.context());
    for (const HandedObject &Object : Objects) {
      Text += (Text.empty() ? "" : ", ") + std::string(text(Object.By));
      if (!Object.Name.empty())
        Text += " " + Object.Name;
      if (Object.KeptIn)
        Text += " kept";
    }
  }
  return Text;
}

TEST(HandOver, CapturedByCopy) {
  EXPECT_EQ(over("void f(pool &p, object &o) { p.post([o] {}); }"), "copy o");
}
TEST(HandOver, CapturedByMove) {
  EXPECT_EQ(
      over("void f(pool &p, object o) { p.post([o = std::move(o)] {}); }"),
      "move o");
}
TEST(HandOver, MoveOfAConstObjectIsACopy) {
  EXPECT_EQ(over("void f(pool &p, const object o) { p.post([o = std::move(o)] "
                 "{}); }"),
            "copy o");
}
TEST(HandOver, CapturedByReference) {
  EXPECT_EQ(over("void f(pool &p, object o) { p.post([&o] {}); }"),
            "reference o");
}
TEST(HandOver, MadeForTheTask) {
  EXPECT_EQ(over("void f(pool &p) { p.post([o = object()] {}); }"), "made o");
}
TEST(HandOver, CapturedThis) {
  EXPECT_EQ(
      over("struct s { void f(pool &p) { p.post([this] {}); } };", "s::f"),
      "this *this");
}
TEST(HandOver, CapturedCopyOfThis) {
  EXPECT_EQ(over("struct s { object o; void f(pool &p) { p.post([*this] {}); } "
                 "};",
                 "s::f"),
            "copy *this");
}
TEST(HandOver, ClosureInAVariable) {
  EXPECT_EQ(over("void f(pool &p, object &o) { auto g = [o] {}; "
                 "p.post(std::move(g)); }"),
            "copy o");
}
TEST(HandOver, ClosureThatIsCopiedStays) {
  EXPECT_EQ(over("void f(pool &p, object o) { auto g = [o = std::move(o)] {}; "
                 "p.post(g); }"),
            "move o kept");
}
TEST(HandOver, ErasedClosure) {
  EXPECT_EQ(over("void f(pool &p, object &o) { std::function<void()> g = [o] "
                 "{}; p.post(std::move(g)); }"),
            "copy o");
}
TEST(HandOver, ClosureInAClosure) {
  EXPECT_EQ(over("void f(pool &p, object &o) { auto g = [o] {}; p.post([g] "
                 "{}); }"),
            "copy o kept");
}
TEST(HandOver, FactoryOfAClosure) {
  EXPECT_EQ(
      over("auto make(object o) { return [o] {}; } void f(pool &p, object "
           "&o) { p.post(make(o)); }"),
      "copy o");
}
TEST(HandOver, BoundArguments) {
  EXPECT_EQ(over("void g(object); void f(pool &p, object &a, object b) { "
                 "p.post(std::bind(g, a, std::move(b))); }"),
            "copy a, move b, made");
}
TEST(HandOver, GlobalThatTheTaskNames) {
  EXPECT_EQ(over("object o; void f(pool &p) { p.post([] { o.~object(); }); }"),
            "reference o");
}

TEST(HandOver, ConstructionsAroundAnObject) {
  ParsedSnippet S(Types + "struct inner { object o; }; struct outer { inner i; "
                          "}; outer f(object &o) { return outer{inner{o}}; }");
  std::vector<HandedObject> Objects = handedOver(S.returned("f"), S.context());
  ASSERT_EQ(Objects.size(), 1u);
  ASSERT_EQ(Objects[0].Inside.size(), 2u);
  EXPECT_EQ(Objects[0].Inside[0].getAsString(), "outer");
  EXPECT_EQ(Objects[0].Inside[1].getAsString(), "inner");
}

// The task of a runnable works on what its constructor keeps by reference.
TEST(HandOver, Runnable) {
  ParsedSnippet S(
      Types + "struct job { virtual void run(); }; struct work : job { object "
              "&o; work(object &x) : o(x) {} void run() override { } }; void "
              "f(pool &p, object &mine) { p.post(new work(mine)); }");
  std::vector<HandedObject> Objects;
  for (const auto *New : S.all<CXXNewExpr>("f"))
    Objects = handedOver(New, S.context());
  ASSERT_FALSE(Objects.empty());
  EXPECT_EQ(Objects[0].By, HandedBy::Reference);
  EXPECT_EQ(Objects[0].Name, "mine");
  ASSERT_TRUE(Objects[0].InTask);
  EXPECT_EQ(Objects[0].InTask->getNameAsString(), "o");
}

} // namespace
