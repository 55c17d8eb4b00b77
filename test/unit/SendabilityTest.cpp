//===--- SendabilityTest.cpp - what may not cross threads -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Sendability.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

// A counted pointer with a plain count, and a handle of a library.
const std::string Types = R"(
template <class T> struct rc {
  T *p; int *n;
  rc(const rc &o) : p(o.p), n(o.n) { ++*n; }
  ~rc() { if (--*n == 0) delete p; }
  T *operator->() const { return p; }
};
struct vm;
struct object { };
namespace lib { struct widget { int w; }; struct safe { rc<int> inside; }; struct moves { }; }
namespace std {
template <class> struct function;
template <class R> struct function<R()> { };
template <class T> struct shared_ptr { T *operator->() const; ~shared_ptr(); };
}
)";
const char *const Rows =
    R"("guards": [ { "type": "std::unique_lock", "kind": "lock",
    "mutex": "argument", "evidence": "deb", "source": "mutex" } ],
  "confined_types": [
  { "type": "vm", "confinement": "sequence", "handle": "pointer",
    "move_ok": true, "reason": "it has no lock", "evidence": "src" },
  { "type": "lib::widget", "confinement": "thread", "handle": "pointer",
    "reason": "it belongs to the main loop", "evidence": "src" },
  { "type": "lib::moves", "confinement": "gil", "move_ok": true,
    "reason": "it needs the lock", "evidence": "src" },
  { "type": "lib::safe", "safe": true, "evidence": "src" }
])";

struct Asked {
  explicit Asked(const std::string &Code)
      : S(Types + Code, Rows), Verdict(S.session().Sends.of(S.type("x"))) {}
  AnalyzedSnippet S;
  const SendVerdict &Verdict;
  std::string why() { return S.session().Sends.explain(S.type("x"), Verdict); }
};
SendVerdict of(const std::string &Code) { return Asked(Code).Verdict; }
/// The type is completed: an extern variable alone does not instantiate it.
const std::string Complete = " static_assert(sizeof(x));";
bool confined(const std::string &Code) { return of(Code).isConfined(); }

TEST(Sendability, PlainData) {
  EXPECT_EQ(of("int x;").K, SendVerdict::Safe);
  EXPECT_EQ(of("struct s { int a; double b[3]; }; s x;").K, SendVerdict::Safe);
  EXPECT_EQ(of("enum e { a }; e x;").K, SendVerdict::Safe);
}

TEST(Sendability, PlainCount) {
  SendVerdict V = of("extern rc<int> x;");
  EXPECT_TRUE(V.isConfined() && V.IsCount && V.MoveOk);
  EXPECT_EQ(V.Domain, Confinement::Sequence);
  EXPECT_TRUE(V.Loc.isValid());
}

TEST(Sendability, HandleOfAModel) {
  EXPECT_TRUE(confined("vm *x;"));
  EXPECT_TRUE(confined("extern vm &x;"));
  EXPECT_TRUE(confined("const lib::widget *x;"));
  EXPECT_TRUE(confined("lib::widget x;"));
}

TEST(Sendability, ClassDerivedFromAModelled) {
  EXPECT_TRUE(confined("struct button : lib::widget { }; button *x;"));
}

TEST(Sendability, ModelledAsSafeWinsOverStructure) {
  EXPECT_FALSE(confined("extern lib::safe x;"));
}

TEST(Sendability, PointerToWhatContainsItIsNotLookedInto) {
  EXPECT_FALSE(confined("struct s { rc<int> r; }; s *x;"));
  Asked A("struct s { rc<int> r; }; s *x;");
  EXPECT_TRUE(A.S.session().Sends.ofPointee(A.S.type("x")).isConfined());
}

TEST(Sendability, MemberAndItsPath) {
  Asked A("struct in { rc<int> r; }; struct s { int a; in b; }; extern s x;");
  EXPECT_TRUE(A.Verdict.isConfined());
  EXPECT_EQ(A.why(), "member 'b' is 'in'; its member 'r' is 'rc<int>': its "
                     "reference count is not atomic");
}

TEST(Sendability, BaseAndItsPath) {
  Asked A("struct base { vm *L; }; struct s : base { }; extern s x;");
  EXPECT_EQ(A.why(), "base class is 'base'; its member 'L' is 'vm *': it has "
                     "no lock");
}

TEST(Sendability, ArrayElement) {
  EXPECT_TRUE(confined("extern rc<int> x[2];"));
}

TEST(Sendability, WrapperElement) {
  EXPECT_TRUE(confined("extern std::optional<rc<int>> x;" + Complete));
  EXPECT_TRUE(confined("extern std::vector<rc<int>> x;" + Complete));
  EXPECT_TRUE(confined("extern std::tuple<int, rc<int>> x;" + Complete));
  EXPECT_FALSE(confined("extern std::vector<int> x;" + Complete));
}

