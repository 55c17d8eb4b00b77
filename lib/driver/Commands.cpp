//===--- Commands.cpp - cleans the commands of a database -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Commands.h"
#include "driver/CommandErrors.h"
#include "driver/Messages.h"
#include "driver/SourceText.h"
#include "support/CompatOptions.h"
#include "clang/Driver/Driver.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace llvm;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
using clang::tooling::CompileCommand;

namespace threadhop::driver {

//===----------------------------------------------------------------------===//
// What starts the compiler
//===----------------------------------------------------------------------===//

// How many strings are not the compiler's yet.
static size_t launcherLength(ArrayRef<std::string> Args) {
  std::string Program = path::filename(Args[0]).lower();
  StringRef Name = Program;
  Name.consume_back(".exe");
  size_t Length = 1;
  auto SkipWhile = [&](function_ref<bool(StringRef)> Skip) {
    while (Length < Args.size() && Skip(Args[Length]))
      ++Length;
    return Length;
  };
  auto IsSetting = [](StringRef Arg) {
    return Arg.contains('=') || Arg.starts_with("-");
  };
  if (Name == "cmake" && Args.size() > 2 && Args[1] == "-E") {
    Length = 3;
    if (Args[2] == "env")
      return SkipWhile(IsSetting);
    if (Args[2] == "time")
      return Length;
    // "__run_co_compile --tidy=... -- c++ ...".
    SkipWhile([](StringRef Arg) { return Arg != "--"; });
    return Length < Args.size() ? Length + 1 : 0;
  }
  if (Name == "env" || Name == "libtool")
    return SkipWhile(IsSetting);
  if (Name == "ccache" || Name == "sccache" || Name == "buildcache" ||
      Name == "distcc" || Name == "icecc" || Name == "gomacc")
    return SkipWhile([&](StringRef Arg) {
      return Arg.contains('=') && !Arg.starts_with("-");
    });
  return 0;
}

std::vector<std::string> withoutLauncher(std::vector<std::string> Args) {
  while (Args.size() > 2) {
    size_t Length = launcherLength(Args);
    // What comes must be a compiler.
    if (Length == 0 || Length >= Args.size() ||
        StringRef(Args[Length]).starts_with("-"))
      break;
    Args.erase(Args.begin(), Args.begin() + Length);
  }
  return Args;
}

//===----------------------------------------------------------------------===//
// What an argument is
//===----------------------------------------------------------------------===//

// Nothing if the option's value is missing.
static std::optional<CommandCleaner::Meaning> ask(ArrayRef<std::string> Args,
                                                  bool LikeCl) {
  // No option takes more, but for those that take all.
  static constexpr size_t Most = 8;
  SmallVector<const char *, Most> Strings;
  for (const std::string &Arg : Args.take_front(Most))
    Strings.push_back(Arg.c_str());
  opt::InputArgList List(Strings.begin(), Strings.end());
  unsigned Index = 0;
  auto Arg = optionTable().ParseOneArg(
      List, Index,
      opt::Visibility(LikeCl ? options::CLOption : options::ClangOption));
  if (!Arg)
    return std::nullopt;
  CommandCleaner::Meaning Result;
  Result.Strings = std::max(1U, Index);
  opt::Option Option = Arg->getOption();
  Result.ID = Option.getID();
  const opt::Arg *Written = Arg->getAlias() ? Arg->getAlias() : Arg.get();
  Result.Name = Written->getSpelling().size();
  auto Kind = Option.getKind();
  if (Kind == opt::Option::InputClass)
    Result.What = CommandCleaner::Meaning::Input;
  else if (Kind == opt::Option::UnknownClass ||
           Option.hasFlag(options::Unsupported))
    Result.What = CommandCleaner::Meaning::Unknown;
  else if (Kind == opt::Option::RemainingArgsClass ||
           Kind == opt::Option::RemainingArgsJoinedClass)
    Result.What = CommandCleaner::Meaning::Rest;
  return Result;
}

CommandCleaner::Meaning CommandCleaner::meaning(ArrayRef<std::string> Args,
                                                size_t Index, bool LikeCl) {
  auto It = Meanings[LikeCl].find(Args[Index]);
  unsigned Left = Args.size() - Index;
  if (It == Meanings[LikeCl].end()) {
    auto Answer = ask(Args.drop_front(Index), LikeCl);
    if (!Answer)
      return {Meaning::Unknown, 0, Left, 0};
    It = Meanings[LikeCl].try_emplace(Args[Index], *Answer).first;
  }
  Meaning Result = It->second;
  if (Result.What == Meaning::Rest)
    Result.Strings = Left;
  else if (Result.Strings > Left)
    Result = {Meaning::Unknown, 0, Left, 0};
  return Result;
}

static bool isLikeCl(ArrayRef<std::string> Args) {
  std::vector<const char *> Strings;
  for (const std::string &Arg : Args.drop_front())
    Strings.push_back(Arg.c_str());
  return clang::driver::IsClangCL(
      clang::driver::getDriverMode(Args.front(), Strings));
}

//===----------------------------------------------------------------------===//
// One command
//===----------------------------------------------------------------------===//

namespace {

class Cleaning {
public:
  Cleaning(CommandCleaner &Cleaner, const CompileCommand &Command,
           std::vector<std::string> Args, bool LikeCl)
      : Cleaner(Cleaner), Directory(normalisedPath(Command.Directory)),
        File(normalisedPath(Command.Filename, Directory)),
        Args(std::move(Args)), LikeCl(LikeCl) {}

