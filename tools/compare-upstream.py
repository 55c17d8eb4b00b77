#!/usr/bin/env python3
"""Compares upstream's two checks and ours over test/comparison/constructs.cpp.

Prints docs/comparison.md. With --check FILE nothing is printed but the
difference, and the exit status is 1 when there is one. A crash, a missing tool
or a source that does not parse is an error, exit status 2: it must not look like
a missed construct.
"""

import argparse
import difflib
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "test" / "comparison" / "constructs.cpp"
OURS = "threadhop-guard-across-suspension"


class Failure(Exception):
    """The comparison cannot be trusted; the text says why."""


@dataclass
class Construct:
    title: str
    want_report: bool
    first_line: int
    last_line: int = 0


@dataclass
class Tool:
    """One check: how to run it, and what it found."""

    name: str
    check: str
    options: dict
    plugin: Path | None = None
    reported: set = field(default_factory=set)


def read_constructs(path):
    """The constructs of the source and the guard types it names."""
    constructs, guards = [], []
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise Failure(f"cannot read {path}: {error.strerror}")
    for number, line in enumerate(lines, 1):
        if match := re.fullmatch(r"// guard-types: (.+)", line):
            guards += match[1].split()
        if not (match := re.fullmatch(r"// construct: (.+)", line)):
            continue
        below = lines[number] if number < len(lines) else ""
        want = re.fullmatch(r"// want: (report|silent)", below)
        if not want:
            raise Failure(f"{path}:{number}: no 'want: report' or 'silent' below")
        if any(match[1] == c.title for c in constructs):
            raise Failure(f"{path}:{number}: the title '{match[1]}' is used twice")
        if constructs:
            constructs[-1].last_line = number - 1
        constructs.append(Construct(match[1], want[1] == "report", number))
    if not constructs or not guards:
        raise Failure(f"{path}: no constructs or no guard types in it")
    constructs[-1].last_line = len(lines)
    return constructs, guards


def construct_at(constructs, line):
    for construct in constructs:
        if construct.first_line <= line <= construct.last_line:
            return construct
    return None


def clang_tidy(version):
    name = f"clang-tidy-{version}"
    program = shutil.which(name)
    if not program:
        raise Failure(f"{name} is not installed")
    return program


def run(command, what):
    """Standard output of a command that has to succeed."""
    result = subprocess.run(command, capture_output=True, text=True)
    tail = (result.stderr or result.stdout).strip()[-2000:]
    if result.returncode < 0 or result.returncode >= 128:
        raise Failure(f"{what} crashed (exit status {result.returncode})\n{tail}")
    # A file that does not parse still gets diagnostics, from a broken tree.
    if errors := re.findall(r"^.*: (?:fatal )?error: .*$", result.stdout, re.M):
        shown = "\n".join(errors[:5])
        raise Failure(f"{what}: the source does not parse\n{shown}")
    if result.returncode != 0:
        raise Failure(f"{what} failed (exit status {result.returncode})\n{tail}")
    return result.stdout


def analyse(program, tool, constructs, source):
    """Fills in which constructs the tool reports."""
    load = [f"-load={tool.plugin}"] if tool.plugin else []
    checks = f"--checks=-*,{tool.check}"
    listed = run([program, *load, checks, "--list-checks"], tool.name)
    if tool.check not in listed.split():
        raise Failure(f"{Path(program).name} has no check {tool.check}")
    options = ", ".join(f"{tool.check}.{k}: '{v}'" for k, v in tool.options.items())
    config = f"--config={{CheckOptions: {{{options}}}}}"
    arguments = ["--", "-std=c++20", f"-I{source.parent.parent / 'Inputs'}"]
    output = run([program, *load, checks, config, str(source), *arguments], tool.name)
    warning = rf"^(.+?):(\d+):\d+: warning: .*\[{re.escape(tool.check)}[,\]]"
    for path, line in re.findall(warning, output, re.M):
        owner = construct_at(constructs, int(line))
        if Path(path).name != source.name or not owner:
            raise Failure(f"{tool.name} reports {path}:{line}, not in a construct")
        tool.reported.add(owner.title)


