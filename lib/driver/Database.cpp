//===--- Database.cpp - the translation units to analyse ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Database.h"
#include "driver/Commands.h"
#include "driver/Messages.h"
#include "driver/SourceText.h"
#include "clang/Driver/Types.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <nlohmann/json.hpp>
#include <set>

using namespace llvm;
namespace tooling = clang::tooling;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
using clang::tooling::CompilationDatabase;
using clang::tooling::CompileCommand;

namespace threadhop::driver {

static constexpr StringLiteral DatabaseName = "compile_commands.json";
static constexpr StringLiteral FlagsName = "compile_flags.txt";

void to_json(Json &J, const Unit &U) {
  J = Json{
      {"file", U.File}, {"directory", U.Directory}, {"command", U.Command}};
}

void from_json(const Json &J, Unit &U) {
  J.at("file").get_to(U.File);
  J.at("directory").get_to(U.Directory);
  J.at("command").get_to(U.Command);
}

// The database in a folder, or an empty string.
static std::string databaseIn(StringRef Folder) {
  for (StringRef Name : {DatabaseName, FlagsName}) {
    SmallString<256> File(Folder);
    path::append(File, Name);
    if (fs::exists(File))
      return std::string(File);
  }
  return "";
}

static std::string databaseAbove(StringRef Folder) {
  for (; !Folder.empty(); Folder = path::parent_path(Folder)) {
    if (std::string File = databaseIn(Folder); !File.empty())
      return File;
    SmallString<256> Build(Folder);
    path::append(Build, "build");
    if (std::string File = databaseIn(Build); !File.empty())
      return File;
  }
  return "";
}

static Expected<std::string> findDatabase(const Options &Opts) {
  if (!Opts.BuildPath.empty()) {
    fs::file_status Status;
    if (std::error_code EC = fs::status(Opts.BuildPath, Status))
      return makeError("cannot read '" + Opts.BuildPath +
                       "' of -p: " + EC.message());
    if (!fs::is_directory(Status))
      return normalisedPath(Opts.BuildPath);
    // An unreadable folder looks like an empty one otherwise.
    std::error_code EC;
    fs::directory_iterator Probe(Opts.BuildPath, EC);
    if (EC)
      return makeError("cannot read '" + Opts.BuildPath +
                       "' of -p: " + EC.message());
    std::string File = databaseIn(normalisedPath(Opts.BuildPath));
    if (File.empty())
      return makeError("there is no " + DatabaseName + " in '" +
                       Opts.BuildPath + "' (given with -p)");
    return File;
  }
  SmallString<256> Current;
  if (std::error_code EC = fs::current_path(Current))
    return makeError("cannot tell the current folder: " + EC.message());
  if (std::string File = databaseAbove(Current); !File.empty())
    return File;
  // A path into another project names that project's database.
  for (const std::string &Path : Opts.Paths) {
    std::string Absolute = normalisedPath(Path);
    StringRef Folder = Absolute;
    if (!fs::is_directory(Absolute))
      Folder = path::parent_path(Absolute);
    if (std::string File = databaseAbove(Folder); !File.empty())
      return File;
  }
  return makeError(
      "there is no " + DatabaseName + " in '" + Current +
      "', in its folder build, or in a folder above; name the folder that has "
      "one with -p, let CMake write one with "
      "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON, or give the compiler's arguments "
      "after '--'");
}

static Expected<std::unique_ptr<CompilationDatabase>>
loadDatabase(StringRef File) {
  std::string Message;
  if (path::filename(File) == FlagsName) {
    auto Flags = tooling::FixedCompilationDatabase::loadFromFile(File, Message);
    if (!Flags)
      return makeError("cannot read '" + File + "': " + Message);
    return Flags;
  }
  auto Text = MemoryBuffer::getFile(File);
  if (!Text)
    return makeError("cannot read '" + File +
                     "': " + Text.getError().message());
  // clang reads the database as YAML and cannot tell where it is wrong.
  StringRef Content = (*Text)->getBuffer();
  if (!Json::accept(Content.begin(), Content.end())) {
    try {
      [[maybe_unused]] Json Never = Json::parse(Content.begin(), Content.end());
    } catch (const Json::parse_error &E) {
      SourceText Source(MemoryBuffer::getMemBufferCopy(Content, File));
      auto [Line, Column] = Source.position(E.byte ? E.byte - 1 : 0);
      // "[json.exception...] parse error at line 2, column 3: what".
      StringRef What = E.what();
      if (size_t Colon = What.find(": "); Colon != StringRef::npos)
        What = What.substr(Colon + 2);
      return makeError(File + ":" + Twine(Line) + ":" + Twine(Column) +
                       ": the compilation database is no JSON: " + What);
    }
  }
  auto Base = tooling::JSONCompilationDatabase::loadFromBuffer(
      Content, Message, tooling::JSONCommandLineSyntax::AutoDetect);
  if (!Base)
    return makeError("'" + File + "' is no compilation database: " +
                     StringRef(Message).trim());
  return tooling::inferMissingCompileCommands(
      tooling::expandResponseFiles(std::move(Base), vfs::getRealFileSystem()));
}

// What the compiler makes of a file with that extension.
static bool isHeader(StringRef File) {
  StringRef Extension = path::extension(File);
  Extension.consume_front(".");
  auto Type = clang::driver::types::lookupTypeForExtension(Extension);
  return Type == clang::driver::types::TY_INVALID ||
         clang::driver::types::onlyPrecompileType(Type);
}

static bool isForClang(StringRef File) {
  StringRef Extension = path::extension(File);
  Extension.consume_front(".");
  auto Type = clang::driver::types::lookupTypeForExtension(Extension);
  return Type == clang::driver::types::TY_INVALID ||
         clang::driver::types::isDerivedFromC(Type);
}

namespace {

/// Turns compile commands into units.
class Selection {
public:
  explicit Selection(const Options &Opts)
      : Opts(Opts), Resources(resourceFolder()) {}