  CleanCommand run();

private:
  struct Item {
    CommandCleaner::Meaning Is;
    size_t Begin;
  };

  void read();
  std::string value(const Item &What) const;
  bool isOwnFile(StringRef Name) const;
  bool isThere(StringRef Name) const {
    return fs::exists(normalisedPath(Name, Directory));
  }
  bool isModule(StringRef Name) const;
  void keep(const Item &What) {
    Result.Args.insert(Result.Args.end(), Args.begin() + What.Begin,
                       Args.begin() + What.Begin + What.Is.Strings);
  }
  void leaveOut(const Item &What, LeftOut::Reason Why);
  void input(size_t Index);
  void option(size_t &Index);
  bool isUseless(const Item &What) const;
  void frontend(size_t &Index);
  void include(const std::string &Name);
  void addHeaderSources();
  std::string headerSource(StringRef Precompiled);

  CommandCleaner &Cleaner;
  const std::string Directory, File;
  const std::vector<std::string> Args;
  const bool LikeCl;
  bool IsGcc = false, NamesFile = false, HasArch = false;
  std::vector<Item> Items;
  std::vector<std::string> Folders; ///< Where headers are looked for.
  std::vector<std::string> Precompiled;
  std::vector<std::string> Includes; ///< Of -include.
  CleanCommand Result;
};

} // namespace

void Cleaning::read() {
  for (size_t I = 1; I < Args.size();) {
    Item New{Cleaner.meaning(Args, I, LikeCl), I};
    I += New.Is.Strings;
    Items.push_back(New);
  }
  StringRef Program = path::filename(Args[0]);
  IsGcc = !Program.contains("clang") &&
          (Program.contains("g++") || Program.contains("gcc"));
  for (const Item &What : Items) {
    using Meaning = CommandCleaner::Meaning;
    if (What.Is.What == Meaning::Input)
      NamesFile |= isOwnFile(Args[What.Begin]);
    else if (What.Is.What == Meaning::Rest)
      for (const std::string &Name : ArrayRef(Args).drop_front(What.Begin))
        NamesFile |= isOwnFile(Name);
    else if (What.Is.ID == options::OPT_I || What.Is.ID == options::OPT_iquote)
      Folders.push_back(normalisedPath(value(What), Directory));
    StringRef Name = Args[What.Begin];
    // Clang's option of that name means another kind of modules.
    IsGcc |= Name.starts_with("-fmodule-mapper") || Name == "-fmodules-ts" ||
             Name.starts_with("-fdeps-");
  }
}

std::string Cleaning::value(const Item &What) const {
  if (What.Is.Strings > 1)
    return Args[What.Begin + 1];
  return StringRef(Args[What.Begin]).drop_front(What.Is.Name).str();
}

bool Cleaning::isOwnFile(StringRef Name) const {
  std::string Path = normalisedPath(Name, Directory);
  return Path == File || (path::filename(Path) == path::filename(File) &&
                          fs::equivalent(Path, File));
}

void Cleaning::leaveOut(const Item &What, LeftOut::Reason Why) {
  std::string Text = Args[What.Begin];
  for (unsigned I = 1; I < What.Is.Strings; ++I)
    Text += " " + Args[What.Begin + I];
  Result.Left.push_back({Why, std::move(Text)});
}

// Clang takes what it cannot make anything of for a file.
void Cleaning::input(size_t Index) {
  const Item &What = Items[Index];
  StringRef Name = Args[What.Begin];
  // Those that are there have been read.
  if (Name.starts_with("@") && !isThere(Name))
    return leaveOut(What, LeftOut::FileMissing);
  if (LikeCl && Name.starts_with("/") && !isOwnFile(Name) && !isThere(Name))
    return leaveOut(What, LeftOut::Unknown);
  if (!NamesFile || isOwnFile(Name))
    return keep(What);
  // Or it is the value of the unknown option before it. Other files are the
  // linker's, or another unit.
  if (Index && Items[Index - 1].Is.What == CommandCleaner::Meaning::Unknown &&
      !Result.Left.empty())
    Result.Left.back().Argument += " " + Name.str();
}

// Says nothing of the code, and makes clang print or load something or do more
// than one thing.
bool Cleaning::isUseless(const Item &What) const {
  switch (What.Is.ID) {
  case options::OPT_v:
  case options::OPT_H:
  case options::OPT__HASH_HASH_HASH:
  case options::OPT_fplugin_EQ:
  case options::OPT_fpass_plugin_EQ:
  case options::OPT_Wa_COMMA:
  case options::OPT_Xassembler:
  case options::OPT_Xlinker:
  case options::OPT_Wl_COMMA:
  case options::OPT__SLASH_link:
  case options::OPT__SLASH_Yu:
  case options::OPT__SLASH_Yc:
  case options::OPT__SLASH_Fp:
  case options::OPT_fmodule_output:
  case options::OPT_fmodule_output_EQ:
    return true;
  case options::OPT_fmodules:
    return IsGcc;
  default:
    return StringRef(Args[What.Begin]).starts_with_insensitive("/showIncludes");
  }
}

// The driver would look for a precompiled header beside the file; the frontend
// takes it as it is.
void Cleaning::include(const std::string &Name) {
  Includes.push_back(Name);
  Result.Args.insert(Result.Args.end(), {"-Xclang", "-include", "-Xclang"});
  std::string Source = Name;
  auto IsIn = [&](StringRef Folder) {
    SmallString<256> Path(Folder);
    path::append(Path, Name);
    return fs::exists(Path);
  };
  // GCC takes a precompiled header whose source is somewhere else.
  if (!isThere(Name) && none_of(Folders, IsIn))
    for (const std::string &Folder : Folders) {
      std::string Made =
          Cleaner.sourceOfHeader(normalisedPath(Name + ".gch", Folder));
      if (!Made.empty()) {
        Source = std::move(Made);
        break;
      }
    }
  Result.Args.push_back(std::move(Source));
}

// Whether a file looks like a module that clang has compiled.
bool Cleaning::isModule(StringRef Name) const {
  auto Text = MemoryBuffer::getFile(normalisedPath(Name, Directory),
                                    /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  return Text && (*Text)->getBuffer().starts_with("CPCH");
}

// Arguments of "-Xclang" that take a value are two of them.
void Cleaning::frontend(size_t &Index) {
  std::string First = value(Items[Index]);
  std::string Second;
  bool HasSecond =
      Index + 1 < Items.size() && Items[Index + 1].Is.ID == options::OPT_Xclang;
  if (HasSecond)
    Second = value(Items[Index + 1]);
  StringRef Name = First;
  bool IsPlugin = Name == "-load" || Name == "-plugin" ||
                  Name == "-add-plugin" || Name.starts_with("-plugin-arg-");
  if (HasSecond && (Name == "-include-pch" || IsPlugin)) {
    if (!IsPlugin)
      Precompiled.push_back(Second);
    ++Index;
  } else if (HasSecond && Name == "-include") {
    include(Second);
    ++Index;
  } else if (Name != "-emit-pch") {
    keep(Items[Index]);
  }
}

void Cleaning::option(size_t &Index) {
  const Item &What = Items[Index];
  switch (What.Is.ID) {
  case options::OPT_Xclang:
    return frontend(Index);
  case options::OPT_include:
    return include(value(What));
  case options::OPT_include_pch:
    Precompiled.push_back(value(What));
    return;
  case options::OPT_arch:
    // One unit is one architecture's.
    if (!std::exchange(HasArch, true))
      keep(What);
    return;
  case options::OPT_fmodule_file:
    // Clang reads it at once if it has no name.
    if (!StringRef(value(What)).contains('=') && !isModule(value(What)))
      return leaveOut(What, LeftOut::FileMissing);
    break;
  default:
    break;
  }
  if (!isUseless(What))
    keep(What);
}

std::string Cleaning::headerSource(StringRef Header) {
  std::string Path = normalisedPath(Header, Directory);
  if (std::string Made = Cleaner.sourceOfHeader(Path); !Made.empty())
    return Made;
  SmallString<256> Beside(Path);
  path::replace_extension(Beside, "");
  if (fs::exists(Beside))
    return std::string(Beside);
  for (const std::string &Folder : Folders) {
    SmallString<256> Candidate(Folder);
    path::append(Candidate, path::filename(Beside));
    if (fs::exists(Candidate))
      return std::string(Candidate);
  }
  return "";
}

// In the place of precompiled headers, which come before all else.
void Cleaning::addHeaderSources() {
  std::vector<std::string> First;
  for (const std::string &Header : Precompiled) {
    StringRef Stem = path::stem(Header);
    // The build may name the source as well.
    if (any_of(Includes,
               [&](StringRef Name) { return path::filename(Name) == Stem; }))
      continue;
    std::string Source = headerSource(Header);
    if (Source.empty())
      Result.Left.push_back({LeftOut::NoSource, Header});
    else
      First.insert(First.end(), {"-Xclang", "-include", "-Xclang", Source});
  }
  Result.Args.insert(Result.Args.begin() + 1, First.begin(), First.end());
}

CleanCommand Cleaning::run() {
  read();
  Result.Args.push_back(Args[0]);
  for (size_t I = 0; I < Items.size(); ++I)
    switch (Items[I].Is.What) {
    case CommandCleaner::Meaning::Unknown:
      leaveOut(Items[I], LeftOut::Unknown);
      break;
    case CommandCleaner::Meaning::Input:
      input(I);
      break;
    case CommandCleaner::Meaning::Known:
    case CommandCleaner::Meaning::Rest:
      option(I);
    }
  addHeaderSources();
  return std::move(Result);
}

//===----------------------------------------------------------------------===//
// All commands
//===----------------------------------------------------------------------===//

CommandCleaner::CommandCleaner(ArrayRef<CompileCommand> All) : All(All) {}

// What is written, as far as a command names it.
static std::string outputOf(const CompileCommand &Command) {
  if (!Command.Output.empty())
    return Command.Output;
  ArrayRef<std::string> Args = Command.CommandLine;
  for (size_t I = 1; I < Args.size(); ++I) {
    StringRef Arg = Args[I];
    if (Arg == "-o")
      return I + 1 < Args.size() ? Args[I + 1] : "";
    if (Arg.consume_front("-o") && !Arg.empty())
      return Arg.str();
  }
  return "";
}

std::string CommandCleaner::sourceOfHeader(StringRef Path) {
  if (!std::exchange(KnowsHeaders, true))
    for (const CompileCommand &Command : All) {
      std::string Output = outputOf(Command);
      StringRef Extension = path::extension(Output);
      if (Extension != ".pch" && Extension != ".gch")
        continue;
      std::string Directory = normalisedPath(Command.Directory);
      HeaderSources[normalisedPath(Output, Directory)] =
          normalisedPath(Command.Filename, Directory);
    }
  auto It = HeaderSources.find(Path.str());
  return It == HeaderSources.end() || !fs::exists(It->second) ? "" : It->second;
}

// Options that are each unit's own, and that clang does not judge.
static bool isUnitsOwn(unsigned ID) {
  switch (ID) {
  case options::OPT_D:
  case options::OPT_U:
  case options::OPT_I:
  case options::OPT_isystem:
  case options::OPT_iquote:
  case options::OPT_idirafter:
  case options::OPT_o:
  case options::OPT_MF:
  case options::OPT_MT:
  case options::OPT_MQ:
    return true;
  default:
    return false;
  }
}

// What only clang itself can tell: values that are not for it, options that
// are not for the target. Units of one kind have the same.
void CommandCleaner::correct(CleanCommand &Command, StringRef File,
                             bool LikeCl) {
  std::vector<std::string> Flags = {Command.Args[0]};
  for (size_t I = 1; I < Command.Args.size();) {
    Meaning Is = meaning(Command.Args, I, LikeCl);
    if (Is.What == Meaning::Rest)
      break;
    if (Is.What == Meaning::Known && !isUnitsOwn(Is.ID))
      Flags.insert(Flags.end(), Command.Args.begin() + I,
                   Command.Args.begin() + I + Is.Strings);
    I += Is.Strings;
  }
  Flags.push_back(("threadhop-unit" + path::extension(File)).str());
  auto [It, New] = Corrected.try_emplace(Flags);
  if (New)
    It->second = correctionsFor(Flags);
  std::set<std::string> Replaced;
  for (const auto &[Argument, Better] : It->second) {
    if (replaceArgument(Command.Args, Argument, Better) &&
        !Replaced.count(Argument))
      Command.Left.push_back({LeftOut::Unknown, Argument});
    Replaced.insert(Better);
  }
}

CleanCommand CommandCleaner::clean(const CompileCommand &Command) {
  std::vector<std::string> Args = withoutLauncher(Command.CommandLine);
  if (Args.empty())
    return {};
  clang::tooling::addTargetAndModeForProgramName(Args, Args[0]);
  bool LikeCl = isLikeCl(Args);
  CleanCommand Result = Cleaning(*this, Command, std::move(Args), LikeCl).run();
  correct(Result, Command.Filename, LikeCl);
  return Result;
}

//===----------------------------------------------------------------------===//
// What the user is told
//===----------------------------------------------------------------------===//

void LeftOutSummary::add(ArrayRef<LeftOut> OfUnit) {
  std::set<LeftOut::Reason> Reasons;
  std::set<std::pair<LeftOut::Reason, std::string>> Options;
  for (const LeftOut &What : OfUnit) {
    Group &Of = Groups[What.Why];
    Of.Units += Reasons.insert(What.Why).second;
    std::string Name = What.Why == LeftOut::Unknown
                           ? StringRef(What.Argument).split('=').first.str()
                           : What.Argument;
    if (!Options.insert({What.Why, Name}).second)
      continue;
    auto It = find_if(Of.Entries,
                      [&](const auto &Entry) { return Entry.first == Name; });
    if (It == Of.Entries.end())
      It = Of.Entries.insert(It, {Name, {What.Argument, 0}});
    ++It->second.Units;
  }
}

static std::string sentence(LeftOut::Reason Why, const std::string &First,
                            unsigned More, unsigned Units) {
  bool One = More == 0;
  std::string Text = "'" + First + "'";
  if (Why == LeftOut::NoSource)
    return "precompiled header " + Text +
           (One ? "" : " and " + counted(More, "more of the kind")) +
           ", which " + counted(Units, "unit") +
           (Units == 1 ? " uses, is" : " use, is") +
           " left out: it has no source that is there";
  if (!One)
    Text += " and " + counted(More, "more argument");
  if (Why == LeftOut::Unknown)
    Text += One ? ", which clang does not know," : " that clang does not know";
  else
    Text += One ? ", whose file is not there or not clang's,"
                : " whose files are not there or not clang's";
  return Text + (One ? " is" : " are") + " left out of the " +
         (Units == 1 ? "command of 1 unit"
                     : "commands of " + std::to_string(Units) + " units");
}

std::vector<std::string> LeftOutSummary::lines(bool Verbose) const {
  std::vector<std::string> Lines;
  for (const auto &[Why, Of] : Groups) {
    if (!Verbose) {
      Lines.push_back(sentence(Why, Of.Entries.front().second.Argument,
                               Of.Entries.size() - 1, Of.Units));
      continue;
    }
    for (const auto &[Name, Entry] : Of.Entries)
      Lines.push_back(sentence(Why, Entry.Argument, 0, Entry.Units));
  }
  return Lines;
}

} // namespace threadhop::driver
