//===--- Progress.cpp - how far the run is --------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Progress.h"
#include "driver/Messages.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <map>
#include <set>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace llvm;

namespace threadhop::driver {

static bool isLiveTerminal() {
  const char *Term = std::getenv("TERM");
  return sys::Process::StandardErrIsDisplayed() && Term &&
         StringRef(Term) != "dumb";
}

static unsigned terminalWidth() {
  winsize Size = {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &Size) == 0 && Size.ws_col > 20)
    return Size.ws_col;
  return 80;
}

Progress::Progress(unsigned Units, Detail Show)
    : Units(Units), Show(Show), Live(Show != Detail::None && isLiveTerminal()),
      Start(std::chrono::steady_clock::now()) {}

double Progress::elapsed() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - Start)
      .count();
}

void Progress::started(StringRef File) {
  Current = File.str();
  tick();
}

void Progress::finished(StringRef File, unsigned NewFindings, double Seconds,
                        const char *Failure) {
  ++Done;
  Findings += NewFindings;
  Failures += Failure != nullptr;
  if (Show == Detail::EachUnit) {
    clear();
    errs() << '[' << Done << '/' << Units << "] " << File << ": ";
    if (Failure)
      errs() << "failed (" << Failure << ')';
    else
      errs() << counted(NewFindings, "finding");
    errs() << ", " << format("%.1f", Seconds) << " s\n";
  }
  tick();
}

void Progress::tick() {
  if (!Live)
    return;
  auto Now = std::chrono::steady_clock::now();
  if (Drawn && Now - LastDrawn < std::chrono::milliseconds(90))
    return;
  LastDrawn = Now;
  draw();
}

void Progress::draw() {
  unsigned Seconds = elapsed();
  std::string Line;
  raw_string_ostream OS(Line);
  OS << '[' << Done << '/' << Units << "] " << counted(Findings, "finding");
  if (Failures)
    OS << ", " << Failures << " failed";
  OS << ", " << Seconds / 60 << ':' << format("%02u", Seconds % 60) << "  ";
  unsigned Width = terminalWidth();
  StringRef File = Current;
  size_t Left = Line.size() + 1 < Width ? Width - Line.size() - 1 : 0;
  // The end of a path tells more than its start.
  if (File.size() > Left)
    File = Left > 12 ? File.take_back(Left - 3) : "";
  if (File.size() < Current.size() && !File.empty())
    OS << "...";
  OS << File;
  errs() << "\r\x1b[K" << StringRef(Line).take_front(Width - 1);
  Drawn = true;
}

void Progress::clear() {
  if (Drawn)
    errs() << "\r\x1b[K";
  Drawn = false;
}

std::string summary(const Report &R, bool Verbose) {
  std::map<std::string, unsigned> ByCheck;
  std::set<std::string> Files;
  for (const Result &Found : R.Results)
    if (!Found.isCompilerError()) {
      ++ByCheck[Found.Check];
      Files.insert(Found.At.File);
    }
  std::set<std::string> Failed;
  for (const UnitFailure &F : R.Failures)
    Failed.insert(F.File);

  std::string Text;
  raw_string_ostream OS(Text);
  OS << "threadhop: " << counted(R.findings(), "finding");
  if (!Files.empty())
    OS << " in " << counted(Files.size(), "file");
  OS << "; " << R.Analysed;
  if (R.Analysed != R.Units)
    OS << " of " << R.Units;
  OS << (R.Units == 1 ? " unit" : " units") << " analysed";
  if (R.Cache.Hits)
    OS << " (" << R.Cache.Hits << " from the cache)";
  if (R.Skipped)
    OS << ", " << R.Skipped << " without an enabled check";
  if (!Failed.empty())
    OS << ", " << Failed.size() << " failed";
  if (R.Interrupted)
    OS << ", interrupted";
  OS << "; " << format("%.1f", R.Seconds) << " s\n";
  for (const auto &[Check, Count] : ByCheck)
    OS << format("%7u  ", Count) << Check << '\n';
  if (Verbose)
    OS << "threadhop: suppressed in all units: " << R.Hidden.NoLint
       << " by NOLINT, " << R.Hidden.HeaderFilter << " in other headers, "
       << R.Hidden.LineFilter << " by the line filter\n";
  if (Verbose && !R.Cache.Folder.empty())
    OS << "threadhop: cache: " << counted(R.Cache.Hits, "hit") << ", "
       << R.Cache.Misses << (R.Cache.Misses == 1 ? " miss" : " misses")
       << " in " << R.Cache.Folder << '\n';
  return Text;
}

} // namespace threadhop::driver
