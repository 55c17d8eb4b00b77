# Part of the threadhop project, under the Apache License v2.0 with LLVM
# Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What somebody has judged of each finding.

A triage is a JSON file beside its list, an object for each finding, sorted. A
finding is found again by its fingerprint within project and check, so that an
edit elsewhere in the file does not matter.
"""
import json
import os
import re
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Optional, Tuple

from .failure import Failure
from .runs import Found

VERDICTS = ("true", "debatable", "false")
VERSION = 1


@dataclass
class Entry:
    """A finding and its verdict."""
    project: str
    check: str
    file: str
    line: int
    # As it was when it was judged.
    message: str
    fingerprint: str
    verdict: str = ""
    # Why, in one sentence of ours.
    sentence: str = ""
    # If it is true: which steps of which threads make it go wrong.
    interleaving: str = ""
    judge: str = ""
    date: str = ""
    # It is not reported any more.
    gone: bool = False

    @property
    def place(self) -> str:
        return f"{self.project}: {self.file}:{self.line}"

    def order(self) -> Tuple:
        return (self.project, self.file, self.line, self.check,
                self.fingerprint)


TYPES = {name: kind for name, kind in Entry.__annotations__.items()}


def sentences(text: str) -> int:
    """How many there are.

    >>> sentences("It waits, e.g. here."), sentences("Yes. It does.")
    (1, 2)
    """
    text = re.sub(r"\b(e\.g|i\.e|cf|etc|vs)\.", r"\1", text.strip())
    return len(re.findall(r"[.!?](?=\s+[A-Z]|$)", text)) or bool(text)


def wrong(entry: Entry) -> Optional[str]:
    """What is wrong with an entry.

    >>> wrong(Entry("p", "c", "f", 1, "m", "x"))
    >>> wrong(Entry("p", "c", "f", 1, "m", "x", "true", "It is."))
    "a true one has an 'interleaving'"
    >>> wrong(Entry("p", "c", "f", 1, "m", "x", "maybe"))
    "the verdict 'maybe' is none of true, debatable, false"
    """
    if not entry.verdict:
        return None
    if entry.verdict not in VERDICTS:
        return (f"the verdict '{entry.verdict}' is none of "
                + ", ".join(VERDICTS))
    if not entry.sentence.strip():
        return "a verdict has a 'sentence' that says why"
    if sentences(entry.sentence) != 1:
        return "'sentence' is one sentence"
    if entry.verdict == "true" and not entry.interleaving.strip():
        return "a true one has an 'interleaving'"
    if entry.date and not re.fullmatch(r"\d{4}-\d\d-\d\d", entry.date):
        return f"the date '{entry.date}' is not as 2026-01-31"
    return None


class Triage:
    """The entries of a list."""

    def __init__(self, path: str, entries: Optional[List[Entry]] = None):
        self.path = path
        self.entries = entries or []

    @staticmethod
    def read(path: str) -> "Triage":
        try:
            with open(path, encoding="utf-8") as file:
                content = json.load(file)
        except FileNotFoundError:
            return Triage(path)
        except OSError as error:
            raise Failure(f"{path}: {error.strerror}") from None
        except ValueError as error:
            raise Failure(f"{path}: {error}") from None
        if not isinstance(content, dict) or \
                content.get("version") != VERSION or \
                not isinstance(content.get("findings"), list):
            raise Failure(f"{path}: this is no triage of version {VERSION}")
        triage, seen = Triage(path), set()
        for number, table in enumerate(content["findings"], 1):
            entry = read_entry(f"{path}: finding {number}", table)
            key = (entry.project, entry.check, entry.fingerprint)
            if key in seen:
                raise Failure(f"{path}: finding {number} ({entry.place}): the "
                              "fingerprint is there twice")
            seen.add(key)
            triage.entries.append(entry)
        return triage

    def text(self) -> str:
        """The file's content: sorted, and empty values left out."""
        tables = [{key: value for key, value in vars(entry).items()
                   if value not in ("", False) or key == "verdict"}
                  for entry in sorted(self.entries, key=Entry.order)]
        return json.dumps({"version": VERSION, "findings": tables}, indent=1,
                          ensure_ascii=False) + "\n"

    def write(self) -> None:
        write(self.path, self.text())

    def match(self, project: str, found: Iterable[Found]) -> "Matched":
        """Which findings of a project are known, which are new, and which
        entries' findings are gone.

        >>> triage = Triage("t", [Entry("p", "c", "f", 1, "m", "old"),
        ...                       Entry("p", "c", "f", 2, "m", "lost"),
        ...                       Entry("q", "c", "f", 2, "m", "other")])
        >>> one = Found("p", "c", "f", 7, "m", ["new", "old"])
        >>> matched = triage.match("p", [one])
        >>> len(matched.known), matched.new
        (1, [])
        >>> [entry.fingerprint for entry in matched.gone]
        ['lost']
        >>> triage.update(matched, prune=False)
        >>> [(entry.fingerprint, entry.line) for entry in triage.entries]
        [('new', 7), ('other', 2)]
        """
        known: Dict[Tuple[str, str, str], Entry] = {
            (e.project, e.check, e.fingerprint): e for e in self.entries}
        result = Matched([], [], [])
        for each in found:
            for value in each.fingerprints:
                entry = known.get((each.project, each.check, value))
                if entry:
                    result.known.append((entry, each))
                    break
            else:
                result.new.append(each)
        met = {id(entry) for entry, _ in result.known}
        result.gone = [e for e in self.entries
                       if e.project == project and id(e) not in met]
        return result

    def update(self, matched: "Matched", prune: bool) -> None:
        """Takes over what a run has found."""
        for entry, found in matched.known:
            entry.gone = False
            entry.file, entry.line = found.file, found.line
            entry.fingerprint = found.fingerprint
            if not entry.verdict:
                entry.message = found.message
        for each in matched.new:
            self.entries.append(Entry(each.project, each.check, each.file,
                                      each.line, each.message,
                                      each.fingerprint))
        gone = {id(entry) for entry in matched.gone}
        for entry in matched.gone:
            entry.gone = True
        self.entries = [e for e in self.entries if id(e) not in gone
                        or (e.verdict and not prune)]


@dataclass
class Matched:
    """A run held against a triage."""
    known: List[Tuple[Entry, Found]]
    new: List[Found]
    gone: List[Entry]


def read_entry(where: str, table: Any) -> Entry:
    """An entry of the JSON file."""
    if not isinstance(table, dict):
        raise Failure(f"{where}: this is no object")
    for key, value in table.items():
        if key not in TYPES:
            raise Failure(f"{where}: unknown key '{key}'")
        if type(value) is not TYPES[key]:
            raise Failure(f"{where}: '{key}' must be of type "
                          f"{TYPES[key].__name__}")
    for key in ("project", "check", "file", "line", "message",
                "fingerprint"):
        if key not in table:
            raise Failure(f"{where}: '{key}' is missing")
    entry = Entry(**table)
    problem = wrong(entry)
    if problem:
        raise Failure(f"{where} ({entry.place}): {problem}")
    return entry


def write(path: str, text: str) -> None:
    """Replaces a file as a whole."""
    with open(path + ".part", "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(path + ".part", path)
