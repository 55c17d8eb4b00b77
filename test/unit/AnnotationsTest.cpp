//===--- AnnotationsTest.cpp - annotations in the source ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Annotations.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

constexpr Annotation AllAnnotations[] = {Annotation::ThreadBound,
                                         Annotation::ThreadConfined,
                                         Annotation::SequenceConfined,
                                         Annotation::Sendable,
                                         Annotation::Hops,
                                         Annotation::Stays,
                                         Annotation::ResumesHere,
                                         Annotation::ResumesElsewhere,
                                         Annotation::Waker,
                                         Annotation::SingleWaiter,
                                         Annotation::Rendezvous};

std::string attribute(Annotation Kind) {
  return "[[clang::annotate(\"" + annotationSpelling(Kind).str() + "\")]]";
}

class EachAnnotation : public testing::TestWithParam<Annotation> {
protected:
  /// The snippet with the attribute wherever it says ANNOTATED.
  static ParsedSnippet parse(std::string Code) {
    std::string Attribute = attribute(GetParam());
    for (size_t At; (At = Code.find("ANNOTATED")) != std::string::npos;)
      Code.replace(At, 9, Attribute);
    return ParsedSnippet(Code);
  }
  /// Whether it, and no other annotation, is found.
  template <typename T> static bool isFound(T On) {
    bool Right = true;
    for (Annotation Kind : AllAnnotations)
      Right &= findAnnotation(On, Kind).has_value() == (Kind == GetParam());
    return Right;
  }
};

TEST_P(EachAnnotation, OnAClass) {
  ParsedSnippet S = parse("struct ANNOTATED c {}; c v;");
  EXPECT_TRUE(isFound(S.type("v")));
  EXPECT_TRUE(isFound(static_cast<const Decl *>(S.record("c"))));
}

TEST_P(EachAnnotation, OnATypedef) {
  ParsedSnippet S = parse("struct c {}; using a ANNOTATED = c;"
                          "typedef c b ANNOTATED; a v; b w; c u;");
  EXPECT_TRUE(isFound(S.type("v")));
  EXPECT_TRUE(isFound(S.type("w")));
  EXPECT_FALSE(findAnnotation(S.type("u"), GetParam()));
}

TEST_P(EachAnnotation, OnATypedefOfNoClass) {
  ParsedSnippet S = parse("using handle ANNOTATED = void *; handle v;");
  EXPECT_TRUE(isFound(S.type("v")));
}

TEST_P(EachAnnotation, OnAFunction) {
  ParsedSnippet S = parse("ANNOTATED void f(); void f() {}");
  EXPECT_TRUE(isFound(static_cast<const Decl *>(S.function("f"))));
}

TEST_P(EachAnnotation, OnAParameter) {
  ParsedSnippet S = parse("void f(ANNOTATED int p, int q);");
  const FunctionDecl *F = S.function("f");
  EXPECT_TRUE(isFound(static_cast<const Decl *>(F->getParamDecl(0))));
  EXPECT_FALSE(findAnnotation(static_cast<const Decl *>(F->getParamDecl(1)),
                              GetParam()));
}

TEST_P(EachAnnotation, OnAMember) {
  ParsedSnippet S = parse("struct c { ANNOTATED int m; int n; };");
  auto Field = S.record("c")->field_begin();
  EXPECT_TRUE(isFound(static_cast<const Decl *>(*Field)));
  EXPECT_FALSE(findAnnotation(static_cast<const Decl *>(*++Field), GetParam()));
}

TEST_P(EachAnnotation, OnAVariable) {
  ParsedSnippet S = parse("ANNOTATED extern int v;");
  EXPECT_TRUE(isFound(static_cast<const Decl *>(S.variable("v"))));
}

TEST_P(EachAnnotation, OnAClassTemplate) {
  ParsedSnippet S =
      parse("template <class T> struct ANNOTATED c {}; c<int> v;");
  EXPECT_TRUE(isFound(S.type("v")));
}

TEST_P(EachAnnotation, OnAFunctionTemplate) {
  ParsedSnippet S = parse("template <class T> ANNOTATED void f(T) {}"
                          "void g() { f(1); }");
  EXPECT_TRUE(isFound(static_cast<const Decl *>(S.instance("f"))));
}

