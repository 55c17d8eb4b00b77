#!/usr/bin/env python3
"""Compares what the driver finds with and without each shortcut.

usage: compare_shortcuts.py FOLDER SOURCE STUBS INPUTS DRIVER [PART/PARTS]

Makes in FOLDER a compilation database of the test files of the checks below
SOURCE that need no more than the tests' own headers, each with a few headers of
the standard library put before it, and of the example project as it is. Runs
the driver over it: with all bodies parsed, with those of libraries skipped,
with library headers shared and an empty cache, and with the precompiled headers
of that cache. The reports must be equal, but for times.
With PART/PARTS, only over that part of the files.
"""
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys


BEFORE = "".join("#include <%s>\n" % name for name in (
    "atomic", "chrono", "condition_variable", "coroutine", "deque",
    "exception", "functional", "future", "map", "memory", "mutex", "optional",
    "shared_mutex", "stdexcept", "string", "system_error", "thread",
    "utility", "variant", "vector"))


def arguments_of(path, stubs, inputs):
    """The compiler's arguments from the file's first RUN line."""
    with open(path, encoding="utf-8") as test:
        text = test.read()
    if re.search(r"^// REQUIRES:", text, re.MULTILINE):
        return None
    run = re.search(r"^// RUN: ((?:.*\\\n// RUN:)*.*)$", text, re.MULTILINE)
    if not run:
        return None
    line = re.sub(r"\\\n// RUN:", " ", run.group(1))
    if " -- " not in line:
        return None
    for name, value in (("%S", os.path.dirname(path)), ("%stubs", stubs),
                        ("%inputs", inputs)):
        line = line.replace(name, value)
    words = shlex.split(line.split(" -- ", 1)[1])
    return None if any("%" in word or word in "&&|>" for word in words) \
        else words


def make_database(folder, source, stubs, inputs, part):
    entries = []
    for path in sorted(glob.glob(os.path.join(source, "test/checks/*/*.cpp"))):
        arguments = arguments_of(path, stubs, inputs)
        if arguments is not None:
            entries.append((path, arguments))
    at = (int(part.split("/")[0]) - 1) * len(entries)
    entries = entries[at // int(part.split("/")[1]):
                      (at + len(entries)) // int(part.split("/")[1])]
    for number, (path, arguments) in enumerate(entries):
        copy = os.path.join(folder, "%d-%s" % (number, os.path.basename(path)))
        with open(path, encoding="utf-8") as test, open(copy, "w") as out:
            out.write(BEFORE + test.read())
        # Headers beside the file are still found.
        entries[number] = (copy, arguments + ["-iquote",
                                              os.path.dirname(path)])
    if part.startswith("1/") and os.path.exists("/usr/include/boost"):
        for path in sorted(glob.glob(
                os.path.join(source, "docs", "example", "src", "*.cpp"))):
            entries.append((path, ["-std=c++20"]))
    with open(os.path.join(folder, "compile_commands.json"), "w") as out:
        json.dump([{"directory": folder, "file": path,
                    "arguments": ["clang++"] + arguments + ["-c", path]}
                   for path, arguments in entries], out)
    return len(entries)


def report(driver, folder, options):
    done = subprocess.run(
        driver + ["-p", folder, "--format=json", "--verbose", "--config={}",
                  "--checks=-*,threadhop-*"] + options,
        cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit("%s\nended with status %d:\n%s"
                 % (options, done.returncode, done.stderr))
    result = json.loads(done.stdout)
    for key in ("seconds", "cache"):
        result.pop(key, None)
    shared = re.search(r"(\d+) units? took library headers", done.stderr)
    return result, int(shared.group(1)) if shared else 0


def main():
    folder, source, stubs, inputs, driver = sys.argv[1:6]
    part = sys.argv[6] if len(sys.argv) > 6 else "1/1"
    folder = os.path.abspath(folder)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    units = make_database(folder, source, stubs, inputs, part)
    cache = os.path.join(folder, "cache")
    runs = [("whole", ["--no-cache", "--no-skip-bodies"]),
            ("skipped", ["--no-cache", "--no-shared-headers"]),
            ("shared", ["--cache-dir=" + cache]),
            ("reused", ["--cache-dir=" + cache]),
            ("warm", ["--cache-dir=" + cache])]
    first, most = None, 0
    for name, options in runs:
        if name == "reused":
            for path in glob.glob(os.path.join(cache, "*-report")):
                os.remove(path)
        found, shared = report([driver], folder, options)
        print("%s: %d units, %d findings, %d units with shared headers"
              % (name, units, len(found["results"]), shared), flush=True)
        most = max(most, shared)
        if first is None:
            first = found
        elif found != first:
            for old, new in zip(first["results"], found["results"]):
                if old != new:
                    print("whole: %s\n%s: %s"
                          % (json.dumps(old), name, json.dumps(new)))
                    break
            for key in first:
                if first[key] != found.get(key) and key != "results":
                    print("%s: %s\n%s: %s" % (key, first[key], name,
                                              found.get(key)))
            sys.exit("%s: the results differ" % name)
    if not first["results"] or not most:
        sys.exit("there was nothing to compare")


if __name__ == "__main__":
    main()
