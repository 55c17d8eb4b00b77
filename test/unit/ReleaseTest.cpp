//===--- ReleaseTest.cpp - who may release a guard ------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Release.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const char *const Types = R"cpp(
using lock = std::unique_lock<std::mutex>;
std::mutex m;
void take(lock);
void steal(lock &&);
void unknown(lock &);
void reads(const lock &);
)cpp";

/// Whether the function 'f' may release what its first parameter refers to.
bool releases(const std::string &F, unsigned Index = 0) {
  ParsedSnippet S(Types + F);
  return ReleaseAnalysis().mayRelease(S.function("f"), Index);
}

TEST(Release, Unlocks) {
  EXPECT_TRUE(releases("void f(lock &l) { l.unlock(); }"));
}
TEST(Release, UnlocksThroughAPointer) {
  EXPECT_TRUE(releases("void f(lock *l) { l->unlock(); }"));
}
TEST(Release, MovesAway) {
  EXPECT_TRUE(releases("void f(lock &l) { take(std::move(l)); }"));
  EXPECT_TRUE(releases("void f(lock &l) { steal(std::move(l)); }"));
  EXPECT_TRUE(releases("void f(lock &l) { lock k = std::move(l); }"));
}
TEST(Release, Assigns) {
  EXPECT_TRUE(releases("void f(lock &l) { l = lock(); }"));
}
TEST(Release, GivesAwayAtUnlock) {
  EXPECT_TRUE(releases("std::mutex *f(lock &l) { return l.release(); }"));
}
TEST(Release, CannotBeLookedInto) {
  EXPECT_TRUE(releases("void f(lock &l);"));
  EXPECT_TRUE(releases("void f(lock &l) { unknown(l); }"));
}
TEST(Release, ThroughACallee) {
  EXPECT_TRUE(
      releases("void g(lock &l) { l.unlock(); } void f(lock &l) { g(l); "
               "}"));
}
TEST(Release, ThroughAnAlias) {
  EXPECT_TRUE(releases("void f(lock &l) { auto &k = l; k.unlock(); }"));
}
TEST(Release, InALambda) {
  EXPECT_TRUE(
      releases("void f(lock &l) { auto g = [&] { l.unlock(); }; g(); }"));
}
TEST(Release, KeptByAnObject) {
  EXPECT_TRUE(releases("struct keeper { lock &l; keeper(lock &l) : l(l) {} }; "
                       "keeper f(lock &l) { return keeper(l); }"));
}
TEST(Release, UnderAConditionOfItsOwn) {
  EXPECT_TRUE(releases("void f(lock &l) { if (l.owns_lock()) l.unlock(); }"));
  EXPECT_TRUE(releases("void f(lock *l) { if (l) l->unlock(); }"));
}

TEST(NoRelease, DoesNothing) { EXPECT_FALSE(releases("void f(lock &) {}")); }
TEST(NoRelease, Reads) {
  EXPECT_FALSE(releases("void f(lock &l) { (void)l.owns_lock(); }"));
  EXPECT_FALSE(releases("void f(lock &l) { reads(l); }"));
  EXPECT_FALSE(releases("void f(lock &l) { l.mutex(); }"));
}
TEST(NoRelease, Locks) {
  EXPECT_FALSE(releases("void f(lock &l) { l.lock(); }"));
  EXPECT_FALSE(releases("void f(lock &l) { l.try_lock(); }"));
}
TEST(NoRelease, CalleeThatOnlyReads) {
  EXPECT_FALSE(releases("void g(lock &l) { reads(l); } void f(lock &l) { g(l); "
                        "}"));
}
TEST(NoRelease, OnlyUnderAnotherCondition) {
  EXPECT_FALSE(releases("void f(lock &l) { if (flag()) l.unlock(); }"));
}
TEST(NoRelease, WaitOfAConditionVariable) {
  EXPECT_FALSE(
      releases("std::condition_variable c; void f(lock &l) { c.wait(l); "
               "}"));
}
TEST(NoRelease, OtherParameter) {
  EXPECT_FALSE(releases("void f(lock &l, lock &k) { k.unlock(); }", 0));
  EXPECT_TRUE(releases("void f(lock &l, lock &k) { k.unlock(); }", 1));
}
TEST(NoRelease, RecursionEnds) {
  EXPECT_FALSE(releases("void f(lock &l) { if (flag()) f(l); }"));
}

