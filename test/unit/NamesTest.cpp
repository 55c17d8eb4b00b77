//===--- NamesTest.cpp - names and patterns of declarations ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Names.h"
#include "ParsedSnippet.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/STLExtras.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

/// Whether the name resolves to the class among others.
bool finds(const ParsedSnippet &S, llvm::StringRef Name,
           const CXXRecordDecl *Record) {
  return llvm::is_contained(resolveName(Name, S.context()), patternOf(Record));
}
bool finds(const ParsedSnippet &S, llvm::StringRef Name,
           const FunctionDecl *Function) {
  return llvm::is_contained(resolveName(Name, S.context()),
                            patternOf(Function));
}

//===----------------------------------------------------------------------===//
// resolveName
//===----------------------------------------------------------------------===//

TEST(ResolveName, GlobalClass) {
  ParsedSnippet S("class c {};");
  EXPECT_TRUE(finds(S, "c", S.record("c")));
}

TEST(ResolveName, ClassInNamespaces) {
  ParsedSnippet S("namespace a { namespace b { class c {}; } }");
  EXPECT_TRUE(finds(S, "a::b::c", S.record("a::b::c")));
}

TEST(ResolveName, NamespaceThatIsOpenedAgain) {
  ParsedSnippet S("namespace a { class c {}; } namespace a { class d {}; }");
  EXPECT_TRUE(finds(S, "a::c", S.record("a::c")));
  EXPECT_TRUE(finds(S, "a::d", S.record("a::d")));
}

TEST(ResolveName, InlineNamespaceIsNotWritten) {
  ParsedSnippet S("namespace a { inline namespace v2 { class c {}; } }");
  EXPECT_TRUE(finds(S, "a::c", S.record("a::c")));
}

TEST(ResolveName, InlineNamespaceMayBeWritten) {
  ParsedSnippet S("namespace a { inline namespace v2 { class c {}; } }");
  EXPECT_TRUE(finds(S, "a::v2::c", S.record("a::c")));
}

TEST(ResolveName, NamespaceAlias) {
  ParsedSnippet S("namespace experimental { class c {}; }"
                  "namespace exec = experimental;");
  EXPECT_TRUE(finds(S, "exec::c", S.record("experimental::c")));
}

TEST(ResolveName, NamespaceAliasInANamespace) {
  ParsedSnippet S("namespace a { namespace detail { class c {}; }"
                  "namespace b = detail; }");
  EXPECT_TRUE(finds(S, "a::b::c", S.record("a::detail::c")));
}

TEST(ResolveName, UsingDeclaration) {
  ParsedSnippet S("namespace a { namespace detail { class c {}; }"
                  "using detail::c; }");
  EXPECT_TRUE(finds(S, "a::c", S.record("a::detail::c")));
}

TEST(ResolveName, UsingDeclarationOfAFunction) {
  ParsedSnippet S("namespace a { namespace detail { void f(); }"
                  "using detail::f; }");
  EXPECT_TRUE(finds(S, "a::f", S.function("a::detail::f")));
}

TEST(ResolveName, ChainOfUsingDeclarations) {
  ParsedSnippet S("namespace a { namespace d1 { class c {}; }"
                  "namespace d2 { using d1::c; } using d2::c; }");
  EXPECT_TRUE(finds(S, "a::c", S.record("a::d1::c")));
}

TEST(ResolveName, UsingDirective) {
  ParsedSnippet S("namespace a { namespace detail { class c {}; }"
                  "using namespace detail; }");
  EXPECT_TRUE(finds(S, "a::c", S.record("a::detail::c")));
}

TEST(ResolveName, OwnMemberHidesThatOfAUsingDirective) {
  ParsedSnippet S("namespace a { namespace detail { class c {}; }"
                  "using namespace detail; class c {}; }");
  EXPECT_TRUE(finds(S, "a::c", S.record("a::c")));
  EXPECT_FALSE(finds(S, "a::c", S.record("a::detail::c")));
}

