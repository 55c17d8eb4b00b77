#!/usr/bin/env python3
"""Prints check and fingerprint of each result of a SARIF log, sorted.

usage: fingerprints.py LOG.sarif
"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as log:
    results = json.load(log)["runs"][0]["results"]
for line in sorted(each["ruleId"] + " " +
                   each["partialFingerprints"]["threadhopFinding/v1"]
                   for each in results):
    print(line)
