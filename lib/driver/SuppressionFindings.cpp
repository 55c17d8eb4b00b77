//===--- SuppressionFindings.cpp - findings about NOLINT comments ---------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/SuppressionFindings.h"
#include "driver/Messages.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace threadhop::driver {

StringRef suppressionRule(StringRef Name) {
  if (Name == UnusedSuppression)
    return "A NOLINT comment hides no finding.";
  if (Name == UnexplainedSuppression)
    return "A NOLINT comment gives no reason.";
  return "";
}

ArrayRef<FindingKind> suppressionKinds(StringRef Name) {
  static const FindingKind Unused[] = {
      {"hides-nothing", "there is no finding that it could hide", {}},
      {"unknown-check", "it names a check that does not exist", {}}};
  static const FindingKind Unexplained[] = {
      {"no-reason", "there is no text behind it", {}}};
  if (Name == UnusedSuppression)
    return Unused;
  if (Name == UnexplainedSuppression)
    return Unexplained;
  return {};
}

void SuppressionFindings::add(const UnitReport &Unit) {
  for (const SuppressionComment &C : Unit.Comments) {
    auto [It, New] = Comments.try_emplace({C.At.File, C.At.Offset}, C);
    if (New)
      continue;
    It->second.InMainFile |= C.InMainFile;
    for (size_t I = 0; I != C.Items.size(); ++I) {
      It->second.Items[I].Enabled |= C.Items[I].Enabled;
      It->second.Items[I].Used |= C.Items[I].Used;
    }
  }
}

static bool namesOurs(const SuppressionComment::Item &I) {
  return StringRef(I.Pattern).starts_with("threadhop-");
}

static bool isUnknown(const SuppressionComment::Item &I) {
  return namesOurs(I) && !StringRef(I.Pattern).contains('*') &&
         !findRule(I.Pattern) && suppressionRule(I.Pattern).empty();
}

static std::string namesIn(const SuppressionComment &C) {
  return join(map_range(C.Items,
                        [](const SuppressionComment::Item &I) -> StringRef {
                          return I.Pattern;
                        }),
              ",");
}

static std::string unknownCheck(const std::string &Name) {
  std::vector<StringRef> Names;
  for (const Rule &R : rules())
    Names.push_back(R.Name);
  return "there is no check '" + Name + "'" + didYouMean(Name, Names);
}

std::vector<Result> SuppressionFindings::findings(const Options &Opts,
                                                  bool Whole) const {
  std::vector<Result> Found;
  auto Report = [&](const char *Check, const char *Kind,
                    const SuppressionComment &C, std::string Symbol,
                    std::string Message) {
    Result &R = Found.emplace_back();
    R.Check = Check;
    R.Kind = Kind;
    R.Symbol = std::move(Symbol);
    R.At = C.At;
    R.End = C.End;
    R.Message = std::move(Message);
  };
  for (const auto &[Place, C] : Comments) {
    bool ForUs = any_of(C.Items, [](const SuppressionComment::Item &I) {
      return namesOurs(I) || I.Used;
    });
    if (Opts.RequireReason && ForUs && C.Reason.empty())
      Report(UnexplainedSuppression, "no-reason", C, namesIn(C),
             "'" + C.Directive + "' gives no reason behind it");
    bool Seen = (C.InMainFile || Whole) && !C.Conditional;
    if (Opts.Unused == UnusedSuppressions::Ignored || !Seen)
      continue;
    for (const SuppressionComment::Item &I : C.Items) {
      if (isUnknown(I)) {
        Report(UnusedSuppression, "unknown-check", C, I.Pattern,
               "'" + C.Directive +
                   "' hides nothing: " + unknownCheck(I.Pattern));
        continue;
      }
      if (I.Used || !I.Enabled ||
          (!namesOurs(I) && Opts.Unused != UnusedSuppressions::All))
        continue;
      Report(UnusedSuppression, "hides-nothing", C, I.Pattern,
             "'" + C.Directive + "' hides no finding" +
                 (I.Pattern == "*" ? "" : " of '" + I.Pattern + "'"));
    }
  }
  return Found;
}

} // namespace threadhop::driver
