//===--- LeadingIncludes.cpp - what units have in common ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/LeadingIncludes.h"
#include "driver/SourceText.h"
#include "clang/Driver/Types.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;
namespace tooling = clang::tooling;
namespace types = clang::driver::types;

namespace threadhop::driver {
namespace {

class Scanner {
public:
  explicit Scanner(StringRef Text) : Whole(Text), Rest(Text) {
    Rest.consume_front("\xEF\xBB\xBF");
  }

  LeadingIncludes run() {
    LeadingIncludes Result;
    while (skipBlank(/*SameLine=*/false)) {
      StringRef Name = include();
      // What comes behind it belongs to the line.
      if (Name.empty() || !skipBlank(/*SameLine=*/true) ||
          !(Rest.consume_front("\r\n") || Rest.consume_front("\n")))
        break;
      Result.Names.push_back(Name.str());
      Result.Ends.push_back(Whole.size() - Rest.size());
    }
    return Result;
  }

private:
  // As clang has it, a lone carriage return is one too.
  static bool isLineEnd(char C) { return C == '\n' || C == '\r'; }

  // White space and comments; false for a comment that does not end, or not
  // where it should.
  bool skipBlank(bool SameLine) {
    while (true) {
      Rest = Rest.ltrim(SameLine ? " \t" : " \t\r\n");
      if (Rest.starts_with("//")) {
        StringRef Line = Rest.take_until(isLineEnd);
        // A line that goes on is left to clang.
        if (Line.rtrim(" \t\r").ends_with("\\"))
          return false;
        Rest = Rest.drop_front(Line.size());
        // The end of the line counts.
        if (SameLine)
          return true;
      } else if (Rest.starts_with("/*")) {
        size_t End = Rest.find("*/", 2);
        if (End == StringRef::npos ||
            (SameLine && any_of(Rest.take_front(End), isLineEnd)))
          return false;
        Rest = Rest.drop_front(End + 2);
      } else {
        return true;
      }
    }
  }

  StringRef include() {
    StringRef At = Rest;
    if (!At.consume_front("#"))
      return "";
    At = At.ltrim(" \t");
    if (!At.consume_front("include"))
      return "";
    At = At.ltrim(" \t");
    if (!At.consume_front("<"))
      return "";
    StringRef Name =
        At.take_until([](char C) { return C == '>' || isLineEnd(C); });
    At = At.drop_front(Name.size());
    // Letters that no file's name should need are left to clang as well.
    if (!At.consume_front(">") || Name.contains('\\') || Name.contains("?\?"))
      return "";
    Rest = At;
    return Name;
  }

  StringRef Whole, Rest;
};

/// A tree of the beginnings of units.
struct Node {
  std::map<std::string, Node> Next;
  std::vector<unsigned> Here; ///< Units with nothing more.
};

/// Chooses where in the tree to share: what a unit saves counts by the number
/// of lines, and making them costs what one unit and a half saves.
class Chooser {
public:
  std::vector<HeaderGroup> Chosen;

  void choose(const Node &Root) {
    for (const auto &[Name, Child] : Root.Next) {
      Path = {Name};
      Plan Best = plan(Child, 1);
      std::move(Best.Groups.begin(), Best.Groups.end(),
                std::back_inserter(Chosen));
    }
  }

private:
  struct Plan {
    double Saved = 0;
    std::vector<HeaderGroup> Groups;
    std::vector<unsigned> All; ///< Units below.
  };

  Plan plan(const Node &At, unsigned Depth) {
    HeaderGroup Here;
    Here.Includes = Path;
    Here.Units = At.Here;
    Plan Apart, Mixed;
    Apart.All = At.Here;
    for (const auto &[Name, Child] : At.Next) {
      Path.push_back(Name);
      Plan Below = plan(Child, Depth + 1);
      Path.pop_back();
      Apart.Saved += Below.Saved;
      Apart.All.insert(Apart.All.end(), Below.All.begin(), Below.All.end());
      if (Below.Saved > double(Below.All.size()) * Depth) {
        Mixed.Saved += Below.Saved;
        Mixed.Groups.insert(Mixed.Groups.end(), Below.Groups.begin(),
                            Below.Groups.end());
      } else {
        Here.Units.insert(Here.Units.end(), Below.All.begin(), Below.All.end());
      }
      std::move(Below.Groups.begin(), Below.Groups.end(),
                std::back_inserter(Apart.Groups));
    }
    double Saved = (double(Here.Units.size()) - 1.5) * Depth;
    if (Here.Units.size() < FewestUnits || Mixed.Saved + Saved <= Apart.Saved)
      return Apart;
    Mixed.Saved += Saved;
    Mixed.All = std::move(Apart.All);
    sort(Here.Units);
    Mixed.Groups.push_back(std::move(Here));
    return Mixed;
  }

  static constexpr size_t FewestUnits = 3;
  std::vector<std::string> Path;
};

} // namespace

LeadingIncludes leadingIncludes(StringRef Text) { return Scanner(Text).run(); }

// Options with which something is read that no line of the file names, or
// with which a precompiled header means something else.
static bool isStrange(StringRef Arg) {
  static constexpr StringLiteral Starts[] = {
      "-include", "-imacros",  "-fmodule",    "-fprebuilt-module",
      "-Xclang",  "-cc1",      "-save-temps", "--save-temps",
      "-ivfs",    "-fpch",     "-emit",       "-fembed",
      "--cuda",   "-fplugin",  "-fopenmp",    "-freproducible",
      "-x",       "-fsycl",    "-fdelayed",   "-fms-",
      "-arch",    "--language"};
  return any_of(Starts,
                [&](StringRef Start) { return Arg.starts_with(Start); });
}

std::optional<std::vector<std::string>> commandFor(const Unit &What,
                                                   StringRef File) {
  StringRef Extension = sys::path::extension(What.File);
  Extension.consume_front(".");
  auto Type = types::lookupTypeForExtension(Extension);
  if (Type != types::TY_CXX)
    return std::nullopt;
  std::vector<std::string> Args = What.Command;
  for (const tooling::ArgumentsAdjuster &Adjust :
       {tooling::getClangStripOutputAdjuster(),
        tooling::getClangStripDependencyFileAdjuster(),
        tooling::getClangSyntaxOnlyAdjuster()})
    Args = Adjust(Args, What.File);
  unsigned Replaced = 0;
  for (size_t I = 1; I < Args.size(); ++I) {
    if (isStrange(Args[I]))
      return std::nullopt;
    if (normalisedPath(Args[I], What.Directory) == What.File) {
      Args[I] = File.str();
      ++Replaced;
    }
  }
  if (Replaced != 1)
    return std::nullopt;
  return Args;
}

std::vector<HeaderGroup> groupByHeaders(ArrayRef<Unit> Units) {
  std::map<std::pair<std::string, std::vector<std::string>>, Node> Roots;
  for (unsigned I = 0; I != Units.size(); ++I) {
    const Unit &What = Units[I];
    auto Command =
        commandFor(What, ("-" + sys::path::extension(What.File)).str());
    if (!Command)
      continue;
    auto Text = MemoryBuffer::getFile(What.File, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
    if (!Text)
      continue;
    Node *At = &Roots[{What.Directory, std::move(*Command)}];
    for (std::string &Name : leadingIncludes((*Text)->getBuffer()).Names)
      At = &At->Next[std::move(Name)];
    At->Here.push_back(I);
  }
  Chooser Result;
  for (const auto &[Command, Root] : Roots)
    Result.choose(Root);
  return std::move(Result.Chosen);
}

} // namespace threadhop::driver
