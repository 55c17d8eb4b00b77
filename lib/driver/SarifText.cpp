//===--- SarifText.cpp - names and sentences in SARIF logs ----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Sarif.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace threadhop::driver {

std::string uriEncoded(StringRef Path) {
  std::string Result;
  for (char C : Path) {
    if (isAlnum(C) || StringRef("-._~/!$&'()*+,;=@").contains(C))
      Result += C;
    else
      Result += "%" + toHex(StringRef(&C, 1));
  }
  return Result;
}

std::pair<std::string, bool> artifactUri(StringRef File, StringRef SourceRoot) {
  StringRef Relative = relativeTo(SourceRoot, File);
  if (Relative.size() != File.size())
    return {uriEncoded(Relative), true};
  return {"file://" + uriEncoded(File), false};
}

std::string clangTidyPage(StringRef Check) {
  auto [Module, Name] = Check.split('-');
  return "https://clang.llvm.org/extra/clang-tidy/checks/" +
         uriEncoded(Module) + "/" + uriEncoded(Name) + ".html";
}

std::string sarifSentence(StringRef Message) {
  std::string Text = Message.str();
  if (Text.empty())
    return Text;
  if (StringRef(Text).contains("](")) {
    std::string Escaped;
    for (char C : Text) {
      if (C == '[' || C == ']')
        Escaped += '\\';
      Escaped += C;
    }
    Text = Escaped;
  }
  Text[0] = toUpper(Text[0]);
  if (!StringRef(".!?").contains(Text.back()))
    Text += '.';
  return Text;
}

std::string pascalCaseName(StringRef Check) {
  Check.consume_front("threadhop-");
  std::string Name;
  bool Upper = true;
  for (char C : Check) {
    if (!isAlnum(C)) {
      Upper = true;
      continue;
    }
    Name += Upper ? toUpper(C) : C;
    Upper = false;
  }
  return Name;
}

} // namespace threadhop::driver
