#!/usr/bin/env python3
"""Runs one test file of a check through both faces of the engine.

usage: check_threadhop.py FILE CHECK [clang-tidy options] -- [compiler options]

The file goes through stock clang-tidy with the plugin and through the driver.
Both must give the same findings, notes included, and each output is given to
FileCheck with the comments of FILE; a file without CHECK lines wants no
finding. Any warning or error that no CHECK line asks for fails. The tools come
from the environment: CLANG_TIDY, PLUGIN, DRIVER, FILECHECK.
"""
import os
import re
import subprocess
import sys

DIAGNOSTIC = re.compile(r"^(\S.*?:\d+:\d+: (?:warning|error|note): .*)$",
                        re.MULTILINE)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode < 0 or "error loading" in done.stderr.lower():
        sys.exit("%s\nfailed (%d):\n%s" % (" ".join(command), done.returncode,
                                           done.stdout + done.stderr))
    return done


def said(output):
    """The diagnostics in an order of their own; a header's path is written as
    it was included by one face, and normalised by the other."""
    return sorted(os.path.normpath(line.split(":", 1)[0]) + ":" +
                  line.split(":", 1)[1]
                  for line in DIAGNOSTIC.findall(output))


def file_check(path, face, output):
    with open(path, encoding="utf-8") as test:
        wants = re.search(r"^\s*// CHECK(-NEXT|-DAG|-SAME)?:", test.read(),
                          re.MULTILINE)
    if not wants:
        if DIAGNOSTIC.search(output):
            sys.exit("%s: nothing was expected, but %s says:\n%s"
                     % (path, face, output))
        return
    done = subprocess.run(
        [os.environ["FILECHECK"], path,
         "-implicit-check-not={{warning|error}}:"],
        input=output, capture_output=True, text=True)
    if done.returncode:
        sys.exit("%s: output of %s:\n%s\n%s" % (path, face, output,
                                                done.stderr))


def main():
    args = sys.argv[1:]
    if "--" not in args or len(args) < 3:
        sys.exit(__doc__)
    path, check = args[0], args[1]
    at = args.index("--")
    options, compiler = args[2:at], args[at:]
    checks = "--checks=-*," + check
    tidy = run([os.environ["CLANG_TIDY"], "-load=" + os.environ["PLUGIN"],
                checks, "--quiet"] + options + [path] + compiler)
    file_check(path, "the plugin", tidy.stdout)
    if not os.environ.get("DRIVER"):
        return
    driver = run([os.environ["DRIVER"], checks, "--quiet", "--no-cache"]
                 + options + [path] + compiler)
    file_check(path, "the driver", driver.stdout)
    plugin_says, driver_says = said(tidy.stdout), said(driver.stdout)
    if plugin_says != driver_says:
        sys.exit("plugin and driver differ:\n%s\n---- driver:\n%s"
                 % ("\n".join(plugin_says), "\n".join(driver_says)))
    if driver.returncode != (1 if "warning:" in driver.stdout else 0):
        sys.exit("the driver's exit status is %d\n%s"
                 % (driver.returncode, driver.stderr))


if __name__ == "__main__":
    main()
