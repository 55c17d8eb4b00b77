# RUN: %python %s %threadhop_clangd
"""A finding comes and goes while the file is edited; no configuration."""
import sys
import lsp

CHECK = "threadhop-guard-across-suspension"
HELD = """#include "coro.h"
#include <mutex>
std::mutex m;
lazy<> work() {
  std::lock_guard<std::mutex> g(m);
  co_await tick();
  co_await tock();
}
"""
ENDED = HELD.replace("  std::lock_guard<std::mutex> g(m);",
                     "  { std::lock_guard<std::mutex> g(m); }")
NOLINT = HELD.replace("g(m);", "g(m); // NOLINT(%s)" % CHECK)

with lsp.Server(sys.argv[1], lsp.workspace()) as server:
    found = server.open("a.cpp", HELD)
    lsp.check(len(found) == 1, "one finding is wanted", found)
    guard = found[0]
    lsp.check(lsp.place(guard) == (5, 31, CHECK), guard)
    lsp.check(guard["severity"] == 2 and guard["source"] == "clang-tidy", guard)
    lsp.check("'g'" in guard["message"], guard)
    lsp.check(guard["codeDescription"]["href"].endswith(
        "/docs/checks/guard-across-suspension.md"), guard)

    # The suspension points.
    here = lsp.uri_of(server.folder + "/a.cpp")
    places = []
    for note in guard["relatedInformation"]:
        lsp.check("suspended here" in note["message"].lower(), guard)
        places.append((note["location"]["uri"],
                       note["location"]["range"]["start"]["line"] + 1))
    lsp.check(places == [(here, 6), (here, 7)], guard)

    # The link is ours wherever the diagnostic is repeated.
    actions = server.code_actions("a.cpp", (4, 30), (4, 30), [guard])
    repeated = [d for a in actions for d in a.get("diagnostics", [])]
    lsp.check(all(d["codeDescription"] == guard["codeDescription"]
                  for d in repeated if "codeDescription" in d), actions)

    lsp.check(server.change("a.cpp", ENDED) == [], server.published)
    lsp.check(server.change("a.cpp", HELD) == found, server.published)
    lsp.check(server.change("a.cpp", NOLINT) == [], server.published)
    lsp.check(server.change("a.cpp", HELD) == found, server.published)

    # Typed character by character, as an editor sends it, behind a character
    # that is two units of UTF-16; the comment counts when it is whole.
    server.insert("a.cpp", 4, 0, "/*\U0001f600*/ ")
    bytes_count = "utf-8" in (
        server.initialized["capabilities"].get("positionEncoding"),
        server.initialized.get("offsetEncoding"))
    at = 40 + (4 if bytes_count else 2)
    for part in [" //"] + list(" NOLINT"):
        now = server.insert("a.cpp", 4, at, part)
        at += len(part)
        lsp.check(len(now) == (0 if part == "T" else 1), part, now)
    server.notify("textDocument/didSave", {"textDocument": {
        "uri": lsp.uri_of(server.folder + "/a.cpp")}})
    lsp.check(server.change("a.cpp", HELD) == found, server.published)

    # Below a syntax error, too.
    broken = server.change("a.cpp", HELD.replace("std::mutex m;",
                                                 "std::mutex m; int n = ;"))
    lsp.check(CHECK in lsp.codes(broken) and len(broken) > 1, broken)

    # A second file does not disturb the first one.
    lsp.check(server.open("b.cpp", ENDED) == [], server.published)
    lsp.check(server.change("a.cpp", HELD) == found, server.published)

    # What lies in a header shows when the header is opened, and there only.
    lsp.write(server.folder, "held.hpp", "#pragma once\n" + HELD)
    lsp.check(CHECK not in lsp.codes(server.open("d.cpp",
                                                 '#include "held.hpp"\n')),
              server.published)
    lsp.check((6, 31, CHECK) in map(lsp.place, server.open("held.hpp")),
              server.published)

    # Links of other diagnostics are left alone.
    stock = server.open("c.cpp", "double half() { return 1 / 2; }\n")
    lsp.check(lsp.codes(stock) == ["bugprone-integer-division"], stock)
    lsp.check("clang.llvm.org" in stock[0]["codeDescription"]["href"], stock)

# A client that takes code actions together with the diagnostics, and one that
# knows nothing: the suspension points are diagnostics of their own there.
inline = {"textDocument": {"publishDiagnostics": {
    "codeActionsInline": True, "relatedInformation": True,
    "codeDescriptionSupport": True}}}
with lsp.Server(sys.argv[1], lsp.workspace(), capabilities=inline) as server:
    found = server.open("a.cpp", HELD)
    lsp.check(len(found) == 1, found)
    lsp.check("clang.llvm.org" not in str(found), found)
with lsp.Server(sys.argv[1], lsp.workspace(), capabilities={}) as server:
    found = server.open("a.cpp", HELD)
    lsp.check(sorted(d["range"]["start"]["line"] for d in found) == [4, 5, 6],
              found)
