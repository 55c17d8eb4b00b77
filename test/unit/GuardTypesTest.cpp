//===--- GuardTypesTest.cpp - which types are thread-bound guards ---------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/GuardTypes.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const char *const Rows = R"("guards": [
  { "type": "lib::span", "kind": "context", "effect": "it is the thread's" },
  { "type": "lib::gil", "kind": "owner", "effect": "it is Python's" },
  { "type": "std::lock_guard", "kind": "lock", "mutex": "argument" },
  { "type": "std::scoped_lock", "kind": "lock", "mutex": "argument",
    "empty_when_default": true },
  { "type": "std::unique_lock", "kind": "lock", "mutex": "argument",
    "empty_when_default": true, "deferred_by": ["std::defer_lock_t"] },
  { "type": "lib::harmless", "safe": true } ],
  "paired_calls": [
  { "begin": "lib::attach", "end": "lib::detach", "kind": "owner",
    "effect": "the thread is attached" },
  { "begin": "lib::enter", "end": "lib::leave", "kind": "context",
    "effect": "one" },
  { "begin": "lib::enter", "end": "lib::abandon", "kind": "owner",
    "effect": "other" } ])";

const char *const Library = R"cpp(
namespace lib {
struct span { span(); ~span(); };
struct gil { gil(); ~gil(); };
struct harmless { harmless(); ~harmless(); };
struct coro_mutex { void lock(); void unlock(); event wait(); };
void attach(); void detach(); void enter(); void leave(); void abandon();
}
thread_local int depth;
)cpp";

/// The guards in the type of the variable 'v'.
class GuardsIn : public AnalyzedSnippet {
public:
  explicit GuardsIn(const std::string &Code)
      : AnalyzedSnippet(Library + Code, Rows) {}
  llvm::ArrayRef<GuardLeaf> leaves() const {
    return session().Guards.guardsIn(type("v"));
  }
  const GuardLeaf &only() const {
    if (leaves().size() != 1)
      throw std::runtime_error("there are " + std::to_string(leaves().size()) +
                               " guards");
    return leaves()[0];
  }
};

size_t count(const std::string &Code) { return GuardsIn(Code).leaves().size(); }

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

TEST(GuardTypes, Modelled) {
  GuardsIn S("extern lib::span &r; lib::span v;");
  EXPECT_EQ(S.only().Info->Kind, GuardKind::Context);
  EXPECT_EQ(S.only().Info->Effect, "it is the thread's");
  EXPECT_EQ(S.only().Path, "");
  EXPECT_TRUE(S.only().Info->Model);
}

TEST(GuardTypes, OwnerKind) {
  EXPECT_EQ(GuardsIn("lib::gil v;").only().Info->Kind, GuardKind::Owner);
}

TEST(GuardTypes, ModelledSafe) { EXPECT_EQ(count("lib::harmless v;"), 0u); }

TEST(GuardTypes, LockOfAThreadMutex) {
  GuardsIn S("std::mutex m; std::lock_guard<std::mutex> v(m);");
  EXPECT_EQ(S.only().Info->Kind, GuardKind::Lock);
}

TEST(GuardTypes, LockOfACoroutineMutex) {
  EXPECT_EQ(count("lib::coro_mutex m; std::unique_lock<lib::coro_mutex> v(m);"),
            0u);
}

TEST(GuardTypes, LockOfSeveralWithOneThreadMutex) {
  EXPECT_EQ(count("lib::coro_mutex a; std::mutex b; "
                  "std::scoped_lock<lib::coro_mutex, std::mutex> v(a, b);"),
            1u);
}

TEST(GuardTypes, LockOfNothing) {
  EXPECT_EQ(count("std::scoped_lock<> v;"), 0u);
}

TEST(GuardTypes, Annotated) {
  GuardsIn S("struct [[clang::annotate(\"threadhop::thread_bound\", \"why\")]] "
             "g { ~g(); } v;");
  EXPECT_EQ(S.only().Info->Kind, GuardKind::Context);
  EXPECT_NE(S.only().Info->Effect.find("why"), std::string::npos);
}

