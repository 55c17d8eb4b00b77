//===--- ModelIndexTest.cpp - the models' names in one unit ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ModelIndex.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

const ExecutorModel *executorOf(const AnalyzedSnippet &S, const char *Variable,
                                bool Bases = true) {
  return S.index().Executors.find(S.type(Variable), Bases);
}

const char *const PoolRow =
    R"("executors": [ { "type": "lib::pool", "pins": "none" } ])";

TEST(TypeTable, Class) {
  AnalyzedSnippet S("namespace lib { class pool {}; } lib::pool v; int w;",
                    PoolRow);
  EXPECT_TRUE(executorOf(S, "v"));
  EXPECT_FALSE(executorOf(S, "w"));
}

TEST(TypeTable, ReferenceAndConst) {
  AnalyzedSnippet S("namespace lib { class pool {}; }"
                    "extern const lib::pool &v;",
                    PoolRow);
  EXPECT_TRUE(executorOf(S, "v"));
}

TEST(TypeTable, PointerIsAnotherType) {
  AnalyzedSnippet S("namespace lib { class pool {}; } lib::pool *v;", PoolRow);
  EXPECT_FALSE(executorOf(S, "v"));
}

TEST(TypeTable, EverySpecialisation) {
  AnalyzedSnippet S("namespace lib { template <class T> class pool {}; }"
                    "lib::pool<int> v; lib::pool<char> w;",
                    PoolRow);
  EXPECT_TRUE(executorOf(S, "v"));
  EXPECT_TRUE(executorOf(S, "w"));
}

TEST(TypeTable, ThroughInlineNamespaceAliasAndUsing) {
  AnalyzedSnippet S("namespace impl { inline namespace v1 { class p {}; } }"
                    "namespace lib { using pool = impl::p; } impl::p v;",
                    PoolRow);
  EXPECT_TRUE(executorOf(S, "v"));
}

TEST(TypeTable, DerivedClassOnlyWhereBasesCount) {
  AnalyzedSnippet S(
      "namespace lib { class pool {}; }"
      "struct mine : lib::pool {}; struct more : mine {}; more v;",
      PoolRow);
  EXPECT_TRUE(executorOf(S, "v", /*Bases=*/true));
  EXPECT_FALSE(executorOf(S, "v", /*Bases=*/false));
}

TEST(TypeTable, RowOfTheDerivedClassIsNearer) {
  AnalyzedSnippet S("namespace lib { class pool {}; class loop : public pool "
                    "{}; } lib::loop v;",
                    R"("executors": [ { "type": "lib::loop", "pins": "thread" },
                                      { "type": "lib::pool", "pins": "none" } ])");
  ASSERT_TRUE(executorOf(S, "v"));
  EXPECT_EQ(executorOf(S, "v")->Pins, Pinning::Thread);
}

TEST(TypeTable, DependentBaseIsFoundInTheInstance) {
  AnalyzedSnippet S("namespace lib { class pool {}; }"
                    "template <class B> struct wrap : B {}; wrap<lib::pool> v;",
                    PoolRow);
  EXPECT_TRUE(executorOf(S, "v"));
}

TEST(TypeTable, TypedefOfNoClass) {
  AnalyzedSnippet S("namespace lib { typedef void *pool; } lib::pool v; void "
                    "*w;",
                    PoolRow);
  EXPECT_TRUE(executorOf(S, "v"));
  EXPECT_FALSE(executorOf(S, "w"));
}

TEST(TypeTable, ForwardDeclaredClass) {
  AnalyzedSnippet S("namespace lib { class pool; } extern lib::pool &v;",
                    PoolRow);
  EXPECT_TRUE(executorOf(S, "v"));
}

TEST(TypeTable, NameThatTheUnitDoesNotHave) {
  AnalyzedSnippet S("struct pool {} v;", PoolRow);
  EXPECT_TRUE(S.index().Executors.empty());
  EXPECT_FALSE(executorOf(S, "v"));
}

