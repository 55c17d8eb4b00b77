//===--- MutexesTest.cpp - which mutexes belong to a thread ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Mutexes.h"
#include "ParsedSnippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

/// Whether the type of the variable 'v' is a thread's mutex.
bool isThreadMutex(const std::string &Code, const std::string &Rows = "") {
  AnalyzedSnippet S(Code, Rows);
  return S.session().Locks.isThreadMutex(S.type("v"));
}

TEST(Mutexes, ClassWithLockAndUnlock) {
  EXPECT_TRUE(isThreadMutex("struct m { void lock(); void unlock(); } v;"));
}

TEST(Mutexes, StandardMutexWithoutAModel) {
  EXPECT_TRUE(isThreadMutex("std::mutex v;"));
}

TEST(Mutexes, ReferenceAndPointer) {
  EXPECT_TRUE(isThreadMutex("extern std::mutex &v;"));
  EXPECT_TRUE(isThreadMutex("std::mutex *v;"));
}

TEST(Mutexes, SharedOnly) {
  EXPECT_TRUE(isThreadMutex(
      "struct m { void lock_shared(); void unlock_shared(); } v;"));
}

TEST(Mutexes, OperationsOfABase) {
  EXPECT_TRUE(isThreadMutex("struct m : std::mutex {} v;"));
}

TEST(Mutexes, OperationsOfADependentBase) {
  EXPECT_TRUE(
      isThreadMutex("template <class B> struct m : B {}; m<std::mutex> v;"));
}

TEST(Mutexes, NoClass) { EXPECT_FALSE(isThreadMutex("int v;")); }

TEST(Mutexes, WithoutUnlock) {
  EXPECT_FALSE(isThreadMutex("struct m { void lock(); } v;"));
}

TEST(Mutexes, WithoutLock) {
  EXPECT_FALSE(isThreadMutex("struct m { void unlock(); } v;"));
}

TEST(Mutexes, LockThatReturnsSomething) {
  // std::weak_ptr, an asynchronous lock.
  EXPECT_FALSE(isThreadMutex("struct m { event lock(); void unlock(); } v;"));
  EXPECT_FALSE(isThreadMutex("struct m { int *lock(); void unlock(); } v;"));
}

TEST(Mutexes, LockThatWantsAnArgument) {
  EXPECT_FALSE(isThreadMutex("struct m { void lock(int); void unlock(); } v;"));
}

TEST(Mutexes, LockWithADefaultArgument) {
  EXPECT_TRUE(
      isThreadMutex("struct m { void lock(int = 0); void unlock(); } v;"));
}

TEST(Mutexes, AwaitableMethodMakesACoroutineMutex) {
  // folly::coro::Mutex: lock() is not for use, co_scoped_lock() is awaited.
  EXPECT_FALSE(isThreadMutex("struct m { void lock(); void unlock(); event "
                             "co_lock(); } v;"));
}

TEST(Mutexes, MethodWhoseResultHasAnOperatorCoAwait) {
  EXPECT_FALSE(isThreadMutex("struct op { event operator co_await(); };"
                             "struct m { void lock(); void unlock(); op "
                             "scoped_lock_async(); } v;"));
}

TEST(Mutexes, EmptyLock) {
  EXPECT_FALSE(isThreadMutex("struct null_mutex { void lock() {} void unlock() "
                             "{} } v;"));
}

TEST(Mutexes, LockWithABody) {
  EXPECT_TRUE(isThreadMutex("struct spin { bool b; void lock() { while (b) ; b "
                            "= true; } void unlock() { b = false; } } v;"));
}

TEST(Mutexes, WrapperOfAThreadMutex) {
  EXPECT_TRUE(isThreadMutex("struct m { std::mutex inner; void lock() { "
                            "inner.lock(); } void unlock() { inner.unlock(); } "
                            "} v;"));
}

TEST(Mutexes, WrapperOfACoroutineMutex) {
  EXPECT_FALSE(isThreadMutex(
      "struct cm { void lock(); void unlock(); event wait(); };"
      "struct m { cm inner; void lock() { inner.lock(); } void unlock() { "
      "inner.unlock(); } } v;"));
}

TEST(Mutexes, ModelSaysNo) {
  EXPECT_FALSE(isThreadMutex(
      "struct m { void lock(); void unlock(); } v;",
      R"("mutexes": [ { "type": "m", "thread_owned": false } ])"));
}

