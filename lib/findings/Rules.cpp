//===--- Rules.cpp - metadata of the checks -------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "findings/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include <string>

namespace threadhop {

llvm::ArrayRef<Rule> rules() {
  static const std::vector<Rule> Table = {
#include "Rules.inc"
  };
  return Table;
}

const Rule *findRule(llvm::StringRef Name) {
  const auto *It = llvm::find_if(
      rules(), [&](const Rule &Candidate) { return Candidate.Name == Name; });
  return It == rules().end() ? nullptr : It;
}

std::string pageUrl(llvm::StringRef Page) {
  return ("https://github.com/threadhop/threadhop/blob/main/docs/" + Page)
      .str();
}

std::string Rule::url() const {
  llvm::StringRef Page = Name;
  Page.consume_front("threadhop-");
  return pageUrl(("checks/" + Page + ".md").str());
}

} // namespace threadhop
