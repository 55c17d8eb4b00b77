//===--- Progress.cpp - how far the run is --------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Progress.h"
#include "driver/Messages.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <map>
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

// The files with the most findings, if there are several.
static void printFiles(const std::map<std::string, unsigned> &Files,
                       bool Verbose, raw_ostream &OS) {
  if (Files.size() < 2)
    return;
  static constexpr size_t Most = 10;
  std::vector<std::pair<std::string, unsigned>> Order(Files.begin(),
                                                      Files.end());
  sort(Order, [](const auto &A, const auto &B) {
    return std::tuple(-long(A.second), A.first) <
           std::tuple(-long(B.second), B.first);
  });
  SmallString<256> Current;
  sys::fs::current_path(Current);
  size_t Shown = Verbose ? Order.size() : std::min(Order.size(), Most);
  for (StringRef File : make_first_range(ArrayRef(Order).take_front(Shown))) {
    StringRef Short = File;
    if (!Short.consume_front(Current) || !Short.consume_front("/"))
      Short = File;
    OS << format("%7u  ", Files.at(File.str())) << Short << '\n';
  }
  if (Shown < Order.size())
    OS << "         and " << counted(Order.size() - Shown, "more file") << '\n';
}

std::string summary(const Report &R, bool Verbose) {
  std::map<std::string, unsigned> ByCheck;
  std::map<std::string, unsigned> Files;
  for (const Result &Found : R.Results)
    if (Found.counts()) {
      ++ByCheck[Found.Check];
      ++Files[Found.At.File];
    }

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
  if (R.Muted)
    OS << ", " << R.Muted << " muted by .clang-tidy files";
  if (R.Skipped > R.Muted)
    OS << ", " << R.Skipped - R.Muted << " without an enabled check";
  if (R.Unchanged)
    OS << ", " << R.Unchanged << " unchanged";
  if (unsigned Failed = R.failedUnits())
    OS << ", " << Failed << " failed";
  if (R.Interrupted)
    OS << ", interrupted";
  OS << "; " << format("%.1f", R.Seconds) << " s\n";
  for (const auto &[Check, Count] : ByCheck)
    OS << format("%7u  ", Count) << Check << '\n';
  printFiles(Files, Verbose, OS);
  if (unsigned Kept = R.inBaseline(); Kept || R.Gone) {
    OS << "threadhop: " << counted(Kept, "finding")
       << " of the baseline still there";
    if (R.Gone)
      OS << ", " << R.Gone << " gone";
    OS << '\n';
  }
  if (unsigned Hidden = R.suppressed())
    OS << "threadhop: " << counted(Hidden, "finding")
       << " suppressed by NOLINT\n";
  if (R.LeftOut)
    OS << "threadhop: clang-tidy's own checks that .clang-tidy files list were "
          "left out for "
       << counted(R.LeftOut, "unit") << "; --with-tidy-checks runs them\n";
  if (R.OnUnchangedLines)
    OS << "threadhop: " << counted(R.OnUnchangedLines, "finding")
       << " on lines that did not change\n";
  if (Verbose)
    OS << "threadhop: suppressed in all units: " << R.Hidden.NoLint
       << " by NOLINT, " << R.Hidden.HeaderFilter << " in other headers, "
       << R.Hidden.LineFilter << " by the line filter\n";
  if (Verbose && !R.Cache.Folder.empty())
    OS << "threadhop: cache: " << counted(R.Cache.Hits, "hit") << ", "
       << R.Cache.Misses << (R.Cache.Misses == 1 ? " miss" : " misses")
       << " in " << R.Cache.Folder << '\n';
  if (Verbose && R.Cache.SharedHeaders)
    OS << "threadhop: " << counted(R.Cache.SharedHeaders, "unit")
       << " took library headers from "
       << counted(R.Cache.HeaderGroups, "precompiled header") << '\n';
  return Text;
}

} // namespace threadhop::driver
