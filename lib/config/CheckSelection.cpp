//===--- CheckSelection.cpp - which checks run on a project ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "config/CheckSelection.h"
#include "clang-tidy/GlobList.h"
#include "findings/Rules.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace clang::tidy;
using namespace llvm;

namespace threadhop {

static constexpr StringLiteral OurPrefix = "threadhop-";

std::vector<std::string> defaultChecks(bool Preview) {
  std::vector<std::string> Names;
  for (const Rule &R : rules())
    if (Preview || !R.Preview)
      Names.push_back(R.Name.str());
  return Names;
}

// The patterns of a list, as clang-tidy splits it.
static std::vector<StringRef> patternsOf(StringRef Globs) {
  std::vector<StringRef> Patterns;
  while (!Globs.empty()) {
    size_t End = Globs.find_first_of(",\n");
    if (StringRef Pattern = Globs.take_front(End).trim(); !Pattern.empty())
      Patterns.push_back(Pattern);
    Globs = End == StringRef::npos ? "" : Globs.substr(End + 1);
  }
  return Patterns;
}

bool speaksOfOurs(StringRef Globs) {
  return any_of(patternsOf(Globs), [](StringRef Pattern) {
    Pattern.consume_front("-");
    return Pattern.trim().starts_with(OurPrefix.drop_back());
  });
}

std::vector<StringRef> leftOn(StringRef Globs, bool &Whole) {
  std::vector<StringRef> On;
  Whole = false;
  for (StringRef Pattern : patternsOf(Globs)) {
    if (!Pattern.consume_front("-")) {
      On.push_back(Pattern);
      continue;
    }
    Pattern = Pattern.trim();
    Whole |= Pattern == "*";
    // A pattern is taken back by one that matches its own text.
    GlobList Back(Pattern);
    erase_if(On, [&](StringRef Other) { return Back.contains(Other); });
  }
  return On;
}

std::vector<std::string> ourChecks(const std::vector<std::string> &Defaults,
                                   StringRef ProjectGlobs) {
  if (!speaksOfOurs(ProjectGlobs))
    return Defaults;
  GlobList On(join(Defaults, ",") + "," + ProjectGlobs.str());
  std::vector<std::string> Names;
  for (const Rule &R : rules())
    if (On.contains(R.Name))
      Names.push_back(R.Name.str());
  return Names;
}

// A check for the code of one project, which knows nothing of other code.
static bool isForOneProject(StringRef Check) {
  static constexpr StringLiteral Modules[] = {"llvm-", "llvmlibc-", "fuchsia-",
                                              "zircon-", "linuxkernel-"};
  return !Check.contains('*') && any_of(Modules, [&](StringRef Module) {
    return Check.starts_with(Module);
  });
}

// Whether the configuration says that headers end as no header does.
static bool hasNoHeaders(const ClangTidyOptions &Options) {
  auto IsHeader = [](StringRef Extension) {
    Extension = Extension.trim();
    Extension.consume_front(".");
    return Extension.empty() || Extension.starts_with_insensitive("h") ||
           is_contained({"inc", "inl", "ipp", "tpp", "txx", "cuh"},
                        Extension.lower());
  };
  auto None = [&](auto &&Extensions) { return none_of(Extensions, IsHeader); };
  if (Options.HeaderFileExtensions && !Options.HeaderFileExtensions->empty() &&
      None(*Options.HeaderFileExtensions))
    return true;
  for (const auto &Option : Options.CheckOptions) {
    StringRef Key = Option.getKey();
    if (Key != "HeaderFileExtensions" &&
        !Key.ends_with(".HeaderFileExtensions"))
      continue;
    SmallVector<StringRef> Extensions;
    SplitString(Option.getValue().Value, Extensions, ",;");
    if (!Extensions.empty() && None(Extensions))
      return true;
  }
  return false;
}

bool mutes(const PlaceConfig &Config,
           function_ref<PlaceConfig(StringRef Folder)> Above) {
  const ClangTidyOptions &Options = Config.Options;
  bool Whole;
  const std::string Globs = Options.Checks.value_or("");
  std::vector<StringRef> On = leftOn(Globs, Whole);
  if (!Whole)
    return false;
  // True for none at all.
  if (all_of(On, isForOneProject))
    return true;
  StringRef Check = On.front();
  if (On.size() > 1 || Check.contains('*') || Check.starts_with(OurPrefix))
    return false;
  if (hasNoHeaders(Options))
    return true;
  // Who sets up the one check wants it.
  if (any_of(Options.CheckOptions.keys(), [&](StringRef Key) {
        return Key.consume_front(Check) && Key.starts_with(".");
      }))
    return false;
  StringRef Folder = sys::path::parent_path(Config.File);
  PlaceConfig Outer = Above(sys::path::parent_path(Folder));
  if (Outer.File.empty())
    return false;
  const std::string OuterGlobs = Outer.Options.Checks.value_or("");
  On = leftOn(OuterGlobs, Whole);
  return On.size() > 1 ||
         any_of(On, [](StringRef Pattern) { return Pattern.contains('*'); });
}

} // namespace threadhop
