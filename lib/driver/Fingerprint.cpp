//===--- Fingerprint.cpp - tells results apart over time ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Fingerprint.h"
#include "driver/EnclosingName.h"
#include "driver/SourceText.h"
#include "findings/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;

namespace threadhop::driver {

// The text as UTF-16; a byte that is no UTF-8 becomes U+FFFD, as every reader
// of the file in a browser sees it.
static std::vector<UTF16> toUTF16(StringRef Text) {
  std::vector<UTF16> Units;
  Units.reserve(Text.size());
  forEachCharacter(Text, [&](UTF32 Code, StringRef) {
    UTF16 Pair[2];
    UTF16 *To = Pair;
    const UTF32 *From = &Code;
    ConvertUTF32toUTF16(&From, &Code + 1, &To, Pair + 2, strictConversion);
    Units.insert(Units.end(), Pair, To);
  });
  return Units;
}

std::vector<std::string> lineHashes(StringRef Text) {
  // Spaces and tabs do not count, every line end is a line feed, and 0xFFFF
  // marks the end of the file.
  std::vector<UTF16> Kept;
  std::vector<size_t> Starts;
  bool AtStart = true;
  auto Put = [&](UTF16 Unit) {
    if (AtStart)
      Starts.push_back(Kept.size());
    Kept.push_back(Unit);
    AtStart = Unit == '\n';
  };
  std::vector<UTF16> Units = toUTF16(Text);
  for (size_t I = 0; I != Units.size(); ++I) {
    if (Units[I] == ' ' || Units[I] == '\t')
      continue;
    if (Units[I] != '\r') {
      Put(Units[I]);
      continue;
    }
    if (I + 1 != Units.size() && Units[I + 1] == '\n')
      ++I;
    Put('\n');
  }
  Put(0xFFFF);

  static constexpr size_t Window = 100;
  static constexpr uint64_t Base = 37;
  Kept.resize(Kept.size() + Window, 0);
  StringMap<unsigned> Seen;
  std::vector<std::string> Hashes;
  for (size_t Start : Starts) {
    uint64_t Hash = 0;
    for (UTF16 Unit : ArrayRef(Kept).slice(Start, Window))
      Hash = Hash * Base + Unit;
    std::string Hex = utohexstr(Hash, /*LowerCase=*/true);
    unsigned Count = ++Seen[Hex];
    Hashes.push_back(Hex + ":" + std::to_string(Count));
  }
  return Hashes;
}

std::string withoutPlaces(StringRef Message) {
  // "(lambda at /src/a.cpp:3:7)", "a.cpp:3:7", "line 3".
  static Regex Patterns[] = {Regex(" at [^()']*:[0-9]+:[0-9]+"),
                             Regex(":[0-9]+(:[0-9]+)?"), Regex("line [0-9]+")};
  std::string Text = Message.str();
  for (Regex &Pattern : Patterns) {
    SmallVector<StringRef> Match;
    while (Pattern.match(Text, &Match)) {
      size_t At = Match[0].data() - Text.data();
      Text.erase(At, Match[0].size());
    }
  }
  return Text;
}

std::string plainSymbol(StringRef Symbol) {
  static Regex Place("\\((lambda|(unnamed|anonymous) [a-z]+)"
                     "( at ([^:]|:[^0-9])*:[0-9]+:[0-9]+)\\)");
  std::string Text = join(split(Symbol, "(anonymous namespace)::"), "");
  SmallVector<StringRef> Match;
  while (Place.match(Text, &Match))
    Text.erase(Match[3].data() - Text.data(), Match[3].size());
  // The text of an expression may go over several lines.
  SmallVector<StringRef> Words;
  SplitString(Text, Words);
  return join(Words, " ");
}

namespace {

/// Where a result is, beside its line.
struct Surroundings {
  const SourceText *Source = nullptr; ///< Null if it cannot be read.
  std::string Function;
};

/// Makes fingerprints of one version, which number equal ones by themselves.
class Numbering {
public:
  std::string print(ArrayRef<std::string> Parts) {
    auto Hash =
        SHA256::hash(arrayRefFromStringRef(join(Parts, StringRef("\0", 1))));
    std::string Hex = toHex(ArrayRef(Hash).take_front(16), /*LowerCase=*/true);
    return Hex + ":" + std::to_string(++Seen[Hex]);
  }

private:
  StringMap<unsigned> Seen;
};

} // namespace

// The line, however it is indented.
static void addLine(std::vector<std::string> &Parts, const Result &R,
                    const SourceText &Source) {
  Parts.push_back(sys::path::filename(R.At.File).str());
  for (StringRef Word : split(Source.line(R.At.Line).trim(), ' '))
    if (!Word.empty())
      Parts.push_back(Word.str());
}

static std::vector<std::string> partsV1(const Result &R,
                                        const Surroundings &Around) {
  std::vector<std::string> Parts = {R.Check, withoutPlaces(R.Message)};
  if (!Around.Source)
    return Parts;
  Parts.push_back(Around.Function);
  // The messages of our checks name what they speak of; for others the line
  // stands for it.
  if (!findRule(R.Check))
    addLine(Parts, R, *Around.Source);
  return Parts;
}

// A name that does not stand in the file was pasted together by a macro, most
// likely with __LINE__ or __COUNTER__, which change with what is above.
static std::string symbolOf(const Result &R, const SourceText *Source) {
  std::string Symbol = plainSymbol(R.Symbol);
  auto IsInName = [](char C) { return isAlnum(C) || C == '_'; };
  if (Source && all_of(Symbol, IsInName) && !Source->text().contains(Symbol))
    erase_if(Symbol, isDigit);
  return Symbol;
}

static std::vector<std::string> partsV2(const Result &R,
                                        const Surroundings &Around) {
  if (!R.Kind.empty())
    return {R.Check, R.Kind, symbolOf(R, Around.Source), Around.Function};
  // Of what other checks speak only the line tells, and where that is gone the
  // message.
  if (!Around.Source || !R.At.isValid())
    return {R.Check, "", withoutPlaces(R.Message)};
  std::vector<std::string> Parts = {R.Check, "", Around.Function};
  addLine(Parts, R, *Around.Source);
  return Parts;
}

void setFingerprints(std::vector<Result> &Results, SourceCache &Sources) {
  // What a comment hides must not change the numbers of what it does not.
  std::vector<Result *> Order;
  for (bool Hidden : {false, true})
    for (Result &R : Results)
      if (R.HiddenBy.has_value() == Hidden)
        Order.push_back(&R);
  StringMap<EnclosingNames> Names;
  Numbering V1, V2;
  for (Result *R : Order) {
    Surroundings Around;
    Around.Source = Sources.get(R->At.File);
    if (Around.Source)
      Around.Function = Names.try_emplace(R->At.File, Around.Source->text())
                            .first->second.at(R->At.Offset);
    R->Fingerprint = V2.print(partsV2(*R, Around));
    R->FingerprintV1 = V1.print(partsV1(*R, Around));
  }
}

} // namespace threadhop::driver
