//===--- Messages.cpp - between clangd and the editor ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd takes every check for one of LLVM's and links to LLVM's site; on their
// way to the editor our diagnostics get the links of our pages and the tags of
// our checks, and a hover on an annotation gets its explanation.
//
//===----------------------------------------------------------------------===//

#include "Clangd.h"
#include "Hover.h"
#include "findings/Rules.h"
#include <atomic>
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

Expected<json::Value> realParse(StringRef Text) THREADHOP_REAL(PARSE);
Expected<json::Value> hookedParse(StringRef Text) THREADHOP_HOOK(PARSE);

// LLVM's parser calls itself for each level and would run out of stack.
Expected<json::Value> hookedParse(StringRef Text) {
  constexpr unsigned MostLevels = 1000;
  unsigned Levels = 0;
  bool InString = false;
  for (size_t I = 0; I != Text.size(); ++I) {
    if (InString && Text[I] == '\\' && I + 1 != Text.size()) {
      ++I; // Whatever it escapes.
      continue;
    }
    switch (Text[I]) {
    case '"':
      InString = !InString;
      break;
    case '[':
    case '{':
      if (!InString && ++Levels > MostLevels)
        return createStringError("JSON is nested too deeply");
      break;
    case ']':
    case '}':
      if (!InString && Levels)
        --Levels;
      break;
    }
  }
  return realParse(Text);
}

/// Diagnostics come as a list. So do code actions, for themselves or inside of
/// diagnostics, and repeat the diagnostics that they are for. \p TakesData: the
/// editor keeps what else it is told of a diagnostic.
static void link(json::Value *List, bool TakesData) {
  json::Array *Entries = List ? List->getAsArray() : nullptr;
  if (!Entries)
    return;
  for (json::Value &Entry : *Entries) {
    json::Object *Fields = Entry.getAsObject();
    if (!Fields)
      return; // A list of something else.
    link(Fields->get("diagnostics"), TakesData);
    link(Fields->get("codeActions"), TakesData);
    const threadhop::Rule *R =
        threadhop::findRule(Fields->getString("code").value_or(""));
    if (!R)
      continue;
    if (json::Object *Description = Fields->getObject("codeDescription"))
      (*Description)["href"] = R->url();
    if (!TakesData)
      continue;
    json::Value &Data = (*Fields)["data"];
    if (!Data.getAsObject())
      Data = json::Object();
    (*Data.getAsObject())["threadhop"] = json::Object{{"tags", R->Tags}};
  }
}

namespace {

/// Remembers what the editor can do, and whether clangd itself asked for the
/// end.
class Watcher : public Transport::MessageHandler {
public:
  Watcher(MessageHandler &Inner, std::atomic<bool> &TakesData)
      : Inner(Inner), TakesData(TakesData) {}
  bool ended() const { return Ended; }

  bool onNotify(StringRef Method, json::Value Params) override {
    return watch(Inner.onNotify(Method, std::move(Params)));
  }
  bool onCall(StringRef Method, json::Value Params, json::Value ID) override {
    if (Method == "initialize")
      TakesData = takesData(Params);
    return watch(Inner.onCall(Method, std::move(Params), std::move(ID)));
  }
  bool onReply(json::Value ID, Expected<json::Value> Result) override {
    return watch(Inner.onReply(std::move(ID), std::move(Result)));
  }

private:
  static bool takesData(const json::Value &Params) {
    const json::Object *At = Params.getAsObject();
    for (StringRef Key : {"capabilities", "textDocument", "publishDiagnostics"})
      At = At ? At->getObject(Key) : nullptr;
    return At && At->getBoolean("dataSupport").value_or(false);
  }

  bool watch(bool GoOn) {
    Ended |= !GoOn;
    return GoOn;
  }

  MessageHandler &Inner;
  std::atomic<bool> &TakesData;
  bool Ended = false;
};

class LinkingTransport : public Transport {
public:
  explicit LinkingTransport(std::unique_ptr<Transport> Inner)
      : Inner(std::move(Inner)) {}

  void notify(StringRef Method, json::Value Params) override {
    if (json::Object *Fields = Params.getAsObject())
      link(Fields->get("diagnostics"), TakesData);
    Inner->notify(Method, std::move(Params));
  }

  void call(StringRef Method, json::Value Params, json::Value ID) override {
    Inner->call(Method, std::move(Params), std::move(ID));
  }

  void reply(json::Value ID, Expected<json::Value> Result) override {
    if (Result) {
      link(&*Result, TakesData);
      if (json::Object *Fields = Result->getAsObject())
        threadhop::explainAnnotation(*Fields);
    }
    Inner->reply(std::move(ID), std::move(Result));
  }

  // A message that is JSON but no request ends clangd's loop as an exit would;
  // that is no reason to take the editor's server away.
  Error loop(MessageHandler &Handler) override {
    Watcher Watching(Handler, TakesData);
    do {
      if (Error E = Inner->loop(Watching))
        return E;
    } while (!Watching.ended());
    return Error::success();
  }

private:
  std::unique_ptr<Transport> Inner;
  std::atomic<bool> TakesData = false; // clangd answers from many threads.
};

} // namespace

std::unique_ptr<Transport> hookedTransport(std::FILE *In, raw_ostream &Out,
                                           raw_ostream *Mirror, bool Pretty,
                                           JSONStreamStyle Style) {
  return std::make_unique<LinkingTransport>(
      realTransport(In, Out, Mirror, Pretty, Style));
}
