//===--- SharedHeaders.cpp - library headers parsed once ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/SharedHeaders.h"
#include "driver/LeadingIncludes.h"
#include "driver/ResultCache.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <nlohmann/json.hpp>

using namespace clang;
namespace fs = llvm::sys::fs;

namespace threadhop::driver {

// Files that are in memory only: the lines, and the precompiled header.
static constexpr llvm::StringLiteral LinesFile = "/threadhop/leading-includes";
static constexpr llvm::StringLiteral HeaderFile = "/threadhop/leading.pch";
// Clang compares the time with that at the making.
static constexpr time_t AnyTime = 1;

static constexpr llvm::StringLiteral ListSuffix = "-leading";
static constexpr llvm::StringLiteral HeaderSuffix = "-pch";

struct SharedHeaders::Loaded {
  Digest Contents, WantedThen;
  std::vector<InputRecorder::Known> Inputs;
  std::string Lines;
  std::unique_ptr<llvm::MemoryBuffer> Header; ///< Null if not in memory.
  bool Bad = false;
};

SharedHeaders::~SharedHeaders() = default;

static std::string linesFile(const Unit &What) {
  return LinesFile.str() + llvm::sys::path::extension(What.File).str();
}

static std::string linesOf(llvm::ArrayRef<std::string> Includes) {
  std::string Text;
  for (const std::string &Name : Includes)
    Text += "#include <" + Name + ">\n";
  return Text;
}

Digest SharedHeaders::keyOf(const Unit &What,
                            llvm::ArrayRef<std::string> Includes) {
  static const std::string Around = surroundings({});
  std::string Text = Around + '\0' + What.Directory + '\0';
  if (auto Command = commandFor(What, linesFile(What)))
    for (const std::string &Arg : *Command)
      Text += Arg + '\0';
  return digestOf(Text + linesOf(Includes));
}

namespace {

/// Runs clang over the lines instead of the unit.
class LinesRun : public tooling::FrontendActionFactory {
public:
  using Maker = std::function<std::unique_ptr<FrontendAction>()>;

  LinesRun(const Unit &What, llvm::ArrayRef<std::string> Includes, Maker Make)
      : What(What), Lines(linesOf(Includes)), Make(std::move(Make)) {}

  bool run(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Below,
           std::string To) {
    auto Memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
    Memory->addFile(linesFile(What), AnyTime,
                    llvm::MemoryBuffer::getMemBufferCopy(Lines));
    auto FS = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(
        std::move(Below));
    FS->pushOverlay(std::move(Memory));
    if (FS->setCurrentWorkingDirectory(What.Directory))
      return false;
    auto Files = llvm::IntrusiveRefCntPtr<FileManager>(
        new FileManager(FileSystemOptions(), std::move(FS)));
    OutputFile = std::move(To);
    auto Command = commandFor(What, linesFile(What));
    if (!Command)
      return false;
    tooling::ToolInvocation Invocation(
        *Command, this, Files.get(),
        std::make_shared<PCHContainerOperations>());
    DiagnosticConsumer Silent;
    Invocation.setDiagnosticConsumer(&Silent);
    return Invocation.run() && !Silent.getNumErrors() &&
           !Silent.getNumWarnings();
  }

private:
  std::unique_ptr<FrontendAction> create() override { return Make(); }
  bool runInvocation(std::shared_ptr<CompilerInvocation> Invocation,
                     FileManager *Files,
                     std::shared_ptr<PCHContainerOperations> Containers,
                     DiagnosticConsumer *Consumer) override {
    // As clang-tidy does, which defines a macro.
    Invocation->getPreprocessorOpts().SetUpStaticAnalyzer = true;
    Invocation->getFrontendOpts().OutputFile = OutputFile;
    return FrontendActionFactory::runInvocation(
        std::move(Invocation), Files, std::move(Containers), Consumer);
  }

