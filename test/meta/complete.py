#!/usr/bin/env python3
"""Every check has a page with all its parts, tests of both kinds, and options
that the page, --dump-config and --verify-config agree on.

usage: complete.py SOURCE PLUGIN CLANG_TIDY
"""
import glob
import os
import re
import subprocess
import sys

HEADINGS = ("What it finds", "Options", "What it does not report")


def main():
    source, plugin, tidy = sys.argv[1:]
    wrong = []
    checks = sorted(os.path.basename(os.path.dirname(path)) for path in
                    glob.glob(os.path.join(source, "checks/*/Check.cpp")))
    pages = sorted(os.path.basename(path)[:-3] for path in
                   glob.glob(os.path.join(source, "docs/checks/*.md")))
    if checks != pages:
        wrong.append("checks and pages differ: %s, %s" % (checks, pages))
    dump = subprocess.run(
        [tidy, "-load=" + plugin, "--checks=-*,threadhop-*", "--dump-config"],
        capture_output=True, text=True, check=True).stdout
    for check in checks:
        with open(os.path.join(source, "docs/checks", check + ".md"),
                  encoding="utf-8") as page:
            text = page.read()
        for heading in HEADINGS:
            if "\n## " + heading not in text:
                wrong.append("docs/checks/%s.md has no '## %s'"
                             % (check, heading))
        said = set(re.findall(r"^option: (\w+)", text, re.MULTILINE))
        has = set(re.findall(r"threadhop-%s\.(\w+):" % check, dump))
        if said != has:
            wrong.append("%s: options %s on its page, %s in --dump-config"
                         % (check, sorted(said), sorted(has)))
        tests = glob.glob(os.path.join(source, "test/checks", check, "*.cpp"))
        if not any("negative" in os.path.basename(test) for test in tests):
            wrong.append(check + " has no negative test file")
        if not any("negative" not in os.path.basename(test)
                   for test in tests):
            wrong.append(check + " has no positive test file")
    print("\n".join(wrong) or "complete: ok")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
