//===--- Options.cpp - the driver's command line --------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Options.h"
#include "driver/Jobs.h"
#include "driver/Messages.h"
#include "driver/Shard.h"
#include "driver/SourceText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/raw_ostream.h"
#include <nlohmann/json.hpp>

using namespace llvm;

namespace threadhop::driver {

static const char *const Overview =
    "threadhop finds what breaks when work hops between threads\n\n"
    "  A path is a file or a folder of the compilation database; without one,\n"
    "  every translation unit of the database is analysed. Arguments after\n"
    "  '--' are the compiler's, and no database is needed. 'threadhop merge\n"
    "  --help' tells how to put the logs of several runs together, 'threadhop\n"
    "  convert --help' how to make one of what clang-tidy exported.\n\n"
    "  Exit status: 0 no findings, 1 findings, 2 the run cannot be trusted.\n";

// LLVM's libraries register hundreds of options of their own. A word that is
// none of ours must be an error, not a switch deep inside a code generator.
static void removeForeignOptions() {
  const StringSet<> Ours = {"help", "help-hidden", "version", "h"};
  std::vector<cl::Option *> Foreign;
  for (auto &Entry : cl::getRegisteredOptions())
    if (!Ours.contains(Entry.second->ArgStr))
      Foreign.push_back(Entry.second);
  for (cl::Option *Option : Foreign)
    Option->removeArgument();
}

namespace {

/// The options as llvm::cl sees them. Made after the foreign ones are gone, so
/// that no name can collide.
struct CommandLine {
  cl::OptionCategory Input{"What to analyse"};
  cl::OptionCategory Checking{"Checks and their configuration (as clang-tidy)"};
  cl::OptionCategory Output{"Output"};
  cl::OptionCategory Running{"Running"};
  cl::OptionCategory Asking{"Questions"};

  cl::list<std::string> Paths{cl::Positional, cl::ZeroOrMore,
                              cl::desc("[paths...] [-- compiler arguments]"),
                              cl::cat(Input)};
  cl::opt<std::string> BuildPath{
      "p", cl::value_desc("folder"), cl::cat(Input),
      cl::desc("Folder of compile_commands.json. Default:\nfound upward from "
               "the current "
               "folder, its\nfolders build/ included")};
  cl::list<std::string> ExtraArgs{
      "extra-arg", cl::value_desc("argument"), cl::cat(Input),
      cl::desc("Append to every compiler command line")};
  cl::list<std::string> ExtraArgsBefore{
      "extra-arg-before", cl::value_desc("argument"), cl::cat(Input),
      cl::desc("Prepend to every compiler command line")};
  cl::list<std::string> RemovedArgs{
      "removed-arg", cl::value_desc("argument"), cl::cat(Input),
      cl::desc("Remove from every compiler command line")};
  cl::opt<std::string> ChangedSince{
      "changed-since", cl::value_desc("revision"), cl::cat(Input),
      cl::desc("Only findings that touch lines changed since\nthe current "
               "branch left that revision of git")};

