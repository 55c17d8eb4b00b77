//===--- HtmlSource.cpp - source text in HTML pages -----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/HtmlSource.h"
#include "driver/HtmlText.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <tuple>

using namespace llvm;

namespace threadhop::driver {

// Lines around the ones of interest, and the most that may lie between two of
// them to be shown as well.
static constexpr unsigned Around = 2;
static constexpr unsigned Bridged = 2 * Around + 2;
static constexpr unsigned LongLine = 300; ///< Bytes of a line that are shown.
static constexpr StringLiteral ByteOrderMark = "\xEF\xBB\xBF";

// Never inside of a character.
static unsigned atCharacter(StringRef Line, unsigned At) {
  while (At > 0 && At < Line.size() &&
         (static_cast<unsigned char>(Line[At]) & 0xC0) == 0x80)
    --At;
  return At;
}

std::string lineHtml(StringRef Line, ArrayRef<LineMark> Marks) {
  std::vector<unsigned> Levels(Line.size(), 0);
  unsigned Best = 0, Begin = 0;
  for (const LineMark &M : Marks) {
    unsigned End = std::min<unsigned>(M.End, Line.size());
    for (unsigned I = atCharacter(Line, M.Begin); I < End; ++I)
      Levels[I] = std::max(Levels[I], M.Level);
    if (M.Level > Best) {
      Best = M.Level;
      Begin = M.Begin;
    }
  }
  unsigned From = 0, To = Line.size();
  if (To > LongLine) {
    From = Begin > LongLine / 3 ? Begin - LongLine / 3 : 0;
    From = atCharacter(Line, std::min<unsigned>(From, To - LongLine));
    To = atCharacter(Line, From + LongLine);
  }
  std::string Out = From ? "<i>\xE2\x80\xA6</i>" : "";
  static const char *const Tags[] = {"", "<u>", "<mark class=s>", "<mark>"};
  for (unsigned I = From; I < To;) {
    unsigned End = I + 1;
    while (End < To && Levels[End] == Levels[I])
      ++End;
    // A mark that ends inside of a character ends behind it.
    unsigned Level = Levels[I];
    while (End < To && (static_cast<unsigned char>(Line[End]) & 0xC0) == 0x80)
      ++End;
    Out += Tags[Level] + htmlEscaped(Line.slice(I, End)) +
           (Level == 0   ? ""
            : Level == 1 ? "</u>"
                         : "</mark>");
    I = End;
  }
  return Out + (To < Line.size() ? "<i>\xE2\x80\xA6</i>" : "");
}

namespace {

/// What is known of a line that is shown.
struct ShownLine {
  std::vector<LineMark> Marks;
  std::vector<std::string> Numbers; ///< Of the steps, "!" for the finding.
};

/// The lines of interest of one file.
struct ShownFile {
  std::map<unsigned, ShownLine> Lines;
  /// Places that cannot be shown, since the text is not there.
  std::vector<std::pair<unsigned, std::string>> Lost;
};

/// Collects the lines of a result.
class Excerpts {
public:
  Excerpts(StringRef Root, SourceCache &Sources)
      : Root(Root), Sources(Sources) {}

  void add(const Place &At, unsigned End, ArrayRef<Stretch> Highlights,
           std::string Number);
  std::string html() const;

private:
  void write(StringRef File, const ShownFile &Shown, raw_ostream &OS) const;

