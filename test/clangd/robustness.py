# RUN: %python %s %threadhop_clangd
"""Wrong input does not end the server, and a client that is gone does."""
import os
import signal
import subprocess
import sys
import lsp

TEXT = """#include "coro.h"
struct [[clang::annotate("threadhop::thread_bound")]] region { ~region(); };
region one;
lazy<> work() {
  region here;
  co_await tick();
}
"""
WANTED = [(5, 10, "threadhop-guard-across-suspension")]


def alive(server, name):
    found = server.open(name, TEXT)
    lsp.check([lsp.place(d) for d in found] == WANTED, name, found)


def frame(body):
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


with lsp.Server(sys.argv[1], lsp.workspace()) as server:
    # Messages that are none.
    server.send_bytes(frame(b"{ no JSON"))
    server.send_bytes(frame(b"[1, 2]"))
    server.send_bytes(frame(b'"text"'))
    server.send_bytes(frame(b'{"jsonrpc": "1.0", "method": "x"}'))
    server.send_bytes(b"Content-Length: 0\r\n\r\n")
    server.send_bytes(b"Some-Header: 1\r\n" + frame(b'{"jsonrpc": "2.0"}'))
    server.send_bytes(frame(b"\xff\xfe"))
    server.send_bytes(frame(b"[" * 200000))
    server.send_bytes(frame(b'{"a":' * 200000))
    # Frames that are none: without a length, or with a wrong one.
    for head in (b"Some-Header: 1", b"", b"Content-Length: -5",
                 b"Content-Length: many", b"Content-Length: 99999999999"):
        server.send_bytes(head + b"\r\n\r\n")
    alive(server, "a.cpp")

    # Requests and notifications that make no sense.
    for method, params in (("no/such", {}), ("textDocument/hover", None),
                           ("textDocument/hover", [1]),
                           ("textDocument/codeAction", {"range": 7})):
        answer = server.ask(method, params)
        lsp.check("error" in answer, method, answer)
    server.notify("textDocument/didChange", {"textDocument": {"uri": "x:y"}})
    server.notify("textDocument/didOpen", {})
    server.notify("textDocument/didClose", {"textDocument": {
        "uri": lsp.uri_of(server.folder + "/never-opened.cpp")}})
    alive(server, "b.cpp")

    # More than it can do at once: edits, requests, half of them cancelled.
    server.open("flood.cpp", TEXT)
    document = {"uri": lsp.uri_of(server.folder + "/flood.cpp")}
    start = {"line": 0, "character": 0}
    asked = []
    for number in range(100):
        server.versions[document["uri"]] += 1
        server.notify("textDocument/didChange", {
            "textDocument": {**document,
                             "version": server.versions[document["uri"]]},
            "contentChanges": [{"range": {"start": start, "end": start},
                                "text": "// %d\n" % number}]})
        for method in "hover", "documentSymbol", "completion":
            server.last_id += 1
            asked.append(server.last_id)
            server.send({"id": asked[-1], "method": "textDocument/" + method,
                         "params": {"textDocument": document,
                                    "position": start}})
        if number % 2:
            server.notify("$/cancelRequest", {"id": asked[-1]})
    server.notify("$/cancelRequest", {"id": 987654})
    while asked:
        answer = server.until(lambda m: m.get("id") in asked)
        asked.remove(answer["id"])
    lsp.check([lsp.place(d) for d in server.diagnostics("flood.cpp")]
              == [(105,) + WANTED[0][1:]], server.published)

    # An enormous file: each coroutine of it has its finding.
    one = "lazy<> work%d() {\n  region here;\n  co_await tick();\n}\n"
    enormous = TEXT + "".join(one % n for n in range(2000))
    enormous += "// " + "x" * 70 + "\n" * 100000 + "int end;\n"
    lsp.check(len(server.open("enormous.cpp", enormous)) == 2001)
    server.open("long-line.cpp", TEXT + "// " + "y" * 2000000 + "\n")
    alive(server, "after.cpp")

    # Names of files.
    for name in ("a b.cpp", "\u00fc\U0001f600.cpp", "100%.cpp", "-dash.cpp",
                 "[x].cpp", "quo\"te'.cpp", ".cpp", "sub/deep/b.cpp"):
        alive(server, name)

    # Files that do not parse: each is reported, none ends the server.
    for number, text in enumerate((
            "", "}}}}", "#include", '#include "no-such-file.h"\n' + TEXT,
            "lazy<> work() { co_await", TEXT[:-20], TEXT[20:], "\0\1\2\xff",
            "template <class T> struct s : s<s<T>> {}; s<int> i;",
            "auto f() { co_await 1; }", "(" * 3000, TEXT.replace("here;", ")"),
            TEXT.replace("lazy<>", "void"), TEXT.replace("tick()", "missing()"),
            'import std;\nexport module m;\n' + TEXT)):
        server.open("wrong%d.cpp" % number, text)
    alive(server, "c.cpp")

    # While it is typed, character by character.
    server.open("typed.cpp", "")
    for end in range(len(TEXT) - 75, len(TEXT)):
        server.change("typed.cpp", TEXT[:end])
    lsp.check([lsp.place(d) for d in server.change("typed.cpp", TEXT)]
              == WANTED, server.published)

# No compilation database, or one that cannot be read.
for text in None, "{", "[]", '[{"file": 1}]', "\0\0":
    folder = lsp.workspace()
    os.remove(folder + "/compile_flags.txt")
    if text is not None:
        lsp.write(folder, "compile_commands.json", text)
    with lsp.Server(sys.argv[1], folder) as server:
        found = server.open("a.cpp", "void f() { int *p = 0 }\n")
        lsp.check(any("';'" in d["message"] for d in found), text, found)

# A client that goes in the midst of a message, and one that no longer reads.
server = lsp.Server(sys.argv[1], lsp.workspace())
server.send_bytes(b"Content-Length: 1000\r\n\r\n{")
server.process.stdin.close()
lsp.check(server.process.wait(lsp.TIMEOUT) in (0, 1), server.process.returncode)
deaf = subprocess.Popen([sys.argv[1], "--log=error"],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
deaf.stdout.close()
try:
    deaf.stdin.write(frame(b'{"jsonrpc": "2.0", "id": 1, "method": "initialize",'
                           b' "params": {"capabilities": {}}}'))
    deaf.stdin.flush()
except BrokenPipeError:
    pass
# By the signal, or by LLVM's handler of it, which older versions install.
lsp.check(deaf.wait(lsp.TIMEOUT) in (-signal.SIGPIPE, os.EX_IOERR),
          deaf.returncode)

# A client that closes the pipe without a word.
server = lsp.Server(sys.argv[1], lsp.workspace())
server.open("a.cpp", TEXT)
server.process.stdin.close()
lsp.check(server.process.wait(lsp.TIMEOUT) in (0, 1), server.process.returncode)
