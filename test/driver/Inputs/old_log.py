#!/usr/bin/env python3
"""Makes of a SARIF log what another release would have written.

usage: old_log.py LOG OUTPUT [--reword] [--without VERSION]

--reword gives every finding another message, and so another fingerprint of the
first version, which holds it. --without takes a version of the fingerprints
away; without the second one there are no kinds either.
"""
import argparse
import hashlib
import json

parser = argparse.ArgumentParser()
parser.add_argument("log")
parser.add_argument("output")
parser.add_argument("--reword", action="store_true")
parser.add_argument("--without", choices=("v1", "v2"))
options = parser.parse_args()
with open(options.log, encoding="utf-8") as text:
    log = json.load(text)
run = log["runs"][0]
for result in run["results"]:
    prints = result["partialFingerprints"]
    if options.reword:
        clause = "worded otherwise: " + result["properties"]["clause"][::-1]
        result["properties"]["clause"] = clause
        result["message"]["text"] = clause
        for related in result.get("relatedLocations", []):
            related["message"]["text"] = "Another note."
        prints["threadhopFinding/v1"] = hashlib.sha256(
            clause.encode()).hexdigest()[:32] + ":1"
    if options.without:
        del prints["threadhopFinding/" + options.without]
    if options.without == "v2":
        for name in ("kind", "symbol"):
            result["properties"].pop(name, None)
if options.without == "v2":
    for rule in run["tool"]["driver"]["rules"]:
        rule["properties"].pop("kinds", None)
with open(options.output, "w", encoding="utf-8") as text:
    json.dump(log, text)
