# RUN: %python %s %threadhop_clangd
"""A hover on an annotation tells what it means, as the page does."""
import os
import re
import sys
import lsp

SOURCE = os.path.dirname(os.path.dirname(lsp.INPUTS))
HEADER = os.path.join(SOURCE, "lib", "include", "threadhop", "annotations.h")
with open(HEADER, encoding="utf-8") as file:
    MACROS = re.findall(r"#define (THREADHOP_(?!ANNOTAT)\w+)(\(Reason\))?\s",
                        file.read())
lsp.check(len(MACROS) > 20, MACROS)

# Each macro of the header, on something that takes any of them.
LINES = ['#include "%s"' % HEADER]
LINES += ["struct %s%s type%d {};" % (macro, '("so")' if reason else "", n)
          for n, (macro, reason) in enumerate(MACROS)]
RAW = len(LINES)
LINES += """\
struct [[clang::annotate("threadhop::waker", "so")]] handle {};
#define OURS THREADHOP_THREAD_BOUND [[clang::annotate("threadhop::sendable")]]
struct OURS several {};
struct [[clang::annotate("other::waker")]] foreign {};
struct [[clang::annotate("threadhop::no_such")]] unknown {};
#define PLAIN 1
int annotate = PLAIN;
const char *text = "threadhop::waker";""".splitlines()


def hover(server, line, what):
    answer = server.request("textDocument/hover", {
        "textDocument": {"uri": lsp.uri_of(server.folder + "/a.cpp")},
        "position": {"line": line, "character": LINES[line].index(what) + 1}})
    return answer["contents"]["value"] if answer else ""


def section(name):
    """What the page says: the first words of the section of that name."""
    with open(os.path.join(SOURCE, "docs", "annotations.md"),
              encoding="utf-8") as file:
        page = file.read()
    anchor = re.search(r"\]\(#([\w-]+)\) \| `threadhop::%s`" % name, page)[1]
    heading = "## " + anchor.replace("-", ", ")
    return anchor, page.split("\n%s\n\n" % heading)[1].split(".")[0]


with lsp.Server(sys.argv[1], lsp.workspace()) as server:
    server.open("a.cpp", "\n".join(LINES))
    for number, (macro, _) in enumerate(MACROS, 1):
        name = macro.removeprefix("THREADHOP_").removesuffix("_BECAUSE").lower()
        anchor, words = section(name)
        said = hover(server, number, macro)
        for part in ("annotation `threadhop::%s`" % name, words, "On: ",
                     "/docs/annotations.md#" + anchor,
                     "#define " + macro):  # clangd's own answer below
            lsp.check(part in said, "%s: '%s' is missing in:" % (macro, part),
                      said)

    for what in "clang", "annotate", "threadhop":
        said = hover(server, RAW, what)
        lsp.check(section("waker")[1] in said
                  and "No documentation" not in said, said)
    said = hover(server, RAW + 2, "OURS")
    lsp.check(section("thread_bound")[1] in said
              and section("sendable")[1] in said, said)
    # What is not ours is left to clangd.
    for line, what in ((3, "other"), (4, "threadhop"), (4, "annotate"),
                       (6, "annotate"), (6, "PLAIN"), (7, "text"),
                       (0, "handle")):
        said = hover(server, RAW + line, what)
        lsp.check(said and "On: " not in said, said)

plain = {"textDocument": {"hover": {"contentFormat": ["plaintext"]}}}
with lsp.Server(sys.argv[1], lsp.workspace(), capabilities=plain) as server:
    server.open("a.cpp", "\n".join(LINES))
    said = hover(server, RAW, "threadhop")
    lsp.check(said.startswith("annotation threadhop::waker\n")
              and "`" not in said, said)
    said = hover(server, 1, MACROS[0][0])
    lsp.check("`" not in said and "// Expands to" in said, said)
