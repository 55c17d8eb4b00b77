//===--- Module.cpp - the clang-tidy module -------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only registration: plugin, driver and language server link this object.
// Checks.inc is made from the folders beside this file.
//
//===----------------------------------------------------------------------===//

#include "support/Compat.h"
#include <memory>

namespace clang::tidy {
class ClangTidyCheck;
class ClangTidyContext;
} // namespace clang::tidy

#define THREADHOP_CHECK(Ident, Name)                                           \
  std::unique_ptr<clang::tidy::ClangTidyCheck> threadhop_make_##Ident(         \
      llvm::StringRef, clang::tidy::ClangTidyContext *);
#include "Checks.inc"
#undef THREADHOP_CHECK

namespace threadhop {
namespace {

class Module : public clang::tidy::ClangTidyModule {
public:
  void
  addCheckFactories(clang::tidy::ClangTidyCheckFactories &Factories) override {
#define THREADHOP_CHECK(Ident, Name)                                           \
  Factories.registerCheckFactory(Name, threadhop_make_##Ident);
#include "Checks.inc"
#undef THREADHOP_CHECK
  }
};

clang::tidy::ClangTidyModuleRegistry::Add<Module>
    Registration("threadhop-module",
                 "Finds what breaks when work hops between threads.");

} // namespace
} // namespace threadhop
