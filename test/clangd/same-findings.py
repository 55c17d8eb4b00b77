# RUN: %python %s %threadhop_clangd
"""The server finds in tests of every check what the plugin finds.

Compared are line, column and check of what lies in the open file, with the
default configuration of the server; preview checks, which are off there, are
turned on for their own tests. With --all every test of every check is compared,
which takes minutes.
"""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import lsp

# The lines that clang-tidy prints for the main file.
WARNING = re.compile(r":(\d+):(\d+): warning: .* \[(threadhop-[\w-]+)\]$")
RUN = re.compile(r"%check_threadhop %s \S+(.*?) -- (.*)")


ALL = "--all" in sys.argv
FILES = 4  # Of each check.
BOOST = os.path.exists("/usr/include/boost/asio/awaitable.hpp")

PAGES = os.path.join(os.path.dirname(os.path.dirname(lsp.INPUTS)), "docs",
                     "checks")
CHECKS = sorted(name[:-3] for name in os.listdir(PAGES))
PREVIEW = [name for name in CHECKS if "\nstatus: preview\n" in
           open(os.path.join(PAGES, name + ".md"), encoding="utf-8").read()]


def enabled(path):
    """What is on for a file, as a list of patterns."""
    return ",".join(["-*", "threadhop-*"] + [
        "-threadhop-" + name for name in PREVIEW
        if os.path.basename(os.path.dirname(path)) != name])


def tests(folder):
    """Files and compiler arguments, from the RUN lines."""
    for place, _, names in os.walk(folder):
        taken = 0
        texts = {}
        for name in names:
            if "Inputs" not in place and name.endswith(".cpp"):
                with open(os.path.join(place, name), encoding="utf-8") as file:
                    texts[name] = file.read()
        # Those named for what they report first, and for want of others those
        # with headers of a big library, which take the time of ten.
        # The word is in two parts, or lit would take it for its own.
        needs = "// REQUIRES" + ": "
        big = lambda name: needs in texts[name]
        for name in sorted(texts, key=lambda n: (big(n), "negative" in n,
                                                 "positive" not in n, n)):
            path, text = os.path.join(place, name), texts[name]
            if big(name) and not (needs + "boost\n" in text and BOOST):
                continue
            if not ALL and (taken == FILES or big(name) and taken):
                continue
            lines = re.findall(r"^// RUN\: *(.*)$", text, re.M)
            run = RUN.match(" ".join(l.rstrip("\\") for l in lines))
            # Options of clang-tidy would hold for the plugin only.
            if not run or "config" in run[1]:
                continue
            arguments = run[2]
            for name, value in (
                    ("%stubs", os.path.join(lsp.INPUTS, "stubs")),
                    ("%inputs", lsp.INPUTS), ("%S", place)):
                arguments = arguments.replace(name, value)
            if "%" in arguments:
                continue  # What only lit knows.
            taken += 1
            yield path, arguments.split()


def plugin(path, arguments):
    done = subprocess.run(
        [os.environ["CLANG_TIDY"], "-load=" + os.environ["PLUGIN"],
         "--checks=" + enabled(path), "--quiet", path, "--", *arguments],
        capture_output=True, text=True)
    found = set()
    for line in done.stdout.splitlines():
        if line.startswith(path) and (match := WARNING.match(line[len(path):])):
            found.add((int(match[1]), int(match[2]), match[3]))
    return found


# Copied, as the source tree may have a configuration of its own.
folder = lsp.workspace()
os.remove(os.path.join(folder, "compile_flags.txt"))
shutil.copytree(os.path.join(os.path.dirname(lsp.INPUTS), "checks"),
                os.path.join(folder, "checks"))
shutil.copytree(lsp.INPUTS, os.path.join(folder, "Inputs"))
for name in PREVIEW:
    lsp.write(folder, "checks/%s/.clang-tidy" % name,
              "Checks: threadhop-%s\n" % name)
cases = list(tests(os.path.join(folder, "checks")))
lsp.check(len(cases) > 10, "the tests of the checks are not found")
lsp.write(folder, "compile_commands.json", json.dumps([
    {"directory": folder, "file": path,
     "arguments": ["clang++", *arguments, path]}
    for path, arguments in cases]))


def inside(point, diagnostic):
    """A diagnostic of clangd is the range around the place of the finding."""
    line, column, name = point
    start, end = (diagnostic["range"][key] for key in ("start", "end"))
    return (name == diagnostic["code"]
            and (start["line"], start["character"]) <= (line - 1, column - 1)
            <= (end["line"], end["character"]))


def compare(points, diagnostics):
    """Takes away what fits together; the rest is what differs."""
    rest = list(diagnostics)
    lost = []
    for point in sorted(points):
        fitting = [d for d in rest if inside(point, d)]
        if fitting:
            # The narrowest: the others may be around more than one finding.
            rest.remove(max(fitting, key=lambda d: (
                d["range"]["start"]["line"], d["range"]["start"]["character"])))
        else:
            lost.append("%d:%d %s" % point)
    return lost, ["%d:%d %s" % lsp.place(d) for d in rest]


wrong = 0
total = 0
seen = set()
with concurrent.futures.ThreadPoolExecutor(1) as beside, \
        lsp.Server(sys.argv[1], folder) as server:
    wanted = [beside.submit(plugin, *case) for case in cases]
    for (path, _), future in zip(cases, wanted):
        found = [d for d in server.open(path)
                 if str(d.get("code")).startswith("threadhop-")]
        server.close(path)
        total += len(found)
        seen.update(d["code"] for d in found)
        lost, extra = compare(future.result(), found)
        if lost or extra:
            wrong += 1
            print("%s\n  only the plugin: %s\n  only the server: %s" % (
                os.path.relpath(path, folder), lost, extra), file=sys.stderr)
lsp.check(total > 0 and not wrong,
          "%d of %d files differ" % (wrong, len(cases)))
tested = {os.path.basename(os.path.dirname(path)) for path, _ in cases}
lsp.check(len(tested) >= len(CHECKS) - len(PREVIEW), sorted(tested))
lsp.check(seen == {"threadhop-" + name for name in tested},
          "not every check has found something:", sorted(seen))
print("%d findings in %d files" % (total, len(cases)))
