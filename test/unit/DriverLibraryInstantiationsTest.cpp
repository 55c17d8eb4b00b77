//===--- DriverLibraryInstantiationsTest.cpp ------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ParsedSnippet.h"
#include "driver/LibraryInstantiations.h"
#include "gtest/gtest.h"

using namespace threadhop;
using namespace threadhop::driver;

// A library whose bodies instantiate nothing, as if they were skipped, and
// templates of a user.
static bool mayInstantiate(const std::string &Code) {
  return libraryMayInstantiate(ParsedSnippet(R"(
# 1 "library.h" 1 3
namespace library {
template <typename F> void apply(F f) {}
template <typename T> struct box { box(); ~box(); void put(T); };
}
# 1 "user.cpp" 2
void work();
struct handler {
  template <typename T> void operator()(T) const { work(); }
};
template <typename T> struct owner {
  ~owner() { work(); }
};
)" + Code)
                                   .context());
}

TEST(DriverLibraryInstantiations, GenericLambdaGivenToALibrary) {
  EXPECT_TRUE(
      mayInstantiate("void f() { library::apply([](auto) { work(); }); }"));
}

TEST(DriverLibraryInstantiations, GenericLambdaThatALibraryDoesNotGet) {
  EXPECT_FALSE(mayInstantiate("void f() { auto l = [](auto) { work(); }; }"));
  EXPECT_FALSE(mayInstantiate("template <typename F> void own(F) {}\n"
                              "void f() { own([](auto) { work(); }); }"));
}

TEST(DriverLibraryInstantiations, WhatIsThereAlready) {
  EXPECT_FALSE(mayInstantiate("void f() {\n"
                              "  auto l = [](auto) { work(); };\n"
                              "  l(1);\n"
                              "  library::apply(l);\n"
                              "}"));
  EXPECT_FALSE(mayInstantiate("void f() { library::apply([](int) { work(); }); "
                              "library::apply([](auto) {}); }"));
}

TEST(DriverLibraryInstantiations, ObjectsGivenToALibrary) {
  EXPECT_FALSE(mayInstantiate("void f() { handler h; }"));
  EXPECT_TRUE(mayInstantiate("void f() { library::apply(handler{}); }"));
  EXPECT_TRUE(mayInstantiate("void f(library::box<handler> &);"));
  EXPECT_TRUE(mayInstantiate("struct mine : library::box<handler> {};"));
  EXPECT_FALSE(mayInstantiate("void f(library::box<int> &);"));
}

TEST(DriverLibraryInstantiations, PartsOfWhatIsGiven) {
  EXPECT_TRUE(mayInstantiate("struct outer { handler inner; };\n"
                             "void f() { library::apply(outer{}); }"));
  EXPECT_TRUE(mayInstantiate("struct derived : handler {};\n"
                             "void f(library::box<derived> &);"));
  EXPECT_TRUE(mayInstantiate("void f(library::box<library::box<handler>> &);"));
  EXPECT_FALSE(mayInstantiate("struct outer { int inner; };\n"
                              "void f(library::box<outer> &);"));
}

TEST(DriverLibraryInstantiations, BehindPointersArraysAndSignatures) {
  EXPECT_TRUE(mayInstantiate("void f(library::box<handler *> &);"));
  EXPECT_TRUE(mayInstantiate("void f(library::box<handler *[2]> &);"));
  EXPECT_TRUE(mayInstantiate("void f(library::box<void(handler)> &);"));
  EXPECT_TRUE(mayInstantiate("void f(library::box<int> *(&)[2]);\n"
                             "void g(library::box<handler> *(&)[2]);"));
}

TEST(DriverLibraryInstantiations, Destructors) {
  EXPECT_TRUE(mayInstantiate("struct holder { owner<int> one; };\n"
                             "void f(library::box<holder> &);"));
  EXPECT_FALSE(mayInstantiate("struct holder { owner<int> one; };\n"
                              "void f(library::box<int> &);"));
}

TEST(DriverLibraryInstantiations, ThroughATemplateOfTheUsers) {
  EXPECT_TRUE(mayInstantiate(
      "template <typename F> void pass(F f) { library::apply(f); }\n"
      "void f() { pass([](auto) { work(); }); }"));
}
