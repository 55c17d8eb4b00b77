//===--- Baseline.h - the findings of an earlier run ------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_BASELINE_H
#define THREADHOP_DRIVER_BASELINE_H

#include "driver/Results.h"
#include "driver/SarifLog.h"
#include "driver/SourceText.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <optional>

namespace threadhop::driver {

/// What an earlier run found. A finding is known if the earlier run had one
/// with the same fingerprint: the second version where both have it, else the
/// first, so that the log of an earlier release will do. Of several equal ones
/// as many are known as there were. Those in the same file on an equal line go
/// first, then those in the same file, then the rest: a file may have another
/// name now.
class Baseline {
public:
  /// Reads a log. What the earlier run hid by a comment, or no longer found
  /// itself, is not known.
  static llvm::Expected<Baseline> read(const std::string &File);
  /// Nothing if \p File is empty.
  static llvm::Expected<std::optional<Baseline>>
  readIfAny(const std::string &File);

  /// Sets the state of each result; their fingerprints must be there.
  void mark(std::vector<Result> &Results, llvm::StringRef SourceRoot,
            SourceCache &Sources);
  /// The same for the results of a log.
  void mark(Json &Run);

  /// Results that are gone, as "absent": those for which \p Looked says that
  /// the run would have found them in the file with that URI.
  std::vector<Json>
  absent(llvm::function_ref<bool(llvm::StringRef Uri)> Looked) const;

  /// Puts them behind the results of a run, with their rules.
  void addAbsent(Json &Run, const std::vector<Json> &Absent) const;

private:
  struct Entry {
    SarifIdentity Who;
    Json Result;
    bool Found = false;
  };

  /// The entries with the same fingerprint.
  std::vector<size_t> equalTo(const SarifIdentity &Now) const;
  std::vector<bool> match(const std::vector<SarifIdentity> &Now);

  std::vector<Entry> Entries;
  Json Rules;
  std::map<std::string, std::vector<size_t>> ByV1, ByV2;
};

} // namespace threadhop::driver

#endif
