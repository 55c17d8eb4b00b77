//===--- Finding.cpp - what a check found ---------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "findings/Finding.h"

namespace threadhop {

static thread_local FindingSink *Current = nullptr;

FindingSink::~FindingSink() = default;

void FindingSink::see(const clang::SourceManager &) {}

FindingSink::Scope::Scope(FindingSink &Sink) : Previous(Current) {
  Current = &Sink;
}

FindingSink::Scope::~Scope() { Current = Previous; }

FindingSink *FindingSink::current() { return Current; }

llvm::StringRef stepKindName(StepKind Kind) {
  switch (Kind) {
  case StepKind::Explain:
    return "explain";
  case StepKind::Create:
    return "create";
  case StepKind::Suspend:
    return "suspend";
  case StepKind::HandOver:
    return "hand-over";
  case StepKind::Use:
    return "use";
  case StepKind::Destroy:
    return "destroy";
  }
  llvm_unreachable("all kinds are named");
}

} // namespace threadhop
