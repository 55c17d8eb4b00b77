#!/usr/bin/env python3
"""Wants two SARIF logs to say the same, but for how they were made.

usage: same_results.py ONE.sarif OTHER.sarif
"""
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as log:
        run = json.load(log)["runs"][0]
    del run["invocations"], run["properties"]["seconds"]
    return run


one, other = map(load, sys.argv[1:])
if not one["results"]:
    sys.exit("there is no result")
for key in sorted(one.keys() | other.keys()):
    if json.dumps(one.get(key)) != json.dumps(other.get(key)):
        sys.exit("other '%s':\n%s\n%s" % (key, json.dumps(one.get(key)),
                                          json.dumps(other.get(key))))
