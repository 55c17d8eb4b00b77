//===--- CompatOptions.h - clang's options in all LLVM versions -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A part of Compat.h that is large, and that only the driver's commands need.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_SUPPORT_COMPATOPTIONS_H
#define THREADHOP_SUPPORT_COMPATOPTIONS_H

#include "llvm/Config/llvm-config.h"

#include "clang/Basic/TargetInfo.h"
#include "clang/Basic/TargetOptions.h"
#if LLVM_VERSION_MAJOR < 22
#include "clang/Driver/Options.h"
#else
#include "clang/Options/Options.h"
#endif
#include <memory>

namespace threadhop {

#if LLVM_VERSION_MAJOR < 22
namespace options = clang::driver::options;
inline const llvm::opt::OptTable &optionTable() {
  return clang::driver::getDriverOptTable();
}
#else
namespace options = clang::options;
inline const llvm::opt::OptTable &optionTable() {
  return clang::getDriverOptTable();
}
#endif

/// Lets clang say what is wrong with a target.
inline void checkTarget(clang::DiagnosticsEngine &Diags,
                        clang::TargetOptions &Options) {
#if LLVM_VERSION_MAJOR < 21
  auto Copy = std::make_shared<clang::TargetOptions>(Options);
  std::unique_ptr<clang::TargetInfo> Target(
      clang::TargetInfo::CreateTargetInfo(Diags, Copy));
#else
  std::unique_ptr<clang::TargetInfo> Target(
      clang::TargetInfo::CreateTargetInfo(Diags, Options));
#endif
}

} // namespace threadhop

#endif