TEST(TypeTable, LaterRowWinsWhenTwoNamesAreOneClass) {
  AnalyzedSnippet S("namespace lib { class pool {}; using alias = pool; }"
                    "lib::pool v;",
                    R"("executors": [ { "type": "lib::pool", "pins": "none" },
                                      { "type": "lib::alias", "pins": "caller" } ])");
  EXPECT_EQ(executorOf(S, "v")->Pins, Pinning::Caller);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// Whether the expression that 'call' returns is found under the row's name.
bool callIsFound(const std::string &Code, const std::string &Name) {
  AnalyzedSnippet S(Code, R"("suspending_calls": [ { "function": ")" + Name +
                              "\" } ]");
  return S.index().SuspendingCalls.find(S.returned("call")) != nullptr;
}

TEST(FunctionTable, FreeFunction) {
  EXPECT_TRUE(callIsFound(
      "namespace a { int f(); } int call() { return a::f(); }", "a::f"));
}

TEST(FunctionTable, AnotherFunction) {
  EXPECT_FALSE(callIsFound("namespace a { int f(); } int f(); int call() { "
                           "return f(); }",
                           "a::f"));
}

TEST(FunctionTable, AllOverloads) {
  EXPECT_TRUE(
      callIsFound("int f(); int f(int); int call() { return f(1); }", "f"));
}

TEST(FunctionTable, FunctionTemplate) {
  EXPECT_TRUE(callIsFound("template <class T> int f(T); int call() { return "
                          "f(1); }",
                          "f"));
}

TEST(FunctionTable, ThroughWrapping) {
  EXPECT_TRUE(callIsFound("struct c { ~c(); }; c f(); const c &call() { return "
                          "(f()); }",
                          "f"));
}

TEST(FunctionTable, FunctionObject) {
  EXPECT_TRUE(callIsFound("namespace a { struct fn { int operator()(int) const;"
                          " }; inline constexpr fn schedule{}; }"
                          "int call() { return a::schedule(1); }",
                          "a::schedule"));
}

TEST(FunctionTable, FunctionObjectWithATemplatedOperator) {
  EXPECT_TRUE(callIsFound("namespace a { struct fn { template <class T> int "
                          "operator()(T) const; }; inline constexpr fn "
                          "schedule{}; } int call() { return a::schedule(1); }",
                          "a::schedule"));
}

TEST(FunctionTable, AnotherObjectOfThatClass) {
  EXPECT_FALSE(callIsFound("namespace a { struct fn { int operator()() const; }"
                           "; inline constexpr fn schedule{}, other{}; }"
                           "int call() { return a::other(); }",
                           "a::schedule"));
}

TEST(FunctionTable, CallOperatorOfAClass) {
  EXPECT_TRUE(callIsFound("namespace a { struct fn { int operator()() const; };"
                          "} int call(a::fn f) { return f(); }",
                          "a::fn::operator()"));
}

TEST(FunctionTable, Method) {
  EXPECT_TRUE(callIsFound("struct c { int f(); }; int call(c &v) { return "
                          "v.f(); }",
                          "c::f"));
}

TEST(FunctionTable, MethodThroughAPointer) {
  EXPECT_TRUE(callIsFound("struct c { int f(); }; int call(c *v) { return "
                          "v->f(); }",
                          "c::f"));
}

TEST(FunctionTable, MethodOfAnotherClass) {
  EXPECT_FALSE(callIsFound("struct c { int f(); }; struct d { int f(); };"
                           "int call(d &v) { return v.f(); }",
                           "c::f"));
}

TEST(FunctionTable, MethodNamedByTheDerivedClassIsTheBases) {
  EXPECT_TRUE(callIsFound("struct b { int f(); }; struct d : b {};"
                          "int call(d &v) { return v.f(); }",
                          "d::f"));
}

TEST(FunctionTable, MethodNamedByTheDerivedClassIsNotThatOfAnyBaseObject) {
  EXPECT_FALSE(callIsFound("struct b { int f(); }; struct d : b {};"
                           "int call(b &v) { return v.f(); }",
                           "d::f"));
}

