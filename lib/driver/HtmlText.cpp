//===--- HtmlText.cpp - text for HTML pages -------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/HtmlText.h"
#include "driver/SourceText.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace threadhop::driver {

static constexpr StringLiteral Ellipsis = "\xE2\x80\xA6";
static constexpr StringLiteral Replacement = "\xEF\xBF\xBD";

// Marks that turn the direction of the text around them, and characters
// without a width.
static bool hides(char32_t Code) {
  return (Code >= 0x80 && Code < 0xA0) || Code == 0x61C || Code == 0x180E ||
         Code == 0x200B || Code == 0x200E || Code == 0x200F ||
         (Code >= 0x2028 && Code <= 0x202E) ||
         (Code >= 0x2060 && Code <= 0x206F) || Code == 0xFEFF ||
         (Code >= 0xFFF9 && Code <= 0xFFFB) ||
         (Code >= 0xE0000 && Code <= 0xE007F);
}

// Appends a character as it is shown; \p Code is what \p Bytes mean.
static void appendVisible(std::string &To, StringRef Bytes, char32_t Code) {
  if (Code == '\t' || (Code >= 0x20 && Code < 0x7F))
    To += static_cast<char>(Code);
  else if (Code < 0x20 || Code == 0x7F) {
    // The pictures are U+2400 and up, DELETE's is behind them.
    unsigned Picture = Code == 0x7F ? 0x21 : Code;
    To += "\xE2\x90";
    To += static_cast<char>(0x80 + Picture);
  } else if (hides(Code))
    To += "[U+" + utohexstr(Code, /*LowerCase=*/false, /*Width=*/4) + "]";
  else
    To += Bytes;
}

std::string visibleText(StringRef Text) {
  std::string Out;
  Out.reserve(Text.size());
  forEachCharacter(Text, [&](char32_t Code, StringRef Bytes) {
    if (Code == U'\uFFFD')
      Out += Replacement;
    else
      appendVisible(Out, Bytes, Code);
  });
  return Out;
}

std::string htmlEscaped(StringRef Text) {
  std::string Out;
  for (char C : visibleText(Text)) {
    switch (C) {
    case '&':
      Out += "&amp;";
      break;
    case '<':
      Out += "&lt;";
      break;
    case '>':
      Out += "&gt;";
      break;
    case '"':
      Out += "&quot;";
      break;
    default:
      Out += C;
    }
  }
  return Out;
}

std::string sentence(StringRef Text) {
  std::string Out = Text.trim().str();
  if (Out.empty())
    return Out;
  Out[0] = toUpper(Out[0]);
  if (!StringRef(".!?:").contains(Out.back()))
    Out += '.';
  return Out;
}

static bool continues(char C) {
  return (static_cast<unsigned char>(C) & 0xC0) == 0x80;
}

unsigned countCharacters(StringRef Text) {
  return Text.size() - count_if(Text, continues);
}

// The bytes of the first so many characters.
static size_t bytesOf(StringRef Text, unsigned Characters) {
  size_t At = 0;
  for (; At < Text.size(); ++At)
    if (!continues(Text[At]) && Characters-- == 0)
      break;
  return At;
}

std::string shortened(StringRef Text, unsigned Most) {
  if (countCharacters(Text) <= Most)
    return Text.str();
  return Text.take_front(bytesOf(Text, Most - 1)).rtrim().str() +
         Ellipsis.str();
}

std::vector<std::string> wrapped(StringRef Text, unsigned Width,
                                 unsigned MostLines) {
  std::vector<std::string> Lines;
  Text = Text.trim();
  while (!Text.empty()) {
    if (countCharacters(Text) <= Width) {
      Lines.push_back(Text.str());
      break;
    }
    if (Lines.size() + 1 == MostLines) {
      Lines.push_back(shortened(Text, Width));
      break;
    }
    size_t Fits = bytesOf(Text, Width);
    // A space may follow what fits.
    size_t Break = Text.take_front(Fits + 1).rfind(' ');
    if (Break == StringRef::npos || Break < Fits / 3) {
      // Names break between their parts, if these are not too short.
      size_t Colons = Text.take_front(Fits).rfind("::");
      size_t Mark = Text.take_front(Fits).find_last_of("/_-,(");
      if (Colons != StringRef::npos && Colons >= Fits / 3)
        Break = Colons + 2;
      else
        Break = Mark == StringRef::npos || Mark < Fits / 3 ? Fits : Mark + 1;
    }
    Lines.push_back(Text.take_front(Break).rtrim().str());
    Text = Text.drop_front(Break).ltrim();
  }
  return Lines;
}

// The parts between "::", those inside brackets left alone.
static std::vector<StringRef> partsOf(StringRef Name) {
  std::vector<StringRef> Parts;
  int Depth = 0;
  size_t Begin = 0;
  for (size_t I = 0; I < Name.size(); ++I) {
    // The brackets of an operator's name are none.
    if (Depth == 0 && Name.substr(Begin).starts_with("operator"))
      break;
    if (StringRef("(<[{").contains(Name[I]))
      ++Depth;
    else if (StringRef(")>]}").contains(Name[I]))
      --Depth;
    else if (Depth == 0 && Name.substr(I).starts_with("::")) {
      Parts.push_back(Name.slice(Begin, I));
      Begin = I + 2;
      ++I;
    }
  }
  Parts.push_back(Name.substr(Begin));
  return Parts;
}

std::string shortFunctionName(StringRef Name, unsigned Most) {
  std::vector<StringRef> Parts = partsOf(Name);
  std::string Prefix;
  while (Parts.size() > 2 && Parts.back() == "operator()" &&
         Parts[Parts.size() - 2] == "(lambda)") {
    Parts.resize(Parts.size() - 2);
    Prefix = "lambda in ";
  }
  // A function around a lambda is written with its parameters.
  if (!Prefix.empty() && !Parts.back().starts_with("operator"))
    Parts.back() = Parts.back().take_until([](char C) { return C == '('; });
  std::string Out = Prefix + Parts.back().str();
  std::string Tail = Parts.back().str();
  for (size_t I = Parts.size() - 1; I-- > 0;) {
    // What has no name does not help.
    if (Parts[I].empty() || Parts[I].starts_with("("))
      continue;
    Tail = Parts[I].str() + "::" + Tail;
    if (Prefix.size() + countCharacters(Tail) > Most)
      break;
    Out = Prefix + Tail;
  }
  return shortened(Out, Most);
}

} // namespace threadhop::driver