TEST(GuardTypes, AnnotationWinsOverTheModel) {
  GuardsIn S("namespace lib { struct [[clang::annotate("
             "\"threadhop::thread_bound\")]] harmless2 {}; using harmless_ = "
             "harmless2; } lib::harmless2 v;");
  EXPECT_EQ(S.leaves().size(), 1u);
}

TEST(GuardTypes, AnnotatedTypedef) {
  GuardsIn S("struct g { ~g(); }; using bound [[clang::annotate("
             "\"threadhop::thread_bound\", \"why\")]] = g; bound v; g w;");
  EXPECT_NE(S.only().Info->Effect.find("why"), std::string::npos);
  EXPECT_TRUE(S.session().Guards.guardsIn(S.type("w")).empty());
}

TEST(GuardTypes, AnnotatedTypedefOfAMember) {
  GuardsIn S(
      "struct g { ~g(); }; using bound [[clang::annotate("
      "\"threadhop::thread_bound\")]] = g; struct outer { bound b; } v;");
  EXPECT_EQ(S.leaves().size(), 1u);
}

TEST(GuardTypes, ScopedLockable) {
  EXPECT_EQ(count("struct __attribute__((scoped_lockable)) g { "
                  "g(std::mutex &); ~g(); } *p; std::mutex m; g v(m);"),
            1u);
}

TEST(GuardTypes, ScopedLockableThatUnlocksACoroutineMutex) {
  EXPECT_EQ(count("struct __attribute__((scoped_lockable)) g { lib::coro_mutex "
                  "&m; g(lib::coro_mutex &m) : m(m) {} ~g() { m.unlock(); } };"
                  "lib::coro_mutex m; g v(m);"),
            0u);
}

TEST(GuardTypes, DestructorUnlocksAMember) {
  GuardsIn S("struct g { std::mutex &m; g(std::mutex &m) : m(m) { m.lock(); } "
             "~g() { m.unlock(); } }; std::mutex m; g v(m);");
  EXPECT_EQ(S.only().Info->Kind, GuardKind::Lock);
  EXPECT_TRUE(S.only().Info->UnlockLoc.isValid());
}

TEST(GuardTypes, DestructorUnlocksThroughAPointer) {
  EXPECT_EQ(
      count("struct g { std::mutex *m; ~g() { if (m) m->unlock(); } } v;"), 1u);
}

TEST(GuardTypes, DestructorUnlocksThroughAnotherMethod) {
  EXPECT_EQ(count("struct g { std::mutex *m; void release() { m->unlock(); } "
                  "~g() { release(); } } v;"),
            1u);
}

TEST(GuardTypes, DestructorUnlocksAGlobalOnly) {
  EXPECT_EQ(count("std::mutex global; struct g { ~g() { global.lock(); "
                  "global.unlock(); } } v;"),
            0u);
}

TEST(GuardTypes, ThreadLocalScopeInferred) {
  GuardsIn S("struct g { g() { ++depth; } ~g() { --depth; } } v;");
  ASSERT_TRUE(S.only().Info->Scope);
  EXPECT_NE(S.only().Info->Effect.find("'depth'"), std::string::npos);
}

TEST(GuardTypes, SendableAnnotationStopsInference) {
  EXPECT_EQ(
      count("struct [[clang::annotate(\"threadhop::sendable\")]] g { g() { "
            "++depth; } ~g() { --depth; } } v;"),
      0u);
}

TEST(GuardTypes, PairedCallsInConstructorAndDestructor) {
  GuardsIn S("struct g { g() { lib::attach(); } ~g() { lib::detach(); } } v;");
  EXPECT_EQ(S.only().Info->Kind, GuardKind::Owner);
  EXPECT_EQ(S.only().Info->Effect, "the thread is attached");
  EXPECT_TRUE(S.only().Info->UnlockLoc.isValid());
}

