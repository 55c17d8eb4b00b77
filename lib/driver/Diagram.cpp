//===--- Diagram.cpp - a drawn picture of a finding -----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Diagram.h"
#include "driver/Flow.h"
#include "driver/HtmlText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>

using namespace llvm;

namespace threadhop::driver {

// Characters of a function's name in a heading, which has two lines.
static constexpr unsigned NameWidth = 44;

namespace {

/// Puts moments into lanes.
class DiagramMaker {
public:
  explicit DiagramMaker(const Result &R) : R(R), Taken(R.Steps.size()) {}

  Diagram make();

private:
  void add(const Place &At, StringRef Text, StringRef Kind, StringRef Lane);
  unsigned lane(StringRef Name);
  void connect();

  const Result &R;
  std::vector<bool> Taken; ///< The steps that have a moment.
  std::vector<std::string> Names;
  Diagram D;
};

} // namespace

static bool isSamePlace(const Place &A, const Place &B) {
  return A.isValid() && B.isValid() && A.Offset == B.Offset && A.File == B.File;
}

unsigned DiagramMaker::lane(StringRef Name) {
  auto It = find(Names, Name);
  if (It != Names.end())
    return It - Names.begin();
  Names.push_back(Name.str());
  DiagramLane Lane;
  Lane.IsOwn = Name.empty();
  Lane.Whole = Name.empty() ? R.Function : Name.str();
  Lane.Name =
      Name.empty() ? shortFunctionName(R.Function, NameWidth) : Name.str();
  D.Lanes.push_back(std::move(Lane));
  return Names.size() - 1;
}

void DiagramMaker::add(const Place &At, StringRef Text, StringRef Kind,
                       StringRef Lane) {
  DiagramEvent E;
  E.Lane = lane(Lane);
  E.Kind = Kind.str();
  E.Text = E.Whole = Text.str();
  if (At.isValid())
    E.Where = (sys::path::filename(At.File) + ":" + Twine(At.Line)).str();
  // Several steps may stand at one place; they come in the same order.
  std::optional<size_t> Step;
  for (size_t I = 0; I < R.Steps.size() && !Step; ++I)
    if (!Taken[I] && R.Steps[I].Kind == Kind && isSamePlace(R.Steps[I].At, At))
      Step = I;
  bool IsOwn = isSamePlace(R.At, At);
  for (size_t I = 0; I < R.Steps.size() && !Step && !IsOwn; ++I)
    if (isSamePlace(R.Steps[I].At, At))
      Step = I;
  if (Step) {
    Taken[*Step] = true;
    E.Mark = std::to_string(*Step + 1);
    E.Whole = R.Steps[*Step].Message;
  } else if (IsOwn) {
    E.Mark = "!";
    if (R.Story.empty())
      E.Whole = R.Message;
  }
  D.Events.push_back(std::move(E));
}

// From a hand-over to whoever does something with it, from a suspension to
// whoever goes on.
void DiagramMaker::connect() {
  for (unsigned From = 0; From < D.Events.size(); ++From) {
    const DiagramEvent &E = D.Events[From];
    bool Given = E.Kind == "hand-over";
    if (!Given && E.Kind != "suspend")
      continue;
    for (unsigned To = From + 1; To < D.Events.size(); ++To) {
      const DiagramEvent &Next = D.Events[To];
      if (Next.Kind == "explain")
        continue;
      if (Next.Lane != E.Lane) {
        D.Arrows.push_back({From, To});
        break;
      }
      // It went on here, or a later one hands it over.
      if (!Given || Next.Kind == "hand-over")
        break;
    }
  }
}

Diagram DiagramMaker::make() {
  std::vector<FlowStep> Steps = flowOf(R);
  if (Steps.empty())
    Steps.push_back(ownStep(R));
  for (const FlowStep &S : Steps) {
    // A note's reason is too long for a label.
    StringRef Label = R.Story.empty() && S.At != &R.At
                          ? S.Message.split("; ").first
                          : S.Message;
    add(S.IsImplied ? Place() : *S.At, Label, S.Kind, S.Lane);
  }
  connect();
  return std::move(D);
}

Diagram diagramOf(const Result &R) { return DiagramMaker(R).make(); }

std::string wordsOf(const Diagram &D) {
  std::string Text;
  for (const DiagramEvent &E : D.Events) {
    const DiagramLane &Lane = D.Lanes[E.Lane];
    Text += (Text.empty() ? "" : " ") +
            (Lane.Name.empty() ? "this code" : Lane.Name) + ": " + E.Text +
            (E.Where.empty() ? "" : " (" + E.Where + ")") + ".";
  }
  return Text;
}

namespace {

/// Where everything stands, in units of about a pixel.
class SvgWriter {
public:
  SvgWriter(const Diagram &D, StringRef Id);
  std::string write();

private:
  static constexpr unsigned LineHeight = 16;
  static constexpr unsigned Gap = 26; ///< Between rows: arrows cross there.
  static constexpr unsigned TextX = 30;
  static constexpr unsigned MarkX = 12;
  static constexpr unsigned Radius = 9;