TEST(FunctionTable, MethodNamedByTheBaseHoldsForDerivedObjects) {
  EXPECT_TRUE(callIsFound("struct b { int f(); }; struct d : b {};"
                          "int call(d &v) { return v.f(); }",
                          "b::f"));
}

TEST(FunctionTable, MethodOfAClassTemplate) {
  EXPECT_TRUE(
      callIsFound("namespace a { template <class T> struct c { int f(); "
                  "}; } int call(a::c<int> &v) { return v.f(); }",
                  "a::c::f"));
}

TEST(FunctionTable, MethodTemplate) {
  EXPECT_TRUE(callIsFound("struct c { template <class T> int f(T); };"
                          "int call(c &v) { return v.f(1); }",
                          "c::f"));
}

TEST(FunctionTable, MethodOfADependentBase) {
  EXPECT_TRUE(callIsFound("template <class T> struct b { int f(); };"
                          "template <class T> struct d : b<T> {};"
                          "int call(d<int> &v) { return v.f(); }",
                          "d::f"));
}

TEST(FunctionTable, StaticMethod) {
  EXPECT_TRUE(callIsFound("struct c { static int f(); }; int call() { return "
                          "c::f(); }",
                          "c::f"));
}

TEST(FunctionTable, MethodThroughAnAliasOfTheClass) {
  EXPECT_TRUE(callIsFound("namespace d1 { struct c { int f(); }; } namespace a "
                          "{ using pool = d1::c; } int call(d1::c &v) { return "
                          "v.f(); }",
                          "a::pool::f"));
}

/// The same for the first constructor call.
bool constructionIsFound(const std::string &Code, const std::string &Name) {
  AnalyzedSnippet S(Code, R"("suspending_calls": [ { "function": ")" + Name +
                              "\" } ]");
  return S.index().SuspendingCalls.find(
             S.all<CXXConstructExpr>("call").at(0)) != nullptr;
}

TEST(FunctionTable, Constructor) {
  EXPECT_TRUE(constructionIsFound("namespace a { struct c { c(int); }; } void "
                                  "call() { a::c v(1); }",
                                  "a::c::c"));
}

TEST(FunctionTable, ConstructorOfATemplate) {
  EXPECT_TRUE(
      constructionIsFound("template <class T> struct c { c(T); ~c(); }; "
                          "void call() { c<int> v(1); }",
                          "c::c"));
}

TEST(FunctionTable, ConstructorOfADerivedClassIsAnother) {
  EXPECT_FALSE(constructionIsFound("struct b { b(int); }; struct d : b { using "
                                   "b::b; }; void call() { d v(1); }",
                                   "d::other"));
}

TEST(FunctionTable, NoCall) {
  EXPECT_FALSE(callIsFound("int f(); int call() { return 1; }", "f"));
}

TEST(FunctionTable, CallThroughAPointerIsNotKnown) {
  EXPECT_FALSE(
      callIsFound("int f(); extern int (*p)(); int call() { return p(); "
                  "}",
                  "f"));
}

const AwaitableModel *rowOfCall(const AnalyzedSnippet &S) {
  return S.index().AwaitableFunctions.find(S.returned("call"));
}

TEST(FunctionTable, RowOfTheDerivedClassIsNearerWhateverTheOrder) {
  const char *Code = "struct b { int f(); }; struct d : b {};"
                     "int call(d &v) { return v.f(); }";
  for (const char *Rows :
       {R"("awaitables": [ { "function": "b::f", "resumes": "same_thread" },
                           { "function": "d::f", "resumes": "elsewhere" } ])",
        R"("awaitables": [ { "function": "d::f", "resumes": "elsewhere" },
                           { "function": "b::f", "resumes": "same_thread" } ])"}) {
    AnalyzedSnippet S(Code, Rows);
    ASSERT_TRUE(rowOfCall(S));
    EXPECT_EQ(rowOfCall(S)->Resumes, Resumption::Elsewhere);
  }
}