  StringRef Root;
  SourceCache &Sources;
  MapVector<std::string, ShownFile, std::map<std::string, unsigned>> Files;
};

} // namespace

// A mark on the part of a stretch that lies on its first line.
static void mark(const SourceText &Text, ShownFile &To, unsigned Offset,
                 unsigned End, unsigned Level) {
  auto [Line, Column] = Text.position(Offset);
  unsigned Length = End > Offset ? End - Offset : 0;
  To.Lines[Line].Marks.push_back({Column - 1, Column - 1 + Length, Level});
}

void Excerpts::add(const Place &At, unsigned End, ArrayRef<Stretch> Highlights,
                   std::string Number) {
  if (!At.isValid() || At.File.empty())
    return;
  ShownFile &To = Files[At.File];
  const SourceText *Text = Sources.get(At.File);
  if (!Text || At.Offset > Text->text().size()) {
    To.Lost.push_back({At.Line, Number});
    return;
  }
  for (const Stretch &S : Highlights)
    if (S.File == At.File && S.Offset <= Text->text().size())
      mark(*Text, To, S.Offset, S.Offset + S.Length, 1);
  mark(*Text, To, At.Offset, std::max(End, At.Offset + 1),
       Number == "!" ? 3 : 2);
  To.Lines[Text->position(At.Offset).first].Numbers.push_back(Number);
}

static std::string numbersHtml(const ShownLine *Line) {
  std::string Out;
  if (Line)
    for (const std::string &Number : Line->Numbers)
      Out += (Number == "!" ? "<b class=o>" : "<b>") + Number + "</b>";
  return Out.empty() ? Out : "<span class=b>" + Out + "</span>";
}

void Excerpts::write(StringRef File, const ShownFile &Shown,
                     raw_ostream &OS) const {
  OS << "<figure class=src><figcaption>" << htmlEscaped(relativeTo(Root, File))
     << "</figcaption>";
  for (const auto &[Line, Number] : Shown.Lost)
    OS << "<p class=lost>" << (Number == "!" ? "The finding" : "Step " + Number)
       << ": line " << Line << ", which is not there any more.</p>";
  if (const SourceText *Text = Sources.get(File);
      Text && !Shown.Lines.empty()) {
    OS << "<ol>";
    unsigned Last = 0, Lines = Text->lines();
    // What follows the last line's end is no line.
    if (Lines > 1 && Text->line(Lines).empty())
      --Lines;
    for (auto It = Shown.Lines.begin(); It != Shown.Lines.end(); ++It) {
      unsigned Line = It->first;
      bool Near = Last && Line <= Last + Bridged;
      unsigned From = Near ? Last + 1 : Line > Around ? Line - Around : 1;
      auto Next = std::next(It);
      unsigned To = std::max(Line, std::min(Lines, Line + Around));
      if (Next != Shown.Lines.end())
        To = std::min(To, Next->first - 1);
      for (unsigned I = From; I <= To; ++I) {
        OS << "<li";
        if (I != Last + 1 || !Last) {
          if (Last)
            OS << " class=gap";
          OS << " value=" << I;
        }
        OS << '>';
        StringRef Code = Text->line(I);
        unsigned Skipped = 0;
        if (I == 1 && Code.consume_front(ByteOrderMark))
          Skipped = ByteOrderMark.size();
        auto Found = Shown.Lines.find(I);
        const ShownLine *Known =
            Found == Shown.Lines.end() ? nullptr : &Found->second;
        std::vector<LineMark> Marks;
        if (Known)
          for (LineMark M : Known->Marks)
            Marks.push_back({M.Begin - std::min(M.Begin, Skipped),
                             M.End - std::min(M.End, Skipped), M.Level});
        OS << numbersHtml(Known) << lineHtml(Code, Marks);
        Last = I;
      }
    }
    OS << "</ol>";
  }
  OS << "</figure>";
}

std::string Excerpts::html() const {
  std::string Out;
  raw_string_ostream OS(Out);
  for (const auto &[File, Shown] : Files)
    write(File, Shown, OS);
  return Out;
}

std::string excerptsOf(const Result &R, StringRef Root, SourceCache &Sources) {
  Excerpts All(Root, Sources);
  All.add(R.At, R.End, R.Highlights, "!");
  for (size_t I = 0; I < R.Steps.size(); ++I)
    All.add(R.Steps[I].At, R.Steps[I].End, R.Steps[I].Highlights,
            std::to_string(I + 1));
  return All.html();
}

// The changes of a group of lines that lie close together.
static void addHunk(const SourceText &Source, ArrayRef<Change> Changes,
                    unsigned First, unsigned Last, std::vector<DiffLine> &To) {
  StringRef Text = Source.text();
  auto OffsetOf = [&](unsigned Line) {
    return static_cast<unsigned>(Source.line(Line).data() - Text.data());
  };
  unsigned Begin = OffsetOf(First);
  unsigned End = OffsetOf(Last) + Source.line(Last).size();
  std::string New;
  unsigned At = Begin;
  for (const Change &C : Changes) {
    New += Text.slice(At, C.Offset);
    New += C.Text;
    At = C.Offset + C.Length;
  }
  New += Text.slice(At, std::max(At, End));
  std::vector<std::string> Old, Now;
  for (unsigned Line = First; Line <= Last; ++Line)
    Old.push_back(Source.line(Line).str());
  SmallVector<StringRef> Lines;
  StringRef(New).split(Lines, '\n');
  for (StringRef Line : Lines)
    Now.push_back(Line.rtrim('\r').str());
  // What both have at their ends has not changed.
  size_t Head = 0, Tail = 0, Least = std::min(Old.size(), Now.size());
  while (Head < Least && Old[Head] == Now[Head])
    ++Head;
  while (Tail < Least - Head &&
         Old[Old.size() - 1 - Tail] == Now[Now.size() - 1 - Tail])
    ++Tail;
  unsigned Number = First + Head;
  if (Number > 1)
    To.push_back({' ', Number - 1, Source.line(Number - 1).str()});
  for (size_t I = Head; I < Old.size() - Tail; ++I)
    To.push_back({'-', Number++, Old[I]});
  for (size_t I = Head; I < Now.size() - Tail; ++I)
    To.push_back({'+', 0, Now[I]});
  if (Number < Source.lines() || !Source.line(Number).empty())
    To.push_back({' ', Number, Source.line(Number).str()});
}

std::vector<DiffLine> diffOf(const SourceText &Source,
                             std::vector<Change> Changes) {
  // What is put in at a place comes before what is changed there.
  llvm::sort(Changes, [](const Change &A, const Change &B) {
    return std::tie(A.Offset, A.Length, A.Text) <
           std::tie(B.Offset, B.Length, B.Text);
  });
  unsigned Behind = 0;
  for (const Change &C : Changes) {
    if (C.Offset < Behind || C.Offset + C.Length > Source.text().size())
      return {};
    Behind = C.Offset + C.Length;
  }
  std::vector<DiffLine> Out;
  for (size_t I = 0; I < Changes.size();) {
    unsigned First = Source.position(Changes[I].Offset).first, Last = First;
    size_t End = I;
    for (; End < Changes.size(); ++End) {
      const Change &C = Changes[End];
      if (End != I && Source.position(C.Offset).first > Last + 2)
        break;
      Last = std::max(Last, Source.position(C.Offset + C.Length).first);
    }
    if (!Out.empty())
      Out.push_back({});
    addHunk(Source, ArrayRef(Changes).slice(I, End - I), First, Last, Out);
    I = End;
  }
  return Out;
}

std::string fixOf(ArrayRef<Change> Changes, StringRef Title, StringRef Root,
                  SourceCache &Sources) {
  MapVector<std::string, std::vector<Change>, std::map<std::string, unsigned>>
      ByFile;
  for (const Change &C : Changes)
    ByFile[C.File].push_back(C);
  std::string Out;
  raw_string_ostream OS(Out);
  for (const auto &[File, Parts] : ByFile) {
    const SourceText *Source = Sources.get(File);
    std::vector<DiffLine> Lines =
        Source ? diffOf(*Source, Parts) : std::vector<DiffLine>();
    if (Lines.empty())
      return "";
    OS << "<figure class=diff><figcaption>" << htmlEscaped(Title) << " <span>"
       << htmlEscaped(relativeTo(Root, File)) << "</span></figcaption><pre>";
    for (const DiffLine &L : Lines) {
      StringRef Text = L.Text;
      Text.consume_front(ByteOrderMark);
      const char *Tag = L.Sign == '-' ? "del" : L.Sign == '+' ? "ins" : "span";
      OS << '<' << Tag << '>';
      if (L.Sign == ' ' && L.Number == 0)
        OS << "\xE2\x8B\xAF";
      else
        OS << L.Sign << ' ' << lineHtml(Text, {});
      OS << "\n</" << Tag << '>';
    }
    OS << "</pre></figure>";
  }
  return Out;
}

} // namespace threadhop::driver
