//===--- ResultCache.cpp - reports of earlier runs ------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/ResultCache.h"
#include "driver/Messages.h"
#include "driver/ToolIdentity.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <nlohmann/json.hpp>

using namespace llvm;
namespace fs = llvm::sys::fs;

namespace threadhop::driver {

// Changes with the form of what is stored.
static constexpr StringLiteral Magic = "threadhop cache 1\n";
// LLVM's pruning looks at files with this prefix only.
static constexpr StringLiteral Prefix = "llvmcache-";
static constexpr StringLiteral QuestionsSuffix = "-questions";
static constexpr StringLiteral ReportSuffix = "-report";

// A branch and its base, and what was undone again.
static constexpr unsigned MostLists = 4;

static std::string asBytes(const Json &J) {
  std::string Bytes;
  Json::to_cbor(J, Bytes);
  return Bytes;
}

ResultCache::ResultCache(const AnalysisOptions &Opts)
    : Folder(Opts.CacheFolder) {
  // Limits and reports of the run itself change no result.
  AnalysisOptions Deciding = Opts;
  Deciding.CacheFolder.clear();
  Deciding.ConfigName.clear();
  Deciding.MemoryLimit = 0;
  Deciding.HeaderFolder.clear();
  Common = surroundings(Opts.Plugins) + asBytes(Json(Deciding));
}

std::string surroundings(ArrayRef<std::string> Plugins) {
  Json Environment = Json::object();
  for (const char *Name :
       {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH",
        "OBJCPLUS_INCLUDE_PATH", "SDKROOT", "SOURCE_DATE_EPOCH", "USER"})
    if (auto Value = sys::Process::GetEnv(Name))
      Environment[Name] = *Value;
  return Magic.str() + toolIdentity(Plugins) + '\0' + asBytes(Environment);
}

Digest ResultCache::keyOf(const Unit &What) const {
  return digestOf(Common + asBytes(Json(What)));
}

std::string entryPath(StringRef Folder, const Digest &Key, StringRef Suffix) {
  SmallString<256> Path(Folder);
  sys::path::append(Path, Twine(Prefix) + hexOf(Key) + Suffix);
  return std::string(Path);
}

std::optional<std::string> loadEntry(StringRef Path) {
  auto File = fs::openNativeFileForRead(Path);
  if (!File) {
    consumeError(File.takeError());
    return std::nullopt;
  }
  SmallString<0> Bytes;
  Error Wrong = fs::readNativeFileToEOF(*File, Bytes);
  // Fails in a cache that may only be read, which does no harm.
  (void)fs::setLastAccessAndModificationTime(*File,
                                             std::chrono::system_clock::now());
  fs::closeFile(*File);
  if (Wrong) {
    consumeError(std::move(Wrong));
    return std::nullopt;
  }
  StringRef Text = Bytes;
  Digest Sum;
  if (!Text.consume_front(Magic) || Text.size() < Sum.size())
    return std::nullopt;
  llvm::copy(Text.take_front(Sum.size()), Sum.begin());
  Text = Text.drop_front(Sum.size());
  if (digestOf(Text) != Sum)
    return std::nullopt;
  return Text.str();
}

void markUsed(StringRef Path) {
  auto File = fs::openNativeFileForRead(Path);
  if (!File) {
    consumeError(File.takeError());
    return;
  }
  (void)fs::setLastAccessAndModificationTime(*File,
                                             std::chrono::system_clock::now());
  fs::closeFile(*File);
}

Error saveEntry(StringRef Path, StringRef Text) {
  // Named so that pruning finds what a killed process leaves behind.
  auto File = fs::TempFile::create(Path + ".%%%%%%%%");
  if (!File)
    return File.takeError();
  raw_fd_ostream OS(File->FD, /*shouldClose=*/false, /*unbuffered=*/true);
  Digest Sum = digestOf(Text);
  OS << (Twine(Magic) + toStringRef(Sum) + Text).str();
  if (std::error_code EC = OS.error()) {
    OS.clear_error();
    return joinErrors(errorCodeToError(EC), File->discard());
  }
  return File->keep(Path);
}

std::string packed(ArrayRef<std::vector<Input>> Lists) {
  std::string Bytes;
  raw_string_ostream OS(Bytes);
  for (const std::vector<Input> &List : Lists) {
    encodeULEB128(List.size(), OS);
    // Paths in order begin alike.
    StringRef Last;
    for (const Input &Question : List) {
      StringRef Path = Question.Path;
      size_t Shared =
          std::mismatch(Last.begin(),
                        Last.begin() + std::min(Last.size(), Path.size()),
                        Path.begin())
              .first -
          Last.begin();
      encodeULEB128(Shared * 2 + Question.Listing, OS);
      encodeULEB128(Path.size() - Shared, OS);
      OS << Path.drop_front(Shared);
      Last = Path;
    }
  }
  return Bytes;
}

std::vector<std::vector<Input>> unpacked(StringRef Bytes) {
  const char *Wrong = nullptr;
  auto Number = [&]() -> uint64_t {
    unsigned Length = 0;
    uint64_t Value =
        decodeULEB128(Bytes.bytes_begin(), &Length, Bytes.bytes_end(), &Wrong);
    Bytes = Bytes.drop_front(std::min<size_t>(Length, Bytes.size()));
    return Wrong ? 0 : Value;
  };
  std::vector<std::vector<Input>> Lists;
  while (!Bytes.empty()) {
    std::vector<Input> List;
    uint64_t Size = Number();
    for (std::string Last; List.size() < Size;) {
      uint64_t Shared = Number();
      uint64_t Length = Number();
      if (Wrong || Shared / 2 > Last.size() || Length > Bytes.size())
        return {};
      Last.resize(Shared / 2);
      Last += Bytes.take_front(Length);
      Bytes = Bytes.drop_front(Length);
      List.push_back({Last, Shared % 2 != 0});
    }
    if (Wrong)
      return {};
    Lists.push_back(std::move(List));
  }
  return Lists;
}

std::vector<ResultCache::Questions>
ResultCache::questionsAt(StringRef Path) const {
  auto Bytes = loadEntry(Path);
  return Bytes ? unpacked(*Bytes) : std::vector<Questions>();
}

static Digest withAnswers(const Digest &Key, ArrayRef<Digest> Answers) {
  std::string All = toStringRef(Key).str();
  for (const Digest &Answer : Answers)
    All += toStringRef(Answer);
  return digestOf(All);
}

std::optional<UnitReport> ResultCache::find(const Unit &What) {
  Digest Key = keyOf(What);
  for (const Questions &List :
       questionsAt(entryPath(Folder, Key, QuestionsSuffix))) {
    std::vector<Digest> Answers;
    for (const Input &Question : List)
      Answers.push_back(Today.get(Question));
    auto Bytes =
        loadEntry(entryPath(Folder, withAnswers(Key, Answers), ReportSuffix));
    if (!Bytes)
      continue;
    Json J = Json::from_cbor(*Bytes, /*strict=*/true,
                             /*allow_exceptions=*/false);
    if (!J.is_discarded())
      return J.get<UnitReport>();
  }
  return std::nullopt;
}

Error ResultCache::store(const Unit &What,
                         const InputRecorder::Answers &Answers,
                         const UnitReport &Report) {
  Digest Key = keyOf(What);
  Questions Asked;
  std::vector<Digest> Got;
  for (const auto &[Question, Answer] : Answers) {
    Asked.push_back(Question);
    Got.push_back(Answer);
  }
  if (Error Wrong =
          saveEntry(entryPath(Folder, withAnswers(Key, Got), ReportSuffix),
                    asBytes(Json(Report))))
    return Wrong;
  // Another run that does the same at the same time may win: then this list
  // is missing, and costs one analysis.
  std::string Path = entryPath(Folder, Key, QuestionsSuffix);
  std::vector<Questions> Lists = questionsAt(Path);
  if (is_contained(Lists, Asked))
    return Error::success();
  Lists.insert(Lists.begin(), std::move(Asked));
  if (Lists.size() > MostLists)
    Lists.resize(MostLists);
  return saveEntry(Path, packed(Lists));
}

Error makeCacheFolder(StringRef Folder) {
  bool New = !fs::exists(Folder);
  if (std::error_code EC = fs::create_directories(Folder))
    return makeError("cannot make the cache folder '" + Folder +
                     "': " + EC.message());
  if (!fs::is_directory(Folder))
    return makeError("the cache folder '" + Folder + "' is no folder");
  if (New) {
    // Tells backup programs that they need not keep this.
    SmallString<256> Tag(Folder);
    sys::path::append(Tag, "CACHEDIR.TAG");
    std::error_code EC;
    raw_fd_ostream OS(Tag, EC);
    if (!EC)
      OS << "Signature: 8a477f597d28d172789f06886806bc55\n"
            "# This folder is a cache of threadhop; see "
            "https://bford.info/cachedir/\n";
    OS.clear_error();
  }
  return Error::success();
}

void pruneCache(StringRef Folder, uint64_t MostBytes) {
  if (MostBytes == 0)
    return;
  CachePruningPolicy Policy;
  Policy.Interval = std::chrono::seconds(0);
  Policy.Expiration = std::chrono::seconds(0);
  Policy.MaxSizePercentageOfAvailableSpace = 0;
  Policy.MaxSizeBytes = MostBytes;
  llvm::pruneCache(Folder, Policy);
}

} // namespace threadhop::driver
