# Part of the threadhop project, under the Apache License v2.0 with LLVM
# Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is printed, and the part of docs/evaluation.md that is made from it."""
import json
import re
import textwrap
from dataclasses import dataclass
from typing import Dict, Iterable, List, Optional, Tuple

from .failure import Failure, plain
from .projects import Project, ProjectList
from .runs import Run
from .triage import Entry, Matched

PART = re.compile(r"(<!-- evaluation: (\S+)[^\n]*-->\n)(.*?)"
                  r"(<!-- /evaluation -->)", re.S)
VERSION = 1


@dataclass
class Count:
    """How many findings of which verdict."""
    true: int = 0
    debatable: int = 0
    false: int = 0
    untriaged: int = 0

    def add(self, entry: Entry) -> None:
        name = entry.verdict or "untriaged"
        setattr(self, name, getattr(self, name) + 1)

    @property
    def judged(self) -> int:
        return self.true + self.debatable + self.false

    @property
    def precision(self) -> str:
        """True ones of those that were judged; debatable is not true.

        >>> Count(true=2, debatable=1, false=1, untriaged=5).precision
        '0.50'
        >>> Count(untriaged=5).precision
        '-'
        """
        if not self.judged:
            return "-"
        return f"{self.true / self.judged:.2f}"


def counts(entries: Iterable[Entry], key: str) -> Dict[str, Count]:
    """The counts for each check or project; gone findings count nowhere.

    >>> one = Entry("p", "c", "f", 1, "m", "x", "true")
    >>> two = Entry("p", "c", "f", 2, "m", "y", "true", gone=True)
    >>> counts([one, two], "check")
    {'c': Count(true=1, debatable=0, false=0, untriaged=0)}
    """
    result: Dict[str, Count] = {}
    for entry in sorted(entries, key=Entry.order):
        if not entry.gone:
            result.setdefault(getattr(entry, key), Count()).add(entry)
    return {name: result[name] for name in sorted(result)}


def total(each: Iterable[Count]) -> Count:
    result = Count()
    for one in each:
        for name in vars(result):
            setattr(result, name, getattr(result, name) + getattr(one, name))
    return result


Row = List[object]


def by_check(entries: Iterable[Entry]) -> List[Row]:
    """The table of precision."""
    found = counts(entries, "check")
    rows: List[Row] = [["check", "n", "true", "debatable", "false",
                        "untriaged", "precision"]]
    for name, count in [*found.items(), ("all", total(found.values()))]:
        rows.append([name, count.judged, count.true, count.debatable,
                     count.false, count.untriaged, count.precision])
    return rows


def unit_cells(run: Optional[Run]) -> Row:
    if not run or run.error or run.status is None:
        return ["-", "-", "-"]
    return [run.units, run.units - run.failed, f"{run.seconds:.0f}"]


def by_project(projects: Iterable[Project], runs: Dict[str, Run],
               entries: Iterable[Entry]) -> List[Row]:
    """The table of projects."""
    found = counts(entries, "project")
    rows: List[Row] = [["project", "units", "parsed", "seconds", "findings",
                        "true", "what was not analysed"]]
    for project in projects:
        run = runs.get(project.name)
        count = found.get(project.name, Count())
        rows.append([project.name, *unit_cells(run),
                     "-" if not run or run.error else run.findings,
                     count.true, "; ".join(reasons(project, run))])
    return rows


def reasons(project: Project, run: Optional[Run]) -> List[str]:
    """Why a project or some of its units have no result."""
    if project.failed:
        return [project.failed]
    if not run:
        return ["not run yet"]
    if run.error:
        return [run.error]
    return [f"{number} units: {text}" if number > 1 else f"1 unit: {text}"
            for text, number in sorted(run.reasons.items(),
                                       key=lambda item: -item[1])]


