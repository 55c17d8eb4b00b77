# Part of the threadhop project, under the Apache License v2.0 with LLVM
# Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs of the driver over projects, and what they have left.

Everything of one build of the driver is in a folder of its own: a copy of the
program (so that building it anew changes nothing under way), its cache, and for
each project NAME.json and NAME.sarif as the driver has written them, and
NAME.run.json, which is written last: a project that has it is finished.
"""
import hashlib
import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from .failure import Failure, line, plain, say, tail
from .places import Places
from .projects import Project, read_database, units_of

FINGERPRINTS = ("threadhopFinding/v2", "threadhopFinding/v1")


@dataclass
class Found:
    """One finding of a run, its paths relative to the checkout."""
    project: str
    check: str
    file: str
    line: int
    message: str
    fingerprints: List[str]

    @property
    def fingerprint(self) -> str:
        return self.fingerprints[0]


@dataclass
class Run:
    """What became of a project."""
    project: str
    driver: str = ""
    units: int = 0
    analysed: int = 0
    failed: int = 0
    findings: int = 0
    seconds: float = 0
    status: Optional[int] = None
    # Why units failed, and how many.
    reasons: Dict[str, int] = field(default_factory=dict)
    # Why there is no result at all.
    error: str = ""

    @property
    def complete(self) -> bool:
        return not self.error


@dataclass
class Options:
    """How the driver is run, apart from its defaults."""
    jobs: int = 1
    preview: bool = False
    again: bool = False
    timeout: Optional[int] = None


class Driver:
    """A build of the driver, known by its content."""

    def __init__(self, program: str, results: str, places: Places):
        try:
            with open(program, "rb") as file:
                self.id = hashlib.sha256(file.read()).hexdigest()[:12]
        except OSError as error:
            raise Failure(f"{program}: {error.strerror}") from None
        self.places = places
        self.results = os.path.join(os.path.realpath(results), self.id)
        os.makedirs(self.results, exist_ok=True)
        self.program = os.path.join(self.results, "threadhop")
        if not os.path.exists(self.program):
            shutil.copy(program, self.program + ".part")
            os.replace(self.program + ".part", self.program)
        try:
            done = subprocess.run([self.program, "--version"],
                                  capture_output=True, errors="replace")
        except OSError as error:
            raise Failure(f"{program}: {error.strerror}") from None
        if done.returncode or not done.stdout.strip():
            raise Failure(f"{program} --version: status {done.returncode}"
                          + tail(done.stderr))
        self.version = line(done.stdout.splitlines()[0])

    def file(self, project: Project, end: str) -> str:
        return os.path.join(self.results, project.name + end)

    def read(self, project: Project, end: str) -> Any:
        path = self.file(project, end)
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                return json.load(file)
        except (OSError, ValueError) as error:
            raise Failure(f"{project.name}: cannot read {path}: {error}") \
                from None

    def command(self, project: Project, units: List[str], options: Options,
                end: str) -> List[str]:
        checkout = self.places.checkout(project)
        return [self.program, "-p", os.path.join(checkout, project.database),
                "--quiet", f"-j{options.jobs}",
                "--cache-dir", os.path.join(self.results, "cache"),
                *(["--preview"] if options.preview else []),
                *([f"--timeout={options.timeout}"]
                  if options.timeout is not None else []),
                "--format=json", "-o", self.file(project, ".json" + end),
                "--sarif", self.file(project, ".sarif" + end), *units]

    def finished(self, project: Project, asked: str) -> Optional[Run]:
        """The run that is there already, if it is this one."""
        if not os.path.exists(self.file(project, ".run.json")):
            return None
        record = self.read(project, ".run.json")
        if record.pop("asked", None) != asked:
            return None
        return Run(**record)

    def run(self, project: Project, options: Options) -> Run:
        """Runs the driver over a project that is prepared, unless it was."""
        places, checkout = self.places, self.places.checkout(project)
        units = units_of(project, checkout)
        if project.units is not None and project.units != len(units):
            say(f"{project.name}: warning: the list wants {project.units} "
                f"units, and there are {len(units)}")
        # What a result depends on, besides the driver.
        wanted = set(units)
        commands = [each for each in read_database(project, checkout)
                    if os.path.normpath(each["file"]) in wanted]
        asked = hashlib.sha256(json.dumps(
            [project.revision, project.submodules, project.root,
             options.preview, units, commands]).encode()).hexdigest()
        there = None if options.again else self.finished(project, asked)
        if there:
            return there
        say(f"{project.name}: {len(units)} units")
        command = places.run(
            project, self.command(project, units, options, ".part"), checkout,
            (self.results,))
        start = time.time()
        done = subprocess.run(command, cwd=checkout, stdin=subprocess.DEVNULL,
                              capture_output=True, errors="replace")
        seconds = time.time() - start
        parts = [(self.file(project, end + ".part"), self.file(project, end))
                 for end in (".json", ".sarif")]
        run = Run(project.name, self.version, len(units), seconds=round(
            seconds, 1), status=done.returncode)
        if done.returncode not in (0, 1, 2) or \
                not all(os.path.exists(part) for part, _ in parts):
            run.error = f"the driver ended with status {done.returncode}"
            say(run.project + ": " + run.error
                + tail(done.stdout + done.stderr))
            return run
        for part, whole in parts:
            os.replace(part, whole)
        log = self.read(project, ".json")
        if log.get("interrupted"):
            run.error = "the driver was interrupted"
            return run
        self.fill(run, log, self.places.checkout(project))
        record = dict(vars(run), asked=asked)
        path = self.file(project, ".run.json")
        with open(path + ".part", "w", encoding="utf-8") as out:
            json.dump(record, out, indent=1)
        os.replace(path + ".part", path)
        return run

    @staticmethod
    def fill(run: Run, log: Dict[str, Any], checkout: str) -> None:
        """What the driver's results tell of a run, without the folders of
        this machine."""
        failures = log.get("failures", [])
        run.failed = len({each.get("file") for each in failures})
        run.analysed = log.get("analysed", 0)
        run.findings = len(ours(log))
        for each in failures:
            text = f"{each.get('kind', '')}: {each.get('text', '')}"
            text = text.replace(checkout + os.sep, "")
            run.reasons[text] = run.reasons.get(text, 0) + 1

    def findings(self, project: Project) -> List[Found]:
        """The findings of a finished run."""
        checkout = self.places.checkout(project)
        prints = fingerprints(self.read(project, ".sarif"))
        result = []
        for each in ours(self.read(project, ".json")):
            given = each.get("fingerprint", "")
            result.append(Found(
                project.name, each.get("check", ""),
                plain(relative(each.get("file", ""), checkout)),
                each.get("line", 0),
                line(each.get("message", "").replace(checkout + os.sep, "")),
                prints.get(given) or [given]))
        return result


def ours(log: Dict[str, Any]) -> List[Dict[str, Any]]:
    """The findings of threadhop's checks. A project's own configuration may
    turn on others, and what does not parse has errors.

    >>> ours({"results": [{"check": "threadhop-x"}, {"check": "clang-y"}]})
    [{'check': 'threadhop-x'}]
    """
    return [each for each in log.get("results", [])
            if each.get("check", "").startswith("threadhop-")]


def relative(path: str, checkout: str) -> str:
    """A path as it is in the checkout; a header of the system stays as it is.

    >>> relative("/w/c/a/b.cpp", "/w/c"), relative("/usr/x.h", "/w/c")
    ('a/b.cpp', '/usr/x.h')
    """
    path = os.path.normpath(path)
    if path.startswith(checkout + os.sep):
        return path[len(checkout) + 1:]
    return path


def fingerprints(log: Dict[str, Any]) -> Dict[str, List[str]]:
    """For each fingerprint in a SARIF log all that its finding has, the newest
    first.

    >>> fingerprints({"runs": [{"results": [{"partialFingerprints": {
    ...     "threadhopFinding/v1": "a", "threadhopFinding/v2": "b"}}]}]})
    {'b': ['b', 'a'], 'a': ['b', 'a']}
    """
    result = {}
    for run in log.get("runs", []):
        for each in run.get("results", []):
            given = each.get("partialFingerprints", {})
            values = [given[name] for name in FINGERPRINTS if name in given]
            for value in values:
                result[value] = values
    return result


def run_project(driver: Driver, project: Project, options: Options) -> Run:
    """Prepares a project and runs the driver; what cannot be done is in the
    result."""
    if project.failed:
        return Run(project.name, driver.version, error=project.failed)
    try:
        driver.places.prepare(project, driver.program, options.again)
        return driver.run(project, options)
    except Failure as failure:
        say(f"error: {failure}")
        first = str(failure).splitlines()[0]
        for each in (project.name + ": ", driver.places.work + os.sep):
            first = first.replace(each, "")
        return Run(project.name, driver.version, error=first)