def cell(construct, tool):
    reported = construct.title in tool.reported
    if construct.want_report:
        return "found" if reported else "**missed**"
    return "**false alarm**" if reported else "silent"


def row(cells):
    return "| " + " | ".join(str(c) for c in cells) + " |"


def render(constructs, tools, guards, version):
    positive = [c for c in constructs if c.want_report]
    negative = [c for c in constructs if not c.want_report]
    names = ", ".join(f"`{g}`" for g in guards[:-1]) + f" and `{guards[-1]}`"
    about = (
        f"What clang-tidy {version} and threadhop say to {len(constructs)} small"
        f" coroutines: in {len(positive)} a guard is alive over a suspension, in"
        f" {len(negative)} none is. The source is `test/comparison/constructs.cpp`."
        f" Both upstream checks were given every guard type by option: {names}."
    )

    def totals(label, part, want):
        def count(tool):
            return sum((c.title in tool.reported) == want for c in part)

        return row([f"{label}, of {len(part)}", *(count(t) for t in tools)])

    def verdicts(construct):
        want = "report" if construct.want_report else "silent"
        return row([construct.title, want, *(cell(construct, t) for t in tools)])

    lines = [
        "# Comparison with upstream",
        "",
        "<!-- Made by tools/compare-upstream.py; do not edit. -->",
        "",
        textwrap.fill(about, 80, break_long_words=False, break_on_hyphens=False),
        "",
        row(["", *(f"`{t.check}`" for t in tools)]),
        row(["---", *("---:" for _ in tools)]),
        totals("found", positive, True),
        totals("missed", positive, False),
        totals("false alarms", negative, True),
        "",
        row(["construct", "wanted", *(t.name for t in tools)]),
        row(["---"] * (2 + len(tools))),
        *(verdicts(construct) for construct in constructs),
    ]
    return "\n".join(lines) + "\n"


def compare(source, version, plugin):
    """The whole document."""
    constructs, guards = read_constructs(source)
    program = clang_tidy(version)
    if not plugin.is_file():
        raise Failure(f"there is no plugin at {plugin}; build it, or give --plugin")
    tools = [
        Tool(
            "hostile-raii",
            "misc-coroutine-hostile-raii",
            {"RAIITypesList": ";".join(guards)},
        ),
        Tool(
            "no-suspend-with-lock",
            "cppcoreguidelines-no-suspend-with-lock",
            {"LockGuards": ";".join(f"::{g}" for g in guards)},
        ),
        Tool("threadhop", OURS, {}, plugin.resolve()),
    ]
    for tool in tools:
        analyse(program, tool, constructs, source)
    return render(constructs, tools, guards, version)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--plugin",
        type=Path,
        default=ROOT / "build" / "lib" / "libthreadhop.so",
        help="the plugin to compare (default: build/lib/libthreadhop.so)",
    )
    parser.add_argument(
        "--llvm", default="22", metavar="N", help="use clang-tidy-N (default: 22)"
    )
    parser.add_argument(
        "--check",
        type=Path,
        metavar="FILE",
        help="exit 1 when FILE differs from what would be printed",
    )
    arguments = parser.parse_args()
    try:
        document = compare(SOURCE, arguments.llvm, arguments.plugin)
        if not arguments.check:
            print(document, end="")
            return 0
        try:
            committed = arguments.check.read_text()
        except OSError as error:
            raise Failure(f"cannot read {arguments.check}: {error.strerror}")
    except Failure as failure:
        print(f"compare-upstream.py: error: {failure}", file=sys.stderr)
        return 2
    if committed == document:
        return 0
    sys.stdout.writelines(
        difflib.unified_diff(
            committed.splitlines(keepends=True),
            document.splitlines(keepends=True),
            str(arguments.check),
            "made now",
        )
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
