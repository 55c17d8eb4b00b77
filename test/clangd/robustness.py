# RUN: %python %s %threadhop_clangd
"""Wrong input does not end the server, and a client that is gone does."""
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

# A client that closes the pipe without a word.
server = lsp.Server(sys.argv[1], lsp.workspace())
server.open("a.cpp", TEXT)
server.process.stdin.close()
lsp.check(server.process.wait(lsp.TIMEOUT) in (0, 1), server.process.returncode)
