//===--- Html.h - results as one HTML page ----------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A page for people: one file that loads nothing, and says nothing of the time
// and the machine it was made on, so that equal results give equal pages. All
// that it tells is in its markup; the script only filters, groups and moves the
// focus, and the page's own policy lets no other script run.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_HTML_H
#define THREADHOP_DRIVER_HTML_H

#include "driver/Results.h"
#include "driver/SourceText.h"
#include "llvm/ADT/StringRef.h"

namespace threadhop::driver {

std::string htmlReport(const Report &R, llvm::StringRef SourceRoot,
                       SourceCache &Sources);

} // namespace threadhop::driver

#endif
