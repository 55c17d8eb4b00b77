//===--- HtmlSource.h - source text in HTML pages ---------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_HTMLSOURCE_H
#define THREADHOP_DRIVER_HTMLSOURCE_H

#include "driver/Results.h"
#include "driver/SourceText.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace threadhop::driver {

/// A part of a line that is shown as something.
struct LineMark {
  unsigned Begin = 0; ///< Bytes from the line's start.
  unsigned End = 0;
  /// What it is: 1 belongs to something, 2 a step, 3 the finding. Where marks
  /// overlap the highest is seen.
  unsigned Level = 1;
};

/// One line of source with its marks. A line that is very long is cut around
/// the first mark of the highest level.
std::string lineHtml(llvm::StringRef Line, llvm::ArrayRef<LineMark> Marks);

/// The lines that the result speaks of, with some around them and the numbers
/// of its steps; its own file first, then the others in the steps' order.
std::string excerptsOf(const Result &R, llvm::StringRef Root,
                       SourceCache &Sources);

/// A line of a change.
struct DiffLine {
  char Sign = ' ';     ///< ' ', '-' or '+'.
  unsigned Number = 0; ///< In the old text; of an added line, 0.
  std::string Text;
};

/// What the changes of one file do to it, with a line around each place.
/// Nothing if they overlap or lie outside of the text. Places that are not
/// close to each other are separated by a line without sign, number and text.
std::vector<DiffLine> diffOf(const SourceText &Source,
                             std::vector<Change> Changes);

/// The changes as HTML, or nothing if they cannot be shown.
std::string fixOf(llvm::ArrayRef<Change> Changes, llvm::StringRef Title,
                  llvm::StringRef Root, SourceCache &Sources);

} // namespace threadhop::driver

#endif
