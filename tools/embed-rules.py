#!/usr/bin/env python3
"""Turns the checks' pages into a table of their metadata.

usage: embed-rules.py OUT.inc PAGE.md...

A page starts with front matter between two lines '---', one 'key: value' a
line; 'option: NAME | type | default | text' may come more than once, and so may
'kind: NAME | text', each with lines 'says: PATTERN' below it. The rest is the
help that SARIF, --explain and the language server show.
"""
import os
import re
import sys

REQUIRED = ("summary", "severity", "precision", "status", "since", "tags")
VALUES = {"severity": ("error", "warning", "note"),
          "precision": ("very-high", "high", "medium", "low"),
          "status": ("stable", "preview")}


def fail(path, line, text):
    sys.exit("%s:%d: error: %s" % (path, line, text))


def read_kind(path, number, value, kinds):
    name, bar, text = [part.strip() for part in value.partition("|")]
    if not bar or not text:
        fail(path, number, "expected 'NAME | text'")
    if not re.fullmatch("[a-z]+(-[a-z]+)*", name):
        fail(path, number, "'%s' is no name of a kind" % name)
    if any(name == other for other, _, _ in kinds):
        fail(path, number, "the kind '%s' is given twice" % name)
    kinds.append((name, text, []))


def read_pattern(path, number, value, kinds):
    if not kinds:
        fail(path, number, "'says' must be below a 'kind'")
    if not value.replace("*", "").replace("<symbol>", "").strip():
        fail(path, number, "the pattern has no words")
    if value.count("<symbol>") > 1 or re.search(r"(\*|>)(\*|<symbol>)", value):
        fail(path, number, "the pattern is ambiguous")
    kinds[-1][2].append(value)


def read(path):
    with open(path, encoding="utf-8") as page:
        lines = page.read().split("\n")
    if lines[0] != "---":
        fail(path, 1, "the page must start with front matter ('---')")
    meta, options, kinds, number = {}, [], [], 1
    for number, line in enumerate(lines[1:], 2):
        if line == "---":
            break
        key, colon, value = line.partition(":")
        key, value = key.strip(), value.strip()
        if not colon:
            fail(path, number, "expected 'key: value'")
        if key == "option":
            parts = [part.strip() for part in value.split("|", 3)]
            if len(parts) != 4:
                fail(path, number, "expected 'NAME | type | default | text'")
            options.append(parts)
        elif key == "kind":
            read_kind(path, number, value, kinds)
        elif key == "says":
            read_pattern(path, number, value, kinds)
        elif key not in REQUIRED:
            fail(path, number, "unknown key '%s'" % key)
        elif key in meta:
            fail(path, number, "'%s' is given twice" % key)
        elif value not in VALUES.get(key, (value,)):
            fail(path, number, "'%s' must be one of %s"
                 % (key, ", ".join(VALUES[key])))
        else:
            meta[key] = value
    else:
        fail(path, number, "the front matter does not end")
    for key in REQUIRED:
        if not meta.get(key):
            fail(path, 1, "'%s' is missing" % key)
    if not kinds:
        fail(path, 1, "'kind' is missing")
    for name, _, patterns in kinds:
        if not patterns:
            fail(path, 1, "the kind '%s' says nothing" % name)
    # What GitHub takes of a rule, and how many tags it shows.
    if len(meta["summary"]) > 1000:
        fail(path, 1, "'summary' has more than 1000 characters")
    if len(meta["tags"].split(",")) > 10:
        fail(path, 1, "there are more than 10 tags")
    return meta, options, kinds, "\n".join(lines[number:]).strip() + "\n"


def raw(text):
    parts = [text[i:i + 8000] for i in range(0, len(text), 8000)] or [""]
    return "\n".join('R"threadhop(' + part + ')threadhop"' for part in parts)


def main():
    out = []
    for path in sorted(sys.argv[2:]):
        meta, options, kinds, body = read(path)
        name = "threadhop-" + os.path.basename(path)[:-3]
        tags = ", ".join('"%s"' % tag.strip() for tag in meta["tags"].split(","))
        opts = ", ".join("{%s}" % ", ".join(raw(part) for part in option)
                         for option in options)
        known = ", ".join('{"%s", %s, {%s}}'
                          % (kind, raw(text), ", ".join(map(raw, patterns)))
                          for kind, text, patterns in kinds)
        out.append('{"%s", %s, "%s", "%s", %s, "%s", {%s}, {%s}, {%s}, %s},\n'
                   % (name, raw(meta["summary"]), meta["severity"],
                      meta["precision"],
                      "true" if meta["status"] == "preview" else "false",
                      meta["since"], tags, opts, known, raw(body)))
    with open(sys.argv[1], "w", encoding="utf-8") as generated:
        generated.write("".join(out))


if __name__ == "__main__":
    main()