TEST(ResolveName, CircleOfUsingDirectivesEnds) {
  ParsedSnippet S("namespace b {} namespace a { using namespace b; int x; }"
                  "namespace b { using namespace a; int y; } int nothing;");
  EXPECT_TRUE(resolveName("a::nothing", S.context()).empty());
}

TEST(ResolveName, TypedefGivesItselfAndItsClass) {
  ParsedSnippet S("class c {}; typedef c d;");
  auto Found = resolveName("d", S.context());
  EXPECT_TRUE(finds(S, "d", S.record("c")));
  EXPECT_TRUE(llvm::any_of(
      Found, [](const NamedDecl *D) { return isa<TypedefNameDecl>(D); }));
}

TEST(ResolveName, TypedefOfNoClass) {
  ParsedSnippet S("typedef void CURL;");
  auto Found = resolveName("CURL", S.context());
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_TRUE(isa<TypedefNameDecl>(Found[0]));
}

TEST(ResolveName, AliasOfASpecialisationGivesTheTemplate) {
  ParsedSnippet S("template <class T> class c {}; using d = c<int>; d v;");
  EXPECT_TRUE(finds(S, "d", S.special("c")));
}

TEST(ResolveName, AliasTemplate) {
  ParsedSnippet S("template <class T, class U> class c {};"
                  "template <class T> using d = c<T, int>; d<char> v;");
  EXPECT_TRUE(finds(S, "d", S.special("c")));
}

TEST(ResolveName, MemberOfATypedef) {
  ParsedSnippet S("struct c { struct inner {}; void f(); }; using d = c;");
  EXPECT_TRUE(finds(S, "d::inner", S.record("c::inner")));
  EXPECT_TRUE(finds(S, "d::f", S.method("c::f")));
}

TEST(ResolveName, ClassTemplate) {
  ParsedSnippet S(
      "namespace a { template <class T> class c {}; } a::c<int> v;");
  EXPECT_TRUE(finds(S, "a::c", S.special("a::c")));
}

TEST(ResolveName, PartialSpecialisationIsTheTemplate) {
  ParsedSnippet S("template <class T> class c {}; "
                  "template <class T> class c<T *> {}; c<int *> v;");
  EXPECT_TRUE(finds(S, "c", S.type("v")->getAsCXXRecordDecl()));
}

TEST(ResolveName, NestedClassOfATemplate) {
  ParsedSnippet S("template <class T> struct c { struct lock {}; }; "
                  "c<int>::lock v;");
  EXPECT_TRUE(finds(S, "c::lock", S.type("v")->getAsCXXRecordDecl()));
}

TEST(ResolveName, NestedTemplateOfATemplate) {
  ParsedSnippet S("template <class T> struct c { template <class U> struct "
                  "lock {}; }; c<int>::lock<char> v;");
  EXPECT_TRUE(finds(S, "c::lock", S.type("v")->getAsCXXRecordDecl()));
}

TEST(ResolveName, TypedefInAClass) {
  ParsedSnippet S("template <class T> struct unique {}; struct mutex { using "
                  "scoped = unique<mutex>; }; mutex::scoped v;");
  EXPECT_TRUE(finds(S, "mutex::scoped", S.special("unique")));
}

TEST(ResolveName, MemberOfABase) {
  ParsedSnippet S("struct b { void f(); struct inner {}; }; struct d : b {};");
  EXPECT_TRUE(finds(S, "d::f", S.method("b::f")));
  EXPECT_TRUE(finds(S, "d::inner", S.record("b::inner")));
}

TEST(ResolveName, DerivedMemberHidesTheBase) {
  ParsedSnippet S("struct b { void f(); }; struct d : b { void f(); };");
  EXPECT_TRUE(finds(S, "d::f", S.method("d::f")));
  EXPECT_FALSE(finds(S, "d::f", S.method("b::f")));
}

