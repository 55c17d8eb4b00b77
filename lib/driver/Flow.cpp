//===--- Flow.cpp - what happens in a finding, in order -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Flow.h"

using namespace llvm;

namespace threadhop::driver {

std::vector<FlowStep> flowOf(const Result &R) {
  std::vector<FlowStep> Steps;
  // What is nowhere written follows from what was before it, or is the finding.
  const Place *Last = &R.At;
  for (const ResultMoment &M : R.Story) {
    if (M.At.isValid())
      Last = &M.At;
    Steps.push_back({Last, 0, M.Text, M.Kind, M.Lane, !M.At.isValid()});
  }
  if (!Steps.empty())
    return Steps;
  bool HasSelf = false;
  for (const ResultStep &S : R.Steps) {
    if (S.Kind == "explain" || !S.At.isValid())
      continue;
    HasSelf |= S.At.File == R.At.File && S.At.Offset == R.At.Offset;
    Steps.push_back({&S.At, S.End, S.Message, S.Kind, S.Lane});
  }
  if (!Steps.empty() && !HasSelf)
    Steps.insert(Steps.begin(), ownStep(R));
  return Steps;
}

FlowStep ownStep(const Result &R) {
  return {&R.At, R.End,
          StringRef(R.Message)
              .take_until([](char C) { return C == ';'; })
              .split(": ")
              .first,
          "create", ""};
}

} // namespace threadhop::driver
