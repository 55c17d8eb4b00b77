//===--- ViewsTest.cpp - what a value looks at ----------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Views.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const char *const Types = R"cpp(
namespace std {
struct string_view;
struct [[gsl::Owner]] string {
  string(); string(const char *); string(const string &); ~string();
  operator string_view() const; const char *c_str() const; char &front();
  string &operator=(const string &);
};
struct [[gsl::Pointer]] string_view {
  string_view(); string_view(const char *); string_view(const char *, size_t);
  string_view substr(size_t) const; const char *data() const;
};
}
std::string load();
struct err { std::string_view where; int line = 0; };
struct ref_err { const std::string &text; };
struct outer_err { int line; err inner; };
struct made_err { made_err(std::string_view w) : where(w) {} std::string_view where; };
struct own_err { own_err(std::string_view w); std::string text; };
std::string_view same(std::string_view v) { return v; }
const std::string &same_string(const std::string &s) { return s; }
err at(std::string_view w) { err e; e.where = w; return e; }
struct builder {
  err e;
  builder &where(std::string_view w) { e.where = w; return *this; }
  err build() const { return e; }
};
)cpp";

/// What the value that 'f' returns views: "member.member:variable", or
/// "temporary", "referred name", "viewed name", sorted as found.
std::string views(const std::string &F) {
  ParsedSnippet S(Types + F);
  const FunctionDecl *Function = S.function("f");
  ViewAnalysis Analysis;
  std::string Result;
  for (const View &V : Analysis.viewsOf(S.returned("f"), Function)) {
    std::string One;
    for (const FieldDecl *Field : V.Members)
      One += (One.empty() ? "" : ".") + Field->getNameAsString();
    One += ":";
    std::string Name = V.Of.Var ? V.Of.Var->getNameAsString() : "this";
    switch (V.Of.Kind) {
    case Storage::Variable:
      One += Name;
      break;
    case Storage::Temporary:
      One += "temporary";
      break;
    case Storage::Referred:
      One += "referred " + Name;
      break;
    case Storage::Viewed:
      One += "viewed " + Name;
      break;
    }
    Result += (Result.empty() ? "" : ", ") + One;
  }
  return Result;
}

