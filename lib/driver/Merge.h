//===--- Merge.h - puts SARIF logs together ---------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_MERGE_H
#define THREADHOP_DRIVER_MERGE_H

#include "driver/Options.h"
#include "driver/Results.h"
#include "llvm/Support/Error.h"

namespace threadhop::driver {

/// The logs as the log of one run: of shards, the results are those of a run
/// over everything, in its order, and a header's findings are there once. Logs
/// of other runs (of two configurations, say) are put together the same way.
/// An error if a shard is missing or given twice, if another version wrote a
/// log, or if two logs saw different contents of a file.
llvm::Expected<Json> mergeLogs(const std::vector<std::string> &Files);

/// What a log says of its run, as far as the summary tells it.
Report reportOf(const Json &Run);

/// "threadhop merge": returns the exit status, that of the whole run.
int mergeMain(const MergeOptions &Opts);

} // namespace threadhop::driver

#endif
