//===--- Diagram.h - a drawn picture of a finding ---------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One lane for each thread or coroutine, time from top to bottom: where the
// value comes to be, where the coroutine is suspended or the value is handed
// over (an arrow to the lane that goes on), where it is used and where it ends.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_DIAGRAM_H
#define THREADHOP_DRIVER_DIAGRAM_H

#include "driver/Results.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace threadhop::driver {

struct DiagramLane {
  std::string Name;
  std::string Whole;  ///< The name in full.
  bool IsOwn = false; ///< Of the code that holds the value.
};

/// A moment in a lane; each has a row of its own.
struct DiagramEvent {
  unsigned Lane = 0;
  std::string Kind; ///< As stepKindName() spells it.
  std::string Text;
  std::string Whole; ///< The step's whole message; may be the text.
  /// The number of the step in the result's list, "!" for the result's own
  /// place, or empty for what no step says.
  std::string Mark;
  std::string Where; ///< "file.cpp:12", or empty.
};

/// The value or the coroutine goes to another lane.
struct DiagramArrow {
  unsigned From = 0; ///< Indices of events.
  unsigned To = 0;
};

struct Diagram {
  std::vector<DiagramLane> Lanes;
  std::vector<DiagramEvent> Events;
  std::vector<DiagramArrow> Arrows;

  /// With one moment there is nothing to draw.
  bool empty() const { return Events.size() < 2; }
};

/// The picture of a result: of its story, else of its place and of the steps
/// that do not only explain.
Diagram diagramOf(const Result &R);

/// The diagram as an SVG element, to stand in an HTML page whose style sheet
/// colours it; \p Id makes its names unique there.
std::string svgOf(const Diagram &D, llvm::StringRef Id);

/// The sign of a kind of moment, around a point.
std::string iconOf(llvm::StringRef Kind, unsigned X, unsigned Y);

/// The diagram in words, a sentence for each moment.
std::string wordsOf(const Diagram &D);

} // namespace threadhop::driver

#endif