bool acquires(const std::string &F) {
  ParsedSnippet S(Types + F);
  return ReleaseAnalysis().acquires(S.function("f"), 0);
}

TEST(Acquire, Locks) { EXPECT_TRUE(acquires("void f(lock &l) { l.lock(); }")); }
TEST(Acquire, NotByReading) {
  EXPECT_FALSE(acquires("void f(lock &l) { (void)l.owns_lock(); }"));
}
TEST(Acquire, NotByLockingAnother) {
  EXPECT_FALSE(acquires("lock k; void f(lock &l) { k.lock(); }"));
}
TEST(Acquire, NotIfInvisible) { EXPECT_FALSE(acquires("void f(lock &l);")); }

/// Whether the lambda in the code may release 'l'.
bool lambdaReleases(const std::string &Lambda) {
  ParsedSnippet S(std::string(Types) +
                  "void f() { lock l(m); auto g = " + Lambda + "; }");
  return ReleaseAnalysis().mayRelease(S.all<LambdaExpr>("f").at(0),
                                      S.variable("l"));
}

TEST(LambdaRelease, Unlocks) {
  EXPECT_TRUE(lambdaReleases("[&] { l.unlock(); }"));
}
TEST(LambdaRelease, UnlocksInANestedLambda) {
  EXPECT_TRUE(lambdaReleases("[&] { [&] { l.unlock(); }(); }"));
}
TEST(LambdaRelease, Reads) {
  EXPECT_FALSE(lambdaReleases("[&] { return l.owns_lock(); }"));
  EXPECT_FALSE(lambdaReleases("[&] {}"));
}
TEST(LambdaRelease, GenericLambdaThatIsCalled) {
  ParsedSnippet S(std::string(Types) +
                  "void f() { lock l(m); auto g = [&](auto) "
                  "{ l.unlock(); }; g(1); }");
  EXPECT_TRUE(ReleaseAnalysis().mayRelease(S.all<LambdaExpr>("f").at(0),
                                           S.variable("l")));
}

bool memberReleases(const std::string &Body) {
  ParsedSnippet S(std::string(Types) +
                  "struct c { lock a, b; bool armed; void "
                  "f() " +
                  Body + " };");
  return ReleaseAnalysis().mayReleaseMember(S.method("c::f"),
                                            *S.record("c")->field_begin());
}

TEST(MemberRelease, UnlocksTheMember) {
  EXPECT_TRUE(memberReleases("{ a.unlock(); }"));
  EXPECT_TRUE(memberReleases("{ this->a.unlock(); }"));
}
TEST(MemberRelease, UnlocksAnotherMember) {
  EXPECT_FALSE(memberReleases("{ b.unlock(); }"));
}
TEST(MemberRelease, DoesNothing) { EXPECT_FALSE(memberReleases("{}")); }
TEST(MemberRelease, CannotBeLookedInto) { EXPECT_TRUE(memberReleases(";")); }
TEST(MemberRelease, AnyMemberWritten) {
  ParsedSnippet S("struct c { bool armed; void off() { armed = false; } bool "
                  "on() { return armed; } };");
  ReleaseAnalysis R;
  EXPECT_TRUE(R.mayReleaseMember(S.method("c::off"), nullptr));
  EXPECT_FALSE(R.mayReleaseMember(S.method("c::on"), nullptr));
}

TEST(ReleaseNames, Releasing) {
  for (const char *Name : {"unlock", "release", "reset", "end", "End", "close"})
    EXPECT_TRUE(isReleasingName(Name)) << Name;
  for (const char *Name : {"lock", "owns_lock", "annotate", "mutex", ""})
    EXPECT_FALSE(isReleasingName(Name)) << Name;
}

TEST(ReleaseNames, Acquiring) {
  for (const char *Name : {"lock", "try_lock", "try_lock_for", "lock_shared"})
    EXPECT_TRUE(isAcquiringName(Name)) << Name;
  for (const char *Name : {"unlock", "release", "swap", ""})
    EXPECT_FALSE(isAcquiringName(Name)) << Name;
}

} // namespace
