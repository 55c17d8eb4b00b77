//===--- Links.cpp - where the documentation links lead -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd takes every check for one of LLVM's and links to LLVM's site. Here the
// messages to the editor get the links of our pages.
//
//===----------------------------------------------------------------------===//

#include "Clangd.h"
#include "findings/Rules.h"
#include <cstdio>
#include <memory>

using namespace clang::clangd;
using namespace llvm;

#define TRANSPORT                                                              \
  "_ZN5clang6clangd16newJSONTransportEP8_IO_FILERN4llvm11raw_ostreamEPS4_bNS0" \
  "_15JSONStreamStyleE"
std::unique_ptr<Transport>
realTransport(std::FILE *In, raw_ostream &Out, raw_ostream *Mirror, bool Pretty,
              JSONStreamStyle Style) THREADHOP_REAL(TRANSPORT);
std::unique_ptr<Transport>
hookedTransport(std::FILE *In, raw_ostream &Out, raw_ostream *Mirror,
                bool Pretty, JSONStreamStyle Style) THREADHOP_HOOK(TRANSPORT);

/// Diagnostics stand in a list; code actions stand in a list inside of them or
/// for themselves, and repeat the diagnostics that they are for.
static void link(json::Value *List) {
  json::Array *Entries = List ? List->getAsArray() : nullptr;
  if (!Entries)
    return;
  for (json::Value &Entry : *Entries) {
    json::Object *Fields = Entry.getAsObject();
    if (!Fields)
      return; // No such list: they hold nothing but objects.
    link(Fields->get("diagnostics"));
    link(Fields->get("codeActions"));
    json::Object *Description = Fields->getObject("codeDescription");
    if (!Description)
      continue;
    if (const threadhop::Rule *R = threadhop::findRule(
            Fields->getString("code").value_or(StringRef())))
      (*Description)["href"] = R->url();
  }
}

namespace {

class LinkingTransport : public Transport {
public:
  explicit LinkingTransport(std::unique_ptr<Transport> Inner)
      : Inner(std::move(Inner)) {}

  void notify(StringRef Method, json::Value Params) override {
    if (json::Object *Fields = Params.getAsObject())
      link(Fields->get("diagnostics"));
    Inner->notify(Method, std::move(Params));
  }

  void call(StringRef Method, json::Value Params, json::Value ID) override {
    Inner->call(Method, std::move(Params), std::move(ID));
  }

  void reply(json::Value ID, Expected<json::Value> Result) override {
    if (Result)
      link(&*Result);
    Inner->reply(std::move(ID), std::move(Result));
  }

  Error loop(MessageHandler &Handler) override { return Inner->loop(Handler); }

private:
  std::unique_ptr<Transport> Inner;
};

} // namespace

std::unique_ptr<Transport> hookedTransport(std::FILE *In, raw_ostream &Out,
                                           raw_ostream *Mirror, bool Pretty,
                                           JSONStreamStyle Style) {
  return std::make_unique<LinkingTransport>(
      realTransport(In, Out, Mirror, Pretty, Style));
}
