//===--- Messages.cpp - between clangd and the editor ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd takes every check for one of LLVM's and links to LLVM's site; on their
// way to the editor our diagnostics get the links of our pages.
//
//===----------------------------------------------------------------------===//

#include "Clangd.h"
#include "findings/Rules.h"
#include <cstdio>
#include <memory>

using namespace clang::clangd;
using namespace llvm;

std::unique_ptr<Transport> realTransport(std::FILE *In, raw_ostream &Out,
                                         raw_ostream *Mirror, bool Pretty,
                                         JSONStreamStyle Style)
    THREADHOP_REAL(TRANSPORT);
std::unique_ptr<Transport> hookedTransport(std::FILE *In, raw_ostream &Out,
                                           raw_ostream *Mirror, bool Pretty,
                                           JSONStreamStyle Style)
    THREADHOP_HOOK(TRANSPORT);

/// Diagnostics come as a list. So do code actions, for themselves or inside of
/// diagnostics, and repeat the diagnostics that they are for.
static void link(json::Value *List) {
  json::Array *Entries = List ? List->getAsArray() : nullptr;
  if (!Entries)
    return;
  for (json::Value &Entry : *Entries) {
    json::Object *Fields = Entry.getAsObject();
    if (!Fields)
      return; // A list of something else.
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

/// Remembers whether clangd itself asked for the end.
class EndWatcher : public Transport::MessageHandler {
public:
  explicit EndWatcher(MessageHandler &Inner) : Inner(Inner) {}
  bool ended() const { return Ended; }

  bool onNotify(StringRef Method, json::Value Params) override {
    return watch(Inner.onNotify(Method, std::move(Params)));
  }
  bool onCall(StringRef Method, json::Value Params, json::Value ID) override {
    return watch(Inner.onCall(Method, std::move(Params), std::move(ID)));
  }
  bool onReply(json::Value ID, Expected<json::Value> Result) override {
    return watch(Inner.onReply(std::move(ID), std::move(Result)));
  }

private:
  bool watch(bool GoOn) {
    Ended |= !GoOn;
    return GoOn;
  }

  MessageHandler &Inner;
  bool Ended = false;
};

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

  // A message that is JSON but no request ends clangd's loop as an exit would;
  // that is no reason to take the editor's server away.
  Error loop(MessageHandler &Handler) override {
    EndWatcher Watcher(Handler);
    do {
      if (Error E = Inner->loop(Watcher))
        return E;
    } while (!Watcher.ended());
    return Error::success();
  }

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
