//===--- RemoteIndex.cpp - no remote index --------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd's client for index servers needs gRPC and protobuf, fifty shared
// libraries more. This answers what clangd itself does when it is configured
// without them.
//
//===----------------------------------------------------------------------===//

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

namespace clang::clangd {

/// Only ever a null pointer here.
class SymbolIndex {
public:
  virtual ~SymbolIndex() = default;
};

namespace remote {

std::unique_ptr<SymbolIndex> getClient(llvm::StringRef Address,
                                       llvm::StringRef ProjectRoot);
std::unique_ptr<SymbolIndex> getClient(llvm::StringRef Address,
                                       llvm::StringRef ProjectRoot) {
  llvm::errs() << "threadhop-clangd is built without remote index support; '"
               << Address << "' is not used\n";
  return nullptr;
}

} // namespace remote
} // namespace clang::clangd
