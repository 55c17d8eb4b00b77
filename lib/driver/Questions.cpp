//===--- Questions.cpp - answers without an analysis ----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Questions.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "driver/Config.h"
#include "driver/Messages.h"
#include "driver/SourceText.h"
#include "findings/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace threadhop::driver {

static void printCheck(StringRef Name) {
  outs() << "    " << Name;
  if (const Rule *Known = findRule(Name))
    outs().indent(Name.size() < 42 ? 42 - Name.size() : 1) << Known->Summary;
  outs() << '\n';
}

int listChecks(const Options &Opts) {
  auto Provider = makeOptionsProvider(Opts.Analysis);
  std::vector<std::string> Enabled = enabledChecks(
      *Provider,
      normalisedPath(Opts.Paths.empty() ? "source.cpp" : Opts.Paths.front()));
  outs() << "Enabled checks:\n";
  for (const std::string &Name : Enabled)
    printCheck(Name);
  bool Heading = false;
  for (const Rule &Known : rules()) {
    if (is_contained(Enabled, Known.Name))
      continue;
    if (!Heading)
      outs() << "\nChecks of threadhop that are off:\n";
    Heading = true;
    printCheck(Known.Name);
  }
  return 0;
}

int explainCheck(const std::string &Name) {
  const Rule *Known = findRule(Name);
  if (!Known)
    Known = findRule("threadhop-" + Name);
  if (!Known) {
    std::vector<StringRef> Names;
    for (const Rule &R : rules()) {
      StringRef Short = R.Name;
      Short.consume_front("threadhop-");
      Names.insert(Names.end(), {R.Name, Short});
    }
    error("there is no check '" + Name + "' with a page" +
          didYouMean(Name, Names));
    return 2;
  }
  raw_ostream &OS = outs();
  OS << Known->Name << " (" << (Known->Preview ? "preview" : "stable") << ", "
     << Known->Severity << ", precision " << Known->Precision << ", since "
     << Known->Since << ")\n\n"
     << Known->Summary << ".\n\n"
     << StringRef(Known->Help).trim() << "\n\n"
     << Known->url() << '\n';
  return 0;
}

} // namespace threadhop::driver