TEST(GuardTypes, PairedCallsOfDifferentPairs) {
  EXPECT_EQ(count("struct g { g() { lib::attach(); } ~g() { lib::leave(); } } "
                  "v;"),
            0u);
}

TEST(GuardTypes, PairedCallsGoByTheirRow) {
  EXPECT_EQ(
      GuardsIn("struct g { g() { lib::enter(); } ~g() { lib::leave(); } } "
               "v;")
          .only()
          .Info->Effect,
      "one");
  EXPECT_EQ(
      GuardsIn("struct g { g() { lib::enter(); } ~g() { lib::abandon(); } "
               "} v;")
          .only()
          .Info->Effect,
      "other");
}

TEST(GuardTypes, PlainClass) {
  EXPECT_EQ(count("struct g { g(); ~g(); int n; } v;"), 0u);
}

TEST(GuardTypes, FactoryOfAClassThatOpensNothing) {
  GuardsIn S("struct g { ~g() { --depth; } }; g make() { ++depth; return {}; } "
             "g other();");
  auto Info = S.session().Guards.guardFromFactory(S.function("make"));
  ASSERT_TRUE(Info);
  EXPECT_NE(Info->Effect.find("'make'"), std::string::npos);
  EXPECT_FALSE(S.session().Guards.guardFromFactory(S.function("other")));
}

//===----------------------------------------------------------------------===//
// What contains guards
//===----------------------------------------------------------------------===//

TEST(GuardsInside, NotReferencesAndPointers) {
  EXPECT_EQ(count("extern lib::span &v;"), 0u);
  EXPECT_EQ(count("lib::span *v;"), 0u);
}

TEST(GuardsInside, Base) {
  GuardsIn S("struct d : lib::span {} v;");
  EXPECT_EQ(S.only().Path, "base class is 'lib::span'");
  EXPECT_TRUE(S.only().Fields.empty());
}

TEST(GuardsInside, Member) {
  GuardsIn S("struct d { int n; lib::span inner; } v;");
  EXPECT_EQ(S.only().Path, "member 'inner' is 'lib::span'");
  ASSERT_EQ(S.only().Fields.size(), 1u);
  EXPECT_EQ(S.only().Fields[0]->getName(), "inner");
}

TEST(GuardsInside, MemberOfAMember) {
  GuardsIn S("struct c { lib::span low; }; struct d { c mid; } v;");
  ASSERT_EQ(S.only().Fields.size(), 2u);
  EXPECT_EQ(S.only().Path, "member 'mid' is 'c'; its member 'low' is "
                           "'lib::span'");
}

TEST(GuardsInside, SeveralMembers) {
  EXPECT_EQ(count("struct d { lib::span a; lib::gil b; lib::harmless c; } v;"),
            2u);
}

TEST(GuardsInside, MemberThatIsAReferenceOrPointer) {
  EXPECT_EQ(count("struct d { lib::span &a; lib::span *b; d(); } v;"), 0u);
}

TEST(GuardsInside, StaticMemberIsNotInside) {
  EXPECT_EQ(count("struct d { static lib::span s; } v;"), 0u);
}

TEST(GuardsInside, SendableHidesItsMembers) {
  EXPECT_EQ(count("struct [[clang::annotate(\"threadhop::sendable\")]] d { "
                  "lib::span s; } v;"),
            0u);
}

TEST(GuardsInside, Array) {
  GuardsIn S("lib::span v[3];");
  EXPECT_TRUE(S.only().InWrapper);
  EXPECT_FALSE(S.only().WrapperMayBeEmpty);
}

TEST(GuardsInside, Optional) {
  GuardsIn S("std::optional<lib::span> v;");
  EXPECT_TRUE(S.only().InWrapper);
  EXPECT_TRUE(S.only().WrapperMayBeEmpty);
  EXPECT_EQ(S.only().Path, "'std::optional<lib::span>' holds 'lib::span'");
}

TEST(GuardsInside, UniquePtr) {
  EXPECT_TRUE(
      GuardsIn("std::unique_ptr<lib::span> v;").only().WrapperMayBeEmpty);
}

