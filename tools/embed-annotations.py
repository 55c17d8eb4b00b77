#!/usr/bin/env python3
"""Turns docs/annotations.md into a table of what each annotation means.

usage: embed-annotations.py OUT.inc PAGE.md

The page has a row for each annotation, '| [`MACRO`](#section) | `attribute` |
on |', and the sections that these lead to.
"""
import re
import sys

LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
ROW = re.compile(r"\| \[`(THREADHOP_\w+)`\]\(#([\w-]+)\) "
                 r"\| `threadhop::(\w+)` \| (.+?) \|$")


def slug(heading):
    """The anchor that Markdown makes of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def main():
    out, page = sys.argv[1:]
    with open(page, encoding="utf-8") as file:
        lines = file.read().split("\n")
    rows, sections, current, fenced = [], {}, [], False
    for line in lines:
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            current = sections.setdefault(slug(line[3:]), [])
        elif match := ROW.match(line):
            rows.append(match.groups())
        else:
            current.append(line)
    if not rows:
        sys.exit("%s: error: no table of annotations" % page)
    with open(out, "w", encoding="utf-8") as generated:
        for macro, section, name, on in rows:
            if section not in sections:
                sys.exit("%s: error: no section '#%s' for %s"
                         % (page, section, macro))
            if macro != "THREADHOP_" + name.upper():
                sys.exit("%s: error: %s is not the macro of threadhop::%s"
                         % (page, macro, name))
            # Relative links lead nowhere from an editor.
            text = LINK.sub(r"\1", "\n".join(sections[section]).strip())
            generated.write('{"%s", "%s", "%s", R"threadhop(%s)threadhop"},\n'
                            % (name, on, section, text))


if __name__ == "__main__":
    main()
