#!/usr/bin/env python3
"""Prints a line for each result of a SARIF log: place, state, suppressions.

usage: states.py LOG.sarif
"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as log:
    run = json.load(log)["runs"][0]
for result in run["results"]:
    place = result["locations"][0]["physicalLocation"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == \
        result["ruleId"]
    words = ["%s:%d" % (place["artifactLocation"]["uri"],
                        place["region"]["startLine"])]
    words += [result["baselineState"]] if "baselineState" in result else []
    for each in result["suppressions"]:
        words.append("%s at %d: %s" % (
            each["kind"],
            each["location"]["physicalLocation"]["region"]["startLine"],
            each.get("justification", "no reason")))
    print(" ".join(words))
