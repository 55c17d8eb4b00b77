//===--- RendezvousClaims.h - channels said to be a rendezvous --*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_RENDEZVOUSCLAIMS_H
#define THREADHOP_ANALYSIS_RENDEZVOUSCLAIMS_H

#include "analysis/Channels.h"

namespace threadhop {

/// A channel that buffers although something says that it does not.
struct RendezvousClaim {
  const clang::ValueDecl *Channel;
  Capacity Holds;
  std::string Says;   ///< "its annotation says", "its type 'X' says".
  std::string Reason; ///< The annotation's.
  clang::SourceLocation Loc;
};

/// The variables and members of the unit with the annotation
/// threadhop::rendezvous, on them or on their type, or whose type calls itself
/// unbuffered or a rendezvous, that hold at least one message.
std::vector<RendezvousClaim> findFalseClaims(Channels &All);

} // namespace threadhop

#endif
