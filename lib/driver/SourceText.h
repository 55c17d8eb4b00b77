//===--- SourceText.h - lines and columns of source files -------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_SOURCETEXT_H
#define THREADHOP_DRIVER_SOURCETEXT_H

#include "clang/Basic/LangOptions.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace threadhop::driver {

/// How the tokens of any source are told apart.
clang::LangOptions lexingOptions();

/// The text of one file with its line starts. Lines end as clang's lines do:
/// at "\n", "\r\n" and a lone "\r".
class SourceText {
public:
  explicit SourceText(std::unique_ptr<llvm::MemoryBuffer> Buffer);

  llvm::StringRef text() const { return Buffer->getBuffer(); }
  unsigned lines() const { return Starts.size(); }

  /// Line and byte column of an offset, both from 1. An offset behind the end
  /// is the end.
  std::pair<unsigned, unsigned> position(unsigned Offset) const;

  /// The text of a line without its end; empty for a line that is not there.
  llvm::StringRef line(unsigned Number) const;

  /// The column of an offset in its line, counted from 1 in UTF-16 units. A
  /// byte order mark does not count; a byte that is no UTF-8 counts as one.
  unsigned utf16Column(unsigned Offset) const;

  /// The offset behind the token that starts at \p Offset (\p Offset itself if
  /// there is none).
  unsigned tokenEnd(unsigned Offset) const;

private:
  std::unique_ptr<llvm::MemoryBuffer> Buffer;
  std::vector<unsigned> Starts;
};

/// Calls \p Do with each character of a text that should be UTF-8, and its
/// bytes. A byte that is none comes by itself, as U+FFFD.
void forEachCharacter(llvm::StringRef Text,
                      llvm::function_ref<void(char32_t, llvm::StringRef)> Do);

/// Counts UTF-16 units of a text that should be UTF-8.
unsigned utf16Length(llvm::StringRef Text);

/// Source files, each read once.
class SourceCache {
public:
  /// The file's text, or null when it cannot be read.
  const SourceText *get(llvm::StringRef File);

private:
  llvm::StringMap<std::unique_ptr<SourceText>> Files;
};

/// The name of a file below \p Root without it, else the whole name.
llvm::StringRef relativeTo(llvm::StringRef Root, llvm::StringRef File);

/// An absolute path without "." and "..". ".." behind a symbolic link is kept
/// where removing it would name another file.
std::string normalisedPath(llvm::StringRef Path,
                           llvm::StringRef Directory = "");

} // namespace threadhop::driver

#endif
