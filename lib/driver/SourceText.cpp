//===--- SourceText.cpp - lines and columns of source files ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/SourceText.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace threadhop::driver {

static constexpr llvm::StringLiteral ByteOrderMark = "\xEF\xBB\xBF";

clang::LangOptions lexingOptions() {
  clang::LangOptions Lang;
  Lang.CPlusPlus = Lang.CPlusPlus11 = Lang.CPlusPlus14 = Lang.CPlusPlus17 =
      Lang.CPlusPlus20 = Lang.LineComment = true;
  return Lang;
}

SourceText::SourceText(std::unique_ptr<llvm::MemoryBuffer> From)
    : Buffer(std::move(From)), Starts{0} {
  llvm::StringRef Text = text();
  for (size_t I = 0; I < Text.size(); ++I) {
    if (Text[I] == '\r' && I + 1 < Text.size() && Text[I + 1] == '\n')
      continue;
    if (Text[I] == '\n' || Text[I] == '\r')
      Starts.push_back(I + 1);
  }
}

std::pair<unsigned, unsigned> SourceText::position(unsigned Offset) const {
  Offset = std::min<unsigned>(Offset, text().size());
  auto Next = llvm::upper_bound(Starts, Offset);
  return {Next - Starts.begin(), Offset - *std::prev(Next) + 1};
}

llvm::StringRef SourceText::line(unsigned Number) const {
  if (Number == 0 || Number > Starts.size())
    return "";
  unsigned End = Number < Starts.size() ? Starts[Number] : text().size();
  return text().slice(Starts[Number - 1], End).rtrim("\r\n");
}

void forEachCharacter(llvm::StringRef Text,
                      llvm::function_ref<void(char32_t, llvm::StringRef)> Do) {
  const auto *At = reinterpret_cast<const llvm::UTF8 *>(Text.bytes_begin());
  const auto *End = reinterpret_cast<const llvm::UTF8 *>(Text.bytes_end());
  while (At != End) {
    const llvm::UTF8 *Begin = At;
    llvm::UTF32 Code = 0;
    if (*At < 0x80) {
      Code = *At++;
    } else if (llvm::convertUTF8Sequence(&At, End, &Code,
                                         llvm::strictConversion) !=
               llvm::conversionOK) {
      Code = U'\uFFFD';
      At = Begin + 1;
    }
    Do(Code, {reinterpret_cast<const char *>(Begin), size_t(At - Begin)});
  }
}

unsigned utf16Length(llvm::StringRef Text) {
  unsigned Units = 0;
  forEachCharacter(Text, [&](char32_t Code, llvm::StringRef) {
    // What is outside the basic plane is a surrogate pair.
    Units += Code > 0xFFFF ? 2 : 1;
  });
  return Units;
}

unsigned SourceText::utf16Column(unsigned Offset) const {
  auto [Line, Column] = position(Offset);
  llvm::StringRef Before = text().substr(Starts[Line - 1], Column - 1);
  if (Line == 1)
    Before.consume_front(ByteOrderMark);
  return utf16Length(Before) + 1;
}

unsigned SourceText::tokenEnd(unsigned Offset) const {
  llvm::StringRef Text = text();
  if (Offset >= Text.size())
    return Text.size();
  clang::LangOptions Lang = lexingOptions();
  clang::Lexer Lex(clang::SourceLocation(), Lang, Text.begin(),
                   Text.begin() + Offset, Text.end());
  Lex.SetCommentRetentionState(true);
  clang::Token Tok;
  Lex.LexFromRawLexer(Tok);
  // White space was skipped: no token starts here.
  if (Lex.getBufferLocation() != Text.begin() + Offset + Tok.getLength())
    return Offset;
  return Offset + Tok.getLength();
}

const SourceText *SourceCache::get(llvm::StringRef File) {
  auto [It, New] = Files.try_emplace(File);
  if (New && !File.empty()) {
    if (auto Buffer = llvm::MemoryBuffer::getFile(File))
      It->second = std::make_unique<SourceText>(std::move(*Buffer));
  }
  return It->second.get();
}

llvm::StringRef relativeTo(llvm::StringRef Root, llvm::StringRef File) {
  llvm::StringRef Rest = File;
  if (!Root.empty() && Rest.consume_front(Root.rtrim('/')) &&
      Rest.consume_front("/"))
    return Rest;
  return File;
}

std::string normalisedPath(llvm::StringRef Path, llvm::StringRef Directory) {
  if (Path.empty())
    return "";
  llvm::SmallString<256> Absolute(Path);
  if (!llvm::sys::path::is_absolute(Absolute)) {
    if (!Directory.empty()) {
      Absolute = Directory;
      llvm::sys::path::append(Absolute, Path);
    }
    llvm::sys::fs::make_absolute(Absolute);
  }
  llvm::SmallString<256> Short(Absolute);
  llvm::sys::path::remove_dots(Short, /*remove_dot_dot=*/true);
  if (Absolute.str().contains("..") &&
      !llvm::sys::fs::equivalent(Short, Absolute)) {
    // What is not there cannot be compared and is taken by its name.
    if (llvm::sys::fs::exists(Absolute)) {
      llvm::sys::path::remove_dots(Absolute, /*remove_dot_dot=*/false);
      return std::string(Absolute);
    }
  }
  return std::string(Short);
}

} // namespace threadhop::driver
