# RUN: %python %s %threadhop_clangd
"""What turns the checks off, and what does not."""
import os
import sys
import time
import lsp

GUARD = "threadhop-guard-across-suspension"
STOCK = "bugprone-integer-division"
TEXT = """#include "coro.h"
struct [[clang::annotate("threadhop::thread_bound")]] region {
  region();
  ~region();
};
double d = 1 / 2;
lazy<> work() {
  region r;
  co_await tick();
}
"""


def codes(options=(), **files):
    """The codes found with these files: tidy, clangd (project), user."""
    folder = lsp.workspace()
    for key, name in (("tidy", ".clang-tidy"), ("clangd", ".clangd"),
                      ("user", "clangd/config.yaml"),
                      ("below", "below/.clang-tidy")):
        if key in files:
            lsp.write(folder, name, files[key])
    with lsp.Server(sys.argv[1], folder, *options) as server:
        return lsp.codes(server.open("below/a.cpp", TEXT))


def expect(wanted, *options, **files):
    found = codes(options, **files)
    lsp.check(found == wanted, "wanted: %s, found: %s, with: %s"
              % (wanted, found, files or list(options)))


BOTH = [STOCK, GUARD]
expect(BOTH)

# .clang-tidy: a list that does not speak of ours leaves ours on, one that does
# decides.
expect(BOTH, tidy="Checks: '%s'\n" % STOCK)
expect([GUARD], tidy="Checks: '-bugprone-*'\n")
expect(BOTH, tidy="Checks: '-*,%s'\n" % STOCK)
expect([STOCK], tidy="Checks: '-*,%s,threadhop-late-waker'\n" % STOCK)
expect([STOCK], tidy="Checks: '%s,-threadhop-*'\n" % STOCK)
expect([STOCK], tidy="Checks: '%s,-%s'\n" % (STOCK, GUARD))
expect([GUARD], tidy="Checks: '-*,threadhop-*'\n")
expect([], tidy="Checks: '-*'\n")
expect(BOTH, tidy="CheckOptions: {some.Option: 1}\n")
# What clang-tidy does not know is passed over, and the rest holds.
expect([STOCK], tidy="Checks: '-*,%s,-threadhop-*'\n"
       "AnalyzeTemporaryDtors: false\n" % STOCK)
expect(BOTH, tidy="Checks: '-*,%s,no-such-check'\nGone: {a: [b, c]}\n" % STOCK)
expect(BOTH, tidy="Checks: >\n  -*,\n# why\n  %s\n" % STOCK)
# Folders with others' code: one check that says nothing there is none.
ONE = "Checks: '-*,%s'\n"
expect([], tidy=ONE % "llvm-twine-local")
expect([], tidy=ONE % "misc-definitions-in-headers"
       + "CheckOptions: [{key: HeaderFileExtensions, value: x}]\n")
expect([GUARD], tidy=ONE % "misc-definitions-in-headers")
expect([], tidy=ONE % "bugprone-*", below=ONE % "misc-static-assert")
expect([GUARD], tidy=ONE % "bugprone-*", below=ONE % "misc-static-assert"
       + "CheckOptions: {misc-static-assert.X: 1}\n")
expect([], tidy=ONE % "bugprone-*", below=ONE % "misc-static-assert"
       + "InheritParentConfig: true\n")
expect(BOTH, tidy="Checks: '-*'\n", below="Checks: '%s'\n" % STOCK)
expect([], tidy="Checks: '-*'\n",
       below="Checks: ''\nInheritParentConfig: true\n")
# What cannot be read turns nothing off.
expect(BOTH, tidy="Checks: [\n")

# .clangd and the user's own file.
REMOVE = "Diagnostics:\n  ClangTidy:\n    Remove: %s\n"
expect([], clangd=REMOVE % "threadhop-*")
expect([], user=REMOVE % GUARD)
ADD = "Diagnostics:\n  ClangTidy:\n    Add: [%s, %s]\n" % (STOCK, GUARD)
expect(BOTH, tidy="Checks: '-*'\n", clangd=ADD)
expect([STOCK], clangd="Diagnostics: {Suppress: %s}\n" % GUARD)
expect([], clangd="Diagnostics: {Suppress: '*'}\n")

# All of clangd's filters for slow checks let ours through.
for policy in "Strict", "Loose", "None":
    expect(BOTH, clangd="Diagnostics:\n  ClangTidy:\n    FastCheckFilter: %s\n"
           % policy)

expect([], "--clang-tidy=false")

# Warnings as errors.
folder = lsp.workspace()
lsp.write(folder, ".clang-tidy", "WarningsAsErrors: 'threadhop-*'\n")
with lsp.Server(sys.argv[1], folder) as server:
    severities = {d["code"]: d["severity"]
                  for d in server.open("a.cpp", TEXT)}
    lsp.check(severities == {GUARD: 1, STOCK: 2}, severities)

# Models of the project. A wrong one is reported, and the rest still works.
folder = lsp.workspace()
lsp.write(folder, "own.json", """{
  "library": "own", "about": "A type of this test",
  "guards": [{"type": "region", "kind": "context", "effect": "it is a test",
              "evidence": "src"}]}""")
OWN = """#include "coro.h"
struct region { region(); ~region(); };
lazy<> work() {
  region r;
  co_await tick();
}
"""
lsp.write(folder, "with/.clang-tidy",
          "CheckOptions: {ModelFiles: %s/own.json}\n" % folder)
with lsp.Server(sys.argv[1], folder) as server:
    lsp.check(server.open("without/a.cpp", OWN) == [], server.published)
    found = server.open("with/a.cpp", OWN)
    lsp.check(lsp.codes(found) == [GUARD], found)


def until(server, wanted):
    """Edits until the configuration counts: clangd looks at it now and then."""
    deadline = time.monotonic() + lsp.TIMEOUT
    number = 0
    while lsp.codes(found := server.change("a.cpp", TEXT + "// %d\n" % number)
                    ) != wanted:
        lsp.check(time.monotonic() < deadline, wanted, found)
        number += 1
        time.sleep(0.2)


# Changed while the file is open, and taken back.
folder = lsp.workspace()
with lsp.Server(sys.argv[1], folder) as server:
    lsp.check(lsp.codes(server.open("a.cpp", TEXT)) == BOTH, server.published)
    lsp.write(folder, ".clang-tidy", "Checks: '-threadhop-*'\n")
    until(server, [])
    lsp.write(folder, ".clang-tidy", "Checks: '-bugprone-*'\n")
    until(server, [GUARD])
    lsp.write(folder, ".clangd", REMOVE % GUARD)
    until(server, [])
    os.remove(os.path.join(folder, ".clangd"))
    os.remove(os.path.join(folder, ".clang-tidy"))
    until(server, BOTH)
    # What holds in the file holds at once.
    lsp.check(lsp.codes(server.change("a.cpp", TEXT.replace(
        "region r;", "region r; // NOLINT(threadhop-*)"))) == [STOCK],
        server.published)
