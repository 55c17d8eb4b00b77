//===--- Bodies.h - which bodies of functions are read ----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Clang may be told to skip the bodies of some functions. An analysis that asks
// for such a body gets none, as if the function were defined elsewhere; whoever
// told clang to skip it can find out here that this was wrong.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_SUPPORT_BODIES_H
#define THREADHOP_SUPPORT_BODIES_H

#include "clang/AST/Decl.h"

namespace threadhop {

/// Told of each body that an analysis asks for.
class BodyListener {
public:
  virtual ~BodyListener() = default;
  /// \p Skipped if there is none because clang was told so.
  virtual void asked(const clang::FunctionDecl *Definition, bool Skipped) = 0;

  /// Null when nobody listens, as in the plugin.
  static BodyListener *&current() {
    static thread_local BodyListener *Current = nullptr;
    return Current;
  }
};

} // namespace threadhop

#endif
