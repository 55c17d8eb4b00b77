#!/usr/bin/env python3
"""Runs clang-tidy with --export-fixes over each file of a compilation database,
as run-clang-tidy does with a folder.

usage: export_fixes.py DATABASE_FOLDER OUTPUT_FOLDER CLANG_TIDY [options...]
"""
import json
import os
import subprocess
import sys

database, output, *command = sys.argv[1:]
os.makedirs(output)
with open(os.path.join(database, "compile_commands.json")) as entries:
    files = [os.path.join(entry["directory"], entry["file"])
             for entry in json.load(entries)]
for number, path in enumerate(files):
    subprocess.run(command + ["--quiet", "-p", database, "--export-fixes=" +
                              os.path.join(output, "%d.yaml" % number), path],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
