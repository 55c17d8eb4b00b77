//===--- Progress.h - how far the run is ------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_PROGRESS_H
#define THREADHOP_DRIVER_PROGRESS_H

#include "driver/Results.h"
#include "llvm/ADT/StringRef.h"
#include <chrono>

namespace threadhop::driver {

/// Shows on standard error what the run is doing: one line that is drawn anew
/// on a terminal, else a line for each unit if that was asked for.
class Progress {
public:
  enum class Detail { None, Normal, EachUnit };

  Progress(unsigned Units, Detail Show);
  ~Progress() { clear(); }

  void started(llvm::StringRef File);
  void finished(llvm::StringRef File, unsigned Findings, double Seconds,
                const char *Failure);
  void tick();
  /// Takes the live line away, before something else is printed.
  void clear();

  /// Seconds since the start.
  double elapsed() const;

private:
  void draw();

  unsigned Units;
  Detail Show;
  bool Live;
  bool Drawn = false;
  unsigned Done = 0;
  unsigned Findings = 0;
  unsigned Failures = 0;
  std::string Current;
  std::chrono::steady_clock::time_point Start;
  std::chrono::steady_clock::time_point LastDrawn;
};

/// The lines that end a run: units, findings by check, failures, time.
std::string summary(const Report &R, bool Verbose);

} // namespace threadhop::driver

#endif
