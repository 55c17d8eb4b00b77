//===--- NoLint.cpp - NOLINT comments -------------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/NoLint.h"
#include "driver/SourceText.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace threadhop::driver {

bool matchesCheck(StringRef Pattern, StringRef Check) {
  // The text between stars, each part found behind the one before it.
  SmallVector<StringRef> Parts;
  Pattern.split(Parts, '*');
  if (!Check.consume_front(Parts.front()))
    return false;
  if (Parts.size() == 1)
    return Check.empty();
  for (StringRef Part : ArrayRef(Parts).drop_front().drop_back()) {
    size_t At = Check.find(Part);
    if (At == StringRef::npos)
      return false;
    Check = Check.substr(At + Part.size());
  }
  return Check.ends_with(Parts.back());
}

std::vector<std::string> NoLintDirective::patterns() const {
  if (!Checks)
    return {"*"};
  std::vector<std::string> Result;
  for (StringRef Pattern : split(*Checks, ',')) {
    Pattern = Pattern.trim();
    // clang-tidy passes over what is turned off here.
    if (!Pattern.empty() && !Pattern.starts_with("-"))
      Result.push_back(Pattern.str());
  }
  return Result;
}

bool NoLintDirective::names(StringRef Check) const {
  return any_of(patterns(), [&](StringRef Pattern) {
    return matchesCheck(Pattern, Check);
  });
}

// What stands behind a directive up to the end of its comment or line, without
// the marks that lead to it.
static std::string reasonIn(StringRef Rest) {
  Rest = Rest.take_until([](char C) { return C == '\n' || C == '\r'; });
  Rest = Rest.take_front(Rest.find("*/"));
  Rest = Rest.take_front(Rest.find("NOLINT"));
  // Dashes of any length; the longer ones are three bytes of UTF-8.
  while (true) {
    StringRef Before = Rest;
    Rest = Rest.ltrim(" \t:;,.-/*");
    Rest.consume_front("\xe2\x80\x93");
    Rest.consume_front("\xe2\x80\x94");
    if (Rest == Before)
      return Rest.rtrim().str();
  }
}

NoLintDirectives::NoLintDirectives(StringRef Text) : Text(Text) {
  static constexpr StringLiteral Names[] = {"NOLINT", "NOLINTNEXTLINE",
                                            "NOLINTBEGIN", "NOLINTEND"};
  // The rules of clang-tidy's NoLintDirectiveHandler.
  unsigned Line = 1;
  size_t Counted = 0;
  std::vector<size_t> Open;
  for (size_t At = Text.find("NOLINT"), End; At != StringRef::npos;
       At = Text.find("NOLINT", End)) {
    End = At + StringRef("NOLINT").size();
    while (End < Text.size() && isAlpha(Text[End]))
      ++End;
    StringRef Name = Text.slice(At, End);
    if (!is_contained(Names, Name))
      continue;
    NoLintDirective New;
    New.Name = Name.str();
    New.Offset = At;
    if (Text.substr(End).starts_with("(")) {
      size_t Close = Text.find_first_of("\n)", End);
      if (Close != StringRef::npos && Text[Close] == ')') {
        New.Checks = Text.slice(End + 1, Close).str();
        End = Close + 1;
      }
    }
    New.End = End;
    Line += Text.slice(Counted, At).count('\n');
    Counted = At;
    New.Line = Line;
    New.Reason = reasonIn(Text.substr(End));
    if (Name == "NOLINTBEGIN") {
      Open.push_back(Directives.size());
    } else if (Name == "NOLINTEND" && !Open.empty()) {
      // Blocks nest; clang-tidy reports an end with another list.
      if (Directives[Open.back()].Checks == New.Checks)
        Directives[Open.back()].BlockEnd = At;
      Open.pop_back();
    }
    Directives.push_back(std::move(New));
  }
}

std::vector<size_t> NoLintDirectives::hiding(unsigned Offset,
                                             StringRef Check) const {
  unsigned Line = 1 + Text.take_front(Offset).count('\n');
  std::vector<size_t> Same, Next, Blocks;
  for (size_t I = 0; I != Directives.size(); ++I) {
    const NoLintDirective &D = Directives[I];
    if (D.Name == "NOLINT" && D.Line == Line && D.names(Check))
      Same.push_back(I);
    else if (D.Name == "NOLINTNEXTLINE" && D.Line + 1 == Line && D.names(Check))
      Next.push_back(I);
    else if (D.BlockEnd && D.Offset < Offset && Offset < *D.BlockEnd &&
             D.names(Check))
      Blocks.insert(Blocks.begin(), I);
  }
  append_range(Same, Next);
  append_range(Same, Blocks);
  return Same;
}

void NoLintDirectives::lookAround() {
  if (Directives.empty())
    return;
  clang::LangOptions Language = lexingOptions();
  // A lexer wants a zero behind its text.
  std::string Copy = Text.str();
  clang::Lexer Lex(clang::SourceLocation(), Language, Copy.data(), Copy.data(),
                   Copy.data() + Copy.size());
  Lex.SetCommentRetentionState(true);

  /// Conditional blocks, with the first line of each.
  struct Block {
    unsigned Start;
    unsigned End;
    bool First; ///< Nothing but comments before it.
    bool Guard; ///< It starts as #ifndef.
  };
  std::vector<Block> Blocks;
  std::vector<size_t> Open;
  bool AnyCode = false, InPragma = false;
  unsigned LastCode = 0; ///< Where the last token that is no comment starts.
  auto Next = Directives.begin();
  clang::Token Token;
  auto OffsetOf = [&](const clang::Token &T) {
    return Lex.getBufferLocation() - Copy.data() - T.getLength();
  };
  while (true) {
    bool AtEnd = Lex.LexFromRawLexer(Token);
    if (Token.is(clang::tok::eof))
      break;
    unsigned Start = OffsetOf(Token), End = Start + Token.getLength();
    if (Token.is(clang::tok::comment)) {
      for (; Next != Directives.end() && Next->Offset < Start;)
        ++Next;
      for (; Next != Directives.end() && Next->Offset < End; ++Next)
        Next->InComment = true;
    } else if (Token.is(clang::tok::hash) && Token.isAtStartOfLine() &&
               !AtEnd) {
      AtEnd = Lex.LexFromRawLexer(Token);
      StringRef Word =
          Token.is(clang::tok::raw_identifier) ? Token.getRawIdentifier() : "";
      if (Word == "if" || Word == "ifdef" || Word == "ifndef") {
        Open.push_back(Blocks.size());
        Blocks.push_back(
            {Start, unsigned(Copy.size()), !AnyCode, Word == "ifndef"});
      } else if (Word == "endif" && !Open.empty()) {
        Blocks[Open.back()].End = Start;
        Open.pop_back();
      } else if (Word.starts_with("el") && !Open.empty()) {
        // A guard has one branch.
        Blocks[Open.back()].Guard = false;
      }
      // "#pragma once" may stand before a guard.
      InPragma = Word == "pragma";
      AnyCode |= !InPragma;
      LastCode = Start;
    } else if (!InPragma || Token.isAtStartOfLine()) {
      InPragma = false;
      AnyCode = true;
      LastCode = Start;
    }
    if (AtEnd)
      break;
  }
  for (NoLintDirective &D : Directives)
    D.Conditional = any_of(Blocks, [&](const Block &B) {
      bool WholeFile = B.First && B.Guard && B.End >= LastCode;
      return !WholeFile && B.Start < D.Offset && D.Offset < B.End;
    });
}

} // namespace threadhop::driver
