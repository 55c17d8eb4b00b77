# Part of the threadhop project, under the Apache License v2.0 with LLVM
# Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The list of projects: the one format that every script reads.

A list is a TOML file with a [[project]] for each; docs/evaluation.md describes
the keys.
"""
import fnmatch
import json
import os
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

from .failure import Failure

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
REVISION = re.compile(r"[0-9a-f]{40}")
PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")
REPOSITORY = re.compile(r"(https?://|file:///|/)[^\s]+")
CXX = (".cpp", ".cc", ".cxx", ".c++", ".C", ".CPP")


@dataclass
class Expected:
    """True findings that must be there."""
    check: str
    file: str
    findings: int = 1


@dataclass
class Project:
    """One entry of a list."""
    name: str
    repository: str
    revision: str
    part: str = ""
    build_dep: str = ""
    packages: List[str] = field(default_factory=list)
    root: str = ""
    submodules: List[Tuple[str, str, str]] = field(default_factory=list)
    configure: List[str] = field(default_factory=list)
    database: str = ""
    only: List[str] = field(default_factory=list)
    every: int = 1
    units: Optional[int] = None
    parsed: Optional[int] = None
    failed: str = ""
    expect: List[Expected] = field(default_factory=list)


@dataclass
class ProjectList:
    """A list, and where it lies."""
    path: str
    projects: List[Project]

    @property
    def name(self) -> str:
        return os.path.splitext(os.path.basename(self.path))[0]

    def beside(self, kind: str) -> str:
        """The file that belongs to it: its triage, its results."""
        return os.path.splitext(self.path)[0] + "." + kind + ".json"

    def select(self, names: str) -> List[Project]:
        """The projects of a list of names with commas, or all."""
        if not names:
            return self.projects
        known = {each.name: each for each in self.projects}
        wanted = [name for name in names.split(",") if name]
        for name in wanted:
            if name not in known:
                raise Failure(f"{self.path}: there is no project '{name}' in "
                              "it")
        return [each for each in self.projects if each.name in wanted]


def inside(path: str) -> bool:
    """Whether a relative path stays below the folder it starts from.

    >>> inside("a/b"), inside("../a"), inside("/a"), inside("a/../../b")
    (True, False, False, False)
    """
    path = os.path.normpath(path)
    return not os.path.isabs(path) and path.split(os.sep)[0] != ".."


# For each key: the type, what a value must be, and the test for it.
KEYS: Dict[str, Tuple[type, str, Any]] = {
    "name": (str, "a short name of letters, digits and ._+-",
             NAME.fullmatch),
    "repository": (str, "an address (https://...) or an absolute path",
                   REPOSITORY.fullmatch),
    "revision": (str, "40 hex digits", REVISION.fullmatch),
    "part": (str, "a text", None),
    "build-dep": (str, "the name of a source package", PACKAGE.fullmatch),
    "packages": (list, "a list of names of packages",
                 lambda v: all(isinstance(e, str) and PACKAGE.fullmatch(e)
                               for e in v)),
    "root": (str, "a short name of letters, digits and ._+-",
             NAME.fullmatch),
    "submodules": (list, "a list of [folder, address, 40 hex digits]",
                   lambda v: all(
                       isinstance(e, list) and len(e) == 3
                       and all(isinstance(p, str) for p in e)
                       and inside(e[0]) and REPOSITORY.fullmatch(e[1])
                       and REVISION.fullmatch(e[2]) for e in v)),
    "configure": (list, "a list of shell commands",
                  lambda v: all(isinstance(e, str) for e in v)),
    "database": (str, "a folder below the checkout", inside),
    "only": (list, "a list of patterns of files",
             lambda v: all(isinstance(e, str) for e in v)),
    "every": (int, "a number from 1", lambda v: v >= 1),
    "units": (int, "a number from 0", lambda v: v >= 0),
    "parsed": (int, "a number from 0", lambda v: v >= 0),
    "failed": (str, "a reason", lambda v: v.strip()),
    "expect": (list, "a list of tables with check, file and findings",
               lambda v: all(isinstance(e, dict) for e in v)),
}
TOP_KEYS = {"rule", "project"}
NEEDED = ("name", "repository", "revision")


def read_expected(entry: str, tables: List[Dict[str, Any]]) -> List[Expected]:
    result = []
    for table in tables:
        for key, kind in (("check", str), ("file", str), ("findings", int)):
            if key in table and type(table[key]) is not kind:
                raise Failure(f"{entry}: 'expect' has a wrong '{key}'")
        if not {"check", "file"} <= set(table) <= {"check", "file",
                                                   "findings"}:
            raise Failure(f"{entry}: each 'expect' has a 'check', a 'file' and "
                          "perhaps 'findings', nothing else")
        result.append(Expected(**table))
    return result


def read_project(where: str, table: Dict[str, Any]) -> Project:
    """The project of a TOML table; 'where' says which one for errors."""
    entry = where
    if isinstance(table.get("name"), str):
        entry += f" ('{table['name']}')"
    for key, value in table.items():
        if key not in KEYS:
            raise Failure(f"{entry}: unknown key '{key}'")
        kind, wanted, test = KEYS[key]
        if key == "revision" and value == "" and "failed" in table:
            continue
        # A bool is an int for Python, but not for us.
        if type(value) is not kind or (test and not test(value)):
            raise Failure(f"{entry}: '{key}' must be {wanted}")
    for key in NEEDED:
        # What could not be got at all need not have a revision.
        if key not in table and not (key == "revision" and
                                     "failed" in table):
            raise Failure(f"{entry}: '{key}' is missing")
    if "database" not in table and "failed" not in table:
        raise Failure(f"{entry}: 'database' is missing")
    values = {key.replace("-", "_"): value for key, value in table.items()}
    values.setdefault("revision", "")
    values["submodules"] = [tuple(s) for s in table.get("submodules", [])]
    values["expect"] = read_expected(entry, table.get("expect", []))
    return Project(**values)


def read_list(path: str) -> ProjectList:
    """The list in a file."""
    try:
        import tomllib
    except ImportError:
        raise Failure("lists are read by Python 3.11 or newer (it has "
                      "tomllib)") from None
    try:
        with open(path, "rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: {error}") from None
    for key in content:
        if key not in TOP_KEYS:
            raise Failure(f"{path}: unknown key '{key}'")
    tables = content.get("project", [])
    if not isinstance(tables, list) or \
            not all(isinstance(each, dict) for each in tables):
        raise Failure(f"{path}: projects are written as [[project]]")
    projects: List[Project] = []
    for number, table in enumerate(tables, 1):
        where = f"{path}: project {number}"
        project = read_project(where, table)
        if any(project.name == each.name for each in projects):
            raise Failure(f"{where} ('{project.name}'): the name is used "
                          "twice")
        projects.append(project)
    if not projects:
        raise Failure(f"{path}: there is no project in it")
    return ProjectList(path, projects)


def choose(files: List[str], base: str, only: List[str],
           every: int) -> List[str]:
    """Which files of a database are the units.

    >>> choose(["/b/d.cpp", "/b/a.cc", "/b/c.c", "/b/d.cpp"], "/b", [], 1)
    ['/b/a.cc', '/b/d.cpp']
    >>> choose(["/b/1.cpp", "/b/2.cpp", "/b/3.cpp"], "/b", [], 2)
    ['/b/1.cpp', '/b/3.cpp']
    >>> choose(["/b/x/1.cpp", "/b/y/2.cpp"], "/b", ["y/*"], 1)
    ['/b/y/2.cpp']
    """
    units = sorted({os.path.normpath(file) for file in files
                    if file.endswith(CXX)})
    if only:
        units = [each for each in units
                 if any(fnmatch.fnmatchcase(os.path.relpath(each, base), p)
                        for p in only)]
    return units[::every]


def read_database(project: Project, checkout: str) -> List[Dict[str, Any]]:
    """The compilation database, with absolute names of files."""
    path = os.path.normpath(os.path.join(checkout, project.database,
                                         "compile_commands.json"))
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            commands = json.load(file)
        for each in commands:
            each["file"] = os.path.join(each["directory"], each["file"])
    except OSError as error:
        raise Failure(f"{project.name}: no compilation database: {path}: "
                      f"{error.strerror}") from None
    except (ValueError, TypeError, KeyError):
        raise Failure(f"{project.name}: {path} is no compilation "
                      "database") from None
    return commands


def units_of(project: Project, checkout: str) -> List[str]:
    """The units that are analysed, as absolute paths."""
    files = [each["file"] for each in read_database(project, checkout)]
    units = choose(files, checkout, project.only, project.every)
    if not units:
        raise Failure(f"{project.name}: there is no C++ unit to analyse in the "
                      "compilation database")
    return units
