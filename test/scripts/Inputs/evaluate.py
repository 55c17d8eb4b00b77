#!/usr/bin/env python3
"""What the test of tools/evaluate does besides running it.

usage: evaluate.py commit FOLDER LIST...
       evaluate.py judge TRIAGE WHAT VERDICT SENTENCE [INTERLEAVING]
       evaluate.py wrap FILE DRIVER OPTION [SED]
       evaluate.py doctests TOOLS
       evaluate.py pages TOOLS PAGE

commit makes or continues a repository of what is in a folder, and writes its
revision and place into lists. judge gives findings whose message or file has
WHAT in it a verdict. wrap makes a driver of another one, with an option, and
with SED done to what it writes. doctests runs the examples in the modules.
pages looks whether PAGE has what each list of TOOLS says.
"""
import doctest
import glob
import importlib
import json
import os
import re
import subprocess
import sys


def commit(folder, *lists):
    def git(*words):
        return subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@localhost", "-c",
             "commit.gpgsign=false", *words], cwd=folder, check=True,
            capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "--allow-empty", "-m", "state")
    for path in lists:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = text.replace("@FOLDER@", os.path.realpath(folder))
        text = re.sub('revision = ".*"',
                      'revision = "%s"' % git("rev-parse", "HEAD"), text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def judge(path, what, verdict, sentence, interleaving=""):
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    met = [each for each in content["findings"]
           if what in each["message"] or what in each["file"]]
    if not met:
        sys.exit("no finding with '%s'" % what)
    for each in met:
        each.update(verdict=verdict, sentence=sentence, judge="reader",
                    interleaving=interleaving, date="2026-01-31")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file)


def wrap(path, driver, option, sed=""):
    with open(path, "w", encoding="utf-8") as file:
        file.write("""#!/bin/sh
%s %s "$@"; status=$?
for each in "$@"; do
  case $each in *.part) sed -i '%s' "$each";; esac
done
exit $status
""" % (driver, option, sed))
    os.chmod(path, 0o755)


def doctests(tools):
    sys.path.insert(0, tools)
    for file in sorted(os.listdir(os.path.join(tools, "evaluation"))):
        name, end = os.path.splitext(file)
        if end != ".py":
            continue
        module = importlib.import_module("evaluation." + name)
        if doctest.testmod(module).failed:
            sys.exit("wrong examples in " + file)


def pages(tools, page):
    lists = glob.glob(os.path.join(tools, "evaluation", "*.toml"))
    if not lists:
        sys.exit("no lists")
    for path in lists:
        subprocess.run([sys.executable, os.path.join(tools, "evaluate"), path,
                        "--check", "--markdown", page], check=True)


{"commit": commit, "judge": judge, "wrap": wrap,
 "doctests": doctests, "pages": pages}[sys.argv[1]](
    *sys.argv[2:])