def table(rows: List[Row]) -> str:
    """A table for a terminal: numbers to the right."""
    cells = [[plain(str(cell)) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    right = [i > 0 and not any(re.search(r"[^\d.-]", row[i])
                               for row in cells[1:])
             for i in range(len(widths))]
    return "".join("  ".join(
        cell.rjust(w) if r else cell.ljust(w)
        for cell, w, r in zip(row, widths, right)).rstrip() + "\n"
        for row in cells)


def markdown_text(text: str) -> str:
    r"""Anybody's text, as text in Markdown.

    >>> markdown_text("a|b <i> `c` *d*\n[e]")
    'a\\|b &lt;i> \\`c\\` \\*d\\* \\[e]'
    """
    text = re.sub(r"([\\`*_\[|])", r"\\\1", plain(" ".join(text.split())))
    return text.replace("&", "&amp;").replace("<", "&lt;")


def markdown_code(text: str) -> str:
    """Anybody's text, as code in Markdown."""
    return "`" + plain(" ".join(text.split())).replace("`", "'") + "`"


def markdown_table(rows: List[Row]) -> str:
    head, *body = [[str(cell) for cell in row] for row in rows]
    right = [i > 0 and not any(re.search(r"[^\d.-]", row[i]) for row in body)
             for i in range(len(head))]
    lines = [head, ["---:" if r else "---" for r in right], *body]
    return "".join("| " + " | ".join(row) + " |\n" for row in lines)


def wrapped(text: str) -> str:
    """An item of a list, in 80 columns."""
    return textwrap.fill(text, 80, initial_indent="* ",
                         subsequent_indent="  ", break_long_words=False,
                         break_on_hyphens=False) + "\n"


def markdown(listed: ProjectList, runs: Dict[str, Run],
             entries: List[Entry]) -> str:
    """The generated part of the page."""
    drivers = sorted({run.driver for run in runs.values() if run.driver})
    done = [run for run in runs.values() if not run.error]
    units = sum(run.units for run in done)
    failed = sum(run.failed for run in done)
    text = textwrap.fill(
        f"{len(done)} of {len(listed.projects)} projects, {units} units, of "
        f"which {units - failed} parsed"
        + (", by " + ", ".join(drivers) if drivers else "")
        + ". `n` is how many findings were judged.", 80) + "\n\n"

    rows = by_check(entries)
    for row in rows[1:-1]:
        row[0] = (f"[{markdown_code(str(row[0]))}]"
                  f"(checks/{str(row[0]).replace('threadhop-', '')}.md)")
    text += markdown_table(rows) + "\n"

    projects = {each.name: each for each in listed.projects}
    rows = by_project(listed.projects, runs, entries)
    for row in rows[1:]:
        project = projects[str(row[0])]
        at = project.revision[:12] and f" at `{project.revision[:12]}`"
        row[0] = f"[{project.name}]({project.repository}){at}"
        row[-1] = markdown_text(str(row[-1]))
    text += markdown_table(rows)

    for verdict, title in (("true", "True"), ("debatable", "Debatable"),
                           ("false", "False")):
        items = [e for e in sorted(entries, key=Entry.order)
                 if e.verdict == verdict and not e.gone]
        if items:
            text += f"\n{title}:\n\n"
        for e in items:
            text += wrapped(
                f"{e.project}, {markdown_code(f'{e.file}:{e.line}')}, "
                f"{e.check.replace('threadhop-', '')}: "
                + markdown_text(e.sentence)
                + (" " + markdown_text(e.interleaving)
                   if e.verdict == "true" else ""))
    return text


def page_with(path: str, name: str, part: str) -> Tuple[str, str]:
    """A page as it is, and with a generated part replaced."""
    try:
        with open(path, encoding="utf-8") as file:
            old = file.read()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from None
    if name not in [match[2] for match in PART.finditer(old)]:
        raise Failure(f"{path}: there are no lines '<!-- evaluation: {name} "
                      "-->' and '<!-- /evaluation -->' in it")
    return old, PART.sub(lambda m: m[1] + part + m[4] if m[2] == name
                         else m[0], old)


def read_results(path: str) -> Dict[str, Run]:
    """The committed summary of runs."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        if content["version"] != VERSION:
            raise ValueError("another version")
        return {name: Run(project=name, **values)
                for name, values in content["projects"].items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{path}: these are no results of version {VERSION}: "
                      f"{error}") from None


def results_text(listed: ProjectList, runs: Dict[str, Run]) -> str:
    """The summary as it is committed; projects that the list has no more are
    left out."""
    projects = {}
    for project in listed.projects:
        run = runs.get(project.name)
        if run and not project.failed:
            projects[project.name] = {
                key: value for key, value in vars(run).items()
                if key != "project" and value not in ("", {}, None)}
    return json.dumps({"version": VERSION, "projects": projects}, indent=1,
                      ensure_ascii=False, sort_keys=True) + "\n"


def print_changes(matched: Dict[str, Matched]) -> None:
    """What is new, and what is gone."""
    for match in matched.values():
        for each in match.new:
            print(plain(f"new: {each.project}: {each.file}:{each.line}: "
                        f"{each.message} [{each.check}] "
                        f"{each.fingerprint}"))
        for entry in match.gone:
            print(plain(f"gone: {entry.place}: {entry.message} "
                        f"[{entry.check}]"
                        + (f" (was {entry.verdict})" if entry.verdict
                           else "")))
        for entry, found in match.known:
            if entry.verdict and entry.message != found.message:
                print(plain(f"says something else than when it was judged: "
                            f"{entry.place}: {found.message} "
                            f"[{entry.check}]"))


def print_tables(projects: List[Project], runs: Dict[str, Run],
                 entries: List[Entry]) -> None:
    print(table(by_project(projects, runs, entries)))
    print(table(by_check(entries)), end="")


def missing(projects: Iterable[Project],
            entries: List[Entry]) -> List[str]:
    """Which true findings that a list expects are not there."""
    result = []
    for project in projects:
        for each in project.expect:
            there = [e for e in entries if not e.gone
                     and (e.project, e.check, e.file)
                     == (project.name, each.check, each.file)
                     and e.verdict in ("true", "")]
            if len(there) < each.findings:
                result.append(f"{project.name}: {each.file}: {each.findings} "
                              f"of {each.check} expected, and {len(there)} "
                              "found")
    return result
