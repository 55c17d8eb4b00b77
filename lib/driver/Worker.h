//===--- Worker.h - the process that analyses units -------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_WORKER_H
#define THREADHOP_DRIVER_WORKER_H

namespace threadhop::driver {

/// Answers requests on standard input (see Protocol.h) until it ends.
int workerMain();

} // namespace threadhop::driver

#endif
