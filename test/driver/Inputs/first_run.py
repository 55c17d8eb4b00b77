#!/usr/bin/env python3
"""Runs the driver on each folder that has a .clang-tidy, as a stranger would.

usage: first_run.py DRIVER FOLDER
"""
import os
import subprocess
import sys

UNIT = """\
#include "%s/unit.h"
namespace {
std::mutex mutex;
}





task work() { std::lock_guard<std::mutex> lock(mutex); co_await tick(); }

int *pointer = 0;
"""
# Whether our check is on, and what the warning says; an empty one: no warning.
WANTED = {
    "others": (True, ""),
    "everything": (True, ""),
    "comment": (True, ".clang-tidy:4: a comment inside of a list of checks"),
    "quoted": (True, ".clang-tidy:3: a comment inside of a list of checks"),
    "margin": (True, ".clang-tidy:3: a comment at the left margin"),
    "renamed": (True, ".clang-tidy:1: unknown check 'google-runtime-references'"
                      "; did you mean 'google-runtime-operator'? Passed over "
                      "as well: 'modernize-use-nullptrs' in line 1, "
                      "'no-such-check' in line 2\n"),
    "key": (True, ".clang-tidy:2:1: unknown key 'AnalyzeTemporaryDtors'; "
                  "passed over as well: 'Formatstyle' in line 3, 'note' in "
                  "line 7\n"),
    "flow": (True, "unknown key 'AnalyzeTemporaryDtors'\n"),
    "option": (True, ".clang-tidy:2: unknown option 'HeaderFileExtensions'\n"),
    "value": (True, ".clang-tidy:3:1: expected a sequence or map\n"),
    "regex": (True, ".clang-tidy:1: '^((?!/third_party/).)*$' is no regular "
                    "expression: "),
    "ours-off": (False, ""),
    "ours-one": (False, ""),
    "ours-on": (True, ""),
    "default": (True, ""),
    "single": (True, ""),
    "muted": (None, ""),
    "twine": (None, ""),
    "headers": (None, "unknown option 'HeaderFileExtensions'"),
    "list": (None, ""),
    "vendored": (True, ""),
    "vendored/plain": (None, ""),
    "vendored/inherits": (None, ""),
    "vendored/off": (None, ""),
    "vendored/used": (True, ""),
    "vendored/less": (True, ""),
}


def main():
    driver, root = sys.argv[1:]
    wrong = []
    for folder, (on, warning) in WANTED.items():
        unit = os.path.join(root, folder, "unit.cpp")
        with open(unit, "w") as out:
            out.write(UNIT % root)
        run = subprocess.run(
            [driver, "--no-cache", unit, "--", "-std=c++20"],
            capture_output=True, text=True)
        status = {True: 1, False: 0, None: 2}[on]
        found = "[threadhop-guard-across-suspension]" in run.stdout
        good = (run.returncode == status and found == (on is True)
                and "modernize" not in run.stdout
                and run.stderr.count("warning: ") == (1 if warning else 0)
                and warning in run.stderr
                and (on is not None or "turn everything off" in run.stderr))
        if not good:
            wrong.append("%s: status %d\n%s%s" % (folder, run.returncode,
                                                  run.stdout, run.stderr))
    print("\n".join(wrong) or "all as wanted")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
