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

const FindingKind *Rule::kind(llvm::StringRef Name) const {
  auto It = llvm::find_if(
      Kinds, [&](const FindingKind &Each) { return Each.Name == Name; });
  return It == Kinds.end() ? nullptr : &*It;
}

// The symbol, if the pattern is that of the message.
static std::optional<llvm::StringRef> match(llvm::StringRef Pattern,
                                            llvm::StringRef Message) {
  static constexpr llvm::StringLiteral Name = "<symbol>";
  llvm::StringRef Symbol;
  bool Inside = false, IsSymbol = false;
  while (true) {
    size_t End = std::min(Pattern.find('*'), Pattern.find(Name));
    llvm::StringRef Words = Pattern.take_front(End);
    // What a name stands for is as short as can be; the end must be the end.
    size_t At = End == llvm::StringRef::npos && Inside
                    ? (Message.ends_with(Words) ? Message.size() - Words.size()
                                                : llvm::StringRef::npos)
                    : Message.find(Words);
    if (At == llvm::StringRef::npos || (At && !Inside))
      return std::nullopt;
    if (IsSymbol)
      Symbol = Message.take_front(At);
    Message = Message.drop_front(At + Words.size());
    if (End == llvm::StringRef::npos)
      return Message.empty() ? std::optional(Symbol) : std::nullopt;
    IsSymbol = Pattern[End] != '*';
    Inside = true;
    Pattern = Pattern.drop_front(End + (IsSymbol ? Name.size() : 1));
  }
}

std::optional<KindAndSymbol> Rule::readMessage(llvm::StringRef Message) const {
  for (const FindingKind &Each : Kinds)
    for (llvm::StringRef Pattern : Each.Messages)
      if (auto Symbol = match(Pattern, Message))
        return KindAndSymbol{Each.Name, *Symbol};
  return std::nullopt;
}

std::string Rule::url() const {
  llvm::StringRef Page = Name;
  Page.consume_front("threadhop-");
  return pageUrl(("checks/" + Page + ".md").str());
}

} // namespace threadhop