TEST_P(EachAnnotation, OnAParameterOfAFunctionTemplate) {
  ParsedSnippet S = parse("template <class F> void f(int, ANNOTATED F &&p) {}"
                          "void g() { f(1, [] {}); }");
  const FunctionDecl *F = S.instance("f");
  EXPECT_TRUE(isFound(static_cast<const Decl *>(F->getParamDecl(1))));
  EXPECT_FALSE(findAnnotation(static_cast<const Decl *>(F->getParamDecl(0)),
                              GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    All, EachAnnotation, testing::ValuesIn(AllAnnotations),
    [](const testing::TestParamInfo<Annotation> &Info) {
      return annotationSpelling(Info.param).drop_front(11).str();
    });

TEST(Annotations, SpellingsAreThoseOfTheContract) {
  std::string All;
  for (Annotation Kind : AllAnnotations)
    All += annotationSpelling(Kind).str() + " ";
  EXPECT_EQ(All, "threadhop::thread_bound threadhop::thread_confined "
                 "threadhop::sequence_confined threadhop::sendable "
                 "threadhop::hops threadhop::stays threadhop::resumes_here "
                 "threadhop::resumes_elsewhere threadhop::waker "
                 "threadhop::single_waiter threadhop::rendezvous ");
}

std::optional<FoundAnnotation> bound(QualType Type) {
  return findAnnotation(Type, Annotation::ThreadBound);
}
std::optional<FoundAnnotation> hops(const Decl *D) {
  return findAnnotation(D, Annotation::Hops);
}

TEST(Annotations, ReasonIsTheSecondString) {
  ParsedSnippet S("struct [[clang::annotate(\"threadhop::thread_bound\", "
                  "\"the frame is the renderer's\")]] c {}; c v;");
  auto Found = bound(S.type("v"));
  ASSERT_TRUE(Found);
  EXPECT_EQ(Found->Reason, "the frame is the renderer's");
}

TEST(Annotations, ReasonMayBeJoinedOfLiterals) {
  ParsedSnippet S("struct [[clang::annotate(\"threadhop::thread_bound\", "
                  "\"one \" \"two\")]] c {}; c v;");
  EXPECT_EQ(bound(S.type("v"))->Reason, "one two");
}

TEST(Annotations, NoReasonIsEmpty) {
  ParsedSnippet S(
      "struct [[clang::annotate(\"threadhop::thread_bound\")]] c {}; c v;");
  EXPECT_EQ(bound(S.type("v"))->Reason, "");
}

TEST(Annotations, OtherArgumentsAreNoReason) {
  ParsedSnippet S("struct [[clang::annotate(\"threadhop::thread_bound\", 7)]] "
                  "c {}; c v;");
  ASSERT_TRUE(bound(S.type("v")));
  EXPECT_EQ(bound(S.type("v"))->Reason, "");
}

TEST(Annotations, ReasonOnATemplateIsFoundOnAnInstance) {
  ParsedSnippet S("template <class T> struct "
                  "[[clang::annotate(\"threadhop::thread_bound\", \"why\")]] c "
                  "{}; c<int> v;");
  EXPECT_EQ(bound(S.type("v"))->Reason, "why");
}

TEST(Annotations, GnuSpelling) {
  ParsedSnippet S("struct __attribute__((annotate(\"threadhop::thread_bound\","
                  " \"r\"))) c {}; c v;");
  ASSERT_TRUE(bound(S.type("v")));
  EXPECT_EQ(bound(S.type("v"))->Reason, "r");
}

TEST(Annotations, LocationIsTheAttributes) {
  ParsedSnippet S("\n\nstruct\n[[clang::annotate(\"threadhop::thread_bound\")]]"
                  "\nc {}; c v;");
  auto Found = bound(S.type("v"));
  ASSERT_TRUE(Found);
  EXPECT_EQ(S.context().getSourceManager().getPresumedLineNumber(Found->Loc),
            4u);
}

TEST(Annotations, OnAForwardDeclarationOnly) {
  ParsedSnippet S("struct [[clang::annotate(\"threadhop::thread_bound\")]] c; "
                  "struct c {}; c v;");
  EXPECT_TRUE(bound(S.type("v")));
}

TEST(Annotations, OnALaterDeclarationOfAFunction) {
  ParsedSnippet S("void f(); void g() { f(); } "
                  "[[clang::annotate(\"threadhop::hops\")]] void f();");
  auto Calls = S.all<CallExpr>("g");
  EXPECT_TRUE(hops(Calls[0]->getDirectCallee()));
}

TEST(Annotations, OnAParameterOfTheDeclarationOnly) {
  ParsedSnippet S("void f([[clang::annotate(\"threadhop::hops\")]] int p); "
                  "void f(int p) {}");
  EXPECT_TRUE(hops(S.function("f")->getParamDecl(0)));
}

TEST(Annotations, OnAParameterOfADefinitionElsewhere) {
  ParsedSnippet S("void f(int p); "
                  "void f([[clang::annotate(\"threadhop::hops\")]] int p) {} "
                  "void g() { f(1); }");
  const FunctionDecl *First = S.function("f")->getFirstDecl();
  EXPECT_TRUE(hops(First->getParamDecl(0)));
}

TEST(Annotations, OnAParameterOfAMemberTemplate) {
  ParsedSnippet S("template <class T> struct pool { template <class F> void "
                  "post([[clang::annotate(\"threadhop::hops\")]] F f) {} };"
                  "void g(pool<int> &p) { p.post(1); }");
  auto Calls = S.all<CallExpr>("g");
  EXPECT_TRUE(hops(Calls[0]->getDirectCallee()->getParamDecl(0)));
}

TEST(Annotations, OnAMethodOfAClassTemplate) {
  ParsedSnippet S("template <class T> struct pool { "
                  "[[clang::annotate(\"threadhop::hops\")]] void post(T); };"
                  "void g(pool<int> &p) { p.post(1); }");
  EXPECT_TRUE(hops(S.all<CallExpr>("g")[0]->getDirectCallee()));
}

TEST(Annotations, OnAMemberClassOfAClassTemplate) {
  ParsedSnippet S("template <class T> struct pool { struct "
                  "[[clang::annotate(\"threadhop::thread_bound\")]] scope {}; "
                  "}; pool<int>::scope v;");
  EXPECT_TRUE(bound(S.type("v")));
}

TEST(Annotations, OnAPrimaryTemplateHoldsForSpecialisations) {
  ParsedSnippet S("template <class T> struct "
                  "[[clang::annotate(\"threadhop::thread_bound\")]] c {}; "
                  "template <> struct c<int> {}; c<int> v;");
  EXPECT_TRUE(bound(S.type("v")));
}

TEST(Annotations, OnASpecialisationOnly) {
  ParsedSnippet S("template <class T> struct c {}; template <> struct "
                  "[[clang::annotate(\"threadhop::thread_bound\")]] c<int> {}; "
                  "c<int> v; c<char> w;");
  EXPECT_TRUE(bound(S.type("v")));
  EXPECT_FALSE(bound(S.type("w")));
}

TEST(Annotations, ThroughAChainOfTypedefs) {
  ParsedSnippet S("struct c {}; "
                  "using a [[clang::annotate(\"threadhop::thread_bound\")]] = "
                  "c; using b = a; typedef const b d; d v;");
  EXPECT_TRUE(bound(S.type("v")));
}

TEST(Annotations, ThroughATypedefToTheClass) {
  ParsedSnippet S("struct [[clang::annotate(\"threadhop::thread_bound\")]] c "
                  "{}; using a = c; a v;");
  EXPECT_TRUE(bound(S.type("v")));
}

TEST(Annotations, OnAnAliasTemplate) {
  ParsedSnippet S("template <class T> struct c {}; template <class T> using a "
                  "[[clang::annotate(\"threadhop::thread_bound\")]] = c<T>; "
                  "a<int> v; c<int> w;");
  EXPECT_TRUE(bound(S.type("v")));
  EXPECT_FALSE(bound(S.type("w")));
}

TEST(Annotations, ThroughAnAliasTemplateToTheClass) {
  ParsedSnippet S("template <class T> struct "
                  "[[clang::annotate(\"threadhop::thread_bound\")]] c {}; "
                  "template <class T> using a = c<T>; a<int> v;");
  EXPECT_TRUE(bound(S.type("v")));
}

TEST(Annotations, ThroughAReference) {
  ParsedSnippet S("struct [[clang::annotate(\"threadhop::thread_bound\")]] c "
                  "{}; extern const c &v;");
  EXPECT_TRUE(bound(S.type("v")));
}

TEST(Annotations, NotThroughAPointer) {
  ParsedSnippet S("struct [[clang::annotate(\"threadhop::thread_bound\")]] c "
                  "{}; c *v;");
  EXPECT_FALSE(bound(S.type("v")));
}

TEST(Annotations, NotFromABase) {
  ParsedSnippet S("struct [[clang::annotate(\"threadhop::thread_bound\")]] c "
                  "{}; struct d : c {}; d v;");
  EXPECT_FALSE(bound(S.type("v")));
}

TEST(Annotations, OtherToolsAreNotRead) {
  ParsedSnippet S("struct [[clang::annotate(\"thread_bound\")]] c {}; c v;");
  EXPECT_FALSE(bound(S.type("v")));
}

TEST(Annotations, SeveralOnOneClass) {
  ParsedSnippet S("struct [[clang::annotate(\"threadhop::thread_bound\"), "
                  "clang::annotate(\"threadhop::waker\", \"w\")]] c {}; c v;");
  EXPECT_TRUE(bound(S.type("v")));
  auto Waker = findAnnotation(S.type("v"), Annotation::Waker);
  ASSERT_TRUE(Waker);
  EXPECT_EQ(Waker->Reason, "w");
}

TEST(Annotations, NothingOnNothing) {
  EXPECT_FALSE(findAnnotation(QualType(), Annotation::Sendable));
  EXPECT_FALSE(
      findAnnotation(static_cast<const Decl *>(nullptr), Annotation::Sendable));
}

TEST(Annotations, NothingOnAFundamentalType) {
  ParsedSnippet S("int v;");
  EXPECT_FALSE(bound(S.type("v")));
}

} // namespace
