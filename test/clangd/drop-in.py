# RUN: %python %s %threadhop_clangd
"""Everything that clangd of the same version can do is there.

The stock server is asked the same; both answers must be equal.
"""
import json
import os
import subprocess
import sys
import lsp

TEXT = """namespace n { int f(int); }
using namespace n;
struct point { int x, y; virtual void move() = 0; };
struct at : point {};
int add(int a, int b) {
  auto sum = f(a) + f(b) * 2;
  if (a < b) { return sum; } else { return b; }
}
const char *text = "a\\\\b\\\\c";
"""


def selections():
    """From every third column, nothing or up to some place behind it."""
    lines = TEXT.splitlines()
    for number, line in enumerate(lines):
        for first in range(0, len(line), 3):
            for last in {first, first + 5, len(line)}:
                yield (number, first), (number, min(last, len(line)))


def ask(program):
    with lsp.Server(program, lsp.workspace()) as server:
        server.open("a.cpp", TEXT)
        titles = [sorted(action["title"] for action in
                         server.code_actions("a.cpp", first, last))
                  for first, last in selections()]
        document = {"uri": lsp.uri_of(server.folder + "/a.cpp")}
        at = {"textDocument": document,
              "position": {"line": 5, "character": 12}}
        answers = [server.initialized, titles,
                   server.request("textDocument/hover", at),
                   server.request("textDocument/definition", at),
                   server.request("textDocument/documentSymbol",
                                  {"textDocument": document}),
                   server.request("textDocument/semanticTokens/full",
                                  {"textDocument": document}),
                   # Those of equal rank come in any order.
                   sorted(item["label"] for item in server.request(
                       "textDocument/completion", at)["items"])]
        # Each server has a folder of its own.
        return json.loads(json.dumps(answers).replace(server.folder, ""))


def output(program, option):
    return subprocess.run([program, option], capture_output=True, text=True,
                          check=True).stdout


ours = ask(sys.argv[1])
titles = {title for some in ours[1] for title in some}
for wanted in ("Extract subexpression to variable", "Extract to function",
               "Replace with deduced type", "Define constructor"):
    lsp.check(wanted in titles, wanted + " is missing:", sorted(titles))

# clangd of the same package; test machines have it, others may not.
stock = os.path.join(os.path.dirname(os.environ["CLANG_TIDY"]), "clangd")
if os.path.exists(stock):
    for one, other in zip(ours, ask(stock)):
        lsp.check(one == other, "ours:", one, "stock:", other)
    lsp.check(output(sys.argv[1], "--version").splitlines()[0]
              == output(stock, "--version").splitlines()[0])
    # The same options. The heading names the program.
    lsp.check(output(sys.argv[1], "--help-hidden").split("OPTIONS:")[1]
              == output(stock, "--help-hidden").split("OPTIONS:")[1])
