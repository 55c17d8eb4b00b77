//===--- ThreadLocalScopeTest.cpp - scopes inferred from bodies -----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ThreadLocalScope.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const char *const Context = R"cpp(
struct span { span *parent; void enter(); void exit(); };
struct stack { void push(int); void push_back(int); void pop(); void pop_back();
               int size() const; void clear(); void install(span *);
               void restore(); };
thread_local span *current;
thread_local int depth;
thread_local stack spans;
)cpp";

std::optional<ThreadLocalScope> scopeOf(const ParsedSnippet &S) {
  return inferThreadLocalScope(S.record("guard"));
}

/// Whether the class 'guard' in the code is a scope.
bool isScope(const std::string &Code) {
  ParsedSnippet S(Context + Code);
  return scopeOf(S).has_value();
}

//===----------------------------------------------------------------------===//
// Scopes
//===----------------------------------------------------------------------===//

TEST(ThreadLocalScope, SetAndRestore) {
  EXPECT_TRUE(isScope("struct guard { span *old; guard(span *s) : old(current) "
                      "{ current = s; } ~guard() { current = old; } };"));
}

TEST(ThreadLocalScope, SetAndClear) {
  EXPECT_TRUE(isScope("struct guard { guard(span *s) { current = s; } ~guard() "
                      "{ current = nullptr; } };"));
}

TEST(ThreadLocalScope, IncrementAndDecrement) {
  EXPECT_TRUE(isScope("struct guard { guard() { ++depth; } ~guard() { depth--; "
                      "} };"));
}

TEST(ThreadLocalScope, CompoundAssignment) {
  EXPECT_TRUE(isScope("struct guard { guard() { depth += 2; } ~guard() { depth "
                      "-= 2; } };"));
}

TEST(ThreadLocalScope, PushAndPop) {
  EXPECT_TRUE(isScope("struct guard { guard() { spans.push_back(1); } ~guard() "
                      "{ spans.pop_back(); } };"));
}

TEST(ThreadLocalScope, ExchangeAndRestore) {
  EXPECT_TRUE(isScope("struct guard { span *old; guard(span *s) : "
                      "old(std::exchange(current, s)) {} ~guard() { current = "
                      "old; } };"));
}

TEST(ThreadLocalScope, Swap) {
  EXPECT_TRUE(isScope("struct guard { span *mine; guard(span *s) : mine(s) { "
                      "std::swap(current, mine); } ~guard() { "
                      "std::swap(current, mine); } };"));
}

TEST(ThreadLocalScope, InAMemberInitialiser) {
  EXPECT_TRUE(
      isScope("struct guard { int d; guard() : d(++depth) {} ~guard() { "
              "--depth; } };"));
}

TEST(ThreadLocalScope, ThroughHelpers) {
  EXPECT_TRUE(
      isScope("void set(span *s) { current = s; } struct guard { span "
              "*old; guard(span *s) : old(current) { set(s); } ~guard() "
              "{ set(old); } };"));
}

TEST(ThreadLocalScope, ThroughStaticMemberFunctions) {
  EXPECT_TRUE(
      isScope("struct registry { static void enter(span *s) { current = "
              "s; } static void leave() { current = nullptr; } }; struct "
              "guard { guard(span *s) { registry::enter(s); } ~guard() { "
              "registry::leave(); } };"));
}

TEST(ThreadLocalScope, ThroughAnAccessor) {
  EXPECT_TRUE(isScope("stack &spans_of_this_thread() { return spans; } struct "
                      "guard { guard() { spans_of_this_thread().push(1); } "
                      "~guard() { spans_of_this_thread().pop(); } };"));
}

TEST(ThreadLocalScope, ThroughAnAccessorOfAStaticLocal) {
  EXPECT_TRUE(isScope("stack &mine() { static thread_local stack s; return s; }"
                      "struct guard { guard() { mine().push(1); } ~guard() { "
                      "mine().pop(); } };"));
}

TEST(ThreadLocalScope, ThroughAnAccessorOfAPointer) {
  EXPECT_TRUE(
      isScope("stack *mine() { return &spans; } struct guard { guard() { "
              "mine()->push(1); } ~guard() { mine()->pop(); } };"));
}

