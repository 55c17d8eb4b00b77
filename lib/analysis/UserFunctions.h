//===--- UserFunctions.h - the functions of the user's code -----*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_USERFUNCTIONS_H
#define THREADHOP_ANALYSIS_USERFUNCTIONS_H

#include <vector>

namespace clang {
class ASTContext;
class FieldDecl;
class FunctionDecl;
class VarDecl;
} // namespace clang

namespace threadhop {

/// What the user's code of a unit defines: not what system headers do.
/// Instantiations are listed, templates are not.
struct UserCode {
  /// With a visible body: functions, methods, call operators of lambdas.
  std::vector<const clang::FunctionDecl *> Functions;
  std::vector<const clang::FieldDecl *> Fields;
  std::vector<const clang::VarDecl *> Variables;
};

UserCode listUserCode(clang::ASTContext &Context);

} // namespace threadhop

#endif
