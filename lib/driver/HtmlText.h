//===--- HtmlText.h - text for HTML pages -----------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever a source or a file name holds, what comes out of here is text: it
// ends no element and no attribute, it is UTF-8, and nothing in it is
// invisible or turns the order of what is around it.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_HTMLTEXT_H
#define THREADHOP_DRIVER_HTMLTEXT_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace threadhop::driver {

/// The text as UTF-8 that shows all there is: bytes that are no UTF-8 become
/// U+FFFD, control characters their pictures (a tab stays), and what would
/// reorder the text or hide in it its number, as in "[U+202E]".
std::string visibleText(llvm::StringRef Text);

/// visibleText() for an element's content or an attribute's value in
/// double quotes.
std::string htmlEscaped(llvm::StringRef Text);

/// The text as a sentence: it begins with a capital, if with a letter, and ends
/// with a period.
std::string sentence(llvm::StringRef Text);

/// At most \p Most characters; what is longer ends with an ellipsis.
std::string shortened(llvm::StringRef Text, unsigned Most);

/// Breaks a text into at most \p MostLines lines of at most \p Width
/// characters, at spaces or behind "::", "/", "_" and "-" where there is one.
/// What does not fit is cut, with an ellipsis. The lines are not escaped.
std::vector<std::string> wrapped(llvm::StringRef Text, unsigned Width,
                                 unsigned MostLines);

/// The characters of a text that is UTF-8.
unsigned countCharacters(llvm::StringRef Text);

/// As many of a qualified name's last parts as fit into \p Most characters;
/// "n::f(int)::(lambda)::operator()" is "lambda in f".
std::string shortFunctionName(llvm::StringRef Name, unsigned Most);

} // namespace threadhop::driver

#endif
