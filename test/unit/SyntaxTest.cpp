//===--- SyntaxTest.cpp - small questions about expressions ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Syntax.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

//===----------------------------------------------------------------------===//
// Stripping
//===----------------------------------------------------------------------===//

TEST(StripWrapping, ParenthesesAndConversions) {
  ParsedSnippet S("int v; long f() { return ((v)); }");
  EXPECT_TRUE(isa<DeclRefExpr>(stripWrapping(S.returned("f"))));
}

TEST(StripWrapping, TemporariesAndCleanups) {
  ParsedSnippet S("struct c { c(); ~c(); }; c make(); void take(const c &);"
                  "void f() { take(make()); }");
  const auto *Call = S.all<CallExpr>("f").at(0);
  const auto *Inner = dyn_cast<CallExpr>(stripWrapping(Call->getArg(0)));
  ASSERT_TRUE(Inner);
  EXPECT_EQ(calleeName(Inner), "make");
}

TEST(StripWrapping, DefaultArgument) {
  ParsedSnippet S("int v; int g(int = v); int f() { return g(); }");
  const auto *Call = S.all<CallExpr>("f").at(0);
  EXPECT_TRUE(isa<DeclRefExpr>(stripWrapping(Call->getArg(0))));
}

TEST(StripWrapping, KeepsExplicitCastsAndMoves) {
  ParsedSnippet S("long f(int v) { return static_cast<long>(v); }"
                  "int g(int v) { return std::move(v); }");
  EXPECT_TRUE(isa<CXXStaticCastExpr>(stripWrapping(S.returned("f"))));
  EXPECT_TRUE(isa<CallExpr>(stripWrapping(S.returned("g"))));
}

TEST(StripWrapping, NullIsNull) { EXPECT_EQ(stripWrapping(nullptr), nullptr); }

TEST(StripForwarding, CastsMovesForwards) {
  for (const char *E :
       {"static_cast<int &&>(v)", "std::move(v)", "std::forward<int &>(v)",
        "std::as_const(v)", "(int)v", "std::move(std::as_const(v))"}) {
    ParsedSnippet S("void f(int v) { (void)(" + std::string(E) + "); }");
    const auto *Cast = S.all<CStyleCastExpr>("f").at(0);
    EXPECT_TRUE(isa<DeclRefExpr>(stripForwarding(Cast->getSubExpr()))) << E;
  }
}

TEST(StripForwarding, NotOtherCalls) {
  ParsedSnippet S("namespace mine { int move(int); } int f(int v) { return "
                  "mine::move(v); }");
  EXPECT_TRUE(isa<CallExpr>(stripForwarding(S.returned("f"))));
}

bool isMoved(const std::string &E) {
  ParsedSnippet S("namespace mine { int &&move(int &); } void f(int v) { "
                  "(void)(" +
                  E + "); }");
  return movedOperand(S.all<CStyleCastExpr>("f").at(0)->getSubExpr());
}

TEST(MovedOperand, MoveForwardAndCast) {
  EXPECT_TRUE(isMoved("std::move(v)"));
  EXPECT_TRUE(isMoved("std::forward<int>(v)"));
  EXPECT_TRUE(isMoved("static_cast<int &&>(v)"));
}

