# RUN: %python %s %threadhop_clangd
"""Everything that clangd of the same version can do is there.

The stock server is asked the same; both answers must be equal.
"""
import shutil
import subprocess
import sys
import lsp

TEXT = """#include <string>
namespace n { int f(int); }
using namespace n;
struct point { int x, y; point(int x, int y); virtual void move() = 0; };
int add(int a, int b) {
  int sum = f(a) + f(b) * 2;
  if (a < b) { return sum; } else { return b; }
}
const char *text = "a\\\\b\\\\c";
"""
# Selections on which refactorings are offered.
SELECTIONS = [((5, 12), (5, 16)), ((5, 12), (5, 25)), ((5, 2), (5, 5)),
              ((6, 2), (6, 4)), ((2, 0), (2, 19)), ((3, 7), (3, 12)),
              ((4, 4), (4, 7)), ((4, 0), (7, 1)), ((8, 19), (8, 28)),
              ((5, 2), (6, 26))]


def ask(program):
    with lsp.Server(program, lsp.workspace()) as server:
        titles = []
        server.open("a.cpp", TEXT)
        for first, last in SELECTIONS:
            titles.append([a["title"] for a in
                           server.code_actions("a.cpp", first, last)])
        document = {"uri": lsp.uri_of(server.folder + "/a.cpp")}
        at = {"textDocument": document, "position": {"line": 5, "character": 12}}
        return server.initialized, titles, [
            server.request("textDocument/hover", at),
            server.request("textDocument/definition", at)[0]["range"],
            server.request("textDocument/documentSymbol",
                           {"textDocument": document}),
            [i["label"] for i in
             server.request("textDocument/completion", at)["items"]],
        ]


def output(program, option):
    return subprocess.run([program, option], capture_output=True, text=True,
                          check=True).stdout


ours = ask(sys.argv[1])
titles = {title for some in ours[1] for title in some}
for wanted in ("Extract subexpression to variable", "Extract to function",
               "Swap if branches"):
    lsp.check(wanted in titles, wanted + " is missing:", sorted(titles))

# clangd of the same package; test machines have it, others may not.
stock = shutil.which("clangd")
if stock:
    for one, other in zip(ours, ask(stock)):
        lsp.check(one == other, "ours:", one, "stock:", other)
    lsp.check(output(sys.argv[1], "--version").splitlines()[0]
              == output(stock, "--version").splitlines()[0])
    # The same options. The heading names the program.
    lsp.check(output(sys.argv[1], "--help-hidden").split("OPTIONS:")[1]
              == output(stock, "--help-hidden").split("OPTIONS:")[1])