TEST(Views, OfALocal) {
  EXPECT_EQ(views("err f() { std::string s; return err{s}; }"), "where:s");
  EXPECT_EQ(views("const char *f() { std::string s; return s.c_str(); }"),
            ":s");
  EXPECT_EQ(views("const char *f() { char b[3]; return b; }"), ":b");
  EXPECT_EQ(views("int *f() { int n; return &n; }"), ":n");
  EXPECT_EQ(views("ref_err f() { std::string s; return ref_err{s}; }"),
            "text:s");
}
TEST(Views, OfATemporary) {
  EXPECT_EQ(views("err f() { return err{load()}; }"), "where:temporary");
}
TEST(Views, OfParameters) {
  EXPECT_EQ(views("err f(std::string s) { return err{s}; }"), "where:s");
  EXPECT_EQ(views("err f(const std::string &s) { return err{s}; }"),
            "where:referred s");
  EXPECT_EQ(views("err f(std::string_view v) { return err{v}; }"),
            "where:viewed v");
}
TEST(Views, OfNothing) {
  EXPECT_EQ(views("err f() { return err{\"x\"}; }"), "");
  EXPECT_EQ(views("err f() { static std::string s; return err{s}; }"), "");
  EXPECT_EQ(views("err f() { thread_local std::string s; return err{s}; }"),
            "");
  EXPECT_EQ(views("std::string g; err f() { return err{g}; }"), "");
  EXPECT_EQ(views("int f() { int n = 0; return n; }"), "");
}
TEST(Views, OfThis) {
  ParsedSnippet S(std::string(Types) +
                  "struct c { std::string s; err f() { return err{s}; } };");
  const FunctionDecl *F = S.method("c::f");
  Views Found;
  ViewAnalysis Analysis;
  for (const auto *Return : ParsedSnippet::all<ReturnStmt>(F->getBody()))
    Found = Analysis.viewsOf(Return->getRetValue(), F);
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Of.Kind, Storage::Referred);
  EXPECT_EQ(Found[0].Of.Var, nullptr);
  EXPECT_EQ(Found[0].Of.Function, F->getCanonicalDecl());
}
TEST(Views, ThroughMembers) {
  EXPECT_EQ(views("outer_err f() { std::string s; return {1, {s}}; }"),
            "inner.where:s");
  EXPECT_EQ(views("std::string_view f() { std::string s; err e{s}; return "
                  "e.where; }"),
            ":s");
  EXPECT_EQ(views("err f() { std::string s; outer_err o{1, {s}}; return "
                  "o.inner; }"),
            "where:s");
}
TEST(Views, ThroughConstructors) {
  EXPECT_EQ(views("made_err f() { std::string s; return made_err(s); }"),
            "where:s");
  EXPECT_EQ(views("own_err f() { std::string s; return own_err(s); }"), "");
}
TEST(Views, ThroughAssignments) {
  EXPECT_EQ(views("err f() { std::string s; err e; e.where = s; return e; }"),
            "where:s");
  EXPECT_EQ(views("err f() { std::string s; err e; e.where = s; "
                  "e.where = \"x\"; return e; }"),
            "");
  EXPECT_EQ(views("err f(bool b) { std::string s; err e; e.where = s; "
                  "if (b) e.where = \"x\"; return e; }"),
            "where:s");
  EXPECT_EQ(views("err f() { std::string s; err e; err k = e; e.where = s; "
                  "return k; }"),
            "");
}
TEST(Views, ThroughFunctions) {
  EXPECT_EQ(views("err f() { std::string s; return err{same(s)}; }"),
            "where:s");
  EXPECT_EQ(views("err f() { std::string s; return err{same_string(s)}; }"),
            "where:s");
  EXPECT_EQ(views("err f() { std::string s; return at(s); }"), "where:s");
  EXPECT_EQ(views("err f() { return at(\"x\"); }"), "");
  EXPECT_EQ(views("std::string_view hidden(std::string_view); "
                  "err f() { std::string s; return err{hidden(s)}; }"),
            "");
}
TEST(Views, ThroughBuilders) {
  EXPECT_EQ(views("err f() { std::string s; return "
                  "builder().where(s).build(); }"),
            "where:s");
  EXPECT_EQ(views("err f() { std::string s; builder b; b.where(s); return "
                  "b.build(); }"),
            "where:s");
}
TEST(Views, ThroughClosures) {
  EXPECT_EQ(views("auto f() { int n = 0; return [&] { return n; }; }"), ":n");
  EXPECT_EQ(views("auto f() { int n = 0; return [=] { return n; }; }"), "");
}
TEST(Views, OfEitherSide) {
  EXPECT_EQ(views("std::string_view f(bool b) { std::string s, t; return b ? "
                  "std::string_view(s) : std::string_view(t); }"),
            ":s, :t");
}
TEST(Views, RecursionEnds) {
  EXPECT_EQ(views("err f(int n, std::string_view v) { if (n) return f(n - 1, "
                  "v); return err{v}; }"),
            "where:viewed v");
  EXPECT_EQ(views("std::string_view g(int n, std::string_view v) { return n ? "
                  "g(n - 1, v) : v; } err f() { std::string s; return err{g(1, "
                  "s)}; }"),
            "where:s");
}

TEST(MayHoldViews, Types) {
  ParsedSnippet S(std::string(Types) + R"cpp(
    std::string s; std::string_view v; int n; int *p; err e; outer_err o;
    own_err *unused; struct plain { std::string s; int n; }; plain q;
    std::vector<std::string_view> vv; std::vector<std::string> vs;
    void (*fn)(); struct node { node *next; }; node d;
    struct flat { std::vector<flat> children; }; flat t;)cpp");
  ViewAnalysis A;
  for (const char *Name : {"v", "p", "e", "o", "vv", "d"})
    EXPECT_TRUE(A.mayHoldViews(S.type(Name))) << Name;
  for (const char *Name : {"s", "n", "q", "vs", "fn", "t"})
    EXPECT_FALSE(A.mayHoldViews(S.type(Name))) << Name;
}

} // namespace