TEST(Sendability, PairOfTheLibraryIsLookedInto) {
  EXPECT_TRUE(confined("extern std::pair<int, rc<int>> x;" + Complete));
}

TEST(Sendability, SmartPointerToAConfinedObject) {
  EXPECT_TRUE(confined("extern std::unique_ptr<vm> x;" + Complete));
  EXPECT_TRUE(confined("extern std::shared_ptr<lib::widget> x;" + Complete));
  EXPECT_FALSE(confined("extern std::shared_ptr<object> x;" + Complete));
}

TEST(Sendability, SmartPointerOfTheProject) {
  EXPECT_TRUE(confined("template <class T> struct handle { T *operator->(); }; "
                       "extern handle<vm> x;" +
                       Complete));
}

TEST(Sendability, ReferenceWrapper) {
  EXPECT_TRUE(confined("extern std::reference_wrapper<vm> x;" + Complete));
}

TEST(Sendability, ErasedTypesAreUnknown) {
  EXPECT_EQ(of("extern std::function<void()> x;").K, SendVerdict::Unknown);
  EXPECT_EQ(of("void *x;").K, SendVerdict::Unknown);
}

TEST(Sendability, IncompleteTypesAreUnknown) {
  EXPECT_EQ(of("struct later; extern later x;").K, SendVerdict::Unknown);
}

TEST(Sendability, LiveGuardsAreBoundToTheirThread) {
  SendVerdict V = of("extern std::unique_lock<std::mutex> x;" + Complete);
  EXPECT_TRUE(V.isConfined() && V.IsGuard && !V.MoveOk);
  EXPECT_EQ(V.Domain, Confinement::Thread);
}

TEST(Sendability, CapturesOfAClosure) {
  Asked A("void f(const rc<int> &r) { auto x = [r] { }; }");
  EXPECT_EQ(A.why(), "capture 'r' is 'rc<int>': its reference count is not "
                     "atomic");
}

TEST(Sendability, CaptureByReferenceIsTheTasksMatter) {
  EXPECT_FALSE(confined("void f(const rc<int> &r) { auto x = [&r] { }; }"));
}

TEST(Sendability, AMutexOfItsOwnEndsContainment) {
  EXPECT_FALSE(confined("class s { std::mutex m; rc<int> r; }; extern s x;"));
  // A public aggregate guards nothing.
  EXPECT_TRUE(confined("struct s { std::mutex m; rc<int> r; }; extern s x;"));
}

TEST(Sendability, AnnotationsWin) {
  EXPECT_FALSE(confined("struct [[clang::annotate(\"threadhop::sendable\")]] s "
                        "{ rc<int> r; }; extern s x;"));
  Asked A("struct [[clang::annotate(\"threadhop::thread_confined\", \"one "
          "window\")]] s { }; s *x;");
  EXPECT_TRUE(A.Verdict.isConfined());
  EXPECT_FALSE(A.Verdict.MoveOk);
  EXPECT_EQ(A.why(), "one window");
  EXPECT_TRUE(of("struct [[clang::annotate(\"threadhop::sequence_confined\")]] "
                 "s { }; s x;")
                  .MoveOk);
}

TEST(Sendability, AnnotatedAlias) {
  EXPECT_TRUE(confined("using x_t [[clang::annotate(\"threadhop::"
                       "thread_confined\")]] = int; x_t x;"));
}

TEST(Sendability, OnePartThatMustNotMoveDecides) {
  EXPECT_FALSE(
      of("struct s { rc<int> r; lib::widget w; }; extern s x;").MoveOk);
  EXPECT_TRUE(of("struct s { rc<int> r; lib::moves m; }; extern s x;").MoveOk);
}

TEST(Sendability, RecursiveTypes) {
  EXPECT_FALSE(
      confined("struct s { std::vector<s> kids; int a; }; extern s x;"));
  EXPECT_TRUE(confined("struct s { std::vector<s> kids; rc<int> r; }; extern s "
                       "x;"));
}

// What is asked first must not decide what is found later: here 'a' is asked
// while 'b' is still being looked at.
TEST(Sendability, MutuallyRecursiveTypes) {
  AnalyzedSnippet S(Types + "struct b; struct a { std::vector<b> bs; }; struct "
                            "b { std::vector<a> as; rc<int> r; }; extern b x; "
                            "extern a y;",
                    Rows);
  EXPECT_TRUE(S.session().Sends.of(S.type("x")).isConfined());
  EXPECT_TRUE(S.session().Sends.of(S.type("y")).isConfined());
}

} // namespace
