# Part of the threadhop project, under the Apache License v2.0 with LLVM
# Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What two builds of the driver say differently of a project."""
import difflib
import json
import os
from typing import Any, Dict, Iterator, List

from .projects import Project
from .runs import Driver

# What differs from run to run, or is said of the program and not of the code.
JSON_NOT = {"tool", "seconds", "cache", "command"}
SARIF_NOT = {"tool", "invocations", "seconds", "automationDetails",
             "guid", "correlationGuid"}


def without(value: Any, names: set) -> Any:
    """A JSON value without some members, at any depth.

    >>> without({"a": 1, "b": [{"a": 2, "c": 3}]}, {"a"})
    {'b': [{'c': 3}]}
    """
    if isinstance(value, dict):
        return {key: without(each, names) for key, each in value.items()
                if key not in names}
    if isinstance(value, list):
        return [without(each, names) for each in value]
    return value


def key_of(result: Dict[str, Any]) -> str:
    """By which findings of two runs are put beside each other."""
    if "locations" in result:
        for each in result["locations"]:
            at = each.get("physicalLocation", {})
            region = at.get("region", {})
            place = (at.get("artifactLocation", {}).get("uri", ""),
                     region.get("startLine", 0), region.get("startColumn", 0))
            break
        else:
            place = ("", 0, 0)
        check = result.get("ruleId", "")
    else:
        place = (result.get("file", ""), result.get("line", 0),
                 result.get("column", 0))
        check = result.get("check", "")
    return f"{place[0]}:{place[1]}:{place[2]}: {check}"


def lines_of(value: Any) -> List[str]:
    return [each + "\n" for each in json.dumps(
        value, indent=1, sort_keys=True, ensure_ascii=True).splitlines()]


def differences(kind: str, a: List[Any], b: List[Any]) -> Iterator[str]:
    """How two lists of findings differ, in words.

    >>> one = {"file": "f", "line": 1, "column": 2, "check": "c"}
    >>> list(differences("finding", [one], []))
    ['  only the first: finding f:1:2: c\\n']
    >>> list(differences("finding", [one], [dict(one)]))
    []
    """
    sides = []
    for each in (a, b):
        keyed: Dict[str, List[Any]] = {}
        for result in each:
            keyed.setdefault(key_of(result), []).append(result)
        sides.append(keyed)
    for key in sorted({*sides[0], *sides[1]}):
        first, second = (side.get(key, []) for side in sides)
        for name, some, others in (("first", first, second),
                                   ("second", second, first)):
            for each in some[len(others):]:
                message = each.get("message", "")
                if not isinstance(message, str):
                    message = ""
                yield (f"  only the {name}: {kind} {key}"
                       + (": " + message if message else "") + "\n")
        for one, two in zip(first, second):
            if one != two:
                yield f"  another {kind}: {key}\n"
                diff = difflib.unified_diff(lines_of(one), lines_of(two), n=1)
                yield from ("    " + each for each in list(diff)[2:])


def sarif_results(log: Dict[str, Any]) -> List[Any]:
    return [each for run in log.get("runs", [])
            for each in run.get("results", [])]


def compare(project: Project, first: Driver, second: Driver) -> List[str]:
    """What differs in the findings, their notes and flows, and in what failed;
    nothing if nothing does."""
    logs = [without(each.read(project, ".json"), JSON_NOT)
            for each in (first, second)]
    result: List[str] = []
    for name in ("results", "suppressedResults", "baselineResults"):
        kind = {"results": "finding"}.get(name, name)
        result += differences(kind, *(log.pop(name, []) for log in logs))
    if logs[0] != logs[1]:
        result.append("  the rest of the results:\n")
        diff = difflib.unified_diff(*map(lines_of, logs), n=1)
        result += ("    " + each for each in list(diff)[2:])
    sarif = [without(each.read(project, ".sarif"), SARIF_NOT)
             for each in (first, second)]
    result += differences("SARIF result", *map(sarif_results, sarif))
    here = first.places.checkout(project) + os.sep
    return [each.replace(here, "") for each in result]