TEST(MovedOperand, NotLvaluesAndOthers) {
  EXPECT_FALSE(isMoved("v"));
  EXPECT_FALSE(isMoved("std::forward<int &>(v)"));
  EXPECT_FALSE(isMoved("mine::move(v)"));
  EXPECT_FALSE(isMoved("static_cast<long>(v)"));
  EXPECT_EQ(movedOperand(nullptr), nullptr);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

TEST(IsStdCall, ByNameAndNamespace) {
  ParsedSnippet S("namespace mine { template <class T> T *addressof(T &); }"
                  "int *f(int &v) { return std::addressof(v); }"
                  "int *g(int &v) { return mine::addressof(v); }");
  EXPECT_TRUE(isStdCall(S.returned("f"), "addressof"));
  EXPECT_FALSE(isStdCall(S.returned("f"), "move"));
  EXPECT_FALSE(isStdCall(S.returned("g"), "addressof"));
  EXPECT_FALSE(isStdCall(nullptr, "move"));
}

TEST(CalleeName, OfFunctionsAndMethodsOnly) {
  ParsedSnippet S(
      "struct c { int m(); int operator()(); }; int g(); extern int "
      "(*p)(); void f(c v) { g(); v.m(); v(); p(); }");
  std::string Names;
  for (const auto *Call : S.all<CallExpr>("f"))
    Names += "[" + calleeName(Call).str() + "]";
  EXPECT_EQ(Names, "[g][m][][]");
}

TEST(WrittenArgument, OfEachKindOfCall) {
  ParsedSnippet S(
      "struct c { int m(int); int operator()(int, int) const; }; int "
      "g(int, int); void f(c v) { g(1, 2); v.m(1); v(1, 2); }");
  auto Calls = S.all<CallExpr>("f");
  ASSERT_EQ(Calls.size(), 3u);
  auto value = [&](const CallExpr *Call, unsigned I) -> int {
    const Expr *Arg = writtenArgument(Call, I);
    return Arg ? Arg->EvaluateKnownConstInt(S.context()).getExtValue() : -1;
  };
  EXPECT_EQ(value(Calls[0], 0), 1);
  EXPECT_EQ(value(Calls[0], 1), 2);
  EXPECT_EQ(value(Calls[0], 2), -1);
  EXPECT_EQ(value(Calls[1], 0), 1);
  EXPECT_EQ(value(Calls[1], 1), -1);
  EXPECT_EQ(value(Calls[2], 0), 1);
  EXPECT_EQ(value(Calls[2], 1), 2);
  EXPECT_EQ(value(Calls[2], 2), -1);
}

TEST(IsOneOf, Names) {
  EXPECT_TRUE(isOneOf("b", {"a", "b"}));
  EXPECT_FALSE(isOneOf("c", {"a", "b"}));
  EXPECT_FALSE(isOneOf("", {"a"}));
}

//===----------------------------------------------------------------------===//
// Bodies and visits
//===----------------------------------------------------------------------===//

TEST(VisibleBody, FromAnyDeclaration) {
  ParsedSnippet S("void f(); void g() { f(); } void f() {}");
  EXPECT_TRUE(visibleBody(S.all<CallExpr>("g").at(0)->getDirectCallee()));
}

TEST(VisibleBody, NotOfDeclarationsAndTemplates) {
  ParsedSnippet S("void f(); template <class T> void g(T) {}");
  EXPECT_FALSE(visibleBody(S.function("f")));
  EXPECT_FALSE(visibleBody(S.function("g")));
  EXPECT_FALSE(visibleBody(nullptr));
}

TEST(VisibleBody, OfAnInstance) {
  ParsedSnippet S("template <class T> void g(T) {} void f() { g(1); }");
  EXPECT_TRUE(visibleBody(S.instance("g")));
}

/// The names of what the body of 'f' calls, in the order of the visit.
std::string calls(const std::string &Code) {
  ParsedSnippet S("int a(); int b(); int c(); " + Code);
  std::string Names;
  visitEvaluated(visibleBody(S.function("f")), [&](const Stmt *Inner) {
    if (const auto *Call = dyn_cast<CallExpr>(Inner))
      Names += calleeName(Call);
    return true;
  });
  return Names;
}

TEST(VisitEvaluated, SourceOrder) {
  EXPECT_EQ(calls("void f() { a(); if (b()) c(); }"), "abc");
}

TEST(VisitEvaluated, NotLambdaBodies) {
  EXPECT_EQ(calls("void f() { a(); auto l = [] { b(); }; c(); }"), "ac");
}

TEST(VisitEvaluated, CapturesOfLambdas) {
  EXPECT_EQ(calls("void f() { auto l = [x = a()] { return b(); }; }"), "a");
}

TEST(VisitEvaluated, NotUnevaluatedOperands) {
  EXPECT_EQ(calls("void f() { (void)sizeof(a()); (void)noexcept(b()); c(); }"),
            "c");
  EXPECT_EQ(calls("void f() { decltype(a()) x = 1; }"), "");
  EXPECT_EQ(calls("void f() { (void)requires { a(); }; }"), "");
}

TEST(VisitEvaluated, NotDiscardedBranches) {
  EXPECT_EQ(
      calls("void f() { if constexpr (sizeof(int) == 4) a(); else b(); }"),
      "a");
  EXPECT_EQ(calls("void f() { if constexpr (sizeof(int) != 4) a(); }"), "");
}

TEST(VisitEvaluated, AwaitOperandOnce) {
  EXPECT_EQ(calls("event e(); task f() { co_await e(); }"), "e");
}

TEST(VisitEvaluated, ReturnOperandOnce) {
  EXPECT_EQ(calls("struct t { struct promise_type { t get_return_object(); "
                  "std::suspend_never initial_suspend() noexcept; "
                  "std::suspend_never final_suspend() noexcept; void "
                  "unhandled_exception(); void return_value(int); }; };"
                  "t f() { co_return a(); }"),
            "return_valuea");
}

TEST(VisitEvaluated, SubtreeIsLeftOut) {
  ParsedSnippet S("int a(int); int b(); void f() { a(b()); }");
  unsigned Seen = 0;
  visitEvaluated(visibleBody(S.function("f")), [&](const Stmt *Inner) {
    Seen += isa<CallExpr>(Inner);
    return !isa<CallExpr>(Inner);
  });
  EXPECT_EQ(Seen, 1u);
}

TEST(VisitEvaluated, NullIsNothing) {
  visitEvaluated(nullptr, [](const Stmt *) -> bool {
    ADD_FAILURE();
    return true;
  });
}

//===----------------------------------------------------------------------===//
// Writes
//===----------------------------------------------------------------------===//

bool mutableParameter(const std::string &Type) {
  ParsedSnippet S("void f(" + Type + " p);");
  return isMutableReference(S.function("f")->getParamDecl(0)->getType());
}

TEST(IsMutableReference, ReferencesAndPointers) {
  EXPECT_TRUE(mutableParameter("int &"));
  EXPECT_TRUE(mutableParameter("int &&"));
  EXPECT_TRUE(mutableParameter("int *"));
  EXPECT_FALSE(mutableParameter("int"));
  EXPECT_FALSE(mutableParameter("const int &"));
  EXPECT_FALSE(mutableParameter("const int *"));
  EXPECT_FALSE(isMutableReference(QualType()));
}

bool neverWritten(const std::string &Body) {
  ParsedSnippet S("void in(int &); void reads(const int &); void f() { " +
                  Body + " }");
  return isNeverWritten(S.variable("v"), visibleBody(S.function("f")));
}

TEST(IsNeverWritten, OnlyRead) {
  EXPECT_TRUE(neverWritten("int v = number(); if (v) number();"));
  EXPECT_TRUE(neverWritten("const int v = number();"));
}

TEST(IsNeverWritten, Written) {
  EXPECT_FALSE(neverWritten("int v = 0; v = 1;"));
  EXPECT_FALSE(neverWritten("int v = 0; ++v;"));
  EXPECT_FALSE(neverWritten("int v = 0; v += 1;"));
}

TEST(IsNeverWritten, GivenAway) {
  EXPECT_FALSE(neverWritten("int v = 0; in(v);"));
  EXPECT_FALSE(neverWritten("int v = 0; int *p = &v;"));
  EXPECT_FALSE(neverWritten("int v = 0; int &r = v;"));
}

TEST(IsNeverWritten, CapturedByReference) {
  EXPECT_FALSE(neverWritten("int v = 0; auto l = [&v] { v = 1; };"));
}

TEST(IsNeverWritten, CapturedByCopy) {
  EXPECT_TRUE(neverWritten("int v = 0; auto l = [v] { return v; };"));
}

} // namespace
