//===--- Inputs.cpp - what an analysis read from the disk -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Inputs.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <vector>

using namespace llvm;
namespace fs = llvm::sys::fs;

namespace threadhop::driver {

Digest digestOf(StringRef Bytes) {
  return BLAKE3::hash<std::tuple_size_v<Digest>>(arrayRefFromStringRef(Bytes));
}

std::string hexOf(const Digest &D) { return toHex(D, /*LowerCase=*/true); }

// What is no file's contents is hashed with words that no file will have.
static Digest marked(StringRef Kind, StringRef Text = "") {
  return digestOf(("threadhop input, no file: " + Kind + " " + Text).str());
}

static Digest absent(std::error_code Why) {
  // A folder on the way that is none is the same as one that is not there.
  if (Why == std::errc::not_a_directory)
    Why = std::make_error_code(std::errc::no_such_file_or_directory);
  return marked("absent", std::to_string(Why.value()));
}

static Digest entryWithoutContents(fs::file_type Type) {
  return marked(Type == fs::file_type::directory_file ? "folder" : "other");
}

static Digest listing(StringRef Folder) {
  std::vector<std::string> Names;
  std::error_code EC;
  for (fs::directory_iterator It(Folder, EC), End; !EC && It != End;
       It.increment(EC))
    Names.push_back(sys::path::filename(It->path()).str());
  if (EC)
    return absent(EC);
  sort(Names);
  return marked("listing", join(Names, StringRef("\0", 1)));
}

static Digest contentsAt(StringRef Path) {
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  return Buffer ? digestOf((*Buffer)->getBuffer()) : absent(Buffer.getError());
}

const Digest &InputStates::get(const Input &Question) {
  auto [It, New] =
      (Question.Listing ? Listings : Entries).try_emplace(Question.Path);
  if (!New)
    return It->second;
  fs::file_status Status;
  if (Question.Listing)
    It->second = listing(Question.Path);
  else if (std::error_code EC = fs::status(Question.Path, Status))
    It->second = absent(EC);
  else if (fs::is_regular_file(Status))
    It->second = contentsAt(Question.Path);
  else
    It->second = entryWithoutContents(Status.type());
  return It->second;
}

/// A file whose contents are hashed when somebody takes them.
class RecordedFile : public vfs::File {
public:
  RecordedFile(std::unique_ptr<vfs::File> Opened, std::string Path,
               InputRecorder &To)
      : Opened(std::move(Opened)), Path(std::move(Path)), To(To) {}

