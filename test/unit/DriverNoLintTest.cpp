//===--- DriverNoLintTest.cpp - NOLINT comments ---------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/NoLint.h"
#include "gtest/gtest.h"

using namespace threadhop::driver;

TEST(DriverNoLint, Patterns) {
  EXPECT_TRUE(matchesCheck("*", "a-b"));
  EXPECT_TRUE(matchesCheck("a-b", "a-b"));
  EXPECT_TRUE(matchesCheck("a-*", "a-b"));
  EXPECT_TRUE(matchesCheck("*-b", "a-b"));
  EXPECT_TRUE(matchesCheck("a*c*e", "abcde"));
  EXPECT_TRUE(matchesCheck("*b*b*", "abab"));
  EXPECT_FALSE(matchesCheck("a", "a-b"));
  EXPECT_FALSE(matchesCheck("-b", "a-b"));
  EXPECT_FALSE(matchesCheck("a*b", "a-bc"));
  EXPECT_FALSE(matchesCheck("*b*b*", "ab"));
  EXPECT_FALSE(matchesCheck("ab*ba", "aba"));
}

static std::string reasonOf(llvm::StringRef Text) {
  NoLintDirectives D(Text);
  EXPECT_FALSE(D.all().empty());
  return D.all().empty() ? "" : D.all()[0].Reason;
}

TEST(DriverNoLint, Reasons) {
  EXPECT_EQ(reasonOf("// NOLINT"), "");
  EXPECT_EQ(reasonOf("// NOLINT(x)"), "");
  EXPECT_EQ(reasonOf("// NOLINT(x) "), "");
  EXPECT_EQ(reasonOf("// NOLINT(x): because it is\nnext"), "because it is");
  EXPECT_EQ(reasonOf("// NOLINT(x) -- because\r\n"), "because");
  EXPECT_EQ(reasonOf("// NOLINT(x) \xe2\x80\x94 because"), "because");
  EXPECT_EQ(reasonOf("/* NOLINT(x) because */ int x;"), "because");
  EXPECT_EQ(reasonOf("/* NOLINT */ int x;"), "");
  EXPECT_EQ(reasonOf("// NOLINT(x) NOLINTNEXTLINE(y): other"), "");
}

TEST(DriverNoLint, Directives) {
  NoLintDirectives D("// NOLINT()\n"           // 1: no check at all
                     "// NOLINT(a\n"           // 2: no list, so all checks
                     "// NOLINTNOTHING\n"      // 3: no directive
                     "// XNOLINT(-a, b , c)\n" // 4: clang-tidy takes it too
                     "// NOLINTNEXTLINE(a)\n");
  ASSERT_EQ(D.all().size(), 4U);
  EXPECT_FALSE(D.all()[0].names("a"));
  EXPECT_TRUE(D.all()[1].names("z"));
  EXPECT_EQ(D.all()[2].Line, 4U);
  EXPECT_EQ(D.all()[2].patterns(), (std::vector<std::string>{"b", "c"}));
  EXPECT_FALSE(D.all()[2].names("a"));
  EXPECT_EQ(D.all()[3].Name, "NOLINTNEXTLINE");
}

TEST(DriverNoLint, WhatTheyHide) {
  llvm::StringRef Text = "// NOLINTBEGIN(a)\n"
                         "// NOLINTBEGIN(b)\n"
                         "one // NOLINT(a)\n"
                         "// NOLINTEND(b)\n"
                         "two\n"
                         "// NOLINTEND(a)\n"
                         "three\n"
                         "// NOLINTNEXTLINE(a)\n"
                         "four\n"
                         "five\n"
                         "// NOLINTBEGIN(a)\n"
                         "six\n"
                         "// NOLINTEND(other)\n";
  NoLintDirectives D(Text);
  auto Hiding = [&](const char *Word, const char *Check) {
    return D.hiding(Text.find(Word), Check);
  };
  using Indexes = std::vector<size_t>;
  EXPECT_EQ(Hiding("one", "a"), (Indexes{2, 0}));
  EXPECT_EQ(Hiding("one", "b"), (Indexes{1}));
  EXPECT_EQ(Hiding("two", "a"), (Indexes{0}));
  EXPECT_EQ(Hiding("two", "b"), (Indexes{}));
  EXPECT_EQ(Hiding("three", "a"), (Indexes{}));
  EXPECT_EQ(Hiding("four", "a"), (Indexes{5}));
  EXPECT_EQ(Hiding("five", "a"), (Indexes{}));
  EXPECT_EQ(Hiding("six", "a"), (Indexes{}));
}

TEST(DriverNoLint, WhereTheyStand) {
  NoLintDirectives D("#ifndef GUARD\n"
                     "#define GUARD\n"
                     "const char *s = \"NOLINT\";\n"
                     "int a; // NOLINT\n"
                     "#if 1\n"
                     "/* text\n"
                     "   NOLINT */\n"
                     "#endif\n"
                     "R\"(// NOLINT)\";\n"
                     "#endif\n"
                     "// NOLINT\n");
  D.lookAround();
  ASSERT_EQ(D.all().size(), 5U);
  auto At = [&](size_t I) {
    return std::pair(D.all()[I].InComment, D.all()[I].Conditional);
  };
  EXPECT_EQ(At(0), std::pair(false, false));
  EXPECT_EQ(At(1), std::pair(true, false));
  EXPECT_EQ(At(2), std::pair(true, true));
  EXPECT_EQ(At(3), std::pair(false, false));
  EXPECT_EQ(At(4), std::pair(true, false));
}

TEST(DriverNoLint, GuardBehindPragma) {
  NoLintDirectives D("// text\n#pragma once\n#ifndef A\n#define A\n"
                     "// NOLINT\n#endif // A\n");
  D.lookAround();
  ASSERT_EQ(D.all().size(), 1U);
  EXPECT_TRUE(D.all()[0].InComment);
  EXPECT_FALSE(D.all()[0].Conditional);
}

TEST(DriverNoLint, NoGuard) {
  for (const char *Text : {"#ifndef A\n// NOLINT\n#else\n#endif\n",
                           "#ifdef A\n// NOLINT\n#endif\n",
                           "#ifndef A\n// NOLINT\n#endif\nint x;\n",
                           "int x;\n#ifndef A\n// NOLINT\n#endif\n"}) {
    NoLintDirectives D(Text);
    D.lookAround();
    ASSERT_EQ(D.all().size(), 1U);
    EXPECT_TRUE(D.all()[0].Conditional) << Text;
  }
}
