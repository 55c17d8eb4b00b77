#!/usr/bin/env python3
# Part of the threadhop project, under the Apache License v2.0 with LLVM
# Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Keeps the pages of the checks honest.

In a page docs/checks/<name>.md, the section "Example" has C++ blocks, each with
a block of text after it: the messages that threadhop gives for it, which must
be these. The C++ blocks of "Use instead" and "Suppressing" must give none. The
tables of checks in README.md and docs/index.md must be as the front matter of
the pages says. With --bless, texts and tables are replaced.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PREAMBLE = ROOT / "test" / "scripts" / "Inputs" / "example.h"
TABLE = re.compile(r"(<!-- checks: .*? -->\n)(.*?)(<!-- /checks -->)", re.S)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def messages(driver, check, code):
    """What the driver says of the code, without the lines of source."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "example.cpp").write_text(code)
        run = subprocess.run(
            [driver, "--quiet", "--config={}", "--checks=-*," + check,
             "example.cpp", "--", "-std=c++20", "-include", str(PREAMBLE)],
            cwd=folder, capture_output=True, text=True)
        if run.returncode not in (0, 1):
            sys.exit(f"{run.stdout}{run.stderr}check-pages.py: the driver "
                     f"failed with {run.returncode} on:\n{code}")
        lines = [line for line in run.stdout.splitlines()
                 if re.search(r":\d+:\d+: (warning|note): ", line)]
        return "".join(re.sub(r"^\S*/", "", line) + "\n" for line in lines)


def check_page(page, driver, bless):
    text = page.read_text()
    check = "threadhop-" + page.stem
    wrong, said = [], None

    def section_at(offset):
        return re.findall(r"^## (.*)$", text[:offset], re.M)[-1:] or [""]

    def place(match):
        return f"{page}:{text.count(chr(10), 0, match.start()) + 1}"

    def visit(match):
        nonlocal said
        kind, body = match.groups()
        (section,) = section_at(match.start())
        if kind == "cpp" and section == "Example":
            said = messages(driver, check, body)
            if not said:
                wrong.append(f"{place(match)}: nothing is found here")
        elif kind == "text" and section == "Example" and said is not None:
            if body != said:
                wrong.append(f"{place(match)}: threadhop says:\n{said}")
            return f"```text\n{said}```"
        elif kind == "cpp" and section in ("Use instead", "Suppressing"):
            found = messages(driver, check, body)
            if found:
                wrong.append(f"{place(match)}: this is reported:\n{found}")
        return match.group(0)

    blessed = BLOCK.sub(visit, text)
    if said is None:
        wrong.append(f"{page}: no example")
    if bless and blessed != text:
        page.write_text(blessed)
        return [each for each in wrong if "threadhop says" not in each]
    return wrong


def table(pages, prefix):
    """The table of checks for a file from which 'prefix' leads to the pages."""
    lines = ["| check | finds |", "|---|---|"]
    for page in pages:
        front = page.read_text().split("---\n")[1]
        meta = dict(line.split(": ", 1) for line in front.splitlines()
                    if not line.startswith("option"))
        summary = meta["summary"][0].lower() + meta["summary"][1:]
        preview = " (preview)" if meta["status"] == "preview" else ""
        lines.append(f"| [`threadhop-{page.stem}`]({prefix}{page.name}) "
                     f"| {summary}{preview} |")
    return "\n".join(lines) + "\n"


def check_tables(pages, bless):
    wrong = []
    for file, prefix in ((ROOT / "README.md", "docs/checks/"),
                         (ROOT / "docs/index.md", "checks/")):
        text = file.read_text()
        made = TABLE.sub(
            lambda m: m.group(1) + table(pages, prefix) + m.group(3), text)
        if made == text:
            continue
        if bless:
            file.write_text(made)
        else:
            wrong.append(f"{file}: the table of checks is not that of the "
                         "pages")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--driver", default=str(ROOT / "build/bin/threadhop"))
    parser.add_argument("--bless", action="store_true")
    options = parser.parse_args()
    pages = sorted((ROOT / "docs/checks").glob("*.md"))
    wrong = [each for page in pages
             for each in check_page(page, options.driver, options.bless)]
    wrong += check_tables(pages, options.bless)
    print("\n".join(wrong) or "All examples are right.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
