//===--- EnclosingName.cpp - in which function a place is -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/EnclosingName.h"
#include "driver/SourceText.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace threadhop::driver {
namespace {

struct Word {
  tok::TokenKind Kind;
  llvm::StringRef Text;
  unsigned Offset;
};

/// What stands between the last statement and a brace.
using Head = std::vector<Word>;

/// An open brace, and what to go on with behind it.
struct Scope {
  std::string Name;
  Head Before;
  unsigned Parens = 0;
};

bool isWord(const Word &W) { return W.Kind == tok::raw_identifier; }

bool isOneOf(llvm::StringRef Text, std::initializer_list<const char *> Words) {
  return llvm::is_contained(Words, Text);
}

// The index behind the bracket that closes the one at \p I.
size_t behindGroup(const Head &H, size_t I, tok::TokenKind Open,
                   tok::TokenKind Close) {
  unsigned Depth = 0;
  for (; I < H.size(); ++I) {
    // Angles: ">>" closes two.
    if (H[I].Kind == Open)
      ++Depth;
    else if (H[I].Kind == Close && --Depth == 0)
      return I + 1;
    else if (Close == tok::greater && H[I].Kind == tok::greatergreater &&
             (Depth -= std::min(Depth, 2U)) == 0)
      return I + 1;
  }
  return H.size();
}

// "a::b::~c" that ends before \p End.
std::string qualifiedBefore(const Head &H, size_t End) {
  size_t Begin = End - 1;
  if (Begin && H[Begin - 1].Kind == tok::tilde)
    --Begin;
  while (Begin >= 2 && H[Begin - 1].Kind == tok::coloncolon &&
         isWord(H[Begin - 2]))
    Begin -= 2;
  std::string Name;
  for (size_t I = Begin; I < End; ++I)
    Name += H[I].Text;
  return Name;
}

// The last name before a colon, a brace or "final".
std::string className(const Head &H, size_t I) {
  std::string Name;
  for (; I < H.size() && H[I].Kind != tok::colon; ++I) {
    if (H[I].Kind == tok::l_square)
      I = behindGroup(H, I, tok::l_square, tok::r_square) - 1;
    else if (H[I].Kind == tok::l_paren)
      I = behindGroup(H, I, tok::l_paren, tok::r_paren) - 1;
    else if (H[I].Kind == tok::less)
      I = behindGroup(H, I, tok::less, tok::greater) - 1;
    else if (isWord(H[I]) && H[I].Text != "final")
      Name = qualifiedBefore(H, I + 1);
  }
  return Name;
}

/// The name that a head gives to what its brace opens. \p Parameters is where
/// a function's begin, or the head's end.
std::string nameOf(const Head &H, size_t &Parameters) {
  Parameters = H.size();
  for (size_t I = 0; I < H.size(); ++I) {
    llvm::StringRef Text = H[I].Text;
    if (isWord(H[I])) {
      if (Text == "template" && I + 1 < H.size() &&
          H[I + 1].Kind == tok::less) {
        I = behindGroup(H, I + 1, tok::less, tok::greater) - 1;
        continue;
      }
      if (Text == "namespace" || isOneOf(Text, {"class", "struct", "union"})) {
        std::string Name = className(H, I + 1);
        // A function may return one: "struct s *f() {".
        bool IsFunction =
            llvm::any_of(llvm::ArrayRef(H).drop_front(I),
                         [](const Word &W) { return W.Kind == tok::l_paren; });
        if (Text == "namespace" || !IsFunction)
          return Name;
        continue;
      }
      if (isOneOf(Text, {"return", "co_return", "co_await", "co_yield", "if",
                         "for", "while", "switch", "catch", "else", "do",
                         "enum", "try", "case", "new", "throw"}))
        return "";
      if (Text == "operator") {
        size_t End = I + 1;
        // "operator()" has parentheses of its own.
        if (End + 1 < H.size() && H[End].Kind == tok::l_paren &&
            H[End + 1].Kind == tok::r_paren)
          End += 2;
        while (End < H.size() && H[End].Kind != tok::l_paren)
          ++End;
        std::string Name = I ? qualifiedBefore(H, I + 1) : "operator";
        for (size_t J = I + 1; J < End; ++J)
          Name += H[J].Text;
        Parameters = End;
        return Name;
      }
      continue;
    }
    if (H[I].Kind == tok::l_square) {
      // An attribute; else it is a lambda or an array.
      if (I + 1 < H.size() && H[I + 1].Kind == tok::l_square) {
        I = behindGroup(H, I, tok::l_square, tok::r_square) - 1;
        continue;
      }
      return "";
    }
    if (H[I].Kind == tok::equal)
      return "";
    if (H[I].Kind == tok::less) {
      I = behindGroup(H, I, tok::less, tok::greater) - 1;
      continue;
    }
    if (H[I].Kind != tok::l_paren)
      continue;
    if (I && isWord(H[I - 1])) {
      if (isOneOf(H[I - 1].Text,
                  {"alignas", "decltype", "__attribute__", "explicit",
                   "noexcept", "__declspec", "requires"})) {
        I = behindGroup(H, I, tok::l_paren, tok::r_paren) - 1;
        continue;
      }
      Parameters = I;
      return qualifiedBefore(H, I);
    }
    return "";
  }
  return "";
}

/// Whether a brace behind the head initialises a member of a constructor.
bool isMemberInitializer(const Head &H, size_t Parameters) {
  if (H.empty() || Parameters >= H.size() ||
      !(isWord(H.back()) || H.back().Kind == tok::greater))
    return false;
  size_t Behind = behindGroup(H, Parameters, tok::l_paren, tok::r_paren);
  return llvm::any_of(llvm::ArrayRef(H).drop_front(std::min(Behind, H.size())),
                      [](const Word &W) { return W.Kind == tok::colon; });
}

} // namespace

