//===--- TolerantFile.cpp - reads a project's .clang-tidy -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "config/TolerantFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include <optional>
#include <string>
#include <vector>

using namespace clang::tidy;
using namespace llvm;

namespace threadhop {

ArrayRef<StringRef> knownConfigKeys() {
  static constexpr StringRef Keys[] = {"Checks",
                                       "WarningsAsErrors",
                                       "HeaderFileExtensions",
                                       "ImplementationFileExtensions",
                                       "HeaderFilterRegex",
                                       "ExcludeHeaderFilterRegex",
                                       "FormatStyle",
                                       "User",
                                       "CheckOptions",
                                       "ExtraArgs",
                                       "ExtraArgsBefore",
                                       "RemovedArgs",
                                       "InheritParentConfig",
                                       "UseColor",
                                       "SystemHeaders",
                                       "CustomChecks"};
  return Keys;
}

namespace {

/// A text whose parts are replaced by spaces, so that places stay what they
/// are.
class Blanked {
public:
  explicit Blanked(StringRef Text) : Text(Text) {}
  StringRef text() const { return Text; }

  /// The entry of a mapping whose key or value is at a place, which counts
  /// lines from 1 and columns from 0. Returns false if there is none.
  bool blankEntry(int Line, int Column);
  /// Lines that are comments wherever they stand. Returns the first's number,
  /// or 0.
  unsigned blankComments();

private:
  size_t startOfLine(int Line) const;
  size_t endOfBlockEntry(size_t Begin) const;
  size_t endOfFlowEntry(size_t At) const;
  void blank(size_t Begin, size_t End);

  std::string Text;
};

} // namespace

void Blanked::blank(size_t Begin, size_t End) {
  for (size_t At = Begin; At != End; ++At)
    if (Text[At] != '\n' && Text[At] != '\r')
      Text[At] = ' ';
}

size_t Blanked::startOfLine(int Line) const {
  size_t At = 0;
  while (--Line > 0) {
    At = Text.find('\n', At);
    if (At == std::string::npos)
      return Text.size();
    ++At;
  }
  return At;
}

static size_t indentOf(StringRef Line) {
  return Line.size() - Line.ltrim(' ').size();
}

// Until a line that is indented no more, the end of the document included.
size_t Blanked::endOfBlockEntry(size_t Begin) const {
  StringRef Rest = StringRef(Text).substr(Begin);
  size_t Indent = indentOf(Rest);
  StringRef Line;
  std::tie(Line, Rest) = Rest.split('\n');
  while (!Rest.empty()) {
    Line = Rest.take_until([](char C) { return C == '\n'; });
    // Entries of a list may stand as far left as the key that they belong to.
    StringRef Words = Line.trim();
    bool Deeper = indentOf(Line) > Indent ||
                  (indentOf(Line) == Indent && Words.starts_with("- "));
    if (!Words.empty() && !Deeper)
      break;
    Rest = Rest.substr(std::min(Rest.size(), Line.size() + 1));
  }
  return Text.size() - Rest.size();
}

// Until the comma that ends the entry, which goes too, or what closes the
// mapping.
size_t Blanked::endOfFlowEntry(size_t At) const {
  int Depth = 0;
  char Quote = 0;
  for (; At != Text.size(); ++At) {
    char C = Text[At];
    if (Quote) {
      Quote = C == Quote ? 0 : Quote;
      continue;
    }
    if (C == '"' || C == '\'')
      Quote = C;
    else if (C == '{' || C == '[')
      ++Depth;
    else if ((C == '}' || C == ']') && Depth-- == 0)
      return At;
    else if (C == ',' && Depth == 0)
      return At + 1;
  }
  return At;
}

bool Blanked::blankEntry(int Line, int Column) {
  size_t Begin = startOfLine(Line);
  if (Line < 1 || Begin == Text.size())
    return false;
  // A value on lines of its own belongs to the nearest key above that is
  // indented less.
  StringRef Document(Text);
  size_t First = Document.find_first_not_of(" \t\r\n-");
  bool IsFlow = First != StringRef::npos && Document[First] == '{';
  if (IsFlow) {
    size_t At = std::min(Begin + std::max(Column, 0), Text.size());
    size_t Key = Document.take_front(At).find_last_of("{,\n");
    Key = Key == StringRef::npos ? At : Key + 1;
    if (Key <= First)
      return false;
    blank(Key, endOfFlowEntry(Key));
    return true;
  }
  auto LineAt = [&](size_t At) {
    return Document.substr(At).take_until([](char C) { return C == '\n'; });
  };
  while (!LineAt(Begin).contains(':') ||
         LineAt(Begin).trim().starts_with("-")) {
    if (Begin == 0)
      return false;
    Begin = Document.take_front(Begin - 1).rfind('\n');
    Begin = Begin == StringRef::npos ? 0 : Begin + 1;
  }
  if (LineAt(Begin).trim().empty())
    return false;
  blank(Begin, endOfBlockEntry(Begin));
  return true;
}

unsigned Blanked::blankComments() {
  unsigned First = 0, Number = 0;
  for (size_t At = 0; At < Text.size();) {
    ++Number;
    size_t End = std::min(Text.find('\n', At), Text.size());
    if (StringRef(Text).slice(At, End).ltrim().starts_with("#")) {
      First = First ? First : Number;
      blank(At, End);
    }
    At = End + 1;
  }
  return First;
}

// Whether the text is YAML, whatever it says.
static bool isYaml(StringRef Text) {
  SourceMgr Sources;
  Sources.setDiagHandler([](const SMDiagnostic &, void *) {});
  yaml::Stream Stream(Text, Sources, /*ShowColors=*/false);
  return Stream.validate();
}

static SMDiagnostic at(StringRef Name, unsigned Line, const Twine &Message) {
  SourceMgr None;
  return SMDiagnostic(None, SMLoc(), Name, Line, -1, SourceMgr::DK_Error,
                      Message.str(), "", {});
}

// An invalid expression would hide every header; that is never meant.
static void dropInvalid(std::optional<std::string> &Expression, StringRef Text,
                        StringRef Name, DiagCallback LeftOut) {
  std::string Message;
  if (!Expression || Expression->empty() || Regex(*Expression).isValid(Message))
    return;
  size_t Place = Text.find(*Expression);
  unsigned Line =
      Place == StringRef::npos ? 0 : Text.take_front(Place).count('\n') + 1;
  LeftOut(at(Name, Line,
             "'" + *Expression + "' is no regular expression: " + Message));
  Expression.reset();
}

namespace {

/// One reading of a text.
struct Reading {
  Reading(StringRef Text, StringRef Name, ConfigParser Parse)
      : Options(Parse(MemoryBufferRef(Text, Name),
                      [this](const auto &Diag) { Said.push_back(Diag); })) {}

