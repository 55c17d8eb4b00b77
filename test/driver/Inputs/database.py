#!/usr/bin/env python3
"""Writes a compilation database into a folder, for files of the current one.

usage: database.py FOLDER FILE...
"""
import json
import os
import sys

here = os.getcwd()
entries = [{"directory": here, "file": name,
            "arguments": ["c++", "-std=c++20", "-c", name]}
           for name in sys.argv[2:]]
with open(os.path.join(sys.argv[1], "compile_commands.json"), "w") as database:
    json.dump(entries, database)