EnclosingNames::EnclosingNames(llvm::StringRef Text) {
  LangOptions Lang = lexingOptions();
  // The lexer wants a zero behind the text.
  std::string Copy = Text.str();
  Lexer Lex(SourceLocation(), Lang, Copy.c_str(), Copy.c_str(),
            Copy.c_str() + Copy.size());
  std::vector<Scope> Open;
  Head Now;
  unsigned Parens = 0;
  auto Current = [&] { return Open.empty() ? "" : Open.back().Name; };
  auto From = [&](unsigned Offset, std::string Name) {
    if (Names.back().second != Name)
      Names.emplace_back(std::max(Offset, Names.back().first), std::move(Name));
  };

  Token Tok;
  bool InDirective = false;
  while (!Lex.LexFromRawLexer(Tok) || !Tok.is(tok::eof)) {
    unsigned End = Lex.getBufferLocation() - Copy.c_str();
    Word W{Tok.getKind(), "", End - Tok.getLength()};
    W.Text = llvm::StringRef(Copy).substr(W.Offset, Tok.getLength());
    if (Tok.isAtStartOfLine())
      InDirective = Tok.is(tok::hash);
    if (InDirective)
      continue;
    switch (W.Kind) {
    case tok::l_brace: {
      size_t Parameters;
      std::string Name = Parens ? "" : nameOf(Now, Parameters);
      unsigned Start = Now.empty() ? W.Offset : Now.front().Offset;
      if (Parens || (!Name.empty() && isMemberInitializer(Now, Parameters))) {
        Open.push_back({Current(), std::move(Now), Parens});
      } else {
        std::string Whole = Current();
        if (!Name.empty())
          Whole += (Whole.empty() ? "" : "::") + Name;
        From(Start, Whole);
        Open.push_back({std::move(Whole), {}, 0});
      }
      Now.clear();
      Parens = 0;
      continue;
    }
    case tok::r_brace:
      Now.clear();
      Parens = 0;
      if (!Open.empty()) {
        Now = std::move(Open.back().Before);
        Parens = Open.back().Parens;
        Open.pop_back();
        From(End, Current());
        // What was in the braces is over, and no name is in front any more.
        if (!Now.empty())
          Now.push_back(W);
      }
      continue;
    case tok::semi:
      if (!Parens)
        Now.clear();
      continue;
    case tok::l_paren:
      ++Parens;
      break;
    case tok::r_paren:
      Parens -= Parens != 0;
      break;
    default:
      break;
    }
    Now.push_back(W);
  }
}

const std::string &EnclosingNames::at(unsigned Offset) const {
  auto Next =
      llvm::upper_bound(Names, Offset, [](unsigned Value, const auto &Entry) {
        return Value < Entry.first;
      });
  return std::prev(Next)->second;
}

} // namespace threadhop::driver
