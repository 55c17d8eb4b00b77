//===--- ExceptionsTest.cpp - who catches, keeps and changes errors -------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ParsedSnippet.h"
#include "analysis/DeadErrorViews.h"
#include "analysis/SharedExceptions.h"
#include "clang/AST/StmtCXX.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const char *const Types = R"cpp(
namespace std {
struct exception { virtual const char *what() const; };
struct exception_ptr {
  exception_ptr(); exception_ptr(nullptr_t); exception_ptr(const exception_ptr &);
  exception_ptr(exception_ptr &&); exception_ptr &operator=(const exception_ptr &);
  explicit operator bool() const;
};
exception_ptr current_exception();
template <class E> exception_ptr make_exception_ptr(E);
[[noreturn]] void rethrow_exception(exception_ptr);
template <class T> struct future { T get(); };
template <class T> struct promise { void set_exception(exception_ptr); future<T> get_future(); };
template <class T> struct shared_future { T get() const; void wait() const; };
}
struct base {};
struct err : base { int n; void set(); void touch() { n = 1; } int read() { return n; } };
struct other {};
void work();
void use(int);
)cpp";

const CXXCatchStmt *handlerIn(const ParsedSnippet &S) {
  auto All = S.all<CXXTryStmt>("f");
  return All.at(0)->getHandler(0);
}

bool caught(const std::string &Handler, const std::string &Error) {
  ParsedSnippet S(Types + ("void f() { try { work(); } catch (" + Handler +
                           ") {} } " + Error + " *e;"));
  return catches(handlerIn(S), S.type("e")->getPointeeType());
}
TEST(Handlers, Catch) {
  EXPECT_TRUE(caught("...", "err"));
  EXPECT_TRUE(caught("err", "err"));
  EXPECT_TRUE(caught("const err &", "err"));
  EXPECT_TRUE(caught("base &", "err"));
  EXPECT_FALSE(caught("err &", "base"));
  EXPECT_FALSE(caught("other &", "err"));
  EXPECT_TRUE(caught("int", "int"));
  EXPECT_TRUE(caught("const int *", "int *"));
}

bool goes(const std::string &Block, const std::string &Before = "") {
  ParsedSnippet S(Types + Before +
                  "std::exception_ptr kept; void f(std::promise<int> &p) { try "
                  "{ work(); } catch (err &e) " +
                  Block + " }");
  return letsGo(handlerIn(S));
}
TEST(Handlers, LetGo) {
  EXPECT_FALSE(goes("{ }"));
  EXPECT_FALSE(goes("{ use(e.n); }"));
  EXPECT_TRUE(goes("{ throw; }"));
  EXPECT_TRUE(goes("{ if (e.n) throw; }"));
  EXPECT_TRUE(goes("{ throw e; }"));
  EXPECT_FALSE(goes("{ throw other(); }"));
  EXPECT_TRUE(goes("{ p.set_exception(std::current_exception()); }"));
  EXPECT_TRUE(goes("{ kept = std::current_exception(); }"));
  EXPECT_FALSE(goes("{ auto k = std::current_exception(); }"));
  EXPECT_TRUE(goes("{ again(); }", "void again() { throw; }"));
  EXPECT_FALSE(
      goes("{ sort(); }", "void sort() { try { throw; } catch (...) {} }"));
  EXPECT_FALSE(goes("{ auto l = [] { throw; }; }"));
}

KeptBy kept(const std::string &Rest, const std::string &Result = "void") {
  ParsedSnippet S(Types + ("std::exception_ptr global; struct c { "
                           "std::exception_ptr m; }; void hide(std::exception_"
                           "ptr); void store(std::exception_ptr p) { global = "
                           "p; } " +
                           Result +
                           " f(std::promise<int> &p, c &o) { auto e = "
                           "std::make_exception_ptr(err()); " +
                           Rest + " }"));
  return keptBy(S.variable("e"), visibleBody(S.function("f")));
}
TEST(Handlers, KeptBy) {
  EXPECT_EQ(kept(""), KeptBy::Nobody);
  EXPECT_EQ(kept("hide(e);"), KeptBy::Nobody);
  EXPECT_EQ(kept("auto k = e;"), KeptBy::Nobody);
  EXPECT_EQ(kept("return e;", "std::exception_ptr"), KeptBy::Caller);
  EXPECT_EQ(kept("std::rethrow_exception(e);"), KeptBy::Caller);
  EXPECT_EQ(kept("p.set_exception(e);"), KeptBy::Another);
  EXPECT_EQ(kept("p.set_exception(std::move(e));"), KeptBy::Another);
  EXPECT_EQ(kept("o.m = e;"), KeptBy::Another);
  EXPECT_EQ(kept("auto k = e; global = k;"), KeptBy::Another);
  EXPECT_EQ(kept("store(e);"), KeptBy::Another);
  EXPECT_EQ(kept("std::promise<int> q; q.set_exception(e);"), KeptBy::Nobody);
  EXPECT_EQ(kept("std::promise<int> q; q.set_exception(e); return "
                 "q.get_future();",
                 "std::future<int>"),
            KeptBy::Another);
}