  /// From now on commands come from a database with these, and are cleaned.
  void takeFrom(ArrayRef<CompileCommand> All) { Cleaner.emplace(All); }
  void add(const CompileCommand &Command);
  /// What there is to say of all of them.
  UnitList finish();
  UnitList Result;

private:
  CleanCommand adjusted(const CompileCommand &Command);

  const Options &Opts;
  std::optional<CommandCleaner> Cleaner;
  LeftOutSummary Left;
  const std::string Resources;
  std::set<std::pair<std::string, std::vector<std::string>>> Seen;
};

} // namespace

CleanCommand Selection::adjusted(const CompileCommand &Command) {
  CompileCommand Wanted = Command;
  // A warning that the project promotes to an error does not make the unit
  // wrong, least of all one that only this compiler gives.
  erase_if(Wanted.CommandLine, [&](StringRef Arg) {
    return Arg == "-Werror" || Arg.starts_with("-Werror=") ||
           Arg == "-pedantic-errors" || is_contained(Opts.RemovedArgs, Arg);
  });
  CleanCommand Result;
  if (Cleaner)
    Result = Cleaner->clean(Wanted);
  else
    Result.Args = std::move(Wanted.CommandLine);
  // The user's own arguments are the user's to get right.
  std::vector<std::string> &Args = Result.Args;
  using tooling::ArgumentInsertPosition;
  auto Insert = [&](const std::vector<std::string> &What,
                    ArgumentInsertPosition Where) {
    Args =
        tooling::getInsertArgumentAdjuster(What, Where)(Args, Command.Filename);
  };
  Insert(Opts.ExtraArgs, ArgumentInsertPosition::END);
  Insert(Opts.ExtraArgsBefore, ArgumentInsertPosition::BEGIN);
  bool HasFolder = any_of(
      Args, [](StringRef Arg) { return Arg.starts_with("-resource-dir"); });
  if (!Resources.empty() && !HasFolder)
    Insert({"-resource-dir=" + Resources}, ArgumentInsertPosition::BEGIN);
  return Result;
}

void Selection::add(const CompileCommand &Command) {
  Unit New;
  New.Directory = normalisedPath(Command.Directory);
  New.File = normalisedPath(Command.Filename, New.Directory);
  CleanCommand Clean = adjusted(Command);
  New.Command = std::move(Clean.Args);
  if (!Seen.insert({New.Directory + '\0' + New.File, New.Command}).second)
    return;
  Left.add(Clean.Left);
  Result.Units.push_back(std::move(New));
}

UnitList Selection::finish() {
  append_range(Result.Notes, Left.lines(Opts.Verbose));
  return std::move(Result);
}

static std::string fileOf(const CompileCommand &Command) {
  return normalisedPath(Command.Filename, normalisedPath(Command.Directory));
}

// The units of fixed arguments: every path is a file.
static Error selectFixed(const CompilationDatabase &Database,
                         const Options &Opts, Selection &To) {
  Error Wrong = Error::success();
  auto Fail = [&](const Twine &Text) {
    Wrong = joinErrors(std::move(Wrong), makeError(Text));
  };
  if (Opts.Paths.empty())
    Fail("no file is named; without a compilation database the files to "
         "analyse must be on the command line");
  for (const std::string &Path : Opts.Paths) {
    std::string File = normalisedPath(Path);
    if (!fs::exists(File))
      Fail("'" + Path + "' is not there");
    else if (fs::is_directory(File))
      Fail("'" + Path +
           "' is a folder; without a compilation database name "
           "files");
    else
      for (const CompileCommand &Command : Database.getCompileCommands(File))
        To.add(Command);
  }
  return Wrong;
}

namespace {

/// The entries of a database by file, found by name or by identity.
class Entries {
public:
  explicit Entries(const CompilationDatabase &Database) {
    for (CompileCommand &Command : Database.getAllCompileCommands())
      if (isForClang(Command.Filename)) {
        ByFile[fileOf(Command)].push_back(All.size());
        All.push_back(std::move(Command));
      }
  }