  const Unit &What;
  std::string Lines, OutputFile;
  Maker Make;
};

/// Looks for the files of the lines, and reads none.
class CountAction : public PreprocessOnlyAction {
public:
  CountAction(llvm::ArrayRef<std::string> Includes, unsigned &Count)
      : Includes(Includes), Count(Count) {}

protected:
  void ExecuteAction() override {
    HeaderSearch &Search =
        getCompilerInstance().getPreprocessor().getHeaderSearchInfo();
    for (const std::string &Name : Includes) {
      ConstSearchDirIterator Folder = nullptr;
      auto File = Search.LookupFile(Name, SourceLocation(), /*isAngled=*/true,
                                    nullptr, &Folder, {}, nullptr, nullptr,
                                    nullptr, nullptr, nullptr, nullptr);
      if (!File || !SrcMgr::isSystem(Search.getFileDirFlavor(*File)))
        return;
      ++Count;
    }
  }

private:
  llvm::ArrayRef<std::string> Includes;
  unsigned &Count;
};

/// Sees whether anything else than the lines and system headers is read.
class OwnCodeFinder : public PPCallbacks {
public:
  OwnCodeFinder(const SourceManager &SM, bool &Found) : SM(SM), Found(Found) {}

  void FileChanged(SourceLocation Loc, FileChangeReason Reason,
                   SrcMgr::CharacteristicKind Kind, FileID) override {
    if (Reason != EnterFile || SrcMgr::isSystem(Kind))
      return;
    FileID ID = SM.getFileID(Loc);
    Found |= ID != SM.getMainFileID() && SM.getFileEntryRefForID(ID);
  }
  void moduleImport(SourceLocation, ModuleIdPath, const Module *) override {
    Found = true;
  }

private:
  const SourceManager &SM;
  bool &Found;
};

class MakeAction : public GeneratePCHAction {
public:
  explicit MakeAction(bool &OwnCode) : OwnCode(OwnCode) {}

protected:
  bool BeginSourceFileAction(CompilerInstance &CI) override {
    // What the headers use themselves is the same in every unit.
    CI.getLangOpts().PCHInstantiateTemplates = true;
    CI.getPreprocessor().addPPCallbacks(
        std::make_unique<OwnCodeFinder>(CI.getSourceManager(), OwnCode));
    return GeneratePCHAction::BeginSourceFileAction(CI);
  }

private:
  bool &OwnCode;
};

} // namespace

unsigned SharedHeaders::systemIncludes(const Unit &What,
                                       llvm::ArrayRef<std::string> Includes) {
  auto [It, New] = Counted.try_emplace(keyOf(What, Includes));
  if (New)
    LinesRun(What, Includes, [&] {
      return std::make_unique<CountAction>(Includes, It->second);
    }).run(llvm::vfs::getRealFileSystem(), "");
  return It->second;
}

// Those that are in the files that were read. Files keep the names that they
// were found by, which may be relative.
static Digest digestOf(const WantedBodies &Wanted, llvm::StringRef Directory,
                       llvm::ArrayRef<InputRecorder::Known> Inputs) {
  std::string Text;
  for (const InputRecorder::Known &Read : Inputs) {
    llvm::StringRef Name = Read.Question.Path;
    const auto *Offsets = Wanted.in(Name);
    if (!Offsets && Name.consume_front(Directory) && Name.consume_front("/"))
      Offsets = Wanted.in(Name);
    if (!Offsets)
      continue;
    Text += Name.str() + '\0';
    for (unsigned Offset : *Offsets)
      Text += std::to_string(Offset) + ' ';
  }
  return driver::digestOf(Text);
}

static Json asJson(const Digest &D) { return hexOf(D); }

static Digest asDigest(const Json &J) {
  Digest D{};
  std::string Bytes;
  if (llvm::tryGetFromHex(J.get<std::string>(), Bytes) &&
      Bytes.size() == D.size())
    llvm::copy(Bytes, D.begin());
  return D;
}

// What a text says that saveEntry() kept, unless the world has changed.
std::shared_ptr<SharedHeaders::Loaded> SharedHeaders::load(const Digest &Key) {
  std::shared_ptr<Loaded> &Entry = Known[Key];
  if (!Entry) {
    auto Bytes = loadEntry(entryPath(Folder, Key, ListSuffix));
    if (!Bytes)
      return nullptr;
    Json J = Json::from_cbor(*Bytes, /*strict=*/true,
                             /*allow_exceptions=*/false);
    if (J.is_discarded())
      return nullptr;
    auto New = std::make_shared<Loaded>();
    New->Contents = asDigest(J["contents"]);
    New->WantedThen = asDigest(J["wanted"]);
    New->Lines = J["lines"];
    auto Packed = J["questions"].get<Json::binary_t>();
    auto Lists = unpacked(llvm::toStringRef(Packed));
    auto Answers = J["answers"].get<Json::binary_t>();
    if (Lists.size() != 1 || Answers.size() != Lists[0].size() * sizeof(Digest))
      return nullptr;
    auto Real = llvm::vfs::getRealFileSystem();
    const uint8_t *At = Answers.data();
    for (Input &Question : Lists[0]) {
      auto [It, First] = Seen.try_emplace(Question);
      if (First) {
        It->second.Question = Question;
        // Before its contents, so that a change in between is seen.
        if (!Question.Listing)
          if (auto Status = Real->status(Question.Path))
            It->second.There = *Status;
        It->second.Answer = Today.get(Question);
      }
      if (!std::equal(At, At + sizeof(Digest), It->second.Answer.begin()))
        return nullptr;
      At += sizeof(Digest);
      New->Inputs.push_back(It->second);
    }
    Entry = std::move(New);
  }
  if (!Entry->Header && !Entry->Bad) {
    std::string Path = entryPath(Folder, Entry->Contents, HeaderSuffix);
    // Not mapped: somebody may write to the file.
    auto Header = llvm::MemoryBuffer::getFile(Path, /*IsText=*/false,
                                              /*RequiresNullTerminator=*/false,
                                              /*IsVolatile=*/true);
    markUsed(Path);
    if (!Header ||
        driver::digestOf((*Header)->getBuffer()) != Entry->Contents) {
      Entry = nullptr;
      return nullptr;
    }
    Entry->Header = std::move(*Header);
  }
  // They are large.
  static constexpr size_t MostInMemory = 2;
  llvm::erase(Recent, Key);
  Recent.push_back(Key);
  if (Recent.size() > MostInMemory) {
    Known[Recent.front()]->Header = nullptr;
    Recent.erase(Recent.begin());
  }
  return Entry;
}

SharedHeaders::Making SharedHeaders::make(const Unit &What,
                                          llvm::ArrayRef<std::string> Includes,
                                          WantedBodies &Wanted) {
  if (Folder.empty())
    return Making::Impossible;
  Includes = Includes.take_front(systemIncludes(What, Includes));
  if (Includes.empty())
    return Making::Impossible;
  if (!Wanted.isKnown())
    return Making::TooEarly;
  Digest Key = keyOf(What, Includes);
  if (auto Old = load(Key);
      Old && (Old->Bad ||
              digestOf(Wanted, What.Directory, Old->Inputs) == Old->WantedThen))
    return Old->Bad ? Making::Impossible : Making::Done;
  Known.erase(Key);
  llvm::erase(Recent, Key);

  auto Inputs =
      llvm::makeIntrusiveRefCnt<InputRecorder>(llvm::vfs::getRealFileSystem());
  // Named so that pruning finds what a killed process leaves behind.
  llvm::SmallString<256> Temporary;
  std::string Model = entryPath(Folder, Key, HeaderSuffix) + ".%%%%%%%%";
  fs::createUniquePath(Model, Temporary, /*MakeAbsolute=*/false);
  bool OwnCode = false, Made;
  {
    LibraryBodies Skipped(Wanted, Skip::Bodies);
    Made = LinesRun(What, Includes, [&] {
             return std::make_unique<MakeAction>(OwnCode);
           }).run(Inputs, std::string(Temporary));
  }
  auto Answers = Inputs->finish();
  auto Header = llvm::MemoryBuffer::getFile(Temporary, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!Made || OwnCode || !Answers || !Header) {
    fs::remove(Temporary);
    return Making::Impossible;
  }
  Digest Contents = driver::digestOf((*Header)->getBuffer());
  std::vector<Input> Questions;
  std::vector<InputRecorder::Known> Read;
  Json::binary_t::container_type Bytes;
  for (const auto &[Question, Answer] : *Answers) {
    Questions.push_back(Question);
    Read.push_back({Question, Answer, std::nullopt});
    Bytes.insert(Bytes.end(), Answer.begin(), Answer.end());
  }
  std::string Packed = packed(Questions);
  Json List = {{"contents", asJson(Contents)},
               {"wanted", asJson(digestOf(Wanted, What.Directory, Read))},
               {"lines", linesOf(Includes)}};
  List["questions"] = Json::binary(
      Json::binary_t::container_type(Packed.begin(), Packed.end()));
  List["answers"] = Json::binary(std::move(Bytes));
  std::string ListText;
  Json::to_cbor(List, ListText);
  if (fs::rename(Temporary, entryPath(Folder, Contents, HeaderSuffix))) {
    fs::remove(Temporary);
    return Making::Impossible;
  }
  if (llvm::Error Wrong =
          saveEntry(entryPath(Folder, Key, ListSuffix), ListText)) {
    llvm::consumeError(std::move(Wrong));
    return Making::Impossible;
  }
  return Making::Done;
}

std::optional<SharedHeaders::Use>
SharedHeaders::use(const Unit &What, llvm::ArrayRef<std::string> Includes,
                   InputRecorder &Inputs) {
  if (Folder.empty())
    return std::nullopt;
  Includes = Includes.take_front(systemIncludes(What, Includes));
  if (Includes.empty())
    return std::nullopt;
  Digest Key = keyOf(What, Includes);
  auto From = load(Key);
  if (!From || From->Bad || From->Lines != linesOf(Includes))
    return std::nullopt;
  // The file may have changed since the driver looked at it, and may again.
  Inputs.addFile(What.File);
  auto Text = llvm::MemoryBuffer::getFile(What.File, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!Text)
    return std::nullopt;
  LeadingIncludes Own = leadingIncludes((*Text)->getBuffer());
  if (Own.Names.size() < Includes.size() ||
      llvm::ArrayRef(Own.Names).take_front(Includes.size()) != Includes)
    return std::nullopt;
  if (!Inputs.adopt(From->Inputs)) {
    From->Bad = true;
    return std::nullopt;
  }
  Use Result;
  Result.Key = Key;
  Result.What = What;
  Result.What.Command = tooling::getInsertArgumentAdjuster(
      {"-Xclang", "-include-pch", "-Xclang", HeaderFile.str(), "-Xclang",
       "-preamble-bytes=" + std::to_string(Own.Ends[Includes.size() - 1]) +
           ",1"},
      tooling::ArgumentInsertPosition::BEGIN)(What.Command, What.File);
  auto Memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  Memory->addFile(linesFile(What), AnyTime,
                  llvm::MemoryBuffer::getMemBufferCopy(From->Lines));
  Memory->addFileNoOwn(HeaderFile, AnyTime, From->Header->getMemBufferRef());
  Result.Files = std::move(Memory);
  return Result;
}

void SharedHeaders::giveUp(const Digest &Key) {
  if (auto It = Known.find(Key); It != Known.end() && It->second)
    It->second->Bad = true;
}

} // namespace threadhop::driver
