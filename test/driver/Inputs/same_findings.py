#!/usr/bin/env python3
"""Wants a SARIF log that 'threadhop convert' wrote to say of each finding what
the driver's says, as far as clang-tidy's output tells it.

usage: same_findings.py DRIVER.sarif CONVERTED.sarif
"""
import json
import sys

KEYS = ("ruleId", "level", "message", "partialFingerprints", "relatedLocations",
        "fixes")


def load(path):
    with open(path, encoding="utf-8") as log:
        run = json.load(log)["runs"][0]
    found = []
    for result in run["results"]:
        # clang-tidy does not tell what a comment hides.
        if result["suppressions"]:
            continue
        place = result["locations"][0]["physicalLocation"]
        each = {key: result.get(key) for key in KEYS}
        each["identity"] = [result["properties"].get(name)
                            for name in ("kind", "symbol")]
        each["place"] = place["region"], place["contextRegion"]
        # The indexes of artifacts count what the flows name, too.
        text = json.dumps([each, place["artifactLocation"]])
        found.append(drop_index(json.loads(text)))
    return run, found


def drop_index(value):
    if isinstance(value, list):
        return [drop_index(each) for each in value]
    if isinstance(value, dict):
        return {key: drop_index(each) for key, each in value.items()
                if not (key == "index" and "uri" in value)}
    return value


driver, ours = load(sys.argv[1])
converted, theirs = load(sys.argv[2])
if not ours:
    sys.exit("there is no result")
for one, other in zip(ours, theirs):
    if one != other:
        sys.exit("other results:\n%s\n%s" % (json.dumps(one),
                                             json.dumps(other)))
if len(ours) != len(theirs):
    sys.exit("%d results and %d" % (len(ours), len(theirs)))
if "conversion" in driver or not converted["conversion"]["invocation"]:
    sys.exit("only the converted log says that it is one")
if any("codeFlows" in result for result in converted["results"]):
    sys.exit("the converter knows nothing of threads")
