"""Prints the flow of each result of a SARIF log in one line: the kinds of its
steps in order, each with the lane that it is in.

usage: flows.py LOG.sarif
"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as log:
    run = json.load(log)["runs"][0]
for result in run["results"]:
    for flow in result.get("codeFlows", []):
        steps = [(step["executionOrder"], step["kinds"][0], thread["id"])
                 for thread in flow["threadFlows"]
                 for step in thread["locations"]]
        print(result["ruleId"].replace("threadhop-", "") + ": " + ", ".join(
            kind if lane == "here" else "%s (%s)" % (kind, lane)
            for _, kind, lane in sorted(steps)))