TEST(ResolveName, ForwardDeclaredClass) {
  ParsedSnippet S("namespace a { class c; } extern a::c *v;");
  EXPECT_EQ(resolveName("a::c", S.context()).size(), 1u);
}

TEST(ResolveName, AllOverloads) {
  ParsedSnippet S("namespace a { void f(int); void f(char); }");
  EXPECT_EQ(resolveName("a::f", S.context()).size(), 2u);
}

TEST(ResolveName, RedeclarationsAreOne) {
  ParsedSnippet S("void f(); void f(); void f() {}");
  EXPECT_EQ(resolveName("f", S.context()).size(), 1u);
}

TEST(ResolveName, FunctionTemplate) {
  ParsedSnippet S("namespace a { template <class T> void f(T); }"
                  "void g() { a::f(1); }");
  EXPECT_TRUE(finds(S, "a::f", S.all<CallExpr>("g")[0]->getDirectCallee()));
}

TEST(ResolveName, FunctionObject) {
  ParsedSnippet S("namespace a { struct _fn { int operator()() const; };"
                  "inline constexpr _fn schedule{}; }");
  auto Found = resolveName("a::schedule", S.context());
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_TRUE(isa<VarDecl>(Found[0]));
}

TEST(ResolveName, FunctionObjectInAnInlineNamespace) {
  ParsedSnippet S("namespace a { struct _fn {}; inline namespace _cpo { inline "
                  "constexpr _fn schedule{}; } }");
  EXPECT_EQ(resolveName("a::schedule", S.context()).size(), 1u);
}

TEST(ResolveName, FreeOperator) {
  ParsedSnippet S("namespace a { struct c {}; event operator co_await(c); "
                  "int operator<<(c, int); }");
  EXPECT_EQ(resolveName("a::operator co_await", S.context()).size(), 1u);
  EXPECT_EQ(resolveName("a::operator<<", S.context()).size(), 1u);
}

TEST(ResolveName, MemberOperator) {
  ParsedSnippet S("struct c { void operator()(); };");
  EXPECT_EQ(resolveName("c::operator()", S.context()).size(), 1u);
}

TEST(ResolveName, NoSuchOperator) {
  ParsedSnippet S("struct c {};");
  EXPECT_TRUE(resolveName("c::operator()", S.context()).empty());
  EXPECT_TRUE(resolveName("c::operator@", S.context()).empty());
}

TEST(ResolveName, NameThatBeginsWithOperator) {
  ParsedSnippet S("void operator_mode();");
  EXPECT_TRUE(finds(S, "operator_mode", S.function("operator_mode")));
}

TEST(ResolveName, NothingThere) {
  ParsedSnippet S("namespace a { class c {}; }");
  EXPECT_TRUE(resolveName("a::nothing_of_the_kind", S.context()).empty());
  EXPECT_TRUE(resolveName("nothing_of_the_kind::c", S.context()).empty());
  EXPECT_TRUE(resolveName("a::c::c::d", S.context()).empty());
  EXPECT_TRUE(resolveName("", S.context()).empty());
}

TEST(ResolveName, NameOfAnotherNamespaceIsNotFound) {
  ParsedSnippet S("namespace a { class c {}; } namespace b {}");
  EXPECT_TRUE(resolveName("b::c", S.context()).empty());
  EXPECT_TRUE(resolveName("c", S.context()).empty());
}

TEST(ResolveName, ExternC) {
  ParsedSnippet S("extern \"C\" { int pthread_mutex_lock(void *); }");
  EXPECT_EQ(resolveName("pthread_mutex_lock", S.context()).size(), 1u);
}

//===----------------------------------------------------------------------===//
// Patterns and printed names
//===----------------------------------------------------------------------===//

TEST(PatternOf, SpecialisationsShareOne) {
  ParsedSnippet S("template <class T> class c {}; c<int> v; c<char> w;");
  EXPECT_EQ(patternOf(S.type("v")->getAsCXXRecordDecl()),
            patternOf(S.type("w")->getAsCXXRecordDecl()));
}

