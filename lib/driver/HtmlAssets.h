//===--- HtmlAssets.h - style and script of the report ----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_HTMLASSETS_H
#define THREADHOP_DRIVER_HTMLASSETS_H

#include "llvm/ADT/StringRef.h"

namespace threadhop::driver {

/// html/report.css and html/report.js, made into text by
/// tools/embed-assets.py.
extern const llvm::StringLiteral ReportCss;
extern const llvm::StringLiteral ReportJs;

} // namespace threadhop::driver

#endif
