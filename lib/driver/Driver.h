//===--- Driver.h - the threadhop program -----------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_DRIVER_H
#define THREADHOP_DRIVER_DRIVER_H

namespace threadhop::driver {

/// The program behind main(), worker or driver. Returns the exit status.
int driverMain(int Argc, const char **Argv);

} // namespace threadhop::driver

#endif
