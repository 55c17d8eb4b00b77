//===--- Loader.h - reads model files ---------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_MODELS_LOADER_H
#define THREADHOP_MODELS_LOADER_H

#include "models/Model.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace threadhop {

/// A model file that is compiled in.
struct BuiltinModel {
  llvm::StringRef Name;
  llvm::StringRef Text;
};

/// The compiled-in model files, in the order of their names.
llvm::ArrayRef<BuiltinModel> builtinModels();

/// Adds the rows of one file's text to \p Into. \p FileName is for messages
/// only. On error (\p Into is then unchanged) the message names the file, the
/// JSON pointer of the value (or line and column where the text is no JSON),
/// and what was expected there.
llvm::Error loadModelText(llvm::StringRef Text, llvm::StringRef FileName,
                          Models &Into);

/// Adds the rows of the file at \p Path. An unreadable file is an error.
llvm::Error loadModelFile(llvm::StringRef Path, Models &Into);

/// The built-in models and over them the files of \p Files, a list of paths
/// separated by semicolons, as the option ModelFiles gives it. Loaded once per
/// process and list; may be called from several threads.
llvm::Expected<std::shared_ptr<const Models>>
loadModels(llvm::StringRef Files);

} // namespace threadhop

#endif