  cl::opt<std::string> Checks{
      "checks", cl::value_desc("globs"), cl::cat(Checking),
      cl::desc("Patterns of checks, separated by commas, '-'\nbefore one turns "
               "off. Added to what is on: every\nstable check of threadhop, "
               "unless 'Checks' of a\n.clang-tidy file names some. "
               "clang-tidy's own\nmay be named too")};
  cl::opt<bool> Preview{"preview", cl::cat(Checking),
                        cl::desc("Turn on preview checks as well")};
  cl::opt<bool> WithTidyChecks{
      "with-tidy-checks", cl::cat(Checking),
      cl::desc("Run clang-tidy's own checks that .clang-tidy\nfiles list as "
               "well")};
  cl::opt<std::string> Config{
      "config", cl::value_desc("yaml"), cl::cat(Checking),
      cl::desc("Configuration in place of .clang-tidy files")};
  cl::opt<std::string> ConfigFile{
      "config-file", cl::value_desc("file"), cl::cat(Checking),
      cl::desc("File in place of .clang-tidy files")};
  cl::list<std::string> Models{
      "models", cl::value_desc("file"), cl::cat(Checking),
      cl::desc("Model file of a library; may be repeated")};
  cl::opt<std::string> HeaderFilter{
      "header-filter", cl::value_desc("regex"), cl::cat(Checking),
      cl::desc("Headers to show findings of. Default: '.*',\nall but system "
               "headers")};
  cl::opt<std::string> ExcludeHeaderFilter{
      "exclude-header-filter", cl::value_desc("regex"), cl::cat(Checking),
      cl::desc("Headers to show no findings of")};
  cl::opt<bool> SystemHeaders{"system-headers", cl::cat(Checking),
                              cl::desc("Show findings in system headers")};
  cl::opt<std::string> LineFilter{
      "line-filter", cl::value_desc("json"), cl::cat(Checking),
      cl::desc("Lines to show findings of:\n"
               "[{\"name\":\"a.cpp\",\"lines\":[[1,3]]}]")};
  cl::opt<std::string> WarningsAsErrors{
      "warnings-as-errors", cl::value_desc("globs"), cl::cat(Checking),
      cl::desc("Checks whose findings are errors")};
  cl::list<std::string> Plugins{"load", cl::value_desc("plugin"),
                                cl::cat(Checking),
                                cl::desc("Load a clang-tidy plugin")};

  cl::opt<std::string> Format{
      "format", cl::value_desc("form"), cl::cat(Output), cl::init("text"),
      cl::desc("text, sarif, github, gitlab or json. Default:\ntext")};
  cl::opt<std::string> OutputFile{
      "output", cl::value_desc("file"), cl::cat(Output),
      cl::desc("Write the results there, not to standard\noutput")};
  cl::alias OutputShort{"o", cl::aliasopt(OutputFile), cl::cat(Output),
                        cl::desc("Alias for --output")};
  cl::opt<std::string> SarifFile{"sarif", cl::value_desc("file"),
                                 cl::cat(Output),
                                 cl::desc("Write a SARIF 2.1.0 log as well")};
  cl::opt<std::string> HtmlFile{"html", cl::value_desc("file"), cl::cat(Output),
                                cl::desc("Write a page for browsers as well")};
  cl::opt<cl::boolOrDefault> UseColor{
      "use-color", cl::cat(Output),
      cl::desc("Colours in text. Default: on a terminal")};
  cl::opt<bool> Quiet{"quiet", cl::cat(Output),
                      cl::desc("No progress and no summary")};
  cl::opt<bool> Verbose{"verbose", cl::cat(Output),
                        cl::desc("A line for each unit that is done, and all "
                                 "names\nwhere others are only counted")};

  cl::opt<std::string> Baseline{
      "baseline", cl::value_desc("file"), cl::cat(Output),
      cl::desc("SARIF log of an earlier run; only findings that\nare not in it "
               "count and are shown")};
  cl::opt<std::string> Unused{
      "report-unused-suppressions", cl::value_desc("which"), cl::ValueOptional,
      cl::cat(Checking),
      cl::desc("NOLINT comments that name a check of threadhop\nand hide "
               "nothing are findings. With =all also\nthose that name no "
               "check")};
  cl::opt<bool> RequireReason{
      "require-suppression-reason", cl::cat(Checking),
      cl::desc("NOLINT comments that name a check of threadhop\nand give no "
               "reason are findings")};
  cl::opt<bool> Fix{
      "fix", cl::cat(Running),
      cl::desc("Change the files as the findings suggest. Fixes\nof units with "
               "errors are not applied")};
  cl::opt<std::string> Shard{
      "shard", cl::value_desc("I/N"), cl::cat(Running),
      cl::desc("Analyse the I-th of N parts of the units;\n'threadhop merge' "
               "puts the logs together")};

