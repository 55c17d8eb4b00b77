//===--- Inputs.h - what an analysis read from the disk ---------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A report stays true as long as nothing that the analysis asked the file
// system has another answer: the files that it read, but also those that it
// looked for in vain. A new header in an earlier include folder, or a new
// .clang-tidy, changes as much as an edited one.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_INPUTS_H
#define THREADHOP_DRIVER_INPUTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <array>
#include <map>
#include <optional>
#include <string>

namespace threadhop::driver {

/// The first bytes of a BLAKE3 hash: enough that no two inputs meet.
using Digest = std::array<uint8_t, 16>;

Digest digestOf(llvm::StringRef Bytes);
std::string hexOf(const Digest &D);

/// One question to the file system.
struct Input {
  std::string Path; ///< Absolute, as it was spelled.
  /// Whether the names in a folder were asked for, and not what is at the
  /// path: the contents of a file, a folder, nothing.
  bool Listing = false;

  bool operator==(const Input &Other) const {
    return Path == Other.Path && Listing == Other.Listing;
  }
  bool operator<(const Input &Other) const {
    return std::tie(Path, Listing) < std::tie(Other.Path, Other.Listing);
  }
};

/// Answers, each found once: a header is read once for all units of a run.
class InputStates {
public:
  const Digest &get(const Input &Question);

private:
  llvm::StringMap<Digest> Entries, Listings;
};

/// Passes everything through to the file system below, and remembers questions
/// and answers. What clang reads is hashed as it is read, so that a file that
/// changes meanwhile cannot be taken for its later self.
class InputRecorder : public llvm::vfs::ProxyFileSystem {
public:
  explicit InputRecorder(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS);

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override;
  bool exists(const llvm::Twine &Path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
  openFileForRead(const llvm::Twine &Path) override;
  llvm::vfs::directory_iterator dir_begin(const llvm::Twine &Dir,
                                          std::error_code &EC) override;
  std::error_code setCurrentWorkingDirectory(const llvm::Twine &Path) override;

  /// Counts a file that is read past this file system, such as a model; call
  /// it before the first read.
  void addFile(llvm::StringRef Path);

  using Answers = std::map<Input, Digest>;
  /// What is known of one path from before.
  struct Known {
    Input Question;
    Digest Answer;
    std::optional<llvm::vfs::Status> There; ///< When the answer was found.
  };
  /// Takes what went into something that was made before as if it were asked
  /// now. Returns false if it would be answered otherwise.
  bool adopt(llvm::ArrayRef<Known> Before);
  /// Whether every file was the same as often as somebody looked.
  bool isStable() const { return !Unstable; }

  /// Everything that was asked. Nothing if a file was changed meanwhile, so
  /// that nobody can tell what the analysis saw.
  std::optional<Answers> finish();

private:
  friend class RecordedFile;
  /// What was seen of one path.
  struct Seen {
    std::error_code Missing;
    std::optional<llvm::vfs::Status> There;
    std::optional<Digest> Contents; ///< Of a file that was read.
  };
  std::string absolute(const llvm::Twine &Path) const;
  void saw(const std::string &Path,
           const llvm::ErrorOr<llvm::vfs::Status> &What);
  void read(const std::string &Path, const Digest &Contents);

  std::string Current;
  std::map<std::string, Seen> Entries;
  std::map<std::string, Digest> Listings;
  bool Unstable = false;
};

} // namespace threadhop::driver

#endif
