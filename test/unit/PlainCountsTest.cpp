//===--- PlainCountsTest.cpp - counts that are not atomic -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/PlainCounts.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace threadhop;

namespace {

/// Whether the class 'rc' is seen to count without atomics.
bool counts(const std::string &Code) {
  ParsedSnippet S(Code);
  return inferPlainCount(S.record("rc")).has_value();
}

TEST(PlainCounts, PointerToTheCount) {
  EXPECT_TRUE(counts("struct rc { int *p; long *n; rc(const rc &o) : p(o.p), "
                     "n(o.n) { ++*n; } ~rc() { if (--*n == 0) delete p; } };"));
}

TEST(PlainCounts, CountInThePointee) {
  EXPECT_TRUE(counts("struct box { int refs; }; struct rc { box *b; rc(const "
                     "rc &o) : b(o.b) { b->refs += 1; } ~rc() { if ((b->refs "
                     "-= 1) == 0) delete b; } };"));
}

TEST(PlainCounts, ThroughMemberFunctionsOfThePointee) {
  EXPECT_TRUE(counts(
      "struct box { int refs; void retain() { ++refs; } void release() { if "
      "(--refs == 0) delete this; } }; struct rc { box *b; rc(const rc &o) : "
      "b(o.b) { b->retain(); } ~rc() { b->release(); } };"));
}

TEST(PlainCounts, ThroughFreeFunctions) {
  EXPECT_TRUE(counts(
      "struct box { int refs; }; void add(box *b) { ++b->refs; } void drop(box "
      "*b) { if (!--b->refs) delete b; } struct rc { box *b; rc(const rc &o) : "
      "b(o.b) { add(b); } ~rc() { drop(b); } };"));
}

TEST(PlainCounts, AnotherTypeOfCounterIsNone) {
  EXPECT_FALSE(counts(
      "struct atomic { void operator++(); int operator--(); }; struct rc { "
      "atomic *n; rc(const rc &o) : n(o.n) { ++*n; } ~rc() { --*n; } };"));
}

TEST(PlainCounts, CompilerBuiltinsAreAtomic) {
  EXPECT_FALSE(counts(
      "struct rc { int *n; rc(const rc &o) : n(o.n) { __atomic_add_fetch(n, 1, "
      "0); } ~rc() { if (!__atomic_sub_fetch(n, 1, 0)) delete n; } };"));
}

TEST(PlainCounts, CountOfTheObjectItself) {
  EXPECT_FALSE(counts("struct rc { int copies; rc(const rc &o) : "
                      "copies(o.copies + 1) { ++copies; } ~rc() { --copies; } "
                      "};"));
}

TEST(PlainCounts, DestructorThatLeavesItAlone) {
  EXPECT_FALSE(counts("struct rc { long *n; rc(const rc &o) : n(o.n) { ++*n; } "
                      "~rc() {} };"));
}

TEST(PlainCounts, TwoDifferentCounters) {
  EXPECT_FALSE(counts("struct rc { long *a, *b; rc(const rc &o) : a(o.a), "
                      "b(o.b) { ++*a; } ~rc() { --*b; } };"));
}

} // namespace