  cl::opt<unsigned> Jobs{
      "j",
      cl::Prefix,
      cl::value_desc("N"),
      cl::cat(Running),
      cl::init(0),
      cl::desc("Units analysed at once. Default: one for each\nprocessor "
               "that this process may use, as memory\nallows")};
  cl::opt<unsigned> Timeout{
      "timeout", cl::value_desc("seconds"), cl::cat(Running), cl::init(600),
      cl::desc("Time for each unit, 0 for no limit. Default: 600")};
  cl::opt<unsigned> MemoryLimit{
      "memory-limit", cl::value_desc("MB"), cl::cat(Running), cl::init(0),
      cl::desc("Address space of each worker. Default: no limit")};
  cl::opt<bool> NoCache{"no-cache", cl::cat(Running),
                        cl::desc("Analyse every unit anew, and keep nothing;\n"
                                 "so does $THREADHOP_NO_CACHE")};
  cl::opt<bool> RetryFailed{
      "retry-failed", cl::cat(Running),
      cl::desc("Analyse units anew that did not parse in an\nearlier run")};
  cl::opt<std::string> CacheFolder{
      "cache-dir", cl::value_desc("folder"), cl::cat(Running),
      cl::desc("Keep the results of units there. Default:\nthreadhop in "
               "$XDG_CACHE_HOME or ~/.cache")};
  cl::opt<unsigned> CacheSize{
      "cache-size", cl::value_desc("MB"), cl::cat(Running), cl::init(512),
      cl::desc("Most that the cache keeps, 0 for no limit.\nDefault: 512")};
  // To see that it changes no result, and how much it saves.
  cl::opt<bool> NoSkipBodies{"no-skip-bodies", cl::cat(Running), cl::Hidden,
                             cl::desc("Parse the bodies of library functions "
                                      "even if no check wants them")};
  cl::opt<bool> NoSharedHeaders{
      "no-shared-headers", cl::cat(Running), cl::Hidden,
      cl::desc("Parse the headers of libraries for each unit anew")};
  cl::opt<bool> Profile{"enable-check-profile", cl::cat(Running),
                        cl::desc("Print the time that each check took")};
  cl::opt<std::string> ProfileFolder{
      "store-check-profile", cl::value_desc("folder"), cl::cat(Running),
      cl::desc("With --enable-check-profile, write JSON there")};

  cl::opt<bool> ListChecks{"list-checks", cl::cat(Asking),
                           cl::desc("List the checks that are on, and stop")};
  cl::opt<bool> VerifyConfig{
      "verify-config", cl::cat(Asking),
      cl::desc("Look for errors in the configuration, and stop")};
  cl::opt<bool> DumpConfig{
      "dump-config", cl::cat(Asking),
      cl::desc("Print the configuration of the first path, and\nstop")};
  cl::opt<std::string> Explain{"explain", cl::value_desc("check"),
                               cl::cat(Asking),
                               cl::desc("Print the page of a check, and stop")};

