//===--- TolerantFile.h - reads a project's .clang-tidy ---------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A project's .clang-tidy was written for one version of clang-tidy, and is
// read by others. What this version does not know is passed over, and all the
// rest holds.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_CONFIG_TOLERANTFILE_H
#define THREADHOP_CONFIG_TOLERANTFILE_H

#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/ErrorOr.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace threadhop {

/// clang-tidy's own reader.
using ConfigParser =
    llvm::function_ref<llvm::ErrorOr<clang::tidy::ClangTidyOptions>(
        llvm::MemoryBufferRef, clang::tidy::DiagCallback)>;

/// Reads a configuration with \p Parse. An entry that the reader does not know,
/// or whose value it cannot take, is left out, as is a regular expression that
/// is none and a comment inside of a text; \p LeftOut is told why, once for
/// each. \p Wrong gets what is wrong with a file that cannot be read at all,
/// for which an error is returned.
llvm::ErrorOr<clang::tidy::ClangTidyOptions>
parseTolerantly(llvm::MemoryBufferRef Config, ConfigParser Parse,
                clang::tidy::DiagCallback LeftOut,
                clang::tidy::DiagCallback Wrong);

/// The keys that clang-tidy knows, for suggestions.
llvm::ArrayRef<llvm::StringRef> knownConfigKeys();

} // namespace threadhop

#endif
