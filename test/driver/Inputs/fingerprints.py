#!/usr/bin/env python3
"""Prints check and fingerprints of each result of a SARIF log, sorted.

usage: fingerprints.py LOG.sarif
"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as log:
    results = json.load(log)["runs"][0]["results"]
for each in sorted((result["ruleId"],) + tuple(
        result["partialFingerprints"].get("threadhopFinding/" + version, "none")
        for version in ("v2", "v1")) for result in results):
    print(*each)