  bool take(Options &To);
};

} // namespace

template <typename T> static std::optional<T> given(const cl::opt<T> &Option) {
  if (Option.getNumOccurrences() == 0)
    return std::nullopt;
  return Option.getValue();
}

static bool parseFormat(const std::string &Name, OutputFormat &To) {
  static const std::pair<StringRef, OutputFormat> Formats[] = {
      {"text", OutputFormat::Text},     {"sarif", OutputFormat::Sarif},
      {"github", OutputFormat::Github}, {"gitlab", OutputFormat::Gitlab},
      {"json", OutputFormat::Json},
  };
  auto Known = make_first_range(Formats);
  auto It = find(Known, Name);
  if (It == Known.end()) {
    error("unknown format '" + Name + "' of --format: it is one of " +
          join(Known, ", "));
    return false;
  }
  To = Formats[std::distance(Known.begin(), It)].second;
  return true;
}

bool CommandLine::take(Options &To) {
  bool Good = true;
  auto Wrong = [&](const Twine &Text) {
    error(Text);
    Good = false;
  };
  AnalysisOptions &A = To.Analysis;
  To.Paths.assign(Paths.begin(), Paths.end());
  To.BuildPath = BuildPath;
  To.ExtraArgs.assign(ExtraArgs.begin(), ExtraArgs.end());
  To.ExtraArgsBefore.assign(ExtraArgsBefore.begin(), ExtraArgsBefore.end());
  To.RemovedArgs.assign(RemovedArgs.begin(), RemovedArgs.end());
  To.ChangedSince = ChangedSince;
  if (ChangedSince.getNumOccurrences() && ChangedSince.empty())
    Wrong("--changed-since needs a revision");
  if (BuildPath.getNumOccurrences() && BuildPath.empty())
    Wrong("-p needs a folder");
  if (BuildPath.getNumOccurrences() && To.CompilerArguments)
    Wrong("-p and '--' exclude each other: the arguments after '--' are used "
          "in place of a compilation database");

  A.Checks = given(Checks);
  A.Preview = Preview;
  A.WithTidyChecks = WithTidyChecks;
  A.HeaderFilter = given(HeaderFilter);
  A.ExcludeHeaderFilter = given(ExcludeHeaderFilter);
  A.WarningsAsErrors = given(WarningsAsErrors);
  A.SystemHeaders = given(SystemHeaders);
  A.LineFilter = LineFilter;
  A.MemoryLimit = MemoryLimit;
  A.Profile = Profile;
  A.SkipBodies = !NoSkipBodies;
  if (!ProfileFolder.empty())
    A.ProfileFolder = normalisedPath(ProfileFolder);
  if (Config.getNumOccurrences() && ConfigFile.getNumOccurrences())
    Wrong("--config and --config-file exclude each other");
  if (Config.getNumOccurrences()) {
    A.Config = Config;
    A.ConfigName = "--config";
  } else if (ConfigFile.getNumOccurrences()) {
    auto Text = MemoryBuffer::getFile(ConfigFile);
    if (!Text)
      Wrong("cannot read '" + ConfigFile +
            "' of --config-file: " + Text.getError().message());
    else
      A.Config = (*Text)->getBuffer().str();
    A.ConfigName = ConfigFile;
  }
  for (const std::string &File : Models) {
    if (File.find(';') != std::string::npos)
      Wrong("--models: the file name '" + File +
            "' has a semicolon, which "
            "separates files in the option ModelFiles");
    A.ModelFiles += (A.ModelFiles.empty() ? "" : ";") + normalisedPath(File);
  }
  // The loader looks for a bare name in its own folders, as dlopen does.
  for (const std::string &File : Plugins)
    A.Plugins.push_back(StringRef(File).contains('/') ? normalisedPath(File)
                                                      : File);

  Good &= parseFormat(Format, To.Format);
  To.OutputFile = OutputFile;
  To.SarifFile = SarifFile;
  To.HtmlFile = HtmlFile;
  if (OutputFile.getNumOccurrences() && OutputFile.empty())
    Wrong("--output needs a file name");
  if (SarifFile.getNumOccurrences() && SarifFile.empty())
    Wrong("--sarif needs a file name");
  if (!SarifFile.empty() && SarifFile == OutputFile)
    Wrong("--sarif and --output name the same file");
  if (HtmlFile.getNumOccurrences() && HtmlFile.empty())
    Wrong("--html needs a file name");
  if (!HtmlFile.empty() && (HtmlFile == OutputFile || HtmlFile == SarifFile))
    Wrong(Twine("--html and ") +
          (HtmlFile == OutputFile ? "--output" : "--sarif") +
          " name the same file");
  if (UseColor != cl::boolOrDefault::BOU_UNSET)
    To.UseColor = UseColor == cl::boolOrDefault::BOU_TRUE;
  To.Quiet = Quiet;
  To.Verbose = Verbose;
  if (Quiet && Verbose)
    Wrong("--quiet and --verbose exclude each other");

  To.Jobs = Jobs ? Jobs : usableJobs();
  To.Timeout = Timeout;
  if (Shard.getNumOccurrences()) {
    if (auto Parsed = parseShard(Shard))
      To.Shard = *Parsed;
    else
      Wrong("--shard: '" + Shard +
            "' is no part of a whole; it is I/N, from 1/N to N/N");
  }
  To.BaselineFile = Baseline;
  if (Baseline.getNumOccurrences() && Baseline.empty())
    Wrong("--baseline needs a file name");
  if (!To.BaselineFile.empty() && To.Shard.Count > 1)
    Wrong("--baseline and --shard exclude each other: only the whole run can "
          "be compared; give --baseline to 'threadhop merge'");
  if (Unused.getNumOccurrences()) {
    To.Unused =
        Unused == "all" ? UnusedSuppressions::All : UnusedSuppressions::Named;
    if (!Unused.empty() && Unused != "all")
      Wrong("unknown value '" + Unused +
            "' of --report-unused-suppressions: it is all, or none is given");
    for (auto [Given, Name] :
         {std::pair(To.Shard.Count > 1, "--shard"),
          std::pair(!To.ChangedSince.empty(), "--changed-since"),
          std::pair(!LineFilter.empty(), "--line-filter")})
      if (Given)
        Wrong(Twine("--report-unused-suppressions and ") + Name +
              " exclude each other: what a part of the code does not need, "
              "another part may");
  }
  To.RequireReason = RequireReason;
  A.Comments = RequireReason || Unused.getNumOccurrences();
  To.Fix = Fix;
  if (Fix && To.Shard.Count > 1)
    Wrong("--fix and --shard exclude each other");
  To.Cache = {NoCache || (CacheFolder.empty() &&
                          sys::Process::GetEnv("THREADHOP_NO_CACHE")),
              RetryFailed, CacheFolder, uint64_t(CacheSize) << 20,
              !NoSharedHeaders && !NoSkipBodies && !Profile};
  if (CacheFolder.getNumOccurrences() && CacheFolder.empty())
    Wrong("--cache-dir needs a folder");
  To.ListChecks = ListChecks;
  To.VerifyConfig = VerifyConfig;
  To.DumpConfig = DumpConfig;
  To.Explain = Explain;
  if (Explain.getNumOccurrences() && Explain.empty())
    Wrong("--explain needs the name of a check");
  return Good;
}

// Prints what is wrong with the words.
static bool parseWords(ArrayRef<const char *> Args, const char *About) {
  std::string Text;
  raw_string_ostream Errors(Text);
  if (cl::ParseCommandLineOptions(Args.size(), Args.data(), About, &Errors))
    return true;
  // Each line starts with the program's name: "threadhop: Unknown ...".
  for (StringRef Line : split(StringRef(Text).trim(), '\n')) {
    if (size_t Colon = Line.find(": "); Colon != StringRef::npos)
      Line = Line.substr(Colon + 2);
    if (Line.starts_with("Did you mean"))
      note(Line);
    else
      error(Line);
  }
  return false;
}

static void printVersion(raw_ostream &OS) {
  OS << "threadhop " THREADHOP_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
}

namespace {

/// What the commands take that make a log out of others' results.
struct LogOptions {
  explicit LogOptions(const char *About)
      : Output("output", cl::value_desc("file"), cl::desc(About)) {}