size_t writes(const std::string &Body, const std::string &Before = "") {
  ParsedSnippet S(Types + Before + "void f(err &e) " + Body);
  return writesTo(S.function("f")->getParamDecl(0),
                  visibleBody(S.function("f")))
      .size();
}
TEST(ObjectWrites, Found) {
  EXPECT_EQ(writes("{ e.n = 1; }"), 1u);
  EXPECT_EQ(writes("{ e.n += 1; ++e.n; }"), 2u);
  EXPECT_EQ(writes("{ e.set(); }"), 1u);
  EXPECT_EQ(writes("{ e.touch(); }"), 1u);
  EXPECT_EQ(writes("{ auto &n = e.n; n = 2; }"), 1u);
  EXPECT_EQ(writes("{ auto *p = &e; p->n = 2; }"), 1u);
  EXPECT_EQ(writes("{ [&] { e.n = 1; }(); }"), 1u);
  EXPECT_EQ(writes("{ set(e); }", "void set(err &x) { x.n = 1; }"), 1u);
  EXPECT_EQ(writes("{ set(&e); }", "void set(err *x) { x->n = 1; }"), 1u);
  EXPECT_EQ(writes("{ const err &c = e; const_cast<err &>(c).n = 1; }"), 1u);
}
TEST(ObjectWrites, None) {
  EXPECT_EQ(writes("{ use(e.n); }"), 0u);
  EXPECT_EQ(writes("{ use(e.read()); }"), 0u);
  EXPECT_EQ(writes("{ err c = e; c.n = 1; }"), 0u);
  EXPECT_EQ(writes("{ hide(e); }", "void hide(err &);"), 0u);
  EXPECT_EQ(writes("{ look(e); }", "void look(err &x) { use(x.n); }"), 0u);
  EXPECT_EQ(writes("{ err k; k.n = e.n; }"), 0u);
}

size_t shared(const std::string &Source) {
  ParsedSnippet S(Types + Source);
  UserCode Code = listUserCode(S.context());
  SharedExceptionAnalysis Analysis(Code.Functions);
  size_t Count = 0;
  for (const FunctionDecl *F : Code.Functions)
    Count += Analysis.find(F).size();
  return Count;
}
TEST(SharedExceptions, Found) {
  const char *Handler = " catch (err &e) { e.n = 1; } ";
  EXPECT_EQ(shared("void f(std::shared_future<int> s) { try { s.get(); }" +
                   std::string(Handler) + "}"),
            1u);
  EXPECT_EQ(shared("struct c { std::exception_ptr p; void f() { try { "
                   "std::rethrow_exception(p); }" +
                   std::string(Handler) + "} };"),
            1u);
  EXPECT_EQ(shared("void g(std::exception_ptr p) { try { "
                   "std::rethrow_exception(p); }" +
                   std::string(Handler) +
                   "} std::exception_ptr kept; void f() { g(kept); }"),
            1u);
  EXPECT_EQ(shared("void sort() { try { throw; } catch (err &e) { e.n = 1; } } "
                   "void f(std::shared_future<int> s) { try { s.get(); } catch "
                   "(...) { sort(); } }"),
            1u);
}
TEST(SharedExceptions, None) {
  const char *Handler = " catch (err &e) { e.n = 1; } ";
  EXPECT_EQ(shared("void f(std::future<int> s) { try { s.get(); }" +
                   std::string(Handler) + "}"),
            0u);
  EXPECT_EQ(shared("void f(std::shared_future<int> s) { try { s.wait(); }" +
                   std::string(Handler) + "}"),
            0u);
  EXPECT_EQ(shared("void f(std::exception_ptr p) { try { "
                   "std::rethrow_exception(p); }" +
                   std::string(Handler) + "}"),
            0u);
  EXPECT_EQ(shared("struct c { std::exception_ptr p; void f() { auto mine = "
                   "std::move(p); try { std::rethrow_exception(mine); }" +
                   std::string(Handler) + "} };"),
            0u);
  EXPECT_EQ(shared("void f(std::shared_future<int> s) { try { s.get(); } catch "
                   "(const err &e) { use(e.n); } }"),
            0u);
}

size_t dead(const std::string &Code) {
  ParsedSnippet S(Types + ("struct ptr_err { const int *p; }; " + Code));
  DeadErrorViewAnalysis Analysis(S.context());
  return Analysis.deadViews(S.function("f")).size();
}
TEST(DeadErrorViews, Found) {
  EXPECT_EQ(dead("void f() { int n = 0; throw ptr_err{&n}; }"), 1u);
  EXPECT_EQ(dead("void f(int n) { throw ptr_err{&n}; }"), 1u);
  EXPECT_EQ(dead("void g(const int &n) { throw ptr_err{&n}; } "
                 "void f() { int n = 0; g(n); }"),
            1u);
  EXPECT_EQ(dead("void f() { int n = 0; try { throw ptr_err{&n}; } catch "
                 "(ptr_err &) { throw; } }"),
            1u);
  EXPECT_EQ(dead("void f() { try { int n = 0; throw ptr_err{&n}; } catch "
                 "(ptr_err &e) { use(*e.p); } }"),
            1u);
}
TEST(DeadErrorViews, None) {
  EXPECT_EQ(dead("void f(int &n) { throw ptr_err{&n}; }"), 0u);
  EXPECT_EQ(dead("void f() { static int n; throw ptr_err{&n}; }"), 0u);
  EXPECT_EQ(dead("void f() { int n = 0; try { throw ptr_err{&n}; } catch "
                 "(ptr_err &e) { use(*e.p); } }"),
            0u);
  EXPECT_EQ(dead("void f() { try { int n = 0; throw ptr_err{&n}; } catch "
                 "(ptr_err &) {} }"),
            0u);
  EXPECT_EQ(dead("void f() noexcept { int n = 0; throw ptr_err{&n}; }"), 0u);
}

} // namespace
