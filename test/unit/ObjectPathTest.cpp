//===--- ObjectPathTest.cpp - which object an expression names ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ObjectPath.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const char *const Types = R"cpp(
struct inner { int n; int get() const; };
struct outer { inner a, b; inner *p; int at(int); };
)cpp";

/// The path as text: "v.a.n", with "[...]" for something within; "?" if it
/// cannot be told.
std::string pathOf(const std::string &Setup, const std::string &E) {
  ParsedSnippet S(std::string(Types) +
                  "template <class T> auto keep(T &&t) -> "
                  "T &&; void f() { " +
                  Setup + "; (void)(" + E + "); }");
  const auto *Cast = S.all<CStyleCastExpr>("f").back();
  auto Path = resolveObject(Cast->getSubExpr());
  if (!Path)
    return "?";
  std::string Text =
      Path->Root ? cast<NamedDecl>(Path->Root)->getNameAsString() : "this";
  for (const FieldDecl *Field : Path->Fields)
    Text += "." + Field->getNameAsString();
  return Path->Within ? Text + "[...]" : Text;
}

TEST(ObjectPath, Variable) { EXPECT_EQ(pathOf("outer v", "v"), "v"); }
TEST(ObjectPath, Member) { EXPECT_EQ(pathOf("outer v", "v.a.n"), "v.a.n"); }
TEST(ObjectPath, Address) { EXPECT_EQ(pathOf("outer v", "&v.a"), "v.a"); }
TEST(ObjectPath, AddressAndBack) {
  EXPECT_EQ(pathOf("outer v", "*&v.a"), "v.a");
}
TEST(ObjectPath, Parentheses) {
  EXPECT_EQ(pathOf("outer v", "((v).a)"), "v.a");
}
TEST(ObjectPath, Move) {
  EXPECT_EQ(pathOf("outer v", "std::move(v.a)"), "v.a");
  EXPECT_EQ(pathOf("outer v", "static_cast<inner &&>(v.a)"), "v.a");
}
TEST(ObjectPath, Forward) {
  EXPECT_EQ(pathOf("outer v", "std::forward<outer &>(v)"), "v");
}
TEST(ObjectPath, Addressof) {
  EXPECT_EQ(pathOf("outer v", "std::addressof(v)"), "v");
}
TEST(ObjectPath, Reference) {
  EXPECT_EQ(pathOf("outer v; inner &r = v.b", "r.n"), "v.b.n");
}
TEST(ObjectPath, ReferenceToAReference) {
  EXPECT_EQ(pathOf("outer v; auto &r = v; auto &s = r.a", "s"), "v.a");
}
TEST(ObjectPath, PointerToAnAddress) {
  EXPECT_EQ(pathOf("outer v; inner *p = &v.b", "p->n"), "v.b.n");
}
TEST(ObjectPath, PointerFromElsewhereIsItself) {
  EXPECT_EQ(pathOf("outer v; inner *p = v.p", "p->n"), "p.n");
}
TEST(ObjectPath, StructuredBinding) {
  EXPECT_EQ(pathOf("outer v; auto &[a, b, p] = v", "b"), "v.b");
}
TEST(ObjectPath, StructuredBindingOfACopy) {
  EXPECT_EQ(pathOf("outer v; auto [a, b, p] = v", "b"), ".b");
}
TEST(ObjectPath, ReferenceWrapper) {
  EXPECT_EQ(pathOf("outer v; std::reference_wrapper<outer> r = v", "r.get()"),
            "v[...]");
  EXPECT_EQ(pathOf("outer v; auto r = std::ref(v)", "r.get()"), "v[...]");
}
TEST(ObjectPath, ArrayElement) {
  EXPECT_EQ(pathOf("inner v[3]", "v[1]"), "v[...]");
}
TEST(ObjectPath, MemberOfAnElementIsWithin) {
  EXPECT_EQ(pathOf("outer v[3]", "v[1].a"), "v[...]");
}
TEST(ObjectPath, Optional) {
  EXPECT_EQ(pathOf("std::optional<inner> v", "*v"), "v[...]");
  EXPECT_EQ(pathOf("std::optional<inner> v", "v->n"), "v[...]");
  EXPECT_EQ(pathOf("std::optional<inner> v", "v.value()"), "v[...]");
}
TEST(ObjectPath, UniquePtr) {
  EXPECT_EQ(pathOf("std::unique_ptr<inner> v", "*v"), "v[...]");
  EXPECT_EQ(pathOf("std::unique_ptr<inner> v", "v.get()"), "v[...]");
}
TEST(ObjectPath, Vector) {
  EXPECT_EQ(pathOf("std::vector<inner> v", "v.back()"), "v[...]");
  EXPECT_EQ(pathOf("std::vector<inner> v", "v[0]"), "v[...]");
}
TEST(ObjectPath, TupleElement) {
  EXPECT_EQ(pathOf("std::tuple<int, int> v", "std::get<1>(v)"), "v[...]");
}
TEST(ObjectPath, WithinAMember) {
  EXPECT_EQ(pathOf("struct o { std::optional<inner> m; } v", "*v.m"),
            "v.m[...]");
}
TEST(ObjectPath, ResultOfACallIsUnknown) {
  EXPECT_EQ(pathOf("outer v", "v.at(1)"), "?");
  EXPECT_EQ(pathOf("outer v", "keep(v)"), "?");
}
TEST(ObjectPath, TemporaryIsUnknown) { EXPECT_EQ(pathOf("", "inner()"), "?"); }
TEST(ObjectPath, LiteralIsUnknown) { EXPECT_EQ(pathOf("", "1"), "?"); }
TEST(ObjectPath, NullIsUnknown) { EXPECT_FALSE(resolveObject(nullptr)); }

