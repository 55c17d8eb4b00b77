#!/usr/bin/env python3
"""Runs one test file of a check through both faces of the engine.

usage: check_threadhop.py FILE CHECK [clang-tidy options] -- [compiler options]

The file goes through stock clang-tidy with the plugin and through the driver.
Both must give the same findings, notes included, and each output is given to
FileCheck with the comments of FILE; a file without CHECK lines wants no
finding. Any warning or error that no CHECK line asks for fails. What
'threadhop convert' makes of clang-tidy's findings must be known by the same
kind, symbol and fingerprints as the driver's. The tools come from the
environment: CLANG_TIDY, PLUGIN, DRIVER, FILECHECK.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

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


def identities(log):
    """What each finding of a SARIF log is known by."""
    with open(log, encoding="utf-8") as text:
        run = json.load(text)["runs"][0]
    found = []
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        prints = result["partialFingerprints"]
        said = result["properties"]
        kind = said.get("kind", "")
        # The compiler's warnings have none.
        if kind not in rule["properties"].get("kinds", [""]):
            sys.exit("'%s' is no kind of %s: %s"
                     % (kind, rule["id"], said["clause"]))
        # clang-tidy does not tell what a comment hides.
        if not result["suppressions"]:
            found.append((said["clause"], rule["id"], kind,
                          said.get("symbol", ""),
                          prints["threadhopFinding/v1"],
                          prints["threadhopFinding/v2"]))
    return sorted(found)


def compare_identities(folder):
    exported, log, converted = (os.path.join(folder, name) for name in
                                ("fixes.yaml", "driver.sarif", "tidy.sarif"))
    if not os.path.exists(exported):
        return
    run([os.environ["DRIVER"], "convert", "--quiet", exported,
         "--sarif=" + converted, "--output=" + os.devnull])
    driver, plugin = identities(log), identities(converted)
    for one, other in zip(driver, plugin):
        if one != other:
            sys.exit("the converter knows it as another:\n%s\n%s"
                     % (one, other))
    if len(driver) != len(plugin):
        sys.exit("%d findings, and %d converted" % (len(driver), len(plugin)))


def main():
    args = sys.argv[1:]
    if "--" not in args or len(args) < 3:
        sys.exit(__doc__)
    path, check = args[0], args[1]
    at = args.index("--")
    options, compiler = args[2:at], args[at:]
    checks = "--checks=-*," + check
    with tempfile.TemporaryDirectory() as folder:
        tidy = run([os.environ["CLANG_TIDY"], "-load=" + os.environ["PLUGIN"],
                    checks, "--quiet", "--export-fixes="
                    + os.path.join(folder, "fixes.yaml")]
                   + options + [path] + compiler)
        file_check(path, "the plugin", tidy.stdout)
        if not os.environ.get("DRIVER"):
            return
        driver = run([os.environ["DRIVER"], checks, "--quiet", "--no-cache",
                      "--sarif=" + os.path.join(folder, "driver.sarif")]
                     + options + [path] + compiler)
        file_check(path, "the driver", driver.stdout)
        compare_identities(folder)
    plugin_says, driver_says = said(tidy.stdout), said(driver.stdout)
    if plugin_says != driver_says:
        sys.exit("plugin and driver differ:\n%s\n---- driver:\n%s"
                 % ("\n".join(plugin_says), "\n".join(driver_says)))
    if driver.returncode != (1 if "warning:" in driver.stdout else 0):
        sys.exit("the driver's exit status is %d\n%s"
                 % (driver.returncode, driver.stderr))


if __name__ == "__main__":
    main()