  ArrayRef<unsigned> of(StringRef File) {
    if (auto It = ByFile.find(File.str()); It != ByFile.end())
      return It->second;
    // A path through a symbolic link is the same file.
    fs::UniqueID ID;
    if (fs::getUniqueID(File, ID))
      return {};
    if (ByIdentity.empty())
      for (const auto &[Name, Indexes] : ByFile) {
        fs::UniqueID Other;
        if (!fs::getUniqueID(Name, Other))
          ByIdentity.try_emplace({Other.getDevice(), Other.getFile()}, Name);
      }
    auto It = ByIdentity.find({ID.getDevice(), ID.getFile()});
    if (It == ByIdentity.end())
      return {};
    return ByFile[It->second];
  }

  std::vector<unsigned> below(StringRef Folder) const {
    std::vector<unsigned> Found;
    SmallString<256> Real;
    fs::real_path(Folder, Real);
    for (const auto &[File, Indexes] : ByFile)
      if (isBelow(File, Folder) || isBelow(File, Real))
        Found.insert(Found.end(), Indexes.begin(), Indexes.end());
    sort(Found);
    return Found;
  }

  std::vector<CompileCommand> All;

private:
  static bool isBelow(StringRef File, StringRef Folder) {
    if (Folder.empty() || !File.consume_front(Folder))
      return false;
    return Folder.ends_with("/") || File.starts_with("/");
  }