TEST(ObjectPath, MemberOfThis) {
  ParsedSnippet S("struct c { int n; int &f() { return n; } };");
  auto Path = resolveObject(S.returned("c::f"));
  ASSERT_TRUE(Path);
  EXPECT_EQ(Path->Root, nullptr);
  ASSERT_EQ(Path->Fields.size(), 1u);
  EXPECT_EQ(Path->Fields[0]->getName(), "n");
}

TEST(ObjectPath, StaticMemberIsAVariable) {
  ParsedSnippet S("struct c { static int n; int &f() { return this->n; } };");
  auto Path = resolveObject(S.returned("c::f"));
  ASSERT_TRUE(Path);
  EXPECT_EQ(Path->Root, S.variable("c::n")->getCanonicalDecl());
  EXPECT_TRUE(Path->Fields.empty());
}

TEST(ObjectPath, ParameterByReferenceIsItself) {
  ParsedSnippet S("int &f(int &p) { return p; }");
  auto Path = resolveObject(S.returned("f"));
  ASSERT_TRUE(Path);
  EXPECT_EQ(Path->Root, S.function("f")->getParamDecl(0)->getCanonicalDecl());
}

TEST(ObjectPath, Overlaps) {
  ParsedSnippet S(std::string(Types) + "outer v, w;");
  auto Field = S.record("outer")->field_begin();
  const FieldDecl *A = *Field++, *B = *Field;
  ObjectPath V{S.variable("v"), {}, false}, W{S.variable("w"), {}, false};
  ObjectPath VA{S.variable("v"), {A}, false}, VB{S.variable("v"), {B}, false};
  ObjectPath InVA{S.variable("v"), {A}, true};
  EXPECT_TRUE(V.overlaps(VA));
  EXPECT_TRUE(VA.overlaps(V));
  EXPECT_TRUE(VA.overlaps(InVA));
  EXPECT_FALSE(VA.overlaps(VB));
  EXPECT_FALSE(V.overlaps(W));
  EXPECT_FALSE(VA == InVA);
}

} // namespace
