# RUN: %python %s %threadhop_clangd
"""What comes with a finding: related places, the fix, tags for the editor."""
import sys
import lsp

CROSSES = "threadhop-confined-value-crosses-thread"
HANDED = """#include "threads.h"
struct motor { int n; };
struct state { counted<motor> vm; };
void work(state &);
void start(state s) {
  std::thread([s]() mutable { work(s); }).detach();
  work(s);
}
"""
SLOT = """#include <cassert>
#include <coroutine>
struct event {
  struct awaiter {
    event &of;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      /* \U0001f600 */ of.waiter = h;
    }
    void await_resume() {}
  };
  awaiter operator co_await() { return {*this}; }
  void set() {
    if (auto h = waiter) {
      waiter = nullptr;
      h.resume();
    }
  }
  std::coroutine_handle<> waiter;
};
"""
capabilities = {"textDocument": dict(lsp.CAPABILITIES["textDocument"])}
capabilities["textDocument"]["publishDiagnostics"] = {
    **lsp.CAPABILITIES["textDocument"]["publishDiagnostics"],
    "dataSupport": True}


def apply(text, edits):
    """The text with the edits; columns count UTF-16 units, as is LSP's rule."""
    lines = [line.encode("utf-16-le") for line in text.splitlines(True)]
    starts = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    whole = b"".join(lines)
    offset = lambda at: starts[at["line"]] + 2 * at["character"]
    for edit in sorted(edits, key=lambda e: -offset(e["range"]["start"])):
        whole = (whole[:offset(edit["range"]["start"])]
                 + edit["newText"].encode("utf-16-le")
                 + whole[offset(edit["range"]["end"]):])
    return whole.decode("utf-16-le")


with lsp.Server(sys.argv[1], lsp.workspace(),
                capabilities=capabilities) as server:
    # What makes it unsafe, the hand-over, and the other user.
    found = lsp.ours(server.open("handed.cpp", HANDED))
    lsp.check(lsp.codes(found) == [CROSSES], found)
    lsp.check("member 'vm'" in found[0]["message"], found)
    here = lsp.uri_of(server.folder + "/handed.cpp")
    notes = [("" if note["location"]["uri"] == here else "header",
              note["location"]["range"]["start"]["line"] + 1, note["message"])
             for note in found[0]["relatedInformation"]]
    for place, line, words in (("header", None, "count"), ("", 6, "anded over"),
                               ("", 7, "used")):
        lsp.check(any(place == note[0] and line in (None, note[1])
                      and words in note[2] for note in notes),
                  "no note on '%s'" % words, notes)
    lsp.check("concurrency" in found[0]["data"]["threadhop"]["tags"], found)

    # clangd's own tags for the editor are there, too.
    unused = server.open("unused.cpp", '#include "coro.h"\nint one;\n')
    lsp.check([d["tags"] for d in unused if d["code"] == "unused-includes"]
              == [[1]], unused)

    # The fix, made by the editor, answers the finding.
    found = lsp.ours(server.open("slot.cpp", SLOT))
    lsp.check(lsp.codes(found) == ["threadhop-overwritten-waker"], found)
    at = found[0]["range"]["start"]
    at = at["line"], at["character"]
    fixes = [action for action in server.code_actions("slot.cpp", at, at, found)
             if action.get("kind") == "quickfix"]
    lsp.check(len(fixes) == 1 and fixes[0]["diagnostics"][0]["code"]
              == found[0]["code"], fixes)
    edits = fixes[0]["edit"]["changes"][lsp.uri_of(server.folder
                                                   + "/slot.cpp")]
    fixed = apply(SLOT, edits)
    lsp.check("*/ assert(!of.waiter && " in fixed, fixed)
    lsp.check(lsp.ours(server.change("slot.cpp", fixed)) == [], server.published)
    # There is none without the macro.
    found = lsp.ours(server.open(
        "no-assert.cpp", SLOT.replace("#include <cassert>", "")))
    lsp.check(lsp.codes(found) == ["threadhop-overwritten-waker"], found)
    lsp.check("fix" not in found[0]["message"], found)

# Who does not keep data is not given any.
with lsp.Server(sys.argv[1], lsp.workspace()) as server:
    found = lsp.ours(server.open("slot.cpp", SLOT))
    lsp.check(len(found) == 1 and "data" not in found[0], found)
