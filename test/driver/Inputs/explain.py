#!/usr/bin/env python3
"""Checks that --explain, the rules of a SARIF log and the report tell of every
check what its page says.

usage: explain.py THREADHOP DOCS LOG.sarif
"""
import glob
import json
import os
import subprocess
import sys

threadhop, docs, log = sys.argv[1:]
with open(log, encoding="utf-8") as text:
    rules = {rule["id"]: rule for rule in
             json.load(text)["runs"][0]["tool"]["driver"]["rules"]}
pages = sorted(glob.glob(os.path.join(docs, "checks", "*.md")))
assert len(pages) >= 13, pages
for path in pages:
    short = os.path.basename(path)[:-3]
    name = "threadhop-" + short
    with open(path, encoding="utf-8") as page:
        front, body = page.read().split("\n---\n", 1)
    body = body.strip()
    meta = dict(line.split(": ", 1) for line in front.splitlines()[1:]
                if not line.startswith("option:"))
    for asked in name, short:
        said = subprocess.run([threadhop, "--explain", asked], check=True,
                              capture_output=True, text=True)
        assert not said.stderr, said.stderr
        first, summary, rest = said.stdout.split("\n\n", 2)
        assert first == "%s (%s, %s, precision %s, since %s)" % (
            name, meta["status"], meta["severity"], meta["precision"],
            meta["since"]), first
        assert summary == meta["summary"] + ".", summary
        text, url = rest.rstrip("\n").rsplit("\n\n", 1)
        assert text == body, name + ": --explain and the page differ"
        assert url.endswith("/docs/checks/%s.md" % short), url
    rule = rules[name]
    assert rule["help"]["markdown"].strip() == body, name
    assert rule["helpUri"] == url, rule["helpUri"]
    assert rule["shortDescription"]["text"] == meta["summary"] + ".", name
    assert rule["properties"]["precision"] == meta["precision"], name
print("%d checks are explained" % len(pages))
