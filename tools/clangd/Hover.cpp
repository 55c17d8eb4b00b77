//===--- Hover.cpp - what an annotation means -----------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of an attribute clangd shows the name and how clang prints it, of a macro its
// definition and what it expands to. Either has the annotation in it, whoever's
// the macro is; so there is no need to look into the editor's text.
//
//===----------------------------------------------------------------------===//

#include "Hover.h"
#include "findings/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <string>

using namespace llvm;

namespace threadhop {
namespace {

/// A row of docs/annotations.md with its section.
struct AnnotationHelp {
  StringRef Name;    ///< Behind "threadhop::".
  StringRef On;      ///< What it may stand on.
  StringRef Section; ///< The anchor.
  StringRef Text;    ///< Markdown.
};

const AnnotationHelp Annotations[] = {
#include "Annotations.inc"
};

/// For editors that do not show Markdown.
std::string plain(StringRef Markdown) {
  std::string Result;
  for (StringRef Line : split(Markdown, '\n')) {
    if (Line.starts_with("```"))
      continue;
    Line.consume_front("### ");
    for (char C : Line)
      if (C != '`')
        Result += C;
    Result += '\n';
  }
  return StringRef(Result).rtrim().str();
}

std::string help(const AnnotationHelp &A) {
  return ("### annotation `threadhop::" + A.Name + "`\n\nOn: " + A.On + "\n\n" +
          A.Text + "\n\n<" + pageUrl(("annotations.md#" + A.Section).str()) +
          ">")
      .str();
}

} // namespace

void explainAnnotation(json::Object &Answer) {
  json::Object *Contents = Answer.getObject("contents");
  if (!Contents)
    return;
  StringRef Theirs = Contents->getString("value").value_or("");
  StringRef Heading = Theirs.split('\n').first;
  bool OfMacro = Heading.contains("macro");
  if (!OfMacro && !Heading.contains("annotate"))
    return;

  // A macro may have several.
  SmallVector<const AnnotationHelp *, 2> Found;
  for (StringRef Rest = Theirs;;) {
    Rest = Rest.split("(\"threadhop::").second;
    if (Rest.empty())
      break;
    StringRef Name = Rest.take_until([](char C) { return C == '"'; });
    const auto *Help = find_if(
        Annotations, [&](const AnnotationHelp &A) { return A.Name == Name; });
    if (Help != std::end(Annotations) && !is_contained(Found, Help))
      Found.push_back(Help);
  }
  if (Found.empty())
    return;

  bool Markdown = Contents->getString("kind") == StringRef("markdown");
  std::string Text;
  for (const AnnotationHelp *Help : Found) {
    Text += Text.empty() ? "" : Markdown ? "\n\n---\n\n" : "\n\n";
    Text += Markdown ? help(*Help) : plain(help(*Help));
  }
  // Of an attribute clangd says that there is no documentation.
  if (OfMacro)
    Text += ((Markdown ? "\n\n---\n\n" : "\n\n") + Theirs).str();
  (*Contents)["value"] = std::move(Text);
}

} // namespace threadhop
