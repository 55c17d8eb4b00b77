//===--- HtmlProse.cpp - a check's page as HTML ---------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/HtmlProse.h"
#include "driver/HtmlText.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace threadhop::driver {

static std::string inlineHtml(StringRef Text) {
  std::string Out;
  bool Strong = false, Emphasis = false;
  while (!Text.empty()) {
    size_t Mark = Text.find_first_of("`*[");
    Out += htmlEscaped(Text.take_front(Mark));
    if (Mark == StringRef::npos)
      break;
    Text = Text.drop_front(Mark);
    if (Text.starts_with("`") && Text.find('`', 1) != StringRef::npos) {
      size_t End = Text.find('`', 1);
      Out += "<code>" + htmlEscaped(Text.slice(1, End)) + "</code>";
      Text = Text.drop_front(End + 1);
    } else if (Text.consume_front("**")) {
      Out += Strong ? "</strong>" : "<strong>";
      Strong = !Strong;
    } else if (Text.starts_with("*") && Text.size() > 1 &&
               (Emphasis || isAlnum(Text[1]))) {
      Out += Emphasis ? "</em>" : "<em>";
      Emphasis = !Emphasis;
      Text = Text.drop_front(1);
    } else if (size_t Middle = Text.find("](");
               Text.starts_with("[") && Middle != StringRef::npos &&
               Text.find(')', Middle) != StringRef::npos) {
      Out += inlineHtml(Text.slice(1, Middle));
      Text = Text.drop_front(Text.find(')', Middle) + 1);
    } else {
      Out += htmlEscaped(Text.take_front(1));
      Text = Text.drop_front(1);
    }
  }
  if (Emphasis)
    Out += "</em>";
  return Strong ? Out + "</strong>" : Out;
}

namespace {

/// Takes the lines of a section.
class Prose {
public:
  void line(StringRef Line);
  std::string finish();

private:
  void endBlock();
  void endList();
  void row(StringRef Line);

  std::string Out;
  std::string Block; ///< The paragraph or the item so far.
  bool InItem = false;
  bool InList = false;
  bool InCode = false;
  bool InTable = false;
};

} // namespace

void Prose::endBlock() {
  if (!Block.empty())
    Out += (InItem ? "<li>" : "<p>") + inlineHtml(Block) +
           (InItem ? "</li>" : "</p>");
  Block.clear();
  InItem = false;
}

void Prose::endList() {
  endBlock();
  if (InList)
    Out += "</ul>";
  InList = false;
}

void Prose::row(StringRef Line) {
  // Under the headings.
  if (Line.trim("|-: ").empty())
    return;
  const char *Cell = InTable ? "td" : "th";
  if (!InTable)
    Out += "<table>";
  InTable = true;
  Out += "<tr>";
  for (StringRef Text : split(Line.trim().trim('|'), '|')) {
    Out += "<";
    Out += Cell;
    Out += ">" + inlineHtml(Text.trim()) + "</";
    Out += Cell;
    Out += ">";
  }
  Out += "</tr>";
}

void Prose::line(StringRef Line) {
  if (!InCode && Line.starts_with("|")) {
    endList();
    return row(Line);
  }
  if (InTable)
    Out += "</table>";
  InTable = false;
  if (Line.starts_with("```")) {
    endList();
    InCode = !InCode;
    Out += InCode ? "<pre>" : "</pre>";
  } else if (InCode) {
    Out += htmlEscaped(Line) + "\n";
  } else if (Line.trim().empty() || Line.starts_with("#") ||
             Line.starts_with("<")) {
    endBlock();
  } else if (Line.starts_with("* ") || Line.starts_with("- ")) {
    endBlock();
    if (!InList)
      Out += "<ul>";
    InList = InItem = true;
    Block = Line.drop_front(2).str();
  } else {
    if (Block.empty() && !InItem && !Line.starts_with(" "))
      endList();
    Block += (Block.empty() ? "" : " ") + Line.trim().str();
  }
}

std::string Prose::finish() {
  endList();
  if (InCode)
    Out += "</pre>";
  if (InTable)
    Out += "</table>";
  return std::move(Out);
}

std::string proseOf(StringRef Page, StringRef Heading) {
  Prose Text;
  bool Inside = false, InCode = false;
  while (!Page.empty()) {
    StringRef Line;
    std::tie(Line, Page) = Page.split('\n');
    InCode ^= Line.starts_with("```");
    StringRef Title = Line;
    if (!InCode && Title.consume_front("## "))
      Inside = Title.trim() == Heading;
    else if (Inside)
      Text.line(Line);
  }
  return Text.finish();
}

} // namespace threadhop::driver