  struct Row {
    std::vector<std::string> Lines;
    unsigned Top = 0;
    unsigned Bottom = 0;
    unsigned y() const { return Top + Radius + 1; }
  };

  unsigned x(unsigned Lane) const { return Lane * LaneWidth + MarkX; }
  void heading(unsigned Lane);
  void lifeline(unsigned Lane);
  void arrow(const DiagramArrow &A);
  void event(unsigned Index);

  const Diagram &D;
  const StringRef Id;
  std::vector<Row> Rows;
  std::vector<std::vector<std::string>> Headings;
  unsigned LaneWidth = 0;
  unsigned HeadingBottom = 0;
  unsigned Height = 0;
  std::string Out;
  raw_string_ostream OS{Out};
};

} // namespace

SvgWriter::SvgWriter(const Diagram &D, StringRef Id) : D(D), Id(Id) {
  LaneWidth = D.Lanes.size() == 1 ? 480 : D.Lanes.size() == 2 ? 330 : 250;
  // The text is not measured here: a character of the page's font takes less
  // than this on average.
  unsigned Characters = (LaneWidth - TextX - 12) * 10 / 66;
  unsigned Bold = Characters * 17 / 20;
  unsigned Lines = 1;
  for (const DiagramLane &Lane : D.Lanes) {
    Headings.push_back(
        wrapped(Lane.Name.empty() ? "this code" : Lane.Name, Bold, 2));
    Lines = std::max<unsigned>(Lines, Headings.back().size() +
                                          (Lane.IsOwn && !Lane.Name.empty()));
  }
  HeadingBottom = 8 + Lines * LineHeight;
  unsigned Top = HeadingBottom + 18;
  for (const DiagramEvent &E : D.Events) {
    Row R;
    // The finding's own place is in bold letters.
    R.Lines =
        wrapped(visibleText(E.Text), E.Mark == "!" ? Bold : Characters, 4);
    R.Top = Top;
    R.Bottom =
        Top + 4 + LineHeight * (R.Lines.size() + (!E.Where.empty() ? 1 : 0));
    Top = R.Bottom + Gap;
    Rows.push_back(std::move(R));
  }
  Height = Top - Gap + 12;
}

// The whole of what a label says in part.
static std::string titleOf(StringRef Whole, ArrayRef<std::string> Lines) {
  if (join(Lines, " ") == Whole)
    return "";
  return "<title>" + htmlEscaped(Whole) + "</title>";
}

void SvgWriter::heading(unsigned Lane) {
  const DiagramLane &L = D.Lanes[Lane];
  unsigned X = Lane * LaneWidth;
  OS << "<g class=\"lh" << (L.IsOwn ? " own" : "") << "\">"
     << titleOf(L.Whole, Headings[Lane]) << "<rect x=\"" << X
     << "\" y=\"1\" width=\"" << LaneWidth - 14 << "\" height=\""
     << HeadingBottom - 2 << "\" rx=\"6\"/>";
  unsigned Y = 5;
  for (const std::string &Line : Headings[Lane])
    OS << "<text x=\"" << X + 10 << "\" y=\"" << (Y += LineHeight) - 4 << "\">"
       << htmlEscaped(Line) << "</text>";
  if (L.IsOwn && !L.Name.empty())
    OS << "<text class=\"w\" x=\"" << X + 10 << "\" y=\""
       << (Y += LineHeight) - 4 << "\">the code that holds the value</text>";
  OS << "</g>";
}

// Thin where nothing is known, thick while it runs, dashed while suspended.
void SvgWriter::lifeline(unsigned Lane) {
  OS << "<path class=\"ll\" d=\"M" << x(Lane) << ' ' << HeadingBottom << 'V'
     << Height - 2 << "\"/>";
  std::optional<unsigned> Last;
  for (unsigned I = 0; I < D.Events.size(); ++I) {
    if (D.Events[I].Lane != Lane)
      continue;
    if (Last && D.Events[*Last].Kind != "destroy")
      OS << "<path class=\""
         << (D.Events[*Last].Kind == "suspend" ? "ls" : "la") << "\" d=\"M"
         << x(Lane) << ' ' << Rows[*Last].y() << 'V' << Rows[I].y() << "\"/>";
    Last = I;
  }
}

void SvgWriter::arrow(const DiagramArrow &A) {
  unsigned X1 = x(D.Events[A.From].Lane), X2 = x(D.Events[A.To].Lane);
  unsigned Y1 = Rows[A.From].y() + Radius;
  unsigned Ym = Rows[A.From].Bottom + Gap / 2 - 2;
  unsigned Y2 = Rows[A.To].y() - Radius - 2;
  int Turn = X2 > X1 ? 7 : -7;
  OS << "<path class=\"ar "
     << (D.Events[A.From].Kind == "suspend" ? "k-suspend" : "k-hand-over")
     << "\" d=\"M" << X1 << ' ' << Y1 << 'V' << Ym - 7 << 'q' << 0 << ' ' << 7
     << ' ' << Turn << ' ' << 7 << 'H' << static_cast<int>(X2) - Turn << 'q'
     << Turn << " 0 " << Turn << " 7V" << Y2 << "m-4 -6l4 6l4 -6\"/>";
}

std::string iconOf(StringRef Kind, unsigned X, unsigned Y) {
  std::string Out;
  raw_string_ostream OS(Out);
  OS << "<circle cx=\"" << X << "\" cy=\"" << Y << "\" r=\"9\"/><path d=\"M"
     << X << ' ' << Y;
  if (Kind == "create")
    OS << "m-4 0h8m-4 -4v8";
  else if (Kind == "suspend")
    OS << "m-2.5 -4v8m5 -8v8";
  else if (Kind == "hand-over")
    OS << "m-4.5 0h9m-3.5 -3.5l3.5 3.5l-3.5 3.5";
  else if (Kind == "destroy")
    OS << "m-3.5 -3.5l7 7m0 -7l-7 7";
  else if (Kind == "use")
    OS << "m-2 0h4m-4 -1h4m-4 2h4";
  else
    OS << "m0 -4v1m0 2.5v4.5";
  OS << "\"/>";
  return Out;
}

void SvgWriter::event(unsigned Index) {
  const DiagramEvent &E = D.Events[Index];
  const Row &R = Rows[Index];
  unsigned X = E.Lane * LaneWidth;
  OS << "<g class=\"ev k-" << htmlEscaped(E.Kind)
     << (E.Mark == "!" ? " own" : "") << (E.Where.empty() ? " imp" : "")
     << "\">" << titleOf(E.Whole, R.Lines);
  OS << iconOf(E.Kind, x(E.Lane), R.y());
  unsigned Y = R.Top - 1;
  for (const std::string &Line : R.Lines)
    OS << "<text x=\"" << X + TextX << "\" y=\"" << (Y += LineHeight) << "\">"
       << htmlEscaped(Line) << "</text>";
  if (!E.Where.empty())
    OS << "<text class=\"w\" x=\"" << X + TextX << "\" y=\""
       << (Y += LineHeight) << "\">"
       << (E.Mark.empty() ? "" : "<tspan class=\"n\">" + E.Mark + "</tspan> ")
       << htmlEscaped(shortened(visibleText(E.Where), 36)) << "</text>";
  OS << "</g>";
}

std::string SvgWriter::write() {
  unsigned Width = D.Lanes.size() * LaneWidth;
  OS << "<svg class=\"dia\" role=\"img\" aria-labelledby=\"" << Id << "-t "
     << Id << "-d\" width=\"" << Width << "\" height=\"" << Height
     << "\" viewBox=\"0 0 " << Width << ' ' << Height << "\"><title id=\"" << Id
     << "-t\">What happens, in order of time</title><desc id=\"" << Id
     << "-d\">" << htmlEscaped(wordsOf(D)) << "</desc>";
  for (unsigned Lane = 0; Lane < D.Lanes.size(); ++Lane) {
    heading(Lane);
    lifeline(Lane);
  }
  for (const DiagramArrow &A : D.Arrows)
    arrow(A);
  for (unsigned I = 0; I < D.Events.size(); ++I)
    event(I);
  OS << "</svg>";
  return std::move(Out);
}

std::string svgOf(const Diagram &D, StringRef Id) {
  return SvgWriter(D, Id).write();
}

} // namespace threadhop::driver