TEST(GuardsInside, Vector) {
  EXPECT_EQ(count("std::vector<lib::span> v;"), 1u);
}

TEST(GuardsInside, Tuple) {
  EXPECT_EQ(count("std::tuple<int, lib::span, lib::gil> v;"), 2u);
}

TEST(GuardsInside, Pair) {
  EXPECT_EQ(count("std::pair<int, lib::span> *p; struct w { std::pair<int, "
                  "lib::span> p; } v;"),
            1u);
}

TEST(GuardsInside, OptionalOfAStructWithAGuard) {
  EXPECT_EQ(count("struct d { lib::span s; }; std::optional<d> v;"), 1u);
}

TEST(GuardsInside, WrapperOfAPointerHasNone) {
  EXPECT_EQ(count("std::vector<lib::span *> v;"), 0u);
}

TEST(GuardsInside, UnknownTemplateShowsItsMembers) {
  EXPECT_EQ(count("template <class T> struct box { T value; }; box<lib::span> "
                  "v;"),
            1u);
  EXPECT_EQ(count("template <class T> struct tag {}; tag<lib::span> v;"), 0u);
}

TEST(GuardsInside, CaptureOfALambda) {
  EXPECT_EQ(count("auto make() { lib::span s; return [s] {}; } auto v = "
                  "make();"),
            1u);
}

TEST(GuardsInside, RecursiveTypeEnds) {
  EXPECT_EQ(
      count("struct node { std::unique_ptr<node> next; lib::span s; } v;"), 1u);
}

//===----------------------------------------------------------------------===//
// alwaysHolds, wrapperOf
//===----------------------------------------------------------------------===//

bool holdsAlways(const std::string &Code) {
  return alwaysHolds(GuardsIn(Code).only());
}

TEST(AlwaysHolds, ModelledWithoutEmptyState) {
  EXPECT_TRUE(holdsAlways("lib::span v;"));
}

TEST(AlwaysHolds, ModelledEmptyWhenDefault) {
  EXPECT_FALSE(holdsAlways("std::unique_lock<std::mutex> v;"));
}

TEST(AlwaysHolds, NotInAnOptional) {
  EXPECT_FALSE(holdsAlways("std::optional<lib::span> v;"));
}

TEST(AlwaysHolds, NotAMovableGuardOfOnesOwn) {
  EXPECT_FALSE(holdsAlways("struct g { g() { ++depth; } g(g &&); ~g() { "
                           "--depth; } } v;"));
}

TEST(AlwaysHolds, AGuardThatCannotMove) {
  EXPECT_TRUE(holdsAlways("struct g { g() { ++depth; } g(g &&) = delete; ~g() "
                          "{ --depth; } } v;"));
}

TEST(WrapperOf, KnownOnesOnly) {
  ParsedSnippet S("namespace mine { template <class T> struct optional {}; }"
                  "std::optional<int> a; mine::optional<int> b; int c;"
                  "std::tuple<int, char> d;");
  ASSERT_TRUE(wrapperOf(S.type("a")));
  EXPECT_TRUE(wrapperOf(S.type("a"))->MayBeEmpty);
  EXPECT_FALSE(wrapperOf(S.type("b")));
  EXPECT_FALSE(wrapperOf(S.type("c")));
  ASSERT_TRUE(wrapperOf(S.type("d")));
  EXPECT_EQ(wrapperOf(S.type("d"))->Elements.size(), 2u);
  EXPECT_FALSE(wrapperOf(S.type("d"))->MayBeEmpty);
  EXPECT_FALSE(wrapperOf(QualType()));
}

TEST(WrapperOf, ElementsOfContainersLeaveOutAllocators) {
  ParsedSnippet S(
      "namespace std { template <class T> struct allocator {};"
      "template <class T, class A = allocator<T>> struct deque {}; }"
      "std::deque<int> v;");
  ASSERT_TRUE(wrapperOf(S.type("v")));
  EXPECT_EQ(wrapperOf(S.type("v"))->Elements.size(), 1u);
}

} // namespace
