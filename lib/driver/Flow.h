//===--- Flow.h - what happens in a finding, in order -----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The notes of a finding are in the order in which they are best read. Its flow
// is what happens, in the order in which it happens, with the finding itself
// among the steps.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_FLOW_H
#define THREADHOP_DRIVER_FLOW_H

#include "driver/Results.h"
#include "llvm/ADT/StringRef.h"

namespace threadhop::driver {

/// One step; it points into the result.
struct FlowStep {
  const Place *At;
  unsigned End; ///< Offset behind what it speaks of; 0: behind the token.
  llvm::StringRef Message;
  llvm::StringRef Kind;
  llvm::StringRef Lane; ///< Who acts; empty: the code itself.
  /// It is nowhere written, and At is that of what was before it.
  bool IsImplied = false;
};

/// The steps in the order in which they happen. Empty where only explanations
/// are known, as for the checks of others.
std::vector<FlowStep> flowOf(const Result &R);

/// The result itself as a step: what is wrong, without the reason that follows.
FlowStep ownStep(const Result &R);

} // namespace threadhop::driver

#endif
