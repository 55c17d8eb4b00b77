//===--- DriverHtmlTest.cpp - the parts of the HTML report ----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Diagram.h"
#include "driver/Html.h"
#include "driver/HtmlProse.h"
#include "driver/HtmlSource.h"
#include "driver/HtmlText.h"
#include "findings/Rules.h"
#include "gtest/gtest.h"

using namespace threadhop;
using namespace threadhop::driver;

TEST(DriverHtml, VisibleText) {
  EXPECT_EQ(visibleText("a\tb \xC3\xA4\xF0\x9F\x98\x80"),
            "a\tb \xC3\xA4\xF0\x9F\x98\x80");
  // No UTF-8: a lone byte, a cut sequence, an overlong one, a surrogate.
  EXPECT_EQ(visibleText("\xE9x"), "\xEF\xBF\xBDx");
  EXPECT_EQ(visibleText("\xC3"), "\xEF\xBF\xBD");
  EXPECT_EQ(visibleText("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(visibleText("\xED\xA0\x80"),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  // Controls, the end of a text and what turns its direction.
  EXPECT_EQ(visibleText("\n\x1B\x7F"), "\xE2\x90\x8A\xE2\x90\x9B\xE2\x90\xA1");
  EXPECT_EQ(visibleText(llvm::StringRef("\0", 1)), "\xE2\x90\x80");
  EXPECT_EQ(visibleText("a\xE2\x80\xAE\xE2\x81\xA6z"), "a[U+202E][U+2066]z");
  EXPECT_EQ(visibleText("\xEF\xBB\xBF\xC2\x85"), "[U+FEFF][U+0085]");
}

TEST(DriverHtml, Escaping) {
  EXPECT_EQ(htmlEscaped("<a href=\"x\">'&amp;'</a>"),
            "&lt;a href=&quot;x&quot;&gt;'&amp;amp;'&lt;/a&gt;");
  EXPECT_EQ(htmlEscaped("]]>\xE9<!--"), "]]&gt;\xEF\xBF\xBD&lt;!--");
}

TEST(DriverHtml, Sentences) {
  EXPECT_EQ(sentence("lock 'g' is alive"), "Lock 'g' is alive.");
  EXPECT_EQ(sentence("why?"), "Why?");
  EXPECT_EQ(sentence(""), "");
}

TEST(DriverHtml, Shortening) {
  EXPECT_EQ(shortened("four", 4), "four");
  EXPECT_EQ(shortened("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4", 4),
            "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4");
  EXPECT_EQ(shortened("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6", 3),
            "\xC3\xA4\xC3\xB6\xE2\x80\xA6");
}

TEST(DriverHtml, Wrapping) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrapped("one two three", 7, 3), (Lines{"one two", "three"}));
  EXPECT_EQ(wrapped("one two three four", 7, 2),
            (Lines{"one two", "three\xE2\x80\xA6"}));
  // A name breaks behind its colons, never between them.
  EXPECT_EQ(wrapped("quotes::awaiter::await_suspend", 18, 3),
            (Lines{"quotes::awaiter::", "await_suspend"}));
  EXPECT_EQ(wrapped("quotes::await_suspend", 20, 3),
            (Lines{"quotes::", "await_suspend"}));
  EXPECT_EQ(wrapped("n::await_suspend_for", 16, 3),
            (Lines{"n::await_", "suspend_for"}));
  EXPECT_EQ(wrapped("abcdefghij", 4, 9), (Lines{"abcd", "efgh", "ij"}));
  EXPECT_EQ(wrapped("  ", 4, 9), Lines{});
  // Characters count, not bytes.
  EXPECT_EQ(wrapped("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 4, 1),
            Lines{"\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"});
}

TEST(DriverHtml, FunctionNames) {
  EXPECT_EQ(shortFunctionName("ns::session::run", 40), "ns::session::run");
  EXPECT_EQ(shortFunctionName("ns::session::run", 12), "session::run");
  EXPECT_EQ(
      shortFunctionName("ns::f(int, std::string)::(lambda)::operator()", 40),
      "lambda in ns::f");
  EXPECT_EQ(shortFunctionName("ns::map<a::b, c::d>::get", 40),
            "ns::map<a::b, c::d>::get");
  EXPECT_EQ(shortFunctionName("ns::it::operator->", 40), "ns::it::operator->");
  EXPECT_EQ(shortFunctionName("(anonymous namespace)::f", 40), "f");
  EXPECT_EQ(shortFunctionName("", 40), "");
}

TEST(DriverHtml, Lines) {
  EXPECT_EQ(lineHtml("a < b;", {{2, 3, 3}}), "a <mark>&lt;</mark> b;");
  EXPECT_EQ(lineHtml("abcd", {{0, 4, 1}, {1, 2, 2}}),
            "<u>a</u><mark class=s>b</mark><u>cd</u>");
  // Behind the end, or inside of a character.
  EXPECT_EQ(lineHtml("ab", {{1, 9, 2}}), "a<mark class=s>b</mark>");
  EXPECT_EQ(lineHtml("\xC3\xA4z", {{1, 2, 3}}), "<mark>\xC3\xA4</mark>z");
  EXPECT_EQ(lineHtml("\xC3\xA4z", {{0, 1, 3}}), "<mark>\xC3\xA4</mark>z");
  EXPECT_EQ(lineHtml("", {{0, 1, 3}}), "");
  // A long line is cut around what matters.
  std::string Long = std::string(5000, 'x') + "HERE" + std::string(5000, 'y');
  std::string Cut = lineHtml(Long, {{5000, 5004, 3}});
  EXPECT_LT(Cut.size(), 400u);
  EXPECT_NE(Cut.find("x<mark>HERE</mark>y"), std::string::npos);
}

static std::string diffText(llvm::StringRef Text, std::vector<Change> Changes) {
  SourceText Source(llvm::MemoryBuffer::getMemBufferCopy(Text));
  std::string Out;
  for (const DiffLine &L : diffOf(Source, std::move(Changes)))
    Out += L.Sign + L.Text + "\n";
  return Out;
}

TEST(DriverHtml, Diffs) {
  EXPECT_EQ(diffText("a\nb = 0;\nc\n", {{"f", 6, 1, "nullptr"}}),
            " a\n-b = 0;\n+b = nullptr;\n c\n");
  // A line before: what is left alone is not shown as changed.
  EXPECT_EQ(diffText("a\n  b;\nc\n", {{"f", 4, 0, "assert(x);\n  "}}),
            " a\n+  assert(x);\n   b;\n");
  // Two changes of a line, then one far away.
  EXPECT_EQ(diffText("a b\n2\n3\n4\n5\n6\n7\n",
                     {{"f", 12, 1, "SIX"}, {"f", 2, 1, "B"}, {"f", 0, 1, "A"}}),
            "-a b\n+A B\n 2\n \n 5\n-6\n+SIX\n 7\n");
  // Lines that go, and the end of the text.
  EXPECT_EQ(diffText("1\r\n2\r\n3", {{"f", 3, 3, ""}}), " 1\n-2\n 3\n");
  EXPECT_EQ(diffText("x", {{"f", 1, 0, "y"}}), "-x\n+xy\n");
  // What overlaps or lies outside of the text cannot be shown.
  EXPECT_EQ(diffText("abc", {{"f", 0, 2, "x"}, {"f", 1, 1, "y"}}), "");
  EXPECT_EQ(diffText("abc", {{"f", 2, 9, "x"}}), "");
}

TEST(DriverHtml, Prose) {
  const char *Page = "# Title\n\n## Why\n\nA `x < y` and **strong *em*** "
                     "[link](https://e.com/a).\nStill.\n\n* one\n  more\n* "
                     "two\n\nThen:\n\n```cpp\na && b;\n## no heading\n```\n\n"
                     "| a | b |\n|---|---|\n| 1 | 2 |\n\n## Next\n\nNo.\n";
  EXPECT_EQ(proseOf(Page, "Why"),
            "<p>A <code>x &lt; y</code> and <strong>strong <em>em</strong>"
            "</em> link. Still.</p><ul><li>one more</li><li>two</li></ul>"
            "<p>Then:</p><pre>a &amp;&amp; b;\n## no heading\n</pre>"
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td>"
            "</tr></table>");
  EXPECT_EQ(proseOf(Page, "Nothing"), "");
}

// What the report says of a check comes from its page.
TEST(DriverHtml, EveryCheckIsExplained) {
  for (const Rule &R : rules()) {
    EXPECT_NE(proseOf(R.Help, "What it finds"), "") << R.Name.str();
    EXPECT_NE(proseOf(R.Help, "Why it matters"), "") << R.Name.str();
  }
}

static Place at(unsigned Line) { return {"/src/f.cpp", Line * 10, Line, 1}; }

static ResultStep step(unsigned Line, const char *Message, const char *Kind,
                       const char *Lane = "") {
  ResultStep S;
  S.At = at(Line);
  S.Message = Message;
  S.Kind = Kind;
  S.Lane = Lane;
  return S;
}

static Result guard() {
  Result R;
  R.Check = "threadhop-guard-across-suspension";
  R.At = at(1);
  R.Message = "lock 'g' is alive over a suspension: bad";
  R.Function = "ns::f";
  R.Steps = {step(2, "suspended here; somewhere", "suspend"),
             step(9, "why", "explain"),
             step(3, "used here", "use", "another thread")};
  return R;
}

TEST(DriverDiagram, FromSteps) {
  Diagram D = diagramOf(guard());
  ASSERT_EQ(D.Lanes.size(), 2u);
  EXPECT_EQ(D.Lanes[0].Name, "ns::f");
  EXPECT_TRUE(D.Lanes[0].IsOwn);
  EXPECT_EQ(D.Lanes[1].Name, "another thread");
  ASSERT_EQ(D.Events.size(), 3u);
  EXPECT_EQ(D.Events[0].Text, "lock 'g' is alive over a suspension");
  EXPECT_EQ(D.Events[0].Mark, "!");
  EXPECT_EQ(D.Events[1].Text, "suspended here");
  EXPECT_EQ(D.Events[1].Mark, "1");
  EXPECT_EQ(D.Events[1].Whole, "suspended here; somewhere");
  EXPECT_EQ(D.Events[2].Mark, "3");
  EXPECT_EQ(D.Events[2].Where, "f.cpp:3");
  ASSERT_EQ(D.Arrows.size(), 1u);
  EXPECT_EQ(D.Arrows[0].From, 1u);
  EXPECT_EQ(D.Arrows[0].To, 2u);
  EXPECT_EQ(wordsOf(D),
            "ns::f: lock 'g' is alive over a suspension (f.cpp:1). ns::f: "
            "suspended here (f.cpp:2). another thread: used here (f.cpp:3).");
}

TEST(DriverDiagram, FromAStory) {
  Result R = guard();
  // Two steps at one place are two moments; an order of its own; a moment
  // without a place.
  R.Steps.push_back(step(2, "suspended again", "suspend"));
  R.Story = {{at(3), "used", "use", "another thread"},
             {at(1), "made", "create", ""},
             {at(2), "first", "suspend", ""},
             {at(2), "second", "suspend", ""},
             {Place(), "blocks", "explain", "others"},
             {Place(), "ends", "destroy", "another thread"}};
  Diagram D = diagramOf(R);
  ASSERT_EQ(D.Events.size(), 6u);
  std::string Marks;
  for (const DiagramEvent &E : D.Events)
    Marks += (E.Mark.empty() ? "-" : E.Mark) + " ";
  EXPECT_EQ(Marks, "3 ! 1 4 - - ");
  // Whoever only waits does not go on with the coroutine.
  ASSERT_EQ(D.Arrows.size(), 1u);
  EXPECT_EQ(D.Arrows[0].From, 3u);
  EXPECT_EQ(D.Arrows[0].To, 5u);
}

TEST(DriverDiagram, Arrows) {
  Result R;
  R.At = at(1);
  // Handed over, and used by the sender before the other one does.
  R.Story = {{at(1), "given", "hand-over", ""},
             {at(2), "used", "use", ""},
             {at(3), "used", "use", "b"},
             {at(4), "waits", "suspend", "b"},
             {at(5), "goes on", "use", "b"}};
  Diagram D = diagramOf(R);
  ASSERT_EQ(D.Arrows.size(), 1u);
  EXPECT_EQ(D.Arrows[0].From, 0u);
  EXPECT_EQ(D.Arrows[0].To, 2u);
  // The code's name is not known.
  EXPECT_NE(svgOf(D, "x").find("this code"), std::string::npos);
}

TEST(DriverDiagram, NothingToDraw) {
  Result R;
  R.Check = "modernize-use-nullptr";
  R.At = at(1);
  R.Message = "use nullptr";
  R.Steps = {step(2, "why", "explain")};
  EXPECT_TRUE(diagramOf(R).empty());
}

TEST(DriverDiagram, LongAndHostileNames) {
  Result R = guard();
  R.Function = "ns::operator<</script>";
  R.Story = {{at(1), "<script>alert(1)</script>", "create", ""},
             {at(7), std::string(500, 'w'), "use", "<b>'\"&"}};
  std::string Svg = svgOf(diagramOf(R), "id");
  EXPECT_EQ(Svg.find("<script"), std::string::npos);
  EXPECT_EQ(Svg.find("<b>"), std::string::npos);
  EXPECT_NE(Svg.find("&lt;b&gt;'&quot;&amp;"), std::string::npos);
  // The label is cut, the whole text is in its title.
  EXPECT_NE(Svg.find("\xE2\x80\xA6</text>"), std::string::npos);
  EXPECT_NE(Svg.find("<title>" + std::string(500, 'w') + "</title>"),
            std::string::npos);
}

TEST(DriverHtml, FilesThatAreGone) {
  Report Run;
  Run.Units = Run.Analysed = 1;
  Run.Results = {guard()};
  Run.Results[0].Fixes = {{"/src/f.cpp", 0, 1, "x"}};
  SourceCache Sources;
  std::string Page = htmlReport(Run, "/src", Sources);
  EXPECT_NE(Page.find("The finding: line 1, which is not there any more."),
            std::string::npos);
  EXPECT_NE(Page.find("Step 3: line 3, which is not there any more."),
            std::string::npos);
  EXPECT_EQ(Page.find("class=diff"), std::string::npos);
}