TEST(ThreadLocalScope, ThroughALocalReference) {
  EXPECT_TRUE(isScope("struct guard { guard() { auto &s = spans; s.push(1); } "
                      "~guard() { auto *s = &spans; s->pop(); } };"));
}

TEST(ThreadLocalScope, StaticMember) {
  EXPECT_TRUE(isScope("struct guard { static thread_local guard *top; guard "
                      "*below; guard() : below(top) { top = this; } ~guard() { "
                      "top = below; } }; thread_local guard *guard::top;"));
}

TEST(ThreadLocalScope, GnuThreadLocal) {
  EXPECT_TRUE(isScope("__thread int level; struct guard { guard() { ++level; } "
                      "~guard() { --level; } };"));
}

TEST(ThreadLocalScope, MemberOfAThreadLocal) {
  EXPECT_TRUE(isScope("struct ctx { int level; }; thread_local ctx c; struct "
                      "guard { guard() { ++c.level; } ~guard() { --c.level; } "
                      "};"));
}

TEST(ThreadLocalScope, ElementOfAThreadLocal) {
  EXPECT_TRUE(isScope("thread_local int levels[4]; struct guard { guard() { "
                      "++levels[1]; } ~guard() { --levels[1]; } };"));
}

TEST(ThreadLocalScope, DestructorUnderACondition) {
  EXPECT_TRUE(isScope("struct guard { bool armed = true; guard() { ++depth; } "
                      "~guard() { if (armed) --depth; } };"));
}

TEST(ThreadLocalScope, ConstructorTemplate) {
  ParsedSnippet S(std::string(Context) +
                  "struct guard { template <class T> guard(T) { ++depth; } "
                  "~guard() { --depth; } }; void f() { guard g(1); }");
  EXPECT_TRUE(scopeOf(S));
}

TEST(ThreadLocalScope, ClassTemplate) {
  ParsedSnippet S(std::string(Context) +
                  "template <class T> struct guard { guard(T) { ++depth; } "
                  "~guard() { --depth; } }; void f() { guard<int> g(1); }");
  EXPECT_TRUE(inferThreadLocalScope(S.special("guard")));
}

TEST(ThreadLocalScope, NamesTheVariableAndBothActions) {
  ParsedSnippet S(std::string(Context) +
                  "struct guard { guard() { spans.push(1); } ~guard() { "
                  "spans.pop(); } };");
  auto Scope = scopeOf(S);
  ASSERT_TRUE(Scope);
  EXPECT_FALSE(Scope->Asymmetric);
  EXPECT_EQ(Scope->Variable->getName(), "spans");
  EXPECT_EQ(Scope->Open.Kind, ActionKind::Call);
  EXPECT_EQ(Scope->Open.Name, "push");
  EXPECT_EQ(Scope->Close.Name, "pop");
  EXPECT_TRUE(Scope->Open.Loc.isValid());
  EXPECT_TRUE(Scope->Close.Loc.isValid());
}

TEST(ThreadLocalScope, OnlyTheOpeningConstructorsOpen) {
  ParsedSnippet S(
      std::string(Context) +
      "struct guard { guard() {} guard(int) { ++depth; } ~guard() { "
      "--depth; } };");
  auto Scope = scopeOf(S);
  ASSERT_TRUE(Scope);
  ASSERT_EQ(Scope->Opening.size(), 1u);
  EXPECT_EQ((*Scope->Opening.begin())->getNumParams(), 1u);
}

TEST(ThreadLocalScope, Asymmetric) {
  ParsedSnippet S(
      "struct registry { void enter(int); void exit(int); };"
      "thread_local registry *current; struct guard { guard(registry "
      "&r) { r.enter(1); } ~guard() { current->exit(1); } };");
  auto Scope = scopeOf(S);
  ASSERT_TRUE(Scope);
  EXPECT_TRUE(Scope->Asymmetric);
  EXPECT_EQ(Scope->Variable->getName(), "current");
  EXPECT_EQ(Scope->Open.Variable, nullptr);
}

TEST(ThreadLocalScope, AsymmetricThroughAMember) {
  EXPECT_TRUE(isScope("struct registry { void enter(int); void exit(int); };"
                      "thread_local registry *dispatcher; struct guard { "
                      "registry &r; guard(registry &x) : r(x) { r.enter(1); } "
                      "~guard() { dispatcher->exit(1); } };"));
}

