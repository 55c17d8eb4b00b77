#!/usr/bin/env python3
"""Wants a SARIF log to have findings of every kind that the checks' pages name,
and each message to be of its kind: the first one on the page with a pattern that
fits, with the same symbol.

usage: kinds.py LOG.sarif PAGES
"""
import glob
import json
import os
import re
import sys


def kinds_of(page):
    kinds = []
    with open(page, encoding="utf-8") as text:
        for line in text.read().split("\n---\n")[0].split("\n"):
            key, _, value = line.partition(": ")
            if key == "kind":
                kinds.append((value.split(" |")[0], []))
            elif key == "says":
                words = re.escape(value).replace(r"\*", "(?:.*?)")
                kinds[-1][1].append(re.compile(
                    words.replace("<symbol>", "(?P<symbol>.*?)"), re.DOTALL))
    return kinds


def told(message, kinds):
    for kind, patterns in kinds:
        for pattern in patterns:
            match = pattern.fullmatch(message)
            if match:
                return kind, match.groupdict().get("symbol", "")
    return None


pages = {"threadhop-" + os.path.basename(page)[:-3]: kinds_of(page)
         for page in glob.glob(os.path.join(sys.argv[2], "*.md"))}
missing = {(check, kind) for check, kinds in pages.items()
           for kind, _ in kinds}
with open(sys.argv[1], encoding="utf-8") as text:
    results = json.load(text)["runs"][0]["results"]
for result in results:
    said = result["properties"]
    here = said.get("kind"), said.get("symbol", "")
    if told(said["clause"], pages[result["ruleId"]]) != here:
        sys.exit("%s of %s does not say: %s"
                 % (here, result["ruleId"], said["clause"]))
    missing.discard((result["ruleId"], said["kind"]))
if missing:
    sys.exit("no finding of the kind %s" % sorted(missing))
print("good: %d findings" % len(results))