TEST(PatternOf, PlainClassIsItself) {
  ParsedSnippet S("class c; class c {};");
  EXPECT_EQ(patternOf(S.record("c")), S.record("c")->getCanonicalDecl());
}

TEST(PatternOf, InstancesOfAFunctionShareOne) {
  ParsedSnippet S("template <class T> void f(T) {}"
                  "void g() { f(1); f('a'); }");
  auto Calls = S.all<CallExpr>("g");
  EXPECT_EQ(patternOf(Calls[0]->getDirectCallee()),
            patternOf(Calls[1]->getDirectCallee()));
}

TEST(PatternOf, NullIsNull) {
  EXPECT_EQ(patternOf(static_cast<const CXXRecordDecl *>(nullptr)), nullptr);
  EXPECT_EQ(patternOf(static_cast<const FunctionDecl *>(nullptr)), nullptr);
}

TEST(PublicName, LeavesOutInlineAndAnonymousNamespaces) {
  ParsedSnippet S("namespace a { inline namespace v1 { namespace { class c {}; "
                  "} } } a::c v;");
  EXPECT_EQ(publicName(S.type("v")->getAsCXXRecordDecl()), "a::c");
}

TEST(PublicName, LeavesOutTemplateArguments) {
  ParsedSnippet S("namespace a { template <class T> struct c { struct d {}; }; "
                  "} a::c<int>::d v;");
  EXPECT_EQ(publicName(S.type("v")->getAsCXXRecordDecl()), "a::c::d");
}

TEST(TypeName, ShowsArgumentsWithoutTagsAndDefaults) {
  ParsedSnippet S("namespace a { template <class T, class U = int> class c {}; "
                  "class d {}; } using e = a::c<a::d>; const e v;");
  EXPECT_EQ(typeName(S.type("v"), S.context()), "a::c<a::d>");
}

TEST(TypeName, LeavesOutInlineNamespaces) {
  ParsedSnippet S(
      "namespace a { inline namespace v1 { class c {}; } } a::c v;");
  EXPECT_EQ(typeName(S.type("v"), S.context()), "a::c");
}

TEST(TypeName, OfAReferenceIsThatOfItsObject) {
  ParsedSnippet S("class c {}; extern const c &v;");
  EXPECT_EQ(typeName(S.type("v"), S.context()), "c");
}

TEST(TypeName, OfACHandleIsWhatItsLibraryCallsIt) {
  ParsedSnippet S(
      "typedef void CURL; typedef struct value_ *value; struct _object {};"
      "typedef struct _object PyObject; namespace a { typedef void *other; }"
      "CURL *c; const value v = 0; PyObject *p; PyObject o; a::other x;"
      "value &r = *(value *)0;");
  EXPECT_EQ(typeName(S.type("c"), S.context()), "CURL *");
  EXPECT_EQ(typeName(S.type("v"), S.context()), "value");
  EXPECT_EQ(typeName(S.type("r"), S.context()), "value");
  EXPECT_EQ(typeName(S.type("p"), S.context()), "PyObject *");
  EXPECT_EQ(typeName(S.type("o"), S.context()), "PyObject");
  EXPECT_EQ(typeName(S.type("x"), S.context()), "void *");
}

TEST(IsInStd, AtAnyDepth) {
  ParsedSnippet S("namespace std { namespace deep { class c {}; } inline "
                  "namespace __1 { class d { class e {}; }; } } class f {};"
                  "namespace mine { namespace std { class g {}; } }");
  EXPECT_TRUE(isInStd(S.record("std::deep::c")));
  EXPECT_TRUE(isInStd(S.record("std::d::e")));
  EXPECT_FALSE(isInStd(S.record("f")));
  EXPECT_FALSE(isInStd(S.record("mine::std::g")));
}

} // namespace