//===----------------------------------------------------------------------===//
// No scopes
//===----------------------------------------------------------------------===//

TEST(NoThreadLocalScope, OrdinaryVariable) {
  EXPECT_FALSE(
      isScope("int level; struct guard { guard() { ++level; } ~guard() "
              "{ --level; } };"));
}

TEST(NoThreadLocalScope, NoDestructor) {
  EXPECT_FALSE(isScope("struct guard { guard() { ++depth; } };"));
}

TEST(NoThreadLocalScope, DestructorIsNotVisible) {
  EXPECT_FALSE(isScope("struct guard { guard() { ++depth; } ~guard(); };"));
}

TEST(NoThreadLocalScope, ConstructorIsNotVisible) {
  EXPECT_FALSE(isScope("struct guard { guard(); ~guard() { --depth; } };"));
}

TEST(NoThreadLocalScope, DestructorOnlyReads) {
  EXPECT_FALSE(isScope("void log(int); struct guard { guard() { ++depth; } "
                       "~guard() { log(depth); } };"));
}

TEST(NoThreadLocalScope, ConstructorOnlyReads) {
  EXPECT_FALSE(isScope("struct guard { int d; guard() : d(depth) {} ~guard() { "
                       "} };"));
}

TEST(NoThreadLocalScope, DifferentVariables) {
  EXPECT_FALSE(isScope("thread_local int other; struct guard { guard() { "
                       "++depth; } ~guard() { --other; } };"));
}

TEST(NoThreadLocalScope, BothCount) {
  // Statistics: how many were made, how many ended.
  EXPECT_FALSE(
      isScope("struct guard { guard() { ++depth; } ~guard() { ++depth; "
              "} };"));
}

TEST(NoThreadLocalScope, LoggerInTheDestructor) {
  EXPECT_FALSE(
      isScope("struct logger { void write(int); }; thread_local logger "
              "l; struct guard { guard() { l.write(1); } ~guard() { "
              "l.write(2); } };"));
}

TEST(NoThreadLocalScope, ConstMethods) {
  EXPECT_FALSE(isScope("struct guard { int n; guard() : n(spans.size()) {} "
                       "~guard() { n = spans.size(); } };"));
}

TEST(NoThreadLocalScope, FreeListIsACache) {
  EXPECT_FALSE(isScope("struct guard { span *node; guard() : node(current) { "
                       "current = current->parent; } ~guard() { node->parent = "
                       "current; current = node; } };"));
}

TEST(NoThreadLocalScope, CacheThatIsTakenAndGivenBack) {
  EXPECT_FALSE(isScope("struct guard { guard() { spans.pop(); } ~guard() { "
                       "spans.push(1); } };"));
}

TEST(NoThreadLocalScope, CopyConstructorDoesNotOpen) {
  EXPECT_FALSE(isScope("struct guard { guard() {} guard(const guard &) { "
                       "++depth; } ~guard() { --depth; } };"));
}

TEST(NoThreadLocalScope, InALambdaThatIsNotCalled) {
  EXPECT_FALSE(isScope("struct guard { guard() { auto f = [] { ++depth; }; } "
                       "~guard() { --depth; } };"));
}

TEST(NoThreadLocalScope, InAnUnevaluatedOperand) {
  EXPECT_FALSE(isScope("struct guard { guard() { (void)sizeof(++depth); } "
                       "~guard() { --depth; } };"));
}

TEST(NoThreadLocalScope, AsymmetricNeedsTheSameClass) {
  EXPECT_FALSE(isScope("struct registry { void exit(int); }; struct other { "
                       "void enter(int); }; thread_local registry *r; struct "
                       "guard { guard(other &o) { o.enter(1); } ~guard() { "
                       "r->exit(1); } };"));
}

//===----------------------------------------------------------------------===//
// Factories, actions, places
//===----------------------------------------------------------------------===//

TEST(FactoryScope, FactoryOpensWhatTheDestructorCloses) {
  ParsedSnippet S(std::string(Context) +
                  "struct guard { ~guard() { spans.pop(); } };"
                  "guard enter() { spans.push(1); return {}; }");
  auto Scope = inferFactoryScope(S.function("enter"), S.record("guard"));
  ASSERT_TRUE(Scope);
  EXPECT_EQ(Scope->Variable->getName(), "spans");
  EXPECT_TRUE(Scope->Opening.empty());
}

