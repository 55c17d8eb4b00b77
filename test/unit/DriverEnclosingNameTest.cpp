//===--- DriverEnclosingNameTest.cpp - in which function a place is -------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/EnclosingName.h"
#include "llvm/ADT/StringRef.h"
#include "gtest/gtest.h"

using threadhop::driver::EnclosingNames;

// The name around the '$' in the text.
static std::string around(llvm::StringRef Text) {
  auto [Before, After] = Text.split('$');
  return EnclosingNames((Before + After).str()).at(Before.size());
}

TEST(DriverEnclosingName, Functions) {
  EXPECT_EQ(around("void f() { $x; }"), "f");
  EXPECT_EQ(around("void f(int $a) { x; }"), "f");
  EXPECT_EQ(around("void f() { x; } $int y;"), "");
  EXPECT_EQ(around("int a; std::vector<int> ns::g(int) const noexcept { $"),
            "ns::g");
  EXPECT_EQ(around("auto f() -> int { $ }"), "f");
  EXPECT_EQ(around("template <class T, class U = v<w<int>>> void f(T) { $ }"),
            "f");
  EXPECT_EQ(around("[[nodiscard]] alignas(8) int f() { $ }"), "f");
  EXPECT_EQ(around("struct s *f() { $ }"), "f");
}

TEST(DriverEnclosingName, Nested) {
  EXPECT_EQ(around("namespace a::b { namespace { struct c final : d { void "
                   "e() { if (x) { for (;;) { $"),
            "a::b::c::e");
  EXPECT_EQ(around("struct a { ~a() { $ } };"), "a::~a");
  EXPECT_EQ(around("struct a { }; void a::b() { $ }"), "a::b");
  EXPECT_EQ(around("struct a { int b; $ };"), "a");
}

TEST(DriverEnclosingName, Operators) {
  EXPECT_EQ(around("bool operator==(a, b) { $ }"), "operator==");
  EXPECT_EQ(around("void a::operator()(int) { $ }"), "a::operator()");
}

TEST(DriverEnclosingName, Lambdas) {
  EXPECT_EQ(around("void f() { post([x] { $ }); }"), "f");
  EXPECT_EQ(around("void f() { post([x] { }); $ }"), "f");
  EXPECT_EQ(around("auto l = [](int a) { $ };"), "");
}

TEST(DriverEnclosingName, Initializers) {
  EXPECT_EQ(around("a::a(int b) : c{b}, d<int>{b} { $ }"), "a::a");
  EXPECT_EQ(around("a::a(int b) : c{$b} {}"), "a::a");
  EXPECT_EQ(around("void f(int a = {}, b = []{ return 1; }()) { $ }"), "f");
  EXPECT_EQ(around("int a[] = {$1};"), "");
}

TEST(DriverEnclosingName, DirectivesAndStrings) {
  EXPECT_EQ(around("#define X void g() { \\\n int\n#if {\nvoid f() {\n"
                   "#endif\n  \"}\"; '}'; /* } */ $ }"),
            "f");
}

TEST(DriverEnclosingName, LinesAboveDoNotMatter) {
  EXPECT_EQ(around("// }\n\nint a;\nvoid f() { $ }"), "f");
  EXPECT_EQ(around("}}} ) void f() { $ }"), "f");
}
