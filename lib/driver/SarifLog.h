//===--- SarifLog.h - reads threadhop's SARIF logs --------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_SARIFLOG_H
#define THREADHOP_DRIVER_SARIFLOG_H

#include "driver/Results.h"
#include "llvm/Support/Error.h"
#include <nlohmann/json.hpp>

namespace threadhop::driver {

/// The one run of a log that threadhop wrote. The error names the file, the
/// place in it and the reason. Every result has a rule, a message and a
/// fingerprint.
llvm::Expected<Json> readSarifRun(const std::string &File);

/// What tells results apart in a log.
struct SarifIdentity {
  std::string Uri; ///< Of the file, as the log spells it.
  /// Without the number of equal ones. A log of an earlier release has only the
  /// first, one of a later release only the second.
  std::string V1, V2;
  std::string LineHash; ///< The same; may be empty.
  bool Hidden = false;  ///< By a comment.
  /// What the log itself says of an earlier one, or empty.
  std::string BaselineState;
};
SarifIdentity identityOf(const Json &SarifResult);

/// The fingerprint without the number of equal ones.
std::string withoutCount(const std::string &Fingerprint);

/// Calls \p Do for each artifactLocation in \p J, in the order of the text.
template <typename F> void forEachArtifact(Json &J, F Do) {
  if (J.is_object() && J.contains("uri") && J.contains("index"))
    Do(J);
  if (J.is_structured())
    for (Json &Child : J)
      forEachArtifact(Child, Do);
}

} // namespace threadhop::driver

#endif