TEST(FactoryScope, FactoryThatOpensNothing) {
  ParsedSnippet S(std::string(Context) +
                  "struct guard { ~guard() { spans.pop(); } };"
                  "guard enter() { return {}; }");
  EXPECT_FALSE(inferFactoryScope(S.function("enter"), S.record("guard")));
}

TEST(FactoryScope, FactoryIsNotVisible) {
  ParsedSnippet S(std::string(Context) +
                  "struct guard { ~guard() { spans.pop(); } }; guard enter();");
  EXPECT_FALSE(inferFactoryScope(S.function("enter"), S.record("guard")));
}

TEST(ThreadLocalActions, ListsEachKind) {
  ParsedSnippet S(
      std::string(Context) +
      "void take(int &); void f() { depth = 1; ++depth; depth -= 1; "
      "spans.push(1); take(depth); }");
  auto Actions = threadLocalActions(S.function("f"));
  ASSERT_EQ(Actions.size(), 5u);
  EXPECT_EQ(Actions[0].Kind, ActionKind::Set);
  EXPECT_EQ(Actions[1].Kind, ActionKind::Increment);
  EXPECT_EQ(Actions[2].Kind, ActionKind::Decrement);
  EXPECT_EQ(Actions[3].Kind, ActionKind::Call);
  EXPECT_EQ(Actions[3].Name, "push");
  EXPECT_EQ(Actions[4].Kind, ActionKind::Pass);
  EXPECT_EQ(Actions[4].Name, "take");
}

TEST(ThreadLocalActions, RecursionEnds) {
  ParsedSnippet S(std::string(Context) +
                  "void g(); void f() { ++depth; g(); } void g() { f(); }");
  EXPECT_EQ(threadLocalActions(S.function("g")).size(), 1u);
}

TEST(ThreadLocalActions, NotBeyondFourCalls) {
  ParsedSnippet S(std::string(Context) +
                  "void a() { ++depth; } void b() { a(); } void c() { b(); } "
                  "void d() { c(); } void e() { d(); } void f() { e(); }");
  EXPECT_EQ(threadLocalActions(S.function("e")).size(), 1u);
  EXPECT_EQ(threadLocalActions(S.function("f")).size(), 0u);
}

TEST(ThreadLocalActions, DiscardedBranchIsNotLookedAt) {
  ParsedSnippet S(std::string(Context) +
                  "void f() { if constexpr (false) ++depth; else --depth; }");
  auto Actions = threadLocalActions(S.function("f"));
  ASSERT_EQ(Actions.size(), 1u);
  EXPECT_EQ(Actions[0].Kind, ActionKind::Decrement);
}

const VarDecl *placeOf(const ParsedSnippet &S) {
  return threadLocalOf(S.returned("f"));
}

TEST(ThreadLocalOf, VariablesMembersElementsAddresses) {
  for (const char *E : {"&v", "&v.x", "&v.a[2]", "v.a", "&*&v.x"}) {
    ParsedSnippet S("struct t { int x; int a[3]; }; thread_local t v; void "
                    "*f() { return " +
                    std::string(E) + "; }");
    EXPECT_EQ(placeOf(S), S.variable("v")) << E;
  }
}

TEST(ThreadLocalOf, ThroughAccessors) {
  ParsedSnippet S(
      "struct t {}; t &inner() { static thread_local t v; return v; "
      "} t *outer() { return &inner(); } t &f() { return *outer(); "
      "}");
  ASSERT_TRUE(placeOf(S));
  EXPECT_EQ(placeOf(S)->getName(), "v");
}

TEST(ThreadLocalOf, NotACopy) {
  ParsedSnippet S(
      "thread_local int v; int copy() { return v; } int f() { return "
      "copy(); }");
  EXPECT_FALSE(placeOf(S));
}

TEST(ThreadLocalOf, NotOthers) {
  ParsedSnippet S("int v; int *f() { return &v; }");
  EXPECT_FALSE(placeOf(S));
  EXPECT_FALSE(threadLocalOf(nullptr));
}

} // namespace
