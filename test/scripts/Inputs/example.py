"""Compares findings with the comments WRONG of the example's sources.

usage: example.py FINDINGS.json FOLDER

A comment "// WRONG: <check>." holds for the function that follows it, up to the
closing brace in the first column.
"""
import json
import pathlib
import re
import sys

report = json.loads(pathlib.Path(sys.argv[1]).read_text())
found = {(pathlib.Path(each["file"]).name, each["line"], each["check"])
         for each in report["results"]}
errors = []
for file in sorted(pathlib.Path(sys.argv[2]).glob("*.cpp")):
    lines = file.read_text().splitlines()
    for number, line in enumerate(lines, 1):
        mark = re.match(r"// WRONG: ([\w-]+)\.", line)
        if not mark:
            continue
        end = lines.index("}", number) + 1
        here = {each for each in found if each[0] == file.name
                and number < each[1] <= end
                and each[2] == "threadhop-" + mark.group(1)}
        if not here:
            errors.append(f"{file}:{number}: no finding of {mark.group(1)}")
        found -= here
errors += [f"{file}:{line}: {check} is reported" for file, line, check
           in sorted(found)]
if report["failures"]:
    errors.append(f"failures: {report['failures']}")
if not report["results"]:
    errors.append("no findings at all")
sys.exit("\n".join(errors) or 0)