  std::vector<SMDiagnostic> Said; ///< Made before it is filled.
  ErrorOr<ClangTidyOptions> Options;
};

} // namespace

// A comment at the left margin ends a text that goes on below it: then what
// follows is the error. Returns the first comment's line if the error goes away
// without comments, which are blanked.
static unsigned blankWrongComments(Blanked &Text, const Reading &First,
                                   StringRef Name, ConfigParser Parse) {
  Blanked Without = Text;
  unsigned Line = Without.blankComments();
  if (!Line || First.Said.empty())
    return 0;
  Reading Second(Without.text(), Name, Parse);
  if (!Second.Options &&
      (Second.Said.empty() ||
       Second.Said.front().getLineNo() == First.Said.front().getLineNo()))
    return 0;
  Text = Without;
  return Line;
}

ErrorOr<ClangTidyOptions> parseTolerantly(MemoryBufferRef Config,
                                          ConfigParser Parse,
                                          DiagCallback LeftOut,
                                          DiagCallback Wrong) {
  StringRef Name = Config.getBufferIdentifier();
  Blanked Text(Config.getBuffer());
  // Each round leaves one entry out.
  static constexpr unsigned MostRounds = 200;
  for (unsigned Round = 0;; ++Round) {
    Reading Read(Text.text(), Name, Parse);
    if (auto &Options = Read.Options) {
      dropInvalid(Options->HeaderFilterRegex, Config.getBuffer(), Name,
                  LeftOut);
      dropInvalid(Options->ExcludeHeaderFilterRegex, Config.getBuffer(), Name,
                  LeftOut);
      return std::move(Options);
    }
    if (unsigned Line =
            Round ? 0 : blankWrongComments(Text, Read, Name, Parse)) {
      LeftOut(at(Name, Line,
                 "a comment at the left margin ends the text that it is in"));
      continue;
    }
    if (Round == MostRounds || Read.Said.empty() || !isYaml(Text.text()) ||
        !Text.blankEntry(Read.Said.front().getLineNo(),
                         Read.Said.front().getColumnNo())) {
      for (const SMDiagnostic &Diag : Read.Said)
        Wrong(Diag);
      return Read.Options.getError();
    }
    LeftOut(Read.Said.front());
  }
}

} // namespace threadhop