  cl::opt<std::string> Output;
  cl::alias OutputShort{"o", cl::aliasopt(Output),
                        cl::desc("Alias for --output")};
  cl::opt<std::string> Baseline{
      "baseline", cl::value_desc("file"),
      cl::desc("SARIF log of an earlier run; only findings that\nare not in it "
               "count")};
  cl::opt<bool> Quiet{"quiet", cl::desc("No summary")};
};

} // namespace

std::optional<MergeOptions> parseMergeOptions(int Argc, const char **Argv) {
  removeForeignOptions();
  static cl::list<std::string> Files{cl::Positional, cl::desc("logs...")};
  static LogOptions Log("Where to write the log. Default: standard output");
  cl::SetVersionPrinter(printVersion);
  if (!parseWords(ArrayRef(Argv, Argc),
                  "threadhop merge puts the SARIF logs of several runs "
                  "together\n\n  Exit status: that of the runs as one.\n"))
    return std::nullopt;
  MergeOptions To;
  To.Files.assign(Files.begin(), Files.end());
  To.OutputFile = Log.Output;
  To.BaselineFile = Log.Baseline;
  To.Quiet = Log.Quiet;
  if (To.Files.empty()) {
    error("merge: no log is named");
    return std::nullopt;
  }
  return To;
}

std::optional<Options> parseConvertOptions(int Argc, const char **Argv) {
  removeForeignOptions();
  static cl::list<std::string> Paths{
      cl::Positional, cl::desc("files and folders of --export-fixes...")};
  static cl::opt<std::string> Format{
      "format", cl::value_desc("form"), cl::init("sarif"),
      cl::desc("text, sarif, github, gitlab or json. Default:\nsarif")};
  static LogOptions Log("Where to write it. Default: standard output");
  static cl::opt<std::string> Sarif{
      "sarif", cl::value_desc("file"),
      cl::desc("Write a SARIF 2.1.0 log as well")};
  static cl::opt<std::string> Html{
      "html", cl::value_desc("file"),
      cl::desc("Write a page for browsers as well")};
  cl::SetVersionPrinter(printVersion);
  if (!parseWords(ArrayRef(Argv, Argc),
                  "threadhop convert reads what clang-tidy's --export-fixes "
                  "wrote, and writes\nwhat a run of threadhop would\n\n  Exit "
                  "status: 0 no findings, 1 findings, 2 not to be trusted.\n"))
    return std::nullopt;
  Options To;
  // As it was typed.
  To.CommandLine = {Argv[0], "convert"};
  To.CommandLine.insert(To.CommandLine.end(), Argv + 1, Argv + Argc);
  To.Paths.assign(Paths.begin(), Paths.end());
  To.OutputFile = Log.Output;
  To.SarifFile = Sarif;
  To.HtmlFile = Html;
  To.BaselineFile = Log.Baseline;
  To.Quiet = Log.Quiet;
  bool Good = parseFormat(Format, To.Format);
  auto Wrong = [&](const char *Text) {
    error(Twine("convert: ") + Text);
    Good = false;
  };
  if (To.Paths.empty())
    Wrong("no file is named");
  if (!To.SarifFile.empty() && To.SarifFile == To.OutputFile)
    Wrong("--sarif and --output name the same file");
  if (!To.HtmlFile.empty() &&
      (To.HtmlFile == To.OutputFile || To.HtmlFile == To.SarifFile))
    Wrong("--html names the same file as another output");
  for (const cl::opt<std::string> *File :
       {&Log.Output, &Sarif, &Html, &Log.Baseline})
    if (File->getNumOccurrences() && File->empty()) {
      error("convert: --" + File->ArgStr + " needs a file name");
      Good = false;
    }
  return Good ? std::optional(To) : std::nullopt;
}

std::optional<Options> parseOptions(int Argc, const char **Argv) {
  removeForeignOptions();
  static CommandLine Line;
  cl::SetVersionPrinter(printVersion);

  Options Result;
  Result.CommandLine.assign(Argv, Argv + Argc);
  SmallVector<const char *> Args(Argv, Argv + Argc);
  auto *Dashes = find_if(Args, [](StringRef Arg) { return Arg == "--"; });
  if (Dashes != Args.end()) {
    Result.CompilerArguments.emplace(Dashes + 1, Args.end());
    Args.erase(Dashes, Args.end());
  }

  if (!parseWords(Args, Overview))
    return std::nullopt;
  if (!Line.take(Result))
    return std::nullopt;
  return Result;
}

std::string shellQuoted(const std::string &Word) {
  bool Plain = !Word.empty() && all_of(Word, [](char C) {
    return isAlnum(C) || StringRef("_-+=./,:@%").contains(C);
  });
  if (Plain)
    return Word;
  std::string Quoted = "'";
  for (char C : Word)
    Quoted += C == '\'' ? std::string("'\\''") : std::string(1, C);
  return Quoted + "'";
}

std::string Options::commandFor(const std::string &File) const {
  std::vector<std::string> Words = {CommandLine.empty() ? "threadhop"
                                                        : CommandLine[0]};
  auto Add = [&](const char *Name, const std::optional<std::string> &Value) {
    if (Value)
      Words.push_back(std::string(Name) + "=" + *Value);
  };
  auto AddAll = [&](const char *Name, const std::vector<std::string> &Values) {
    for (const std::string &Value : Values)
      Words.push_back(std::string(Name) + "=" + Value);
  };
  const AnalysisOptions &A = Analysis;
  if (!BuildPath.empty())
    Words.insert(Words.end(), {"-p", BuildPath});
  Add("--checks", A.Checks);
  if (A.Preview)
    Words.push_back("--preview");
  if (A.WithTidyChecks)
    Words.push_back("--with-tidy-checks");
  if (A.ConfigName == "--config")
    Add("--config", A.Config);
  else if (A.Config)
    Add("--config-file", A.ConfigName);
  Add("--header-filter", A.HeaderFilter);
  Add("--exclude-header-filter", A.ExcludeHeaderFilter);
  Add("--warnings-as-errors", A.WarningsAsErrors);
  if (A.SystemHeaders)
    Words.push_back(*A.SystemHeaders ? "--system-headers"
                                     : "--system-headers=false");
  if (!A.LineFilter.empty())
    Add("--line-filter", A.LineFilter);
  if (!A.ModelFiles.empty())
    for (StringRef Model : split(A.ModelFiles, ';'))
      Add("--models", Model.str());
  AddAll("--load", A.Plugins);
  AddAll("--extra-arg-before", ExtraArgsBefore);
  AddAll("--extra-arg", ExtraArgs);
  AddAll("--removed-arg", RemovedArgs);
  if (A.MemoryLimit)
    Words.push_back("--memory-limit=" + std::to_string(A.MemoryLimit));
  Words.push_back(File);
  if (CompilerArguments) {
    Words.push_back("--");
    Words.insert(Words.end(), CompilerArguments->begin(),
                 CompilerArguments->end());
  }
  return join(map_range(Words, shellQuoted), " ");
}

template <typename T>
static void putOptional(Json &J, const char *Name, const std::optional<T> &V) {
  if (V)
    J[Name] = *V;
}

template <typename T>
static void getOptional(const Json &J, const char *Name, std::optional<T> &V) {
  if (auto It = J.find(Name); It != J.end())
    V = It->get<T>();
}

void to_json(Json &J, const AnalysisOptions &O) {
  J = Json{{"configName", O.ConfigName},
           {"lineFilter", O.LineFilter},
           {"modelFiles", O.ModelFiles},
           {"plugins", O.Plugins},
           {"profileFolder", O.ProfileFolder},
           {"profile", O.Profile},
           {"preview", O.Preview},
           {"withTidyChecks", O.WithTidyChecks},
           {"comments", O.Comments},
           {"memoryLimit", O.MemoryLimit},
           {"cacheFolder", O.CacheFolder},
           {"headerFolder", O.HeaderFolder},
           {"skipBodies", O.SkipBodies}};
  putOptional(J, "checks", O.Checks);
  putOptional(J, "config", O.Config);
  putOptional(J, "headerFilter", O.HeaderFilter);
  putOptional(J, "excludeHeaderFilter", O.ExcludeHeaderFilter);
  putOptional(J, "warningsAsErrors", O.WarningsAsErrors);
  putOptional(J, "systemHeaders", O.SystemHeaders);
}

void from_json(const Json &J, AnalysisOptions &O) {
  J.at("configName").get_to(O.ConfigName);
  J.at("lineFilter").get_to(O.LineFilter);
  J.at("modelFiles").get_to(O.ModelFiles);
  J.at("plugins").get_to(O.Plugins);
  J.at("profileFolder").get_to(O.ProfileFolder);
  J.at("profile").get_to(O.Profile);
  J.at("preview").get_to(O.Preview);
  J.at("withTidyChecks").get_to(O.WithTidyChecks);
  J.at("comments").get_to(O.Comments);
  J.at("memoryLimit").get_to(O.MemoryLimit);
  J.at("cacheFolder").get_to(O.CacheFolder);
  J.at("headerFolder").get_to(O.HeaderFolder);
  J.at("skipBodies").get_to(O.SkipBodies);
  getOptional(J, "checks", O.Checks);
  getOptional(J, "config", O.Config);
  getOptional(J, "headerFilter", O.HeaderFilter);
  getOptional(J, "excludeHeaderFilter", O.ExcludeHeaderFilter);
  getOptional(J, "warningsAsErrors", O.WarningsAsErrors);
  getOptional(J, "systemHeaders", O.SystemHeaders);
}

} // namespace threadhop::driver
