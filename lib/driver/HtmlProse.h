//===--- HtmlProse.h - a check's page as HTML -------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_HTMLPROSE_H
#define THREADHOP_DRIVER_HTMLPROSE_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace threadhop::driver {

/// The section of a Markdown page under "## Heading" as HTML: paragraphs, lists
/// and tables with `code`, *emphasis*, **strong** and the texts of links, and
/// blocks of code. Empty without such a section.
std::string proseOf(llvm::StringRef Page, llvm::StringRef Heading);

} // namespace threadhop::driver

#endif