TEST(Mutexes, ModelOfABaseSaysNo) {
  EXPECT_FALSE(isThreadMutex(
      "struct m { void lock(); void unlock(); }; struct d : m {} v;",
      R"("mutexes": [ { "type": "m", "thread_owned": false } ])"));
}

TEST(Mutexes, ModelSaysYesToOtherNames) {
  EXPECT_TRUE(isThreadMutex(
      "struct m { void take(); void give(); } v;",
      R"("mutexes": [ { "type": "m", "lock": ["take"], "unlock": ["give"] } ])"));
}

TEST(Mutexes, DeclaredOnlyIsNoMutex) {
  EXPECT_FALSE(isThreadMutex("struct m; extern m &v;"));
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

MutexOperation operationOf(const std::string &Call,
                           const std::string &Rows = "",
                           const std::string &Code = "") {
  AnalyzedSnippet S(Code + "void call() { std::shared_mutex m; std::mutex n; " +
                        Call + "; }",
                    Rows);
  auto Calls = S.all<CXXMemberCallExpr>("call");
  return S.session().Locks.operation(Calls.at(0)->getMethodDecl());
}

TEST(MutexOperations, Lock) {
  EXPECT_EQ(operationOf("m.lock()"), MutexOperation::Lock);
  EXPECT_EQ(operationOf("m.lock_shared()"), MutexOperation::Lock);
}

TEST(MutexOperations, Unlock) {
  EXPECT_EQ(operationOf("m.unlock()"), MutexOperation::Unlock);
  EXPECT_EQ(operationOf("m.unlock_shared()"), MutexOperation::Unlock);
}

TEST(MutexOperations, TryLock) {
  EXPECT_EQ(operationOf("m.try_lock()"), MutexOperation::TryLock);
  EXPECT_EQ(operationOf("m.try_lock_shared()"), MutexOperation::TryLock);
}

TEST(MutexOperations, OtherMethod) {
  EXPECT_EQ(operationOf("x.size()", "",
                        "struct mx { void lock(); void unlock(); int size(); } "
                        "x;"),
            MutexOperation::None);
}

TEST(MutexOperations, LockOfWhatIsNoMutex) {
  EXPECT_EQ(operationOf("w.lock()", "", "struct weak { int *lock(); } w;"),
            MutexOperation::None);
}

TEST(MutexOperations, NamesOfTheModel) {
  const char *Rows = R"("mutexes": [ { "type": "rw", "lock": ["lockForRead"],
    "unlock": ["leave"], "try_lock": ["attempt"] } ])";
  const char *Code =
      "struct rw { void lockForRead(); void leave(); bool attempt(); } x;";
  EXPECT_EQ(operationOf("x.lockForRead()", Rows, Code), MutexOperation::Lock);
  EXPECT_EQ(operationOf("x.leave()", Rows, Code), MutexOperation::Unlock);
  EXPECT_EQ(operationOf("x.attempt()", Rows, Code), MutexOperation::TryLock);
}

TEST(MutexOperations, NoneOfAMutexThatNoThreadOwns) {
  EXPECT_EQ(operationOf("x.lock()",
                        R"("mutexes": [ { "type": "cm",
                                          "thread_owned": false } ])",
                        "struct cm { void lock(); void unlock(); } x;"),
            MutexOperation::None);
}

TEST(MutexOperations, NullIsNone) {
  AnalyzedSnippet S("");
  EXPECT_EQ(S.session().Locks.operation(nullptr), MutexOperation::None);
}

//===----------------------------------------------------------------------===//
// isAwaitableRecord
//===----------------------------------------------------------------------===//

TEST(AwaitableRecord, Awaiter) {
  ParsedSnippet S("");
  EXPECT_TRUE(isAwaitableRecord(S.record("event")));
  EXPECT_TRUE(isAwaitableRecord(S.record("std::suspend_never")));
}

TEST(AwaitableRecord, MemberOperator) {
  ParsedSnippet S("struct a { event operator co_await() const; };");
  EXPECT_TRUE(isAwaitableRecord(S.record("a")));
}

TEST(AwaitableRecord, OfABase) {
  ParsedSnippet S("struct a : event {};");
  EXPECT_TRUE(isAwaitableRecord(S.record("a")));
}

TEST(AwaitableRecord, NotOthers) {
  ParsedSnippet S("struct a { void wait(); }; struct b;");
  EXPECT_FALSE(isAwaitableRecord(S.record("a")));
  EXPECT_FALSE(isAwaitableRecord(S.record("b")));
  EXPECT_FALSE(isAwaitableRecord(nullptr));
}

} // namespace