TEST(FunctionTable, LaterRowWinsWhenTwoNamesAreOneFunction) {
  AnalyzedSnippet S("namespace a { int f(); } namespace b { using a::f; }"
                    "int call() { return a::f(); }",
                    R"("awaitables": [
                      { "function": "a::f", "resumes": "same_thread" },
                      { "function": "b::f", "resumes": "elsewhere" } ])");
  EXPECT_EQ(rowOfCall(S)->Resumes, Resumption::Elsewhere);
}

TEST(FunctionTable, LaterRowWinsWhenTwoNamesAreOneMethod) {
  AnalyzedSnippet S("struct c { int f(); }; using alias = c;"
                    "int call(c &v) { return v.f(); }",
                    R"("awaitables": [
                      { "function": "c::f", "resumes": "same_thread" },
                      { "function": "alias::f", "resumes": "elsewhere" } ])");
  EXPECT_EQ(rowOfCall(S)->Resumes, Resumption::Elsewhere);
}

TEST(FunctionTable, AllRowsOfAFunctionThatOpensAndOfOneThatCloses) {
  AnalyzedSnippet S(
      "int rd(); int wr(); int un(); int ab();"
      "int open_r() { return rd(); } int open_w() { return wr(); }"
      "int close() { return un(); } int cancel() { return ab(); }",
      R"("paired_calls": [
        { "begin": "rd", "end": "un", "kind": "lock", "effect": "r" },
        { "begin": "wr", "end": "un", "kind": "lock", "effect": "w" },
        { "begin": "wr", "end": "ab", "kind": "lock", "effect": "a" } ])");
  auto Begins = [&](const char *F) {
    return S.index().PairBegins.findAll(S.returned(F));
  };
  auto Ends = [&](const char *F) {
    return S.index().PairEnds.findAll(S.returned(F));
  };
  EXPECT_EQ(Begins("open_r").size(), 1u);
  EXPECT_EQ(Begins("open_w").size(), 2u);
  EXPECT_EQ(Ends("close").size(), 2u);
  EXPECT_EQ(Ends("cancel").size(), 1u);
  // A pair is one row, whichever end it is found by.
  EXPECT_EQ(Begins("open_w").back(), Ends("cancel").front());
  EXPECT_TRUE(Begins("close").empty());
}

TEST(FunctionTable, AllRowsOfAMethod) {
  AnalyzedSnippet S(
      "struct mdc { static int put(); static int remove(); static "
      "int clear(); }; int call() { return mdc::put(); }",
      R"("paired_calls": [
        { "begin": "mdc::put", "end": "mdc::remove", "kind": "context",
          "effect": "e" },
        { "begin": "mdc::put", "end": "mdc::clear", "kind": "context",
          "effect": "e" } ])");
  EXPECT_EQ(S.index().PairBegins.findAll(S.returned("call")).size(), 2u);
}

TEST(ModelIndex, AwaitablesAreSplitIntoTypesAndFunctions) {
  AnalyzedSnippet S("struct t {} v; t f(); t call() { return f(); }",
                    R"("awaitables": [ { "type": "t", "resumes": "unknown" },
                       { "function": "f", "resumes": "elsewhere" } ])");
  EXPECT_TRUE(S.index().AwaitableTypes.find(S.type("v"), true));
  EXPECT_TRUE(rowOfCall(S));
}

TEST(ModelIndex, BuiltInModelsFitAnyUnit) {
  auto Rows = loadModels("");
  ASSERT_TRUE(bool(Rows));
  ParsedSnippet S("std::lock_guard<std::mutex> *p; std::mutex m;");
  ModelIndex Index(**Rows, S.context());
  EXPECT_TRUE(Index.Mutexes.find(S.type("m"), true));
  EXPECT_TRUE(Index.Guards.find(S.type("p")->getPointeeType(), true));
  EXPECT_TRUE(Index.SuspendingCalls.empty());
}

} // namespace