  ErrorOr<vfs::Status> status() override {
    auto Result = Opened->status();
    if (Result && !Renamed.empty())
      return vfs::Status::copyWithNewName(*Result, Renamed);
    return Result;
  }
  ErrorOr<std::string> getName() override {
    return Renamed.empty() ? Opened->getName() : Renamed;
  }
  ErrorOr<std::unique_ptr<MemoryBuffer>> getBuffer(const Twine &Name,
                                                   int64_t FileSize,
                                                   bool RequiresNullTerminator,
                                                   bool IsVolatile) override {
    auto Buffer =
        Opened->getBuffer(Name, FileSize, RequiresNullTerminator, IsVolatile);
    if (Buffer)
      To.read(Path, digestOf((*Buffer)->getBuffer()));
    return Buffer;
  }
  std::error_code close() override { return Opened->close(); }

protected:
  // The opened file would change its own name, but will not let us ask.
  void setPath(const Twine &Path) override { Renamed = Path.str(); }

private:
  std::unique_ptr<vfs::File> Opened;
  std::string Path, Renamed;
  InputRecorder &To;
};

InputRecorder::InputRecorder(IntrusiveRefCntPtr<vfs::FileSystem> FS)
    : ProxyFileSystem(std::move(FS)) {
  if (auto Folder = getCurrentWorkingDirectory())
    Current = *Folder;
}

std::string InputRecorder::absolute(const Twine &Path) const {
  SmallString<256> Result;
  Path.toVector(Result);
  if (sys::path::is_absolute(Result))
    return std::string(Result);
  SmallString<256> Absolute(Current);
  sys::path::append(Absolute, Result);
  return std::string(Absolute);
}

static bool isSame(const vfs::Status &A, const vfs::Status &B) {
  return A.getType() == B.getType() &&
         (!A.isRegularFile() ||
          (A.getSize() == B.getSize() &&
           A.getLastModificationTime() == B.getLastModificationTime()));
}

// A path whose answer changes in the middle has no answer that lasts.
void InputRecorder::saw(const std::string &Path,
                        const ErrorOr<vfs::Status> &What) {
  auto [It, New] = Entries.try_emplace(Path);
  Seen &S = It->second;
  if (New) {
    if (What)
      S.There = *What;
    else
      S.Missing = What.getError();
    return;
  }
  if (S.There.has_value() != bool(What))
    Unstable = true;
  else if (What && !isSame(*S.There, *What))
    Unstable = true;
}

void InputRecorder::read(const std::string &Path, const Digest &Contents) {
  Seen &S = Entries[Path];
  Unstable |= S.Contents && *S.Contents != Contents;
  S.Contents = Contents;
}

ErrorOr<vfs::Status> InputRecorder::status(const Twine &Path) {
  auto Result = ProxyFileSystem::status(Path);
  saw(absolute(Path), Result);
  return Result;
}

bool InputRecorder::exists(const Twine &Path) { return bool(status(Path)); }

ErrorOr<std::unique_ptr<vfs::File>>
InputRecorder::openFileForRead(const Twine &Path) {
  auto File = ProxyFileSystem::openFileForRead(Path);
  std::string Name = absolute(Path);
  if (!File) {
    saw(Name, File.getError());
    return File;
  }
  saw(Name, (*File)->status());
  return std::make_unique<RecordedFile>(std::move(*File), std::move(Name),
                                        *this);
}

vfs::directory_iterator InputRecorder::dir_begin(const Twine &Dir,
                                                 std::error_code &EC) {
  std::string Name = absolute(Dir);
  Listings.try_emplace(Name, listing(Name));
  return ProxyFileSystem::dir_begin(Dir, EC);
}

std::error_code InputRecorder::setCurrentWorkingDirectory(const Twine &Path) {
  std::error_code EC = ProxyFileSystem::setCurrentWorkingDirectory(Path);
  if (auto Folder = getCurrentWorkingDirectory())
    Current = *Folder;
  return EC;
}

void InputRecorder::addFile(StringRef Path) {
  std::string Name = absolute(Path);
  saw(Name, ProxyFileSystem::status(Name));
  if (Entries[Name].There)
    read(Name, contentsAt(Name));
}

bool InputRecorder::adopt(ArrayRef<Known> Before) {
  for (const auto &[Question, Answer, There] : Before) {
    if (Question.Listing) {
      if (Listings.try_emplace(Question.Path, Answer).first->second != Answer)
        return false;
      continue;
    }
    auto Now = ProxyFileSystem::status(Question.Path);
    if (bool(Now) != There.has_value() || (Now && !isSame(*Now, *There)))
      return false;
    saw(Question.Path, Now);
    if (Now && Now->isRegularFile())
      read(Question.Path, Answer);
  }
  return !Unstable;
}

std::optional<InputRecorder::Answers> InputRecorder::finish() {
  if (Unstable)
    return std::nullopt;
  Answers Result;
  for (auto &[Path, S] : Entries) {
    if (!S.There) {
      Result[{Path, false}] = absent(S.Missing);
      continue;
    }
    // Of what is mapped into memory the hash is not the last word.
    saw(Path, ProxyFileSystem::status(Path));
    if (Unstable)
      return std::nullopt;
    Result[{Path, false}] = !S.There->isRegularFile()
                                ? entryWithoutContents(S.There->getType())
                            : S.Contents ? *S.Contents
                                         : contentsAt(Path);
  }
  for (const auto &[Path, Names] : Listings)
    Result[{Path, true}] = Names;
  return Result;
}

} // namespace threadhop::driver