  std::map<std::string, std::vector<unsigned>> ByFile;
  std::map<std::pair<uint64_t, uint64_t>, std::string> ByIdentity;
};

} // namespace

static Error selectFromDatabase(const CompilationDatabase &Database,
                                StringRef DatabaseFile, const Options &Opts,
                                Selection &To) {
  Entries Known(Database);
  if (Known.All.empty())
    return makeError("the compilation database '" + DatabaseFile +
                     "' has no C or C++ file");
  To.takeFrom(Known.All);
  if (Opts.Paths.empty())
    for (const CompileCommand &Command : Known.All)
      To.add(Command);

  Error Wrong = Error::success();
  auto Fail = [&](const Twine &Text) {
    Wrong = joinErrors(std::move(Wrong), makeError(Text));
  };
  for (const std::string &Path : Opts.Paths) {
    std::string File = normalisedPath(Path);
    fs::file_status Status;
    if (std::error_code EC = fs::status(File, Status)) {
      // Its entry says what was meant; the run reports it as gone.
      if (ArrayRef<unsigned> Found = Known.of(File); !Found.empty())
        for (unsigned I : Found)
          To.add(Known.All[I]);
      else
        Fail("cannot read '" + Path + "': " + EC.message());
    } else if (fs::is_directory(Status)) {
      std::vector<unsigned> Found = Known.below(File);
      if (Found.empty())
        Fail("no file of the compilation database '" + DatabaseFile +
             "' is below '" + Path + "'");
      for (unsigned I : Found)
        To.add(Known.All[I]);
    } else if (ArrayRef<unsigned> Found = Known.of(File); !Found.empty()) {
      for (unsigned I : Found)
        To.add(Known.All[I]);
    } else if (isHeader(File)) {
      for (const CompileCommand &Command : Database.getCompileCommands(File)) {
        To.Result.Notes.push_back(
            "'" + Path +
            "' is not in the compilation database; its command "
            "is " +
            Command.Heuristic);
        To.add(Command);
      }
    } else {
      Fail("'" + Path + "' is not in the compilation database '" +
           DatabaseFile + "'; its arguments may be given after '--'");
    }
  }
  return Wrong;
}

// A link to the database is often beside the sources, and so is the database
// itself of a build that takes place there.
static std::string buildFolder(StringRef DatabaseFile, ArrayRef<Unit> Units) {
  SmallString<256> Real;
  if (fs::real_path(DatabaseFile, Real))
    return "";
  StringRef Folder = path::parent_path(Real);
  auto Has = [&](StringRef Name) {
    SmallString<256> Path(Folder);
    path::append(Path, Name);
    return fs::exists(Path);
  };
  if (Has("CMakeLists.txt") || Has("meson.build") || Has(".git"))
    return "";
  bool Apart = Has("CMakeCache.txt") || any_of(Units, [&](const Unit &What) {
                 return relativeTo(Folder, What.File) == What.File;
               });
  return Apart ? Folder.str() : "";
}

Expected<UnitList> selectUnits(const Options &Opts) {
  Selection To(Opts);
  if (Opts.CompilerArguments) {
    std::vector<const char *> Args = {"threadhop", "--"};
    for (const std::string &Arg : *Opts.CompilerArguments)
      Args.push_back(Arg.c_str());
    int Count = Args.size();
    std::string Message;
    auto Fixed = tooling::FixedCompilationDatabase::loadFromCommandLine(
        Count, Args.data(), Message);
    if (!Fixed)
      return makeError("the arguments after '--' are no compiler arguments: " +
                       Message);
    if (Error Wrong = selectFixed(*Fixed, Opts, To))
      return Wrong;
    return To.finish();
  }
  auto File = findDatabase(Opts);
  if (!File)
    return File.takeError();
  auto Database = loadDatabase(*File);
  if (!Database)
    return Database.takeError();
  // Compilers for other targets carry their names.
  InitializeAllTargetInfos();
  To.takeFrom({});
  Error Wrong = path::filename(*File) == FlagsName
                    ? selectFixed(**Database, Opts, To)
                    : selectFromDatabase(**Database, *File, Opts, To);
  if (Wrong)
    return Wrong;
  UnitList Selected = To.finish();
  Selected.BuildFolder = buildFolder(*File, Selected.Units);
  return Selected;
}

std::string resourceFolder() {
  static int Symbol;
  std::string Program = fs::getMainExecutable("threadhop", &Symbol);
  SmallString<256> Beside(path::parent_path(path::parent_path(Program)));
  path::append(Beside, "lib", "clang", path::filename(THREADHOP_RESOURCES));
  for (StringRef Folder : {StringRef(Beside), StringRef(THREADHOP_RESOURCES)}) {
    SmallString<256> Header(Folder);
    path::append(Header, "include", "stddef.h");
    if (fs::exists(Header))
      return Folder.str();
  }
  return "";
}

} // namespace threadhop::driver
